"""Before and after: both models in the whole chain on the held-out articles, with a paired test."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

from stance.config import Config
from stance.evaluate import Choices, Comparison, Result, Task, pin_floors, run_evaluate
from stance.evaluate.data import kind_of
from stance.evaluate.names import LOW, alone, number
from stance.metrics import paired

FLOORS = "floors.json"
NAME = "held-out"


def evaluated(held_out: Path, role: str, folder: Path, config: Config) -> Result:
    """The whole chain with one model exchanged, on held-out articles.

    Args:
        held_out: their file.
        role: of the model: attribution or stance.
        folder: the model.
        config: everything else.
    """
    own = config.with_values({f"models.{role}": str(folder)})
    return run_evaluate(Task(NAME, kind_of(held_out), data=held_out), own, choices=Choices(baselines=False))


def compared(before: Result, after: Result, metrics: Sequence[str]) -> list[Comparison]:
    """Each metric before and after, with a paired bootstrap over articles; those that nothing was counted for left out.

    With one article the interval is from NaN to NaN.
    """
    x, y = before.main.scores, after.main.scores
    rows = []
    for metric in metrics:
        if metric in x.counts and metric in y.counts and not math.isnan(x.value(metric) + y.value(metric)):
            rows.append(Comparison(metric, x.value(metric), y.value(metric), len(x.articles), paired(y, x, metric)))
    return rows


def kept(before: Result, after: Result, rows: Sequence[Comparison], out: Path) -> None:
    """Write both results, for `stance evaluate compare`, and the floors below which the new model must not fall."""
    folder = out / "training"
    folder.mkdir(parents=True, exist_ok=True)
    for name, result in (("before", before), ("after", after)):
        text = json.dumps(result.to_json(), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    names = [row.metric for row in rows if row.metric not in LOW]
    if names:
        pin_floors(after, out / FLOORS, names)


def verdict(rows: Sequence[Comparison]) -> str:
    """In a sentence what the first of the scores that count most says."""
    order = ("end_to_end", "targets_stances", "statements", "content.exact")
    row = next((row for name in order for row in rows if row.metric == name), None)
    if row is None:
        return "Nothing could be measured on the held-out articles."
    test = row.paired
    what = f"{alone(row.metric)}: {number(row.a, row.metric)} before, {number(row.b, row.metric)} after"
    told = f"{what} ({_signed(test.low)} to {_signed(test.high)}, p {test.p:.3f}; {row.articles} articles)."
    if test.low > 0:
        return f"Better. {told}"
    if test.high < 0:
        return f"Worse: do not use it. {told}"
    return f"No difference is proven; more held-out articles would tell. {told}"


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}"
