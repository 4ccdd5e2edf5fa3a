"""The speakers of a run, written for the terminal, for other programs, or for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from stance.resolve.registry import plain
from stance.speakers import HOW, Listed, how_shares
from stance.speakers.listing import ranked

if TYPE_CHECKING:
    from rich.console import Console


def matching(listed: Sequence[Listed], text: str | None) -> list[Listed]:
    """Speakers with a text in an id, a name or a way of writing, whatever its case and accents."""
    if text is None:
        return list(listed)
    wanted = plain(text)
    return [
        own
        for own in listed
        if any(wanted in plain(form) for form in (own.id, own.entry.name, *own.names, *own.sources, *own.also))
    ]


def as_json(listed: Sequence[Listed]) -> str:
    """An array of speakers."""
    return json.dumps([own.as_dict() for own in listed], ensure_ascii=False, indent=2) + "\n"


def as_csv(listed: Sequence[Listed]) -> str:
    """One line a speaker; several values in a cell are parted by semicolons."""
    out = io.StringIO()
    writer: csv.DictWriter[str] | None = None
    for own in listed:
        row = {key: _cell(value) for key, value in own.as_dict().items()}
        if writer is None:
            writer = csv.DictWriter(out, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {number}" for key, number in value.items())
    return "; ".join(value) if isinstance(value, list) else value


def render(listed: Sequence[Listed], top: int, console: Console, run: str) -> None:
    """Three parts: who is not resolved, who may be the same, and everybody by number of statements.

    Args:
        listed: speakers as `stance.decide.speakers` gives them.
        top: lines of each part at the most.
        console: where to.
        run: the run's folder, for the commands that are proposed.
    """
    if not listed:
        console.print("No speaker.", style="dim")
    unresolved = [own for own in listed if own.unresolved]
    named = [own for own in listed if not own.unresolved]
    _part(console, "Not resolved: unnamed, groups, or nobody", unresolved, top)
    _table(console, unresolved[:top], "As written", lambda own: _forms(own.sources, 4))
    pairs = _pairs(named)
    _part(console, "May be the same", pairs, top)
    for one, other in pairs[:top]:
        console.print(f"  {_short(one)}  |  {_short(other)}", highlight=False, markup=False, soft_wrap=True)
        folder, who, into = map(shlex.quote, (run, one.id, other.id))
        command = f"    stance speakers merge {folder} {who} --into {into}"
        console.print(command, style="cyan", highlight=False, markup=False, soft_wrap=True)
    _part(console, "Speakers", named, top)
    _table(console, named[:top], "Resolved by", lambda own: _ways(own.entry.how))


def _part(console: Console, title: str, rows: Sequence[object], top: int) -> None:
    if rows:
        left_out = f" (the first {top} of {len(rows):,}; more with --top)" if len(rows) > top else ""
        console.print(f"\n{title}{left_out}", style="bold", highlight=False)


def _table(console: Console, rows: Sequence[Listed], last: str, describe: Callable[[Listed], str]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("Said", "In"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Speaker", overflow="fold", ratio=3)
    table.add_column("Id", no_wrap=True)
    table.add_column(last, overflow="fold", ratio=2)
    for own in rows:
        entry = own.entry
        about = ", ".join(part for part in (entry.role, entry.affiliation) if part and part != entry.name)
        speaker = Text.assemble(entry.name or "(nobody)", (f"\n{about}" if about else "", "dim"))
        numbers = (f"{entry.statements:,}", f"{len(entry.articles):,}")
        table.add_row(*numbers, speaker, Text(own.id, "cyan"), Text(describe(own)))
    console.print(table)


def _ways(how: Mapping[str, int]) -> str:
    return ", ".join(f"{HOW.get(way, way).removeprefix('by ')} {share:.0%}" for way, share in how_shares(how).items())


def _forms(forms: Mapping[str, int], most: int) -> str:
    return ", ".join(f"{form or '(no source)'} {number}" for form, number in ranked(forms)[:most])


def _short(own: Listed) -> str:
    parts = (own.entry.name, own.entry.role, own.entry.affiliation, f"{own.entry.statements:,}")
    return ", ".join(part for part in parts if part)


def _pairs(named: Sequence[Listed]) -> list[tuple[Listed, Listed]]:
    """Each likely pair once, the one with fewer statements first; pairs with most statements first."""
    place = {own.id: number for number, own in enumerate(named)}
    pairs = ((own, named[place[o]]) for own in named for o in own.similar if place.get(o, len(place)) < place[own.id])
    return sorted(pairs, key=lambda pair: (place[pair[1].id], place[pair[0].id]))
