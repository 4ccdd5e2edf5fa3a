"""A report as Markdown: a table for each block, and the statements behind each of its rows."""

from __future__ import annotations

import re

from stance.report.blocks import Block, Row, mark, numbers, origin, telling, together, words_of
from stance.report.evidence import Evidence
from stance.report.page import Page
from stance.report.views import Section

NUMBERS = re.compile(r"[-+–\d.,\[\] ]+(?: few)?(?: \*)?")


def markdown(page: Page) -> str:
    """The whole report."""
    lines = [f"# {escape(page.title)}", ""]
    for line in page.lines:
        lines += [escape(line), ""]
    for section in page.before:
        lines += _section(section)
    for block in (block for block in page.blocks if block.rows):
        lines += _block(block, page.quotes)
    for section in page.after:
        lines += _section(section)
    if page.legend:
        lines += ["## Targets", ""]
        lines += [f"- **{escape(name)}**: {escape(proposition)}" for name, proposition in page.legend]
        lines.append("")
    lines += ["## How to read it", ""] if page.notes else []
    lines += [f"- {escape(note)}" for note in page.notes]
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(block: Block, quotes: int) -> list[str]:
    about = ". ".join(part.rstrip(".") for part in (block.about, block.amount) if part)
    lines = [f"## {escape(block.title)}", "", f"{escape(about)}.", ""]
    lines += ["| | favor | against | neutral | unsure | articles | position |", "|---|---:|---:|---:|---:|---:|---|"]
    for row in block.rows:
        counts = " | ".join(str(n) for n in (*row.position.counts.values(), row.position.articles))
        lines.append(f"| {escape(row.name)} | {counts} | {numbers(row.position)} |")
    if block.touched:
        lines += ["", f"Topics touched without a position: {escape(block.touched)}."]
    if block.left_out:
        lines += ["", f"{escape(block.left_out[0].upper() + block.left_out[1:])}."]
    lines.append("")
    if quotes:
        for row in block.rows:
            lines += [f"**{escape(row.name)}**", ""]
            lines += [_quote(evidence, row) for evidence in telling(row.position, quotes)]
            lines.append("")
    return lines


def _quote(evidence: Evidence, row: Row) -> str:
    cue = f"*{escape(words)}* " if (words := words_of(evidence)) else ""
    where = " ".join(part for part in (escape(origin(evidence)), f"(`{evidence.place}`)") if part)
    return f"- {mark(evidence)}{escape(together(evidence, row.holder))}: {cue}{escape(evidence.quote)} — {where}"


def _section(section: Section) -> list[str]:
    lines = [f"## {escape(section.title)}", ""]
    lines += [escape(section.note), ""] if section.note else []
    if section.rows:
        lines += [f"| {' | '.join(map(escape, section.columns))} |", f"|{'---|' * len(section.columns)}"]
        lines += [f"| {' | '.join(map(_cell, row))} |" for row in section.rows]
    else:
        lines.append("None.")
    lines += ["", f"And {section.left_out:,} more."] if section.left_out else []
    return [*lines, ""]


def _cell(text: str) -> str:
    """Numbers as they are: brackets around them are no links."""
    return text.replace("*", "\\*") if NUMBERS.fullmatch(text) else escape(text)


def escape(text: str) -> str:
    """The same text without what Markdown would read as markup."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text
