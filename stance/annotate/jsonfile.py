"""JSON whose faults can be pointed at: the line of each element of a list, and of each row of JSON Lines."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stance.annotate.findings import Source, read_text
from stance.errors import InputError

Row = dict[str, Any]
_SPACE = re.compile(r"[ \t\r\n]*")


_ID = re.compile(r'"(\w*id)"\s*:\s*("(?:[^"\\]|\\.)*")')


class Element:
    """An object of a JSON list with its place in the file."""

    def __init__(self, row: Row, path: Path, raw: str, line: int) -> None:
        self.row = row
        self._path, self._raw, self._line = path, raw, line

    def where(self, key: str = "", value: str = "") -> str:
        """FILE:LINE of the object, or of the first `"key": "value"` in it, for a key that ends in "id"."""
        return f"{self._path}:{self._line + self._lines.get((key, value), 0)}"

    @functools.cached_property
    def _lines(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        line, at = 0, 0
        for match in _ID.finditer(self._raw):
            line += self._raw.count("\n", at, match.start())
            at = match.start()
            found.setdefault((match[1], json.loads(match[2])), line)
        return found


def elements(path: Path) -> Iterator[Element]:
    """The objects of a JSON file that holds a list of them.

    Raises:
        InputError: it is no such file.
    """
    text = read_text(path)
    decoder = json.JSONDecoder()
    at, line = _skip(text, 0), 1
    if text[at : at + 1] != "[":
        raise InputError(f"{path}:1: this is no JSON list. Export as JSON, not as JSON Lines or CSV.")
    counted, at = 0, _skip(text, at + 1)
    while text[at : at + 1] not in ("]", ""):
        line += text.count("\n", counted, at)
        counted = at
        try:
            row, end = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{error.lineno}: not JSON ({error.msg}). Export the file again.") from error
        if not isinstance(row, dict):
            raise InputError(f"{path}:{line}: each element of the list must be an object, not {row!r}.")
        yield Element(row, path, text[at:end], line)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)
    if text[at : at + 1] != "]":
        raise InputError(
            f"{path}:{text.count(chr(10)) + 1}: the list has no end. The file was cut off: export it again."
        )


def lines(source: Source) -> Iterator[tuple[Row, str]]:
    """The objects of all JSON Lines files with their places; a later line that is none becomes a fault.

    Raises:
        InputError: the first line is none, so the file is of another kind.
    """
    for path in source.files:
        first = True
        for number, line in enumerate(read_text(path).split("\n"), 1):
            if not line.strip():
                continue
            where = f"{path}:{number}"
            row = _object(line)
            if row is not None:
                yield row, where
            elif first:
                raise InputError(f"{where}: no JSON object. Is this JSON Lines, and the right --from?")
            else:
                source.findings.refuse(where, "no JSON object", "Each line must be one: export the file again")
            first = False


def _object(line: str) -> Row | None:
    try:
        row = json.loads(line)
    except json.JSONDecodeError:
        return None
    return row if isinstance(row, dict) else None


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def json_lines(rows: Iterator[Row]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
