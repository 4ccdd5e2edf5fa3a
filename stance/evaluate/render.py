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
    from rich.table import Table

HEADING = 12
"""Characters to a line of a column's heading."""


def render(result: Result, console: Console) -> None:
    """Print the table of an evaluation; every number but a mean error of positions is times 100.

    Where the console is too narrow for all columns, the table goes on in a second one.
    """
    names, rows = headings(result), [(metric, cells(result, metric, short=True)) for metric in metrics(result)]
    label = max((len(called(metric)) for metric, _ in rows), default=0) + 4
    fit = max(1, (console.width - label) // (HEADING + 3))
    parts = [range(start, min(start + fit, len(names))) for start in range(0, len(names), fit)]
    for place, part in enumerate(parts, 1):
        title = f"{result.task.name}: {_counted(result)}" + (f" ({place} of {len(parts)})" if len(parts) > 1 else "")
        console.print(_part(result, rows, part, title))
    console.print(_caption(result))
    if result.problems:
        console.print(f"{result.problems} articles could not be labelled; they count as labelled with nothing.")


def _part(result: Result, rows: Sequence[tuple[str, list[str]]], part: range, title: str) -> Table:
    """A table of some of the columns, with the rows that say something there."""
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("", no_wrap=True)
    for name in (headings(result)[i] for i in part):
        table.add_column("\n".join(wrap(name, HEADING)), justify="right", no_wrap=True)
    for metric, own in rows:
        if any(own[i] for i in part):
            table.add_row(called(metric), *(own[i] for i in part))
    seconds = _seconds(result)
    table.add_section()
    table.add_row("seconds", *(seconds[i] if i < len(seconds) else "" for i in part))
    return table


def _caption(result: Result) -> str:
    drawn = "texts" if result.task.kind == "pairs" else "articles"
    people = f" People: {result.task.ceiling_note}" if result.task.ceiling else ""
    return f"± half of the 95% interval, drawing {drawn}.{people}"


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
    names = [_heading(result, system) for system in result.systems] + (["people"] if result.task.ceiling else [])
    return [f"mean of {_models(result)} models ± sd", *names] if result.seeds else names


def _heading(result: Result, system: System) -> str:
    """A system's name, with the number of its articles where it did not label all."""
    own, all_articles = len(system.scores.articles), len(result.main.scores.articles)
    return system.name if own == all_articles else f"{system.name} (only {own} of {all_articles} articles)"


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
    if math.isnan(low):
        return number(value, metric)
    if short:
        return f"{number(value, metric)} ±{number((high - low) / 2, metric)}"
    return f"{number(value, metric)} [{number(low, metric)}–{number(high, metric)}]"


def _models(result: Result) -> int:
    return len(next(iter(result.seeds.values())))


def _seconds(result: Result) -> list[str]:
    return ([""] if result.seeds else []) + [f"{system.seconds:.1f}" for system in result.systems]


def _counted(result: Result) -> str:
    return ", ".join(f"{count} {what}" for what, count in result.counts.items())
