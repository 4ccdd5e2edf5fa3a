"""Is this run better than that one? Two kept results over the same articles, compared metric by metric."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.evaluate.render import METRICS, number
from stance.metrics import TYPES, Paired, Scores, paired

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of two runs."""

    metric: str
    a: float
    b: float
    paired: Paired
    """b - a: positive where the second run is higher."""


def compare(a: str | Path, b: str | Path, system: str = "stance") -> list[Comparison]:
    """Compare one system of two results as `stance evaluate --format json` wrote them.

    Metrics that only one of them has are left out.

    Raises:
        InputError: a file is no such result, lacks the system, or the two were made on different articles.
    """
    first, second = _read(Path(a)), _read(Path(b))
    if first["data"]["sha256"] != second["data"]["sha256"]:
        raise InputError(f"{a} and {b} were made on different data, so their difference would mean nothing.")
    x, y = _scores(first, system, a), _scores(second, system, b)
    if x.articles != y.articles:
        raise InputError(f"{a} and {b} hold different articles; run both without --limit.")
    shared = [metric for metric in METRICS if metric in x.counts and metric in y.counts]
    rows = [Comparison(m, x.value(m), y.value(m), paired(y, x, m)) for m in shared]
    return [row for row in rows if not math.isnan(row.a + row.b)]


def render_comparison(rows: list[Comparison], console: Console) -> None:
    """Print the table of a comparison; every number but p is times 100."""
    from rich.table import Table

    table = Table("", caption="Paired bootstrap over articles; 95% interval of the difference.", caption_justify="left")
    for heading in ("first", "second", "difference", "interval", "p"):
        table.add_column(heading, justify="right")
    for row in rows:
        test = row.paired
        span = f"[{100 * test.low:+.1f}, {100 * test.high:+.1f}]"
        table.add_row(
            METRICS[row.metric], number(row.a), number(row.b), f"{100 * test.difference:+.1f}", span, f"{test.p:.3f}"
        )
    console.print(table)


def _read(path: Path) -> dict[str, Any]:
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        if not all("by_article" in system for system in result["systems"]):
            raise KeyError("by_article")
        return dict(result)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path} is not a kept result ({type(error).__name__}: {error}). "
            "Make one with: stance evaluate TASK --format json -o FILE"
        ) from error


def _scores(result: Mapping[str, Any], system: str, path: str | Path) -> Scores:
    found = {entry["name"]: entry for entry in result["systems"]}
    if system not in found:
        raise InputError(f"{path} has no system {system!r}; it has {', '.join(found)}.")
    entry = found[system]
    articles = tuple(entry["by_article"])
    counts = {
        metric: tuple(TYPES[kept["type"]].from_vector(entry["by_article"][article][metric]) for article in articles)
        for metric, kept in entry["metrics"].items()
    }
    return Scores(articles, counts)
