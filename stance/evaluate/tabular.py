"""Rows of a table: CSV, TSV and Parquet by the `datasets` library, JSONL line by line (its rows may differ in keys)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stance.errors import InputError

SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
TABLES = (*SEPARATORS, ".parquet")
"""Endings of files whose rows are no lines."""


def read_table(path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row with its number, from 1 after the head (of JSONL the line's number).

    Cells of CSV and TSV are text, "" where empty.

    Raises:
        InputError: the file cannot be read.
    """
    if path.suffix not in TABLES:
        yield from read_json_lines(path)
        return
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    with TemporaryDirectory() as cache:
        try:
            if path.suffix == ".parquet":
                rows = Dataset.from_parquet(str(path), cache_dir=cache, keep_in_memory=True)
            else:
                rows = _separated(path, encoding, cache)
        except Exception as error:  # datasets wraps whatever pandas or pyarrow raise in errors of its own
            cause = error.__cause__ or error
            raise InputError(f"{path} cannot be read as a table in {encoding}: {cause}.") from error
        yield from enumerate(rows, 1)


def _separated(path: Path, encoding: str, cache: str) -> Any:
    from datasets import Dataset, Features, Value

    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        head = file.readline()
    separator = SEPARATORS[path.suffix]
    names = [name.strip() for name in next(csv.reader([head], delimiter=separator), [])]
    return Dataset.from_csv(
        str(path),
        cache_dir=cache,
        keep_in_memory=True,
        features=Features({name: Value("string") for name in names}),
        sep=separator,
        encoding="utf-8-sig" if encoding == "utf-8" else encoding,
        keep_default_na=False,
        names=names,
        header=0,
        index_col=False,  # or a row with a cell too many would be read shifted
        quoting=0 if separator == "," else 3,  # a tweet in a TSV file may hold a single quotation mark
    )


def read_json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row of a JSONL file with its line's number; InputError where it cannot be read."""
    number = 0
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise InputError(f"{path}:{number}: a row is a JSON object.")
                    yield number, row
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{number}: not JSON ({error}). Each line must be one JSON object.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}. Give a JSONL, CSV, TSV or Parquet file.") from error
