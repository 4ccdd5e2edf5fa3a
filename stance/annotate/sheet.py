"""CSV and XLSX: one row a statement, speaker and target, with the label to correct in a column.

Statements come from the run by their id, so rows may be sorted, filtered and coloured. `label` says favor, against,
neutral, or none where the statement does not bear on the target; a copied row with another target adds a stance; a
statement without rows was none. Speaker columns can be corrected too. The other columns are there to read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

from stance.annotate.correct import Verdict, corrected
from stance.annotate.findings import Source, read_text
from stance.annotate.form import SOME, Export, Format
from stance.annotate.notation import about
from stance.errors import InputError
from stance.gold import slug
from stance.types import LABELS, SPEAKER_KINDS, Doc, Speaker, Stance, Statement

Row = dict[str, str]
SPEAKER = ("speaker", "speaker_kind", "role", "affiliation")
NEEDED = ("article_id", "statement_id", *SPEAKER, "target", "label")
NONE = "none"
CONTEXT = 160
"""Characters shown on either side of a statement."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Text that begins so may be run by a spreadsheet (OWASP, CSV injection)."""
LONGEST = 32_767
"""Characters that a cell of a workbook holds."""
WIDTHS = {"label": 10, "target": 28, "text": 80, "speaker": 24, "context": 80, "role": 24}


def rows(docs: Iterable[Doc]) -> Iterator[Row]:
    for doc in docs:
        for s in doc.statements:
            targets = [*map(_suggested, s.stances), *map(_doubtful, s.candidates)] or [_NOTHING]
            yield from (_row(doc, s, speaker, told) for speaker, told in product(s.speakers or (None,), targets))


_NOTHING = ("", "", "")


def _suggested(stance: Stance) -> tuple[str, str, str]:
    return about(stance), stance.label, f"{stance.confidence:.2f}"


def _doubtful(candidate: tuple[str, float]) -> tuple[str, str, str]:
    """A target that the model has not listed, but that a person should look at."""
    target, likely = candidate
    return target, NONE, f"{1 - likely:.2f}"


def _row(doc: Doc, s: Statement, speaker: Speaker | None, told: tuple[str, str, str]) -> Row:
    article, extent = doc.article, s.extent
    around = article.text[max(0, extent.start - CONTEXT) : extent.end + CONTEXT]
    who = (speaker.name, speaker.kind, speaker.role, speaker.affiliation) if speaker else ("",) * 4
    return {
        "article_id": article.id,
        "statement_id": s.id,
        **dict(zip(SPEAKER, who, strict=True)),
        "text": s.content_text(article.text),
        "target": told[0],
        "label": told[1],
        "predicted": told[1],
        "confidence": told[2],
        "kind": s.kind,
        "cue": s.cue.text(article.text) if s.cue else "",
        "source": s.source.text(article.text) if s.source else "",
        "context": around,
        "date": article.date or "",
        "outlet": article.outlet or "",
        "title": article.title or "",
    }


COLUMNS = (*NEEDED[:6], "text", *NEEDED[6:], *"predicted confidence kind cue source context date outlet title".split())


def write_csv(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS)  # rows end in \r\n, without which a lone \r would not be quoted
    writer.writeheader()
    writer.writerows({key: inert(value) for key, value in row.items()} for row in rows(docs))
    return {"statements.csv": stream.getvalue().encode("utf-8-sig")}  # the mark tells Excel that it is UTF-8


def inert(value: str) -> str:
    """A cell that no spreadsheet runs; an apostrophe that stands there already is kept apart by another."""
    return f"'{value}" if value.startswith((*FORMULA, "'")) else value


def _active(value: str) -> str:
    return value[1:] if value.startswith("'") and value[1:].startswith((*FORMULA, "'")) else value


