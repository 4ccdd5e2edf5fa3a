"""What is evaluated: a small YAML file that names the kind of data, where it lies, and what is known about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from stance.errors import ConfigError, InputError
from stance.yamlfile import YamlFile, did_you_mean

Kind = Literal["articles", "attribution", "coref", "pairs"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAIR_COLUMNS = ("text", "target", "label", "author", "cue", "cluster")
"""What a row of a pairs file can say; text, target and label must be there."""


@dataclass(frozen=True, slots=True)
class Task:
    """One evaluation.

    `articles`: the whole chain against fully annotated articles. `attribution`: source, cue and content spans.
    `coref`: whom the sources of attributions mean, by gold coreference. `pairs`: the stance of a text toward a target.
    """

    name: str
    kind: Kind
    description: str = ""
    data: Path | None = None
    """A JSONL file (for pairs also CSV); relative paths start at the task's own file. None: to be given."""
    home: str = ""
    """Where the data can be had, and on which terms."""
    scope: Literal["codebook", "polnear"] = "codebook"
    """attribution: whose annotation rules the tagger follows; polnear includes beliefs and intentions."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """pairs: our name to the file's name of a column."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """pairs: the file's label to favor, against or neutral; other labels are left out."""
    where: Mapping[str, str] = field(default_factory=dict)
    """pairs: only rows whose column has this value, such as a split; coref: one of its words."""
    ceiling: Mapping[str, float] = field(default_factory=dict)
    """What people reach on the same data, by metric."""
    ceiling_note: str = ""


def load_task(name: str | Path, data: str | Path | None = None) -> Task:
    """A task by its name in eval/tasks, by the path of its YAML, or made up for a data file.

    Args:
        name: such as "gold", "mine.yaml" or "mine.jsonl".
        data: takes the place of the task's own data.

    Raises:
        ConfigError: no such task, or its file is wrong.
        InputError: the data file is missing.
    """
    path = Path(name)
    if path.suffix in (".jsonl", ".csv"):
        task = Task(path.stem, _guess(path), "Your own data.", path)
    else:
        task = _read(path if path.suffix in (".yaml", ".yml") else _named(str(name)))
    if data is not None:
        task = _with_data(task, Path(data))
    if task.data is None:
        raise InputError(f"The task {task.name} has no data of its own: give it with --data FILE. {task.home}".strip())
    if not task.data.is_file():
        raise InputError(f"The data of the task {task.name} are not there: {task.data}. {task.home}".strip())
    return task


def tasks_folder() -> Path:
    """The folder of task files in a checkout."""
    return Path(__file__).resolve().parents[2] / "eval" / "tasks"


def task_names() -> list[str]:
    return sorted(path.stem for path in tasks_folder().glob("*.yaml"))


def _named(name: str) -> Path:
    path = tasks_folder() / f"{name}.yaml"
    if not path.is_file():
        raise ConfigError(
            f"There is no task {name!r}.{did_you_mean(name, task_names())} Give a task's name, the path of a task's "
            "YAML, or a JSONL file with annotated rows."
        )
    return path


def _read(path: Path) -> Task:
    source = YamlFile(path)
    values = source.data
    if not isinstance(values, dict) or values.get("kind") not in KINDS:
        raise ConfigError(f"{path}: a task needs a kind: {', '.join(KINDS)}.")
    known = [f.name for f in fields(Task) if f.name != "name"]
    for key in values:
        if key not in known:
            raise ConfigError(f"{source.where((key,))}: unknown key {key!r}.{did_you_mean(str(key), known)}")
    for key in ("columns", "labels", "where", "ceiling"):
        if not isinstance(values.get(key, {}), dict):
            raise ConfigError(f"{source.where((key,))}: {key} must hold `name: value` lines.")
    for key in values.get("columns", {}):
        if key not in PAIR_COLUMNS:
            raise ConfigError(f"{source.where(('columns', key))}: no column {key!r}.{did_you_mean(key, PAIR_COLUMNS)}")
    if values.get("data") is not None:
        values["data"] = path.parent / values["data"]
    return Task(path.stem, **values)


def _with_data(task: Task, data: Path) -> Task:
    values: dict[str, Any] = {f.name: getattr(task, f.name) for f in fields(Task)}
    return Task(**{**values, "data": data})


def _guess(path: Path) -> Kind:
    """The kind of a data file, by its first row."""
    if path.suffix == ".csv":
        return "pairs"
    try:
        with path.open(encoding="utf-8") as file:
            row = json.loads(next((line for line in file if line.strip()), "null"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSONL: {error}. Give a file of annotated rows.") from error
    keys: dict[str, Kind] = {"statements": "articles", "attributions": "attribution", "target": "pairs"}
    for key, kind in keys.items():
        if isinstance(row, dict) and key in row:
            return kind
    raise InputError(
        f"{path}: its first row has neither 'statements' (annotated articles), 'attributions' (spans) nor 'target' "
        "(text, target and label), so it is not known how to evaluate it."
    )
