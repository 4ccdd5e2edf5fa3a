"""One row of a table or one JSON object as an Article: which column holds what, and what is wrong with a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stance.read.files import Source, Unusable, too_large
from stance.read.options import ReadOptions
from stance.text import paragraphs
from stance.types import Article, Problem
from stance.wire import dateline, iso_date, parse_date

FIELDS = ("text", "id", "title", "date", "outlet", "url")
_GUESSES = {
    "text": "text body content article maintext articletext articlebody fulltext bodytext storytext story rawtext "
    "plaintext",
    "id": "id articleid docid documentid storyid uid uuid guid",
    "title": "title headline heading head articletitle",
    "date": "date publisheddate publishdate publicationdate datepublished datepublish published publishedat pubdate "
    "datetime timestamp day",
    "outlet": "outlet outletname source publisher publication newspaper media medium site sitename sourcename "
    "sourcedomain domain",
    "url": "url link sourceurl canonicalurl articleurl uri permalink",
}


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, as an Article carries it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Columns:
    """Which column of a source holds which field.

    Args:
        source: what is read; its path stands in errors.
        options: columns named by the user.
        kind: what the names are called in errors, "columns" or "keys".
    """

    def __init__(self, source: Source, options: ReadOptions, kind: str) -> None:
        self.source = source
        self.options = options
        self.kind = kind
        self.named = {f: name for f in FIELDS if (name := getattr(options, f"{f}_column")) is not None}
        self.unseen = dict(self.named)
        self._found: dict[tuple[str, ...], dict[str, str]] = {}

    def of(self, names: Iterable[str]) -> dict[str, str]:
        """Field to column. Raises Unusable where no column holds the text."""
        key = tuple(names)
        if key not in self._found:
            if len(self._found) > 1000:
                self._found.clear()
            self._found[key] = self._match(key)
        return self._found[key]

    def require_named(self, names: Iterable[str]) -> None:
        """Raise Unusable where a column that the user named is not there."""
        there = list(names)
        missing = [name for name in self.named.values() if name not in there]
        if missing:
            raise Unusable(
                "no-column", f"{self.source.path}: there is no column {_listed(missing)}. {self._there(there)}"
            )

    def never_seen(self) -> Iterator[Problem]:
        """A Problem for each named key that no row had; likely a slip of the pen."""
        for field, name in self.unseen.items():
            if field != "text":
                reason = f'{self.source.path}: no row has the key "{name}" that `read.{field}_column` names.'
                yield self.source.problem("no-column", reason)

    def _match(self, names: tuple[str, ...]) -> dict[str, str]:
        found = {field: name for field, name in self.named.items() if name in names}
        for field in found:
            self.unseen.pop(field, None)
        plain = {re.sub(r"[\W_]", "", name.lower()): name for name in reversed(names)}
        for field, guesses in _GUESSES.items():
            if field not in self.named:
                name = next((plain[guess] for guess in guesses.split() if guess in plain), None)
                if name is not None and name not in found.values():
                    found[field] = name
        if "text" not in found:
            wanted = f'"{self.named["text"]}"' if "text" in self.named else "that holds the article's text"
            one = self.kind.removesuffix("s")
            hint = f" Name it with `read.text_column`. Guessed are: {', '.join(_GUESSES['text'].split()[:6])}, ..."
            raise Unusable("no-text", f"{self.source.path}: there is no {one} {wanted}. {self._there(names)}{hint}")
        return found

    def _there(self, names: Iterable[str]) -> str:
        return f"There are the {self.kind} {_listed(names)}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names) or "(none)"


def row_article(
    row: Mapping[str, Any], columns: Mapping[str, str], source: Source, place: str, name: str, options: ReadOptions
) -> Article | Problem:
    """The Article of a row, its text exactly as given; a Problem where the text is missing, empty or too long.

    Args:
        row: the row's values by column.
        columns: field to column, from `Columns.of`.
        source: the file it comes from.
        place: where the row stands, for errors ("news.jsonl:12").
        name: the id to use where the row has none.
        options: the limit of length.
    """
    value = {field: row.get(column) for field, column in columns.items()}
    own_id = _identifier(value.get("id"))
    article_id = own_id or name
    text = value.get("text")
    if text is None or (isinstance(text, str) and not text.strip()):
        return source.problem("empty", f'{place}: the text ("{columns["text"]}") is empty.', article_id)
    if not isinstance(text, str):
        what = f'{place}: the text ("{columns["text"]}") is no string but of type {type(text).__name__}'
        reason = f"{what}. Name another with `read.text_column`."
        return source.problem("no-text", reason, article_id)
    if len(text) > options.max_chars:
        trouble = too_large(place, f"{len(text):,} characters", options.max_chars)
        return source.problem(trouble.kind, trouble.reason, article_id)
    text = _encodable(text)
    date, outlet = parse_date(value.get("date")), _words(value.get("outlet"))
    if date is None or outlet is None:
        date, outlet = _from_dateline(text, date, outlet)
    return Article(
        article_id, text, _words(value.get("title")), date, outlet, _words(value.get("url")), source.path, digest(text)
    )


def _identifier(value: Any) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return None if value != value else str(int(value)) if value.is_integer() else str(value)
    return _encodable(str(value)).strip() or None if isinstance(value, (str, int)) else None


def _words(value: Any) -> str | None:
    """A short field as a string; of an object ({"id": ..., "name": "Reuters"}) its name."""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("title")
    if not isinstance(value, str):
        return None
    return " ".join(_encodable(value).split()) or None


def _encodable(text: str) -> str:
    """Lone surrogates, which JSON can hold and no file can, become U+FFFD; every offset stays."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)


def _from_dateline(text: str, date: str | None, outlet: str | None) -> tuple[str | None, str | None]:
    for paragraph in paragraphs(text[:2000])[:3]:
        opening = dateline(text, paragraph)
        if opening is not None:
            if date is None and opening.year and opening.month and opening.day:
                date = iso_date(opening.year, opening.month, opening.day)
            return date, outlet or opening.outlet
    return date, outlet
