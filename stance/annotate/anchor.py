"""Finds where a tool's offsets lie in the text: in code points, in UTF-16 units, or by the text of the span itself.

Old Label Studio, INCEpTION, DNA and browsers count UTF-16 units, in which an emoji is two. The unit is the one in
which each span of an article says what the tool says that it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from stance.annotate.findings import Findings
from stance.types import Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A span as a tool gives it."""

    start: int
    end: int
    quoted: str | None
    """The text that the tool has for it; None where it gives none."""
    where: str
    prefix: str = ""
    suffix: str = ""


Way = Callable[[str, Mark], Span | None]
"""Reads the offsets of a mark; None where the text there is not the mark's."""


def utf16(text: str) -> list[int]:
    """The offset in UTF-16 units of each code point of a text, and of its end."""
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def anchored(text: str, marks: Sequence[Mark], findings: Findings, units: str = "code points") -> list[Span | None]:
    """The spans of marks in a text; None, with a fault, for one that fits nowhere.

    Args:
        units: what the tool counts by its documentation, "code points" or "UTF-16"; tried first.
    """
    ways: list[Way] = []
    for name in sorted(("code points", "UTF-16"), key=lambda name: name != units):
        ways.append(_plain if name == "code points" else _wide(text))
        spans = [ways[-1](text, mark) for mark in marks]
        if all(span is not None for span in spans):
            if name != units:
                findings.note(f"articles whose offsets count {name}")
            return spans
    return [_each(text, mark, ways, findings) for mark in marks]


def _plain(text: str, mark: Mark) -> Span | None:
    return _fitting(text, mark.start, mark.end, mark.quoted)


def _wide(text: str) -> Way:
    places = {offset: number for number, offset in enumerate(utf16(text))}

    def fit(text: str, mark: Mark) -> Span | None:
        start, end = places.get(mark.start), places.get(mark.end)
        return None if start is None or end is None else _fitting(text, start, end, mark.quoted)

    return fit


def _fitting(text: str, start: int, end: int, quoted: str | None) -> Span | None:
    if not 0 <= start < end <= len(text):
        return None
    return Span(start, end) if quoted is None or alike(text[start:end], quoted) else None


def alike(one: str, other: str) -> bool:
    """Whether two texts differ in their whitespace at the most: tools show line ends in many ways."""
    return one == other or "".join(one.split()) == "".join(other.split())


def _each(text: str, mark: Mark, ways: Sequence[Way], findings: Findings) -> Span | None:
    for way in ways:
        if (span := way(text, mark)) is not None:
            return span
    found = _by_text(text, mark)
    if len(found) == 1:
        findings.note("spans whose offsets were wrong, found again by their text")
        return found[0]
    quoted, stands = mark.quoted, text[max(mark.start, 0) : max(mark.end, 0)]
    if quoted is None:
        what = f"offsets [{mark.start}, {mark.end}) lie outside the text, which has {len(text)} characters"
    else:
        times = f"which occurs {len(found)} times" if found else "which does not occur"
        what = f"[{mark.start}, {mark.end}) is {stands[:60]!r} in the text, not {quoted[:60]!r}, {times}"
    findings.refuse(mark.where, what, "Export the same text again, or mark the span anew in the tool")
    return None


def _by_text(text: str, mark: Mark) -> list[Span]:
    """Where the mark's text occurs; where in several places, those between the prefix and suffix that it has."""
    if not mark.quoted or not mark.quoted.strip():
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, mark.quoted.split())))
    found, start = [], 0
    while match := pattern.search(text, start):
        found.append(Span(*match.span()))
        start = match.start() + 1
    near = [s for s in found if text[: s.start].endswith(mark.prefix) and text[s.end :].startswith(mark.suffix)]
    return near if near and (mark.prefix or mark.suffix) else found
