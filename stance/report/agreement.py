"""Who agrees with whom, over the targets that both spoke of, and who stands together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

from stance.report.group import positions
from stance.report.positions import Positions, SpeakerPositions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHARED = 3
"""Targets that two actors must share for their agreement to be told."""

SIDES = 2
"""Actors on either side that make a target contested, and contested targets that tie two actors."""

DRAWS = 9_999
FALSE_PAIRS = 0.05
"""Expected share of false ones among the pairs marked as agreeing, or not, more than any two would."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two actors and how far they agree."""

    one: SpeakerPositions
    other: SpeakerPositions
    agreement: float
    """Chance that a statement of each on a shared target take the same side, less the chance that they take opposite
    ones, averaged over shared targets: the mean product of their positions, from -1 to 1."""
    expected: float
    """The same for any two actors on these targets."""
    targets: tuple[str, ...]
    statements: int
    """Sure ones on these targets, of both."""
    together: int
    """Statements among them that are joint ones of the two."""
    p: float
    """That any two actors on these targets agree, or disagree, as much more than expected."""
    q: float
    """The same after Benjamini and Hochberg's correction for all pairs."""

    @property
    def tie(self) -> float:
        """The agreement, drawn toward 0 the fewer targets they share."""
        return tie(self.agreement, len(self.targets))

    @property
    def telling(self) -> bool:
        return self.q <= FALSE_PAIRS


@dataclass(frozen=True, slots=True)
class Coalition:
    """Actors that agree with each other, on contested targets, more than with the others."""

    members: tuple[SpeakerPositions, ...]
    """Those with most statements first."""
    agreement: float
    """Mean over pairs of members that share enough contested targets."""
    outside: float | None
    """Mean over such pairs of a member and somebody else; None where there are none."""
    targets: tuple[tuple[str, float, float], ...]
    """Where they stand most apart from the others: target, mean position of members, and of the others."""


def tie(agreement: float, targets: int) -> float:
    """What an agreement over so many targets is worth: all of it over many, half of it over `SHARED`."""
    return agreement * targets / (targets + SHARED)


def pairs(data: Positions) -> list[Pair]:
    """All pairs of rows that share at least `SHARED` targets, those that agree most first.

    Targets whose object each statement fills in anew are left out. The p-value compares the agreement with `DRAWS`
    random pairs: on each shared target, the positions of two actors drawn from all that hold one.
    """
    from scipy.stats import false_discovery_control

    table = _Table(data)
    found = [
        (one, other, columns, *table.agreement(one, other, columns)) for one, other, columns in table.sharing(SHARED)
    ]
    if not found:
        return []
    corrected = false_discovery_control([p for *_, p in found])
    made = [
        Pair(
            table.rows[one],
            table.rows[other],
            agreement,
            expected,
            tuple(table.targets[column] for column in columns),
            *_statements(table.rows[one], table.rows[other], [table.targets[column] for column in columns]),
            p,
            float(q),
        )
        for (one, other, columns, agreement, expected, p), q in zip(found, corrected, strict=True)
    ]
    return sorted(made, key=lambda pair: (-pair.agreement, -len(pair.targets), pair.one.name, pair.other.name))


def coalitions(data: Positions) -> list[Coalition]:
    """Groups of actors found in the network of agreement on contested targets, the largest first.

    A target is contested where at least `SIDES` actors stand on either side of 0; what all agree on tells nobody
    apart. Actors that share at least `SIDES` of them are tied by their agreement where it is positive, less for few
    targets; groups are Louvain communities (Blondel et al. 2008, networkx) from a fixed seed, the same at every run.
    """
    table = _Table(data, contested=True)
    ties = {
        (one, other): (table.product(one, other, columns), len(columns)) for one, other, columns in table.sharing(SIDES)
    }
    made = []
    for members in _communities(ties):
        inside = [agreed for pair, (agreed, _) in ties.items() if members.issuperset(pair)]
        across = [agreed for pair, (agreed, _) in ties.items() if len(members.intersection(pair)) == 1]
        rows = sorted((table.rows[n] for n in members), key=lambda row: (-row.statements, row.name))
        outside = sum(across) / len(across) if across else None
        made.append(Coalition(tuple(rows), sum(inside) / len(inside), outside, table.apart(members)))
    return sorted(made, key=lambda c: (-len(c.members), c.members[0].name))


