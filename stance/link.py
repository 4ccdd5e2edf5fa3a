"""Makes statements: for each cue, its own source and content.

The attribution model looks a second time at a window around each cue, with the cue marked, and tags the source and
the content that belong to it. Each cue is asked on its own, so several attributions in a sentence, one source for
several cues, interrupted contents and statements within statements need no rules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stance.evidence import Evidence, cue_rate, log_odds
from stance.mend import announced, mended
from stance.tag import BEGIN, END, OUTSIDE, SINGLE, AttributionModel, decode
from stance.text import quoted_spans, statement_kind
from stance.turns import Turn, turns
from stance.types import Cue, Doc, Span, Statement
from stance.windows import Pieces, around

if TYPE_CHECKING:
    import numpy as np

LEFT, RIGHT = 72, 96
"""Pieces seen before and after a cue at the most; 98.8% of attributions lie wholly within."""

MARKS = ('"', "\u201c", "'", "\u2018")
"""What a paragraph begins with that may be what the one before announced."""

NEAR = 4
"""Pieces around a marked word up to which its cue may reach."""

SPAN_PENALTY = 1.0
SHORT_SOURCES = 0.7
"""Nats by which a word must be likelier in the source than outside; without it, sources come out too long."""

MAX_SPANS = 3
EDGE = " \t\r\n,;:"

SURE_OF_TURN = 0.95
"""The score of a turn of a transcript, which no model has judged."""


class Linker:
    """The stage that fills `Doc.statements`.

    Args:
        model: the attribution model.
        min_score: statements scored lower are dropped; raising it trades recall for precision.
    """

    def __init__(self, model: AttributionModel, min_score: float = 0.0) -> None:
        self.model = model
        self.min_score = min_score

    def __call__(self, docs: list[Doc]) -> list[Doc]:
        linked = []
        for doc, proposed in zip(docs, self.propose(docs), strict=True):
            found = [replace(s, score=self.model.probability(evidence)) for s, evidence in proposed]
            found = _compatible(_distinct([s for s in found if s.score >= self.min_score]))
            quotes = quoted_spans(doc.article.text, doc.paragraphs)
            found = mended(doc, found, quotes, self.model.scope == "codebook")
            floating = [_floating(doc, cue) for cue in doc.cues if cue.floating and _is_free(cue, found)]
            found += [s for s in floating if s.score >= self.min_score]
            if self.model.scope == "codebook":
                found = in_turns(doc, found)
            linked.append(_finish(doc, found, quotes))
        return linked

    def propose(self, docs: Sequence[Doc]) -> list[list[tuple[Statement, Evidence]]]:
        """The statement of each cue that has a content, with what speaks for it; floating quotations left out."""
        pieces = self.model.pieces(docs)
        asked: list[tuple[int, Cue]] = [(i, cue) for i, doc in enumerate(docs) for cue in doc.cues if not cue.floating]
        quotes = [quoted_spans(doc.article.text, doc.paragraphs) for doc in docs]
        views = []
        for i, cue in asked:
            marked = pieces[i].covered(cue.span)
            views.append((i, room(docs[i], cue.span, pieces[i], marked, quotes[i]), marked))
        answers = _answers(pieces, views, self.model.scores(pieces, views))
        found: list[list[_Answer]] = [[] for _ in docs]
        for (i, cue), answer in zip(asked, answers, strict=True):
            content, edges = _content(docs[i], answer), answer.edges
            if not content and cue.score > 0.5:
                content, edges = announced(docs[i], cue.span, quotes[i]), 0.5
            # No attribution holds its own cue in its content (none of 23,000 annotated ones): the word was no cue.
            if content and not any(span.contains(answer.cue) for span in content):
                found[i].append(replace(answer, first_look=cue.score, content=content, edges=edges))
        return [self._weighed(doc, own, q) for doc, own, q in zip(docs, found, quotes, strict=True)]

    def _weighed(
        self, doc: Doc, answers: Sequence[_Answer], quotes: Sequence[Span]
    ) -> list[tuple[Statement, Evidence]]:
        text = doc.article.text
        likely = [span for answer in answers if answer.first_look > 0.5 for span in answer.content]
        weighed = []
        for own in answers:
            word = cue_rate(own.cue.text(text), self.model.rates) if self.model.rates else 0.5
            evidence = Evidence(
                first_look=log_odds(own.first_look),
                edges=log_odds(own.edges),
                source=log_odds(own.sure_of_source) if own.source else 0.0,
                no_source=float(own.source is None),
                cue_word=log_odds(word, 0.01),
                quoted=_overlap(own.content, quotes) / sum(map(len, own.content)),
                in_quotation=float(any(quote.contains(own.cue) for quote in quotes)),
                nested=float(any(span.contains(own.cue) for span in likely)),
            )
            weighed.append((Statement("", own.content, own.cue, own.source, "indirect"), evidence))
        return weighed


def room(doc: Doc, cue: Span, pieces: Pieces, marked: range, quotes: Sequence[Span]) -> range:
    """The window in which the second look reads: the cue's paragraph, and others where the content may go on there.

    98 to 99% of annotated attributions lie within a paragraph, and what lies beyond distracts from it: with two thirds
    fewer pieces, more sources and indirect contents are found.
    """
    widest = around(marked, len(pieces), LEFT, RIGHT)
    place = next((n for n, own in enumerate(doc.paragraphs) if own.start <= cue.start < own.end), None)
    if place is None:
        return widest
    text, (own, *after) = doc.article.text, doc.paragraphs[place : place + 2]
    read = [own, *(quote for quote in quotes if quote.overlaps(own))]
    if after and (own.text(text).endswith(":") or after[0].text(text).startswith(MARKS)):
        read.append(after[0])
    first = min(pieces.covered(span).start for span in read)
    last = max(pieces.covered(span).stop for span in read)
    return range(max(widest.start, min(first, marked.start)), min(widest.stop, max(last, marked.stop)))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the second look at one cue says; how sure it is, as probabilities."""

    cue: Span
    source: Span | None
    content: tuple[Span, ...]
    edges: float
    sure_of_source: float
    at_the_edge: bool
    """Whether the content reaches the first word of the window."""
    first_look: float = 0.0


