"""What is counted, article by article: counts that add up, and the number that a sum of them stands for.

Every metric of the project is one of these kinds, so that totals, bootstrap intervals and paired tests need
no second implementation: a count gives its numbers as a vector, and the class turns summed vectors into values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from stance.types import LABELS

Floats = NDArray[np.float64]
BINS = 10
"""Equal-width bins of confidence for the expected calibration error."""


class Count(Protocol):
    """Numbers of one article, or of many: `a + b` is the count of both."""

    def vector(self) -> tuple[float, ...]:
        """The counts as numbers that add up."""

    @classmethod
    def from_vector(cls, vector: Sequence[float]) -> Self:
        """The count with these numbers; the inverse of `vector`."""

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        """The metric for each of many sums: [..., k] counts to [...] values; NaN where nothing was counted."""

    def numbers(self) -> dict[str, Any]:
        """What a result file keeps."""


@dataclass(frozen=True, slots=True)
class PRF:
    """Precision, recall and F1 of a set of predicted things against a set of gold things.

    >>> PRF(tp=6, predicted=8, gold=10).f1
    0.6666666666666666
    """

    tp: float = 0
    predicted: float = 0
    gold: float = 0

    def __add__(self, other: Self) -> PRF:
        return PRF(self.tp + other.tp, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        return self.tp / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.tp / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """2 tp / (predicted + gold); 0 where there is nothing at all."""
        return 2 * self.tp / (self.predicted + self.gold) if self.predicted + self.gold else 0.0

    def vector(self) -> tuple[float, ...]:
        return (self.tp, self.predicted, self.gold)

    @classmethod
    def from_vector(cls, vector: Sequence[float]) -> Self:
        return cls(*vector)

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        return divide(2 * sums[..., 0], sums[..., 1] + sums[..., 2])

    def numbers(self) -> dict[str, Any]:
        return {
            "tp": self.tp,
            "predicted": self.predicted,
            "gold": self.gold,
            "precision": self.precision,
            "recall": self.recall,
        }


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the cases are right (accuracy, recall of a class), or the mean of a quantity (Brier score)."""

    right: float = 0
    total: float = 0

    def __add__(self, other: Self) -> Share:
        return Share(self.right + other.right, self.total + other.total)

    def vector(self) -> tuple[float, ...]:
        return (self.right, self.total)

    @classmethod
    def from_vector(cls, vector: Sequence[float]) -> Self:
        return cls(*vector)

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        return divide(sums[..., 0], sums[..., 1])

    def numbers(self) -> dict[str, Any]:
        return {"right": self.right, "total": self.total}


@dataclass(frozen=True, slots=True)
class Confusion:
    """Gold label (row) against predicted label (column), both in the order of `LABELS`; its value is macro-F1.

    As in scikit-learn, a label that neither gold nor prediction has is left out of the mean.
    """

    labels: ClassVar[tuple[str, ...]] = LABELS
    cells: tuple[int, ...]

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> Self:
        """From (gold, predicted) labels. Raises ValueError for a label that is not one of `LABELS`."""
        n = len(cls.labels)
        cells = [0] * n**2
        for gold, predicted in pairs:
            cells[cls.labels.index(gold) * n + cls.labels.index(predicted)] += 1
        return cls(tuple(cells))

    def __add__(self, other: Self) -> Self:
        return type(self)(tuple(a + b for a, b in zip(self.cells, other.cells, strict=True)))

    def per_class(self) -> dict[str, PRF]:
        table = np.array(self.cells).reshape(len(self.labels), -1)
        return {
            label: PRF(float(table[i, i]), float(table[:, i].sum()), float(table[i].sum()))
            for i, label in enumerate(self.labels)
        }

    def vector(self) -> tuple[float, ...]:
        return self.cells

    @classmethod
    def from_vector(cls, vector: Sequence[float]) -> Self:
        return cls(tuple(int(x) for x in vector))

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        f1 = cls.class_f1(sums)
        known = ~np.isnan(f1)
        return divide(np.where(known, f1, 0).sum(-1), known.sum(-1).astype(np.float64))

    @classmethod
    def class_f1(cls, sums: Floats) -> Floats:
        """F1 of each label, [..., k cells] to [..., labels]; NaN for a label that nobody gave."""
        n = len(cls.labels)
        table = sums.reshape(*sums.shape[:-1], n, n)
        return divide(2 * np.diagonal(table, axis1=-2, axis2=-1), table.sum(-1) + table.sum(-2))

    def numbers(self) -> dict[str, Any]:
        n = len(self.labels)
        return {
            "labels": list(self.labels),
            "table": [list(self.cells[i * n : (i + 1) * n]) for i in range(n)],
            "accuracy": sum(self.cells[:: n + 1]) / max(1, sum(self.cells)),
            "per_class": {label: {"f1": prf.f1, **prf.numbers()} for label, prf in self.per_class().items()},
        }


