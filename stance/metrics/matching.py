"""Optimal one-to-one matching of two lists, independent of their order."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

Pair = tuple[int, int]


def match(weights: Mapping[Pair, float]) -> list[Pair]:
    """The one-to-one pairs with as many pairs as possible and, among those, the greatest sum of weights.

    Args:
        weights: for each (left, right) that may be paired a weight in [0, 1].

    Returns:
        The chosen pairs, sorted.

    Greedy matching depends on order and pairs too few (the fault found in other span scorers); this solves each
    connected component exactly with the Hungarian algorithm (Kuhn 1955, in Jonker's O(n^3) form).
    """
    chosen: list[Pair] = []
    for component in _components(weights):
        if len(component) == 1:
            chosen.extend(component)
            continue
        lefts, rights = sorted({i for i, _ in component}), sorted({j for _, j in component})
        if len(lefts) > len(rights):
            swapped = {(j, i): weights[i, j] for i, j in component}
            chosen.extend((i, j) for j, i in _assign(rights, lefts, swapped))
        else:
            chosen.extend(_assign(lefts, rights, {pair: weights[pair] for pair in component}))
    return sorted(chosen)


def _components(weights: Mapping[Pair, float]) -> list[list[Pair]]:
    """The pairs, grouped by what is connected through shared members."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    for i, j in weights:
        parent[root(("left", i))] = root(("right", j))
    groups: dict[tuple[str, int], list[Pair]] = {}
    for i, j in sorted(weights):
        groups.setdefault(root(("left", i)), []).append((i, j))
    return list(groups.values())


def _assign(lefts: list[int], rights: list[int], weights: Mapping[Pair, float]) -> list[Pair]:
    """Hungarian algorithm; no more lefts than rights. A pair that may not be costs nothing and is dropped after."""
    bonus = 1.0 + len(lefts)  # any pair is worth more than all weights together: number first, weight second
    cost = [[-(bonus + weights[i, j]) if (i, j) in weights else 0.0 for j in rights] for i in lefts]
    n, m = len(lefts), len(rights)
    u, v = [0.0] * (n + 1), [0.0] * (m + 1)
    owner, way = [0] * (m + 1), [0] * (m + 1)  # rows are 1-based, 0 is "free"
    for row in range(1, n + 1):
        owner[0], column = row, 0
        least = [float("inf")] * (m + 1)
        used = [False] * (m + 1)
        while owner[column]:
            used[column] = True
            current = owner[column]
            for j in range(1, m + 1):
                slack = cost[current - 1][j - 1] - u[current] - v[j]
                if not used[j] and slack < least[j]:
                    least[j], way[j] = slack, column
            step, following = min((least[j], j) for j in range(1, m + 1) if not used[j])
            for j in chain([0], range(1, m + 1)):
                if used[j]:
                    u[owner[j]] += step
                    v[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    pairs = [(lefts[owner[j] - 1], rights[j - 1]) for j in range(1, m + 1) if owner[j]]
    return [pair for pair in pairs if pair in weights]
