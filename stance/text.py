"""What every stage needs to know about running text: paragraphs, quotation marks, and how far words are quoted.

Offsets are half-open character indices into the text as given; nothing here alters a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.types import Span, StatementKind

LONGEST_UNCLOSED = 1500
"""Characters that a quotation without a closing mark may hold at most."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n|\r\n?[^\S\n\r]*\r\n?|\u2029|\f")
_LINE = re.compile(r"[^\n\r\u2028]+")
_SENTENCE_END = re.compile(r"[.!?…][)\]]?(?=\s+[^\sa-z])")
_ENDS_SENTENCE = tuple(".!?…:;\"”»」』'’)]。！？")

_DOUBLE = re.compile(r"[\"＂“”„‟«»「」『』]|''|``|’’|‘‘")
_SINGLE_OPEN = re.compile(r"(?<![\w'’‘])['‘‹‚](?=[^\W_]|[\"“])")
_SINGLE_CLOSE = re.compile(r"(?<=[^\s'’‘])['’›](?![\w'’])")
_ELIDED = re.compile(r"['‘](?:\d\ds?\b|(?:em|tis|twas|til|cause|cos|bout|round|neath|n)\b)", re.IGNORECASE)
_OPENING_CONTEXT = frozenset("([{—–-/:;,>‘'“«")


def paragraphs(text: str) -> tuple[Span, ...]:
    """Paragraphs in order, without outer whitespace.

    Blank lines separate them. A single line end separates too, unless the text is hard-wrapped (lines
    of about equal length that mostly break inside sentences).
    """
    blocks = _between(text, _BLANK_LINE)
    if _hard_wrapped(text, blocks):
        found = blocks
    else:
        found = [Span(start, end) for block in blocks for start, end in _lines(text, block)]
    trimmed = (trim(text, span) for span in found)
    return tuple(span for span in trimmed if span is not None)


def trim(text: str, span: Span) -> Span | None:
    """The span without whitespace at its ends; None where nothing is left."""
    piece = span.text(text)
    start = span.start + len(piece) - len(piece.lstrip())
    end = span.start + len(piece.rstrip())
    return Span(start, end) if start < end else None


def _between(text: str, separator: re.Pattern[str]) -> list[Span]:
    spans, start = [], 0
    for match in separator.finditer(text):
        if match.start() > start:
            spans.append(Span(start, match.start()))
        start = match.end()
    if start < len(text):
        spans.append(Span(start, len(text)))
    return spans


def _lines(text: str, block: Span) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _LINE.finditer(text, block.start, block.end))


def _hard_wrapped(text: str, blocks: Sequence[Span]) -> bool:
    """Whether line ends are layout: most lines that another follows stop inside a sentence, at 40 to 120 characters."""
    inside = wrapped = 0
    for block in blocks:
        lines = list(_lines(text, block))
        for start, end in lines[:-1]:
            line = text[start:end].rstrip()
            inside += 1
            wrapped += 40 <= len(line) <= 120 and not line.endswith(_ENDS_SENTENCE)
    return inside > 0 and wrapped >= 0.6 * inside


@dataclass(slots=True)
class _Scan:
    """Where a scan for double quotation marks stands."""

    text: str
    found: list[Span]
    start: int | None = None
    """The mark that opened the quotation that is open now."""
    depth: int = 0
    """Quotations of the same marks open inside it."""

    def close(self, end: int) -> None:
        if self.start is not None and re.search(r"\w", self.text[self.start : end]):
            self.found.append(Span(self.start, end))
        self.start, self.depth = None, 0

    def close_unfinished(self, limit: int) -> None:
        """End a quotation without closing mark: at `limit` where it is introduced as speech, else with its sentence."""
        if self.start is None:
            return
        before = self.text[max(0, self.start - 3) : self.start].rstrip(" ")
        speech = not before or before[-1] in ",:\n"
        limit = min(limit, self.start + LONGEST_UNCLOSED) if speech else limit
        end = limit
        if not speech or end == self.start + LONGEST_UNCLOSED:
            first = _SENTENCE_END.search(self.text, self.start, limit)
            end = first.end() if first else min(limit, self.start + LONGEST_UNCLOSED)
        piece = self.text[self.start : end].rstrip()
        self.close(self.start + len(piece))

    def close_unopened(self, paragraph: Span, mark: int, end: int) -> None:
        """A closing mark whose opening mark is missing: the quotation began with its sentence, after the last one."""
        if mark == 0 or self.text[mark - 1] not in ",.?!…":
            return
        floor = max(paragraph.start, self.found[-1].end if self.found else 0, mark - LONGEST_UNCLOSED)
        starts = [match.end() for match in _SENTENCE_END.finditer(self.text, floor, max(floor, mark - 1))]
        begin = next((at for at in starts if mark - at < 300), starts[-1] if starts else None)
        fresh = floor == paragraph.start or re.match(r"\s+[^\sa-z]", self.text[floor : floor + 4])
        if fresh and mark - floor < 400:
            begin = floor
        if begin is None:
            return
        piece = self.text[begin:mark]
        self.start = begin + len(piece) - len(piece.lstrip())
        self.close(end)


