"""Writes statements and articles as JSON Lines and as Parquet at the same time, row by row, in bounded memory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from stance.rows import Row

OUTPUTS = ("statements.jsonl", "statements.parquet", "articles.jsonl", "articles.parquet")
CHUNK = {"statements": 20_000, "articles": 2_000}
"""Rows a Parquet row group holds."""


def json_line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n"


class Tables:
    """The four tables of a run; they replace older ones only when all rows are written.

    >>> with Tables(folder) as tables:  # doctest: +SKIP
    ...     tables.add(article_row, statement_rows)
    """

    def __init__(self, folder: Path) -> None:
        self._tables = [_Table(folder, name) for name in CHUNK]

    def __enter__(self) -> Tables:
        return self

    def add(self, article: Row, statements: Iterable[Row]) -> None:
        own, articles = self._tables
        articles.add(article)
        for row in statements:
            own.add(row)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for table in self._tables:
            table.close()
        if kind is None:
            for table in self._tables:
                table.replace()


class _Table:
    def __init__(self, folder: Path, name: str) -> None:
        import pyarrow.parquet as pq

        self._chunk = CHUNK[name]
        self._schema = schemas()[name]
        self._paths = [folder / f"{name}.jsonl", folder / f"{name}.parquet"]
        self._rows: list[Row] = []
        self._lines = self._temporary(0).open("wb")
        self._parquet = pq.ParquetWriter(self._temporary(1), self._schema, compression="zstd")

    def _temporary(self, which: int) -> Path:
        return self._paths[which].with_name(self._paths[which].name + ".tmp")

    def add(self, row: Row) -> None:
        self._lines.write(json_line(row))
        self._rows.append(row)
        if len(self._rows) == self._chunk:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        self._parquet.write_table(pa.Table.from_pylist(self._rows, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        self._flush()
        self._lines.close()
        self._parquet.close()

    def replace(self) -> None:
        for which, path in enumerate(self._paths):
            os.replace(self._temporary(which), path)


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
        ]
    )
    others = ("outlet", "date", "title", "url", "path", "sha256")
    articles = pa.schema([needed("article_id", text), *(pa.field(name, text) for name in others), needed("text", text)])
    return {"statements": statements, "articles": articles}
