"""Writes articles in a format, says what it does not hold, and reads and checks what comes back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.annotate.findings import Findings, Source
from stance.annotate.form import Export, Format
from stance.annotate.losses import missing
from stance.annotate.notation import TOPIC, about
from stance.annotate.rows import article_rows, docs_of
from stance.config import Topics
from stance.errors import InputError
from stance.tables import json_line
from stance.types import Doc

_BROKEN = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Written:
    """What an export has done."""

    files: tuple[Path, ...]
    docs: tuple[Doc, ...]
    lost: Counter[str]
    """What the files do not hold, counted."""


def chosen(path: Path, articles: Sequence[str] = (), most: int | None = None, abstained: bool = False) -> list[Doc]:
    """The articles of a run, or of a JSONL file of annotated articles, that are to be annotated.

    Args:
        articles: ids; all where none are given.
        most: only the first so many.
        abstained: keep stances too that the model was unsure of.

    Raises:
        InputError: one of the articles is not there, or there is none at all.
    """
    docs = {doc.article.id: doc for doc in docs_of(path)}
    if unknown := [name for name in articles if name not in docs]:
        raise InputError(f"{path} has no article {unknown[0]!r}. It has {', '.join([*docs][:5])}, …")
    kept = [docs[name] for name in articles] if articles else [*docs.values()]
    if not kept:
        raise InputError(f"{path} holds no articles. Label some first: stance label ARTICLES -o RUN")
    kept = kept[:most]
    return kept if abstained else [_decided(doc) for doc in kept]


def _decided(doc: Doc) -> Doc:
    """The article without the stances that the model left open."""
    return doc.with_statements(
        replace(s, stances=tuple(stance for stance in s.stances if not stance.abstained)) for s in doc.statements
    )


def export(docs: Sequence[Doc], form: Format, out: Path, options: Export) -> Written:
    """Write articles in a format, and read them back to see what it does not hold.

    Args:
        out: a file, or for a format of several files a folder, which is made.

    Raises:
        InputError: it cannot be written there, or a text is broken.
    """
    if broken := next((doc.article.id for doc in docs if _BROKEN.search(doc.article.text)), None):
        raise InputError(
            f"The text of {broken!r} holds half of a character (a lone surrogate), which no file can hold."
        )
    contents = form.write(docs, options)
    inside = form.folder or out.is_dir()
    files = [out / name if inside else out for name in contents]
    if inside and out.is_file():
        raise InputError(f"{out} is a file, and {form.name} is several. Give a folder with -o.")
    try:
        (out if inside else out.parent).mkdir(parents=True, exist_ok=True)
        for file, content in zip(files, contents.values(), strict=True):
            file.write_bytes(content)
    except OSError as error:
        raise InputError(f"Cannot write {error.filename}: {error.strerror}. Give another place with -o.") from error
    findings = Findings()
    source = Source(_matching(files, form), {doc.article.id: doc for doc in docs}, findings, predictions=True)
    back = {doc.article.id: doc for doc in form.read(source)}
    lost = missing(docs, back)
    lost.update({f"faults, such as {fault}": 1 for fault in findings.faults[:1]})
    return Written(tuple(files), tuple(docs), +lost)


def read(
    paths: Sequence[Path],
    form: Format,
    base: Iterable[Doc] = (),
    topics: Topics | None = None,
    coder: str | None = None,
    predictions: bool = False,
) -> tuple[list[Doc], Findings]:
    """The annotated articles of files or folders, with what was found on the way.

    Args:
        base: the articles that were exported; some formats have no texts of their own.
        topics: whose targets, besides those in `base`, are allowed; any where there are none.
        coder: whose annotation is taken where an article has several.
        predictions: whether to take a model's predictions where nobody has annotated.

    Raises:
        InputError: a file is missing or of another format, or the format holds no texts and `base` is empty.
    """
    known = {doc.article.id: doc for doc in base}
    files = _files(paths, form)
    if form.needs_texts and not known:
        raise InputError(f"{form.name} holds no texts. Give the run or the articles that were exported with --run.")
    findings = Findings()
    source = Source(files, known, findings, coder, _targets(topics, known.values()), predictions)
    return form.read(source), findings


def write_rows(docs: Iterable[Doc], out: Path) -> None:
    """Write annotated articles as training and evaluation read them."""
    try:
        out.write_bytes(b"".join(json_line(row) for row in article_rows(docs)))
    except OSError as error:
        raise InputError(f"Cannot write {out}: {error.strerror}. Give another file with -o.") from error


def _targets(topics: Topics | None, docs: Iterable[Doc]) -> set[str] | None:
    if topics is None:
        return None
    own = {target.id for target in topics.targets} | {f"{TOPIC}{topic.id}" for topic in topics.topics}
    return own | {about(stance) for doc in docs for s in doc.statements for stance in s.stances}


def _files(paths: Sequence[Path], form: Format) -> tuple[Path, ...]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.rglob(form.files) if file.is_file())
            if not found:
                raise InputError(f"{path} holds no {form.files} files, as {form.name} has them.")
            files += found
        elif path.exists():
            files.append(path)
        else:
            raise InputError(f"There is no file {path}.")
    return tuple(files)


def _matching(files: Sequence[Path], form: Format) -> tuple[Path, ...]:
    """Of the files written those that are read: not the setup and scripts beside them."""
    return tuple(file for file in files if file.match(form.files)) if form.folder else tuple(files)
