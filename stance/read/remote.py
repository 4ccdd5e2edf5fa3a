"""Files that lie elsewhere: s3://, gs://, az://, hdfs://, https://, memory:// and whatever else fsspec opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from pathlib import PurePosixPath
from typing import Any

from stance.errors import InputError

VERSIONS = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created")
"""Under one of these names a file system says which version of a file it holds."""


def is_remote(path: str) -> bool:
    """Whether a path is a URL.

    >>> is_remote("s3://archive/2024.jsonl")
    True
    """
    return "://" in path


def file_system(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL or local path, and the path within it.

    Raises:
        InputError: no such kind of file system, or its package is not installed.
    """
    from fsspec.core import url_to_fs

    try:
        return url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise InputError(
            f"Cannot open {url}: {error}. Kinds of addresses are s3://, gs://, az://, hdfs:// and others that fsspec "
            "knows; most need a package of their own (s3fs, gcsfs, adlfs)."
        ) from error


def find_remote(url: str) -> Iterator[tuple[str, str, str]]:
    """The files at a URL (a file, a folder, or a glob): URL, path below the folder given, and version, sorted.

    Raises:
        InputError: there is none, or they cannot be listed.
    """
    fs, root = file_system(url)
    try:
        found = fs.glob(root, detail=True) if "*" in root else fs.find(root, detail=True)
    except OSError as error:
        raise InputError(f"Cannot list {url}: {error}. Check the address and your rights there.") from error
    files = {path: info for path, info in found.items() if info.get("type") != "directory"}
    if not files:
        raise InputError(f"There is no file or folder {url}. Check its spelling.")
    fixed = PurePosixPath(root)
    while "*" in str(fixed) or str(fixed) in files:
        fixed = fixed.parent
    runs = _results(files)
    for path in sorted(files):
        below = PurePosixPath(path).relative_to(fixed)
        if not any(part.startswith(".") for part in below.parts) and not runs.intersection(
            map(str, PurePosixPath(path).parents)
        ):
            yield fs.unstrip_protocol(path), str(below), _version(files[path])


def _results(paths: Iterable[str]) -> set[str]:
    """Folders among them that hold a run, or shards."""
    names: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        names.setdefault(folder, set()).add(name)
    return {folder for folder, own in names.items() if holds_results(own)}


def holds_results(names: Set[str]) -> bool:
    """Whether files of these names make a run, or shards."""
    return {"run.json", "statements.jsonl"} <= names or "shards.json" in names


def _version(info: dict[str, Any]) -> str:
    return " ".join(str(info.get(key, "")) for key in ("size", *VERSIONS))
