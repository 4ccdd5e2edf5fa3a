"""Stance toward a given target, row by row: reading the rows, and asking the stance model."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.config import Config
from stance.errors import InputError
from stance.evaluate.task import PAIR_COLUMNS, Task
from stance.types import LABELS

Probs = tuple[float, float, float]
Predictor = Callable[[Sequence["PairRow"]], list[Probs]]
"""Probabilities of `LABELS`, in order, for each row."""


@dataclass(frozen=True, slots=True)
class PairRow:
    text: str
    target: str
    label: str
    author: str = ""
    cue: str = ""
    cluster: str = ""
    """What is drawn together for intervals; each row alone where it is empty."""


def read_pairs(task: Task) -> list[PairRow]:
    """The rows of a pairs task; rows that its `where` excludes or whose label its `labels` do not list are left out.

    Raises:
        InputError: with file and line, for a row that does not fit.
    """
    path = task.data
    if path is None:
        raise InputError(f"The task {task.name} has no data.")
    columns = {name: task.columns.get(name, name) for name in PAIR_COLUMNS}
    rows = []
    for number, row in _rows(path):
        if any(str(row.get(column)) != str(value) for column, value in task.where.items()):
            continue
        missing = [columns[name] for name in ("text", "target", "label") if row.get(columns[name]) in (None, "")]
        if missing:
            raise InputError(
                f"{path}:{number}: {', '.join(missing)} missing; the row has {', '.join(map(str, row))}. "
                "Say with `columns` in the task's YAML how they are called."
            )
        label = str(row[columns["label"]])
        if task.labels and label not in task.labels:
            continue
        label = task.labels.get(label, label)
        if label not in LABELS:
            raise InputError(
                f"{path}:{number}: the label is {label!r}; it must be one of {', '.join(LABELS)}. "
                "Say with `labels` in the task's YAML what the file's labels mean."
            )
        values = {name: str(row.get(column) or "") for name, column in columns.items()}
        rows.append(PairRow(**{**values, "label": label}))
    if not rows:
        raise InputError(f"{path} holds no rows with a text, a target and a label.")
    return rows


def clusters(rows: Sequence[PairRow]) -> list[str]:
    return [row.cluster or f"row {number}" for number, row in enumerate(rows)]


def majority(rows: Sequence[PairRow]) -> list[Probs]:
    """The most frequent label of these very rows for each of them: what knowing nothing gives at best."""
    labels = [row.label for row in rows]
    most = max(LABELS, key=labels.count)
    probs = tuple(float(label == most) for label in LABELS)
    return [(probs[0], probs[1], probs[2])] * len(rows)


def judge(config: Config) -> Predictor:
    """The stance model, asked with text and target together; "not about it" counts as neutral."""
    from stance.classify import classify_pairs
    from stance.judge import Judge
    from stance.models import model_folder
    from stance.view import View

    model = Judge(model_folder(config.models.stance), config.device)

    def predict(rows: Sequence[PairRow]) -> list[Probs]:
        views = [View(row.text, speaker=row.author, cue=row.cue) for row in rows]
        about, sides = classify_pairs(model, views, [row.target for row in rows])
        probs = about[:, None] * sides
        probs[:, LABELS.index("neutral")] += 1 - about
        return [(float(a), float(b), float(c)) for a, b, c in probs]

    return predict


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix == ".csv":
                reader = csv.DictReader(file)
                yield from ((reader.line_num, row) for row in reader)
                return
            for number, line in enumerate(file, 1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise InputError(f"{path}:{number}: a row is a JSON object.")
                    yield number, row
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}. Give a JSONL or CSV file in UTF-8.") from error
