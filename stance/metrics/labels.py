"""Stance classification with given targets: macro-F1, per class, calibration."""

from __future__ import annotations

from collections.abc import Sequence

from stance.metrics.agreement import Alpha
from stance.metrics.counts import Calibration, Confusion, Count, FavorAgainst, Scores, Share, collect
from stance.metrics.risk import RiskCoverage
from stance.types import LABELS


def labels(
    gold: Sequence[str],
    predicted: Sequence[str],
    clusters: Sequence[str] | None = None,
    probs: Sequence[Sequence[float]] | None = None,
    groups: Sequence[str] | None = None,
    contrast: bool = False,
) -> Scores:
    """Score one label a row.

    Args:
        gold: favor, against or neutral of each row.
        predicted: the same of the model.
        clusters: what is resampled together for intervals (article, topic, author); each row alone if not given.
        probs: for each row the probabilities of `LABELS` in order; adds "brier", "ece" and "aurc".
        groups: for each row what it is also scored with apart, such as VAST's "zero" and "few"; "" for none.
        contrast: each cluster is a contrast set, rows that differ in little; adds "consistency", the share of clusters
            of which every row is right (Gardner et al. 2020), and "consistency.GROUP", for clusters of one group.

    Names: "stance" (macro-F1), "stance.favor", ".against", ".neutral" (F1 of the class), "stance.GROUP" (macro-F1 of
    the rows of a group), "accuracy", "favor_against" (mean F1 of favor and against, as SemEval-2016 task 6),
    "stance.alpha" (Krippendorff's alpha); "brier" (mean over rows of the squared distance to the one-hot truth, summed
    over classes; Brier 1950), "ece", "aurc".
    """
    names = [str(i) for i in range(len(gold))] if clusters is None else list(clusters)
    members: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        members.setdefault(name, []).append(i)
    apart = sorted(set(groups or ()) - {""})
    rows = []
    for indices in members.values():
        pairs = [(gold[i], predicted[i]) for i in indices]
        row: dict[str, Count] = {
            "stance": Confusion.of(pairs),
            **{f"stance.{label}": prf for label, prf in Confusion.of(pairs).per_class().items()},
            "favor_against": FavorAgainst.of(pairs),
            "accuracy": Share(sum(g == p for g, p in pairs), len(pairs)),
            "stance.alpha": Alpha.of(pairs),
        }
        for group in apart:
            inside = [(gold[i], predicted[i]) for i in indices if (groups or ())[i] == group]
            row[f"stance.{group}"] = Confusion.of(inside)
        if contrast:
            whole = all(g == p for g, p in pairs)
            row["consistency"] = Share(whole, 1)
            for group in apart:
                row[f"consistency.{group}"] = Share(whole, 1) if (groups or ())[indices[0]] == group else Share()
        if probs is not None:
            cases = [(max(probs[i]), predicted[i] == gold[i]) for i in indices]
            row["brier"] = Share(sum(brier(gold[i], probs[i]) for i in indices), len(indices))
            row["ece"] = Calibration.of(cases)
            row["aurc"] = RiskCoverage.of(cases)
        rows.append(row)
    return collect(list(members), rows)


def brier(gold: str, probs: Sequence[float]) -> float:
    """Squared distance of the probabilities to the truth, summed over `LABELS`."""
    return sum((p - (label == gold)) ** 2 for label, p in zip(LABELS, probs, strict=True))
