"""How many labels are saved by choosing what is labelled? Active learning, simulated on annotated statements.

    python eval/benchmarks/sampling.py DATA --encoder all-MiniLM-L6-v2/ -o sampling.json

DATA holds train.jsonl and dev.jsonl (annotated articles) and statements.jsonl (single annotated statements). Statements
of train and statements.jsonl are labelled a hundred at a time, as a strategy chooses them; after each hundred a model
learns from what is labelled so far, and is judged on dev (with --choosing on a fifth of the training articles: so
strategies are chosen, never on dev). The model never saw the data: a frozen sentence encoder and logistic regressions.

- bears on a target: likeness of statement and target (cosine, alias) with common weights, and weights of the
  statement's vector for each target; side: one regression for all targets. Both start from nothing in each round.
- Choosing changes how often a target is seen, so probabilities are set right on a tenth of the training articles, which
  are drawn by lot and labelled beforehand, the same for all strategies.
- The doubt, the groups and the choice are those of `stance annotate next`, but nobody doubts that it is a statement.

Reported: F1 of targets with stance (micro, as `stance evaluate` counts it), of targets alone, and the mean over
targets; and the share of random sampling's labels with which a strategy reaches the same F1, by monotone (isotonic)
curves over the mean of seeds. 95% intervals draw seeds and dev articles.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from warnings import simplefilter

import numpy as np
import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from stance import gold
from stance.annotate.doubt import binary
from stance.annotate.sampling import pick
from stance.config import load_topics
from stance.encoder import Encoder, Tokens, load_tokenizer
from stance.heads import pooled
from stance.judge import target_text
from stance.targets import Aliases
from stance.train.refuse import Guard, whole
from stance.types import LABELS
from stance.view import View

STRATEGIES = ("random", "uncertainty", "doubt alone", "diverse")
STEADY = 30.0
"""How strongly a target's correction is held to zero: as if so many cases had been right."""
Floats = np.ndarray


@dataclass(frozen=True)
class Said:
    cue: str
    content: str
    article: str
    stances: dict[str, str]


@dataclass(frozen=True)
class Data:
    vectors: Floats
    likeness: Floats
    """[statements, targets, 2]: cosine, alias."""
    labels: Floats
    """[statements, targets]: place in LABELS, -1 where it does not bear on the target."""

    def at(self, places: Floats) -> Data:
        return Data(self.vectors[places], self.likeness[places], self.labels[places])


def of_articles(path: Path) -> list[Said]:
    found = []
    for doc in gold.load(path):
        text = doc.article.text
        for s in doc.statements:
            stances = {stance.target: stance.label for stance in s.stances if stance.target}
            cue = s.cue.text(text) if s.cue else ""
            found.append(Said(cue, s.content_text(text), doc.article.id, stances))
    return found


def of_statements(path: Path) -> list[Said]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Said(r["cue"], r["content"], r["article_id"], {s["target"]: s["stance"] for s in r["stances"]}) for r in rows
    ]


def represented(rows: Sequence[Said], folder: Path) -> Data:
    """The statements as the model sees them, their labels in the order of the topics file."""
    targets = load_topics().targets
    encoder, tokenizer = Encoder(folder, "AutoModel", "cpu"), load_tokenizer(folder)

    def unit(texts: list[str]) -> Floats:
        ids = tokenizer(texts, truncation=True, max_length=128)["input_ids"]
        run = encoder.run(
            [Tokens(i, [0] * len(i)) for i in ids], pick=lambda o, mask: pooled(o.last_hidden_state.float(), mask)
        )
        return np.stack(run) / np.linalg.norm(run, axis=1, keepdims=True)

    vectors = unit([f"{row.cue} {row.content}".strip() for row in rows])
    named = Aliases(targets).table([View(row.content, cue=row.cue) for row in rows])
    labels = [[LABELS.index(row.stances[t.id]) if t.id in row.stances else -1 for t in targets] for row in rows]  # type: ignore[arg-type]
    return Data(vectors, np.stack([vectors @ unit([*map(target_text, targets)]).T, named], -1), np.array(labels))


