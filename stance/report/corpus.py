"""A run's statements in memory, each held once whatever number of articles print it; no article texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.report.copies import printings
from stance.rows import Row
from stance.speakers import NAMED
from stance.store import read_info, read_run
from stance.types import LABELS, Speaker, Stance

Offsets = tuple[int, int]

UNSHOWN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and marks that turn the direction of the words after them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One row of statements.jsonl."""

    article_id: str
    statement_id: str
    parent: str | None
    outlet: str | None
    date: str | None
    title: str | None
    kind: str
    text: str
    """The content in one line."""
    content: tuple[Offsets, ...]
    cue: str
    """ "" where the text has none, as in a floating quotation."""
    cue_span: Offsets | None
    source: str
    source_span: Offsets | None
    speakers: tuple[Speaker, ...]
    stances: tuple[Stance, ...]
    score: float

    @property
    def named(self) -> tuple[Speaker, ...]:
        """The speakers that are somebody in particular."""
        return tuple(speaker for speaker in self.speakers if speaker.kind in NAMED)


@dataclass(frozen=True, slots=True)
class ArticleInfo:
    """One row of articles.jsonl, without its text."""

    article_id: str
    outlet: str | None
    date: str | None
    title: str | None
    url: str | None
    path: str | None


@dataclass(frozen=True)
class Corpus:
    """A finished run."""

    run: Path
    info: Mapping[str, Any]
    articles: Mapping[str, ArticleInfo]
    """By their ids, in the order of the run."""
    statements: tuple[tuple[Said, ...], ...]
    """Each with all its printings, see `stance.report.copies.printings`."""

    @property
    def topics(self) -> list[dict[str, Any]]:
        """The topics that the run was labelled with, each with its targets, as run.json has them."""
        return list(self.info.get("topics", {}).get("topics", []))

    def texts(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The texts that all offsets point into, read from the run when they are asked for."""
        wanted = set(article_ids)
        return {row["article_id"]: row["text"] for row, _ in read_run(self.run) if row["article_id"] in wanted}


def read_corpus(run: str | Path) -> Corpus:
    """Read a run folder.

    Raises:
        InputError: it holds no finished run.
    """
    info = read_info(run)
    articles, statements = {}, []
    for row, own in read_run(run):
        articles[row["article_id"]] = ArticleInfo(
            row["article_id"], _name(row["outlet"]), row["date"], _name(row["title"]), row["url"], row["path"]
        )
        statements += [said(statement) for statement in own]
    return Corpus(Path(run), info, articles, tuple(printings(statements)))


def said(row: Row) -> Said:
    """A row of statements.jsonl, its texts in one line."""
    cue, source = row["cue"], row["source"]
    return Said(
        article_id=row["article_id"],
        statement_id=row["statement_id"],
        parent=row["parent"],
        outlet=_name(row["outlet"]),
        date=row["date"],
        title=_name(row["title"]),
        kind=row["kind"],
        text=one_line(row["text"]),
        content=tuple((start, end) for start, end in row["content"]),
        cue=one_line(cue["text"]) if cue else "",
        cue_span=(cue["start"], cue["end"]) if cue else None,
        source=one_line(source["text"]) if source else "",
        source_span=(source["start"], source["end"]) if source else None,
        speakers=tuple(
            Speaker(**{**speaker, **{name: one_line(speaker[name]) for name in ("name", "role", "affiliation")}})
            for speaker in row["speakers"]
        ),
        stances=tuple(
            Stance(**{**stance, "probs": tuple(stance["probs"][label] for label in LABELS)})
            for stance in row["stances"]
        ),
        score=row["score"],
    )


def _name(text: str | None) -> str | None:
    return one_line(text) if text else None


def one_line(text: str) -> str:
    r"""A text with single spaces, and without characters that a terminal or a browser obeys rather than shows.

    >>> one_line("a\tb\x1b[31m \u202ec")
    'a b[31m c'
    """
    return " ".join(UNSHOWN.sub("", text).split())
