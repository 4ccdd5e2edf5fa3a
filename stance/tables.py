"""Writes statements and articles as JSON Lines and as Parquet at the same time, row by row, in bounded memory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.rows import Row

RESOLVED = "resolved.jsonl"
"""The speakers of every statement as resolved in its article, before joining across articles and decisions."""

OUTPUTS = ("statements.jsonl", "statements.parquet", "articles.jsonl", "articles.parquet", RESOLVED)
CHUNK = {"statements": 20_000, "articles": 2_000}
"""Rows a Parquet row group holds."""


def json_line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n"


class Tables:
    """The tables of a run; they replace older ones only when all rows are written.

    >>> with Tables(folder) as tables:  # doctest: +SKIP
    ...     tables.add(article_row, statement_rows, [row["speakers"] for row in resolved_rows])
    """

    def __init__(self, folder: Path) -> None:
        self._statements, self._articles = Table(folder, "statements"), Table(folder, "articles")
        self._resolved = _Lines(folder / RESOLVED)

    def __enter__(self) -> Tables:
        return self

    def add(self, article: Row, statements: Iterable[Row], resolved: Iterable[list[Row]]) -> None:
        """Add an article with its statements, and the speakers that each of these had when it was resolved."""
        self._articles.add(article)
        for row, speakers in zip(statements, resolved, strict=True):
            self._statements.add(row)
            self._resolved.add({"statement_id": row["statement_id"], "speakers": speakers})

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for table in (self._resolved, self._statements, self._articles):
            table.close(keep=kind is None)


class _Lines:
    """A JSON Lines file that replaces an older one when it is closed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(path.name + ".tmp")
        self._file = self._temporary.open("wb")

    def add(self, row: Row) -> None:
        self._file.write(json_line(row))

    def close(self, keep: bool) -> None:
        self._file.close()
        if keep:
            os.replace(self._temporary, self._path)


class Table:
    """One table as JSON Lines and Parquet; both replace older ones when all rows are written.

    >>> with Table(folder, "statements") as table:  # doctest: +SKIP
    ...     table.add(row)
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.parquet"
        self._temporary = folder / f"{name}.parquet.tmp"
        self._lines = _Lines(folder / f"{name}.jsonl")
        self._columns = Columns(self._temporary, name)

    def __enter__(self) -> Table:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(keep=kind is None)

    def add(self, row: Row) -> None:
        self._lines.add(row)
        self._columns.add(row)

    def close(self, keep: bool) -> None:
        self._columns.close()
        self._lines.close(keep)
        if keep:
            os.replace(self._temporary, self._path)


class Columns:
    """One table as Parquet.

    Args:
        where: a path, or a binary file that is open for writing.
        name: of the table, "statements" or "articles".
    """

    def __init__(self, where: Any, name: str) -> None:
        import pyarrow.parquet as pq

        self._most = CHUNK[name]
        self._schema = schemas()[name]
        self._rows: list[Row] = []
        self._writer = pq.ParquetWriter(where, self._schema, compression="zstd")

    def add(self, row: Row) -> None:
        self._rows.append(row)
        if len(self._rows) == self._most:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        self._flush()
        self._writer.close()


def read_columns(file: Any) -> Iterator[Row]:
    """The rows of a table that `Columns` wrote: the same values that the JSON Lines hold.

    Args:
        file: a path, or a binary file that is open for reading.
    """
    import pyarrow.parquet as pq

    for batch in pq.ParquetFile(file).iter_batches(1_000):
        yield from map(_rounded, batch.to_pylist())


def _rounded(value: Any) -> Any:
    """A value whose numbers, which Parquet keeps in 32 bits, are those of four decimals again."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(own) for key, own in value.items()}
    return [_rounded(own) for own in value] if isinstance(value, list) else value


def schemas() -> dict[str, Any]:
    """The Arrow schemas of the tables, by name."""
    import pyarrow as pa

    text, number, score = pa.string(), pa.int32(), pa.float32()

    def needed(name: str, kind: Any) -> Any:
        return pa.field(name, kind, nullable=False)

    mention = pa.struct([needed("text", text), needed("start", number), needed("end", number)])
    speaker = pa.struct(
        [*(needed(name, text) for name in ("id", "name", "kind", "role", "affiliation", "how")), needed("score", score)]
    )
    probs = pa.struct([needed(label, score) for label in ("favor", "against", "neutral")])
    stance = pa.struct(
        [
            needed("topic", text),
            pa.field("target", text),
            needed("label", text),
            needed("probs", probs),
            needed("confidence", score),
            needed("abstained", pa.bool_()),
        ]
    )
    statements = pa.schema(
        [
            needed("article_id", text),
            needed("statement_id", text),
            *(pa.field(name, text) for name in ("parent", "outlet", "date", "title")),
            needed("kind", text),
            needed("text", text),
            needed("content", pa.list_(pa.list_(number))),
            pa.field("cue", mention),
            pa.field("source", mention),
            needed("speakers", pa.list_(speaker)),
            needed("stances", pa.list_(stance)),
            needed("score", score),
            pa.field("framing", text),
        ]
    )
    others = ("outlet", "date", "title", "url", "path", "sha256")
    articles = pa.schema([needed("article_id", text), *(pa.field(name, text) for name in others), needed("text", text)])
    return {"statements": statements, "articles": articles}
