"""Change, agreement and comparisons as tables for a reader, whatever they are then drawn with."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from stance.report.agreement import FALSE_PAIRS, SHARED, SIDES, Coalition, Pair, among
from stance.report.blocks import mark, numbers, origin, plural, signed, words_of
from stance.report.change import (
    CONFIDENT,
    FALSE_SHIFTS,
    SERIES,
    Contradiction,
    Point,
    Shift,
    contradictions,
    series,
    shifts,
)
from stance.report.compare import Comparison, Contrast, Voice
from stance.report.estimate import FEW
from stance.report.evidence import Evidence
from stance.report.positions import Position, Positions

ON = 3
"""Topics of a speaker that are named."""

MEMBERS = 12
"""Of a coalition, those named."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table with a title and a note."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Cells, as text."""
    left_out: int = 0
    """Rows that the reader did not ask for."""


def change(data: Positions, top: int) -> list[Section]:
    """Shifts, contradictions, and positions by period.

    Args:
        data: the positions.
        top: rows of each table at the most.
    """
    moved, tested = shifts(data)
    opposed = contradictions(data)
    lines = [
        (row.name, position.name, " · ".join(map(_point, points)))
        for row in data.speakers
        for position in row.positions.values()
        if position.target and not data.varies(position.target) and len(points := series(position)) > 1
    ]
    return [
        _section(
            "Shifts",
            f"{plural(tested, 'series')} of at least {SERIES} dated articles tested (Pettitt's test by permutation of "
            f"articles); false discovery rate {FALSE_SHIFTS:.0%} (Benjamini-Hochberg).",
            ("speaker", "target", "since", "before", "after", "p", "q"),
            map(_shift, moved),
            top,
        ),
        _section(
            "Contradictions",
            f"Statements of one speaker on opposite sides of a target, both with confidence {CONFIDENT} or more; "
            "of each side the surest. Read both before believing it: either label may be wrong.",
            ("speaker, target", "earlier", "later"),
            [(_about(c), _said(c.earlier), _said(c.later)) for c in opposed],
            top,
        ),
        _section(
            "Over time",
            "Mean position and number of statements by period.",
            ("speaker", "target", "periods"),
            lines,
            top,
        ),
    ]


def _point(point: Point) -> str:
    return f"{point.period} {_mean(point.position)} ({len(point.position.sure)})"


def _shift(found: Shift) -> tuple[str, ...]:
    sides = (numbers(found.before), numbers(found.after))
    return (found.speaker.name, found.position.name, found.day, *sides, f"{found.p:.4f}", f"{found.q:.4f}")


def _about(found: Contradiction) -> str:
    favor, against = found.counts
    return f"{found.speaker.name}, {found.position.name} ({favor} in favor, {against} against)"


def _said(own: Evidence) -> str:
    cue = f"{words}: " if (words := words_of(own)) else ""
    return f"{mark(own)}, {origin(own) or 'no date'}: {cue}{own.quote} ({own.place})"


def matrix(data: Positions, speakers: int, targets: int = 7) -> Section:
    """Who stands where, at a glance: those who speak most on the targets spoken of most.

    Args:
        data: the positions.
        speakers: rows at the most.
        targets: columns at the most.
    """
    names = [p.name for p in data.total.positions.values() if p.target and not data.varies(p.name)][:targets]
    rows = [
        (row.name, *(_cell(row.positions.get(name)) for name in names))
        for row in data.speakers
        if any(name in row.positions for name in names)
    ]
    note = "Mean positions; in brackets where few articles stand behind them."
    return _section("Who stands where", note, ("", *names), rows, speakers)


def _cell(position: Position | None) -> str:
    if position is None or position.mean is None:
        return "·"
    return f"({signed(position.mean)})" if position.few else signed(position.mean)


def agreement(data: Positions, top: int) -> list[Section]:
    """Pairs that agree most and least, and coalitions; those of one speaker where the report is of one.

    Args:
        data: the positions.
        top: rows of each table at the most.
    """
    found, groups = among(data)
    of = {row.id for row in data.speakers} if data.filters.speaker else set()
    found.sort(key=lambda pair: -abs(pair.tie))
    most = [pair for pair in found if pair.agreement > 0]
    least = [pair for pair in found if pair.agreement < 0]
    columns = ("", "", "agreement", "any two", "targets", "statements", "joint", "q")
    return [
        _section(
            "Agreement",
            f"Over at least {SHARED} shared targets: chance that a statement of each takes the same side, less the "
            "chance of opposite sides. any two: the same for two speakers drawn at random on these targets. q: chance "
            "of as large a distance from any two, corrected for all pairs (Benjamini-Hochberg); "
            f"* up to {FALSE_PAIRS}. Ordered by agreement, less for few targets.",
            columns,
            [_pair(pair, of) for pair in most],
            top,
        ),
        _section("Disagreement", "", columns, [_pair(pair, of) for pair in least], top),
        _section(
            "Coalitions",
            f"Who agrees on contested targets ({SIDES} speakers or more on either side): Louvain communities of the "
            "network of agreement. apart on: the members' mean position, and that of the others.",
            ("members", "agree inside", "with others", "apart on"),
            [
                (
                    _members(group),
                    signed(group.agreement),
                    "–" if group.outside is None else signed(group.outside),
                    "; ".join(f"{name} {signed(mine)} / {signed(theirs)}" for name, mine, theirs in group.targets),
                )
                for group in groups
            ],
            top,
        ),
    ]


def _members(group: Coalition) -> str:
    more = len(group.members) - MEMBERS
    return ", ".join(m.name for m in group.members[:MEMBERS]) + (f" and {more} more" if more > 0 else "")


def _pair(pair: Pair, of: Container[str]) -> tuple[str, ...]:
    """Who is asked about stands first."""
    names = (pair.one.name, pair.other.name)
    names = names[::-1] if pair.other.id in of else names
    values = (*names, signed(pair.agreement), signed(pair.expected))
    counts = (len(pair.targets), pair.statements, pair.together)
    return (*values, *map(str, counts), f"{pair.q:.3f}{' *' if pair.telling else ''}")


def comparison(found: Comparison, top: int) -> list[Section]:
    """Where two sides stand, and who speaks on each.

    Args:
        found: the comparison.
        top: rows of each table at the most.
    """
    one, other = found.names
    shared = [c for c in found.contrasts if c.gap]
    single = [c for c in found.contrasts if not c.gap]
    sections = [
        _section(
            "Positions",
            f"n: statements that count; few: in fewer than {FEW} "
            f"articles. Difference: mean of {one} less that of {other}, with its 95% interval (Zou and Donner 2008), "
            "not corrected for the number of targets; * where neither side is few and 0 lies outside.",
            ("target", one, "n", other, "n", "difference"),
            [(c.target, *_side(c.one), *_side(c.other), _gap(c)) for c in shared],
            top,
        ),
        _section(
            "Targets of one side only",
            "",
            ("target", one, "n", other, "n"),
            [(c.target, *_side(c.one), *_side(c.other)) for c in single],
            top,
        ),
    ]
    if found.kind != "speaker":
        sections.append(
            _section(
                "Who speaks",
                "Statements, their share of all statements on that side, and the topics that most of them bear on.",
                ("speaker", one, "on", other, "on"),
                [_voice(voice, [max(side.total.statements, 1) for side in found.data]) for voice in found.voices],
                top,
            )
        )
    return sections


def _voice(voice: Voice, totals: Sequence[int]) -> tuple[str, ...]:
    cells = [voice.name]
    for side, (number, total) in enumerate(zip((voice.one, voice.other), totals, strict=True), 1):
        topics = sorted((t for t in voice.topics if t[side]), key=lambda t: (-int(t[side]), t[0]))
        cells += [f"{number} ({number / total:.1%})", ", ".join(f"{t[0]} {t[side]}" for t in topics[:ON])]
    return tuple(cells)


def _side(position: Position | None) -> tuple[str, str]:
    if position is None:
        return ("", "")
    return (numbers(position).removesuffix(" few"), f"{len(position.sure)}{' few' if position.few else ''}")


def _gap(contrast: Contrast) -> str:
    gap, low, high = contrast.gap or (0.0, 0.0, 0.0)
    return f"{signed(gap)} [{signed(low)}, {signed(high)}]{' *' if contrast.apart else ''}"


def _mean(position: Position) -> str:
    return "–" if position.mean is None else signed(position.mean)


def _section(title: str, note: str, columns: Sequence[str], rows: Iterable[Sequence[str]], top: int) -> Section:
    every = [tuple(row) for row in rows]
    return Section(title, note, tuple(columns), tuple(every[:top]), max(0, len(every) - top))
