"""Stance of texts toward a target each, for whatever is cut into texts already: rows in, rows out."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from stance.errors import InputError
from stance.types import LABELS

if TYPE_CHECKING:
    from stance.judge import Calibration, Judge

CHUNK = 4096
"""Rows judged at a time: enough to sort by length, few enough that memory does not grow with the file."""

COLUMNS = ("id", "label", "favor", "against", "neutral", "confidence", "about", "abstained", "problem")
"""Of a CSV file that is written."""


@dataclass
class Done:
    """What became of the rows."""

    rows: int = 0
    abstained: int = 0
    problems: int = 0


def classify_file(source: Path, out: Path, judge: Judge, progress: Callable[[int], None] = lambda rows: None) -> Done:
    """Judge every row of a file and write one row for each, in the same order.

    Args:
        source: JSONL or CSV, UTF-8, with "text" and "target", and "id" and "speaker" where there are any.
        out: JSONL or CSV, by its ending. It appears when all is done; until then its name ends in `.part`.
        judge: the stance model.
        progress: called with the number of rows finished, as it goes.

    Raises:
        InputError: the file cannot be read or written, or is no table of such rows. A single bad row is written with
            its "problem" and no label.
    """
    done = Done()
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            write = _writer(out, file)
            rows = read_rows(source)
            while chunk := list(islice(rows, CHUNK)):
                for row in judged(chunk, judge):
                    write(row)
                    done.rows += 1
                    done.abstained += bool(row.get("abstained"))
                    done.problems += "problem" in row
                progress(done.rows)
        os.replace(part, out)
    except OSError as error:
        raise InputError(f"Cannot write {out}: {error.strerror}. Give another file with -o.") from error
    finally:
        part.unlink(missing_ok=True)
    return done


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL or CSV file; a line that is no row becomes `{"id", "problem"}`.

    Raises:
        InputError: the file cannot be read, or its first row has no text and target: then none will.
    """
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, row in enumerate(_parsed(path, file), 1):
                problem = row.get("problem") or _problem(row)
                if problem and number == 1:
                    raise InputError(
                        f'{path}: the first row {problem}. A row is {{"id", "text", "target", "speaker"}}, the first '
                        "and the last if known; in a CSV file these are the names of the columns."
                    )
                yield {"id": row.get("id"), "problem": f"row {number} {problem}"} if problem else row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}. Give a JSONL or CSV file in UTF-8.") from error
    if not number:
        raise InputError(f"{path} holds no rows.")


def judged(rows: Sequence[Mapping[str, Any]], judge: Judge) -> Iterator[dict[str, Any]]:
    """One row out for each row in: id, label, probs (favor, against, neutral), confidence, about, abstained."""
    from stance.classify import classify_pairs, neutral_if_unrelated
    from stance.view import View

    good = [row for row in rows if "problem" not in row]
    views = [View(row["text"], speaker=str(row.get("speaker") or "")) for row in good]
    about, sides = classify_pairs(judge, views, [row["target"] for row in good])
    answers = zip(about.tolist(), neutral_if_unrelated(about, sides).tolist(), strict=True)
    for row in rows:
        if "problem" in row:
            yield {"id": row["id"], "label": None, "problem": row["problem"]}
            continue
        yield {"id": row.get("id"), **verdict(*next(answers), judge.calibration)}


def verdict(about: float, probs: Sequence[float], calibration: Calibration) -> dict[str, Any]:
    """What a reader is told of one text and target.

    Args:
        about: P(bears on the target).
        probs: P(favor), P(against), P(neutral or not about it).
        calibration: from which probabilities on a text bears on its target, and a label is sure.
    """
    best = max(range(len(LABELS)), key=probs.__getitem__)
    return {
        "label": LABELS[best],
        "probs": {name: round(value, 4) for name, value in zip(LABELS, probs, strict=True)},
        "confidence": round(probs[best], 4),
        "about": about >= calibration.threshold,
        "abstained": probs[best] < calibration.abstain,
    }


def _parsed(path: Path, file: IO[str]) -> Iterator[dict[str, Any]]:
    if path.suffix in {".csv", ".tsv"}:
        yield from csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        return
    for line in file:
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                row = {"id": None, "problem": f"is not JSON: {error}"}
            yield row if isinstance(row, dict) else {"id": None, "problem": "is no JSON object"}


def _problem(row: Mapping[str, Any]) -> str:
    for name in ("text", "target"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            return f"has no {name}; it has {', '.join(str(key) for key in row) or 'nothing'}"
    return ""


def _writer(out: Path, file: IO[str]) -> Callable[[dict[str, Any]], object]:
    if out.suffix != ".csv":
        return lambda row: file.write(json.dumps(row, ensure_ascii=False) + "\n")
    table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    return lambda row: table.writerow({**row, **row.get("probs", {})})
