"""One statement's stance toward one target: what every number of a report is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stance.report.corpus import Offsets, Said
from stance.types import Speaker, Stance


@dataclass(frozen=True, slots=True)
class Copy:
    """Where else the same words stand."""

    article_id: str
    statement_id: str
    outlet: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement behind a position. All offsets are into the text of its article."""

    article_id: str
    statement_id: str
    date: str | None
    outlet: str | None
    title: str | None
    kind: str
    """direct, indirect or mixed."""
    cue: str
    """ "" where the text has none, as in a floating quotation."""
    cue_span: Offsets | None
    source: str
    source_span: Offsets | None
    quote: str
    """The content in one line."""
    content: tuple[Offsets, ...]
    """Of the quote."""
    topic: str
    target: str | None
    """None for a statement that bears on the topic without bearing on one of its targets."""
    label: str
    probs: tuple[float, float, float]
    """Of favor, against, neutral."""
    confidence: float
    abstained: bool
    """Below the model's threshold, or below the reader's: it counts as unsure."""
    speakers: tuple[Speaker, ...]
    """All of them; a joint statement has several, an unattributed one none."""
    copies: tuple[Copy, ...] = ()
    """Its other printings, which are counted nowhere."""

    @property
    def place(self) -> str:
        """`article:start-end`, where the quote stands."""
        return f"{self.article_id}:{','.join(f'{start}-{end}' for start, end in self.content)}"

    @property
    def outlets(self) -> tuple[str, ...]:
        """All that printed it, its own first."""
        return tuple(dict.fromkeys(o for o in (self.outlet, *(copy.outlet for copy in self.copies)) if o))

    @property
    def joint(self) -> bool:
        """Whether several said it together. It counts fully for each of them, and once in totals."""
        return len(self.speakers) > 1

    @property
    def state(self) -> str:
        """favor, against, neutral or unsure."""
        return "unsure" if self.abstained else self.label


def evidence(said: Said, stance: Stance, printings: Sequence[Said], min_confidence: float) -> Evidence:
    """One stance of one printing of an utterance.

    Args:
        said: the printing that counts.
        stance: one of its stances.
        printings: all of the utterance, `said` among them.
        min_confidence: stances below it are unsure.
    """
    return Evidence(
        article_id=said.article_id,
        statement_id=said.statement_id,
        date=said.date,
        outlet=said.outlet,
        title=said.title,
        kind=said.kind,
        cue=said.cue,
        cue_span=said.cue_span,
        source=said.source,
        source_span=said.source_span,
        quote=said.text,
        content=said.content,
        topic=stance.topic,
        target=stance.target,
        label=stance.label,
        probs=stance.probs,
        confidence=stance.confidence,
        abstained=stance.abstained or stance.confidence < min_confidence,
        speakers=said.speakers,
        copies=tuple(Copy(p.article_id, p.statement_id, p.outlet, p.date) for p in printings if p is not said),
    )
