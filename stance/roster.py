"""The speakers of a run, written for the terminal, for other programs, or for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stance.resolve.registry import plain
from stance.speakers import HOW, UNKNOWN, Listed

if TYPE_CHECKING:
    from rich.console import Console

NUMBER = 6
"""Columns that a number takes."""


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
    unresolved = [own for own in listed if own.unresolved]
    named = [own for own in listed if not own.unresolved]
    _part(console, "Not resolved, unnamed, and groups", unresolved, top)
    for own in unresolved[:top]:
        _line(console, own, _forms(own.sources, 4) if own.id == UNKNOWN else own.entry.name)
    pairs = _pairs(named)
    _part(console, "May be the same", pairs, top)
    for one, other in pairs[:top]:
        console.print(
            f"stance speakers merge {run} {one.id} --into {other.id}", style="cyan", highlight=False, soft_wrap=True
        )
        console.print(f"{'':{NUMBER}} {_short(one)}  |  {_short(other)}", style="dim", highlight=False)
    _part(console, "Speakers", named, top)
    for own in named[:top]:
        _line(console, own, own.entry.name)
        _more(console, own)


def _part(console: Console, title: str, rows: Sequence[object], top: int) -> None:
    if rows:
        left_out = f" (the first {top} of {len(rows):,}; --top)" if len(rows) > top else ""
        console.print(f"\n{title}{left_out}", style="bold", highlight=False)


def _line(console: Console, own: Listed, title: str) -> None:
    about = ", ".join(part for part in (own.entry.role, own.entry.affiliation) if part and part != title)
    articles = len(own.entry.articles)
    number = f"{own.entry.statements:{NUMBER},} in {articles:,} article{'s' if articles != 1 else ''}"
    console.print(f"{number}  {title}{f', {about}' if about else ''}  [{own.id}]", highlight=False, markup=False)


def _more(console: Console, own: Listed) -> None:
    how = ", ".join(f"{HOW.get(way, way)} {share:.0%}" for way, share in own.as_dict()["how"].items())
    others = {name: n for name, n in own.names.items() if name != own.entry.name}
    names = f"; also {_forms(others, 5)}" if others else ""
    console.print(f"{'':{NUMBER}} {how}{names}", style="dim", highlight=False, markup=False)


def _forms(forms: Mapping[str, int], most: int) -> str:
    ordered = sorted(forms.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{form or '(no source)'} {number}" for form, number in ordered[:most])


def _short(own: Listed) -> str:
    parts = (own.entry.name, own.entry.role, own.entry.affiliation, f"{own.entry.statements}")
    return ", ".join(part for part in parts if part)


def _pairs(named: Sequence[Listed]) -> list[tuple[Listed, Listed]]:
    """Each likely pair once, the one with fewer statements first; pairs with most statements first."""
    by_id = {own.id: (number, own) for number, own in enumerate(named)}
    return [
        (own, by_id[other][1])
        for number, own in enumerate(named)
        for other in own.similar
        if other in by_id and by_id[other][0] < number
    ]
