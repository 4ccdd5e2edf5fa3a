"""Shards: parts of an input that are labelled apart, on any machine, and lie side by side until they are merged.

    OUT/shards.json              the settings, and the shards that the input consists of, in its order
    OUT/articles/NAME.parquet    the tables of a shard; its statements have the speakers as resolved in their article,
    OUT/statements/NAME.parquet  for who is who across articles is known when all are there
    OUT/done/NAME.json           written last: the shard is whole; what it holds and what went wrong
    OUT/begun/NAME/              while the work goes on: one file for each worker that began it

A shard's name says what was read and with which settings, so that work is done again where either has changed and
nowhere else. OUT may be a URL: nothing is ever appended, renamed or locked.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from stance.errors import InputError
from stance.read import Source
from stance.read.remote import file_system
from stance.read.tables import TABLES
from stance.rows import Row, with_statements
from stance.tables import Columns, read_columns
from stance.task import Part, Task
from stance.types import Article, Problem

INFO = "shards.json"
FILES = 500
"""Files with one article each that a shard holds at the most."""

CUT = 256
"""One file in so many ends a shard, whatever comes before it: a file more or less changes few shards."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Files that are labelled together: one with many articles, or many with one each."""

    name: str
    sources: tuple[Source, ...]

    def to_json(self) -> str:
        return json.dumps([self.name, [[s.path, s.name, s.suffix] for s in self.sources]])

    @classmethod
    def from_json(cls, text: str) -> Shard:
        name, sources = json.loads(text)
        return cls(name, tuple(Source(*values) for values in sources))


def plan(sources: Sequence[Source], settings: str) -> list[Shard]:
    """Part an input into shards, in its order.

    Args:
        sources: the files, as `find_sources` gives them.
        settings: hash of all that decides the results.
    """
    shards: list[Shard] = []
    group: list[Source] = []

    def end() -> None:
        if group:
            shards.append(Shard(_name(group, settings), tuple(group)))
            group.clear()

    for source in sources:
        if source.suffix in TABLES:
            end()
        group.append(source)
        last = int.from_bytes(hashlib.sha256(source.name.encode(errors="replace")).digest()[:4]) % CUT == 0
        if source.suffix in TABLES or last or len(group) == FILES:
            end()
    end()
    return shards


def _name(sources: Iterable[Source], settings: str) -> str:
    versions = [[source.path, source.name, source.version or _version(source.path)] for source in sources]
    return hashlib.sha256(json.dumps([settings, versions]).encode()).hexdigest()[:20]


