"""What is evaluated: a small YAML file that names the kind of data, where it lies, and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

from stance.errors import ConfigError, InputError
from stance.evaluate.data import TABLES, kind_of
from stance.yamlfile import YamlFile, did_you_mean

Kind = Literal["articles", "attribution", "speakers", "coref", "pairs"]
KINDS: tuple[Kind, ...] = get_args(Kind)
PAIR_COLUMNS = ("text", "target", "label", "author", "cue", "cluster", "group")
"""What a row of a pairs file can say; text, target and label must be there."""
DATA_FILES = (".jsonl", *TABLES)
DOWNLOAD_KEYS = ("url", "sha256", "member")
MAPPINGS = ("columns", "labels", "groups", "where", "train_where", "ceiling", "download")


@dataclass(frozen=True, slots=True)
class Task:
    """One evaluation.

    `articles`: the whole chain against fully annotated articles. `attribution`: source, cue and content spans.
    `speakers`: who speaks, the annotated statements given. `coref`: the same against gold coreference. `pairs`: the
    stance of a text toward a given target.
    """

    name: str
    kind: Kind
    description: str = ""
    data: Path | None = None
    """A file, or a folder of JSONL or brat files; relative paths start at the task's own file. None: to be given."""
    home: str = ""
    """Where the data can be had."""
    terms: str = ""
    """On which terms they can be had; "" where they state none."""
    download: Mapping[str, str] = field(default_factory=dict)
    """What `--download` fetches: url, sha256 (if known), member (the file inside an archive)."""
    scope: Literal["codebook", "polnear"] = "codebook"
    """attribution: whose annotation rules the tagger follows; polnear includes beliefs and intentions."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """pairs: our name to the file's name of a column."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """pairs: the file's label to favor, against or neutral; other labels are left out."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """pairs: the file's value in the column `group` to the name under which such rows are scored apart as well."""
    contrast: bool = False
    """pairs: the rows of one cluster differ in little, and a cluster counts as right where all of its rows are."""
    where: Mapping[str, str] = field(default_factory=dict)
    """Only rows whose key has this value, such as a split; for pairs or one of a list, for articles or one of several
    words."""
    encoding: str = "utf-8"
    """pairs, of CSV and TSV files."""
    train: Path | None = None
    """pairs, articles: rows that the TF-IDF baseline learns from, with the same columns and labels."""
    train_where: Mapping[str, str] = field(default_factory=dict)
    """Which of them, as `where`."""
    ceiling: Mapping[str, float] = field(default_factory=dict)
    """What people reach on the same data, by metric."""
    ceiling_note: str = ""
    coders: Path | None = None
    """A second coder's annotation of some of the same articles; scored against the first as a system of its own."""


def load_task(name: str | Path, data: str | Path | None = None) -> Task:
    """A task by its name in eval/tasks, by the path of its YAML, or made up for annotated data.

    Args:
        name: such as "gold", "mine.yaml", "mine.jsonl", or a folder of annotated articles.
        data: takes the place of the task's own data.

    Raises:
        ConfigError: no such task, or its file is wrong.
        InputError: the data are missing.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        task = _read(path)
    elif path.suffix in DATA_FILES and not path.exists():
        raise InputError(f"There is no file {path} to evaluate on.")
    elif path.exists() and (path.is_dir() or path.suffix):
        task = Task(path.stem, kind_of(path), "Your own data.", path)
    else:
        task = _read(_named(str(name)))
    if data is not None:
        task = replace(task, data=Path(data))
    return task


def checked(task: Task) -> Task:
    """The task, if its data are there.

    Raises:
        InputError: they are not; the message says where they can be had.
    """
    get = task.home + (f" Terms: {task.terms}." if task.terms else "")
    get += " Or fetch them with --download." if task.download else ""
    if task.data is None:
        raise InputError(f"The task {task.name} has no data of its own: give it with --data PATH. {get}".strip())
    for path in (task.data, task.train, task.coders):
        if path is not None and not path.exists():
            raise InputError(f"The data of the task {task.name} are not there: {path}. {get}".strip())
    return task


def tasks_folder() -> Path:
    """The folder of task files in a checkout."""
    return Path(__file__).resolve().parents[2] / "eval" / "tasks"


def task_names() -> list[str]:
    return sorted(path.stem for path in tasks_folder().glob("*.yaml"))


def _named(name: str) -> Path:
    path = tasks_folder() / f"{name}.yaml"
    if not path.is_file():
        near = did_you_mean(name, task_names())
        raise ConfigError(
            f"There is no task {name!r}.{near} Give a task's name, its YAML file, or annotated data: a JSONL or CSV "
            "file, or a folder of JSONL or brat files."
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
    _check_mappings(source)
    for key in ("data", "train", "coders"):
        if values.get(key) is not None:
            values[key] = path.parent / values[key]
    return Task(path.stem, **_plain(values))


def _check_mappings(source: YamlFile) -> None:
    for key in MAPPINGS:
        if not isinstance(source.data.get(key, {}), dict):
            raise ConfigError(f"{source.where((key,))}: {key} must hold `name: value` lines.")
    for part, names in (("columns", PAIR_COLUMNS), ("download", DOWNLOAD_KEYS)):
        for key in source.data.get(part, {}):
            if key not in names:
                where = source.where((part, key))
                raise ConfigError(f"{where}: {part} has no {key!r}.{did_you_mean(str(key), names)}")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Keys of mappings as text: YAML takes 0 and 1 for numbers."""
    texts = {key: {str(k): v for k, v in values[key].items()} for key in MAPPINGS if key in values}
    return {**values, **texts}
