"""Fits how logits of a stance model become probabilities and decisions, on statements that training never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from stance.judge import Calibration, about_logit, centred, probabilities, sigmoid
from stance.train.stance_rows import UNRELATED

if TYPE_CHECKING:
    import numpy as np

Use = Literal["many", "pairs", "both"]
"""Which of the model's two ways decides."""

FLAT = 0.005
"""F1 that a threshold must gain over another: where the curve is flat, its highest point is chance."""

WORTH = 0.01
"""F1 that asking in pairs must gain to be worth its time, which is a pass a candidate."""


@dataclass(frozen=True)
class Scored:
    """What the model said about annotated statements, and the truth."""

    many: np.ndarray
    """[statements, targets, 4]"""
    pairs: np.ndarray
    """[statements, targets, 4], zeros where a pair was not asked."""
    named: np.ndarray
    """[statements, targets], whether an alias of the target stands in the statement."""
    gold: np.ndarray
    """[statements, targets], a class each."""
    candidates: np.ndarray
    """[statements, targets], whether the target would be on the shortlist."""
    topics: np.ndarray
    """[statements, topics, 4], by `many`."""
    mere: np.ndarray
    """[statements, topics]: 1 where the topic is meant but none of its targets, 0 where not, -1 where unknown."""
    topic_of: np.ndarray
    """[targets], the place of its topic."""


@dataclass(frozen=True)
class Decided:
    """What a calibration makes of the scores, [statements, targets] each."""

    about: np.ndarray
    side: np.ndarray
    """The likeliest stance, as a class."""
    confidence: np.ndarray
    given: np.ndarray
    """Whether the statement is said to bear on the target."""
    sure: np.ndarray
    """Given and not abstained."""


def decide(scored: Scored, calibration: Calibration) -> Decided:
    """The decisions that `stance.classify` would take."""
    about, stance = probabilities(scored.many, scored.pairs, scored.named, calibration)
    confidence = about * stance.max(-1)
    given = (about >= calibration.threshold) & scored.candidates
    return Decided(about, stance.argmax(-1) + 1, confidence, given, given & (confidence >= calibration.abstain))


def fit_best(scored: Scored, uses: Sequence[Use] = ("many", "pairs", "both")) -> Calibration:
    """The calibration of the way that decides best; the cheap one unless another gains `WORTH`."""
    fitted = [fit(scored, use) for use in uses]
    return max(fitted, key=lambda c: measure(scored, c)["both_f1"] - WORTH * c.asks_pairs)


def fit(scored: Scored, use: Use) -> Calibration:
    """Weights, temperatures and thresholds.

    A statement bears on a target from a probability on at which targets have the best F1 within `FLAT`: the nearest to
    half of that F1, where it lies for true probabilities (Lipton et al. 2014). A label is sure from the least
    confidence on at which targets and stances have. So the labels that are not abstained serve best as they stand.
    """
    import numpy as np

    where, meant = scored.candidates, scored.gold != UNRELATED
    keep = {"many": (1, 0), "pairs": (0, 1), "both": (1, 1)}[use]
    ways = [way for way, kept in zip((scored.many, scored.pairs), keep, strict=True) if kept]
    sides = scored.gold[meant] - 1
    inputs = [*(about_logit(way)[where] for way in ways), scored.named[where].astype(float)]
    about = _fit_binary(np.stack(inputs, 1), meant[where])
    *stance, favor, against, neutral = _fit_softmax([centred(way)[meant] for way in ways], sides, biased=True)
    calibration = Calibration(
        about=(*_spread(about, keep), about[-1]),
        alias=about[-2],
        stance=_spread(stance, keep),
        sides=(favor, against, neutral),
        threshold=0.0,
        topic=1.0,
    )
    if scored.pairs.any():
        weight, _ = _fit_binary(about_logit(scored.pairs)[where][:, None], meant[where])
        (stance_weight,) = _fit_softmax([centred(scored.pairs)[meant]], sides)
        calibration = replace(calibration, pair_about=weight, pair_stance=stance_weight)
    calibration = replace(calibration, threshold=_best_threshold(scored, calibration))
    calibration = replace(calibration, abstain=_best_abstention(scored, calibration))
    wrong = 1 - measure(scored, calibration)["precision"]
    return replace(calibration, topic=_best_topic(scored, calibration), error_rate=round(wrong, 3))


