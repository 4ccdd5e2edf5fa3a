"""The whole chain on annotated articles: statements, speakers, targets, stances, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence

from stance.metrics.agreement import Alpha, KindAlpha
from stance.metrics.counts import PRF, Calibration, Confusion, Count, Scores, Share, collect
from stance.metrics.labels import brier
from stance.metrics.matching import Pair
from stance.metrics.positions import positions
from stance.metrics.risk import RiskCoverage
from stance.metrics.spans import character_counts, exact_content, same_articles
from stance.metrics.speakers import MENTIONS, Alias, mention_type, same_affiliation, speaker_pairs
from stance.metrics.statements import in_order, match_statements, stances_by_target, units
from stance.types import Doc, Statement

KINDS = ("direct", "mixed", "indirect")


def articles(
    gold: Sequence[Doc],
    predicted: Sequence[Doc],
    alias: Alias | None = None,
    threshold: float = 0.5,
    abstained: bool = False,
) -> Scores:
    """Score statements with speakers and stances; statements are matched by the Jaccard of their contents.

    Args:
        gold: annotated articles.
        predicted: the same articles, labelled, in the same order.
        alias: resolves names of countries and organisations, so that "US" is "United States".
        threshold: least character Jaccard of two contents that match.
        abstained: count stances that the model abstained from as if it had not.

    Names: "statements" (F1), "statements.chars" (F1 of content characters), "statements.direct", ".mixed",
    ".indirect" (recall); given a match: "exact" content, "kind", "speakers" (all of them right) and "speakers.name",
    ".pronoun", ".noun", ".joint", ".none" by mention, "speaker_kind" and "affiliation" of speakers that are right,
    "targets" and "targets_stances" (F1), "stance" (macro-F1 on targets that both have); "end_to_end": F1 of units
    (statement, speaker, target, stance), a joint statement counting once a speaker, one without stances not at all;
    "statements.ece": how far scores of statements are from the share that is right; "stance.brier": probabilities of
    labels on targets that both have; over all stances given in a matched statement, right where gold has the target
    with that label: "stances.ece" (expected calibration error), "stances.aurc" (area under the risk–coverage curve),
    "stances.coverage" (share not abstained from), "stances.risk" (share wrong among those); "kind.alpha",
    "stance.alpha": Krippendorff's alpha; "positions", "positions.r", "positions.cells" (see `positions`).

    Raises:
        InputError: the two lists do not hold the same articles in the same order.
    """
    ids = same_articles(gold, predicted)
    rows = []
    published = positions(gold, predicted, alias, abstained)
    for g, p, own in zip(gold, predicted, published, strict=True):
        left, right = in_order(g.statements), in_order(p.statements)
        pairs = match_statements(left, right, threshold)
        matched = [(left[i], right[j]) for i, j in pairs]
        rows.append(
            {
                **_found(left, right, pairs, g.article.text),
                **_speakers(matched, g.article.text, alias),
                **_stances(matched, abstained),
                "end_to_end": _end_to_end(left, right, matched, alias, abstained),
                **own,
            }
        )
    return collect(ids, rows)


def _found(
    gold: Sequence[Statement], predicted: Sequence[Statement], pairs: Sequence[Pair], text: str
) -> dict[str, Count]:
    found = {i for i, _ in pairs}
    counts: dict[str, Count] = {
        "statements": PRF(len(pairs), len(predicted), len(gold)),
        "statements.chars": character_counts([s.content for s in gold], [s.content for s in predicted], len(text)),
    }
    for kind in KINDS:
        of_kind = {i for i, s in enumerate(gold) if s.kind == kind}
        counts[f"statements.{kind}"] = Share(len(found & of_kind), len(of_kind))
    matched = [(gold[i], predicted[j]) for i, j in pairs]
    exact = sum(exact_content(g.content, text) == exact_content(p.content, text) for g, p in matched)
    counts["exact"] = Share(exact, len(matched))
    hits = {j for _, j in pairs}
    counts["statements.ece"] = Calibration.of([(s.score, j in hits) for j, s in enumerate(predicted)])
    counts["kind"] = Share(sum(g.kind == p.kind for g, p in matched), len(matched))
    counts["kind.alpha"] = KindAlpha.of([(g.kind, p.kind) for g, p in matched])
    return counts


def _speakers(matched: Sequence[tuple[Statement, Statement]], text: str, alias: Alias | None) -> dict[str, Count]:
    right = {"speakers": Share(), **{f"speakers.{mention}": Share() for mention in MENTIONS}}
    kind, affiliation = Share(), Share()
    for g, p in matched:
        pairs = speaker_pairs(g.speakers, p.speakers, alias)
        case = Share(len(pairs) == len(g.speakers) == len(p.speakers), 1)
        for name in ("speakers", f"speakers.{mention_type(g, text)}"):
            right[name] += case
        for i, j in pairs:
            kind += Share(g.speakers[i].kind == p.speakers[j].kind, 1)
            affiliation += Share(same_affiliation(g.speakers[i], p.speakers[j], alias), 1)
    return {**right, "speaker_kind": kind, "affiliation": affiliation}


def _stances(matched: Sequence[tuple[Statement, Statement]], abstained: bool) -> dict[str, Count]:
    targets, both, brier_sum = PRF(), PRF(), Share()
    labels: list[tuple[str, str]] = []
    for g, p in matched:
        gold, predicted = stances_by_target(g, True), stances_by_target(p, abstained)
        shared = sorted(gold.keys() & predicted.keys())
        pairs = [(gold[target].label, predicted[target].label) for target in shared]
        labels += pairs
        brier_sum += Share(sum(brier(gold[t].label, predicted[t].probs) for t in shared), len(shared))
        targets += PRF(len(shared), len(predicted), len(gold))
        both += PRF(sum(x == y for x, y in pairs), len(predicted), len(gold))
    return {
        "targets": targets,
        "targets_stances": both,
        "stance": Confusion.of(labels),
        **{f"stance.{label}": prf for label, prf in Confusion.of(labels).per_class().items()},
        "stance.alpha": Alpha.of(labels),
        "stance.brier": brier_sum,
        **_abstention(matched),
    }


def _abstention(matched: Sequence[tuple[Statement, Statement]]) -> dict[str, Count]:
    """What leaving out unsure stances costs and gains; right is a target that gold has, with gold's label."""
    kept, wrong = Share(), Share()
    cases: list[tuple[float, bool]] = []
    for g, p in matched:
        gold = units(g, True)
        for target, stance in stances_by_target(p, True).items():
            right = gold.get(target) == stance.label
            cases.append((stance.confidence, right))
            kept += Share(not stance.abstained, 1)
            wrong += Share() if stance.abstained else Share(not right, 1)
    return {
        "stances.ece": Calibration.of(cases),
        "stances.coverage": kept,
        "stances.risk": wrong,
        "stances.aurc": RiskCoverage.of(cases),
    }


def _end_to_end(
    gold: Sequence[Statement],
    predicted: Sequence[Statement],
    matched: Sequence[tuple[Statement, Statement]],
    alias: Alias | None,
    abstained: bool,
) -> PRF:
    right = 0
    for g, p in matched:
        agreed = len(units(g, True).items() & units(p, abstained).items())
        if agreed:
            right += agreed * len(speaker_pairs(g.speakers, p.speakers, alias))
    return PRF(
        right,
        sum(len(s.speakers) * len(units(s, abstained)) for s in predicted),
        sum(len(s.speakers) * len(units(s, True)) for s in gold),
    )
