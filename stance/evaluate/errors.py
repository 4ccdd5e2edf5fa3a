"""Mistakes as a page to read and as a table to count with."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stance.errors import InputError
from stance.evaluate.mistakes import KINDS, Mistake

SHOWN = 200
"""Mistakes of a kind on the page at the most; the table has all."""
FIELDS = ("kind", "confidence", "article", "start", "gold", "predicted", "content", "context")


def write_errors(folder: str | Path, found: Sequence[Mistake], title: str) -> None:
    """Write errors.html and errors.csv; see `stance.evaluate.mistakes`. InputError where that cannot be."""
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "errors.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(FIELDS)
            writer.writerows([_cell(getattr(mistake, name)) for name in FIELDS] for mistake in found)
        (folder / "errors.html").write_text(page(found, title), encoding="utf-8")
    except OSError as error:
        raise InputError(f"Cannot write to {folder}: {error.strerror}. Give another folder with --errors.") from error


def page(found: Sequence[Mistake], title: str) -> str:
    """The page: self-contained, a section a kind, each mistake in its context with both contents marked."""
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    counts = Counter(mistake.kind for mistake in found)
    groups = [
        (kind, meaning, counts[kind], [m for m in found if m.kind == kind][:SHOWN])
        for kind, meaning in KINDS.items()
        if counts[kind]
    ]
    return environment.get_template("errors.html").render(title=title, groups=groups, total=len(found), pieces=pieces)


def pieces(mistake: Mistake) -> list[tuple[str, str]]:
    """The context cut where a mark begins or ends: (class, text), the class "", "gold", "predicted" or both."""
    cuts = {0, len(mistake.context)}
    for start, end in (*mistake.gold_marks, *mistake.predicted_marks):
        cuts |= {start, min(end, len(mistake.context))}
    points = sorted(cuts)
    found = []
    for start, end in pairwise(points):
        names = [
            name
            for name, marks in (("gold", mistake.gold_marks), ("predicted", mistake.predicted_marks))
            if any(a <= start and end <= b for a, b in marks)
        ]
        found.append((" ".join(names), mistake.context[start:end]))
    return found


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula is kept a text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
