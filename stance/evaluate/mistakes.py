"""Mistakes to read: each with gold beside predicted in context, the surest ones first."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from stance.errors import InputError
from stance.metrics import Alias, exact_content, in_order, match_statements, speaker_pairs, stances_by_target
from stance.types import Doc, Speaker, Statement

CONTEXT = 120
"""Characters shown before and after."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that gold and prediction do not agree on."""

    kind: str
    """missed statement, no statement, content, kind, speaker, missed target, no such target, stance."""
    confidence: float
    """How sure the model was of what it said; for what it missed, 1: nothing was said at all."""
    article: str
    start: int
    gold: str
    predicted: str
    content: str
    context: str


def mistakes(
    gold: Sequence[Doc], predicted: Sequence[Doc], alias: Alias | None = None, full: bool = True
) -> list[Mistake]:
    """All mistakes, grouped by kind, those of which the model was surest first.

    Args:
        gold: annotated articles.
        predicted: the same articles, labelled.
        alias: as for `metrics.articles`.
        full: also speakers and stances, not spans alone.
    """
    found: list[Mistake] = []
    for g, p in zip(gold, predicted, strict=True):
        left, right = in_order(g.statements), in_order(p.statements)
        pairs = match_statements(left, right)
        seen = {i for i, _ in pairs}, {j for _, j in pairs}
        found += [_alone(g, s, "missed statement", 1.0) for i, s in enumerate(left) if i not in seen[0]]
        found += [_alone(g, s, "no statement", s.score) for j, s in enumerate(right) if j not in seen[1]]
        for i, j in pairs:
            found += _spans(g, left[i], right[j])
            if full:
                found += _speakers(g, left[i], right[j], alias)
                found += _stances(g, left[i], right[j])
    return sorted(found, key=lambda m: (m.kind, -m.confidence, m.article, m.start))


def write_mistakes(
    path: str | Path, gold: Sequence[Doc], predicted: Sequence[Doc], alias: Alias | None = None, full: bool = True
) -> int:
    """Write all mistakes as CSV and return how many there are; see `mistakes`. InputError where that cannot be."""
    rows = mistakes(gold, predicted, alias, full)
    try:
        with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, [field.name for field in fields(Mistake)])
            writer.writeheader()
            writer.writerows({k: _cell(v) for k, v in asdict(row).items()} for row in rows)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}. Give another file with --errors.") from error
    return len(rows)


def _alone(doc: Doc, statement: Statement, kind: str, confidence: float) -> Mistake:
    shown = _shown(doc, statement)
    gold, predicted = (shown, "") if kind == "missed statement" else ("", shown)
    return _mistake(doc, statement, kind, confidence, gold, predicted)


def _spans(doc: Doc, gold: Statement, predicted: Statement) -> Iterator[Mistake]:
    text = doc.article.text
    if exact_content(gold.content, text) != exact_content(predicted.content, text):
        shown = gold.content_text(text), predicted.content_text(text)
        yield _mistake(doc, gold, "content", predicted.score, *shown)
    if gold.kind != predicted.kind:
        yield _mistake(doc, gold, "kind", predicted.score, gold.kind, predicted.kind)


def _speakers(doc: Doc, gold: Statement, predicted: Statement, alias: Alias | None) -> Iterator[Mistake]:
    pairs = speaker_pairs(gold.speakers, predicted.speakers, alias)
    if not len(pairs) == len(gold.speakers) == len(predicted.speakers):
        sure = max((s.score for s in predicted.speakers), default=0.0)
        yield _mistake(doc, gold, "speaker", sure, _names(gold.speakers), _names(predicted.speakers))


def _stances(doc: Doc, gold: Statement, predicted: Statement) -> Iterator[Mistake]:
    right, said = stances_by_target(gold), stances_by_target(predicted)
    for target in sorted(right.keys() | said.keys()):
        g, p = right.get(target), said.get(target)
        shown = f"{target}: {g.label}" if g else "", f"{target}: {p.label}" if p else ""
        if g is None and p is not None:
            yield _mistake(doc, gold, "no such target", p.confidence, *shown)
        elif p is None:
            yield _mistake(doc, gold, "missed target", 1.0, *shown)
        elif g is not None and g.label != p.label:
            yield _mistake(doc, gold, "stance", p.confidence, *shown)


def _mistake(doc: Doc, at: Statement, kind: str, confidence: float, gold: str, predicted: str) -> Mistake:
    text, extent = doc.article.text, at.extent
    context = text[max(0, extent.start - CONTEXT) : extent.end + CONTEXT]
    return Mistake(
        kind,
        round(float(confidence), 3),
        doc.article.id,
        extent.start,
        gold,
        predicted,
        at.content_text(text),
        " ".join(context.split()),
    )


def _shown(doc: Doc, statement: Statement) -> str:
    text = doc.article.text
    source = statement.source.text(text) if statement.source else "-"
    cue = statement.cue.text(text) if statement.cue else "-"
    return f"{source} | {cue} | {statement.content_text(text)}"


def _names(speakers: Sequence[Speaker]) -> str:
    return "; ".join(f"{s.name} ({s.kind})" for s in speakers)


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula is kept a text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
