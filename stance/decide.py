"""People's decisions about the speakers of a finished run, kept in a file and carried out in its tables.

Tools outside read statements.jsonl, so decisions stand there and not in the reports alone: the table is written anew
from the speakers that resolved.jsonl keeps. No model is needed.
"""

from __future__ import annotations

import difflib
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from stance.errors import InputError
from stance.resolve.speakers import identity
from stance.speakers import UNKNOWN, Decision, Listed, Settled, append, listing, load
from stance.store import Counts, decisions_file, read_info, read_resolved, read_run, write_info
from stance.tables import Table

_ABOUT = {"merge", "split", "rename", "set"}


def settle(run: str | Path, file: str | Path | None = None) -> int:
    """Write a finished run's statements with the speakers as decided.

    Args:
        run: its folder.
        file: the decisions that the run goes by from now on; by default those it went by until now.

    Returns:
        How many statements have other speakers than before.

    Raises:
        InputError: no finished run, or one that cannot be written.
        ConfigError: the decisions are wrong.
    """
    with _alone(Path(run)):
        return _settle(Path(run), file)


def _settle(run: Path, file: str | Path | None) -> int:
    try:
        return _write(run, file)
    except OSError as error:
        reason = error.strerror or str(error)
        again = shlex.join(["stance", "speakers", "apply", str(run), *(["--decisions", str(file)] if file else [])])
        raise InputError(f"Cannot write into {run}: {reason}. Mend that, then: {again}") from error


def _write(run: Path, file: str | Path | None) -> int:
    counts, changed = Counts(), 0
    info = read_info(run)
    if file is not None:
        info["decisions"] = str(Path(file).absolute())
    settled = Settled((row for _, rows in read_resolved(run) for row in rows), load(file or decisions_file(run)))
    with Table(run, "statements") as table:
        for (_, before), (_, resolved) in zip(read_run(run), read_resolved(run), strict=True):
            rows = [settled.row(row) for row in resolved]
            for row in rows:
                table.add(row)
            counts.add(rows)
            changed += sum(old != new for old, new in zip(before, rows, strict=True))
    write_info(run, {**info, "counts": counts.totals})
    return changed


def decide(run: str | Path, decision: Decision, file: str | Path | None = None) -> int:
    """Keep a decision in the file that the run goes by, and carry it out.

    Returns:
        How many statements have other speakers than before.

    Raises:
        InputError: no finished run, or a file that cannot be written.
        ConfigError: the decision or the file is wrong.
    """
    path = Path(file or decisions_file(run))
    with _alone(Path(run), path.parent):
        append(path, decision)
        return _settle(Path(run), file)


@contextmanager
def _alone(*folders: Path) -> Iterator[None]:
    """Wait until no other process decides in these folders, and keep others waiting; Windows has no such locks."""
    with ExitStack() as held:
        for folder in sorted({folder.resolve() for folder in folders if folder.is_dir()}):
            try:
                import fcntl
            except ImportError:
                break
            handle = os.open(folder, os.O_RDONLY)
            held.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def behind(run: str | Path) -> bool:
    """Whether a run's decisions are newer than its tables: changed by hand, from another run, or by a killed command.

    Raises:
        InputError: no run.
    """
    file, table = decisions_file(run), Path(run) / "statements.parquet"
    return file.exists() and table.exists() and file.stat().st_mtime_ns > table.stat().st_mtime_ns


def strangers(run: str | Path) -> list[str]:
    """Ids that decisions are about and that nobody has in a run, in the order of the file.

    Raises:
        InputError: no finished run.
        ConfigError: the decisions are wrong.
    """
    decisions = load(decisions_file(run))
    known = {speaker["id"] for _, rows in read_resolved(run) for row in rows for speaker in row["speakers"]}
    known |= {UNKNOWN, *(decision["into"] for decision in decisions if "into" in decision)}
    about = [decision.get("merge") or [decision[verb]] for decision in decisions for verb in _ABOUT & set(decision)]
    return list(dict.fromkeys(own for ids in about for own in ids if own not in known))


def speakers(run: str | Path) -> list[Listed]:
    """All speakers of a finished run; see `stance.speakers.listing`.

    Raises:
        InputError: no finished run.
    """
    settled = Settled((row for _, rows in read_resolved(run) for row in rows), load(decisions_file(run)))
    return listing((row for _, rows in read_resolved(run) for row in rows), settled)


def find(listed: list[Listed], wanted: str) -> Listed:
    """The speaker of this id, of an id that was joined or merged into it, or the only one of this name.

    Raises:
        InputError: there is none, or several have the name; the message says which.
    """
    ids = [own for own in listed if own.id == wanted] or [own for own in listed if wanted in own.also]
    folded = wanted.casefold()
    found = ids[:1] or [own for own in listed if folded in {own.entry.name.casefold(), *map(str.casefold, own.names)}]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(f"{own.id} ({own.entry.statements})" for own in found[:9])
        raise InputError(f"Several speakers are called {wanted!r}. Give an id: {several}.")
    raise InputError(f"No speaker of this run has the id or name {wanted!r}. {_hint(listed, folded)}")


def _hint(listed: list[Listed], folded: str) -> str:
    """Who may be meant by what nobody is called: a name that is spelt alike, or those that have it within theirs."""
    known = {text.casefold(): text for own in listed for text in (own.id, own.entry.name)}
    near = difflib.get_close_matches(folded, list(known), n=1, cutoff=0.8)
    if near:
        return f'Did you mean "{known[near[0]]}"?'
    within = [own for own in listed if folded.strip() and folded in f"{own.id} {own.entry.name}".casefold()]
    within.sort(key=lambda own: -own.entry.statements)
    some = ", ".join(f"{own.id} ({own.entry.statements})" for own in within[:5])
    return f"Did you mean {some}?" if some else "Look for it with: stance speakers list RUN --find TEXT"


def split(run: str | Path, wanted: str, articles: list[str], statements: list[str], name: str | None) -> Decision:
    """The decision that takes a speaker out of a merge or join, or gives some of its statements to another.

    Args:
        run: a finished run's folder.
        wanted: a speaker's id or name.
        articles: ids; what the speaker says there goes to the other one.
        statements: ids; these go to the other one.
        name: the other one, a listed id or a new name; needed with articles or statements, and only then.

    Raises:
        InputError: there is no such speaker, or it does not speak there, or a name is missing or not new.
    """
    listed = speakers(run)
    if not articles and not statements:
        if name is not None:
            raise InputError("--as says who makes some of the statements. Say which with --article or --statement.")
        known = {own for one in listed for own in (one.id, *one.also)}
        return {"split": wanted if wanted in known else find(listed, wanted).id}
    if name is None:
        raise InputError("Say with --as whose statements these are: a new name, or a listed id.")
    own = find(listed, wanted)
    for place in (*articles, *statements):
        if place not in own.entry.articles | own.statement_ids:
            raise InputError(f"{own.id} says nothing in {place!r}. Give the id of an article or statement of its own.")
    places = {key: value for key, value in (("articles", articles), ("statements", statements)) if value}
    other = next((one for one in listed if one.id == name), None)
    if other is not None:
        return {"split": own.id, **places, "into": other.id}
    new = identity(re.sub(r"[()]", " ", name), own.entry.affiliation)
    if any(one.id == new for one in listed):
        raise InputError(f"{name!r} would have the id {new}, which is taken. Give that id, or tell the name apart.")
    return {"split": own.id, **places, "into": new, "name": name}
