"""Several kept results as one table: a block of rows a task, the systems that any of them has across."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.evaluate.names import alone, number, shown

Kept = Mapping[str, Any]


def read_kept(path: Path) -> dict[str, Any]:
    """A result as `--format json` or `--save` wrote it.

    Raises:
        InputError: the file is none.
    """
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        if not all("metrics" in system for system in result["systems"]):
            raise KeyError("metrics")
        return dict(result)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path} is not a kept result ({type(error).__name__}: {error}). "
            "Make one with: stance evaluate TASK --format json -o FILE"
        ) from error


def compact(results: Sequence[Kept]) -> list[dict[str, Any]]:
    """The results to be kept in a repository: without counts by article, curves and paths of a machine."""
    return [
        {
            **result,
            "data": {**result["data"], "file": Path(result["data"]["file"]).name},
            "systems": [_compact(system) for system in result["systems"]],
        }
        for result in results
    ]


def _compact(system: Kept) -> dict[str, Any]:
    keep = ("value", "low", "high")
    numbers = {metric: {k: cell[k] for k in keep} for metric, cell in system["metrics"].items()}
    return {**{key: system[key] for key in ("name", "seconds", "articles") if key in system}, "metrics": numbers}


def joint_table(results: Sequence[Kept], metrics: Sequence[str] = ()) -> str:
    """One Markdown table. Empty: not measured; a dash: nothing to measure.

    Args:
        results: kept results.
        metrics: only these; all that any system has if none are given.

    Raises:
        InputError: no result has a metric that is asked for.
    """
    known = {metric for result in results for system in result["systems"] for metric in system["metrics"]}
    if unknown := [metric for metric in metrics if metric not in known]:
        raise InputError(f"No result has the metric {unknown[0]!r}; there are {', '.join(shown(known))}.")
    systems = list(dict.fromkeys(system["name"] for result in results for system in result["systems"]))
    lines = ["| task | metric | " + " | ".join([*systems, "people"]) + " |"]
    lines.append("|---|---" + "|--:" * (len(systems) + 1) + "|")
    for result in results:
        own = {system["name"]: system["metrics"] for system in result["systems"]}
        few = {system["name"]: _few(system, result["systems"][0]) for system in result["systems"]}
        present = shown(metric for values in own.values() for metric in values)
        for metric in present:
            if metrics and metric not in metrics:
                continue
            cells = [_cell(own.get(name, {}).get(metric), metric, few.get(name, "")) for name in systems]
            people = number(result["ceiling"][metric], metric) if metric in result["ceiling"] else ""
            lines.append("| " + " | ".join([heading(result), alone(metric), *cells, people]) + " |")
    return "\n".join(lines) + "\n"


def heading(result: Kept) -> str:
    """The task, and how much data it has."""
    data = result["data"]
    counted = ", ".join(f"{data[what]} {what}" for what in ("articles", "statements", "rows") if what in data)
    return f"{result['task']} ({counted})"


def _few(system: Kept, first: Kept) -> str:
    """The number of a system's articles where it did not label all; "" too for results that do not say it."""
    own = system.get("articles")
    return f" (of {own} articles)" if own != first.get("articles") else ""


def _cell(cell: Kept | None, metric: str, few: str = "") -> str:
    if cell is None:
        return ""
    if cell["value"] is None:
        return "-"
    if cell["low"] is None:
        return number(cell["value"], metric) + few
    return f"{number(cell['value'], metric)} [{number(cell['low'], metric)}–{number(cell['high'], metric)}]{few}"
