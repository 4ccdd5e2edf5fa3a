"""Attribution as spans: who said what, scored without speakers and stances (PolNeAR, GUM, gold articles).

Rules: spans are compared as sets in each article, so a source shared by several attributions counts once; a content
is exact when all of its spans are; quotation marks, commas and full stops at an edge are forgiven. Partial
overlaps are matched one to one, optimally.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.metrics.counts import PRF, Count, Scores, Share, collect
from stance.metrics.matching import match
from stance.types import Doc, Span, Statement

Content = tuple[Span, ...]
FORGIVEN = frozenset(" \t\r\n\u00a0\"'`“”„‟«»‹›‘’‚「」『』＂,.，。")
"""Characters at a span's edge that do not make it wrong."""
PARTS = ("source", "cue", "content")


def attribution(gold: Sequence[Doc], predicted: Sequence[Doc]) -> Scores:
    """Score sources, cues, contents and their links.

    Names: "source.exact", "source.overlap", "source.chars" and the same for cue and content (F1);
    "content.jaccard30", "content.jaccard50" (F1 at character Jaccard > 0.3, 0.5); "recall.direct", ".mixed",
    ".indirect" (of gold contents at Jaccard > 0.5); "relation.exact" and "relation.overlap" (F1 of source, cue and
    content together).

    Raises:
        InputError: the two lists do not hold the same articles in the same order.
    """
    ids = same_articles(gold, predicted)
    return collect(ids, [_article_counts(g, p) for g, p in zip(gold, predicted, strict=True)])


def same_articles(gold: Sequence[Doc], predicted: Sequence[Doc]) -> list[str]:
    """The ids of the articles that both lists hold in the same order; InputError where they do not."""
    ids = [doc.article.id for doc in gold]
    others = [doc.article.id for doc in predicted]
    if ids != others:
        odd = sorted(set(ids) ^ set(others))[:5]
        raise InputError(
            f"Gold has {len(ids)} articles and the prediction {len(others)}, and they are not the same in the same "
            f"order (in one of them only: {', '.join(odd) or 'none'}). Label the articles of the gold file itself."
        )
    for g, p in zip(gold, predicted, strict=True):
        if g.article.text != p.article.text:
            raise InputError(
                f"The text of {g.article.id} differs between gold and prediction, so offsets mean nothing."
            )
    return ids


def trimmed(span: Span, text: str) -> Span:
    """The span without forgiven characters at its edges; as it is if there is nothing else in it."""
    start, end = span.start, span.end
    while start < end and text[start] in FORGIVEN:
        start += 1
    while end > start and text[end - 1] in FORGIVEN:
        end -= 1
    return Span(start, end) if start < end else span


def exact_content(content: Content, text: str) -> Content:
    """The form in which two contents are compared for exactness."""
    return tuple(sorted(trimmed(span, text) for span in content))


def jaccard(a: Content, b: Content) -> float:
    """Characters in both over characters in either; each content's own spans do not overlap.

    >>> jaccard((Span(0, 10),), (Span(5, 10), Span(20, 25)))
    0.3333333333333333
    """
    both = sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a for y in b)
    return both / (sum(map(len, a)) + sum(map(len, b)) - both)


def overlaps(a: Content, b: Content) -> bool:
    return any(x.overlaps(y) for x in a for y in b)


def candidates(gold: Sequence[Content], predicted: Sequence[Content]) -> list[tuple[int, int]]:
    """The pairs whose extents overlap: all others need no closer look."""
    if not gold or not predicted:
        return []
    g = np.array([(min(s.start for s in c), max(s.end for s in c)) for c in gold])
    p = np.array([(min(s.start for s in c), max(s.end for s in c)) for c in predicted])
    near = (g[:, None, 0] < p[None, :, 1]) & (p[None, :, 0] < g[:, None, 1])
    return [(int(i), int(j)) for i, j in np.argwhere(near)]


def pairs_above(
    gold: Sequence[Content], predicted: Sequence[Content], accept: Callable[[float], bool]
) -> list[tuple[int, int]]:
    """Optimal one-to-one pairs among those whose Jaccard is accepted."""
    scored = {(i, j): jaccard(gold[i], predicted[j]) for i, j in candidates(gold, predicted)}
    return match({pair: score for pair, score in scored.items() if accept(score)})


def character_counts(gold: Iterable[Content], predicted: Iterable[Content], length: int) -> PRF:
    """F1 of the characters that lie in any span."""
    g, p = _mask(gold, length), _mask(predicted, length)
    return PRF(float((g & p).sum()), float(p.sum()), float(g.sum()))


def part(statement: Statement, name: str) -> Content:
    """Source, cue or content as a tuple of spans, empty where there is none."""
    value = getattr(statement, name)
    if value is None:
        return ()
    return value if name == "content" else (value,)


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
    return counts


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


def _mask(contents: Iterable[Content], length: int) -> NDArray[np.bool_]:
    mask = np.zeros(length, dtype=np.bool_)
    for content in contents:
        for span in content:
            mask[span.start : span.end] = True
    return mask
