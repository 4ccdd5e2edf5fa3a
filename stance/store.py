"""The run folder: what a run leaves behind, and how it goes on after being killed.

While a run works, each finished article is one line of `unfinished.parts` (row, statements, problems, and hashes of
what these depend on); a torn last line is dropped on the next start. `finish` sorts the parts into the files that tools
outside read: statements.jsonl, articles.jsonl, both as .parquet too, problems.jsonl and run.json. Only offsets are held
in memory. A start takes over what is still valid and no more, so a run is what its last input and settings give,
however it came about.

Speakers in these tables are joined across articles and follow what people decided; resolved.jsonl keeps them as they
were resolved in each article, so that a continued run or another decision (stance/decide.py) starts from there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from stance.errors import InputError
from stance.rows import Row, article_row, with_statements
from stance.speakers import NAMED, Settled
from stance.speakers import load as load_decisions
from stance.tables import OUTPUTS, RESOLVED, Tables, json_line
from stance.task import STEPS, Part, Step, Task, part_of
from stance.types import Article, Doc, Problem

PARTS, PROBLEMS, INFO = "unfinished.parts", "problems.jsonl", "run.json"

DECISIONS = "speakers.decisions.yaml"
"""A run's own file of decisions about speakers; labelling anew leaves it alone."""


@dataclass
class Counts:
    """What a run holds."""

    articles: int = 0
    statements: int = 0
    speakers: int = 0
    """Different speaker ids over all articles, of the kinds in `NAMED`."""
    stances: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    """Problems by kind."""
    fresh: int = 0
    """Articles that this start has worked on; the others were finished before."""
    dropped: int = 0
    """Articles of an earlier start that the input no longer holds."""
    _ids: set[str] = field(default_factory=set, repr=False)

    @property
    def totals(self) -> dict[str, int]:
        """As run.json keeps them."""
        return {name: getattr(self, name) for name in ("articles", "statements", "speakers", "stances")}

    def add(self, rows: Iterable[Row]) -> None:
        """Count an article with its statements."""
        self.articles += 1
        for row in rows:
            self.statements += 1
            self.stances += len(row["stances"])
            self._ids |= {s["id"] for s in row["speakers"] if s["kind"] in NAMED}
        self.speakers = len(self._ids)


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where an article's line begins in the parts, and what decides whether it must be labelled again."""

    start: int
    article: str
    """Hash of the article's row."""
    made: tuple[str, ...]
    """Hashes of what the results of each step depended on."""
    failed: bool


