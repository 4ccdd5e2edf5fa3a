"""Floors: scores below which the shipped models must not fall, pinned in a file with the data that they hold for.

{"gold": {"data": sha256, "scores": {metric: floor}, "lowered": [{"date", "reason", "scores"}]}}
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.evaluate.names import LOW
from stance.evaluate.result import Result

SLACK = 0.01
"""A fall by less than this is none: processors with and without bf16 differ by a statement or two."""


def check_floors(result: Result, path: str | Path) -> list[str]:
    """What is wrong with a result by the floors of its task: one line for each metric that fell; empty if all is well.

    Raises:
        InputError: the file cannot be read, has no floors for this task, or they were pinned on other data.
    """
    pinned = _entry(_read(Path(path)), result.task.name, path)
    if not pinned:
        raise InputError(f"{path} has no floors for the task {result.task.name}. Pin them first.")
    if pinned["data"] != result.sha256:
        raise InputError(
            f"The floors of {result.task.name} in {path} were pinned on other data ({pinned['data'][:12]}, now "
            f"{result.sha256[:12]}). Look at what changed in the data, then pin anew with a reason."
        )
    faults = []
    for metric, floor in pinned["scores"].items():
        value = result.value(metric) if metric in result.main.scores.counts else math.nan
        if math.isnan(value):
            faults.append(f"{result.task.name} {metric}: nothing was counted; its floor is {floor:.4f}")
        elif value < floor - SLACK:
            faults.append(f"{result.task.name} {metric}: {value:.4f} is below the floor {floor:.4f}")
    return faults


def pin_floors(
    result: Result,
    path: str | Path,
    metrics: Iterable[str] | None = None,
    reason: str | None = None,
    today: date | None = None,
) -> dict[str, float]:
    """Pin a result's scores as floors and return them; without `metrics` those that are pinned already.

    A floor may rise freely. To lower one, to drop one, or to pin on other data than before needs a reason, which is
    kept in the file with the floors that it replaced.

    Raises:
        InputError: something would be lowered without a reason, or a metric cannot be pinned.
    """
    path = Path(path)
    floors = _read(path) if path.exists() else {}
    old = _entry(floors, result.task.name, path)
    names = list(metrics or old.get("scores", ()))
    known = [name for name in result.main.metrics if name not in LOW]
    if not names or (unknown := [name for name in names if name not in known]):
        task = result.task.name
        what = f"no floor can be pinned for {unknown[0]!r} of {task}" if names else f"nothing is pinned for {task}"
        raise InputError(f"{path}: {what}. Name metrics with --metric: {', '.join(known)}.")
    scores = {metric: round(result.value(metric), 4) for metric in names}
    if uncounted := [metric for metric, value in scores.items() if math.isnan(value)]:
        raise InputError(f"{result.task.name} {uncounted[0]}: nothing was counted, so no floor can be pinned.")
    history, before = list(old.get("lowered", [])), old.get("scores", {})
    lower = {m: f for m, f in before.items() if not scores.get(m, 0.0) >= f - SLACK}
    if lower or (old and old["data"] != result.sha256):
        if not reason:
            what = ", ".join(f"{m} {f:.4f} → {scores.get(m, float('nan')):.4f}" for m, f in lower.items()) or "the data"
            raise InputError(f"This would change pinned floors of {result.task.name}: {what}. Say why, with a reason.")
        day = (today or date.today()).isoformat()
        history.append({"date": day, "reason": reason, "scores": old["scores"]})
    if not reason:  # what has fallen by less than the slack stays where it was: many small steps are a fall, too
        scores = {m: max(value, before.get(m, value)) for m, value in scores.items()}
    floors[result.task.name] = {"data": result.sha256, "scores": scores, "lowered": history}
    try:
        path.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}. Give another file with --floors.") from error
    return scores


def _entry(floors: Mapping[str, Any], task: str, path: str | Path) -> Mapping[str, Any]:
    """The floors of a task, {} if it has none. InputError where they are not as `pin_floors` writes them."""
    entry: Any = floors.get(task, {})
    whole = isinstance(entry, dict) and (not entry or ("data" in entry and isinstance(entry.get("scores"), dict)))
    if not whole:
        raise InputError(f"{path}: the floors of {task} need data (a SHA-256) and scores (metric: floor).")
    return dict(entry)


def _read(path: Path) -> dict[str, Any]:
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"The floors in {path} cannot be read: {error}.") from error
    if not isinstance(floors, dict):
        raise InputError(f"{path} must hold one entry a task.")
    return floors
