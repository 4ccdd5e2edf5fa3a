"""What abstaining buys: how many labels are wrong among the surest ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from stance.metrics.counts import Cells, Floats, divide

STEPS = 100
"""Confidences are told apart to a hundredth; within one, cases come in no order."""


@dataclass(frozen=True, slots=True)
class RiskCoverage(Cells):
    """Confidence against error; its value is the area under the risk–coverage curve (AURC), lower is better.

    AURC (Geifman, Uziel and El-Yaniv 2019): cases go from the surest to the least sure; after each of them the
    risk is the share wrong so far; the area is the mean of these risks. `cells` holds for each confidence of a
    hundredth the number of cases and of wrong ones. Cases of one confidence are taken in random order, by expectation.
    """

    cells: tuple[float, ...] = (0.0,) * (2 * STEPS)

    @classmethod
    def of(cls, cases: Sequence[tuple[float, bool]]) -> Self:
        """From (confidence in [0, 1], right) of each case."""
        cells = np.zeros((STEPS, 2))
        for confidence, right in cases:
            cells[min(int(confidence * STEPS), STEPS - 1)] += (1, not right)
        return cls(tuple(float(x) for x in cells.ravel()))

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        """Within a step of n cases, w of them wrong, after N surer ones, W of them wrong, the expected risk after k
        more is (W + w k/n) / (N + k); summed over k = 1..n that is w + (W - w N/n) (H(N + n) - H(N)).
        """
        from scipy.special import digamma

        n, wrong, before, wrong_before = _from_the_surest(sums)
        share = divide(wrong, n, empty=0.0)
        area = wrong + (wrong_before - share * before) * (digamma(before + n + 1) - digamma(before + 1))
        return divide(np.where(n > 0, area, 0.0).sum(-1), n.sum(-1))

    def numbers(self) -> dict[str, Any]:
        return {"curve": [{"coverage": round(c, 4), "risk": round(r, 4)} for c, r in self.curve()]}

    def curve(self) -> list[tuple[float, float]]:
        """(coverage, risk) after each confidence, from the surest on."""
        n, wrong, before, wrong_before = _from_the_surest(np.array(self.cells))
        total = n.sum()
        return [
            (float((b + k) / total), float((wb + w) / (b + k)))
            for k, w, b, wb in zip(n, wrong, before, wrong_before, strict=True)
            if k
        ]


def _from_the_surest(sums: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Cases and wrong ones of each step, and before it, from the surest step on: [..., STEPS] each."""
    table = sums.reshape(*sums.shape[:-1], STEPS, 2)[..., ::-1, :]
    n, wrong = table[..., 0], table[..., 1]
    return n, wrong, n.cumsum(-1) - n, wrong.cumsum(-1) - wrong
