"""Very long texts in slices: who is meant is settled within some pages, and time grows with the square of the names."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from stance.types import Article, Doc, Span, Statement

LIMIT = 60_000
"""Characters up to which a text is read as one."""

LENGTH = 40_000
"""Characters of a slice, at least; it ends with a paragraph."""


def slices(doc: Doc) -> list[tuple[Doc, list[int]]]:
    """The Doc, or for a long text its slices, each with the statements that begin in it and their places in the Doc."""
    text = doc.article.text
    if len(text) <= LIMIT:
        return [(doc, list(range(len(doc.statements))))]
    starts = _starts(text)
    own: dict[int, list[int]] = {}
    for place, statement in enumerate(doc.statements):
        own.setdefault(bisect_right(starts, statement.extent.start) - 1, []).append(place)
    ends = [*starts[1:], len(text)]
    return [
        (_slice(doc.article, starts[i], ends[i], [doc.statements[place] for place in own[i]]), own[i])
        for i in sorted(own)
    ]


def _starts(text: str) -> list[int]:
    starts = [0]
    while len(text) - starts[-1] > LENGTH:
        cut = text.find("\n", starts[-1] + LENGTH)
        starts.append(cut + 1 if 0 <= cut < starts[-1] + 2 * LENGTH else starts[-1] + LENGTH)
    return starts


def _slice(article: Article, start: int, end: int, statements: list[Statement]) -> Doc:
    def moved(span: Span | None) -> Span | None:
        if span is None or span.start >= end:
            return None
        return Span(span.start - start, min(span.end, end) - start)

    shifted = [
        replace(
            s, content=tuple(c for span in s.content if (c := moved(span))), cue=moved(s.cue), source=moved(s.source)
        )
        for s in statements
    ]
    return Doc(replace(article, text=article.text[start:end]), statements=tuple(shifted))
