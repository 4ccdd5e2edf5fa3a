"""What costs nothing to get right: rules of a few lines, for the models to be laid beside.

`Quotes` takes double quotation marks and the nearest name, as most tools do. `CueVerbs` takes a sentence with a verb
of saying apart. Both name a target where one of its aliases stands in the content, and say favor, the most frequent
label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stance.gold import slug
from stance.text import statement_kind, trim
from stance.types import Doc, Span, Speaker, Stance, Statement

if TYPE_CHECKING:
    from stance.config import Topics

QUOTE = re.compile(r'["“„][^"“”„]{8,}["”]')
NAME = re.compile(r"[A-Z][\w'’-]+(?: (?:(?:of|the|von|van|de|al|bin) )?[A-Z][\w'’.-]+)*")
VERBS = re.compile(
    r"\b(?:(?:has|have|had) )?(?:said|says|told|tells|added|adds|stressed|noted|warned|called (?:for|on)|urged|"
    r"announced|welcomed|condemned|rejected|denied|accused|pledged|vowed|expressed|reaffirmed|claimed|argued|insisted|"
    r"declared|according to|thanked|stated|emphasi[sz]ed|pointed out|believes?|hopes?|wants?|agreed|suggested)\b",
    re.IGNORECASE,
)
STARTERS = frozenset("The A An In On At But And He She It They We I This That For As After Before If When".split())
NEAR = 150
"""How far from a quotation the name of its speaker may stand."""


class Quotes:
    """Each run of double quotation marks in a paragraph; its source is the nearest capitalised words outside them."""

    name = "double quotes, nearest name"

    def __init__(self, topics: Topics | None = None) -> None:
        self.topics = topics

    def __call__(self, docs: Sequence[Doc]) -> list[Doc]:
        return [_labelled(doc, self._statements(doc), self.topics) for doc in docs]

    def _statements(self, doc: Doc) -> Iterator[Statement]:
        text = doc.article.text
        for paragraph in doc.paragraphs:
            quotes = [Span(*m.span()) for m in QUOTE.finditer(text, paragraph.start, paragraph.end)]
            for quote in quotes:
                yield Statement("", (quote,), _verb(text, quote), _name(text, paragraph, quote, quotes), "direct")


class CueVerbs:
    """Each sentence with a verb of saying, taken apart into what stands before and after it."""

    name = "verbs of saying"

    def __init__(self, topics: Topics | None = None) -> None:
        self.topics = topics

    def __call__(self, docs: Sequence[Doc]) -> list[Doc]:
        return [_labelled(doc, self._statements(doc), self.topics) for doc in docs]

    def _statements(self, doc: Doc) -> Iterator[Statement]:
        text = doc.article.text
        for sentence in doc.sentences:
            verb = VERBS.search(text, sentence.start, sentence.end)
            if verb is None:
                continue
            source, content = _around(text, sentence, Span(*verb.span()))
            if content is not None:
                yield Statement("", (content,), Span(*verb.span()), source, "indirect")


def keyword_stances(doc: Doc, topics: Topics) -> Doc:
    """The Doc with favor toward each target of which an alias stands in the content."""
    text = doc.article.text
    patterns = _patterns(topics)
    statements = []
    for statement in doc.statements:
        content = statement.content_text(text)
        found = [target for target, pattern in patterns if pattern.search(content)]
        stances = tuple(Stance(topics[t].topic, t, "favor", (1.0, 0.0, 0.0), 1.0) for t in found)
        statements.append(replace(statement, stances=stances))
    return doc.with_statements(statements)


def _patterns(topics: Topics) -> list[tuple[str, re.Pattern[str]]]:
    return [
        (target.id, re.compile(r"\b(?:" + "|".join(map(re.escape, target.aliases)) + r")\b", re.IGNORECASE))
        for target in topics.targets
        if target.aliases
    ]


def _labelled(doc: Doc, statements: Iterator[Statement], topics: Topics | None) -> Doc:
    text = doc.article.text
    found = []
    for number, statement in enumerate(statements, 1):
        name = statement.source.text(text) if statement.source else ""
        speakers = (Speaker(slug(name), name, "person"),) if name else ()
        quoted = [Span(*m.span()) for m in QUOTE.finditer(text)]
        kind = statement_kind(text, statement.content, quoted)
        found.append(replace(statement, id=f"{doc.article.id}:{number}", kind=kind, speakers=speakers))
    labelled = doc.with_statements(found)
    return keyword_stances(labelled, topics) if topics else labelled


def _name(text: str, paragraph: Span, quote: Span, quotes: Sequence[Span]) -> Span | None:
    best: tuple[int, Span] | None = None
    for match in NAME.finditer(text, paragraph.start, paragraph.end):
        span = Span(*match.span())
        away = max(quote.start - span.end, span.start - quote.end)
        if away > NEAR or match.group() in STARTERS or any(span.overlaps(q) for q in quotes):
            continue
        if best is None or away < best[0]:
            best = (away, span)
    return best[1] if best else None


def _verb(text: str, quote: Span) -> Span | None:
    around = [
        Span(*match.span())
        for match in VERBS.finditer(text, max(0, quote.start - NEAR), quote.end + NEAR)
        if not quote.overlaps(Span(*match.span()))
    ]
    return min(around, key=lambda s: max(quote.start - s.end, s.start - quote.end), default=None)


def _around(text: str, sentence: Span, verb: Span) -> tuple[Span | None, Span | None]:
    """Source and content beside a verb: "A said B", "B, said A", "B, A said"."""
    before, after = _part(text, sentence.start, verb.start), _part(text, verb.end, sentence.end)
    if before is not None and text[verb.start - 2] in ',”"':
        return after, before
    if after is not None or before is None:
        return before, after
    comma = max(text.rfind(mark, before.start, before.end) for mark in (",", "”"))
    return (_part(text, comma + 1, before.end), _part(text, before.start, comma)) if comma > 0 else (None, None)


def _part(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start] in " ,;:.":
        start += 1
    while end > start and text[end - 1] in " ,;:.":
        end -= 1
    return trim(text, Span(start, end)) if start < end else None
