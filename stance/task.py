"""What a labelling process is given, and gives back: plain values that travel between processes and machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from stance.rows import Row, article_row, doc_from_rows, statement_rows
from stance.types import Article, Doc, Problem

Step = Literal["statements", "speakers", "stances"]

STEPS: tuple[Step, ...] = ("statements", "speakers", "stances")
"""What a run finds out, in order: each depends on those before it."""

Part = dict[str, Any]
"""One article labelled: its row ("article"), its statements' rows with the speakers as resolved in the article
("statements"), and the rows of its problems ("problems"); JSON values throughout."""


@dataclass(frozen=True, slots=True)
class Task:
    """An article to label.

    >>> Task(Article("a", "Mara Venn said it."), "stances", kept)  # doctest: +SKIP
    """

    article: Article
    first: Step = "statements"
    """From which step on it is labelled anew."""
    kept: Sequence[Row] = ()
    """The statements' rows that an earlier run gave, where `first` is not the first step."""

    @property
    def doc(self) -> Doc:
        """The article with what is kept."""
        return doc_from_rows(article_row(self.article), self.kept)


def part_of(doc: Doc) -> Part:
    """A labelled article. The statements of one with a problem are left out: they may lack their stances."""
    return {
        "article": article_row(doc.article),
        "statements": [] if doc.problems else list(statement_rows(doc)),
        "problems": [asdict(problem) for problem in doc.problems],
    }


def failed(article: Article, stage: str, kind: str, reason: str) -> Part:
    """An article that could not be labelled."""
    return part_of(Doc(article, problems=(Problem(article.id, article.path, stage, kind, reason),)))
