"""Many articles a file: JSON, JSON Lines, CSV and TSV, Parquet; read row by row, so that a file may be of any size."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from stance.read.files import Source, Unusable, bom_encoding, decode, detect_encoding, refuse_binary
from stance.read.options import ReadOptions
from stance.read.rows import Columns, row_article
from stance.types import Article, Problem

_CHUNK = 1 << 20
_LONGEST_FIELD = 2**31 - 1
_PARQUET_ROWS = 256

Rows = Iterator[Article | Problem]


def read_json(source: Source, options: ReadOptions) -> Rows:
    """A JSON file: one article, a list of them, or an object that holds such a list; JSON Lines under that name too."""
    with source.open() as file:
        data = file.read()
    if not data.strip():
        raise Unusable("empty", f"{source.path}: the file is empty.")
    text = decode(data, source.path, options.encoding)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" or _first_line_is_json(text):
            yield from _json_lines(source, options, io.BytesIO(text.encode("utf-8")))
            return
        raise Unusable(
            "bad-json", f"{source.path}:{error.lineno}: not valid JSON: {error.msg} at column {error.colno}."
        ) from error
    except RecursionError as error:
        raise Unusable("bad-json", f"{source.path}: the JSON is nested too deeply for an article.") from error
    yield from _json_value(value, source, options)


def _json_value(value: Any, source: Source, options: ReadOptions) -> Rows:
    columns = Columns(source, options, "keys")
    rows = _list_of_articles(value, columns)
    if rows is None:
        yield row_article(value, columns.of(value), source, source.path, source.name, options)
    else:
        if not rows:
            raise Unusable("empty", f"{source.path}: the list of articles is empty.")
        for number, row in enumerate(rows, start=1):
            yield _json_row(
                row, columns, source, f"{source.path} (article {number})", f"{source.name}#{number}", options
            )
    yield from columns.never_seen()


def _list_of_articles(value: Any, columns: Columns) -> list[Any] | None:
    """The articles that a JSON value lists; None where it is an article itself."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise Unusable("no-text", f"{columns.source.path}: an article is a JSON object, this is {_json_type(value)}.")
    lists = {key: item for key, item in value.items() if isinstance(item, list) and item and isinstance(item[0], dict)}
    if isinstance(value.get("articles"), list):
        return list(value["articles"])
    try:
        columns.of(value)
    except Unusable:
        if len(lists) == 1:
            return next(iter(lists.values()))
        raise
    return None


def _json_row(
    row: Any, columns: Columns, source: Source, place: str, name: str, options: ReadOptions
) -> Article | Problem:
    if not isinstance(row, dict):
        return source.problem("no-text", f"{place}: an article is a JSON object, this is {_json_type(row)}.", name)
    try:
        found = columns.of(row)
    except Unusable as trouble:
        return source.problem(trouble.kind, trouble.reason.replace(source.path, place, 1), name)
    return row_article(row, found, source, place, name, options)


def _json_type(value: Any) -> str:
    names = {str: "a string", list: "a list", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")


def _first_line_is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text.split("\n", 1)[0]), dict)
    except (ValueError, RecursionError):
        return False


def read_json_lines(source: Source, options: ReadOptions) -> Rows:
    """A JSON Lines file; a line that is wrong loses only itself."""
    with source.open() as file:
        head = file.read(8192)
    if not head:
        raise Unusable("empty", f"{source.path}: the file is empty.")
    refuse_binary(head, source.path)
    encoding = options.encoding or bom_encoding(head)
    with source.open() as file:
        if encoding and codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig"):
            file = _recoded(file, encoding)
        yield from _json_lines(source, options, file)


def _recoded(file: BinaryIO, encoding: str) -> Any:
    """The lines of a file in another encoding, as UTF-8."""
    return (line.encode("utf-8") for line in io.TextIOWrapper(file, encoding, newline="\n"))