class RunFolder:
    """A run folder open for writing.

    Args:
        folder: made if it does not exist.
        settings: everything that decides the results (version, configuration, topics, models with their hashes), with
            its "hash" and the hashes by step ("steps"); it is kept in run.json.
        overwrite: start anew where the folder already holds a run.

    Raises:
        InputError: the folder holds something else.
    """

    def __init__(self, folder: str | Path, settings: Mapping[str, Any], overwrite: bool = False) -> None:
        self.folder = Path(folder)
        self.settings = dict(settings)
        self.made = _made(settings)
        self._check(overwrite)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._restore()
        self._file = (self.folder / PARTS).open("ab")
        _lock(self._file, self.folder)
        self._index = _index(self.folder / PARTS)
        self._problems: list[Problem] = []
        self._seen: set[str] = set()
        self._fresh = 0
        self._write_info("running", 0)
        load_decisions(decisions_file(self.folder))  # a fault in them shows before the work, not after it
        # A reader that comes across the folder knows it by this file and run.json, finished or not.
        (self.folder / "statements.jsonl").touch()

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the folder; what is not finished can be continued."""
        self._file.close()

    def _check(self, overwrite: bool) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(f"{self.folder} is a file. Give a folder for the results: -o FOLDER.")
        if not (self.folder / INFO).exists():
            if self.folder.exists() and any(self.folder.iterdir()):
                raise InputError(
                    f"{self.folder} is not empty and holds no run. Give a new folder for the results: -o FOLDER."
                )
        elif overwrite:
            for name in (*OUTPUTS, PROBLEMS, PARTS, INFO):
                (self.folder / name).unlink(missing_ok=True)

    def _restore(self) -> None:
        """Turn a finished run back into parts, so that articles can be added to it."""
        parts = self.folder / PARTS
        if parts.exists() or not (self.folder / "articles.jsonl").exists():
            return
        temporary = parts.with_suffix(".tmp")
        made = _made(read_info(self.folder))
        with temporary.open("wb") as file:
            for article, statements in read_resolved(self.folder):
                file.write(json_line({"article": article, "statements": statements, "problems": [], "made": made}))
        os.replace(temporary, parts)

    def claim(self, article: Article) -> Task | None:
        """Note that the input has this article, and say what is to be done with it.

        Nothing is, where this very article is labelled already under its id with these settings, or where another
        article of the input had the same id before (which becomes a problem).
        """
        if article.id in self._seen:
            reason = f"an article before it has the same id {article.id!r}, so this one is left out. Make ids unique."
            self._problems.append(Problem(article.id, article.path, "read", "duplicate-id", reason))
            return None
        self._seen.add(article.id)
        entry = self._index.get(article.id)
        if entry is None or entry.failed or entry.article != _hash(article_row(article)):
            return Task(article)
        first = next((step for step, old, new in zip(STEPS, entry.made, self.made, strict=True) if old != new), None)
        if first is None:
            return None
        return Task(article, first, () if first == STEPS[0] else self._part(entry)["statements"])

    def refuse(self, problem: Problem) -> None:
        """Note an input that could not be read."""
        self._problems.append(problem)

    def add(self, docs: Iterable[Doc]) -> None:
        """Append labelled articles."""
        self.keep(map(part_of, docs))

    def keep(self, parts: Iterable[Part]) -> None:
        """Append labelled articles, as a `Labeller` gives them."""
        for part in parts:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(json_line({**part, "made": self.made}))
            self._fresh += 1
            article_id = part["article"]["article_id"]
            self._seen.add(article_id)
            self._index[article_id] = _entry(start, {**part, "made": self.made})
        self._file.flush()

    def finish(self, seconds: float) -> Counts:
        """Sort the parts into the output files, and remove them.

        Args:
            seconds: what this start took; run.json adds up the starts.
        """
        self._file.close()
        counts = Counts(fresh=self._fresh, dropped=len(self._index.keys() - self._seen))
        problems = [asdict(problem) for problem in self._problems]
        decisions = load_decisions(decisions_file(self.folder))
        settled = Settled((row for part in self._parts() for row in part["statements"]), decisions)
        with Tables(self.folder) as tables:
            for part in self._parts():
                problems += part["problems"]
                if part["problems"]:
                    continue
                rows = [settled.row(row) for row in part["statements"]]
                tables.add(part["article"], rows, [row["speakers"] for row in part["statements"]])
                counts.add(rows)
        counts.problems.update(problem["kind"] for problem in problems)
        _replace(self.folder / PROBLEMS, b"".join(json_line(problem) for problem in problems))
        self._write_info("finished", seconds, counts)
        (self.folder / PARTS).unlink()
        return counts

    def _parts(self) -> Iterator[Part]:
        """The articles of the input, in the order of their ids."""
        for article_id in sorted(self._index.keys() & self._seen):
            yield self._part(self._index[article_id])

    def _part(self, entry: _Entry) -> Part:
        with (self.folder / PARTS).open("rb") as parts:
            parts.seek(entry.start)
            return dict(json.loads(parts.readline()))

    def _write_info(self, state: str, seconds: float, counts: Counts | None = None) -> None:
        before = read_info(self.folder) if (self.folder / INFO).exists() else {}
        info = {**self.settings, "state": state, "seconds": round(before.get("seconds", 0) + seconds, 2)}
        info["decisions"] = self.settings.get("decisions") or before.get("decisions")
        if counts:
            info["counts"] = counts.totals
            info["problems"] = dict(sorted(counts.problems.items()))
        write_info(self.folder, info)


def decisions_file(folder: str | Path) -> Path:
    """The decisions that a run goes by: the file that it was told to, else its own."""
    return Path(read_info(folder).get("decisions") or Path(folder) / DECISIONS)


def write_info(folder: str | Path, info: Mapping[str, Any]) -> None:
    """Replace run.json."""
    _replace(Path(folder) / INFO, (json.dumps(info, ensure_ascii=False, indent=2) + "\n").encode())


def read_info(folder: str | Path) -> dict[str, Any]:
    """The content of run.json.

    Raises:
        InputError: the folder holds no run, or its run.json is broken.
    """
    path = Path(folder) / INFO
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        shards = (Path(folder) / "shards.json").exists()
        make = f"stance merge {folder} -o RUN" if shards else f"stance label ARTICLES -o {folder}"
        raise InputError(f"{folder} holds no run: {path} is missing. Make one with: {make}") from error
    except (OSError, ValueError) as error:
        raise InputError(f"Cannot read {path}: {error}. Label again into another folder.") from error


def read_run(folder: str | Path) -> Iterator[tuple[Row, list[Row]]]:
    """Each article of a finished run with its statements, in the order of their ids.

    Raises:
        InputError: there is no finished run.
    """
    folder = Path(folder)
    if not (folder / "articles.jsonl").exists():
        read_info(folder)
        raise InputError(
            f"The run in {folder} is not finished. Repeat the command that began it; it goes on where it stopped."
        )
    yield from with_statements(_lines(folder / "articles.jsonl"), _lines(folder / "statements.jsonl"))


def read_resolved(folder: str | Path) -> Iterator[tuple[Row, list[Row]]]:
    """As `read_run`, but with the speakers as resolved in each article, before joining and decisions.

    Raises:
        InputError: there is no finished run, or its files do not belong together.
    """
    resolved = _lines(Path(folder) / RESOLVED)
    for article, rows in read_run(folder):
        own = [next(resolved, {}) for _ in rows]
        if [row["statement_id"] for row in rows] != [one.get("statement_id") for one in own]:
            raise InputError(
                f"{folder} holds statements that {RESOLVED} does not know. Label again into it: -o {folder} --overwrite"
            )
        for row, one in zip(rows, own, strict=True):
            row["speakers"] = one["speakers"]
        yield article, rows


def read_problems(folder: str | Path) -> Iterator[Problem]:
    """What could not be read or labelled in a run."""
    return (Problem(**row) for row in _lines(Path(folder) / PROBLEMS))


def _lines(path: Path) -> Iterator[Row]:
    if path.exists():
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def _index(path: Path) -> dict[str, _Entry]:
    """The last whole line of every article; what a killed run left half written is cut off."""
    index: dict[str, _Entry] = {}
    if not path.exists():
        return index
    with path.open("rb+") as file:
        start = 0
        for line in file:
            if not line.endswith(b"\n"):
                file.truncate(start)
                break
            part = json.loads(line)
            index[part["article"]["article_id"]] = _entry(start, part)
            start += len(line)
    return index


def _entry(start: int, part: Part) -> _Entry:
    return _Entry(start, _hash(part["article"]), tuple(part["made"]), bool(part["problems"]))


def _hash(row: Row) -> str:
    return hashlib.sha256(json_line(row)).hexdigest()


def _made(info: Mapping[str, Any]) -> list[str]:
    """By step a short hash of what its results depend on; runs of old versions know one for all."""
    steps: Mapping[Step, str] = info.get("steps") or dict.fromkeys(STEPS, str(info.get("hash")))
    return [steps[step][:16] for step in STEPS]


def _lock(file: IO[bytes], folder: Path) -> None:
    """Keep a second process out for as long as this one lives; Windows has no such locks."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise InputError(
            f"Another process is writing to {folder}. Wait for it, or give another folder with -o."
        ) from error


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)