def _answers(
    pieces: Sequence[Pieces], views: Sequence[tuple[int, range, range]], scores: Sequence[np.ndarray]
) -> list[_Answer]:
    import numpy as np

    heads = [np.array([p for p in window if pieces[i].heads[p]], dtype=int) for i, window, _ in views]
    own = [s[h - v[1].start] for s, h, v in zip(scores, heads, views, strict=True)]
    near = [(h >= v[2].start - NEAR) & (h < v[2].stop + NEAR) for h, v in zip(heads, views, strict=True)]
    outside = np.array([SHORT_SOURCES, 0, 0, 0, 0], np.float32)
    cues = decode([s[:, 0][n] for s, n in zip(own, near, strict=True)])
    sources = decode([s[:, 1] + outside for s in own], at_most_one=True)
    contents = decode([s[:, 2] for s in own], SPAN_PENALTY)
    answers = []
    for (i, _, marked), words, at, close, cue, source, content in zip(
        views, own, heads, near, cues, sources, contents, strict=True
    ):
        spans = [pieces[i].span(int(at[first]), int(at[last])) for first, last in content[:MAX_SPANS]]
        said_by = [pieces[i].span(int(at[first]), int(at[last])) for first, last in source]
        sure = [float((1 - np.exp(words[first : last + 1, 1, OUTSIDE])).mean()) for first, last in source]
        answers.append(
            _Answer(
                _cue(pieces[i], marked, at[close], cue),
                said_by[0] if said_by else None,
                tuple(spans),
                _least_edge(words[:, 2], content[:MAX_SPANS]),
                sure[0] if sure else 0.0,
                bool(content) and content[0][0] == 0,
            )
        )
    return answers


def _cue(pieces: Pieces, marked: range, at: np.ndarray, found: Sequence[tuple[int, int]]) -> Span:
    """The cue that the second look finds at the marked words, else these themselves."""
    for first, last in found:
        span = range(int(at[first]), int(at[last]) + 1)
        if span.start < marked.stop and marked.start < span.stop:
            return pieces.span(span.start, span.stop - 1)
    return pieces.span(marked.start, marked.stop - 1)


def _least_edge(scores: np.ndarray, spans: Sequence[tuple[int, int]]) -> float:
    """The probability of the least sure begin or end of the spans."""
    import numpy as np

    begins = [np.exp(scores[first, [BEGIN, SINGLE]].max()) for first, _ in spans]
    ends = [np.exp(scores[last, [END, SINGLE]].max()) for _, last in spans]
    return float(min([*begins, *ends], default=0.0))


