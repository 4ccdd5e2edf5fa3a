"""Joins runs, and shards that a cluster labelled, into one run: as if one machine had labelled all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.pipeline import NOT_RESULTS
from stance.read.remote import is_remote
from stance.rows import Row
from stance.shards import ShardFolder
from stance.speakers import Decision, append, load
from stance.store import DECISIONS, INFO, Counts, RunFolder, decisions_file, read_info, read_problems, read_resolved
from stance.tables import json_line
from stance.task import Part
from stance.types import Problem

HASHED = (*NOT_RESULTS, "models", "topics", "speakers")
"""Options that decide nothing, or that name files of which the hashes are compared."""

KEPT = ("hash", "steps", "version", "config", "models", "speakers", "topics")
"""What run.json says of the settings."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run to be joined, or a folder of shards."""

    name: str
    info: Mapping[str, Any]
    articles: Callable[[], Iterator[tuple[Row, list[Row]]]]
    """Its articles with their statements, whose speakers are as resolved in the article."""
    problems: Callable[[], Iterator[Problem]]
    decisions: Sequence[Decision]
    """About its speakers."""


def merge(runs: Sequence[str], out: str | Path, overwrite: bool = False) -> Counts:
    """Write several runs as one. Who is who across articles is found out anew, with the decisions of all runs.

    Args:
        runs: folders of finished runs, or folders (or URLs) of shards that are all done.
        out: the run folder to make.
        overwrite: replace a run that is there.

    Raises:
        InputError: runs that are not finished, that other settings made, or in which one id stands for two articles.
    """
    pieces = [_piece(run) for run in runs]
    _same_settings(pieces)
    out = Path(out)
    if (out / INFO).exists() and (
        not overwrite or any(Path(piece.name).resolve() == out.resolve() for piece in pieces)
    ):
        raise InputError(f"{out} holds a run. Give a new folder with -o, or add --overwrite to replace it.")
    made = {key: pieces[0].info[key] for key in KEPT}
    seconds = sum(float(piece.info.get("seconds", 0)) for piece in pieces)
    with RunFolder(out, made, overwrite) as run:
        ids = _Ids()
        run.keep(ids.once(pieces))
        for problem in _problems(pieces, ids):
            run.refuse(problem)
        _join_decisions(pieces, out)
        return run.finish(seconds)


def _piece(run: str) -> Piece:
    if is_remote(run) or not (Path(run) / INFO).exists():
        folder = ShardFolder(run)
        if (info := folder.info()) is not None:
            return _shards(folder, info)
    info = read_info(run)
    return Piece(run, info, lambda: read_resolved(run), lambda: read_problems(run), load(decisions_file(run)))


def _shards(folder: ShardFolder, info: Mapping[str, Any]) -> Piece:
    names: list[str] = info["shards"]
    missing = len(set(names) - folder.done())
    if missing:
        raise InputError(
            f"{missing} of {len(names)} shards in {folder.url} are not done. Repeat the command that began them; it "
            "goes on where it stopped."
        )
    markers = folder.markers(names)
    rows = [*info["problems"], *(row for marker in markers for row in marker["problems"])]
    seconds = sum(marker["seconds"] for marker in markers)
    return Piece(
        folder.url,
        {**info, "seconds": seconds},
        lambda: (item for name in names for item in folder.read(name)),
        lambda: (Problem(**row) for row in rows),
        load(info["decisions"]) if info["decisions"] else (),
    )


def _same_settings(pieces: Sequence[Piece]) -> None:
    first, *others = pieces
    for other in others:
        if other.info["hash"] != first.info["hash"]:
            found = "; ".join(_differences(first.info, other.info)) or "made by different versions of stance"
            raise InputError(
                f"{first.name} and {other.name} were made with different settings: {found}. Runs that are joined must "
                f"be made alike. Label one of them again with the other's settings; what does not depend on the "
                "difference is kept."
            )


def _differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    def values(info: Mapping[str, Any]) -> dict[str, Any]:
        options = _flat(info["config"])
        found = {key: value for key, value in options.items() if key.split(".")[0] not in HASHED}
        found |= {f"{role} model": model["sha256"][:12] for role, model in info["models"].items()}
        found |= {"speakers file": info["speakers"]["sha256"][:12], "topics": info["topics"]["hash"][:12]}
        return {"version": info["version"], **found}

    mine, theirs = values(one), values(other)
    for key in dict.fromkeys((*mine, *theirs)):
        if mine.get(key) != theirs.get(key):
            yield f"{key} is {mine.get(key)} in one and {theirs.get(key)} in the other"


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return flat


class _Ids:
    """Which articles are there already, by id: what they say, and where it stands."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[bytes, str]] = {}

    def __contains__(self, article_id: str | None) -> bool:
        return article_id in self._known

    def once(self, pieces: Sequence[Piece]) -> Iterator[Part]:
        """Every article of the runs once."""
        for piece in pieces:
            for article, statements in piece.articles():
                if self._new(article, statements, piece.name):
                    yield {"article": article, "statements": statements, "problems": []}

    def _new(self, article: Row, statements: Sequence[Row], where: str) -> bool:
        said = json_line({**article, "path": None, "statements": statements})
        mine = (hashlib.sha256(said).digest()[:16], where)
        digest, before = self._known.setdefault(article["article_id"], mine)
        if digest != mine[0]:
            raise InputError(
                f"The article id {article['article_id']!r} stands for one article in {before} and for another one in "
                f"{where} ({article['path']}). Label both inputs by one command, which makes ids unique, or give them "
                "ids of their own (--id-column)."
            )
        return self._known[article["article_id"]] is mine


def _problems(pieces: Sequence[Piece], ids: _Ids) -> Iterator[Problem]:
    """The problems of all runs in the order of a single one's, without those of articles that another run labelled."""
    found = list(dict.fromkeys(problem for piece in pieces for problem in piece.problems()))
    yield from (problem for problem in found if problem.stage == "read")
    later = [problem for problem in found if problem.stage != "read" and problem.article_id not in ids]
    yield from sorted(later, key=lambda problem: str(problem.article_id))


def _join_decisions(pieces: Sequence[Piece], out: Path) -> None:
    known = load(out / DECISIONS)
    for piece in pieces:
        for decision in piece.decisions:
            if decision not in known:
                append(out / DECISIONS, decision)
                known.append(decision)
