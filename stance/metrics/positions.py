"""What reports publish: each speaker's mean position on each target, against the one that gold gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stance.metrics.counts import Cells, Count, Floats, divide
from stance.metrics.speakers import Alias, normalised, same_speaker
from stance.metrics.statements import units
from stance.speakers import NAMED
from stance.types import Doc, Speaker, Statement

VALUE = {"favor": 1.0, "against": -1.0, "neutral": 0.0}
Cell = tuple[str, str]
"""A speaker (by a name that holds for all articles) and a target."""


@dataclass(frozen=True, slots=True)
class Positions(Cells):
    """Sums over statements for each cell of the table of speakers and targets; its value is a mean absolute error.

    A position is the mean of +1 for favor, -1 for against and 0 for neutral. The error is |predicted - gold|, from 0
    to 2, over cells that both have, weighted by the number of gold statements. `cells` holds four numbers a
    cell: gold sum, gold n, predicted sum, predicted n.
    """

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        gold, predicted, weight = _means(sums)
        return divide((weight * np.abs(predicted - gold)).sum(-1), weight.sum(-1))

    def numbers(self) -> dict[str, Any]:
        _, _, weight = _means(np.array(self.cells))
        return {"cells": int((weight > 0).sum()), "statements": float(weight.sum())}


class PositionCorrelation(Positions):
    """The same; its value is the correlation (Pearson, weighted by the number of gold statements) over shared cells."""

    __slots__ = ()

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        gold, predicted, weight = _means(sums)
        total = weight.sum(-1, keepdims=True)
        x = gold - divide((weight * gold).sum(-1, keepdims=True), total, empty=0.0)
        y = predicted - divide((weight * predicted).sum(-1, keepdims=True), total, empty=0.0)
        spread = np.sqrt((weight * x * x).sum(-1) * (weight * y * y).sum(-1))
        known = np.where((weight > 0).sum(-1) > 1, spread, 0.0)
        return divide((weight * x * y).sum(-1), np.where(known > 1e-9, known, 0.0))


class PositionCells(Positions):
    """The same; its value is the F1 of the cells: those that a report would show against those that it should."""

    __slots__ = ()

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        table = sums.reshape(*sums.shape[:-1], -1, 4)
        gold, predicted = table[..., 1] > 0, table[..., 3] > 0
        return divide(2.0 * (gold & predicted).sum(-1), (gold.sum(-1) + predicted.sum(-1)).astype(np.float64))


def positions(
    gold: Sequence[Doc], predicted: Sequence[Doc], alias: Alias | None = None, abstained: bool = False
) -> list[dict[str, Count]]:
    """Counts by article: "positions" (error), "positions.r" (correlation), "positions.cells" (F1).

    A predicted speaker counts as the gold speaker of the article that it is the same as (`same_speaker`), so that a
    surname alone opens no second row; over articles, speakers are one where the registry or their names say so.
    """
    sums = [_sums(g, p, alias, abstained) for g, p in zip(gold, predicted, strict=True)]
    cells = sorted({cell for own in sums for cell in own})
    rows: list[dict[str, Count]] = []
    for own in sums:
        vector = tuple(number for cell in cells for number in own.get(cell, (0.0, 0.0, 0.0, 0.0)))
        rows.append(
            {
                "positions": Positions(vector),
                "positions.r": PositionCorrelation(vector),
                "positions.cells": PositionCells(vector),
            }
        )
    return rows


def _sums(gold: Doc, predicted: Doc, alias: Alias | None, abstained: bool) -> dict[Cell, list[float]]:
    sums: dict[Cell, list[float]] = {}
    known = sorted({s for statement in gold.statements for s in statement.speakers}, key=lambda s: (s.name, s.id))
    known = [s for s in known if s.kind in NAMED]
    names = {s: _name(s, alias) for s in known}
    for statement in gold.statements:
        _add(sums, statement, names, units(statement, True), 0)
    for statement in predicted.statements:
        found = {s: _gold_name(s, known, names, alias) for s in statement.speakers if s.kind in NAMED}
        _add(sums, statement, found, units(statement, abstained), 2)
    return sums


def _add(
    sums: dict[Cell, list[float]],
    statement: Statement,
    names: Mapping[Speaker, str],
    stances: Mapping[str, str],
    at: int,
) -> None:
    for name in {names[s] for s in statement.speakers if s in names}:
        for target, label in stances.items():
            cell = sums.setdefault((name, target), [0.0] * 4)
            cell[at] += VALUE[label]
            cell[at + 1] += 1


def _gold_name(speaker: Speaker, known: Sequence[Speaker], names: Mapping[Speaker, str], alias: Alias | None) -> str:
    own = _name(speaker, alias)
    same = [names[s] for s in known if same_speaker(s, speaker, alias)]
    return own if own in same or not same else same[0]


def _name(speaker: Speaker, alias: Alias | None) -> str:
    plain = normalised(speaker.name, person=speaker.kind == "person")
    registered = (alias(speaker.name) or alias(plain)) if alias and speaker.kind != "person" else None
    return registered or plain


def _means(sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Gold and predicted mean of each cell, and the weight of the cell: [..., cells] each; 0 where one has none."""
    table = sums.reshape(*sums.shape[:-1], -1, 4)
    weight = np.where((table[..., 1] > 0) & (table[..., 3] > 0), table[..., 1], 0.0)
    return divide(table[..., 0], table[..., 1], 0.0), divide(table[..., 2], table[..., 3], 0.0), weight
