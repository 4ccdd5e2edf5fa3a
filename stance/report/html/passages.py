"""How much of an article's text goes into the page: all of it, or what stands around its statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stance.report.corpus import Said

TEXT_BUDGET = 1_000_000
"""Bytes of article texts up to which a page holds them whole; a larger run shows passages."""

MARGIN = 240
"""Characters kept before and after a statement, up to the next paragraph."""

Piece = tuple[int, str]
"""Where a passage begins in the article's text, in characters, and the passage."""


def fits(texts: Iterable[str]) -> bool:
    """Whether the articles may be shown whole."""
    return sum(len(text.encode()) for text in texts) <= TEXT_BUDGET


def passages(text: str, extents: Sequence[tuple[int, int]]) -> list[Piece]:
    """The text around some statements, overlapping passages joined, in order.

    >>> passages("One. She said no. Three.", [(5, 17)])
    [(0, 'One. She said no. Three.')]
    """
    merged: list[list[int]] = []
    for start, end in sorted((_before(text, start), _after(text, end)) for start, end in extents):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return [(start, text[start:end]) for start, end in merged]


def _before(text: str, start: int) -> int:
    """Where a passage begins: at its paragraph, or at a word at most `MARGIN` characters back."""
    paragraph = text.rfind("\n", 0, start) + 1
    return paragraph if start - paragraph <= MARGIN else text.find(" ", start - MARGIN - 1, start) + 1 or start


def _after(text: str, end: int) -> int:
    """Where a passage ends: with its paragraph, or after a word at most `MARGIN` characters on."""
    paragraph = text.find("\n", end)
    paragraph = len(text) if paragraph < 0 else paragraph
    if paragraph - end <= MARGIN:
        return paragraph
    word = text.rfind(" ", end, end + MARGIN + 1)
    return end if word < 0 else word


def extent(said: Said) -> tuple[int, int]:
    """The smallest range that holds a statement's content, cue and source."""
    spans = [*said.content, *(span for span in (said.cue_span, said.source_span) if span)]
    return min(start for start, _ in spans), max(end for _, end in spans)


def held(pieces: Sequence[Piece], start: int, end: int) -> bool:
    """Whether one passage holds the whole range."""
    return any(at <= start and end <= at + len(passage) for at, passage in pieces)
