"""What one speaker's statements on one target come to, and who else takes a side on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum
from typing import Literal

from stance.errors import InputError
from stance.report.change import Shift, shifts
from stance.report.claims import Claim
from stance.report.evidence import Evidence
from stance.report.group import positions
from stance.report.positions import STATES, Position, Positions, SpeakerPositions
from stance.report.quotes import Likeness
from stance.report.wording import full_name, introduced, phrase, same_person, short_name
from stance.yamlfile import did_you_mean

Side = Literal["favor", "against", "divided", "neutral", "unsure"]

SIDES = ("favor", "against")

DIVIDED = 1 / 3
"""A share of the statements that take a side from which the smaller side makes a speaker divided."""

CERTAIN, LIKELY, DOUBTFUL = 0.7, 0.6, 0.5
"""Mean confidence from which a stance is told as a fact of the statements; from which few statements are said to take
a side at all, and a speaker is named as one who agrees or opposes; below which labels are likelier wrong than right."""

SEVERAL = 4
"""Statements of one side that need not be likely each for it to be told."""


@dataclass(frozen=True)
class Holder:
    """A row of a report as prose names it."""

    row: SpeakerPositions
    by: str

    @property
    def id(self) -> str:
        return self.row.id

    @cached_property
    def full(self) -> str:
        return self._grouped or full_name(self.row)

    @cached_property
    def short(self) -> str:
        return self._grouped or short_name(self.row)

    @cached_property
    def introduced(self) -> str:
        return self._grouped or introduced(self.row)

    @property
    def _grouped(self) -> str:
        """Rows that are no speakers are not said to hold what those in them said."""
        name = self.row.name
        return {
            "affiliation": f"speakers for {full_name(self.row)}",
            "role": f"speakers with the role “{name}”",
            "kind": f"speakers of the kind “{name}”",
            "outlet": f"speakers in {name}",
        }.get(self.by, "")


@dataclass(frozen=True)
class Holding:
    """A speaker's statements on a target by their labels."""

    holder: Holder
    position: Position

    @cached_property
    def of(self) -> dict[str, list[Evidence]]:
        """Statements by state: favor, against, neutral, unsure."""
        return {state: [e for e in self.position.evidence if e.state == state] for state in STATES}

    @cached_property
    def side(self) -> Side:
        favor, against, neutral = (len(self.of[state]) for state in STATES[:3])
        if not favor + against:
            return "neutral" if neutral else "unsure"
        if min(favor, against) / (favor + against) >= DIVIDED:
            return "divided"
        if neutral > favor + against:
            return "neutral"
        return "favor" if favor > against else "against"

    @property
    def lead(self) -> list[Evidence]:
        """The statements that make its side."""
        return [*self.of["favor"], *self.of["against"]] if self.side == "divided" else self.of[self.side]

    @property
    def sure(self) -> int:
        return len(self.position.sure)

    @cached_property
    def confidence(self) -> float:
        """Mean of the labels that make its side."""
        return fsum(e.confidence for e in self.lead) / len(self.lead)

    @cached_property
    def clear(self) -> bool:
        """Whether its labels are sure enough to say which side it is, or that it is none."""
        enough = DOUBTFUL if len(self.lead) >= SEVERAL else LIKELY
        return self.side != "unsure" and self.confidence >= enough

    @property
    def target(self) -> str:
        return self.position.target or ""

    def claim(self) -> Claim:
        """All its statements, whatever their labels."""
        return Claim(self.holder.id, self.target, "", tuple(sorted(e.statement_id for e in self.position.evidence)))

    def claims(self, *states: str) -> tuple[Claim, ...]:
        """One for each state that it has statements of; all states where none is named."""
        return tuple(
            Claim(self.holder.id, self.target, state, tuple(sorted(e.statement_id for e in self.of[state])))
            for state in states or STATES
            if self.of[state]
        )


class Book:
    """Everything a run's summaries are written from: who holds what, and which statements are alike.

    Where the positions are those of one speaker, all others are added up besides, to tell who agrees.
    """

    def __init__(self, data: Positions) -> None:
        self.data = data
        filters = data.filters
        if filters.speaker:
            from dataclasses import replace

            self.data = positions(data.corpus, data.by, replace(filters, speaker=None))
        self.holders = [Holder(row, data.by) for row in self.data.speakers]
        self._by_id = {holder.id: holder for holder in self.holders}
        self.holdings = {holder.id: _holdings(holder) for holder in self.holders}

    @cached_property
    def likeness(self) -> Likeness:
        return Likeness([e.quote for e in self.data.total.evidence])

    @cached_property
    def shifts(self) -> dict[tuple[str, str], Shift]:
        """Positions that have shifted, by row and target, the surest shifts first."""
        return {(own.speaker.id, own.position.name): own for own in shifts(self.data)[0]}

    @cached_property
    def on(self) -> dict[str, list[Holding]]:
        """All holdings on each target, those with most statements first."""
        found: dict[str, list[Holding]] = {}
        for own in self.holdings.values():
            for holding in own:
                found.setdefault(holding.target, []).append(holding)
        return {t: sorted(h, key=lambda one: (-one.sure, one.holder.row.name, one.holder.id)) for t, h in found.items()}

    def holder(self, speaker: str | SpeakerPositions) -> Holder:
        name = speaker if isinstance(speaker, str) else speaker.id
        if name not in self.holdings:
            raise InputError(f"The report has no row {name!r}.{did_you_mean(name, self.holdings)}")
        return self._by_id[name]

    def phrase(self, target: str) -> str:
        return phrase(self.data, target)

    def others(self, own: Holding) -> tuple[list[Holding], list[Holding]]:
        """Those who take the same side and those who take the other one; nobody where that would say nothing."""
        if own.side not in SIDES or self.data.varies(own.target):
            return [], []
        rest = [h for h in self.on[own.target] if h.holder.id != own.holder.id and h.lead and h.confidence >= LIKELY]
        rest = [h for h in rest if not same_person(h.holder.row, own.holder.row)]
        other = "against" if own.side == "favor" else "favor"
        return [h for h in rest if h.side == own.side], [h for h in rest if h.side == other]


def _holdings(holder: Holder) -> list[Holding]:
    """On targets alone, those with most sure statements first."""
    found = [Holding(holder, p) for p in holder.row.positions.values() if p.target]
    return sorted(found, key=lambda h: (-h.sure, -len(h.position.evidence), h.target))


def shared(holding: Holding, others: Sequence[Holding]) -> list[Holding]:
    """Those of the others all of whose statements are joint ones with this speaker."""
    own = {e.statement_id for e in holding.lead}
    return [h for h in others if {e.statement_id for e in h.lead} <= own]
