"""Attribution as spans: who said what, scored without speakers and stances (PolNeAR, GUM, gold articles).

Rules: spans are compared as sets in each article, so a source shared by several attributions counts once; a content
is exact when all of its spans are; quotation marks, commas and full stops at an edge are forgiven. Partial
overlaps are matched one to one, optimally.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from stance.metrics.agreement import WordAlpha
from stance.metrics.counts import PRF, Count, Scores, Share, collect
from stance.metrics.matching import match
from stance.metrics.peers import citron, gender_gap_tracker
from stance.metrics.spans import (
    PARTS,
    Content,
    candidates,
    character_counts,
    exact_content,
    jaccard,
    overlaps,
    pairs_above,
    part,
    same_articles,
)
from stance.types import Doc, Statement


def attribution(gold: Sequence[Doc], predicted: Sequence[Doc]) -> Scores:
    """Score sources, cues, contents and their links.

    Names: "source.exact", "source.overlap", "source.chars" and the same for cue and content (F1);
    "content.jaccard30", "content.jaccard50" (F1 at character Jaccard > 0.3, 0.5); "recall.direct", ".mixed",
    ".indirect" (of gold contents at Jaccard > 0.5); "relation.exact" and "relation.overlap" (F1 of source, cue and
    content together); "words.alpha" (agreement on the role of each word); "ggt." and "citron." (see `peers`).

    Raises:
        InputError: the two lists do not hold the same articles in the same order.
    """
    ids = same_articles(gold, predicted)
    return collect(ids, [_article_counts(g, p) for g, p in zip(gold, predicted, strict=True)])


def _article_counts(gold: Doc, predicted: Doc) -> Mapping[str, Count]:
    text = gold.article.text
    counts: dict[str, Count] = {}
    for name in PARTS:
        g = {part(s, name) for s in gold.statements} - {()}
        p = {part(s, name) for s in predicted.statements} - {()}
        counts[f"{name}.exact"] = _set_counts({exact_content(c, text) for c in g}, {exact_content(c, text) for c in p})
        left, right = sorted(g), sorted(p)
        counts[f"{name}.overlap"] = PRF(len(pairs_above(left, right, lambda score: score > 0)), len(p), len(g))
        counts[f"{name}.chars"] = character_counts(g, p, len(text))
    counts.update(_contents_at_thresholds(gold, predicted))
    counts["relation.exact"] = _set_counts(_relations(gold), _relations(predicted))
    counts["relation.overlap"] = _linked(gold.statements, predicted.statements)
    counts["words.alpha"] = WordAlpha.of_docs(gold, predicted)
    return {**counts, **gender_gap_tracker(gold, predicted), **citron(gold, predicted)}


def _contents_at_thresholds(gold: Doc, predicted: Doc) -> dict[str, Count]:
    kinds = dict(sorted((s.content, s.kind) for s in gold.statements))
    g, p = sorted(kinds), sorted({s.content for s in predicted.statements})
    counts: dict[str, Count] = {
        "content.jaccard30": PRF(len(pairs_above(g, p, lambda score: score > 0.3)), len(p), len(g))
    }
    found = pairs_above(g, p, lambda score: score > 0.5)
    counts["content.jaccard50"] = PRF(len(found), len(p), len(g))
    for kind in ("direct", "mixed", "indirect"):
        of_kind = {i for i, content in enumerate(g) if kinds[content] == kind}
        counts[f"recall.{kind}"] = Share(sum(i in of_kind for i, _ in found), len(of_kind))
    return counts


def _relations(doc: Doc) -> set[tuple[Content, Content, Content]]:
    text = doc.article.text
    return {
        (exact_content(part(s, "source"), text), exact_content(part(s, "cue"), text), exact_content(s.content, text))
        for s in doc.statements
    }


def _linked(gold: Sequence[Statement], predicted: Sequence[Statement]) -> PRF:
    """Relations whose source, cue and content all overlap (what gold has none of, the prediction has none of)."""
    gold, predicted = sorted(gold, key=_position), sorted(predicted, key=_position)
    pairs = candidates([s.content for s in gold], [s.content for s in predicted])
    weights = {
        (i, j): jaccard(gold[i].content, predicted[j].content)
        for i, j in pairs
        if all(_both_or_neither(part(gold[i], name), part(predicted[j], name)) for name in PARTS)
    }
    return PRF(len(match(weights)), len(predicted), len(gold))


def _position(statement: Statement) -> tuple[Content, Content, Content]:
    return statement.content, part(statement, "cue"), part(statement, "source")


def _both_or_neither(a: Content, b: Content) -> bool:
    return overlaps(a, b) if a and b else a == b


def _set_counts(gold: Set[object], predicted: Set[object]) -> PRF:
    return PRF(len(gold & predicted), len(predicted), len(gold))