def _content(doc: Doc, answer: _Answer) -> tuple[Span, ...]:
    """The content without separating commas; one cut at the window's edge begins with its sentence."""
    spans = list(answer.content)
    if answer.at_the_edge:
        start = min((s.start for s in doc.sentences if s.start <= spans[0].start < s.end), default=spans[0].start)
        spans[0] = Span(start, spans[0].end)
    trimmed = (_trim(span, doc.article.text) for span in spans)
    return tuple(span for span in trimmed if span is not None)


def _overlap(content: Sequence[Span], quotes: Sequence[Span]) -> int:
    """Characters of the content within quotation marks."""
    return sum(max(0, min(s.end, q.end) - max(s.start, q.start)) for s in content for q in quotes)


def _distinct(statements: Sequence[Statement]) -> list[Statement]:
    """One statement a cue: of several candidates that grew into the same words, the likeliest."""
    best: dict[Span | None, Statement] = {}
    for statement in statements:
        if statement.cue not in best or statement.score > best[statement.cue].score:
            best[statement.cue] = statement
    return list(best.values())


def _compatible(statements: Sequence[Statement]) -> list[Statement]:
    """Without statements that another rules out, whose source is the same and whose content holds their cue.

    What is said within a content has its source there, too (so in all of 265 annotated ones); of two that say
    otherwise one is wrong, most likely the one that is less sure.
    """
    return [s for s in statements if not any(_clash(s, o) and o.score > s.score for o in statements)]


def _clash(one: Statement, other: Statement) -> bool:
    if one.cue is None or other.cue is None or one.source is None or one.source != other.source:
        return False
    inner = any(span.contains(one.cue) for span in other.content)
    return inner or any(span.contains(other.cue) for span in one.content)


def _trim(span: Span, text: str) -> Span | None:
    """Without white space and separating commas at its edges."""
    start, end = span.start, span.end
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return Span(start, end) if start < end else None


def in_turns(doc: Doc, statements: Sequence[Statement]) -> list[Statement]:
    """The turns of a transcript as statements, and what others are said to have said in them.

    What the speaker of a turn says of their own words ("I would add that ...") is part of the turn.
    """
    text = doc.article.text
    found = turns(text, doc.paragraphs)
    said = [Statement("", turn.content, None, turn.label, "indirect", SURE_OF_TURN) for turn in found]
    return [*said, *(s for s in statements if not any(_is_turns_own(s, turn, text) for turn in found))]


def _is_turns_own(statement: Statement, turn: Turn, text: str) -> bool:
    source = statement.source
    if (source is not None and source.overlaps(turn.label)) or statement.extent.overlaps(turn.label):
        return True
    inside = any(span.overlaps(part) for span in statement.content for part in turn.content)
    first_person = source is None or re.match(r"(?:I|we|my|our)\b", source.text(text), re.IGNORECASE)
    return inside and bool(first_person)


def _floating(doc: Doc, quote: Cue) -> Statement:
    return Statement("", (quote.span,), None, None, "direct", quote.score)


def _is_free(quote: Cue, statements: Sequence[Statement]) -> bool:
    return not any(span.overlaps(quote.span) for s in statements for span in s.content)


def _finish(doc: Doc, statements: Sequence[Statement], quotes: Sequence[Span]) -> Doc:
    """Number the statements by their start, say how each is quoted, and tie those inside others to them."""
    text = doc.article.text
    ordered = sorted(statements, key=lambda s: (s.content[0], s.cue or s.content[0]))
    ordered = [
        replace(s, id=f"{doc.article.id}:{n}", kind=statement_kind(text, s.content, quotes))
        for n, s in enumerate(ordered, 1)
    ]
    return doc.with_statements(replace(s, parent=parent_of(s, ordered)) for s in ordered)


def parent_of(statement: Statement, others: Sequence[Statement]) -> str | None:
    """The smallest other statement whose content holds this one's cue and content."""
    if statement.cue is None:
        return None
    outer = [
        o
        for o in others
        if o.id != statement.id
        and any(span.contains(statement.cue) for span in o.content)
        and all(any(span.contains(part) for span in o.content) for part in statement.content)
    ]
    return min(outer, key=lambda o: sum(map(len, o.content))).id if outer else None
