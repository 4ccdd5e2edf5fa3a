"""Stance toward a given target, row by row: reading the rows, and asking the stance model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stance.config import Config, load_topics
from stance.errors import InputError
from stance.evaluate.tabular import TABLES, read_table
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
    """What is drawn together for intervals; rows with one text where it is empty."""
    group: str = ""
    """What the row is scored with apart as well."""


def read_pairs(task: Task, train: bool = False) -> list[PairRow]:
    """The rows of a pairs task; rows that its `where` excludes or whose label its `labels` do not list are left out.

    Args:
        task: where the rows are, and how their columns and labels are called.
        train: the rows to learn from, by `train` and `train_where`, in place of those to be evaluated on.

    Raises:
        InputError: with file and line, for a row that does not fit.
    """
    path, where = (task.train, task.train_where) if train else (task.data, task.where)
    if path is None:
        raise InputError(f"The task {task.name} has no data.")
    columns = {name: task.columns.get(name, name) for name in PAIR_COLUMNS}
    rows = [
        found
        for number, row in read_table(path, task.encoding)
        if all(_has(row.get(column), wanted) for column, wanted in where.items())
        for found in _pair(row, columns, task, f"{path}{', row ' if path.suffix in TABLES else ':'}{number}")
    ]
    if not rows:
        raise InputError(
            f"{path} holds no rows with a text, a target and a label"
            + (f" where {', '.join(f'{k} is {v}' for k, v in where.items())}." if where else ".")
        )
    return rows


def _has(value: Any, wanted: Any) -> bool:
    return str(value) in (map(str, wanted) if isinstance(wanted, list) else (str(wanted),))


def _pair(row: Mapping[str, Any], columns: Mapping[str, str], task: Task, where: str) -> Iterator[PairRow]:
    missing = [columns[name] for name in ("text", "target", "label") if row.get(columns[name]) in (None, "")]
    if missing:
        raise InputError(
            f"{where}: {', '.join(missing)} missing; the row has {', '.join(map(str, row))}. "
            "Say with `columns` in the task's YAML how they are called."
        )
    values = {name: _text(row.get(column)) for name, column in columns.items()}
    label = values["label"]
    if task.labels and label not in task.labels:
        return
    label = task.labels.get(label, label)
    if label not in LABELS:
        raise InputError(
            f"{where}: the label is {label!r}; it must be one of {', '.join(LABELS)}. "
            "Say with `labels` in the task's YAML what the file's labels mean."
        )
    group = task.groups.get(values["group"], "" if task.groups else values["group"])
    yield PairRow(**{**values, "label": label, "group": group})


def _text(value: Any) -> str:
    """A cell as text; a whole number is one, however the file writes it (1.0 where a column has gaps)."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def clusters(rows: Sequence[PairRow]) -> list[str]:
    """What is drawn together for intervals: a row's cluster, or else its text, so that no text counts as many."""
    return [row.cluster or row.text for row in rows]


def majority(train: Sequence[PairRow]) -> Predictor:
    """The most frequent label of some rows for every row."""
    labels = [row.label for row in train]
    most = max(LABELS, key=labels.count)
    favor, against, neutral = (float(label == most) for label in LABELS)
    return lambda rows: [(favor, against, neutral)] * len(rows)


def judge(config: Config) -> Predictor:
    """The stance model, asked with text and target together; "not about it" counts as neutral.

    A target that is the id of one in the topics file stands for that one's text.
    """
    from stance.classify import classify_pairs, neutral_if_unrelated
    from stance.judge import Judge, target_text
    from stance.models import model_folder
    from stance.view import View

    model = Judge(model_folder(config.models.stance), config.device)
    known = {target.id: target_text(target) for target in load_topics(config.topics).targets}

    def predict(rows: Sequence[PairRow]) -> list[Probs]:
        views = [View(row.text, speaker=row.author, cue=row.cue) for row in rows]
        about, sides = classify_pairs(model, views, [known.get(row.target, row.target) for row in rows])
        return [(float(a), float(b), float(c)) for a, b, c in neutral_if_unrelated(about, sides)]

    return predict
