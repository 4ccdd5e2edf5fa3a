"""Who has annotated what: a coder a file or folder, or several coders in the export of one tool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.annotate.exchange import read
from stance.annotate.findings import Findings
from stance.annotate.form import Format
from stance.annotate.rows import docs_of
from stance.config import Topics
from stance.errors import InputError
from stance.metrics import Coded
from stance.types import Doc


@dataclass(frozen=True, slots=True)
class Coder:
    name: str
    docs: Mapping[str, Doc]
    """By article id."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The articles that at least two coders have coded, in the order of the first who has each."""

    coders: tuple[str, ...]
    articles: tuple[Coded, ...]
    alone: int
    """Articles that only one has coded, which say nothing about agreement."""


def read_coders(
    paths: Sequence[Path], form: Format | None = None, base: Sequence[Doc] = (), topics: Topics | None = None
) -> tuple[list[Coder], Findings]:
    """The coders of some files or folders, with what was found on the way.

    A file in which somebody has annotated an article after somebody else has as many coders as it names.

    Args:
        paths: one of each coder, or one of several.
        form: the tool's; articles as `annotate import` writes them where it is None.
        base: the articles that were exported, as for `read`.
        topics: as for `read`.

    Raises:
        InputError: a file is missing or of another format.
    """
    found: list[tuple[Path, str, list[Doc]]] = []
    findings = Findings()
    for path in paths:
        if form is None:
            found.append((path, "", list(docs_of(path))))
            continue
        docs, own = read([path], form, base, topics)
        if own.coders:
            several = {coder: read([path], form, base, topics, coder) for coder in sorted(own.coders)}
            found += [(path, coder, docs) for coder, (docs, _) in several.items()]
            told = [own for _, own in several.values()]
        else:
            found.append((path, "", docs))
            told = [own]
        findings.faults += dict.fromkeys(fault for one in told for fault in one.faults)
        for one in told:
            findings.notes.update(one.notes)
    return [
        Coder(name, {doc.article.id: doc for doc in docs})
        for name, (_, _, docs) in zip(_names([(path, coder) for path, coder, _ in found]), found, strict=True)
    ], findings


def shared(coders: Sequence[Coder]) -> Shared:
    """What can be compared.

    Raises:
        InputError: there is one coder only, no article has two, or an article's text is not the same for all.
    """
    if len(coders) < 2:
        names = f" There is {coders[0].name} alone." if coders else ""
        raise InputError(f"Agreement needs two coders.{names} Give a file or folder of each.")
    ids = dict.fromkeys(name for coder in coders for name in coder.docs)
    coded = {name: [coder.docs.get(name) for coder in coders] for name in ids}
    both = {name: docs for name, docs in coded.items() if sum(doc is not None for doc in docs) > 1}
    if not both:
        firsts = "; ".join(f"{coder.name} has {', '.join([*coder.docs][:3]) or 'none'}" for coder in coders)
        raise InputError(f"No article has two coders: {firsts}. Give annotations of the same articles.")
    for name, docs in both.items():
        if len({doc.article.text for doc in docs if doc}) > 1:
            raise InputError(
                f"The text of {name!r} is not the same for all coders, so their offsets mean nothing to each other. "
                "Give the run that was exported with --run; import moves offsets to its text."
            )
    return Shared(tuple(coder.name for coder in coders), tuple(both.values()), len(ids) - len(both))


def _names(found: Sequence[tuple[Path, str]]) -> list[str]:
    """Short names that differ: the coder's in the file, the file's, that with its folder's, or the whole path."""
    ways = [
        [coder or path.stem or path.name for path, coder in found],
        [f"{path.stem}/{coder}" if coder else f"{path.parent.name}/{path.stem}" for path, coder in found],
        [f"{path}/{coder}" if coder else str(path) for path, coder in found],
    ]
    unique = [names for names in ways if max(Counter(names).values(), default=0) <= 1]
    if not unique:
        raise InputError("The same file is given twice. Give one of each coder.")
    return unique[0]