class Model:
    """Learns from labelled statements; its probabilities are set right, and its threshold chosen, on others."""

    def __init__(self, known: Data, calibration: Data) -> None:
        self.weights = _fitted(known)
        rows, targets = np.nonzero(known.labels >= 0)
        self.side = LogisticRegression(C=30, max_iter=100)
        self.side.fit(_sided(known.vectors[rows], targets, known.labels.shape[1]), known.labels[rows, targets])
        self.shift = _shift(_logits(self.weights, calibration), calibration.labels >= 0)
        likely = self.about(calibration)
        scores = [_f1(_counts(self.given(calibration, likely, t), calibration.labels).sum(0)) for t in THRESHOLDS]
        self.threshold = THRESHOLDS[int(np.argmax(scores))]

    def about(self, data: Data) -> Floats:
        return 1 / (1 + np.exp(-_logits(self.weights, data) - self.shift))

    def given(self, data: Data, likely: Floats, threshold: float) -> Floats:
        """Labels, -1 where a target is not given."""
        found = np.full(likely.shape, -1)
        rows, targets = np.nonzero(likely >= threshold)
        if len(rows):
            found[rows, targets] = self.side.predict(_sided(data.vectors[rows], targets, data.labels.shape[1]))
        return found

    def doubt(self, data: Data) -> Floats:
        """[statements]: entropy of bearing on each target and of the side, summed, as `annotate next` does it."""
        likely = self.about(data)
        entropy = binary(likely)
        rows, targets = np.nonzero(likely >= 0.02)
        probs = self.side.predict_proba(_sided(data.vectors[rows], targets, data.labels.shape[1]))
        entropy[rows, targets] += likely[rows, targets] * -(probs * np.log(probs)).sum(1)
        return entropy.sum(1)


THRESHOLDS = np.arange(0.05, 0.65, 0.05)


