"""Is this run better than that one? Two kept results over the same articles, compared metric by metric."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.evaluate.joint import read_kept
from stance.evaluate.names import alone, number, shown
from stance.evaluate.result import unpacked
from stance.metrics import TYPES, Paired, Scores, paired

if TYPE_CHECKING:
    from rich.console import Console


LEAST = 2
"""Articles without which a test makes no sense; with fewer than some twenty its p is too small."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of two runs."""

    metric: str
    a: float
    b: float
    articles: int
    """What was drawn: articles, or the texts or clusters of pairs."""
    paired: Paired
    """b - a: positive where the second run is higher."""


def compare(a: str | Path, b: str | Path, system: str | None = None) -> list[Comparison]:
    """Compare two results as `stance evaluate --format json` (or `--save`) wrote them.

    Metrics that only one of them has are left out.

    Args:
        a: the first result.
        b: the second.
        system: which column of both; by default the first of each, the product or saved predictions.

    Raises:
        InputError: a file is no such result, lacks the system, or the two were made on different articles, or on one.
    """
    first, second = _read(Path(a)), _read(Path(b))
    if first["data"]["sha256"] != second["data"]["sha256"]:
        raise InputError(f"{a} and {b} were made on different data, so their difference would mean nothing.")
    x, y = _scores(first, system, a), _scores(second, system, b)
    if x.articles != y.articles:
        raise InputError(f"{a} and {b} hold different articles; run both without --limit.")
    if len(x.articles) < LEAST:
        raise InputError(f"{a} and {b} hold {len(x.articles)} article; nothing can be said of others by one alone.")
    shared = shown(x.counts.keys() & y.counts.keys())
    rows = [Comparison(m, x.value(m), y.value(m), len(x.articles), paired(y, x, m)) for m in shared]
    return [row for row in rows if not math.isnan(row.a + row.b)]


def render_comparison(
    rows: list[Comparison], console: Console, headings: tuple[str, str] = ("first", "second")
) -> None:
    """Print the table of a comparison; every number but p is times 100."""
    from rich.table import Table

    drawn = rows[0].articles if rows else 0
    caption = f"Paired bootstrap over {drawn} articles (pairs: texts or clusters); 95% interval of the difference. "
    caption += "p is not adjusted for the number of metrics; of fewer than some twenty articles it is too small."
    table = Table("", caption=caption, caption_justify="left")
    for heading in (*headings, "difference", "interval", "p"):
        table.add_column(heading, justify="right")
    for row in rows:
        test = row.paired
        low, high, difference = (_signed(x, row.metric) for x in (test.low, test.high, test.difference))
        values = number(row.a, row.metric), number(row.b, row.metric)
        table.add_row(alone(row.metric), *values, difference, f"[{low}, {high}]", f"{test.p:.3f}")
    console.print(table)


def _read(path: Path) -> dict[str, Any]:
    result = read_kept(path)
    if not all("by_article" in system for system in result["systems"]):
        raise InputError(f"{path} was kept without counts by article, so it cannot be compared. Make it anew.")
    return result


def _scores(result: Mapping[str, Any], system: str | None, path: str | Path) -> Scores:
    found = {entry["name"]: entry for entry in result["systems"]}
    if system is not None and system not in found:
        raise InputError(f"{path} has no system {system!r}; it has {', '.join(found)}.")
    entry = result["systems"][0] if system is None else found[system]
    rows = entry["by_article"]
    counts = {
        metric: tuple(TYPES[kept["type"]].from_vector(unpacked(row[metric])) for row in rows.values())
        for metric, kept in entry["metrics"].items()
    }
    return Scores(tuple(rows), counts)


def _signed(value: float, metric: str) -> str:
    return ("+" if value >= 0 else "-") + number(abs(value), metric)
