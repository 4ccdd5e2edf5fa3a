"""How sure a number is: bootstrap intervals and paired tests, resampling articles.

Statements of one article resemble each other, so articles, not statements, are drawn (a clustered bootstrap);
counts add up, so a resample is one matrix product. Seeded: the same scores give the same interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stance.metrics.counts import Floats, Scores

RESAMPLES = 2000
SEED = 13


@dataclass(frozen=True, slots=True)
class Paired:
    """How run `a` differs from run `b` on one metric, over the same articles."""

    difference: float
    """a - b."""
    low: float
    high: float
    p: float
    """Two-sided: twice the share of resamples in which the difference has the other sign (or none), at least 1/n."""


def interval(scores: Scores, name: str, resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, float]:
    """The 95% percentile interval of a metric; (NaN, NaN) where nothing was counted."""
    values = _resampled(scores, name, draws(len(scores.articles), resamples, seed))
    return _percentiles(values)


def paired(a: Scores, b: Scores, name: str, resamples: int = RESAMPLES, seed: int = SEED) -> Paired:
    """Paired bootstrap test (Koehn 2004; Berg-Kirkpatrick et al. 2012) of two runs on the same articles.

    Raises:
        ValueError: the two runs do not hold the same articles in the same order.
    """
    if a.articles != b.articles:
        raise ValueError("a paired test needs two runs over the same articles in the same order")
    weights = draws(len(a.articles), resamples, seed)
    differences = _resampled(a, name, weights) - _resampled(b, name, weights)
    known = differences[~np.isnan(differences)]
    observed = a.value(name) - b.value(name)
    other = (known <= 0).mean() if observed > 0 else (known >= 0).mean() if len(known) else 1.0
    low, high = _percentiles(differences)
    return Paired(observed, low, high, float(min(1.0, max(2 * other, 1 / resamples))))


def draws(articles: int, resamples: int = RESAMPLES, seed: int = SEED) -> Floats:
    """How often each article is drawn: [resamples, articles], each row sums to the number of articles."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(articles, np.full(articles, 1 / articles), size=resamples).astype(np.float64)


def _resampled(scores: Scores, name: str, weights: Floats) -> Floats:
    kind: Any = type(scores.counts[name][0])
    values: Floats = kind.values(weights @ scores.matrix(name))
    return values


def _percentiles(values: Floats) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return (float("nan"), float("nan"))
    low, high = np.percentile(known, [2.5, 97.5])
    return (float(low), float(high))
