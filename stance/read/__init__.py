"""Read articles as people have them: folders, files, globs, standard input; text, HTML, JSON, tables.

    files.py     which files there are, their bytes and encodings
    remote.py    files that lie elsewhere: s3:// and others
    plain.py     one article a file: text, Markdown, HTML
    tables.py    many articles a file: JSON, JSON Lines, CSV, Parquet

>>> from stance.read import ReadOptions, read
>>> for item in read(["articles/"], ReadOptions()):  # doctest: +SKIP
...     print(item.id)
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from stance.errors import InputError
from stance.read.files import Source, Unusable, find_sources
from stance.read.options import ReadOptions
from stance.read.plain import read_plain
from stance.read.tables import TABLES
from stance.types import Article, Problem

__all__ = ["ReadOptions", "Source", "find_sources", "read", "read_sources"]


def read(paths: Sequence[str | Path], options: ReadOptions | None = None) -> Iterator[Article | Problem]:
    """Read every article under the paths, one after the other, in a fixed order.

    Args:
        paths: folders (searched to the bottom; hidden files, runs, shards and unknown endings are passed over), files,
            globs, URLs of any of these (s3:// and others), or "-" for standard input. A file that two of them name is
            read once.
        options: columns, encoding, limits.

    Returns:
        An iterator of Articles, and of a Problem (stage "read") for each file or row that is not usable.
        An Article's id is the input's own where it has one, else the path below the folder given, without ending;
        rows without an id add "#" and their number. An id that came before gets "~2", "~3", ... added.

    Raises:
        InputError: a path does not exist, there is nothing to read under it, or the encoding named is not known;
            raised at once.
    """
    options = options or ReadOptions()
    try:
        "".encode(options.encoding or "utf-8")
    except LookupError as error:
        raise InputError(f"{error}. Encodings are named like utf-8, cp1252 or gb18030.") from error
    return read_sources(find_sources([str(path) for path in paths]), options)


def read_sources(sources: Iterable[Source | Problem], options: ReadOptions) -> Iterator[Article | Problem]:
    """As `read`, of what `find_sources` found, or of a part of that."""
    return _unique(_read(sources, options))


def _read(sources: Iterable[Source | Problem], options: ReadOptions) -> Iterator[Article | Problem]:
    for source in sources:
        if isinstance(source, Problem):
            yield source
            continue
        reader = TABLES.get(source.suffix)
        try:
            if reader is None:
                yield read_plain(source, options)
            else:
                yield from reader(source, options)
        except Unusable as trouble:
            yield source.problem(trouble.kind, trouble.reason)
        except UnicodeDecodeError as error:
            what = f"{source.path}: is not valid {error.encoding} ({error.reason})"
            yield source.problem("encoding", f"{what}. Name its encoding with `read.encoding`.")
        except (EOFError, zlib.error):
            yield source.problem("unreadable", f"{source.path}: the compressed file is damaged. Get it again.")
        except OSError as error:
            reason = error.strerror or str(error)
            yield source.problem(
                "unreadable", f"{source.path}: cannot be read: {reason}. Check that it exists and that you may read it."
            )


def _unique(items: Iterable[Article | Problem]) -> Iterator[Article | Problem]:
    times: dict[str, int] = {}
    for item in items:
        if not isinstance(item, Article):
            yield item
            continue
        name = item.id
        while name in times:
            times[item.id] += 1
            name = f"{item.id}~{times[item.id]}"
        times[name] = 1
        yield item if name == item.id else replace(item, id=name)
