"""Makes statements: for each cue, its own source and content.

The attribution model looks a second time at a window around each cue, with the cue marked, and tags the source and
the content that belong to it. Each cue is asked on its own, so several attributions in a sentence, one source for
several cues, interrupted contents and statements within statements need no rules of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stance.tag import AttributionModel, decode
from stance.text import quoted_spans, statement_kind
from stance.types import Cue, Doc, Span, Statement
from stance.windows import Pieces, around, cut

if TYPE_CHECKING:
    import numpy as np

LEFT, RIGHT = 72, 96
"""Pieces seen before and after a cue; 98.8% of attributions lie wholly within. A model works with the window that it
was trained with only: it knows the cue by its place, too."""

SPAN_PENALTY = 1.0
SHORT_SOURCES = 0.7
"""Nats by which a word must be likelier in the source than outside; without it, sources come out too long."""

MAX_SPANS = 3
EDGE = " \t\r\n,;:"


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
        pieces = [cut(doc.article.text, doc.paragraphs, self.model.tokenizer) for doc in docs]
        asked: list[tuple[int, Cue]] = [(i, cue) for i, doc in enumerate(docs) for cue in doc.cues if not cue.floating]
        views = []
        for i, cue in asked:
            marked = pieces[i].covered(cue.span)
            views.append((i, around(marked, len(pieces[i]), LEFT, RIGHT), marked))
        found: list[list[Statement]] = [[] for _ in docs]
        scores = self.model.scores(pieces, views)
        for (i, _), statement in zip(asked, _statements(docs, pieces, asked, views, scores), strict=True):
            if statement is not None:
                found[i].append(replace(statement, score=self.model.probability(statement.score)))
        for i, doc in enumerate(docs):
            found[i] += [_floating(doc, cue) for cue in doc.cues if cue.floating and _is_free(cue, found[i])]
        kept = [[s for s in statements if s.score >= self.min_score] for statements in found]
        return [_finish(doc, statements) for doc, statements in zip(docs, kept, strict=True)]


def _statements(
    docs: Sequence[Doc],
    pieces: Sequence[Pieces],
    asked: Sequence[tuple[int, Cue]],
    views: Sequence[tuple[int, range, range]],
    scores: Sequence[np.ndarray],
) -> list[Statement | None]:
    import numpy as np

    heads = [np.array([p for p in window if pieces[i].heads[p]], dtype=int) for i, window, _ in views]
    own = [s[h - v[1].start] for s, h, v in zip(scores, heads, views, strict=True)]
    outside = np.array([SHORT_SOURCES, 0, 0, 0, 0], np.float32)
    sources = decode([s[:, 1] + outside for s in own], at_most_one=True)
    contents = decode([s[:, 2] for s in own], SPAN_PENALTY)
    statements: list[Statement | None] = []
    for (i, cue), view, words, at, source, content in zip(asked, views, own, heads, sources, contents, strict=True):
        text = docs[i].article.text
        spans = [pieces[i].span(int(at[a]), int(at[b])) for a, b in content[:MAX_SPANS]]
        if content and content[0][0] == 0:
            spans[0] = _from_sentence_start(docs[i], spans[0])
        spans = [t for s in spans if (t := _trim(s, text)) is not None]
        if not spans:
            statements.append(None)
            continue
        is_cue = np.isin(at, [p for p in view[2] if pieces[i].heads[p]])
        second = float((1 - np.exp(words[is_cue, 0, 0])).mean()) if is_cue.any() else 0.0
        said_by = pieces[i].span(int(at[source[0][0]]), int(at[source[0][1]])) if source else None
        statements.append(Statement("", tuple(spans), cue.span, said_by, "indirect", (cue.score + second) / 2))
    return statements


def _from_sentence_start(doc: Doc, span: Span) -> Span:
    """A content that reaches the window's edge, from where its sentence begins."""
    start = min((s.start for s in doc.sentences if s.start <= span.start < s.end), default=span.start)
    return Span(start, span.end)


def _trim(span: Span, text: str) -> Span | None:
    """Without white space and separating commas at its edges."""
    start, end = span.start, span.end
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return Span(start, end) if start < end else None


def _floating(doc: Doc, quote: Cue) -> Statement:
    return Statement("", (quote.span,), None, None, "direct", quote.score)


def _is_free(quote: Cue, statements: Sequence[Statement]) -> bool:
    return not any(span.overlaps(quote.span) for s in statements for span in s.content)


def _finish(doc: Doc, statements: Sequence[Statement]) -> Doc:
    """Number the statements by their start, say how each is quoted, and tie those inside others to them."""
    text = doc.article.text
    quotes = quoted_spans(text, doc.paragraphs)
    ordered = sorted(statements, key=lambda s: (s.content[0], s.cue or s.content[0]))
    ordered = [
        replace(s, id=f"{doc.article.id}:{n}", kind=statement_kind(text, s.content, quotes))
        for n, s in enumerate(ordered, 1)
    ]
    return doc.with_statements(replace(s, parent=_parent(s, ordered)) for s in ordered)


def _parent(statement: Statement, others: Sequence[Statement]) -> str | None:
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