def quoted_spans(text: str, paragraphs: Sequence[Span]) -> tuple[Span, ...]:
    """Outermost quotations in order, with their marks; one over several paragraphs is one span.

    Knows straight and curly marks, „low“ ones, «guillemets», ''doubled singles'' and 'single' marks used as
    quotation marks; apostrophes are none. Where a mark is missing the quotation ends with its sentence or
    paragraph, and never swallows what follows.
    """
    scan = _Scan(text, [])
    marks = [[m.span() for m in _DOUBLE.finditer(text, p.start, p.end)] for p in paragraphs]
    for i, paragraph in enumerate(paragraphs):
        left = marks[i]
        if scan.start is not None and left and left[0][0] == paragraph.start:
            left = left[1:]
        elif scan.start is not None and not _goes_on(text, paragraphs[i : i + 3], marks[i : i + 3]):
            scan.close_unfinished(paragraphs[i - 1].end)
        _scan_paragraph(scan, paragraph, left)
    if paragraphs:
        scan.close_unfinished(paragraphs[-1].end)
    return _outermost([*scan.found, *_single_quoted(text, paragraphs)])


def _scan_paragraph(scan: _Scan, paragraph: Span, marks: Sequence[tuple[int, int]]) -> None:
    text = scan.text
    for k, (start, end) in enumerate(marks):
        role = _role(text, start, end, paragraph, scan.start is not None)
        if role == "open" and scan.start is not None:
            following = [_role(text, *mark, paragraph, True) for mark in marks[k + 1 : k + 3]]
            if following == ["close", "close"]:
                scan.depth += 1
                continue
            scan.close_unfinished(start)
        if role == "open":
            scan.start = start
        elif role == "close" and scan.depth:
            scan.depth -= 1
        elif role == "close" and scan.start is not None:
            scan.close(end)
        elif role == "close":
            scan.close_unopened(paragraph, start, end)


def _goes_on(text: str, following: Sequence[Span], marks: Sequence[Sequence[tuple[int, int]]]) -> bool:
    """Whether a quotation left open goes on into the next paragraphs: the first mark there closes it."""
    for paragraph, found in zip(following, marks, strict=True):
        if found:
            return _role(text, *found[0], paragraph, True) == "close" and _looks_closing(text, *found[0], paragraph)
    return False


def _looks_opening(text: str, start: int, end: int, paragraph: Span) -> bool:
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    return (before.isspace() or before in _OPENING_CONTEXT) and not after.isspace()


def _looks_closing(text: str, start: int, end: int, paragraph: Span) -> bool:
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    return not before.isspace() and not after.isalnum()


def _role(text: str, start: int, end: int, paragraph: Span, inside: bool) -> str:
    """What a mark does, "open", "close" or "none": by its shape where that says it, else by its neighbours."""
    mark = text[start:end]
    opening = _looks_opening(text, start, end, paragraph)
    closing = _looks_closing(text, start, end, paragraph)
    if mark in "「『``":
        return "open"
    if mark in "」』":
        return "close"
    if mark in "“„‟«‘‘":
        # Closes in „German“ and »Danish« books, and where a typist took the wrong curl.
        return "close" if inside and closing and not opening else "open"
    if mark in "”»’’":
        return "open" if not inside and opening and not closing else "close"
    if opening != closing:
        return "open" if opening else _straight_close(text, start, inside)
    return "close" if inside else "open"


def _straight_close(text: str, start: int, inside: bool) -> str:
    inches = not inside and start > 0 and text[start - 1].isdigit()
    return "none" if inches else "close"


