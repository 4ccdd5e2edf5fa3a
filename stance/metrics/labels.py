"""Stance classification with given targets: macro-F1, per class, calibration."""

from __future__ import annotations

from collections.abc import Sequence

from stance.metrics.counts import Calibration, Confusion, Count, FavorAgainst, Scores, Share, collect
from stance.types import LABELS


def labels(
    gold: Sequence[str],
    predicted: Sequence[str],
    clusters: Sequence[str] | None = None,
    probs: Sequence[Sequence[float]] | None = None,
) -> Scores:
    """Score one label a row.

    Args:
        gold: favor, against or neutral of each row.
        predicted: the same of the model.
        clusters: what is resampled together for intervals (article, topic, author); each row alone if not given.
        probs: for each row the probabilities of `LABELS` in order; adds "brier" and "ece".

    Names: "stance" (macro-F1), "accuracy", "favor_against" (mean F1 of favor and against, as SemEval-2016 task 6);
    "brier" (mean over rows of the squared distance to the one-hot truth, summed over classes; Brier 1950), "ece".
    """
    names = [str(i) for i in range(len(gold))] if clusters is None else list(clusters)
    members: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        members.setdefault(name, []).append(i)
    rows = []
    for indices in members.values():
        pairs = [(gold[i], predicted[i]) for i in indices]
        row: dict[str, Count] = {
            "stance": Confusion.of(pairs),
            "favor_against": FavorAgainst.of(pairs),
            "accuracy": Share(sum(g == p for g, p in pairs), len(pairs)),
        }
        if probs is not None:
            row["brier"] = Share(sum(_brier(gold[i], probs[i]) for i in indices), len(indices))
            row["ece"] = Calibration.of([(max(probs[i]), predicted[i] == gold[i]) for i in indices])
        rows.append(row)
    return collect(list(members), rows)


def _brier(gold: str, probs: Sequence[float]) -> float:
    return sum((p - (label == gold)) ** 2 for label, p in zip(LABELS, probs, strict=True))
