"""An evaluation as a table: metrics down, systems across, each number with its 95% interval."""

from __future__ import annotations

import math
from textwrap import wrap
from typing import TYPE_CHECKING

from stance.evaluate.result import Result, System

if TYPE_CHECKING:
    from rich.console import Console

METRICS = {
    "statements": "statements, F1",
    "statements.chars": "  content characters, F1",
    "statements.direct": "  recall, direct",
    "statements.mixed": "  recall, mixed",
    "statements.indirect": "  recall, indirect",
    "exact": "exact content, given a match",
    "statements.ece": "calibration error of scores",
    "kind": "kind, given a match",
    "speakers": "speakers right, given a match",
    "speakers.name": "  by name",
    "speakers.pronoun": "  by pronoun",
    "speakers.noun": "  by title, description, metonym",
    "speakers.joint": "  joint",
    "speakers.none": "  without source",
    "speaker_kind": "kind of speaker",
    "affiliation": "affiliation",
    "targets": "targets, given a match, F1",
    "targets_stances": "targets and stances, F1",
    "stance": "stance, macro-F1",
    "stances.ece": "calibration error of stances",
    "end_to_end": "end to end, F1",
    "source.exact": "source, exact F1",
    "cue.exact": "cue, exact F1",
    "content.exact": "content, exact F1",
    "source.overlap": "source, any overlap",
    "cue.overlap": "cue, any overlap",
    "content.overlap": "content, any overlap",
    "source.chars": "source characters, F1",
    "cue.chars": "cue characters, F1",
    "content.chars": "content characters, F1",
    "content.jaccard30": "content, Jaccard > 0.3",
    "content.jaccard50": "content, Jaccard > 0.5",
    "recall.direct": "recall, direct",
    "recall.mixed": "recall, mixed",
    "recall.indirect": "recall, indirect",
    "relation.exact": "whole relation, exact F1",
    "relation.overlap": "whole relation, overlap F1",
    "accuracy": "accuracy",
    "favor_against": "mean F1 of favor and against",
    "brier": "Brier score",
    "ece": "calibration error",
}
"""What a metric is called in a table; their order is the table's."""

HEADING = 12
"""Characters to a line of a column's heading."""


def render(result: Result, console: Console) -> None:
    """Print the table of an evaluation; every number is times 100, those of calibration and Brier scores too."""
    from rich.table import Table

    task = result.task
    table = Table(title=f"{task.name}: {_counted(result)}", title_justify="left", caption_justify="left")
    table.caption = "± half of the 95% interval, drawing articles."
    if task.ceiling:
        table.caption += f" People: {task.ceiling_note}"
    table.add_column("", no_wrap=True)
    for system in result.systems:
        table.add_column("\n".join(wrap(system.name, HEADING)), justify="right", no_wrap=True)
    if task.ceiling:
        table.add_column("people", justify="right")
    shown = {name for system in result.systems for name in system.metrics}
    for metric in (name for name in METRICS if name in shown):
        cells = [cell(system, metric, short=True) for system in result.systems]
        if task.ceiling:
            cells.append(number(task.ceiling[metric]) if metric in task.ceiling else "")
        table.add_row(METRICS[metric], *cells)
    table.add_section()
    table.add_row("seconds", *(f"{system.seconds:.1f}" for system in result.systems))
    console.print(table)
    if result.problems:
        console.print(f"{result.problems} articles could not be labelled; they count as labelled with nothing.")


def markdown(result: Result) -> str:
    """The same table in Markdown."""
    names = [system.name for system in result.systems] + (["people"] if result.task.ceiling else [])
    lines = [f"| {result.task.name}: {_counted(result)} | " + " | ".join(names) + " |"]
    lines.append("|---" + "|--:" * len(names) + "|")
    shown = {name for system in result.systems for name in system.metrics}
    for metric in (name for name in METRICS if name in shown):
        cells = [cell(system, metric) for system in result.systems]
        if result.task.ceiling:
            cells.append(number(result.task.ceiling[metric]) if metric in result.task.ceiling else "")
        lines.append(f"| {METRICS[metric].strip()} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def cell(system: System, metric: str, short: bool = False) -> str:
    """A value with its interval; empty where the system has no such metric, a dash where nothing was counted."""
    if metric not in system.metrics:
        return ""
    value, low, high = system.cell(metric)
    if math.isnan(value):
        return "-"
    return (
        f"{number(value)} ±{number((high - low) / 2)}" if short else f"{number(value)} [{number(low)}–{number(high)}]"
    )


def number(value: float) -> str:
    """A share as percent with one digit."""
    return f"{100 * value:.1f}"


def _counted(result: Result) -> str:
    return ", ".join(f"{count} {what}" for what, count in result.counts.items())
