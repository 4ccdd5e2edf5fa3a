"""The forms and views of a report, and what each is made of."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from stance.errors import InputError
from stance.report.blocks import headline
from stance.report.page import SPEAKERS, Look, Page, comparison_page, page, scope
from stance.report.positions import Positions

if TYPE_CHECKING:
    from rich.console import Console

    from stance.report.compare import Comparison
    from stance.report.prose import Passage

Form = Literal["table", "markdown", "json", "csv", "xlsx", "html", "gexf", "graphml"]

ENDINGS: dict[str, Form] = {
    ".txt": "table",
    ".md": "markdown",
    ".htm": "html",
    **{f".{form}": form for form in get_args(Form)[2:]},
}
BINARY = ("xlsx",)


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
    from stance.report import prose, terminal

    if look.view == "summary":
        prose.draw(Page(headline(data), scope(data)), _passages(data, look), console)
    else:
        terminal.draw(page(data, look), console)


def files(data: Positions, form: Form, look: Look) -> dict[str, bytes]:
    """A report in any form but the console's.

    Returns:
        The content of each file, by what its name has before the ending: "" for the main one.
    """
    if form == "csv":
        from stance.report.sheets import csv_tables

        return csv_tables(data, look.view)
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

        more: dict[str, Any] = {"top": look.top} if look.top else {}
        if look.summarizer:
            from stance.report.prose import summaries

            more["summaries"] = summaries(data, look.summarizer)
        return render_html(data, **more)
    if form == "json":
        from stance.report.records import as_json

        return as_json(data, _passages(data, look) if look.view == "summary" else ())
    if look.view == "summary":
        from stance.report.prose import markdown_prose

        return markdown_prose(Page(headline(data), scope(data)), _passages(data, look))
    from stance.report.markdown import markdown

    return markdown(page(data, look))


def _passages(data: Positions, look: Look) -> list[Passage]:
    from stance.report.prose import passages

    return passages(data, look.top or SPEAKERS, look.summarizer)


def draw_comparison(found: Comparison, look: Look, console: Console) -> None:
    """Write a comparison to a console."""
    from stance.report import terminal

    terminal.draw(comparison_page(found, look), console)


def comparison_files(found: Comparison, form: Form, look: Look) -> dict[str, bytes]:
    """A comparison in any form but the console's, as `files`.

    Raises:
        InputError: it has no such form.
    """
    from stance.report.markdown import markdown
    from stance.report.sheets import csv_text
    from stance.report.tidy import contrast_rows, voice_rows

    tables = {"targets": list(contrast_rows(found)), "voices": list(voice_rows(found))}
    if form == "csv":
        return {"": csv_text(tables["targets"]), "-voices": csv_text(tables["voices"])}
    if form == "json":
        from stance.report.records import as_lines

        made = {"kind": found.kind, "names": found.names, "shared": found.shared, **tables}
        return {"": as_lines(made).encode("utf-8", errors="replace")}
    if form == "markdown":
        return {"": markdown(comparison_page(found, look)).encode()}
    raise InputError(f"A comparison cannot be written as {form}. Take table, markdown, csv or json.")


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, so that a report that is killed leaves the old one as it was."""
    if path.exists() and not path.is_file():  # a pipe or a device
        path.write_bytes(content)
        return
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


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
            replace(path, content)
    except OSError as error:
        raise InputError(f"Cannot write {out}: {error.strerror}. Give another file with -o.") from error
    return list(paths)
