"""Fits the calibration of a stance model on held-out articles, and scores it on the dev splits.

python -m stance.train.stance_scores --model FOLDER --data FOLDER [--public no]
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.judge import CANDIDATES, Calibration, Judge, about_logit, centred, probabilities, save_calibration, softmax
from stance.train.stance import Asked, load_asked
from stance.train.stance_rows import (
    NEUTRAL,
    UNRELATED,
    Example,
    held_out,
    of_articles,
    of_public,
    of_statements,
    read_rows,
    usable,
)

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)

ERROR_RATE = 0.2
"""Share of wrong labels, among those not marked as abstained, that is aimed at."""


@dataclass(frozen=True)
class Scored:
    """What the model said about annotated statements, and the truth."""

    many: np.ndarray
    """[statements, targets, 4]"""
    pairs: np.ndarray
    """[statements, targets, 4], NaN where a pair was not asked."""
    gold: np.ndarray
    """[statements, targets], a class each."""
    candidates: np.ndarray
    """[statements, targets], whether the target is among the first by `many`."""
    groups: Sequence[str]


def score_examples(judge: Judge, examples: Sequence[Example], asked: Asked) -> Scored:
    """Ask the model about every example, in both ways."""
    import numpy as np

    ids = [i for i in asked.texts if i not in asked.topics]
    parts = judge.composer.parts([e.view for e in examples])
    many = judge.many(parts, [asked.texts[i] for i in ids])
    gold = np.array([[e.labels.get(i, UNRELATED) for i in ids] for e in examples])
    rank = np.argsort(np.argsort(-about_logit(many), axis=1), axis=1)
    candidates = rank < CANDIDATES
    wanted = np.argwhere(candidates | (gold != UNRELATED))
    pairs = np.full(many.shape, np.nan, dtype=np.float32)
    said = judge.pairs([(parts[row], asked.texts[ids[column]]) for row, column in wanted])
    for (row, column), logits in zip(wanted, said, strict=True):
        pairs[row, column] = logits
    return Scored(many, pairs, gold, candidates, [e.group for e in examples])


def fit_calibration(scored: Scored, use: str = "both") -> Calibration:
    """Weights, temperatures and thresholds from held-out statements; `use` is many, pairs or both."""
    import numpy as np

    where, meant = scored.candidates, scored.gold != UNRELATED
    both = [about_logit(scored.many)[where], about_logit(np.nan_to_num(scored.pairs))[where]]
    keep = {"many": (1, 0), "pairs": (0, 1), "both": (1, 1)}[use]
    about = _fit_binary(np.stack([b * k for b, k in zip(both, keep, strict=True)], 1), meant[where])
    sides = scored.gold[meant] - 1
    stance = _fit_softmax(
        [centred(scored.many)[meant] * keep[0], centred(np.nan_to_num(scored.pairs))[meant] * keep[1]], sides
    )
    pair_about = _fit_binary(both[1][:, None], meant[where])
    pair_stance = _fit_softmax([centred(np.nan_to_num(scored.pairs))[meant]], sides)
    calibration = Calibration(
        about=(about[0] * keep[0], about[1] * keep[1], about[2]),
        stance=(stance[0] * keep[0], stance[1] * keep[1]),
        pair_about=(pair_about[0], pair_about[1]),
        pair_stance=pair_stance[0],
    )
    best = max(
        np.arange(0.2, 0.8, 0.02), key=lambda t: measure(scored, replace(calibration, threshold=float(t)))["both_f1"]
    )
    calibration = replace(calibration, threshold=round(float(best), 2))
    return replace(calibration, abstain=_abstention(scored, calibration), error_rate=ERROR_RATE)


def measure(scored: Scored, calibration: Calibration) -> dict[str, float]:
    """Targets F1, target and stance F1, stance macro-F1 on the gold targets, calibration error of the labels given."""
    import numpy as np

    about, stance = probabilities(scored.many, np.nan_to_num(scored.pairs), calibration)
    given = (about >= calibration.threshold) & scored.candidates
    side, meant = stance.argmax(-1) + 1, scored.gold != UNRELATED
    right = given & (side == scored.gold)
    confidence, correct = (about * stance.max(-1))[given], right[given]
    bins = np.minimum((confidence * 10).astype(int), 9)
    error = sum(
        abs(correct[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())
    )
    return {
        "targets_f1": _f1((given & meant).sum(), given.sum(), meant.sum()),
        "both_f1": _f1(right.sum(), given.sum(), meant.sum()),
        "stance_macro_f1": macro_f1(side[meant], scored.gold[meant], (1, 2, 3)),
        "calibration_error": float(error),
    }


def macro_f1(said: np.ndarray, true: np.ndarray, classes: Sequence[int]) -> float:
    return float(
        sum(_f1(((said == c) & (true == c)).sum(), (said == c).sum(), (true == c).sum()) for c in classes)
        / len(classes)
    )


def score_public(judge: Judge, rows: Sequence[Mapping[str, Any]]) -> float:
    """Macro-F1 over favor, against and neutral on a public set, by pairs; unrelated counts as neutral."""
    import numpy as np

    examples = list(of_public(rows))
    parts = judge.composer.parts([e.view for e in examples])
    logits = judge.pairs([(p, next(iter(e.labels))) for p, e in zip(parts, examples, strict=True)])
    share = softmax(logits)
    share[:, NEUTRAL] += share[:, UNRELATED]
    true = np.array(
        [
            min(next(iter(e.labels.values())), NEUTRAL) if row["label"] != "neutral" else NEUTRAL
            for e, row in zip(examples, rows, strict=True)
        ]
    )
    return macro_f1(share[:, 1:].argmax(1) + 1, true, (1, 2, 3))


def _abstention(scored: Scored, calibration: Calibration) -> float:
    """The confidence from which on the labels given are wrong no more often than `ERROR_RATE`."""
    import numpy as np

    about, stance = probabilities(scored.many, np.nan_to_num(scored.pairs), calibration)
    given = (about >= calibration.threshold) & scored.candidates
    confidence = (about * stance.max(-1))[given]
    right = ((stance.argmax(-1) + 1) == scored.gold)[given]
    order = np.argsort(-confidence)
    wrong = 1 - np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(wrong <= ERROR_RATE)
    return round(float(confidence[order][good[-1]]), 3) if len(good) else 1.0


def _f1(right: float, said: float, true: float) -> float:
    return float(2 * right / (said + true)) if said + true else 0.0


def _fit_binary(inputs: np.ndarray, true: np.ndarray) -> list[float]:
    """Logistic regression: a weight a column, then the constant."""
    import torch
    from torch.nn import functional

    x, y = torch.tensor(inputs, dtype=torch.float64), torch.tensor(true, dtype=torch.float64)
    return _minimise(
        [1.0 / x.shape[1]] * x.shape[1] + [0.0],
        lambda w: functional.binary_cross_entropy_with_logits(x @ w[:-1] + w[-1], y),
    )


def _fit_softmax(inputs: Sequence[np.ndarray], true: np.ndarray) -> list[float]:
    """Weights of several logit arrays [n, 3] under cross entropy."""
    import torch
    from torch.nn import functional

    x = [torch.tensor(i, dtype=torch.float64) for i in inputs]
    y = torch.tensor(true)
    return _minimise(
        [1.0 / len(x)] * len(x), lambda w: functional.cross_entropy(sum(w[i] * x[i] for i in range(len(x))), y)
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


def main(arguments: Sequence[str]) -> None:
    """The command in the module's docstring."""
    import numpy as np

    options = {arguments[i][2:]: arguments[i + 1] for i in range(0, len(arguments), 2)}
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    folder, data = Path(options["model"]), Path(options["data"])
    asked = load_asked(Path("configs/topics.yaml"))
    judge = Judge(folder)
    held = [
        *of_articles(read_rows(data / "gold/train.jsonl"), asked.topic_of, "train"),
        *of_statements(read_rows(data / "gold/statements.jsonl"), asked.topic_of),
    ]
    fit_on = score_examples(judge, [e for e in held if held_out(e.group)], asked)
    dev = score_examples(judge, list(of_articles(read_rows(data / "gold/dev.jsonl"), asked.topic_of, "dev")), asked)
    table: dict[str, Any] = {}
    for use in ("many", "pairs", "both"):
        calibration = fit_calibration(fit_on, use)
        table[use] = {
            "held": measure(fit_on, calibration),
            "dev": measure(dev, calibration),
            "threshold": calibration.threshold,
        }
    save_calibration(calibration, folder)
    if options.get("public") != "no":
        for name, split in (("vast", "dev"), ("newsmtsc", "dev_rw"), ("newsmtsc", "dev_mt"), ("mpqa", "dev")):
            rows = [r for r in read_rows(data / "stance" / f"{name}.jsonl") if r["split"] == split and usable(r)]
            table[f"{name} {split}"] = score_public(judge, rows)
    np.savez_compressed(
        folder / "scores.npz",
        **{
            f"{n}_{k}": getattr(s, k).astype(np.float16 if k in ("many", "pairs") else np.int8)
            for n, s in (("held", fit_on), ("dev", dev))
            for k in ("many", "pairs", "gold", "candidates")
        },
    )
    (folder / "scores.json").write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    for name, value in table.items():
        log.info(
            "%s %s %s",
            folder.name,
            name,
            json.dumps(value, default=float) if isinstance(value, dict) else round(value, 4),
        )


if __name__ == "__main__":
    main(sys.argv[1:])