def measure(scored: Scored, calibration: Calibration) -> dict[str, float]:
    """Scores of the labels that are not abstained, except where it says given.

    Targets F1, target and stance F1 with precision and recall, both F1 over all labels given, stance macro-F1 on the
    gold targets, calibration error of the labels given, F1 of mere topics where they are annotated.
    """
    decided, meant = decide(scored, calibration), scored.gold != UNRELATED
    right = decided.side == scored.gold
    said, both = decided.sure.sum(), (decided.sure & right).sum()
    return {
        "targets_f1": f1((decided.sure & meant).sum(), said, meant.sum()),
        "both_f1": f1(both, said, meant.sum()),
        "precision": float(both / said) if said else 0.0,
        "recall": float(both / meant.sum()),
        "given_targets_f1": f1((decided.given & meant).sum(), decided.given.sum(), meant.sum()),
        "given_both_f1": f1((decided.given & right).sum(), decided.given.sum(), meant.sum()),
        "stance_macro_f1": macro_f1(decided.side[meant], scored.gold[meant], (1, 2, 3)),
        "calibration_error": calibration_error(decided.confidence[decided.given], right[decided.given]),
        **({"mere_topics_f1": _mere_f1(scored, calibration)} if (scored.mere >= 0).any() else {}),
    }


def mere_topics(scored: Scored, calibration: Calibration) -> np.ndarray:
    """[statements, topics]: whether the topic is given, and none of its targets."""
    given = decide(scored, calibration).given
    covered = given.astype(int) @ (scored.topic_of[:, None] == range(scored.topics.shape[1])) > 0
    return ~covered & (sigmoid(about_logit(scored.topics)) >= calibration.topic)


def macro_f1(said: np.ndarray, true: np.ndarray, classes: Sequence[int]) -> float:
    parts = [f1(((said == c) & (true == c)).sum(), (said == c).sum(), (true == c).sum()) for c in classes]
    return float(sum(parts) / len(classes))


def f1(right: float, said: float, true: float) -> float:
    return float(2 * right / (said + true)) if said + true else 0.0


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error in ten bins."""
    import numpy as np

    bins = np.minimum((confidence * 10).astype(int), 9)
    parts = [abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(sum(parts))


def _spread(weights: Sequence[float], keep: tuple[int, int]) -> tuple[float, float]:
    """The weights of the ways that are kept, zero for the other."""
    values = iter(weights)
    first, second = (next(values) if kept else 0.0 for kept in keep)
    return first, second


def _best_threshold(scored: Scored, calibration: Calibration) -> float:
    import numpy as np

    about, meant = decide(scored, calibration).about[scored.candidates], (scored.gold != UNRELATED)
    true = meant[scored.candidates]
    grid = np.arange(0.1, 0.9, 0.02)
    scores = np.array([f1((true & (about >= t)).sum(), (about >= t).sum(), meant.sum()) for t in grid])
    good = grid[scores >= scores.max() - FLAT]
    return round(float(good[np.abs(good - scores.max() / 2).argmin()]), 2)


def _best_abstention(scored: Scored, calibration: Calibration) -> float:
    import numpy as np

    grid = np.arange(0.0, 0.9, 0.02)
    scores = np.array([measure(scored, replace(calibration, abstain=float(a)))["both_f1"] for a in grid])
    return round(float(grid[int(np.argmax(scores >= scores.max() - FLAT))]), 2)


def _best_topic(scored: Scored, calibration: Calibration) -> float:
    import numpy as np

    if not (scored.mere == 1).any():
        return Calibration().topic
    grid = np.arange(0.3, 1.0, 0.05)
    scores = [_mere_f1(scored, replace(calibration, topic=float(t))) for t in grid]
    return round(float(grid[int(np.argmax(scores))]), 2)


def _mere_f1(scored: Scored, calibration: Calibration) -> float:
    said, known, true = mere_topics(scored, calibration), scored.mere >= 0, scored.mere == 1
    return f1((said & true).sum(), (said & known).sum(), true.sum())


def _fit_binary(inputs: np.ndarray, true: np.ndarray) -> list[float]:
    """Logistic regression: a weight a column, then the constant."""
    import torch
    from torch.nn import functional

    x, y = torch.tensor(inputs, dtype=torch.float64), torch.tensor(true, dtype=torch.float64)
    return _minimise(
        [1.0 / x.shape[1]] * x.shape[1] + [0.0],
        lambda w: functional.binary_cross_entropy_with_logits(x @ w[:-1] + w[-1], y),
    )


def _fit_softmax(inputs: Sequence[np.ndarray], true: np.ndarray, biased: bool = False) -> list[float]:
    """Weights of several logit arrays [n, 3] under cross entropy; then, if biased, what is added to each column."""
    import torch
    from torch.nn import functional

    x = [torch.tensor(i, dtype=torch.float64) for i in inputs]
    y, free = torch.tensor(true), 3 * biased
    return _minimise(
        [1.0 / len(x)] * len(x) + [0.0] * free,
        lambda w: functional.cross_entropy(sum(w[i] * x[i] for i in range(len(x))) + (w[-3:] if biased else 0.0), y),
    )


def _minimise(start: list[float], loss: Any) -> list[float]:
    import torch

    weights = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value = loss(weights) + 1e-4 * weights.square().sum()
        value.backward()
        return value

    optimiser.step(closure)
    return [float(w) for w in weights.detach()]
