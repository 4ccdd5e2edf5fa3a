"""Mends what the model cuts wrongly, by rules of grammar and quotation that hold for any article.

The model reads a window of words around each cue. It knows nothing of quotation marks that lie farther away, nor
that an attribution between two commas has its content on both sides. What the codebook says of absent speech, of
relative pronouns and of quoted paragraphs without a cue is settled here, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.types import Doc, Span, Statement

LONGEST_QUOTATION = 4000
"""Characters up to which a content is drawn out to its quotation."""

_PRONOUN = re.compile(r"who|which|that", re.IGNORECASE)
_WHO = re.compile(r", (?P<who>who) $", re.IGNORECASE)
_REST = re.compile(r",\s+(?=\w)")
_RELAY = re.compile(
    r"(?:quot|cit)(?:ed|es|ing) (?P<who>[^.;:\n“”\"]{2,100}?) as (?P<said>saying|telling)\b", re.IGNORECASE
)
_ANTECEDENT = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ur|[Mm]y|[Tt]his|[Tt]hese|[Tt]hose|[Ss]ome|[Tt]wo|[Mm]any)"
    r"\b[\w’' -]{1,60}?|(?:[A-ZÀ-Þ][\w’'.-]* ){0,5}[A-ZÀ-Þ][\w’'.-]*)(?=,? $)"
)
_CLAUSE = re.compile(r",? who(?:se)? [^,;.!?\n“”\"]{2,100}(?=[.!?;,]\W|[.!?;,]?$)")
_WISH = re.compile(
    r"(?:also |now |still |only )?(?:wants|wanted|plans|planned|intends|intended)(?: to)?", re.IGNORECASE
)
_ABSENT = re.compile(
    r"\b(?:has|have|had)(?: \w+)? (?:not|never)\b(?! (?:\w+ )?(?:ruled out|excluded|denied|confirmed|accepted))"
    r"|(?:might|may|could|can)\b(?! not)",
    re.IGNORECASE,
)
_PREDICATE = re.compile(
    r"\s*(?P<rest>(?:is|are|was|were|has|have|had|would|will|could|can|should|must|may|might|did|does|do|came|comes|\w+ed)\b"
    r"[^;\n“”\"]*?|[“\"](?:is|are|was|were|has|have|had|would|will)\b[^“”\"\n]*[”\"])(?=[.!?;]?\s*$|;)"
)
_ADJUNCT = re.compile(
    r"(?:in|on|at|by|as|if|when|while|after|before|during|since|with|for|from|but|and|so|yet|however)\b", re.IGNORECASE
)


_COLON = re.compile(r"[^.!?:;\n“”\"]{0,60}:\s*")
_OPENING = re.compile(r"according to (?P<source>[^,;\n“”\"]{3,100}), (?P<rest>[^\n]+?)(?=[.!?]?$)", re.IGNORECASE)
_TAIL = re.compile(r" (?:on|upon|for|by|with|against|of)", re.IGNORECASE)


def mended(doc: Doc, statements: Sequence[Statement], quotes: Sequence[Span], codebook: bool) -> list[Statement]:
    """The statements of an article with sources and contents cut as they should be.

    Args:
        doc: the article with its sentences and paragraphs.
        statements: those found, each with a cue.
        quotes: the article's quotations.
        codebook: whether the codebook's rules hold, and not PolNeAR's: absent speech is no statement, a relative
            pronoun is no source, and a quoted paragraph of its own floats.
    """
    found = [s for s in statements if not (codebook and _is_none(doc, s))]
    found = [_whole_quotations(doc, s, found, quotes) for s in found]
    found = [_both_sides(doc, _with_clause(doc, _opened(doc, s)), found) for s in found]
    if not codebook:
        return found
    found = [part for s in found for part in _relayed(doc, s, found)]
    return [part for s in found for part in _apart(doc, _whole_cue(doc, _named(doc, s)), quotes)]


def announced(doc: Doc, cue: Span, quotes: Sequence[Span]) -> tuple[Span, ...]:
    """What a cue introduces for which the model has found no content; nothing where it introduces nothing.

    That is the quotation or the paragraph behind a colon, and the sentence that "According to X," opens.
    """
    text = doc.article.text
    home = next((p for p in doc.paragraphs if p.contains(cue)), cue)
    if colon := _COLON.match(text, cue.end, home.end):
        following = [quote for quote in quotes if quote.start == colon.end()]
        if colon.end() == home.end:
            following = [p for p in doc.paragraphs if p.start >= home.end]
        return tuple(following[:1])
    sentence = next((s for s in doc.sentences if s.contains(cue)), cue)
    if cue.start == sentence.start and (opening := _OPENING.match(text, cue.start, sentence.end)):
        return (Span(*opening.span("rest")),)
    return ()


def _whole_quotations(doc: Doc, own: Statement, statements: Sequence[Statement], quotes: Sequence[Span]) -> Statement:
    """Draws contents out to the quotations that they begin or end with.

    A quotation in which the cue or source stands is somebody else's, and so is what another statement claims of it.
    """
    spans = list(own.content)
    for i, span in enumerate(own.content):
        for quote in quotes:
            own_words = any(part is not None and part.overlaps(quote) for part in (own.cue, own.source))
            if len(quote) > LONGEST_QUOTATION or own_words or not _touches(span, quote):
                continue
            homes = [p for p in doc.paragraphs if p.overlaps(span) and p.overlaps(quote)]
            inside = [Span(max(quote.start, home.start), min(quote.end, home.end)) for home in homes[:1]]
            for end in (quote, *inside):
                whole = Span(min(span.start, end.start), max(span.end, end.end))
                if not _is_claimed(whole, own, statements, quote):
                    spans[i] = whole
                    break
    return replace(own, content=joined(spans))


def _touches(span: Span, quote: Span) -> bool:
    """Whether a content begins or ends where a quotation does, or goes over one of its marks."""
    same = abs(span.start - quote.start) <= 1 or abs(span.end - quote.end) <= 1
    over = span.start < quote.start < span.end - 3 or span.start + 3 < quote.end < span.end
    return span.overlaps(quote) and (same or over)


def _is_claimed(whole: Span, own: Statement, statements: Sequence[Statement], quote: Span) -> bool:
    """Whether a statement that stands beside this one, not in the same quotation, has a part of `whole`."""
    return any(
        other.cue is not None
        and other.cue != own.cue
        and not quote.contains(other.cue)
        and any(part.overlaps(whole) for part in other.content)
        and not any(part.overlaps(mine) for part in other.content for mine in own.content)
        for other in statements
    )


def _named(doc: Doc, own: Statement) -> Statement:
    """A relative pronoun gives way to what it stands for ("the widow, who said ..."), a content ahead to the source."""
    text, source = doc.article.text, own.source
    if source is None and own.cue is not None and (who := _WHO.search(text[: own.cue.start])):
        source = Span(*who.span("who"))
    for span in own.content:
        if source is not None and source.start == span.start and (rest := _REST.match(text, span.end, source.end)):
            source = Span(rest.end(), source.end)
    if source is None or not _PRONOUN.fullmatch(source.text(text)):
        return replace(own, source=source)
    start = max((s.start for s in doc.sentences if s.start <= source.start), default=source.start)
    found = list(_ANTECEDENT.finditer(text[start : source.start]))
    return replace(own, source=Span(start + found[-1].start(), start + found[-1].end())) if found else own


def _relayed(doc: Doc, own: Statement, others: Sequence[Statement]) -> list[Statement]:
    """A medium's quotation of somebody is also that one's statement: "The agency quoted the minister as saying"."""
    text = doc.article.text
    if own.cue is None or not (relay := _RELAY.match(text, own.cue.start)) or relay.end() > own.content[0].start:
        return [own]
    said, who = Span(*relay.span("said")), Span(*relay.span("who"))
    if any(other.cue is not None and other.cue.overlaps(said) for other in others):
        return [own]
    return [own, replace(own, cue=said, source=who)]


def _opened(doc: Doc, own: Statement) -> Statement:
    """The source that stands behind an opening "According to", where none was found."""
    if own.source is not None or own.cue is None:
        return own
    opening = _OPENING.match(doc.article.text, own.cue.start)
    return replace(own, source=Span(*opening.span("source"))) if opening else own


def _whole_cue(doc: Doc, own: Statement) -> Statement:
    """A cue goes on with the preposition between it and its content or source: "called on", "was announced by"."""
    if own.cue is None:
        return own
    for part in (own.content[0], own.source):
        if part is None or part.start <= own.cue.end:
            continue
        if tail := _TAIL.fullmatch(doc.article.text, own.cue.end, part.start - 1):
            return replace(own, cue=Span(own.cue.start, tail.end()))
    return own


def _with_clause(doc: Doc, own: Statement) -> Statement:
    """A source behind its cue goes on with the relative clause after it: "said Ilse Brandt, who leads the union"."""
    text, source = doc.article.text, own.source
    if source is None or own.cue is None or source.start < own.cue.end:
        return own
    match = _CLAUSE.match(text, source.end)
    whole = Span(source.start, match.end()) if match else source
    return own if any(part.overlaps(whole) for part in own.content) else replace(own, source=whole)


def _is_none(doc: Doc, own: Statement) -> bool:
    """Whether the codebook knows no such statement."""
    return _is_absent(doc, own) or _is_title(doc, own) or _is_wish(doc, own)


def _is_wish(doc: Doc, own: Statement) -> bool:
    """Whether the narrator tells only what somebody wants or intends."""
    return own.cue is not None and bool(_WISH.fullmatch(own.cue.text(doc.article.text)))


def _is_absent(doc: Doc, own: Statement) -> bool:
    """Whether the cue tells of speech that did not happen ("has not condemned") or is imagined ("might say")."""
    return own.cue is not None and bool(_ABSENT.match(own.cue.text(doc.article.text)))


def _is_title(doc: Doc, own: Statement) -> bool:
    """Whether the cue is a word of a title: 'The film "Nobody Said a Word" opened'."""
    text, cue = doc.article.text, own.cue
    if cue is None or not text[cue.start].isupper() or text[cue.start : cue.end].isupper():
        return False
    inside = text[max(0, cue.start - 2) : cue.start]
    return len(inside) == 2 and inside[0].isalnum() and inside[1] == " "


def _both_sides(doc: Doc, own: Statement, others: Sequence[Statement]) -> Statement:
    """An attribution between two commas has its content on both: "The reform, she argued, came too late"."""
    text = doc.article.text
    if own.cue is None or own.source is None or len(own.content) > 1:
        return own
    inner = Span(min(own.cue.start, own.source.start), max(own.cue.end, own.source.end))
    sentence = next((s for s in doc.sentences if s.contains(inner)), None)
    if sentence is None or text[inner.start - 2 : inner.start] != ", " or text[inner.end : inner.end + 1] != ",":
        return own
    begin = max(sentence.start, *(text.rfind(mark, sentence.start, inner.start) + 1 for mark in ';:“”"'))
    subject = text[begin : inner.start - 2].strip()
    predicate = _PREDICATE.match(text, inner.end + 1, sentence.end)
    (only,) = own.content
    if not subject or _ADJUNCT.match(subject) or predicate is None:
        return own
    first = Span(inner.start - 2 - len(subject), inner.start - 2)
    second = Span(*predicate.span("rest"))
    new = second if only.end <= inner.start else first
    fits = abs(only.end - first.end) <= 2 if new is second else abs(only.start - second.start) <= 2
    if not fits or any(o.cue.overlaps(new) for o in others if o.cue is not None):
        return own
    return replace(own, content=joined([*own.content, new]))


def _apart(doc: Doc, own: Statement, quotes: Sequence[Span]) -> list[Statement]:
    """A quoted paragraph of its own behind a closed quotation is a statement without cue and source."""
    home = next((p for p in doc.paragraphs if own.cue is not None and p.overlaps(own.cue)), None)
    if home is None or not any(span.overlaps(home) for span in own.content):
        return [own]
    floating = [
        span
        for span in own.content
        if not span.overlaps(home)
        and any(p.start >= span.start - 1 and p.end <= span.end + 2 for p in doc.paragraphs)
        and any(abs(q.start - span.start) <= 1 and q.end <= span.end + 1 for q in quotes)
    ]
    kept = tuple(span for span in own.content if span not in floating)
    return [replace(own, content=kept), *(replace(own, cue=None, source=None, content=(s,)) for s in floating)]


def joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, overlapping ones as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
