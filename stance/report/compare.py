"""Two speakers, two countries, two outlets or two periods side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from stance.errors import InputError
from stance.report.corpus import Corpus
from stance.report.estimate import difference
from stance.report.filters import DAY, Filters
from stance.report.group import EVERYTHING, positions
from stance.report.positions import Grouping, Position, Positions, SpeakerPositions
from stance.speakers import NAMED

Kind = Grouping | Literal["period"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """One target, and where each side stands on it."""

    target: str
    topic: str
    one: Position | None
    other: Position | None

    @property
    def gap(self) -> tuple[float, float, float] | None:
        """Difference of the means, first side less second, and the ends of its 95% interval."""
        if self.one is None or self.other is None:
            return None
        mine, theirs, of_mine, of_theirs = self.one.mean, self.other.mean, self.one.interval, self.other.interval
        if mine is None or theirs is None or of_mine is None or of_theirs is None:
            return None
        return (mine - theirs, *difference(mine, of_mine, theirs, of_theirs))

    @property
    def thin(self) -> bool:
        """Whether few articles stand behind one of the sides, or none."""
        return any(position is None or position.few for position in (self.one, self.other))

    @property
    def apart(self) -> bool:
        """Whether 0 lies outside the interval of the difference, and enough articles stand behind either side."""
        return not self.thin and self.gap is not None and (self.gap[1] > 0 or self.gap[2] < 0)


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker, and the numbers of his or her statements on each side."""

    name: str
    one: int
    other: int
    topics: tuple[tuple[str, int, int], ...]
    """The same on each topic, those with most statements first; a statement may bear on none or on several."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides."""

    data: tuple[Positions, Positions]
    """What each side is made of."""
    filters: Filters
    """What was asked for of both."""
    kind: Kind
    names: tuple[str, str]
    contrasts: tuple[Contrast, ...]
    """Those that both spoke of in enough articles first, the widest apart before the others. Targets whose object each
    statement fills in anew are left out."""
    shared: int
    """Statements that both sides hold: joint ones, or such that both outlets print."""
    voices: tuple[Voice, ...]
    """Who speaks on either side, those with most statements first."""


def compare(
    corpus: Corpus, one: str, other: str, by: Grouping | None = None, filters: Filters = EVERYTHING
) -> Comparison:
    """Put two sides next to each other.

    Args:
        corpus: the run.
        one: a speaker, an affiliation, an outlet, or a period: 2023, 2023-05, or 2022..2023-05.
        other: likewise.
        by: what the names are; where it is None, the first of periods, outlets, affiliations, speakers that both are.
        filters: which statements.

    Raises:
        InputError: no such names, or names of different kinds.
    """
    kind = _kind(corpus, one, other, by, filters)
    if kind in ("speaker", "affiliation") and filters.speaker:
        raise InputError("A speaker is given, so compare outlets or periods: --compare 2022 2023.")
    mine, theirs = (_side(corpus, name, kind, filters) for name in (one, other))
    spoken = (p.target for side in (mine, theirs) for p in side.total.positions.values() if p.target)
    names = sorted({target for target in spoken if not mine.varies(target)})
    contrasts = [_contrast(name, mine.total, theirs.total) for name in names]
    contrasts.sort(key=lambda c: (c.gap is None, c.thin, -abs(c.gap[0]) if c.gap else 0, c.target))
    return Comparison(
        (mine, theirs),
        filters,
        kind,
        (_name(mine, one, kind), _name(theirs, other, kind)),
        tuple(contrasts),
        _shared(corpus, mine, theirs),
        tuple(_voices(mine, theirs, kind)),
    )


def _kind(corpus: Corpus, one: str, other: str, by: Grouping | None, filters: Filters) -> Kind:
    if by and by != "speaker":
        return by
    if _days(one) and _days(other):
        return "period"
    if by is None:
        outlets = {a.outlet.casefold() for a in corpus.articles.values() if a.outlet}
        countries = {row.id for row in positions(corpus, "affiliation", replace(filters, speaker=None)).speakers}
        kinds: tuple[tuple[Grouping, set[str]], ...] = (("outlet", outlets), ("affiliation", countries))
        for kind, known in kinds:
            if {one.casefold(), other.casefold()} <= known:
                return kind
    return "speaker"


def _days(text: str) -> tuple[str, str] | None:
    """First and last part of a period, None where it is no period."""
    first, _, last = text.partition("..")
    return (first, last or first) if DAY.fullmatch(first) and DAY.fullmatch(last or first) else None


def _side(corpus: Corpus, name: str, kind: Kind, filters: Filters) -> Positions:
    if kind == "period":
        days = _days(name)
        if days is None:
            raise InputError(f"{name!r} is no period. Write it as 2023, 2023-05 or 2022..2023-05.")
        return positions(corpus, "speaker", replace(filters, since=days[0], until=days[1]))
    if kind == "outlet":
        return positions(corpus, "speaker", replace(filters, outlets=(name,)))
    return positions(corpus, kind, replace(filters, speaker=name))


def _shared(corpus: Corpus, one: Positions, other: Positions) -> int:
    number = {said.statement_id: n for n, printings in enumerate(corpus.statements) for said in printings}
    mine, theirs = ({number[said.statement_id] for said in side.total.said} for side in (one, other))
    return len(mine & theirs)


def _name(side: Positions, asked: str, kind: Kind) -> str:
    if kind == "outlet":
        return side.filters.outlets[0]
    return side.speakers[0].name if kind != "period" and len(side.speakers) == 1 else asked


def _contrast(target: str, one: SpeakerPositions, other: SpeakerPositions) -> Contrast:
    mine, theirs = one.positions.get(target), other.positions.get(target)
    topic = (mine or theirs or Position("", None)).topic
    return Contrast(target, topic, mine, theirs)


def _voices(one: Positions, other: Positions, kind: Kind) -> list[Voice]:
    names, counts = dict[str, Counter[str]](), (Counter[tuple[str, str]](), Counter[tuple[str, str]]())
    for side, found in zip((one, other), counts, strict=True):
        own = {row.id for row in side.speakers}
        belongs: Callable[[str], bool] = own.__contains__ if kind == "affiliation" else lambda _: True
        for said in side.total.said:
            topics = {"", *(stance.topic for stance in said.stances)}
            for speaker in said.speakers:
                if speaker.kind in NAMED and belongs(speaker.affiliation.casefold()):
                    found.update((speaker.id, topic) for topic in topics)
                    names.setdefault(speaker.id, Counter())[speaker.name] += 1
    by_topic: dict[str, list[tuple[str, int, int]]] = {}
    for own_id, topic in sorted(counts[0].keys() | counts[1].keys()):
        by_topic.setdefault(own_id, []).append((topic, counts[0][own_id, topic], counts[1][own_id, topic]))
    made = []
    for own_id, (whole, *others) in by_topic.items():
        name = max(names[own_id], key=lambda spelt: (names[own_id][spelt], spelt))
        made.append(Voice(name, whole[1], whole[2], tuple(sorted(others, key=lambda t: (-t[1] - t[2], t[0])))))
    return sorted(made, key=lambda v: (-(v.one + v.other), v.name))
