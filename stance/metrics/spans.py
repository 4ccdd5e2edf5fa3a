"""How spans are compared: exact but for marks at the edge, by shared characters, matched one to one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from stance.errors import InputError
from stance.metrics.counts import PRF
from stance.metrics.matching import match
from stance.types import Doc, Span, Statement

Content = tuple[Span, ...]
FORGIVEN = frozenset(" \t\r\n\u00a0\"'`“”„‟«»‹›‘’‚「」『』＂,.，。")
"""Characters at a span's edge that do not make it wrong."""
PARTS = ("source", "cue", "content")


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


def _mask(contents: Iterable[Content], length: int) -> NDArray[np.bool_]:
    mask = np.zeros(length, dtype=np.bool_)
    for content in contents:
        for span in content:
            mask[span.start : span.end] = True
    return mask
