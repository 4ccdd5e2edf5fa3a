"""Which files there are to read, their bytes, and their encodings."""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from stance.errors import InputError
from stance.read.remote import file_system, find_remote, holds_results, is_remote
from stance.types import Problem

SUFFIXES = ".txt .text .md .markdown .html .htm .xhtml .json .jsonl .ndjson .csv .tsv .parquet".split()
"""Endings that are read in a folder; all but Parquet also with .gz after them."""

_MAGIC = {
    b"%PDF": "a PDF file; save it as text first",
    b"PK\x03\x04": "a ZIP or Office file; save it as text first",
    b"\xd0\xcf\x11\xe0": "an old Office file; save it as text first",
    b"{\\rtf": "an RTF file; save it as text first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"PAR1": "a Parquet file; give it the ending .parquet",
    b"\x1f\x8b": "a gzip file; give it an ending such as .jsonl.gz",
    b"SQLite format 3": "a database",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON_CHINESE = frozenset("的一是在不了有和人这中大为上个国我以要他来用们生到作地于出会三部说后")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 200_000
"""Bytes that an encoding is guessed from."""


class Unusable(Exception):
    """A file or row that gives no article: the Problem's kind, and its reason."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read (or standard input, whose bytes are `data`)."""

    path: str
    name: str
    """Path below the folder given, without ending, with forward slashes: the id of its article."""
    suffix: str
    data: bytes | None = None
    version: str = ""
    """What tells this version of a remote file from another one."""

    def open(self) -> BinaryIO:
        if self.data is not None:
            return io.BytesIO(self.data)
        if is_remote(self.path):
            fs, path = file_system(self.path)
            return cast(BinaryIO, fs.open(path, "rb", compression="gzip" if path.lower().endswith(".gz") else None))
        if self.path.lower().endswith(".gz"):
            return cast(BinaryIO, gzip.open(self.path, "rb"))
        return open(self.path, "rb")

    def read_bytes(self, limit: int) -> bytes:
        """All bytes of the file. Raises Unusable where there are more than `limit`, before holding them."""
        with self.open() as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise too_large(self.path, f"more than {limit:,} bytes", limit // 4)
        return data

    def problem(self, kind: str, reason: str, article_id: str | None = None) -> Problem:
        return Problem(article_id or self.name, self.path, "read", kind, reason)


def too_large(where: str, size: str, max_chars: int) -> Unusable:
    return Unusable(
        "too-large",
        f"{where}: {size} are too much for one article; the limit is {max_chars:,} characters. "
        "Split it into its articles, or raise `read.max_chars`.",
    )


def find_sources(paths: Sequence[str]) -> list[Source | Problem]:
    """The files under the paths, each once, in the order of the paths and sorted within a folder.

    Raises:
        InputError: a path does not exist, or nothing under the paths can be read.
    """
    found: dict[str, Source | Problem] = {}
    for path in paths:
        for item in _under(path):
            key = item.path or ""
            found.setdefault(os.path.realpath(key) if len(paths) > 1 else key, item)
    if not found:
        raise InputError(
            f"There is nothing to read in {', '.join(paths) or 'an empty list of paths'}. "
            f"Files are recognised by their endings: {' '.join(SUFFIXES)} (also .gz)."
        )
    return list(found.values())


def _under(path: str) -> Iterator[Source | Problem]:
    if path == "-":
        yield _standard_input()
    elif is_remote(path):
        yield from _elsewhere(path)
    elif os.path.isdir(path):
        yield from _walk(path)
    elif os.path.lexists(path):
        yield Source(path, _stem(PurePath(path).name), _suffix(path))
    else:
        matches = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else []
        if not matches:
            raise InputError(f"There is no file or folder {path} (in {Path.cwd()}). Check its spelling.")
        fixed = Path(path)
        while glob.has_magic(str(fixed)):
            fixed = fixed.parent
        for match in matches:
            if os.path.isdir(match):
                yield from _walk(match) if "**" not in path else ()
            elif _suffix(match) in SUFFIXES or "**" not in path:
                yield Source(match, _stem(Path(match).relative_to(fixed).as_posix()), _suffix(match))


def _elsewhere(url: str) -> Iterator[Source]:
    found = list(find_remote(url))
    for file, below, version in found:
        if _suffix(file) in SUFFIXES or len(found) == 1:
            yield Source(file, _stem(below), _suffix(file), version=version)


def _walk(folder: str) -> Iterator[Source | Problem]:
    faults: list[OSError] = []
    for where, folders, files in os.walk(folder, onerror=faults.append):
        if holds_results(set(files)):
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = os.path.join(where, name)
            if not name.startswith(".") and _suffix(name) in SUFFIXES:
                yield Source(path, _stem(Path(path).relative_to(folder).as_posix()), _suffix(name))
    for fault in faults:
        reason = f"{fault.filename}: the folder cannot be listed: {fault.strerror}. Check that you may read it."
        yield Problem(None, str(fault.filename), "read", "unreadable", reason)


def _suffix(path: str) -> str:
    path = path.lower()
    return PurePath(path.removesuffix(".gz")).suffix


def _stem(relative: str) -> str:
    path = PurePath(relative)
    if path.suffix.lower() == ".gz":
        path = path.with_suffix("")
    return path.with_suffix("").as_posix() if path.suffix.lower() in SUFFIXES else path.as_posix()


def _standard_input() -> Source:
    data = sys.stdin.buffer.read()
    start = data.lstrip()[:1]
    suffix = {b"{": ".json", b"[": ".json"}.get(start, ".txt")
    return Source("-", "stdin", suffix, data)


def decode(data: bytes, where: str, encoding: str | None = None) -> str:
    """Bytes as text, without a byte order mark.

    Raises:
        Unusable: the bytes are no text.
        UnicodeDecodeError: the encoding does not fit.
    """
    refuse_binary(data, where)
    return data.decode(encoding or detect_encoding(data)).removeprefix("\ufeff")


def refuse_binary(data: bytes, where: str) -> None:
    """Raise Unusable where the bytes are not those of a text."""
    head = data[:8192]
    for magic, meaning in _MAGIC.items():
        if head.startswith(magic):
            raise Unusable("binary", f"{where}: this is {meaning}.")
    if bom_encoding(head) or _wide(head):
        return
    if b"\x00" in head or len(_CONTROL.findall(head)) > 0.02 * len(head):
        raise Unusable(
            "binary", f"{where}: this is no text: it holds control characters. Give text, HTML, JSON or CSV."
        )


def bom_encoding(head: bytes) -> str | None:
    return next((name for bom, name in _BOMS if head.startswith(bom)), None)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of mostly Latin text is zero."""
    if len(head) < 16:
        return None
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.7 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else None


def detect_encoding(data: bytes) -> str:
    """The encoding of a text: byte order mark, else UTF-8 if valid, else GB18030, Windows-1252 or the likeliest."""
    found = bom_encoding(data) or _wide(data[:8192])
    if found:
        return found
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        return _legacy(data[start : start + _SAMPLE])


def _legacy(data: bytes) -> str:
    runs = re.findall(rb"[\x80-\xff]+", data)
    if _is_chinese(data, runs):
        return "gb18030"
    scattered = sum(map(len, runs)) <= 2 * len(runs)
    if scattered and not re.search(rb"[\x81\x8d\x8f\x90\x9d]", data):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return best.encoding if best else "cp1252"


def _is_chinese(data: bytes, runs: Sequence[bytes]) -> bool:
    """Whether bytes are GB18030: common characters in a Chinese text, or paired quotation marks in an English one."""
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(data)
    except UnicodeDecodeError:
        return False
    wide = [char for char in text if char >= "\x80"]
    han = [char for char in wide if "\u4e00" <= char <= "\u9fff"]
    if len(han) >= 10 and len(han) > 0.5 * len(wide):
        return sum(char in _COMMON_CHINESE for char in han) > 0.08 * len(han)
    paired = all(len(run) % 2 == 0 and min(run) >= 0xA1 for run in runs)
    known = all(
        "\u2010" <= c <= "\u2026" or "\u3000" <= c <= "\u303f" or c in "·×" or "\uff00" <= c <= "\uffef" or c in han
        for c in wide
    )
    return paired and known
