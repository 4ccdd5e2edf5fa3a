"""What a reader is shown, in order: what it is of, tables, positions with their statements, and how to read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stance.report.blocks import NOTES, Block, by_speaker, by_target, counted, headline, plural, without_position
from stance.report.compare import Comparison
from stance.report.positions import Positions
from stance.report.views import Section, agreement, change, comparison, matrix

View = Literal["positions", "summary", "change", "agreement"]

SPEAKERS, TARGETS = 10, 8
"""Speakers, and targets of each, in a report of a whole run; speakers told of in its prose."""

ROWS = 20
"""Rows of any other table."""

FRIENDS = 8
"""Those who agree with a speaker most, and least."""


@dataclass(frozen=True, slots=True)
class Look:
    """How much a reader is shown; forms for other programs hold everything."""

    view: View = "positions"
    top: int | None = None
    """Speakers, or rows of a table; None for as many as one can read."""
    quotes: int | None = None
    """Statements of a position; None for 1, or 2 where the report is about one speaker or topic."""
    summarizer: Path | None = None
    """Folder of a language model that writes summaries."""


@dataclass(frozen=True, slots=True)
class Page:
    """A report for reading."""

    title: str
    lines: tuple[str, ...] = ()
    """What it is made of."""
    before: tuple[Section, ...] = ()
    blocks: tuple[Block, ...] = ()
    quotes: int = 0
    """Statements shown for each position at the most."""
    after: tuple[Section, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    """Targets shown, and what they are for or against."""
    notes: tuple[str, ...] = ()


def page(data: Positions, look: Look) -> Page:
    """The report that a view asks for; summaries are made by `stance.report.prose`.

    One topic is shown by its targets, and who stands where on each; one speaker with all of his or her targets, their
    change, and who agrees; a whole run by a matrix and those who speak most.
    """
    rows, asked = look.top or ROWS, data.filters
    if not data.total.evidence:
        spoken = by_speaker(data, look.top or SPEAKERS)
        return Page(headline(data), scope(data), notes=tuple(_rest(data, spoken)))
    if look.view == "change":
        return Page(headline(data), scope(data), after=tuple(change(data, rows)))
    if look.view == "agreement":
        return Page(headline(data), scope(data), after=tuple(agreement(data, rows)))
    quotes = look.quotes if look.quotes is not None else 2 if asked.speaker or asked.topic else 1
    if asked.topic and not asked.speaker:
        blocks = by_target(data, rows)
        return Page(headline(data), scope(data), blocks=tuple(blocks), quotes=quotes, notes=NOTES)
    whole = not asked.speaker
    blocks = by_speaker(data, look.top or (SPEAKERS if whole else ROWS), TARGETS if whole else None)
    before = [matrix(data, look.top or SPEAKERS)] if whole else []
    after = [] if whole else [s for s in (*change(data, rows), *agreement(data, FRIENDS)) if s.rows]
    return Page(
        headline(data),
        scope(data),
        tuple(before),
        tuple(blocks),
        quotes,
        tuple(after),
        _legend(data, blocks),
        (*_rest(data, blocks), *NOTES),
    )


def comparison_page(found: Comparison, look: Look) -> Page:
    """Two sides next to each other."""
    lines = [f"{name}: {scope(side)[0]}" for name, side in zip(found.names, found.data, strict=True)]
    if asked := found.filters.described:
        lines.append(f"Only {asked}.")
    if found.shared:
        lines.append(f"{plural(found.shared, 'statement')} of both.")
    tables = comparison(found, look.top or ROWS)
    return Page(" and ".join(found.names), tuple(lines), after=tuple(tables))


def scope(data: Positions) -> tuple[str, ...]:
    """How much was counted, and what was asked for."""
    said = data.total.said
    outlets, days = {s.outlet for s in said if s.outlet}, sorted(s.date for s in said if s.date)
    parts = [plural(len(said), "statement")]
    parts += [f"from {plural(len(outlets), 'outlet') if len(outlets) > 1 else outlets.pop()}"] if outlets else []
    parts += [f"{days[0]} to {days[-1]}" if days[0] != days[-1] else days[0]] if days else []
    parts += [f"{plural(data.copies, 'repetition')} in other articles not counted"] if data.copies else []
    lines = [", ".join(parts) + "."]
    if asked := data.filters.described:
        lines.append(f"Only {asked}.")
    if data.filters.speaker and data.by == "speaker" and len(data.speakers) > 1:
        names = [f"{row.name} ({row.id}, {plural(row.statements, 'statement')})" for row in data.speakers[:FRIENDS]]
        lines.append(f"{len(data.speakers)} rows match: {'; '.join(names)}. One of them alone: --speaker ID.")
    if not data.total.evidence:
        lines.append("No statement bears on a topic, so there is no position to show.")
    if data.undated:
        lines.append(f"{plural(data.undated, 'statement')} without a date left out.")
    return tuple(lines)


def _legend(data: Positions, blocks: Sequence[Block]) -> tuple[tuple[str, str], ...]:
    shown = {row.name: row.position.target for block in blocks for row in block.rows}
    return tuple((name, data.proposition(target)) for name, target in sorted(shown.items()))


def _rest(data: Positions, blocks: Sequence[Block]) -> list[str]:
    """What is not in the blocks."""
    lines = [without_position(blocks)]
    if more := len(data.speakers) - len(blocks):
        lines.append(f"{counted(data, more, 'more ')}: --top {len(data.speakers)}, or --speaker NAME.")
    if data.unknown.said:
        lines.append(f"{data.unknown.name}: {plural(data.unknown.statements, 'statement')}.")
    return [line for line in lines if line]