def _version(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:  # reading it will tell what is wrong
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


class ShardFolder:
    """Where the shards of an input lie.

    Args:
        url: a folder, or a URL that fsspec knows.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.fs, self.root = file_system(self.url)

    def path(self, *parts: str) -> str:
        return "/".join((self.root, *parts))

    def info(self) -> dict[str, Any] | None:
        """What shards.json says; None where this is no folder of shards."""
        try:
            return dict(json.loads(self.fs.cat_file(self.path(INFO))))
        except FileNotFoundError:
            return None

    def begin(self, settings: dict[str, Any], shards: Sequence[Shard], problems: Sequence[Problem]) -> None:
        """Say what is going to be labelled.

        Raises:
            InputError: the folder holds something else.
        """
        if self.info() is None and self.fs.exists(self.root) and self.fs.ls(self.root):
            raise InputError(f"{self.url} is not empty and holds no shards. Give a new folder for them: -o FOLDER.")
        for name in ("articles", "statements", "done"):
            self.fs.makedirs(self.path(name), exist_ok=True)
        info = {**settings, "shards": [shard.name for shard in shards], "problems": list(map(asdict, problems))}
        self.fs.pipe_file(self.path(INFO), (json.dumps(info, ensure_ascii=False, indent=1) + "\n").encode())

    def done(self) -> set[str]:
        """Names of the shards that are whole."""
        return self._names("done", ".json")

    def _names(self, folder: str, ending: str) -> set[str]:
        self.fs.invalidate_cache()
        try:
            files = self.fs.ls(self.path(folder), detail=False)
        except FileNotFoundError:
            return set()
        return {path.rsplit("/", 1)[-1].removesuffix(ending) for path in files if path.endswith(ending)}

    def is_done(self, shard: str) -> bool:
        return bool(self.fs.exists(self.path("done", f"{shard}.json")))

    def undo(self, shard: str) -> None:
        """Have a shard labelled again."""
        self.fs.rm_file(self.path("done", f"{shard}.json"))

    def tries(self, shard: str, mine: str) -> int:
        """Note that somebody (`mine`) begins a shard, and say how many have begun it by now."""
        self.fs.makedirs(self.path("begun", shard), exist_ok=True)
        self.fs.pipe_file(self.path("begun", shard, mine), b"\n")
        return len(self._names(f"begun/{shard}", ""))

    def forget_tries(self) -> None:
        if self.fs.exists(self.path("begun")):
            self.fs.rm(self.path("begun"), recursive=True)

    def sweep(self, shards: Sequence[str]) -> None:
        """Remove the shards that belong to the input no longer."""
        for folder, ending in (("done", ".json"), ("articles", ".parquet"), ("statements", ".parquet")):
            for name in self._names(folder, ending) - set(shards):
                self.fs.rm_file(self.path(folder, name + ending))

    def markers(self, shards: Sequence[str]) -> list[dict[str, Any]]:
        """What the done markers of shards say, in the order given."""
        paths = [self.path("done", f"{name}.json") for name in shards]
        found = self.fs.cat(paths) if len(paths) > 1 else {path: self.fs.cat_file(path) for path in paths}
        return [json.loads(found[path]) for path in paths]

    def read(self, shard: str) -> Iterator[tuple[Row, list[Row]]]:
        """Each article of a shard with its statements, in the order in which they were read."""
        with ExitStack() as files:
            articles, statements = (
                read_columns(files.enter_context(self.fs.open(self.path(name, f"{shard}.parquet"), "rb")))
                for name in ("articles", "statements")
            )
            yield from with_statements(articles, statements)


class ShardWriter:
    """Takes the results of one shard, as a run folder takes those of a run.

    >>> with ShardWriter(folder, shard.name) as writer:  # doctest: +SKIP
    ...     label(read_sources(shard.sources, options), engine, writer, batch)
    """

    def __init__(self, folder: ShardFolder, name: str) -> None:
        self.folder, self.name = folder, name
        self.problems: list[Row] = []
        self.numbers = {"articles": 0, "statements": 0, "stances": 0}
        self._files = ExitStack()
        self._articles, self._statements = self._table("articles"), self._table("statements")

    def _table(self, name: str) -> Columns:
        file = self._files.enter_context(self.folder.fs.open(self.folder.path(name, f"{self.name}.parquet"), "wb"))
        columns = Columns(file, name)
        self._files.callback(columns.close)
        return columns

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    def claim(self, article: Article) -> Task:
        """A shard is labelled whole or not at all."""
        return Task(article)

    def refuse(self, problem: Problem) -> None:
        self.problems.append(asdict(problem))

    def keep(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self.problems += part["problems"]
            if part["problems"]:
                continue
            self._articles.add(part["article"])
            self.numbers["articles"] += 1
            for row in part["statements"]:
                self._statements.add(row)
                self.numbers["statements"] += 1
                self.numbers["stances"] += len(row["stances"])

    def finish(self, **more: Any) -> dict[str, Any]:
        """Close the tables and say that the shard is whole."""
        self._files.close()
        marker = {"shard": self.name, **self.numbers, "problems": self.problems, **more}
        text = json.dumps(marker, ensure_ascii=False) + "\n"
        self.folder.fs.pipe_file(self.folder.path("done", f"{self.name}.json"), text.encode(errors="replace"))
        return marker