def write_xlsx(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    """A workbook in which `label` and `target` are chosen from lists; every cell is text."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": "Statements", "created": datetime(2000, 1, 1)})  # the same file each time
        sheet, lists = book.add_worksheet("statements"), book.add_worksheet("targets")
        head, edit = book.add_format({"bold": True, "bottom": 1}), book.add_format({"bg_color": "#fff5d6"})
        targets = [(target.id, target.proposition) for target in export.topics.targets]
        for place, values in enumerate(targets):
            for column, value in enumerate(values):
                lists.write_string(place, column, value)
        last = 0
        for last, row in enumerate(rows(docs), 1):
            for column, name in enumerate(COLUMNS):
                sheet.write_string(last, column, row[name][:LONGEST], edit if name in (*SPEAKER, *NEEDED[6:]) else None)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, head)
            sheet.set_column(column, column, WIDTHS.get(name, 14))
        choices: dict[str, Any] = {"label": [*LABELS, NONE], "speaker_kind": [*SPEAKER_KINDS]}
        if targets:
            choices["target"] = f"=targets!$A$1:$A${len(targets)}"
        for name, values in choices.items():
            column = COLUMNS.index(name)
            rule = {"validate": "list", "source": values, "error_type": "warning"}
            sheet.data_validation(1, column, max(last, 1), column, rule)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    return {"statements.xlsx": stream.getvalue()}


def read(source: Source) -> list[Doc]:
    found: dict[tuple[str, str], list[tuple[Row, str]]] = {}
    for path in source.files:
        for row, where in cells(path):
            if missing := [name for name in NEEDED if name not in row]:
                source.findings.refuse(where, f"the column {missing[0]!r} is missing", f"Keep {', '.join(NEEDED)}")
                break
            if not row["article_id"] and not row["statement_id"]:
                continue  # an empty line
            found.setdefault((row["article_id"], row["statement_id"]), []).append((row, where))
    return corrected((_verdict(*key, told, source) for key, told in found.items()), source)


def _verdict(article: str, statement: str, told: Sequence[tuple[Row, str]], source: Source) -> Verdict:
    stances: dict[str, str] = {}
    speakers: list[Speaker] = []
    for row, where in told:
        speaker = _speaker(row, where, source)
        speakers += [speaker] if speaker and speaker not in speakers else []
        target, label = row["target"].strip(), row["label"].strip().casefold()
        if target and not label:
            remedy = f"Write {', '.join(LABELS)} or {NONE}"
            source.findings.refuse(where, f"the target {target!r} has no label", remedy)
        elif label not in ("", NONE) and not target:
            source.findings.refuse(where, f"the label {label!r} has no target", "Write the target beside it")
        elif target and stances.setdefault(target, label) != label:
            what = f"{target} is {stances[target]} in another row of statement {statement!r} and {label} in this one"
            source.findings.refuse(where, what, "Give all rows of the statement one label for it")
    lines = [f"{target}:{label}" for target, label in stances.items() if label != NONE]
    return Verdict(article, statement, told[0][1], lines, tuple(speakers))


def _speaker(row: Row, where: str, source: Source) -> Speaker | None:
    name, kind, role, affiliation = (row[column] for column in SPEAKER)
    if not name:
        return None
    if kind not in SPEAKER_KINDS:
        remedy = f"Write one of {', '.join(SPEAKER_KINDS)}"
        source.findings.refuse(where, f"{kind!r} is no kind of speaker", remedy)
        return None
    return Speaker(slug(name), name, kind, role, affiliation)


def cells(path: Path) -> Iterator[tuple[Row, str]]:
    """The rows below the heading, with their places."""
    yield from _workbook(path) if path.suffix == ".xlsx" else _table(path)


def _table(path: Path) -> Iterator[tuple[Row, str]]:
    text = read_text(path)
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)  # spreadsheets save with the mark of the country
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark)
    before = reader.line_num
    for row in reader:
        before, line = reader.line_num, max(before, 1) + 1
        yield {key: _active(value or "") for key, value in row.items() if isinstance(key, str)}, f"{path}:{line}"


def _workbook(path: Path) -> Iterator[tuple[Row, str]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the file's fault leads to
        raise InputError(f"{path} cannot be read as XLSX: {error}. Save it as an Excel workbook again.") from error
    table = book["statements" if "statements" in book.sheetnames else book.sheetnames[0]].iter_rows(values_only=True)
    names = [str(name) for name in next(table, ())]
    for number, values in enumerate(table, 2):
        texts = ("" if value is None else str(value) for value in values)
        yield dict(zip(names, texts, strict=False)), f"{path}:{number}"


_LOSSES = (
    "Spans come from the run; new statements cannot be added.",
    SOME,
    "A stance counts for all speakers of a statement.",
    "Text of more than 32,767 characters is cut in a workbook, which changes nothing on import.",
)
CSV = Format("csv", "spreadsheets, as CSV", "*.csv", write_csv, read, _LOSSES[:3], needs_texts=True, single=True)
XLSX = Format("xlsx", "spreadsheets, as a workbook", "*.xlsx", write_xlsx, read, _LOSSES, needs_texts=True, single=True)
