"""An evaluation as a table: metrics down, systems across, each number with its 95% interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import mean, stdev
from textwrap import wrap
from typing import TYPE_CHECKING

from stance.evaluate.names import called, number, shown
from stance.evaluate.result import Result, System

if TYPE_CHECKING:
    from rich.console import Console

HEADING = 12
"""Characters to a line of a column's heading."""


def render(result: Result, console: Console) -> None:
    """Print the table of an evaluation; every number but a mean error of positions is times 100."""
    from rich.table import Table

    task = result.task
    table = Table(title=f"{task.name}: {_counted(result)}", title_justify="left", caption_justify="left")
    table.caption = "± half of the 95% interval, drawing articles."
    if task.kind == "pairs":
        table.caption = "± half of the 95% interval, drawing texts."
    if task.ceiling:
        table.caption += f" People: {task.ceiling_note}"
    table.add_column("", no_wrap=True)
    for name in headings(result):
        table.add_column("\n".join(wrap(name, HEADING)), justify="right", no_wrap=True)
    for metric in metrics(result):
        table.add_row(called(metric), *cells(result, metric, short=True))
    table.add_section()
    table.add_row("seconds", *_seconds(result))
    console.print(table)
    if result.problems:
        console.print(f"{result.problems} articles could not be labelled; they count as labelled with nothing.")


def markdown(result: Result) -> str:
    """The same table in Markdown."""
    names = headings(result)
    lines = [f"| {result.task.name}: {_counted(result)} | " + " | ".join(names) + " |"]
    lines.append("|---" + "|--:" * len(names) + "|")
    for metric in metrics(result):
        own = called(metric).replace("  ", "&nbsp;&nbsp;")
        lines.append(f"| {own} | " + " | ".join(cells(result, metric)) + " |")
    return "\n".join(lines) + "\n"


def metrics(result: Result) -> list[str]:
    """The metrics that any system of a result has, in the order of tables."""
    return shown(name for system in result.systems for name in system.metrics)


def headings(result: Result) -> list[str]:
    """The columns: mean over several models if there are any, then each system, then people."""
    names = [system.name for system in result.systems] + (["people"] if result.task.ceiling else [])
    return [f"mean of {_models(result)} models ± sd", *names] if result.seeds else names


def cells(result: Result, metric: str, short: bool = False) -> list[str]:
    found = [cell(system, metric, short) for system in result.systems]
    if result.seeds:
        found.insert(0, spread(result.seeds.get(metric, ()), metric))
    if result.task.ceiling:
        found.append(number(result.task.ceiling[metric], metric) if metric in result.task.ceiling else "")
    return found


def spread(values: Sequence[float], metric: str) -> str:
    """Mean and standard deviation over several models."""
    known = [value for value in values if not math.isnan(value)]
    if len(known) < 2:
        return ""
    return f"{number(mean(known), metric)} ± {number(stdev(known), metric)}"


def cell(system: System, metric: str, short: bool = False) -> str:
    """A value with its interval; empty where the system has no such metric, a dash where nothing was counted."""
    if metric not in system.metrics:
        return ""
    value, low, high = system.cell(metric)
    if math.isnan(value):
        return "-"
    if short:
        return f"{number(value, metric)} ±{number((high - low) / 2, metric)}"
    return f"{number(value, metric)} [{number(low, metric)}–{number(high, metric)}]"


def _models(result: Result) -> int:
    return len(next(iter(result.seeds.values())))


def _seconds(result: Result) -> list[str]:
    return ([""] if result.seeds else []) + [f"{system.seconds:.1f}" for system in result.systems]


def _counted(result: Result) -> str:
    return ", ".join(f"{count} {what}" for what, count in result.counts.items())
