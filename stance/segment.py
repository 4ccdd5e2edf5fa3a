"""Cut articles into paragraphs and sentences of prose; agencies' and editors' matter stays outside.

A stage: takes Docs and gives new Docs, in order. It reads nothing but the article.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from stance.text import paragraphs as split_paragraphs
from stance.text import trim
from stance.turns import speaker_labels
from stance.types import Article, Doc, Span
from stance.wire import dateline, is_credit, is_header, trailing_credit

LEADING = 5
"""Paragraphs at the top in which header lines and datelines without date or agency are looked for."""

LONGEST_PIECE = 20_000
"""Characters that go to the sentence splitter at once; longer paragraphs are cut at a space, so time stays linear."""

LONGEST_HEADING = 60
_TITLE_BEFORE = re.compile(r"\b(?:MR|MRS|MS|DR|GEN|SEN|REP|GOV|LT|COL|ST|AMB|SEC)\.\s*$")
"""Titles in capitals, as transcripts write them; the splitter takes them for the end of a sentence."""

_CLOSED = tuple(".!?…:;,\"”»」』'’)]。！？")


def segment(docs: Iterable[Doc]) -> list[Doc]:
    """Give each Doc its paragraphs and sentences.

    Both are spans into `article.text`, in order, without overlap and without outer whitespace. Left out are
    datelines, the headline and header lines at the top, section headings, photo captions, credits, corrections
    and copyright lines. An article of which nothing is left has neither.
    """
    segmented = []
    for doc in docs:
        try:
            prose = tuple(prose_paragraphs(doc.article))
            text = doc.article.text
            sentences = tuple(s for p in prose for s in _sentences(text, p))
            segmented.append(replace(doc, paragraphs=prose, sentences=sentences))
        except Exception as error:
            segmented.append(doc.with_problem("segment", error))
    return segmented


def prose_paragraphs(article: Article) -> Iterator[Span]:
    """The paragraphs of an article's prose."""
    text = article.text
    found = split_paragraphs(text)
    headings = _headings(text, found)
    labelled = {label.paragraph for label in speaker_labels(text, found)}
    for i, paragraph in enumerate(found):
        if i in labelled:  # "REPORTER: ..." is no credit, "MR. ALDEN:" no heading
            yield paragraph
            continue
        line = paragraph.text(text)
        if i < LEADING and (_same(line, article.title) or is_header(line)):
            continue
        if i in headings or is_credit(line):
            continue
        opening = dateline(text, paragraph, leading=i < LEADING)
        start = opening.span.end if opening else paragraph.start
        end = trailing_credit(text, Span(start, paragraph.end)) if start < paragraph.end else start
        prose = trim(text, Span(start, end)) if start < end else None
        if prose:
            yield prose


def _same(line: str, title: str | None) -> bool:
    return title is not None and len(line) < 400 and _letters(line) == _letters(title)


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


def _headings(text: str, found: Sequence[Span]) -> set[int]:
    """Indices of section headings: short lines without a full stop, amid paragraphs that are sentences.

    Where most paragraphs end without a full stop (lists, subtitles, verse) a short line says nothing, and only
    lines in capitals count.
    """
    if len(found) < 2:
        return set()
    long = [p for p in found if len(p) > LONGEST_HEADING] or found
    ended = sum(text[p.end - 1] in _CLOSED for p in long)
    plain = ended >= 0.5 * len(long)
    return {i for i, p in enumerate(found) if _is_heading(p.text(text), plain)}


def _is_heading(line: str, plain: bool) -> bool:
    if len(line) > LONGEST_HEADING or not (line[0].isalnum() or line[0] in "'‘\"“"):
        return False
    words = re.findall(r"[^\W\d_]+", line)
    if line.isupper() and not line.endswith((".", "!", "?", '"', "”")):
        return True
    if line.endswith(":"):
        return len(words) <= 3
    return plain and line[-1].isalnum() and len(words) <= 8


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    for piece in _pieces(text, paragraph):
        for first, last in _split(piece.text(text)):
            sentence = trim(text, Span(piece.start + first, piece.start + last))
            if sentence:
                yield sentence


def _pieces(text: str, paragraph: Span) -> Iterator[Span]:
    start = paragraph.start
    while paragraph.end - start > LONGEST_PIECE:
        cut = text.rfind(" ", start + LONGEST_PIECE // 2, start + LONGEST_PIECE)
        cut = start + LONGEST_PIECE if cut < 0 else cut
        yield Span(start, cut)
        start = cut
    yield Span(start, paragraph.end)


@functools.cache
def _tokenizer() -> Any:
    from syntok.tokenizer import Tokenizer

    return Tokenizer(replace_not_contraction=False)


def _split(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; whatever the splitter leaves out joins the sentence before."""
    from syntok import segmenter

    starts = [sentence[0].offset for sentence in segmenter.segment(_tokenizer().tokenize(text)) if sentence]
    starts = sorted({0, *(start for start in starts[1:] if not _TITLE_BEFORE.search(text, max(0, start - 8), start))})
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        if start < end:
            yield start, end