def among(data: Positions) -> tuple[list[Pair], list[Coalition]]:
    """All pairs and coalitions, or, in a report of one speaker, those that he or she is part of."""
    if not data.filters.speaker:
        return pairs(data), coalitions(data)
    own = {row.id for row in data.speakers}
    everybody = positions(data.corpus, data.by, replace(data.filters, speaker=None))
    return (
        [pair for pair in pairs(everybody) if pair.one.id in own or pair.other.id in own],
        [found for found in coalitions(everybody) if any(member.id in own for member in found.members)],
    )


def _communities(ties: Mapping[tuple[int, int], tuple[float, int]]) -> list[set[int]]:
    """Louvain communities of actors, by their numbers: those hash alike in every process, as names do not."""
    import networkx as nx

    graph: Any = nx.Graph()
    graph.add_nodes_from(sorted({n for pair, (agreed, _) in ties.items() for n in pair if agreed > 0}))
    graph.add_weighted_edges_from((*pair, tie(agreed, n)) for pair, (agreed, n) in sorted(ties.items()) if agreed > 0)
    return [set(group) for group in nx.community.louvain_communities(graph, seed=0)] if graph else []


class _Table:
    """Mean positions of actors (rows) on targets (columns), NaN where there is none."""

    def __init__(self, data: Positions, contested: bool = False) -> None:
        import numpy as np

        means = {
            row.id: {
                name: position.mean
                for name, position in row.positions.items()
                if position.mean is not None and not data.varies(name)
            }
            for row in data.speakers
        }
        sides = Counter((name, mean > 0) for own in means.values() for name, mean in own.items() if mean)
        names = sorted({name for own in means.values() for name in own})
        if contested:
            names = [name for name in names if min(sides[name, True], sides[name, False]) >= SIDES]
        self.targets = names
        self.rows = [row for row in data.speakers if len(means[row.id].keys() & set(names)) >= SIDES]
        self.means = np.array(
            [[means[row.id].get(name, np.nan) for name in self.targets] for row in self.rows], dtype=float
        ).reshape(len(self.rows), len(self.targets))
        self._known = ~np.isnan(self.means)
        self._drawn: dict[int, NDArray[np.float64]] = {}

    def sharing(self, least: int) -> Iterator[tuple[int, int, list[int]]]:
        """Pairs of rows with the columns that both know, where they are enough."""
        for one, other in combinations(range(len(self.rows)), 2):
            columns = (self._known[one] & self._known[other]).nonzero()[0]
            if len(columns) >= least:
                yield one, other, [int(column) for column in columns]

    def product(self, one: int, other: int, columns: list[int]) -> float:
        return float((self.means[one, columns] * self.means[other, columns]).mean())

    def agreement(self, one: int, other: int, columns: list[int]) -> tuple[float, float, float]:
        """Agreement, expected agreement, and the p-value of their difference."""
        import numpy as np

        own = self.product(one, other, columns)
        drawn = np.mean([self._draws(column) for column in columns], axis=0)
        expected = float(drawn.mean())
        as_far = int((np.abs(drawn - expected) >= abs(own - expected) - 1e-12).sum())
        return own, expected, (1 + as_far) / (1 + DRAWS)

    def _draws(self, column: int) -> NDArray[np.float64]:
        """Products of the positions of two random actors on a target."""
        import numpy as np

        if column not in self._drawn:
            values = self.means[self._known[:, column], column]
            random = np.random.default_rng(column)
            first = random.integers(0, len(values), DRAWS)
            second = (first + random.integers(1, len(values), DRAWS)) % len(values)
            self._drawn[column] = values[first] * values[second]
        return self._drawn[column]

    def apart(self, members: set[int], most: int = 3) -> tuple[tuple[str, float, float], ...]:
        """The targets on which some actors stand most apart from the others, where at least two on each side spoke."""
        import numpy as np

        inside = np.isin(np.arange(len(self.rows)), sorted(members))
        found = []
        for column, name in enumerate(self.targets):
            sides = [self.means[self._known[:, column] & side, column] for side in (inside, ~inside)]
            if all(len(side) > 1 for side in sides):
                found.append((name, float(sides[0].mean()), float(sides[1].mean())))
        return tuple(sorted(found, key=lambda t: (-abs(t[1] - t[2]), t[0]))[:most])


def _statements(one: SpeakerPositions, other: SpeakerPositions, targets: Sequence[str]) -> tuple[int, int]:
    """Sure statements of two actors on some targets, and how many of them are joint."""
    mine, theirs = (
        {(e.statement_id, name) for name in targets for e in row.positions[name].sure} for row in (one, other)
    )
    return len({i for i, _ in mine} | {i for i, _ in theirs}), len({i for i, _ in mine & theirs})
