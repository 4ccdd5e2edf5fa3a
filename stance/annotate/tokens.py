"""Words of a text, cut where annotation begins or ends, for formats that count in words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from stance.types import Span

_WORD = re.compile(r"\w+|[^\w\s]")


def tokens(text: str, spans: Iterable[Span]) -> list[Span]:
    """Words and marks in order; one that a span begins or ends inside of is cut there."""
    cuts = sorted({edge for span in spans for edge in (span.start, span.end)})
    found = []
    for match in _WORD.finditer(text):
        start = match.start()
        for cut in cuts[bisect_right(cuts, start) :]:
            if cut >= match.end():
                break
            found.append(Span(start, cut))
            start = cut
        found.append(Span(start, match.end()))
    return found


def covered(words: Sequence[Span], span: Span) -> range:
    """The numbers of the words that a span overlaps."""
    first = bisect_right(words, span.start, key=lambda word: word.end)
    return range(first, max(first, bisect_left(words, span.end, key=lambda word: word.start)))
