"""The order a reader wants: positions in blocks, a speaker's or a target's, whatever they are then drawn with."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from stance.report.estimate import FEW
from stance.report.evidence import Evidence
from stance.report.positions import STATES, Position, Positions, SpeakerPositions

NOTES = (
    "Position: (favor - against) / (favor + against + neutral), with its 95% interval (Bonett and Price 2012), where "
    "statements of one article count for less.",
    f"few: fewer than {FEW} articles.",
    "unsure: below the threshold, not counted.",
    "A joint statement counts for each of its speakers. The same words in several articles within a week count once.",
    "*: each statement on it is about another object (whose ties?), so speakers cannot be compared.",
    "Labels are a model's: read the statements behind a number before printing it, and those around them with "
    "stance show RUN --article ID.",
)
NOUNS = {
    "speaker": ("speaker", "speakers"),
    "affiliation": ("country or body", "countries and bodies"),
    "role": ("role", "roles"),
    "kind": ("kind of speaker", "kinds of speakers"),
    "outlet": ("outlet", "outlets"),
}
"""What a row is, one and many, by `Positions.by`."""

NAMED_TOGETHER = 2
"""Others of a joint statement that are named."""


@dataclass(frozen=True, slots=True)
class Row:
    """One position under the name that tells it from the others of its block."""

    name: str
    position: Position
    holder: str = ""
    """Id of the speaker."""


@dataclass(frozen=True, slots=True)
class Block:
    """What is said of one speaker (rows are targets) or of one target (rows are speakers)."""

    title: str
    about: str
    amount: str
    """How many statements in how many articles, and when."""
    rows: tuple[Row, ...]
    left_out: str = ""
    """What the reader did not ask for: 3 more speakers."""
    touched: str = ""
    """Topics spoken of without any of their targets, with their numbers of statements; there is no position on them."""


def by_speaker(data: Positions, top: int, targets: int | None = None) -> list[Block]:
    """A block for each speaker, those with most statements first.

    Args:
        data: the positions.
        top: speakers taken at the most.
        targets: targets of each taken at the most, those with most statements; all where it is None.
    """
    blocks = []
    for speaker in data.speakers[:top]:
        rows = [Row(_starred(data, p), p, speaker.id) for p in speaker.positions.values() if p.target]
        rows.sort(key=lambda row: data.varies(row.position.name))
        rest = len(rows[targets:]) if targets else 0
        blocks.append(
            Block(
                speaker.name,
                speaker.about,
                amount(speaker),
                tuple(rows[:targets]),
                f"and {plural(rest, 'more target')}: {_alone(data, speaker)}" if rest else "",
                _touched(speaker.positions.values()) if targets is None else "",
            )
        )
    return blocks


def _alone(data: Positions, row: SpeakerPositions) -> str:
    """The options that show one row with all its targets."""
    by = "" if data.by == "speaker" else f"--by {data.by} "
    return f"{by}--speaker {shlex.quote(row.id)}"


def _touched(positions: Iterable[Position]) -> str:
    return ", ".join(f"{position.topic} {len(position.evidence)}" for position in positions if not position.target)


def by_target(data: Positions, top: int) -> list[Block]:
    """A block for each target, that with most statements first; in it the speakers, from favor to against.

    Args:
        data: the positions.
        top: speakers taken for each target at the most, those with most statements.
    """
    found: dict[str, list[Row]] = {}
    for speaker in data.speakers:
        for name, position in speaker.positions.items():
            if position.target:
                found.setdefault(name, []).append(Row(speaker.name, position, speaker.id))
    blocks = []
    for position in data.total.positions.values():
        if position.target:
            known = found.get(position.target, [])
            shown = _heard(known, top)
            shown.sort(key=lambda row: (-_standing(row.position), -len(row.position.evidence), row.name))
            if unknown := data.unknown.positions.get(position.target):
                shown.append(Row(data.unknown.name, unknown))
            rest = len(known) - top
            blocks.append(
                Block(
                    _starred(data, position),
                    data.proposition(position.target),
                    amount(position),
                    tuple(shown),
                    f"and {plural(rest, 'more speaker')}" if rest > 0 else "",
                )
            )
    return blocks


def _heard(rows: Sequence[Row], top: int) -> list[Row]:
    """Those with most statements, and of a side that none of them takes, its first."""
    ranked = sorted(rows, key=lambda row: -len(row.position.evidence))
    shown = ranked[:top]
    for sign in (1, -1):
        side = [row for row in ranked if sign * (row.position.shrunken or 0) > 0]
        if top > 1 and side and not any(row in shown for row in side):
            shown[-1] = side[0]
    return shown


def _standing(position: Position) -> float:
    """For sorting: speakers of whom nothing is sure come after those against."""
    return -2.0 if position.shrunken is None else position.shrunken


def _starred(data: Positions, position: Position) -> str:
    return position.name + ("*" if data.varies(position.name) else "")


def headline(data: Positions) -> str:
    """What the report is of."""
    return f"Positions of {counted(data, len(data.speakers))} in {plural(len(data.total.article_ids), 'article')}"


def counted(data: Positions, rows: int, more: str = "") -> str:
    """So many rows by what they are: `1,224 countries and bodies`, `3 more speakers`."""
    return f"{rows:,} {more}{NOUNS[data.by][rows != 1]}"


def telling(position: Position, most: int) -> list[Evidence]:
    """Statements that show what a position is made of: each side's surest in turn, the larger side first.

    Args:
        position: whose.
        most: how many.
    """
    sides = [[e for e in position.evidence if e.state == state] for state in STATES]
    sure = sorted(sides[:3], key=len, reverse=True)
    turns = chain.from_iterable(zip_longest(*sure))
    return [e for e in chain(turns, sides[3]) if e is not None][:most]


def numbers(position: Position) -> str:
    """Mean and interval, with a mark where few articles stand behind them."""
    if position.mean is None or position.interval is None:
        return "–"
    low, high = position.interval
    return f"{signed(position.mean)} [{signed(low)}, {signed(high)}]{' few' if position.few else ''}"


def signed(value: float) -> str:
    """Two digits with a sign; nothing is -0.

    >>> signed(-0.004)
    '+0.00'
    """
    return f"{round(value, 2) + 0.0:+.2f}"


def mark(evidence: Evidence) -> str:
    """Label and confidence of one statement."""
    return f"{'unsure, ' if evidence.abstained else ''}{evidence.label} {evidence.confidence:.2f}"


def origin(evidence: Evidence) -> str:
    """Outlet and date of one statement, as far as known, and where else it stands."""
    known = [part for part in (evidence.outlet, evidence.date) if part]
    others = evidence.outlets[1:] or ([plural(len(evidence.copies), "more article")] if evidence.copies else [])
    return ", ".join(known) + (f" (also {', '.join(others)})" if others else "")


def words_of(evidence: Evidence) -> str:
    """The cue; "" where it is mere punctuation, as in a transcript."""
    return evidence.cue if any(sign.isalpha() for sign in evidence.cue) else ""


def together(evidence: Evidence, holder: str) -> str:
    """With whom a joint statement was made: " with Mara Venn"; "" for one's own."""
    others = list(dict.fromkeys(s.name for s in evidence.speakers if s.id != holder))
    if not holder or not others or all(s.id != holder for s in evidence.speakers):
        return ""
    more = f" and {len(others) - NAMED_TOGETHER} more" if len(others) > NAMED_TOGETHER else ""
    return f" with {', '.join(others[:NAMED_TOGETHER])}{more}"


def without_position(blocks: Sequence[Block], most: int = 10) -> str:
    """One sentence on those who say nothing on any target; "" where there is nobody."""
    names = [f"{block.title} ({block.amount})" for block in blocks if not block.rows]
    more = f"; and {len(names) - most} more" if len(names) > most else ""
    return f"No statement on a target: {'; '.join(names[:most])}{more}." if names else ""


def amount(of: Position | SpeakerPositions) -> str:
    """Statements, articles and days."""
    said = of.evidence if isinstance(of, Position) else of.said
    days = sorted(own.date for own in said if own.date)
    period = f", {days[0]} to {days[-1]}" if days and days[0] != days[-1] else f", {days[0]}" if days else ""
    return f"{plural(len(said), 'statement')} in {plural(len({own.article_id for own in said}), 'article')}{period}"


def plural(number: int, noun: str) -> str:
    ending = "" if number == 1 or noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"
