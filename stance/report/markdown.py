"""A report as Markdown: a table for each block, and the statements behind each of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from stance.report.blocks import NOTES, Block, Row, headline, mark, numbers, origin, plural, without_position
from stance.report.positions import Positions
from stance.report.views import Section


def markdown(data: Positions, blocks: Sequence[Block], quotes: int) -> str:
    """The whole report.

    Args:
        data: what it is about.
        blocks: its positions, in order.
        quotes: statements shown for each position at the most.
    """
    lines = [f"# {headline(data)}", "", NOTES, ""]
    for block in (block for block in blocks if block.rows):
        about = ". ".join(part.rstrip(".") for part in (block.about, block.amount) if part)
        lines += [f"## {escape(block.title)}", "", f"{escape(about)}.", ""]
        lines += ["| | topic | favor | against | neutral | unsure | position |", "|---|---|---:|---:|---:|---:|---|"]
        for row in block.rows:
            counts = " | ".join(str(n) for n in row.position.counts.values())
            topic = escape(data.topic_label(row.position.topic))
            lines.append(f"| {escape(row.name)} | {topic} | {counts} | {numbers(row.position)} |")
        if block.touched:
            lines += ["", f"Topics touched without a position: {escape(block.touched)}."]
        if block.left_out:
            lines += ["", f"And {plural(block.left_out, 'more speaker')}."]
        lines.append("")
        if quotes:
            lines += [line for row in block.rows for line in _quotes(data, block, row, quotes)]
    if rest := without_position(blocks):
        lines += [escape(rest), ""]
    return "\n".join(lines)


def _quotes(data: Positions, block: Block, row: Row, quotes: int) -> list[str]:
    position = row.position
    aim = "" if block.title == position.target else f": {escape(data.proposition(position.target))}"
    lines = [f"**{escape(row.name)}**{aim}", ""]
    for evidence in position.evidence[:quotes]:
        cue = f"*{escape(evidence.cue)}* " if evidence.cue else ""
        where = " ".join(part for part in (escape(origin(evidence)), f"(`{evidence.place}`)") if part)
        lines.append(f"- {mark(evidence)}: {cue}{escape(evidence.quote)} — {where}")
    if len(position.evidence) > quotes:
        lines.append(f"- and {len(position.evidence) - quotes} more")
    return [*lines, ""]


def markdown_tables(title: str, sections: Sequence[Section]) -> str:
    """Tables of another view than positions.

    Args:
        title: of the whole.
        sections: its tables, in order.
    """
    lines = [f"# {escape(title)}", ""]
    for section in sections:
        lines += [f"## {escape(section.title)}", ""]
        lines += [escape(section.note), ""] if section.note else []
        if section.rows:
            lines += [f"| {' | '.join(map(escape, section.columns))} |", f"|{'---|' * len(section.columns)}"]
            lines += [f"| {' | '.join(map(escape, row))} |" for row in section.rows]
        else:
            lines.append("None.")
        lines += ["", f"And {section.left_out:,} more."] if section.left_out else []
        lines.append("")
    return "\n".join(lines)


def escape(text: str) -> str:
    """The same text without what Markdown would read as markup."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text