class FavorAgainst(Confusion):
    """The same table; its value is the mean F1 of favor and against (SemEval-2016 task 6, Mohammad et al. 2016)."""

    __slots__ = ()

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        f1 = cls.class_f1(sums)
        return (f1[..., LABELS.index("favor")] + f1[..., LABELS.index("against")]) / 2


@dataclass(frozen=True, slots=True)
class Cells:
    """Counts that are a row of numbers; what they mean and are worth is for those that inherit them to say."""

    cells: tuple[float, ...] = ()

    def __add__(self, other: Self) -> Self:
        return type(self)(tuple(a + b for a, b in zip(self.cells, other.cells, strict=True)))

    def vector(self) -> tuple[float, ...]:
        return self.cells

    @classmethod
    def from_vector(cls, vector: Sequence[float]) -> Self:
        return cls(tuple(vector))


@dataclass(frozen=True, slots=True)
class Calibration(Cells):
    """Confidence against truth in equal-width bins; its value is the expected calibration error.

    ECE (Naeini et al. 2015): the mean over all cases of |accuracy - mean confidence| of the case's bin.
    `cells` holds for each bin the number of cases, the sum of confidences and the number right.
    """

    cells: tuple[float, ...] = (0.0,) * (3 * BINS)

    @classmethod
    def of(cls, cases: Sequence[tuple[float, bool]]) -> Calibration:
        """From (confidence in [0, 1], right) of each case."""
        cells = np.zeros((BINS, 3))
        for confidence, right in cases:
            cells[min(int(confidence * BINS), BINS - 1)] += (1, confidence, right)
        return cls(tuple(float(x) for x in cells.ravel()))

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        table = sums.reshape(*sums.shape[:-1], BINS, 3)
        return divide(np.abs(table[..., 1] - table[..., 2]).sum(-1), table[..., 0].sum(-1))

    def numbers(self) -> dict[str, Any]:
        rows = np.array(self.cells).reshape(BINS, 3)
        return {"bins": [{"n": int(n), "confidence": c / n, "right": r / n} for n, c, r in rows.tolist() if n]}


@dataclass(frozen=True)
class Scores:
    """All metrics of one prediction against gold: for each name one count an article."""

    articles: tuple[str, ...]
    counts: Mapping[str, tuple[Count, ...]]

    def total(self, name: str) -> Count:
        """The count over all articles."""
        total: Any = self.counts[name][0]
        for count in self.counts[name][1:]:
            total = total + count
        return total  # type: ignore[no-any-return]

    def value(self, name: str) -> float:
        """The metric over all articles (micro average); NaN where nothing was counted."""
        matrix = self.matrix(name)
        return float(type(self.counts[name][0]).values(matrix.sum(0)))

    def matrix(self, name: str) -> Floats:
        """One row of counts an article: [articles, k]."""
        return np.array([count.vector() for count in self.counts[name]], dtype=np.float64)


def collect(articles: Sequence[str], rows: Sequence[Mapping[str, Count]]) -> Scores:
    """Scores from one mapping of named counts an article, all with the same names."""
    if not rows:
        raise ValueError("there is no article to score")
    return Scores(tuple(articles), {name: tuple(row[name] for row in rows) for name in rows[0]})


def divide(a: Floats, b: Floats, empty: float = np.nan) -> Floats:
    """A / b; `empty` where b is not positive."""
    out: Floats = np.full(np.shape(b), empty)
    return np.divide(a, b, out=out, where=np.asarray(b) > 0)
