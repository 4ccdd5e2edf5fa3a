"""Which statements a report is about."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

from stance.errors import InputError
from stance.types import SPEAKER_KINDS, Speaker, StatementKind
from stance.yamlfile import did_you_mean

if TYPE_CHECKING:
    from stance.report.corpus import Corpus, Said

DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
Edge = Literal["first", "last"]


@dataclass(frozen=True)
class Filters:
    """What to keep; all of it where nothing is given."""

    speaker: str | None = None
    """Name, surname or id of a speaker, in whatever case; or of a row of the report."""
    topic: str | None = None
    """Id of a topic or a target."""
    since: str | None = None
    """First day, as YYYY, YYYY-MM or YYYY-MM-DD. Statements without a date are left out."""
    until: str | None = None
    """Last day, likewise: 2024 stands for its last day."""
    outlets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Of statements: direct, indirect, mixed."""
    speaker_kinds: tuple[str, ...] = ()
    """person, country, organization, group, unnamed."""
    how: tuple[str, ...] = ()
    """By what a speaker was resolved, see `stance.types.Speaker.how`."""
    min_confidence: float = 0.0
    """Stances below it count as unsure."""

    def __post_init__(self) -> None:
        known(self.kinds, get_args(StatementKind), "kind of statement")
        known(self.speaker_kinds, SPEAKER_KINDS, "kind of speaker")
        first, last = self.days
        if first and last and first > last:
            raise InputError(f"No day is since {self.since} and until {self.until}. Exchange the two.")

    @cached_property
    def days(self) -> tuple[str | None, str | None]:
        """First and last day, written out."""
        return (
            day(self.since, "first") if self.since else None,
            day(self.until, "last") if self.until else None,
        )

    @property
    def described(self) -> str:
        """What was asked for, in words; "" for everything."""
        first, last = self.days
        parts = {
            "speaker": self.speaker,
            "topic or target": self.topic,
            "since": first,
            "until": last,
            "outlet": " or ".join(self.outlets),
            "statements": " or ".join(self.kinds),
            "speakers of kind": " or ".join(self.speaker_kinds),
            "speakers resolved by": " or ".join(self.how),
            "confidence from": str(self.min_confidence or ""),
        }
        return "; ".join(f"{name} {value}" for name, value in parts.items() if value)

    @property
    def choosy(self) -> bool:
        """Whether statements of unknown speakers are not asked for."""
        return bool(self.speaker_kinds or self.how)

    def printing(self, said: Said) -> bool:
        """Whether this printing of an utterance is one of those asked for."""
        return (not self.outlets or said.outlet in self.outlets) and (not self.kinds or said.kind in self.kinds)

    def dated(self, said: Said) -> bool:
        """Whether it was said on a day asked for, or perhaps: one without a date may have been."""
        first, last = self.days
        return said.date is None or (first or "") <= said.date <= (last or "9999")

    def voice(self, speaker: Speaker) -> bool:
        """Whether a speaker is of the kind, and resolved in the way, that is asked for."""
        return (not self.speaker_kinds or speaker.kind in self.speaker_kinds) and (
            not self.how or speaker.how in self.how
        )


def day(text: str, edge: Edge) -> str:
    """The first or last day of a year, a month or a day.

    Raises:
        InputError: it is none of them.

    >>> day("2024-02", "last")
    '2024-02-29'
    """
    found = DAY.fullmatch(text.strip())
    year, month, of_month = (int(part) if part else 0 for part in found.groups()) if found else (0, 0, 0)
    if edge == "last":
        month = month or 12
        of_month = of_month or (calendar.monthrange(year, month)[1] if year and month <= 12 else 0)
    month, of_month = month or 1, of_month or 1
    if not found or not year or month > 12 or of_month > calendar.monthrange(year, month)[1]:
        raise InputError(f"{text!r} is no date. Write it as 2024, 2024-05 or 2024-05-17.")
    return f"{year:04}-{month:02}-{of_month:02}"


def known(wanted: Iterable[str], of: Iterable[str], what: str) -> tuple[str, ...]:
    """The spelling in the run of what somebody asked for, in whatever case.

    Raises:
        InputError: the run has none; the message names near ones.
    """
    spelling = {name.casefold(): name for name in sorted(of)}
    for name in wanted:
        if name.casefold().strip() not in spelling:
            raise InputError(f"There is no {what} {name!r} in the run.{did_you_mean(name, spelling.values())}")
    return tuple(dict.fromkeys(spelling[name.casefold().strip()] for name in wanted))


def wanted_targets(corpus: Corpus, topic: str | None) -> set[str] | None:
    """Ids of the topic and its targets, or of the one target; None for all there are.

    Raises:
        InputError: the run has no such topic or target; the message names near ones.
    """
    if topic is None:
        return None
    sets: dict[str, set[str]] = {}
    for entry in corpus.topics:
        ids = [target["id"] for target in entry["targets"]]
        sets.setdefault(entry["id"], set()).update((entry["id"], *ids))
        for target in ids:
            sets.setdefault(target, set()).add(target)
    (name,) = known([topic], sets, "topic or target")
    return sets[name]
