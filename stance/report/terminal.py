"""A report in the terminal: a line for each position, and under it the statements behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.report.blocks import Block, Row, mark, numbers, origin, telling, together, words_of
from stance.report.evidence import Evidence
from stance.report.page import Page
from stance.report.positions import Position
from stance.report.views import Section

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES = {"favor": "green", "against": "red", "neutral": "yellow", "unsure": "dim"}
SCALE = 21
"""Characters of the scale from -1 to 1."""

NAME = 34
"""Characters of a row's name at the most."""

HEAD = 12
"""Characters of a column's head from which it is broken at its hyphens."""


def draw(page: Page, console: Console) -> None:
    """Write a report to a console."""
    from rich.text import Text

    console.print(Text(page.title, style="bold"))
    for line in page.lines:
        console.print(Text(line, "dim"))
    for section in page.before:
        _section(section, console)
    for block in (block for block in page.blocks if block.rows):
        _block(block, page.quotes, console)
    for section in page.after:
        _section(section, console)
    if page.legend:
        console.print(Text("\nTargets", "bold cyan"))
        for name, proposition in page.legend:
            indented(Text.assemble((name, "bold"), f"  {proposition}"), 2, console)
    if page.notes:
        console.print()
    for note in page.notes:
        console.print(Text(note, "dim"))


def _block(block: Block, quotes: int, console: Console) -> None:
    from rich.text import Text

    console.print()
    about = f"  {block.about}" if block.about else ""
    indented(Text.assemble((block.title, "bold cyan"), about, (f"  {block.amount}", "dim")), 0, console)
    wide = min(NAME, max(len(row.name) for row in block.rows))
    heads = "".join(f"{label:>9}" for label in STYLES)
    console.print(Text(f"  {'':{wide}}{heads}   {'-1':{SCALE // 2}}0{'+1':>{SCALE // 2}}", "dim"), soft_wrap=True)
    for row in block.rows:
        console.print(_line(row, wide), soft_wrap=True)
        for evidence in telling(row.position, quotes):
            indented(_quote(evidence, row.holder), 4, console)
    if block.touched:
        indented(Text(f"topics touched without a position: {block.touched}", "dim"), 2, console)
    if block.left_out:
        indented(Text(block.left_out, "dim"), 2, console)


def _section(section: Section, console: Console) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console.print(Text(f"\n{section.title}", "bold cyan"))
    if section.note:
        console.print(Text(section.note, "dim"))
    if not section.rows:
        console.print("  none")
        return
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in section.columns:
        drawn.add_column(Text(column.replace("-", "-\n") if len(column) > HEAD else column), vertical="top")
    for row in section.rows:
        drawn.add_row(*map(Text, row))
    console.print(Padding(drawn, (0, 0, 0, 2), expand=False))
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


def _quote(evidence: Evidence, holder: str) -> Text:
    from rich.text import Text

    cue = words_of(evidence)
    return Text.assemble(
        (mark(evidence), STYLES[evidence.state]),
        (f"{together(evidence, holder)}  ", "dim"),
        (f"{cue}: " if cue else "", "magenta"),
        evidence.quote,
        ("  " + "  ".join(part for part in (origin(evidence), evidence.place) if part), "dim"),
    )


def indented(text: Text, by: int, console: Console) -> None:
    """Wrapped, each line after as many spaces, and none at its end."""
    from rich.text import Text

    for line in text.wrap(console, console.width - by):
        line.rstrip()
        console.print(Text(" " * by).append_text(line), soft_wrap=True)
