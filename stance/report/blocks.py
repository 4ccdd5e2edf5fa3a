"""The order a reader wants: positions in blocks, a speaker's or a target's, whatever they are then drawn with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stance.report.estimate import FEW
from stance.report.evidence import Evidence
from stance.report.positions import Position, Positions

NOTES = (
    "Position: (favor - against) / (favor + against + neutral), with its 95% interval. "
    f"few: fewer than {FEW} articles. unsure: below the model's threshold, not counted. "
    "The sentences around a quote: stance show RUN --article ID."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One position under the name that tells it from the others of its block."""

    name: str
    position: Position


@dataclass(frozen=True, slots=True)
class Block:
    """What is said of one speaker (rows are targets) or of one target (rows are speakers)."""

    title: str
    about: str
    amount: str
    """How many statements in how many articles."""
    rows: tuple[Row, ...]
    left_out: int = 0
    """Rows that the reader did not ask for."""
    touched: str = ""
    """Topics spoken of without any of their targets, with their numbers of statements; there is no position on them."""


def by_speaker(data: Positions, top: int) -> list[Block]:
    """A block for each speaker, those with most statements first; the unknown ones come last.

    Args:
        data: the positions.
        top: speakers taken at the most.
    """
    shown = [*data.speakers[:top], *([data.unknown] if data.unknown.statements else [])]
    return [
        Block(
            speaker.name,
            speaker.about,
            amount(speaker.statements, len(speaker.article_ids)),
            tuple(Row(name, position) for name, position in speaker.positions.items() if position.target),
            touched=_touched(speaker.positions.values()),
        )
        for speaker in shown
    ]


def _touched(positions: Iterable[Position]) -> str:
    return ", ".join(f"{position.topic} {len(position.evidence)}" for position in positions if not position.target)


def by_target(data: Positions, top: int) -> list[Block]:
    """A block for each target, that with most statements first; in it the speakers, from favor to against.

    Args:
        data: the positions.
        top: speakers taken for each target at the most, those with most statements.
    """
    found: dict[str, list[tuple[str, Position]]] = {}
    for speaker in data.speakers:
        for name, position in speaker.positions.items():
            if position.target:
                found.setdefault(name, []).append((speaker.name, position))
    unknown = {name: position for name, position in data.unknown.positions.items() if position.target}
    blocks = []
    for name in found | unknown:
        known = found.get(name, [])
        shown = sorted(known, key=lambda pair: -len(pair[1].evidence))[:top]
        shown.sort(key=lambda pair: (-_mean(pair[1]), -len(pair[1].evidence), pair[0]))
        everybody = [position for _, position in known] + ([unknown[name]] if name in unknown else [])
        rows = [Row(*pair) for pair in shown] + ([Row(data.unknown.name, unknown[name])] if name in unknown else [])
        evidence = [e for position in everybody for e in position.evidence]
        count = amount(len({e.statement_id for e in evidence}), len({e.article_id for e in evidence}))
        block = Block(name, data.proposition(name), count, tuple(rows), len(known) - len(shown))
        blocks.append((-len(evidence), name, block))
    return [block for *_, block in sorted(blocks, key=lambda made: made[:2])]


def _mean(position: Position) -> float:
    """For sorting: speakers of whom nothing is sure come after those against."""
    return -2.0 if position.mean is None else position.mean


def headline(data: Positions) -> str:
    counts = data.info.get("counts", {})
    return f"Positions of {plural(len(data.speakers), 'speaker')} in {plural(counts.get('articles', 0), 'article')}"


def numbers(position: Position) -> str:
    """Mean and interval, with a mark where few articles stand behind them."""
    if position.mean is None or position.interval is None:
        return "–"
    low, high = position.interval
    return f"{position.mean:+.2f} [{low:+.2f}, {high:+.2f}]{' few' if position.few else ''}"


def mark(evidence: Evidence) -> str:
    """Label and confidence of one statement."""
    return f"{'unsure, ' if evidence.abstained else ''}{evidence.label} {evidence.confidence:.2f}"


def origin(evidence: Evidence) -> str:
    """Outlet and date of one statement, as far as known."""
    return ", ".join(part for part in (evidence.outlet, evidence.date) if part)


def without_position(blocks: Sequence[Block]) -> str:
    """One sentence on those who say nothing on any target; "" where there is nobody."""
    names = [f"{block.title} ({block.amount})" for block in blocks if not block.rows]
    return f"No statement on a target: {'; '.join(names)}." if names else ""


def amount(statements: int, articles: int) -> str:
    return f"{plural(statements, 'statement')} in {plural(articles, 'article')}"


def plural(number: int, noun: str) -> str:
    ending = "" if number == 1 or noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"
