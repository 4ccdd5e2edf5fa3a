"""Corrections in spreadsheets, and nothing in them that a spreadsheet runs."""

import csv
import io

import openpyxl
import pytest
from annotate_fake import Files, plain, sample

from stance.annotate import FORMATS, Export, export
from stance.config import load_topics

TOPICS = load_topics()


@pytest.fixture
def written(tmp_path):
    return lambda name: Files(name, tmp_path)


def sheet(file):
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def save(file, rows, mark=","):
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=mark)
    writer.writeheader()
    writer.writerows(rows)
    file.write_bytes(stream.getvalue().encode())


def test_corrections_in_a_sheet(written):
    """A label, a further target, a struck stance, another speaker; a statement without rows was none."""
    files = written("csv")
    brics, trade, *others = sheet(files.file)
    for row in (brics, trade):
        row["speaker"] = "Mara Vann"
    more = {**brics, "target": "eu-integration", "label": "against"}
    brics["label"], trade["label"] = "Neutral", "none"
    save(files.file, [brics, trade, more, *(row for row in others if row["statement_id"] != "a/1:4")])
    found, findings = files.read()
    one = found[0].statements[0]
    assert {(s.target, s.label) for s in one.stances} == {("brics", "neutral"), ("eu-integration", "against")}
    assert [speaker.name for speaker in one.speakers] == ["Mara Vann"]
    assert [s.id for s in found[0].statements] == ["a/1:1", "a/1:2", "a/1:3"]
    assert findings.notes == {"statements that the file no longer has are left out": 1}


def test_a_sheet_that_a_spreadsheet_saved_with_semicolons(written):
    files = written("csv")
    save(files.file, sheet(files.file), ";")
    assert plain(files.read()[0]) == plain([sample()])


def test_two_labels_for_one_target_are_refused(written):
    files = written("csv")
    first, *others = sheet(files.file)
    save(files.file, [first, {**first, "label": "against"}, *others])
    where = f"{files.file}:{files.line(',brics,against,')}"
    assert f"{where}: brics is favor in another row of statement 'a/1:1' and against in this one" in files.faults()


def test_no_cell_is_a_formula(tmp_path):
    for name, file in (("csv", "a.csv"), ("xlsx", "a.xlsx")):
        export([sample()], FORMATS[name], tmp_path / file, Export(TOPICS))
    rows = csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"), newline=""))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["statements"]
    values = [cell for row in sheet.iter_rows() for cell in row]
    assert "=1+1; \\ | 'a'" in [cell.value for cell in values]
    assert {cell.data_type for cell in values} <= {"s", "n"}
