"""A report as CSV and as a workbook (XLSX)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stance.report.blocks import NOTES
from stance.report.page import View
from stance.report.positions import Positions
from stance.report.tidy import Row, about, agreement_tables, change_tables, evidence_rows, position_rows, tables

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Text that begins so may be run by a spreadsheet (OWASP, CSV injection)."""

LONGEST = 32_767
"""Characters that a cell of a workbook holds."""

WIDTHS = {"name": 24, "proposition": 60, "quote": 80, "favor_quote": 60, "against_quote": 60, "title": 40, "target": 28}


def csv_tables(data: Positions, view: View = "positions") -> dict[str, bytes]:
    """The tables of a view, each as CSV in UTF-8, by what follows in the name of its file: "" for the main one.

    Positions go with the statements behind them ("-evidence"), change with "-shifts" and "-contradictions", agreement
    with "-coalitions". Text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    if view == "change":
        made = change_tables(data)
    elif view == "agreement":
        made = agreement_tables(data)
    else:
        made = {"positions": list(position_rows(data)), "evidence": list(evidence_rows(data))}
    main = next(iter(made))
    return {"" if name == main else f"-{name}": csv_text(rows) for name, rows in made.items()}


def csv_text(rows: Sequence[Row]) -> bytes:
    """Rows with the same keys as CSV, with a heading."""
    stream = io.StringIO(newline="")
    if rows:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _inert(value) for key, value in row.items()} for row in rows)
    return stream.getvalue().encode("utf-8", errors="replace")


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def workbook(data: Positions) -> bytes:
    """A workbook with a sheet for each table and one that explains them; no cell holds a formula or a link."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        # The time of writing would make each file another one.
        book.set_properties({"title": "Positions", "created": datetime(2000, 1, 1)})
        head = book.add_format({"bold": True, "bottom": 1})
        _explain(book.add_worksheet("about"), data)
        for name, rows in tables(data).items():
            _sheet(book.add_worksheet(name), rows, head)
    return stream.getvalue()


def _explain(sheet: Worksheet, data: Positions) -> None:
    told = about(data)
    lines = [
        *NOTES,
        f"Rows are grouped by {data.by}",
        *(f"{key}: {value}" for key, value in told["filters"].items()),
        *(f"{key}: {value}" for key, value in told["run"].items()),
    ]
    sheet.set_column(0, 0, 120)
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)


def _sheet(sheet: Worksheet, rows: Sequence[Row], head: Any) -> None:
    names = list(rows[0]) if rows else ["none"]
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, WIDTHS.get(name, 14))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row.values()):
            _cell(sheet, number, column, value)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(names) - 1)


def _cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value)[:LONGEST])
