"""Articles as word pieces, and windows over them.

A paragraph break becomes a piece of its own, because where a paragraph ends says who goes on speaking.
The encoder's vocabulary knows no capitals, so each piece's segment mark says whether it had one: marks are
`CAPITAL` and `MARKED` added together (a marked piece belongs to the cue in question).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stance.types import Span

CAPITAL = 1
MARKED = 2
TYPES = 4
"""How many segment marks there are; a model's `type_vocab_size`."""

BREAK_TOKEN = "[unused1]"
"""Stands for a paragraph break; BERT vocabularies reserve it for such uses."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """An article's word pieces in order; all lists have one entry a piece."""

    ids: list[int]
    types: list[int]
    starts: list[int]
    ends: list[int]
    heads: list[bool]
    """Whether the piece begins a word. Tags are read at heads, so that no span cuts a word; a break is no head."""

    def __len__(self) -> int:
        return len(self.ids)

    def span(self, first: int, last: int) -> Span:
        """Characters of the pieces first..last (both included), to the end of the last one's word."""
        while last + 1 < len(self.ids) and not self.heads[last + 1]:
            last += 1
        return Span(self.starts[first], self.ends[last])

    def covered(self, span: Span) -> range:
        """Indices of the pieces that overlap a character span."""
        from bisect import bisect_left, bisect_right

        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))


def cut(text: str, paragraphs: Sequence[Span], tokenizer: Any) -> Pieces:
    """Cut the paragraphs of a text into word pieces; what lies outside them is left out."""
    pieces = Pieces([], [], [], [], [])
    if not paragraphs:
        return pieces
    break_id = tokenizer.convert_tokens_to_ids(BREAK_TOKEN)
    if break_id is None or break_id == tokenizer.unk_token_id:
        break_id = tokenizer.sep_token_id
    encoded = tokenizer(
        [p.text(text) for p in paragraphs], add_special_tokens=False, return_offsets_mapping=True, verbose=False
    )
    for i, paragraph in enumerate(paragraphs):
        if i:
            end = paragraphs[i - 1].end
            _append(pieces, break_id, 0, end, end, False)
        words = encoded.word_ids(i)
        before: int | None = None
        for piece, (start, end), word in zip(encoded["input_ids"][i], encoded["offset_mapping"][i], words, strict=True):
            if start == end:
                continue
            start, end = start + paragraph.start, end + paragraph.start
            _append(pieces, piece, CAPITAL if text[start].isupper() else 0, start, end, word != before)
            before = word
    return pieces


def _append(pieces: Pieces, piece: int, kind: int, start: int, end: int, head: bool) -> None:
    pieces.ids.append(piece)
    pieces.types.append(kind)
    pieces.starts.append(start)
    pieces.ends.append(end)
    pieces.heads.append(head)


def windows(length: int, size: int, overlap: int) -> Iterator[range]:
    """Overlapping windows that cover 0..length; the last one is shifted left to be full."""
    if length <= size:
        yield range(length)
        return
    step = size - overlap
    for start in range(0, length - overlap, step):
        end = min(start + size, length)
        yield range(max(0, end - size), end)


def by_paragraph(pieces: Pieces, paragraphs: Sequence[Span], size: int, overlap: int) -> Iterator[range]:
    """Windows of as many whole paragraphs as fit into `size` pieces; a longer paragraph has overlapping ones."""
    begun: range | None = None
    for paragraph in (pieces.covered(own) for own in paragraphs):
        if not paragraph:
            continue
        if begun and paragraph.stop - begun.start <= size:
            begun = range(begun.start, paragraph.stop)
            continue
        if begun:
            yield from _cut_up(begun, size, overlap)
        begun = paragraph
    if begun:
        yield from _cut_up(begun, size, overlap)


def _cut_up(whole: range, size: int, overlap: int) -> Iterator[range]:
    return (whole[own.start : own.stop] for own in windows(len(whole), size, overlap))


def around(center: range, length: int, left: int, right: int) -> range:
    """A window that reaches `left` pieces before and `right` pieces after `center`, using all the room there is."""
    size = len(center) + left + right
    start = max(0, min(center.start - left, length - size))
    return range(start, min(length, start + size))