def _json_lines(source: Source, options: ReadOptions, lines: Any) -> Rows:
    columns = Columns(source, options, "keys")
    rows = 0
    for number, line in enumerate(lines, start=1):
        line = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if not line.strip():
            continue
        rows += 1
        place, name = f"{source.path}:{number}", f"{source.name}#{number}"
        try:
            row = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield source.problem(
                "encoding", f"{place}: not valid UTF-8 ({error.reason}). Name the encoding with `read.encoding`.", name
            )
        except json.JSONDecodeError as error:
            yield source.problem("bad-json", f"{place}: not valid JSON: {error.msg} at column {error.colno}.", name)
        except RecursionError:
            yield source.problem("bad-json", f"{place}: the JSON is nested too deeply for an article.", name)
        else:
            yield _json_row(row, columns, source, place, name, options)
    if not rows:
        raise Unusable("empty", f"{source.path}: the file is empty.")
    yield from columns.never_seen()


def read_csv(source: Source, options: ReadOptions) -> Rows:
    """A CSV or TSV file with a line of column names; the delimiter of a CSV is the one that parts these names best."""
    encoding = options.encoding or _file_encoding(source)
    csv.field_size_limit(_LONGEST_FIELD)
    with source.open() as file, io.TextIOWrapper(file, encoding, newline="") as text:
        yield from _csv_rows(text, source, options)


def _csv_rows(text: io.TextIOWrapper, source: Source, options: ReadOptions) -> Rows:
    try:
        first = text.readline().removeprefix("\ufeff")
        if not first.strip():
            raise Unusable("empty", f"{source.path}: the file is empty, or its first line is.")
        reader = csv.reader(_chained(first, text), delimiter="\t" if source.suffix == ".tsv" else _delimiter(first))
        names = [name.strip() for name in next(reader)]
        columns = Columns(source, options, "columns")
        columns.require_named(names)
        found, number = columns.of(names), 0
        for number, values in enumerate((row for row in reader if row), start=1):
            place, name = f"{source.path} (row {number}, line {reader.line_num})", f"{source.name}#{number}"
            if len(values) > len(names):
                what = f"{place}: {len(values)} fields, but {len(names)} columns"
                reason = f"{what}. Put texts that hold the delimiter in quotation marks."
                yield source.problem("bad-csv", reason, name)
                continue
            yield row_article(dict(zip(names, values, strict=False)), found, source, place, name, options)
    except csv.Error as error:
        raise Unusable("bad-csv", f"{source.path}:{reader.line_num}: not valid CSV: {error}.") from error
    if not number:
        raise Unusable("empty", f"{source.path}: there are column names, but no rows.")


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(first: str) -> str:
    """The delimiter of a line of column names; a comma where there is a single column."""
    return max(",;\t|", key=lambda mark: len(next(csv.reader([first], delimiter=mark))))


def _file_encoding(source: Source) -> str:
    """The encoding of a whole file, found without holding it."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open() as file:
        head = file.read(_CHUNK)
        refuse_binary(head, source.path)
        chunk = head
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(_CHUNK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return bom_encoding(head) or detect_encoding(head if chunk is head else chunk)
    return bom_encoding(head) or "utf-8"


def read_parquet(source: Source, options: ReadOptions) -> Rows:
    """A Parquet file, in batches of rows, of which only the columns needed are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(source.path)
        names = file.schema_arrow.names
        columns = Columns(source, options, "columns")
        columns.require_named(names)
        found, number = columns.of(names), 0
        for batch in file.iter_batches(batch_size=_PARQUET_ROWS, columns=list(found.values())):
            for row in batch.to_pylist():
                number += 1
                place, name = f"{source.path} (row {number})", f"{source.name}#{number}"
                yield row_article(_decoded(row), found, source, place, name, options)
    except pa.ArrowException as error:
        raise Unusable("bad-parquet", f"{source.path}: not a valid Parquet file: {error}.") from error
    if not number:
        raise Unusable("empty", f"{source.path}: there are columns, but no rows.")


def _decoded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Binary columns, as some tools write strings, as strings."""
    return {key: value.decode("utf-8", "replace") if isinstance(value, bytes) else value for key, value in row.items()}


TABLES: dict[str, Callable[[Source, ReadOptions], Rows]] = {
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}
"""Reader by ending."""
