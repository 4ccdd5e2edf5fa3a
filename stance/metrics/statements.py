"""Which statement is which: optimal matching by contents, an order of their own, and their stances by target."""

from __future__ import annotations

from collections.abc import Sequence

from stance.metrics.matching import Pair, match
from stance.metrics.spans import candidates, jaccard, part
from stance.types import Stance, Statement


def match_statements(gold: Sequence[Statement], predicted: Sequence[Statement], threshold: float = 0.5) -> list[Pair]:
    """Optimal one-to-one pairs of indices with a content Jaccard of at least `threshold`.

    Where contents alone do not decide (a medium that quotes a person gives two statements with one content), the cue
    and then the source do.
    """
    weights: dict[Pair, float] = {}
    contents = [s.content for s in gold], [s.content for s in predicted]
    for i, j in candidates(*contents):
        score = jaccard(contents[0][i], contents[1][j])
        if score >= threshold:
            tie = 0.01 * _near(gold[i], predicted[j], "cue") + 0.001 * _near(gold[i], predicted[j], "source")
            weights[i, j] = 0.98 * score + tie
    return match(weights)


def in_order(statements: Sequence[Statement]) -> list[Statement]:
    """Statements in an order that only what they say decides, so that ties cannot depend on a file's order."""
    return sorted(
        statements,
        key=lambda s: (
            s.content,
            part(s, "cue"),
            part(s, "source"),
            s.kind,
            sorted((x.name, x.kind, x.affiliation) for x in s.speakers),
            sorted((x.target or "", x.label) for x in s.stances),
        ),
    )


def stances_by_target(statement: Statement, abstained: bool = False) -> dict[str, Stance]:
    """The stances of one statement that count; those toward a mere topic, without a target, do not."""
    return {s.target: s for s in statement.stances if s.target is not None and (abstained or not s.abstained)}


def units(statement: Statement, abstained: bool = False) -> dict[str, str]:
    """Target to label of one statement."""
    return {target: stance.label for target, stance in stances_by_target(statement, abstained).items()}


def _near(a: Statement, b: Statement, name: str) -> float:
    x, y = part(a, name), part(b, name)
    return jaccard(x, y) if x and y else float(x == y)
