"""How to read: which columns hold what, in which encoding, up to which size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options of `read`. A column of None is guessed from the names that are there."""

    text_column: str | None = None
    id_column: str | None = None
    title_column: str | None = None
    date_column: str | None = None
    outlet_column: str | None = None
    url_column: str | None = None
    encoding: str | None = None
    """Of text, HTML, CSV and JSON files; None: byte order mark, UTF-8, else the most likely one."""
    max_chars: int = 1_000_000
    """Longest text that is taken for one article (a thousand pages would hardly be one)."""
