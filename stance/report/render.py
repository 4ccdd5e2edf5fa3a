"""Positions as a terminal table, as Markdown and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stance.report.positions import FEW, Evidence, Position, Positions, SpeakerPositions

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

STYLES = {"favor": "green", "against": "red", "neutral": "yellow", "unsure": "dim"}
SCALE = 21
"""Characters of the scale from -1 to 1."""


def scale(position: Position) -> str:
    """The interval and the mean drawn between -1 and 1.

    >>> scale(Position("t", "t"))
    '          ·          '
    """
    marks = [" "] * SCALE
    marks[SCALE // 2] = "·"
    if position.mean is not None and position.interval is not None:
        low, mean, high = (
            round((x + 1) / 2 * (SCALE - 1)) for x in (position.interval[0], position.mean, position.interval[1])
        )
        marks[low : high + 1] = "─" * (high + 1 - low)
        marks[mean] = "●"
    return "".join(marks)


def numbers(position: Position) -> str:
    """Mean and interval, with a mark where few articles stand behind them."""
    if position.mean is None or position.interval is None:
        return "–"
    low, high = position.interval
    return f"{position.mean:+.2f} [{low:+.2f}, {high:+.2f}]{' few' if position.few else ''}"


def notes() -> str:
    return (
        "Position: (favor - against) / (favor + against + neutral), with its 95% interval. "
        f"few: fewer than {FEW} articles. unsure: below the model's threshold, not counted."
    )


def table(data: Positions, console: Console, top: int, quotes: int) -> None:
    """Write the report to a console: a line for each position, and under it the statements behind it.

    Args:
        data: the positions.
        console: where to.
        top: speakers shown at the most.
        quotes: statements shown for each position at the most.
    """
    from rich.text import Text

    console.print(Text(_headline(data), style="bold"))
    console.print(Text(notes(), style="dim"))
    for speaker in _shown(data, top):
        console.print()
        title = Text(speaker.name, "bold cyan")
        title.append(f"  {speaker.about}" if speaker.about else "", "not bold default")
        title.append(f"  {_amount(speaker)}", "not bold dim default")
        console.print(title)
        if not speaker.positions:
            console.print(Text("  no statement on a target", style="dim"))
            continue
        wide = max(len(target) for target in speaker.positions)
        heads = "".join(f"{label:>9}" for label in STYLES)
        console.print(Text(f"  {'':{wide}}{heads}   {'-1':{SCALE // 2}}0{'+1':>{SCALE // 2}}", "dim"))
        for position in speaker.positions.values():
            console.print(_line(position, wide), soft_wrap=True)
            _quotes(position, console, quotes)
    if len(data.speakers) > top:
        console.print(
            Text(f"\n{_plural(len(data.speakers) - top, 'more speaker')}: --top {len(data.speakers)}", style="dim")
        )


def _shown(data: Positions, top: int) -> list[SpeakerPositions]:
    """The speakers of a report; the unknown ones come last."""
    return [*data.speakers[:top], *([data.unknown] if data.unknown.statements else [])]


def _line(position: Position, wide: int) -> Text:
    from rich.text import Text

    line = Text("  ") + Text(f"{position.target:{wide}}", "bold")
    for label, number in position.counts.items():
        line.append(f"{number or '·':>9}", STYLES[label] if number else "dim")
    return line.append(f"   {scale(position)}  {numbers(position)}", "dim" if position.few else "")


def _quotes(position: Position, console: Console, quotes: int) -> None:
    from rich.padding import Padding
    from rich.text import Text

    for evidence in position.evidence[:quotes]:
        line = Text(f"{_mark(evidence)}  ", STYLES["unsure" if evidence.abstained else evidence.label])
        line.append(f"{evidence.cue}: " if evidence.cue else "", "not dim magenta")
        line.append(evidence.quote, "not dim default")
        line.append(f"  {_source(evidence)}  {evidence.place}", "dim default")
        console.print(Padding(line, (0, 0, 0, 4)))
    rest = len(position.evidence) - quotes
    if rest > 0 and quotes:
        console.print(Text(f"    and {rest} more", "dim"))


def markdown(data: Positions, top: int, quotes: int) -> str:
    """The report as Markdown: a table for each speaker, and the statements behind each row."""
    lines = [f"# {_headline(data)}", "", notes(), ""]
    for speaker in _shown(data, top):
        lines += [
            f"## {_escape(speaker.name)}",
            "",
            _escape(". ".join(p for p in (speaker.about, _amount(speaker)) if p)) + ".",
            "",
        ]
        if not speaker.positions:
            lines += ["No statement on a target.", ""]
            continue
        lines += [
            "| topic | target | favor | against | neutral | unsure | position |",
            "|---|---|---:|---:|---:|---:|---|",
        ]
        for position in speaker.positions.values():
            counts = " | ".join(str(n) for n in position.counts.values())
            topic = _escape(data.topic_label(position.topic))
            lines.append(f"| {topic} | {position.target} | {counts} | {numbers(position)} |")
        lines.append("")
        for position in speaker.positions.values():
            lines += _markdown_quotes(data, position, quotes)
    if len(data.speakers) > top:
        lines += [f"{len(data.speakers) - top} more speakers are left out (--top {len(data.speakers)}).", ""]
    return "\n".join(lines)


def _markdown_quotes(data: Positions, position: Position, quotes: int) -> list[str]:
    if not quotes:
        return []
    lines = [f"**{position.target}**: {_escape(data.proposition(position.target))}", ""]
    for evidence in position.evidence[:quotes]:
        cue = f"*{_escape(evidence.cue)}* " if evidence.cue else ""
        where = f"{_escape(_source(evidence))} (`{evidence.place}`)"
        lines.append(f"- {_mark(evidence)}: {cue}{_escape(evidence.quote)} — {where}")
    if len(position.evidence) > quotes:
        lines.append(f"- and {len(position.evidence) - quotes} more")
    return [*lines, ""]


def as_json(data: Positions, top: int, quotes: int) -> str:
    """The report as JSON, one object; positions hold their statements."""
    speakers = [_json_speaker(data, speaker, quotes) for speaker in _shown(data, top)]
    return json.dumps({"run": _run(data), "speakers": speakers}, ensure_ascii=False, indent=2) + "\n"


def _json_speaker(data: Positions, speaker: SpeakerPositions, quotes: int) -> dict[str, Any]:
    return {
        "id": speaker.id,
        "name": speaker.name,
        "about": speaker.about,
        "statements": speaker.statements,
        "articles": len(speaker.article_ids),
        "positions": [_json_position(data, position, quotes) for position in speaker.positions.values()],
    }


def _json_position(data: Positions, position: Position, quotes: int) -> dict[str, Any]:
    return {
        "topic": position.topic,
        "target": position.target,
        "proposition": data.proposition(position.target),
        "counts": position.counts,
        "articles": position.articles,
        "mean": position.mean,
        "interval": position.interval,
        "few": position.few,
        "statements": [
            {
                "article_id": e.article_id,
                "statement_id": e.statement_id,
                "date": e.date,
                "outlet": e.outlet,
                "title": e.title,
                "cue": e.cue,
                "text": e.quote,
                "content": e.content,
                "label": e.label,
                "confidence": e.confidence,
                "abstained": e.abstained,
            }
            for e in position.evidence[:quotes]
        ],
    }


def _run(data: Positions) -> dict[str, Any]:
    return {key: data.info.get(key) for key in ("version", "hash", "counts", "problems")}


def _headline(data: Positions) -> str:
    counts = data.info.get("counts", {})
    return f"Positions of {_plural(len(data.speakers), 'speaker')} in {_plural(counts.get('articles', 0), 'article')}"


def _amount(speaker: SpeakerPositions) -> str:
    articles = len(speaker.article_ids)
    return f"{_plural(speaker.statements, 'statement')} in {_plural(articles, 'article')}"


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _mark(evidence: Evidence) -> str:
    return f"{'unsure, ' if evidence.abstained else ''}{evidence.label} {evidence.confidence:.2f}"


def _source(evidence: Evidence) -> str:
    return ", ".join(part for part in (evidence.outlet, evidence.date) if part) or evidence.article_id


def _escape(text: str) -> str:
    """Without what Markdown would read as markup."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text
