"""A report in the terminal: a line for each position, and under it the statements behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.report.blocks import NOTES, Block, Row, headline, mark, numbers, origin, plural, without_position
from stance.report.evidence import Evidence
from stance.report.positions import Position, Positions
from stance.report.views import Section

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES = {"favor": "green", "against": "red", "neutral": "yellow", "unsure": "dim"}
SCALE = 21
"""Characters of the scale from -1 to 1."""

NAME = 34
"""Characters of a row's name at the most."""


def table(data: Positions, blocks: Sequence[Block], console: Console, quotes: int) -> None:
    """Write a report to a console.

    Args:
        data: what the report is about.
        blocks: its positions, in order.
        console: where to.
        quotes: statements shown for each position at the most.
    """
    from rich.text import Text

    console.print(Text(headline(data), style="bold"))
    console.print(Text(NOTES, style="dim"))
    for block in (block for block in blocks if block.rows):
        console.print()
        console.print(
            Text.assemble(
                (block.title, "bold cyan"), f"  {block.about}" if block.about else "", (f"  {block.amount}", "dim")
            )
        )
        wide = min(NAME, max(len(row.name) for row in block.rows))
        heads = "".join(f"{label:>9}" for label in STYLES)
        console.print(Text(f"  {'':{wide}}{heads}   {'-1':{SCALE // 2}}0{'+1':>{SCALE // 2}}", "dim"), soft_wrap=True)
        for row in block.rows:
            console.print(_line(row, wide), soft_wrap=True)
            for evidence in row.position.evidence[:quotes]:
                _quote(evidence, console)
            if 0 < quotes < len(row.position.evidence):
                console.print(Text(f"    and {len(row.position.evidence) - quotes} more", "dim"))
        if block.touched:
            console.print(Text(f"  topics touched without a position: {block.touched}", "dim"))
        if block.left_out:
            console.print(Text(f"  and {plural(block.left_out, 'more speaker')}", "dim"))
    if rest := without_position(blocks):
        console.print(Text(f"\n{rest}", "dim"))


def tables(title: str, sections: Sequence[Section], console: Console) -> None:
    """Write the tables of another view than positions to a console.

    Args:
        title: of the whole.
        sections: its tables, in order.
        console: where to.
    """
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console.print(Text(title, style="bold"))
    for section in sections:
        console.print(Text(f"\n{section.title}", "bold cyan"))
        if section.note:
            console.print(Text(section.note, "dim"))
        if not section.rows:
            console.print("  none")
            continue
        drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for column in section.columns:
            drawn.add_column(Text(column))
        for row in section.rows:
            drawn.add_row(*map(Text, row))
        console.print(Padding(drawn, (0, 0, 0, 2)))
        if section.left_out:
            console.print(Text(f"  and {section.left_out:,} more", "dim"))


def _line(row: Row, wide: int) -> Text:
    from rich.text import Text

    name = row.name if len(row.name) <= wide else row.name[: wide - 1] + "…"
    line = Text.assemble("  ", (f"{name:{wide}}", "bold"))
    for label, number in row.position.counts.items():
        line.append(f"{number or '·':>9}", STYLES[label] if number else "dim")
    return line.append(f"   {scale(row.position)}  {numbers(row.position)}", "dim" if row.position.few else "")


def scale(position: Position) -> str:
    """The interval and the mean drawn between -1 and 1.

    >>> scale(Position("trees", "more-trees"))
    '          ·          '
    """
    marks = [" "] * SCALE
    marks[SCALE // 2] = "·"
    if position.mean is not None and position.interval is not None:
        ends = (position.interval[0], position.mean, position.interval[1])
        low, mean, high = (round((x + 1) / 2 * (SCALE - 1)) for x in ends)
        marks[low : high + 1] = "─" * (high + 1 - low)
        marks[mean] = "●"
    return "".join(marks)


def _quote(evidence: Evidence, console: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    line = Text.assemble(
        (f"{mark(evidence)}  ", STYLES["unsure" if evidence.abstained else evidence.label]),
        (f"{evidence.cue}: " if evidence.cue else "", "magenta"),
        evidence.quote,
        ("  " + "  ".join(part for part in (origin(evidence), evidence.place) if part), "dim"),
    )
    console.print(Padding(line, (0, 0, 0, 4)))