def _fitted(known: Data) -> tuple[Floats, Floats, Floats]:
    """Weights of vectors [targets, width], constants [targets], weights of likeness and a constant [3]; L-BFGS."""
    vectors, likeness = (torch.tensor(x, dtype=torch.float32) for x in (known.vectors, known.likeness))
    truth = torch.tensor(known.labels >= 0, dtype=torch.float32)
    weights = torch.zeros(truth.shape[1], vectors.shape[1], requires_grad=True)
    constants = torch.zeros(truth.shape[1], requires_grad=True)
    common = torch.tensor([0.0, 0.0, -4.0], requires_grad=True)
    parameters = [weights, constants, common]
    optimizer = torch.optim.LBFGS(parameters, max_iter=40, history_size=10, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = vectors @ weights.T + constants + likeness @ common[:2] + common[2]
        wrong = torch.nn.functional.binary_cross_entropy_with_logits(logits, truth, reduction="sum")
        held = (weights**2).sum() / 6 + 0.05 * (constants**2).sum() + 0.005 * (common**2).sum()
        total = (wrong + held) / len(truth)
        total.backward()
        return total

    optimizer.step(loss)
    return tuple(p.detach().numpy() for p in parameters)  # type: ignore[return-value]


def _logits(weights: tuple[Floats, Floats, Floats], data: Data) -> Floats:
    own, constants, common = weights
    return data.vectors @ own.T + constants + data.likeness @ common[:2] + common[2]


def _shift(logits: Floats, truth: Floats) -> Floats:
    """For each target what makes its probabilities as many as there are cases, held to zero by `STEADY`; Newton."""
    shift = np.zeros(truth.shape[1])
    for _ in range(20):
        likely = 1 / (1 + np.exp(-(logits + shift)))
        slope, bend = (likely - truth).sum(0) + STEADY * shift, (likely * (1 - likely)).sum(0) + STEADY
        shift -= np.clip(slope / bend, -1, 1)
    return shift


def _sided(vectors: Floats, targets: Floats, width: int) -> Floats:
    """Vectors with which of so many targets they are asked about."""
    return np.hstack([vectors, 0.5 * np.eye(width, dtype=np.float32)[targets]])


def _counts(given: Floats, truth: Floats) -> Floats:
    """[statements, targets, 4]: given, true, both, both with the same side."""
    listed, true = given >= 0, truth >= 0
    return np.stack([listed, true, listed & true, listed & (given == truth)], -1).astype(np.int32)


def _f1(counts: Floats, right: int = 3) -> Floats:
    """F1 from counts [..., targets, 4], over all targets."""
    total = counts.sum(-2)
    return 2 * total[..., right] / np.maximum(1, total[..., 0] + total[..., 1])


def _macro(counts: Floats) -> Floats:
    """Mean F1 of targets with stance, of those that at least five judged statements bear on."""
    own = 2 * counts[..., 3] / np.maximum(1, counts[..., 0] + counts[..., 1])
    often = counts[..., 1] >= 5
    return (own * often).sum(-1) / np.maximum(1, often.sum(-1))


METRICS = {"targets with stance": _f1, "targets": partial(_f1, right=2), "targets with stance, mean of targets": _macro}


def simulate(
    task: tuple[str, int], data: Data, sets: dict[str, Floats], groups: Floats, budgets: Sequence[int]
) -> Floats:
    """Counts on the judged statements with each number of labels: [budgets, articles, targets, 4]."""
    strategy, seed = task
    simplefilter("ignore", ConvergenceWarning)  # the last steps change no label
    torch.set_num_threads(1)
    order = np.random.default_rng(seed).permutation(sets["pool"])
    labelled, left = order[: budgets[0]], order[budgets[0] :]
    calibration, judged = data.at(sets["calibration"]), data.at(sets["judged"])
    steps = []
    for wanted in [*budgets[1:], 0]:
        model = Model(data.at(labelled), calibration)
        counts = _counts(model.given(judged, model.about(judged), model.threshold), judged.labels)
        steps.append([counts[groups == group].sum(0) for group in range(groups.max() + 1)])
        if not wanted:
            break
        n = wanted - len(labelled)
        doubt, vectors = model.doubt(data.at(left)), data.vectors[left]
        if strategy == "doubt alone":
            chosen = np.argsort(-doubt)[:n]
        else:
            chosen = np.array(pick(strategy, n, doubt, vectors, seed + len(labelled)))  # type: ignore[arg-type]
        labelled, left = np.append(labelled, left[chosen]), np.delete(left, chosen)
    return np.array(steps, dtype=np.int32)


def needed(rising: Floats, goals: Sequence[float], budgets: Sequence[int]) -> Floats:
    """Labels with which a curve that never falls first reaches each goal; twice the last where it does not."""
    found = []
    for goal in goals:
        place = int(np.argmax(rising >= goal - 1e-9))
        if rising[-1] < goal - 1e-9:
            found.append(2.0 * budgets[-1])
        elif place == 0:
            found.append(float(budgets[0]))
        else:
            found.append(float(np.interp(goal, rising[place - 1 : place + 1], budgets[place - 1 : place + 1])))
    return np.array(found)


def compare(
    random: Floats, other: Floats, metric: str, budgets: Sequence[int], resamples: int
) -> list[dict[str, object]]:
    """With a quarter, a half, three quarters and all of the labels: F1 of both, and the share that is needed.

    Args:
        random: [seeds, budgets, articles, targets, 4].
        other: the same of a strategy.
        metric: one of `METRICS`.
        budgets: numbers of labels.
        resamples: of seeds and articles together.
    """
    chance, seeds, articles = np.random.default_rng(13), len(random), random.shape[2]
    places = [len(budgets) * part // 4 - 1 for part in (1, 2, 3, 4)]
    draws = [(np.arange(seeds), np.ones(articles))]
    for _ in range(resamples):
        times = np.bincount(chance.integers(articles, size=articles), minlength=articles)
        draws.append((chance.integers(seeds, size=seeds), times))
    by_article = [np.moveaxis(x, 2, 0).reshape(articles, -1).astype(np.float32) for x in (random, other)]
    shape = (seeds, len(budgets), *random.shape[3:])
    found = []
    for own, times in draws:
        a, b = (METRICS[metric]((times.astype(np.float32) @ x).reshape(shape))[own].mean(0) for x in by_article)
        one, two = (IsotonicRegression().fit_transform(budgets, curve) for curve in (a, b))
        shares = needed(two, one[places], budgets) / needed(one, one[places], budgets)
        found.append((a[places], b[places], shares))
    values = np.array(found)
    (one, two, share) = values[0].round(4).tolist()
    difference, spread = (
        np.percentile(x, [2.5, 97.5], axis=0).T.round(4).tolist()
        for x in (values[1:, 1] - values[1:, 0], values[1:, 2])
    )
    names = ("labels", "random", "strategy", "difference", "share", "share_interval")
    rows = zip([budgets[place] for place in places], one, two, difference, share, spread, strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def split(rows: Sequence[Said], dev: int, choosing: bool) -> tuple[dict[str, Floats], Floats]:
    """Places of the pool, of what calibrates, and of what is judged (the last `dev` rows, or part of the others).

    And for each judged statement the number of its article.
    """
    own = np.array([zlib.crc32(row.article.encode()) % 1000 for row in rows])
    inside = np.arange(len(rows)) < len(rows) - dev
    judged = inside & (own >= 100) & (own < 300) if choosing else ~inside
    sets = {"calibration": inside & (own < 100), "pool": inside & (own >= 100) & ~judged, "judged": judged}
    places = {name: np.flatnonzero(mask) for name, mask in sets.items()}
    _, groups = np.unique([rows[i].article for i in places["judged"]], return_inverse=True)
    return places, groups


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with train.jsonl, dev.jsonl and statements.jsonl")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of a sentence encoder")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--step", type=int, default=100, help="statements labelled at a time")
    parser.add_argument("--last", type=int, default=2000, help="statements labelled in all")
    parser.add_argument("--resamples", type=int, default=1000, help="draws of seeds and articles for intervals")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--choosing", action="store_true", help="judge on a fifth of the training articles, not on dev")
    parser.add_argument("-o", "--out", type=Path, required=True, help="JSON file to write")
    options = parser.parse_args()
    dev = of_articles(options.data / "dev.jsonl")
    guard = Guard((row.article, row.content) for row in dev)
    rows = of_articles(options.data / "train.jsonl") + of_statements(options.data / "statements.jsonl")
    rows = [row for row in rows if guard.like(row.content, whole) is None]
    data = represented([*rows, *dev], options.encoder)
    sets, groups = split([*rows, *dev], len(dev), options.choosing)
    budgets = [*range(options.step, options.last + 1, options.step)]
    tasks = list(product(STRATEGIES, range(options.seeds)))
    with ProcessPoolExecutor(options.jobs) as pool:
        made = list(pool.map(partial(simulate, data=data, sets=sets, groups=groups, budgets=budgets), tasks))
    counts = {
        name: np.array([c for (own, _), c in zip(tasks, made, strict=True) if own == name]) for name in STRATEGIES
    }
    curves = {
        metric: {name: of(c.sum(2)).mean(0).round(4).tolist() for name, c in counts.items()}
        for metric, of in METRICS.items()
    }
    compared = {
        metric: {
            name: compare(counts["random"], counts[name], metric, budgets, options.resamples) for name in STRATEGIES[1:]
        }
        for metric in METRICS
    }
    sizes = {name: len(places) for name, places in sets.items()} | {"seeds": options.seeds}
    result = {"sizes": sizes, "labels": budgets, "curves": curves, "compared": compared}
    options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
