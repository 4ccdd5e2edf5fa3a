"""What looks wrong in annotated articles: said before an hour of training is spent on it, article by article.

Nothing is refused here. An annotator who meant it so may leave it so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.text import paragraphs, quoted_spans, statement_kind
from stance.train.refuse import alike
from stance.types import LABELS, Doc, Span, Statement

KINDS = {
    "copies": "Articles that are nearly the same: keep one, or they count twice",
    "repeats": "Statements annotated twice: same words, same place",
    "contradictions": "Same cue, same words, same target, another stance: one is wrong, or both are unsure",
    "edges": "Offsets that cut a word, or begin or end with a space: drag the mark to whole words",
    "kinds": "Kinds that do not fit the quotation marks",
    "labels": "Stances that the other articles speak against (cross-validation): look again",
    "missing": "Targets that the model is sure of and nobody has marked: look again",
    "statements": "Statements that the model is sure of and nobody has marked: look again",
    "few": "Too few to learn from, or to measure",
}
"""Kinds of doubts, in the order in which they are told."""

FEW_LABELS = 10
FEW_TARGET = 3
LONG = 60
"""Characters of a statement that are shown."""


@dataclass(frozen=True, slots=True)
class Doubt:
    kind: str
    """One of `KINDS`."""
    article: str
    """Its id; "" where it is about all of them."""
    what: str


def doubts(docs: Sequence[Doc]) -> list[Doubt]:
    """All doubts that need no model."""
    found = [*_copies(docs), *_contradictions(docs), *_few(docs)]
    for doc in docs:
        found += [*_repeats(doc), *_edges(doc), *_kinds(doc)]
    return found


def shown(statement: Statement, text: str) -> str:
    """The beginning of what a statement says."""
    content = " ".join(statement.content_text(text).split())
    return f"“{content}”" if len(content) <= LONG else f"“{content[:LONG]}…”"


def _copies(docs: Sequence[Doc]) -> Iterator[Doubt]:
    for first, second in alike([doc.article.text for doc in docs]):
        yield Doubt("copies", docs[second].article.id, f"like {docs[first].article.id}")


def _repeats(doc: Doc) -> Iterator[Doubt]:
    seen: dict[tuple[tuple[Span, ...], Span | None], Statement] = {}
    for statement in doc.statements:
        if (statement.content, statement.cue) in seen:
            yield Doubt("repeats", doc.article.id, shown(statement, doc.article.text))
        seen[statement.content, statement.cue] = statement


def _contradictions(docs: Sequence[Doc]) -> Iterator[Doubt]:
    said: defaultdict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for doc in docs:
        for statement in doc.statements:
            cue = statement.cue.text(doc.article.text) if statement.cue else ""
            text = f"{cue} {statement.content_text(doc.article.text)}"
            words = " ".join(re.findall(r"\w+", text.casefold()))
            for stance in statement.stances:
                if stance.target:
                    told = shown(statement, doc.article.text)
                    said[words, stance.target].append((stance.label, doc.article.id, told))
    for (_, target), several in said.items():
        first = several[0]
        for label, article, told in several[1:]:
            if label != first[0]:
                yield Doubt("contradictions", article, f"{target}: {label} here, {first[0]} in {first[1]}: {told}")


def _edges(doc: Doc) -> Iterator[Doubt]:
    text = doc.article.text
    for statement in doc.statements:
        parts = [("content", span) for span in statement.content]
        parts += [(name, span) for name, span in (("cue", statement.cue), ("source", statement.source)) if span]
        for name, span in parts:
            own = span.text(text)
            cut = _inside_word(text, span.start) or _inside_word(text, span.end)
            if cut or own != own.strip():
                at = text[max(0, span.start - 12) : span.start], own[:40], text[span.end : span.end + 12]
                shown_at = " ".join("{}[{}]{}".format(*at).split())
                yield Doubt("edges", doc.article.id, f"{name} at {span.start}–{span.end}: {shown_at}")


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _kinds(doc: Doc) -> Iterator[Doubt]:
    marks = quoted_spans(doc.article.text, paragraphs(doc.article.text))
    for statement in doc.statements:
        fits = statement_kind(doc.article.text, statement.content, marks)
        if {fits, statement.kind} == {"direct", "indirect"}:
            yield Doubt(
                "kinds", doc.article.id, f"{statement.kind}, by its marks {fits}: {shown(statement, doc.article.text)}"
            )


def _few(docs: Sequence[Doc]) -> Iterator[Doubt]:
    stances = [s for doc in docs for statement in doc.statements for s in statement.stances if s.target]
    labels = Counter(stance.label for stance in stances)
    for label in LABELS:
        if labels[label] < FEW_LABELS:
            yield Doubt("few", "", f"{labels[label]} stances are {label}; {FEW_LABELS} or more would be learned from")
    targets = Counter(str(stance.target) for stance in stances)
    if rare := sorted(target for target, count in targets.items() if count < FEW_TARGET):
        yield Doubt("few", "", f"targets with fewer than {FEW_TARGET} stances: {', '.join(rare)}")
    if empty := [doc.article.id for doc in docs if not doc.statements]:
        yield Doubt("few", "", f"articles without any statement (meant so, or not annotated?): {', '.join(empty)}")
