"""The whole chain on annotated articles: statements, speakers, targets, stances, and all of them together."""

from __future__ import annotations

from collections.abc import Sequence

from stance.metrics.counts import PRF, Calibration, Confusion, Count, Scores, Share, collect
from stance.metrics.matching import Pair, match
from stance.metrics.spans import candidates, character_counts, exact_content, jaccard, part, same_articles
from stance.metrics.speakers import MENTIONS, Alias, mention_type, same_affiliation, speaker_pairs
from stance.types import Doc, Stance, Statement

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
    "statements.ece" and "stance.ece": how far scores of statements, and confidences of stances on targets that both
    have, are from the share that is right.

    Raises:
        InputError: the two lists do not hold the same articles in the same order.
    """
    ids = same_articles(gold, predicted)
    rows = []
    for g, p in zip(gold, predicted, strict=True):
        left, right = in_order(g.statements), in_order(p.statements)
        pairs = match_statements(left, right, threshold)
        matched = [(left[i], right[j]) for i, j in pairs]
        rows.append(
            {
                **_found(left, right, pairs, g.article.text),
                **_speakers(matched, g.article.text, alias),
                **_stances(matched, abstained),
                "end_to_end": _end_to_end(left, right, matched, alias, abstained),
            }
        )
    return collect(ids, rows)


def match_statements(gold: Sequence[Statement], predicted: Sequence[Statement], threshold: float = 0.5) -> list[Pair]:
    """Optimal one-to-one pairs of indices with a content Jaccard of at least `threshold`.

    Where contents alone do not decide (a medium that quotes a person gives two statements with one content), the cue
    and then the source do.
    """
    weights: dict[Pair, float] = {}
    contents = [s.content for s in gold], [s.content for s in predicted]
    for i, j in candidates(*contents):
        score = jaccard(contents[0][i], contents[1][j])
        if score >= threshold:
            tie = 0.01 * _near(gold[i], predicted[j], "cue") + 0.001 * _near(gold[i], predicted[j], "source")
            weights[i, j] = 0.98 * score + tie
    return match(weights)


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """Statements in an order that only what they say decides, so that ties cannot depend on a file's order."""
    return sorted(
        statements,
        key=lambda s: (
            s.content,
            part(s, "cue"),
            part(s, "source"),
            s.kind,
            sorted((x.name, x.kind, x.affiliation) for x in s.speakers),
            sorted((x.target or "", x.label) for x in s.stances),
        ),
    )


def stances_by_target(statement: Statement, abstained: bool = False) -> dict[str, Stance]:
    """The stances of one statement that count; those toward a mere topic, without a target, do not."""
    return {s.target: s for s in statement.stances if s.target is not None and (abstained or not s.abstained)}


def units(statement: Statement, abstained: bool = False) -> dict[str, str]:
    """Target to label of one statement."""
    return {target: stance.label for target, stance in stances_by_target(statement, abstained).items()}


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
    targets, both = PRF(), PRF()
    labels: list[tuple[str, str]] = []
    confidences: list[tuple[float, bool]] = []
    for g, p in matched:
        gold, predicted = stances_by_target(g, True), stances_by_target(p, abstained)
        shared = sorted(gold.keys() & predicted.keys())
        pairs = [(gold[target].label, predicted[target].label) for target in shared]
        labels += pairs
        confidences += [(predicted[t].confidence, x == y) for t, (x, y) in zip(shared, pairs, strict=True)]
        targets += PRF(len(shared), len(predicted), len(gold))
        both += PRF(sum(x == y for x, y in pairs), len(predicted), len(gold))
    return {
        "targets": targets,
        "targets_stances": both,
        "stance": Confusion.of(labels),
        "stance.ece": Calibration.of(confidences),
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


def _near(a: Statement, b: Statement, name: str) -> float:
    x, y = part(a, name), part(b, name)
    return jaccard(x, y) if x and y else float(x == y)
