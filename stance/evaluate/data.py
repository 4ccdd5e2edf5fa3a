"""Annotated data for evaluation: a JSONL file, a folder of such files, or a folder of brat files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from stance.errors import InputError
from stance.evaluate.brat import read_brat
from stance.gold import load
from stance.types import Doc

TABLES = (".csv", ".tsv", ".parquet")


def gold_docs(path: Path, topics: Mapping[str, str] | None = None, where: Mapping[str, str] | None = None) -> list[Doc]:
    """The annotated articles of a file or folder.

    Args:
        path: a JSONL file, or a folder of such files or of brat files.
        topics: as for `gold.load`.
        where: of JSONL, only rows whose key has this value, or one of these words.

    Raises:
        InputError: there are none, two have one id, or one of them does not fit.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    docs = [doc for file in files for doc in load(file, topics)] if files else read_brat(path)
    if where:
        wanted = {str(row.get("id")) for file in files for row in _rows(file) if _fits(row, where)}
        docs = [doc for doc in docs if doc.article.id in wanted]
    if not docs:
        raise InputError(f"{path} holds no articles" + (f" where {dict(where)}." if where else "."))
    ids = [doc.article.id for doc in docs]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise InputError(f"{path} holds several articles with the id {twice[0]!r}; ids must differ.")
    return docs


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _fits(row: Mapping[str, Any], where: Mapping[str, str]) -> bool:
    return all(str(row.get(key)) in (str(value), *str(value).split()) for key, value in where.items())


def fingerprint(path: Path) -> str:
    """SHA-256 (hex) of a file, or of all files below a folder with their names."""
    if path.is_file():
        return sha256(path.read_bytes()).hexdigest()
    digest = sha256()
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        digest.update(str(file.relative_to(path)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def kind_of(path: Path) -> Literal["articles", "attribution", "pairs"]:
    """The kind of annotated data, by what their first row has.

    Raises:
        InputError: they are of no known kind.
    """
    if path.is_dir():
        files = sorted(path.glob("*.jsonl"))
        return kind_of(files[0]) if files else "attribution"
    if path.suffix in TABLES:
        return "pairs"
    try:
        with path.open(encoding="utf-8") as file:
            first = next((line for line in file if line.strip()), None)
        if first is None:
            raise InputError(f"{path} is empty. Give a file of annotated rows.")
        row = json.loads(first)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSONL: {error}. Give a file of annotated rows.") from error
    kinds: dict[str, Literal["articles", "attribution", "pairs"]] = {
        "statements": "articles",
        "attributions": "attribution",
        "target": "pairs",
    }
    for key, kind in kinds.items():
        if isinstance(row, dict) and key in row:
            return kind
    raise InputError(
        f"{path}: its first row has neither 'statements' (annotated articles), 'attributions' (spans) nor 'target' "
        "(text, target and label), so it is not known how to evaluate it."
    )
