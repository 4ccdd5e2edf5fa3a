"""The nouns of the project: frozen dataclasses, standard library only.

Everything that flows through the pipeline is one of these. Offsets are half-open Python character
indices (code points) into `Article.text`, which never changes after reading. Gold annotation is the
same `Doc` with `made_by="human"`; there is no second data model.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

StatementKind = Literal["direct", "indirect", "mixed"]
SpeakerKind = Literal["person", "country", "organization", "group", "unnamed"]
Label = Literal["favor", "against", "neutral"]

LABELS: tuple[Label, ...] = ("favor", "against", "neutral")
SPEAKER_KINDS: tuple[SpeakerKind, ...] = ("person", "country", "organization", "group", "unnamed")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open character range.

    >>> Span(0, 4).text("Wang said it.")
    'Wang'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def text(self, of: str) -> str:
        return of[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One news article as read: the text that offsets point into, and where it came from."""

    id: str
    text: str
    title: str | None = None
    date: str | None = None
    """ISO date, YYYY-MM-DD."""
    outlet: str | None = None
    url: str | None = None
    path: str | None = None
    sha256: str | None = None
    """Of the text, UTF-8."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who a statement's source stands for, as resolved in its article."""

    id: str
    name: str
    kind: SpeakerKind
    role: str = ""
    affiliation: str = ""
    """The country, organisation or party the speaker speaks for; "" where unknown."""
    how: str = "name"
    """By what it was resolved: name, surname, title, pronoun, metonym, side, joint, registry, decision, unknown."""
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Stance:
    """A speaker's stance toward one target (or, with `target` None, the mere topic) in one statement."""

    topic: str
    target: str | None
    label: Label
    probs: tuple[float, float, float]
    """Probabilities in the order of `LABELS`; they sum to one."""
    confidence: float
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of text that the article attributes to somebody: content, cue, source.

    `content` may be discontinuous (an attribution interrupts it). `speakers` is empty where the source
    is unknown and has several members for a joint source. `candidates` are the targets that the
    statement may bear on, with a retrieval score, for the stance classifier to judge.
    """

    id: str
    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    kind: StatementKind
    score: float = 1.0
    parent: str | None = None
    speakers: tuple[Speaker, ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()
    stances: tuple[Stance, ...] = ()

    @property
    def extent(self) -> Span:
        """The smallest span that holds content, cue and source."""
        spans = [*self.content, *(s for s in (self.cue, self.source) if s is not None)]
        return Span(min(s.start for s in spans), max(s.end for s in spans))

    def content_text(self, text: str) -> str:
        """The content, discontinuous spans joined by " ... "."""
        return " ... ".join(span.text(text) for span in self.content)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that may attribute something to somebody ("said", "called for"), as the tagger found them.

    For a floating quotation, which has no cue, `floating` is true and `span` is the quotation itself.
    """

    span: Span
    score: float
    floating: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be read or labelled; a row of problems.jsonl."""

    article_id: str | None
    path: str | None
    stage: str
    kind: str
    """A short slug that problems are counted by, such as empty, binary, encoding, bad-json, unreadable, failed."""
    reason: str
    """For a person: what, where, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Doc:
    """An article with what is known about it so far. A stage takes Docs and gives new Docs.

    `paragraphs` and `sentences` cover the article's prose in order; boilerplate (datelines, agency
    credits, editors' notes) lies outside them and is never labelled.
    """

    article: Article
    paragraphs: tuple[Span, ...] = ()
    sentences: tuple[Span, ...] = ()
    cues: tuple[Cue, ...] = ()
    statements: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = ()
    made_by: Literal["model", "human"] = "model"

    def with_statements(self, statements: Iterable[Statement]) -> Doc:
        return replace(self, statements=tuple(statements))

    def with_problem(self, stage: str, error: Exception) -> Doc:
        """The same Doc carrying the fault of one stage, so that the run can go on without the article."""
        problem = Problem(self.article.id, self.article.path, stage, "failed", f"{type(error).__name__}: {error}")
        return replace(self, problems=(*self.problems, problem))
