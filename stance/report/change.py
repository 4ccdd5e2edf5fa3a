"""Positions over time: series by period, shifts, and contradictions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Literal, get_args

from stance.report.evidence import Evidence
from stance.report.positions import Position, Positions, SpeakerPositions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Grain = Literal["month", "quarter", "year"]

GRAINS: tuple[Grain, ...] = get_args(Grain)

PER_PERIOD = 5
"""Statements that a period should hold: the finest grain is taken whose median period has as many."""

PERIODS = 24
"""Periods from the first to the last at the most, unless they are years."""

SERIES = 8
"""Dated articles from which a series is tested for a shift; with fewer, hardly any order of them is a surprise."""

PERMUTATIONS = 9_999
FALSE_SHIFTS = 0.05
"""Expected share of false ones among the shifts reported."""

CONFIDENT = 0.7
"""Confidence from which two opposite statements are a contradiction."""

VALUE = {"favor": 1.0, "against": -1.0, "neutral": 0.0}


@dataclass(frozen=True, slots=True)
class Point:
    """A speaker's position in one period."""

    period: str
    """2024, 2024-Q2 or 2024-05."""
    position: Position


@dataclass(frozen=True, slots=True)
class Shift:
    """A position that was not the same before and after a day."""

    speaker: SpeakerPositions
    position: Position
    day: str
    """Date of the first article after the shift."""
    before: Position
    after: Position
    p: float
    """Of Pettitt's test by permutation."""
    q: float
    """The same after Benjamini and Hochberg's correction for all series tested."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two confident statements of a speaker that take opposite sides of a target, the surest of each side."""

    speaker: SpeakerPositions
    position: Position
    favor: Evidence
    against: Evidence
    counts: tuple[int, int]
    """Confident statements in favor and against."""

    @property
    def confidence(self) -> float:
        """Of the less sure one."""
        return min(self.favor.confidence, self.against.confidence)

    @property
    def earlier(self) -> Evidence:
        return min(self.favor, self.against, key=lambda e: (e.date or "", e.statement_id))

    @property
    def later(self) -> Evidence:
        return self.against if self.earlier is self.favor else self.favor


def grain(dates: Iterable[str]) -> Grain:
    """The finest of month, quarter and year that leaves enough statements in a period.

    >>> grain(["2024-01-03"] * 5 + ["2024-02-11"] * 6), grain(["2023-01-03", "2024-02-11"])
    ('month', 'year')
    """
    days = list(dates)
    for size in GRAINS:
        found = Counter(period(day, size) for day in days)
        if found and median(found.values()) >= PER_PERIOD and _between(min(days), max(days), size) <= PERIODS:
            return size
    return "year"


def period(day: str, size: Grain) -> str:
    """The year, quarter or month of an ISO date; they sort by time.

    >>> period("2024-05-17", "quarter")
    '2024-Q2'
    """
    if size == "quarter":
        return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"
    return day[: 4 if size == "year" else 7]


def _between(first: str, last: str, size: Grain) -> int:
    months = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7])
    return months // {"month": 1, "quarter": 3, "year": 12}[size] + 1


def series(position: Position, size: Grain | None = None) -> list[Point]:
    """A position by periods, earliest first; periods without a sure statement on it are left out.

    Args:
        position: the whole.
        size: of a period; by the data where it is None.
    """
    dated = [e for e in position.sure if e.date]
    size = size or grain(e.date for e in dated if e.date)
    found: dict[str, Position] = {}
    for own in dated:
        of = period(own.date or "", size)
        found.setdefault(of, Position(position.topic, position.target)).evidence.append(own)
    return [Point(of, found[of]) for of in sorted(found)]


def shifts(data: Positions) -> tuple[list[Shift], int]:
    """Positions that have shifted, and the number of series tested.

    A series is the mean stance of each dated article, in order of time. Pettitt's (1979, J. R. Stat. Soc. C 28:126)
    rank statistic for one change point at an unknown time is compared with `PERMUTATIONS` random orders of the
    articles. Series of fewer than `SERIES` articles, those in which nothing varies, and those on a
    target whose object each statement fills in anew, are not tested. The reported
    ones have a false discovery rate of `FALSE_SHIFTS` (Benjamini and Hochberg 1995) over all tested.
    """
    from scipy.stats import false_discovery_control

    tested = []
    for speaker in data.speakers:
        for position in speaker.positions.values():
            if position.target and not data.varies(position.target) and (found := change_point(position)):
                tested.append((speaker, position, *found))
    if not tested:
        return [], 0
    corrected = false_discovery_control([p for *_, p in tested])
    shifted = [
        Shift(speaker, position, day, *_split(position, day), p, float(q))
        for (speaker, position, day, p), q in zip(tested, corrected, strict=True)
        if q <= FALSE_SHIFTS
    ]
    return sorted(shifted, key=lambda shift: (shift.q, shift.speaker.name, shift.position.name)), len(tested)


def change_point(position: Position) -> tuple[str, float] | None:
    """The first day after the likeliest change of a position, and p; None where it cannot be tested."""
    import numpy as np
    from scipy.stats import rankdata

    days, values = _articles(position.sure)
    ends = [n for n in range(1, len(days)) if days[n] != days[n - 1]]
    if len(days) < SERIES or not ends or len(set(values)) == 1:
        return None
    ranks = rankdata(values)
    own = _pettitt(ranks[None, :], ends)[0]
    orders = np.random.default_rng(0).permuted(np.tile(ranks, (PERMUTATIONS, 1)), axis=1)
    # Ranks are halves, so equal statistics are equal to the last bit.
    as_far = int((_pettitt(orders, ends).max(axis=1) >= own.max()).sum())
    return days[ends[int(own.argmax())]], (1 + as_far) / (1 + PERMUTATIONS)


def _pettitt(ranks: NDArray[np.float64], ends: Sequence[int]) -> NDArray[np.float64]:
    """|U| of a split before each of `ends`, for each row of ranks in order of time."""
    import numpy as np

    n = ranks.shape[1]
    sums = ranks.cumsum(axis=1)[:, np.asarray(ends) - 1]
    statistics: NDArray[np.float64] = np.abs(2 * sums - np.asarray(ends) * (n + 1))
    return statistics


def _articles(sure: Iterable[Evidence]) -> tuple[list[str], list[float]]:
    """Date and mean stance of each dated article, in order of time."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for own in sure:
        if own.date:
            found[own.date, own.article_id].append(VALUE[own.label])
    ordered = sorted(found)
    return [day for day, _ in ordered], [sum(found[key]) / len(found[key]) for key in ordered]


def _split(position: Position, day: str) -> tuple[Position, Position]:
    before, after = Position(position.topic, position.target), Position(position.topic, position.target)
    for own in position.sure:
        if own.date:
            (after if own.date >= day else before).evidence.append(own)
    return before, after


def contradictions(data: Positions) -> list[Contradiction]:
    """Speakers that confidently took both sides of a target, those with most statements on either side first.

    Targets whose object each statement fills in anew are left out: two statements on them need not contradict.
    """
    found = []
    for speaker in data.speakers:
        for position in speaker.positions.values():
            sides = {
                label: [e for e in position.sure if e.label == label and e.confidence >= CONFIDENT]
                for label in ("favor", "against")
            }
            if position.target and not data.varies(position.target) and all(sides.values()):
                favor, against = (sides[label][0] for label in ("favor", "against"))
                counts = (len(sides["favor"]), len(sides["against"]))
                found.append(Contradiction(speaker, position, favor, against, counts))
    return sorted(found, key=lambda c: (-min(c.counts), -c.confidence, c.speaker.name, c.position.name))
