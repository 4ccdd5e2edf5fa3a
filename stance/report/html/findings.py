"""What was found over the cells: prose, shifts, contradictions, agreement, coalitions, by the numbers of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stance.report.agreement import SHARED, SIDES, Pair, coalitions, pairs
from stance.report.blocks import plural
from stance.report.change import CONFIDENT, FALSE_SHIFTS, SERIES, contradictions, shifts
from stance.report.claims import Sentence, Summary
from stance.report.html.payload import Values, position_values
from stance.report.positions import Positions
from stance.report.summary import Summaries

REFERENCES = 3
"""Cells that a sentence links to at the most."""

CONTRADICTIONS = 100
"""Contradictions shown at the most, the surest first."""

ACTORS = 16
"""Rows of the table of agreement, those with most statements."""

PAIRS = 12
"""Pairs listed at either end at the most."""

MEMBERS = 24
"""Members of a coalition named at the most."""

CONTRADICT = (
    f"Statements on opposite sides of a target, both with confidence {CONFIDENT} or more; of each side the surest, the "
    "earlier one first. Read both before believing it: either label may be wrong."
)
AGREE = (
    f"Over at least {SHARED} shared targets: the chance that a statement of each takes the same side, less the chance "
    "of opposite sides. +1 is full agreement, −1 full disagreement. An asterisk marks pairs that differ from any two "
    "by more than chance."
)


def findings(data: Positions, told: Mapping[str, Any], summaries: Summaries) -> Values:
    """Lists named prose, shifts, contradictions, agreement and coalitions, with notes on them.

    Args:
        data: the positions.
        told: what the page holds of them, as `payload` gives it; what it lacks is left out here, too.
        summaries: who writes the prose.
    """
    numbers = _Numbers(data, told)
    moved, tested = shifts(data)
    opposed = [c for c in contradictions(data) if c.speaker.id in numbers.rows]
    return {
        "prose": _prose(data, numbers, summaries),
        "shifts": [
            {
                "s": numbers.rows[shift.speaker.id],
                "t": numbers.targets[shift.position.name],
                "day": shift.day,
                "before": position_values(shift.before),
                "after": position_values(shift.after),
                "q": round(shift.q, 4),
            }
            for shift in moved
            if shift.speaker.id in numbers.rows
        ],
        "contradictions": [
            {
                "s": numbers.rows[c.speaker.id],
                "t": numbers.targets[c.position.name],
                "e": [numbers.statements[e.statement_id] for e in (c.earlier, c.later)],
                "counts": c.counts,
            }
            for c in opposed[:CONTRADICTIONS]
        ],
        **_agreement(data, numbers),
        "coalitions": [
            {
                "members": [numbers.rows.get(m.id, m.name) for m in group.members[:MEMBERS]],
                "more": max(0, len(group.members) - MEMBERS),
                "inside": round(group.agreement, 2),
                "outside": None if group.outside is None else round(group.outside, 2),
                "apart": [[name, round(own, 2), round(other, 2)] for name, own, other in group.targets],
            }
            for group in coalitions(data)
        ],
        "notes": {
            "shifts": f"{plural(tested, 'series')} of at least {SERIES} dated articles tested for one change at an "
            f"unknown time (Pettitt's test, false discovery rate {FALSE_SHIFTS:.0%}).",
            "contradictions": CONTRADICT,
            "agreement": AGREE,
            "coalitions": f"Who agrees on contested targets ({SIDES} or more on either side): Louvain communities of "
            "the network of agreement.",
            "left_out": max(0, len(opposed) - CONTRADICTIONS),
        },
    }


class _Numbers:
    """Where the page has rows, targets and statements, by their ids."""

    def __init__(self, data: Positions, told: Mapping[str, Any]) -> None:
        self.rows = {row["id"]: n for n, row in enumerate(told["speakers"]) if not row.get("unknown")}
        self.targets = {target["key"]: n for n, target in enumerate(told["targets"])}
        self.statements = {row["id"]: n for n, row in enumerate(told["statements"])}
        self.topics = {topic["id"]: n for n, topic in enumerate(data.corpus.topics)}


def _prose(data: Positions, numbers: _Numbers, summaries: Summaries) -> Values:
    """Paragraphs on the run, by row and by topic."""
    rows = {numbers.rows[row.id]: summaries.speaker(row) for row in data.speakers if row.id in numbers.rows}
    topics = {n: summaries.topic(topic) for topic, n in numbers.topics.items() if _spoken(data, topic)}
    return {
        "run": _paragraphs(summaries.run(), numbers),
        "speakers": {n: _paragraphs(summary, numbers) for n, summary in rows.items() if summary.sentences},
        "topics": {n: _paragraphs(summary, numbers) for n, summary in topics.items() if summary.sentences},
        "modelled": summaries.writer is not None,
        "dropped": sum(len(summary.dropped) for summary in (*rows.values(), *topics.values())),
    }


def _spoken(data: Positions, topic: str) -> bool:
    return any(position.topic == topic and position.target for position in data.total.positions.values())


def _paragraphs(summary: Summary, numbers: _Numbers) -> list[list[list[Any]]]:
    return [[_sentence(sentence, numbers) for sentence in paragraph] for paragraph in summary.paragraphs]


def _sentence(sentence: Sentence, numbers: _Numbers) -> list[Any]:
    """Its text; the statements that it quotes; whose statements on what it counts, and how many; cells left out."""
    quoted = dict.fromkeys(quote.statement_id for quote in sentence.quotes)
    counted: dict[tuple[int, int], set[str]] = {}
    for claim in sentence.claims:
        place = (numbers.rows.get(claim.speaker, -1), numbers.targets.get(claim.target, -1))
        counted.setdefault(place, set()).update(claim.evidence)
    cells = _gathered(counted)
    return [
        sentence.text,
        [numbers.statements[name] for name in quoted if name in numbers.statements],
        [[*place, len(evidence)] for place, evidence in list(cells.items())[:REFERENCES]],
        max(0, len(cells) - REFERENCES),
    ]


def _gathered(counted: dict[tuple[int, int], set[str]]) -> dict[tuple[int, int], set[str]]:
    """The same, or where there are too many cells, all of a row or of a target in one."""
    if len(counted) <= REFERENCES:
        return counted
    every = set().union(*counted.values())
    rows, targets = ({place[i] for place in counted} for i in (0, 1))
    if len(rows) == 1 or len(targets) == 1:
        return {(rows.pop() if len(rows) == 1 else -1, targets.pop() if len(targets) == 1 else -1): every}
    return counted


def _agreement(data: Positions, numbers: _Numbers) -> Values:
    """Pairs among those who speak most, and the ends of the list of all pairs in the page."""
    found = [pair for pair in pairs(data) if pair.one.id in numbers.rows and pair.other.id in numbers.rows]
    actors = sorted({n for pair in found for n in (numbers.rows[pair.one.id], numbers.rows[pair.other.id])})[:ACTORS]
    values = [_pair(pair, numbers) for pair in found]
    return {
        "actors": actors,
        "agreement": [value for value in values if value[0] in actors and value[1] in actors],
        "most": [value for value in values if value[2] > 0][:PAIRS],
        "least": [value for value in reversed(values) if value[2] < 0][:PAIRS],
    }


def _pair(pair: Pair, numbers: _Numbers) -> list[Any]:
    """Two rows, their agreement, that of any two, targets, statements, whether it is telling."""
    ends = (numbers.rows[pair.one.id], numbers.rows[pair.other.id])
    amounts = (len(pair.targets), pair.statements, int(pair.telling))
    return [*ends, round(pair.agreement, 2), round(pair.expected, 2), *amounts]
