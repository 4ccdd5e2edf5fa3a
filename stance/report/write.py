"""The forms and views of a report, and what each is made of."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from stance.errors import InputError
from stance.report.blocks import Block, by_speaker, by_target, headline
from stance.report.positions import Positions

if TYPE_CHECKING:
    from rich.console import Console

    from stance.report.compare import Comparison
    from stance.report.prose import Passage
    from stance.report.views import Section

Form = Literal["table", "markdown", "json", "csv", "xlsx", "html", "gexf", "graphml"]
View = Literal["positions", "summary", "change", "agreement"]

ENDINGS: dict[str, Form] = {".txt": "table", ".md": "markdown", ".htm": "html"} | {
    f".{form}": form for form in get_args(Form)[2:]
}
BINARY = ("xlsx",)


@dataclass(frozen=True, slots=True)
class Look:
    """How much a reader is shown; forms for other programs hold everything."""

    view: View = "positions"
    top: int | None = None
    """Speakers, or rows of a table; None for as many as the form takes by itself."""
    quotes: int | None = None
    """Statements of a position; None for more of them where the report is about one speaker or topic."""
    summarizer: Path | None = None
    """Folder of a language model that writes summaries."""

    @property
    def rows(self) -> int:
        return self.top or 20

    def blocks(self, data: Positions) -> list[Block]:
        """By target where the report is about a topic, else by speaker."""
        group = by_target if data.filters.topic and not data.filters.speaker else by_speaker
        return group(data, self.rows)

    def most(self, data: Positions) -> int:
        """Statements of a position at the most."""
        return self.quotes if self.quotes is not None else 5 if data.filters.speaker or data.filters.topic else 1

    def passages(self, data: Positions) -> list[Passage]:
        """The summaries."""
        from stance.report.prose import passages

        return passages(data, self.rows, self.summarizer)

    def sections(self, data: Positions) -> list[Section]:
        """The tables of change or agreement."""
        from stance.report.views import agreement, change

        return (change if self.view == "change" else agreement)(data, self.rows)


def form_of(out: Path | None) -> Form:
    """The form that a file's ending asks for.

    Raises:
        InputError: no form has this ending.
    """
    if out is None:
        return "table"
    if out.suffix.lower() not in ENDINGS:
        raise InputError(f"{out}: no form has this ending. Give one of {', '.join(sorted(ENDINGS))}, or --format.")
    return ENDINGS[out.suffix.lower()]


def draw(data: Positions, look: Look, console: Console) -> None:
    """Write a report to a console."""
    from stance.report.prose import draw as draw_prose
    from stance.report.terminal import table, tables

    if look.view == "positions":
        table(data, look.blocks(data), console, look.most(data))
    elif look.view == "summary":
        draw_prose(look.passages(data), console)
    else:
        tables(headline(data), look.sections(data), console)


def files(data: Positions, form: Form, look: Look) -> dict[str, bytes]:
    """A report in any form but the console's.

    Returns:
        The content of each file, by what its name has before the ending: "" for the main one.
    """
    if form == "csv":
        from stance.report.sheets import csv_tables

        return csv_tables(data)
    if form == "xlsx":
        from stance.report.sheets import workbook

        return {"": workbook(data)}
    if form == "gexf" or form == "graphml":
        from stance.report.network import networks

        return networks(data, form)
    return {"": _text(data, form, look).encode("utf-8", errors="replace")}


def _text(data: Positions, form: Form, look: Look) -> str:
    if form == "html":
        from stance.report.html import render_html

        return render_html(data, look.top) if look.top else render_html(data)
    if form == "json":
        from stance.report.records import as_json

        return as_json(data, look.passages(data) if look.view == "summary" else ())
    from stance.report.markdown import markdown, markdown_tables
    from stance.report.prose import markdown_prose

    if look.view == "positions":
        return markdown(data, look.blocks(data), look.most(data))
    if look.view == "summary":
        return markdown_prose(headline(data), look.passages(data))
    return markdown_tables(headline(data), look.sections(data))


def draw_comparison(found: Comparison, look: Look, console: Console) -> None:
    """Write a comparison to a console."""
    from stance.report.terminal import tables
    from stance.report.views import comparison

    tables(" and ".join(found.names), comparison(found, look.rows), console)


def comparison_files(found: Comparison, form: Form, look: Look) -> dict[str, bytes]:
    """A comparison in any form but the console's, as `files`.

    Raises:
        InputError: it has no such form.
    """
    from stance.report.markdown import markdown_tables
    from stance.report.sheets import csv_text
    from stance.report.tidy import contrast_rows, voice_rows
    from stance.report.views import comparison

    tables = {"targets": list(contrast_rows(found)), "voices": list(voice_rows(found))}
    if form == "csv":
        return {"": csv_text(tables["targets"]), "-voices": csv_text(tables["voices"])}
    if form == "json":
        return {"": _json({"kind": found.kind, "names": found.names, **tables})}
    if form == "markdown":
        return {"": markdown_tables(" and ".join(found.names), comparison(found, look.rows)).encode()}
    raise InputError(f"A comparison cannot be written as {form}. Take table, markdown, csv or json.")


def _json(values: Any) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode("utf-8", errors="replace")


def save(made: dict[str, bytes], form: Form, out: Path | None) -> Sequence[Path]:
    """Write the files of a report, or the main one to stdout where no name is given.

    Raises:
        InputError: a file cannot be written, or is none for a terminal.
    """
    if out is None:
        if form in BINARY:
            raise InputError(f"{form} is no text. Give a file for it: -o report.{form}")
        sys.stdout.buffer.write(made[""])
        return []
    paths = {out.with_name(f"{out.stem}{part}{out.suffix}"): content for part, content in made.items()}
    try:
        for path, content in paths.items():
            path.write_bytes(content)
    except OSError as error:
        raise InputError(f"Cannot write {out}: {error.strerror}. Give another file with -o.") from error
    return list(paths)
