"""Mistakes to read: each with gold beside predicted in context, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stance.evaluate.pairs import PairRow, Probs
from stance.metrics import Alias, exact_content, in_order, match_statements, speaker_pairs, stances_by_target
from stance.types import Doc, Span, Speaker, Statement

CONTEXT = 160
"""Characters shown before and after."""

KINDS = {
    "flipped stance": "favor where gold has against, or the reverse",
    "side invented": "a side where gold is neutral",
    "side missed": "neutral where gold takes a side",
    "invented target": "a target that gold does not list",
    "missed target": "a target of gold that nothing was said of",
    "wrong speaker": "a speaker too many, too few, or another",
    "invented statement": "no statement of gold shares half of its characters",
    "missed statement": "no prediction shares half of its characters",
    "wrong extent": "a matched statement with another content",
    "wrong kind": "direct, mixed and indirect taken for each other",
    "wrong source": "a matched statement with another source",
    "wrong cue": "a matched statement with another cue",
}
"""Kinds of mistakes, the worst for a reader of reports first."""
PARTS = {"articles": ("speakers", "stances"), "speakers": ("speakers",), "attribution": ("spans",)}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that gold and prediction do not agree on."""

    kind: str
    """One of `KINDS`."""
    confidence: float
    """How sure the model was of what it said; for what it missed, 1: nothing was said at all."""
    article: str
    start: int
    gold: str
    predicted: str
    content: str
    context: str
    gold_marks: tuple[tuple[int, int], ...] = ()
    """Gold content in the context, as offsets into it."""
    predicted_marks: tuple[tuple[int, int], ...] = ()


def mistakes(
    gold: Sequence[Doc], predicted: Sequence[Doc], alias: Alias | None = None, kind: str = "articles"
) -> list[Mistake]:
    """All mistakes, by kind the worst first, and within a kind those of which the model was surest.

    Args:
        gold: annotated articles.
        predicted: the same articles, labelled.
        alias: as for `metrics.articles`.
        kind: the task's: whether speakers, stances, and the spans of source and cue are looked at.
    """
    parts = PARTS[kind]
    found: list[Mistake] = []
    for g, p in zip(gold, predicted, strict=True):
        left, right = in_order(g.statements), in_order(p.statements)
        pairs = match_statements(left, right)
        seen = {i for i, _ in pairs}, {j for _, j in pairs}
        found += [_alone(g, s, "missed statement", 1.0) for i, s in enumerate(left) if i not in seen[0]]
        found += [_alone(g, s, "invented statement", s.score) for j, s in enumerate(right) if j not in seen[1]]
        for i, j in pairs:
            found += _extent(g, left[i], right[j])
            if "spans" in parts:
                found += _spans(g, left[i], right[j])
            if "speakers" in parts:
                found += _speakers(g, left[i], right[j], alias)
            if "stances" in parts:
                found += _stances(g, left[i], right[j])
    return sorted(found, key=_order)


def wrong_labels(rows: Sequence[PairRow], labels: Sequence[str], probs: Sequence[Probs]) -> list[Mistake]:
    """The mistakes on rows of text and target; their article is the row's number."""
    found = []
    for number, (row, label, own) in enumerate(zip(rows, labels, probs, strict=True), 1):
        if label != row.label:
            shown = f"{row.target}: {row.label}", f"{row.target}: {label}"
            sure = round(max(own), 3)
            found.append(Mistake(_stance_kind(row.label, label), sure, f"row {number}", 0, *shown, row.text, row.text))
    return sorted(found, key=_order)


def _order(mistake: Mistake) -> tuple[int, float, str, int]:
    return [*KINDS].index(mistake.kind), -mistake.confidence, mistake.article, mistake.start


def _stance_kind(gold: str, predicted: str) -> str:
    if "neutral" not in (gold, predicted):
        return "flipped stance"
    return "side invented" if gold == "neutral" else "side missed"


def _alone(doc: Doc, statement: Statement, kind: str, confidence: float) -> Mistake:
    shown = _shown(doc, statement)
    if kind == "missed statement":
        return _mistake(doc, statement, None, kind, confidence, shown, "")
    return _mistake(doc, None, statement, kind, confidence, "", shown)


def _extent(doc: Doc, gold: Statement, predicted: Statement) -> Iterator[Mistake]:
    text = doc.article.text
    if exact_content(gold.content, text) != exact_content(predicted.content, text):
        shown = gold.content_text(text), predicted.content_text(text)
        yield _mistake(doc, gold, predicted, "wrong extent", predicted.score, *shown)
    if gold.kind != predicted.kind:
        yield _mistake(doc, gold, predicted, "wrong kind", predicted.score, gold.kind, predicted.kind)


def _spans(doc: Doc, gold: Statement, predicted: Statement) -> Iterator[Mistake]:
    text = doc.article.text
    for name in ("source", "cue"):
        g, p = getattr(gold, name), getattr(predicted, name)
        if exact_content((g,) if g else (), text) != exact_content((p,) if p else (), text):
            shown = g.text(text) if g else "", p.text(text) if p else ""
            yield _mistake(doc, gold, predicted, f"wrong {name}", predicted.score, *shown)


def _speakers(doc: Doc, gold: Statement, predicted: Statement, alias: Alias | None) -> Iterator[Mistake]:
    pairs = speaker_pairs(gold.speakers, predicted.speakers, alias)
    if not len(pairs) == len(gold.speakers) == len(predicted.speakers):
        sure = max((s.score for s in predicted.speakers), default=0.0)
        shown = _names(gold.speakers), _names(predicted.speakers)
        yield _mistake(doc, gold, predicted, "wrong speaker", sure, *shown)


def _stances(doc: Doc, gold: Statement, predicted: Statement) -> Iterator[Mistake]:
    right, said = stances_by_target(gold), stances_by_target(predicted)
    for target in sorted(right.keys() | said.keys()):
        g, p = right.get(target), said.get(target)
        shown = f"{target}: {g.label}" if g else "", f"{target}: {p.label}" if p else ""
        if g is None and p is not None:
            yield _mistake(doc, gold, predicted, "invented target", p.confidence, *shown)
        elif p is None:
            yield _mistake(doc, gold, predicted, "missed target", 1.0, *shown)
        elif g is not None and g.label != p.label:
            yield _mistake(doc, gold, predicted, _stance_kind(g.label, p.label), p.confidence, *shown)


def _mistake(
    doc: Doc, gold: Statement | None, predicted: Statement | None, kind: str, sure: float, *shown: str
) -> Mistake:
    text = doc.article.text
    there = [s for s in (gold, predicted) if s is not None]
    start = max(0, min(s.extent.start for s in there) - CONTEXT)
    end = max(s.extent.end for s in there) + CONTEXT
    return Mistake(
        kind,
        round(float(sure), 3),
        doc.article.id,
        there[0].extent.start,
        shown[0],
        shown[1],
        there[0].content_text(text),
        text[start:end],
        _marks(gold, start),
        _marks(predicted, start),
    )


def _marks(statement: Statement | None, start: int) -> tuple[tuple[int, int], ...]:
    spans: tuple[Span, ...] = statement.content if statement else ()
    return tuple((span.start - start, span.end - start) for span in spans)


def _shown(doc: Doc, statement: Statement) -> str:
    text = doc.article.text
    source = statement.source.text(text) if statement.source else "-"
    cue = statement.cue.text(text) if statement.cue else "-"
    return f"{source} | {cue} | {statement.content_text(text)}"


def _names(speakers: Sequence[Speaker]) -> str:
    return "; ".join(f"{s.name} ({s.kind})" for s in speakers)