def _single_quoted(text: str, paragraphs: Sequence[Span]) -> Iterator[Span]:
    """Quotations in single marks, within one paragraph."""
    for paragraph in paragraphs:
        at = paragraph.start
        while opening := _SINGLE_OPEN.search(text, at, paragraph.end):
            at = opening.end()
            if _ELIDED.match(text, opening.start()):
                continue
            following = _SINGLE_OPEN.search(text, at, paragraph.end)
            limit = min(following.start() if following else paragraph.end, at + LONGEST_UNCLOSED)
            closings = [m.end() for m in _SINGLE_CLOSE.finditer(text, at, limit)]
            end = _closing_single(text, closings)
            if end is not None:
                yield Span(opening.start(), end)
                at = end


def _closing_single(text: str, ends: Sequence[int]) -> int | None:
    """The mark that closes: the first one that is no plural possessive ("the ministers' talks")."""
    for end in ends:
        possessive = text[end - 2 : end - 1] == "s" and re.match(r" [a-z]", text[end : end + 2])
        if not possessive:
            return end
    return ends[0] if ends else None


def _outermost(spans: Sequence[Span]) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


_NEST_SLACK = 2
"""Characters by which a content may miss a quotation's opening mark and still count as that quotation."""


def quoted_parts(content: Sequence[Span], quoted: Sequence[Span]) -> tuple[Span, ...]:
    """The quotations that a content holds, cut to it; a quotation that wholly surrounds it is somebody else's."""
    parts = []
    for span in content:
        for quote in quoted:
            if not quote.overlaps(span):
                continue
            around = quote.start < span.start - _NEST_SLACK and quote.end > span.end
            if not around:
                parts.append(Span(max(span.start, quote.start), min(span.end, quote.end)))
    return tuple(parts)


_TERMS = frozenset(
    "one china;two chinas;one country, two systems;one china, one taiwan;axis of evil;three nos;special relationship;"
    "global south;cold war;cap and trade;peaceful reunification;cessation of hostilities;humanitarian intervention;"
    "developing countries;people to people;for;against;red lines;win-win;zero-sum;belt and road;war on terror;"
    "special military operation;responsibility to protect;rules-based order;rules-based international order".split(";")
)
"""Established terms that papers set in quotation marks without quoting anybody."""

_NAMING = re.compile(
    r"\b(?:so-called|called|known as|dubbed|titled|entitled|themed?|codenamed|nicknamed|named"
    r"|(?:motto|slogan|theme)(?: of)?)[\s,:–-]*(?:the |a |an )?$",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset("a an and as at but by for from in into of on or the to vs with".split())
_FULL = 0.99
"""Share of a content's letters that must stand inside quotation marks for it to be direct."""


def statement_kind(text: str, content: Sequence[Span], quoted: Sequence[Span]) -> StatementKind:
    """How far a content is quoted, by the codebook: all of it direct, a verbatim part mixed, none indirect.

    Quotation marks around a name, a title or an established term quote nobody, so they leave a content indirect.

    Args:
        text: the article's text.
        content: the content's spans.
        quoted: what `quoted_spans` found in the article.
    """
    parts = quoted_parts(content, quoted)
    if not parts:
        return "indirect"
    if _letters(text, parts) >= _FULL * _letters(text, content):
        return "direct"
    return "indirect" if all(_is_term(text, part) for part in parts) else "mixed"


def _letters(text: str, spans: Sequence[Span]) -> int:
    return sum(char.isalnum() for span in spans for char in span.text(text))


def _is_term(text: str, part: Span) -> bool:
    """Whether the quoted words are a name, title or term rather than somebody's words."""
    words = re.findall(r"[^\W_][\w'’.&+-]*", part.text(text))
    if not words:
        return True
    phrase = " ".join(words).lower().rstrip(".")
    if phrase in _TERMS or phrase.replace(" ", ", ", 1) in _TERMS:
        return True
    if len(words) <= 6 and _NAMING.search(text, max(0, part.start - 40), part.start):
        return True
    has_number = any(word.isdigit() for word in words)
    as_title = words[0][0].isupper() and all(
        word[0].isupper() or word in _SMALL_WORDS or word.isdigit() for word in words
    )
    return len(words) <= 6 and (has_number or (as_title and words[0] not in ("I", "We", "It")))
