"""Trains the ranker that resolves pronouns to persons, from articles with annotated speakers.

    python -m stance.train.speaker gold/train.jsonl more.jsonl -o stance/resolve/weights.json

Each "he" or "she" that is a source gives one example: the candidates before it, of which one is the annotated
speaker. The model is a softmax over the candidates of one example (conditional logit), fitted by Newton's method
with a quadratic penalty, so that it has no learning rate and gives the same weights each time.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stance.gold import load
from stance.resolve.memory import Memory
from stance.resolve.people import compatible
from stance.resolve.rank import FEATURES, Candidate, candidates
from stance.resolve.registry import Registry
from stance.resolve.scene import Scene
from stance.resolve.words import PRONOUNS
from stance.train.refuse import refuse_evaluated
from stance.types import Doc, Speaker, Statement

PENALTY = 2.0
"""Of the squared weights; chosen by cross-validation over articles."""


@dataclass(frozen=True, slots=True)
class Example:
    features: np.ndarray
    """(candidates, features)"""
    gold: int
    """Row of the right candidate."""
    article: str


def examples(docs: Iterable[Doc], registry: Registry) -> list[Example]:
    """All pronoun sources whose right antecedent is among the candidates, with the true speakers before as memory."""
    found = []
    for doc in docs:
        scene, memory = Scene.of(doc, registry), Memory()
        for statement in sorted(doc.statements, key=_anchor):
            source = statement.source
            word = source.text(doc.article.text).lower() if source else ""
            if source is not None and PRONOUNS.get(word) in ("m", "f") and len(statement.speakers) == 1:
                options = candidates(scene, memory, source.start, PRONOUNS[word])
                gold = [i for i, option in enumerate(options) if _is(option, statement.speakers[0])]
                if gold and len(options) > 1:
                    found.append(Example(np.array([o.features for o in options]), gold[0], doc.article.id))
            memory.add(_anchor(statement), word, _as_resolved(scene, statement, word))
    return found


def fit(
    rows: Sequence[Example], penalty: float = PENALTY, steps: int = 30, begun: np.ndarray | None = None
) -> np.ndarray:
    """Weights (features,) of the conditional logit, by Newton's method; the penalty is on how far from `begun` they go.

    `begun` is nothing known (zero) unless weights are given.
    """
    begun = np.zeros(len(FEATURES)) if begun is None else begun
    weights = begun
    for _ in range(steps):
        gradient = -penalty * (weights - begun)
        hessian = -penalty * np.eye(len(FEATURES))
        for row in rows:
            chances = _softmax(row.features @ weights)
            mean = chances @ row.features
            gradient += row.features[row.gold] - mean
            hessian -= (row.features.T * chances) @ row.features - np.outer(mean, mean)
        step = np.linalg.solve(hessian, gradient)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def write_weights(weights: np.ndarray, path: Path) -> None:
    """Write weights (features,) as `stance.resolve.rank` reads them."""
    text = json.dumps(dict(zip(FEATURES, [round(float(w), 3) for w in weights], strict=True)), indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def accuracy(rows: Sequence[Example], weights: np.ndarray) -> float:
    """Share of examples whose best candidate is the right one."""
    return float(np.mean([int(np.argmax(row.features @ weights)) == row.gold for row in rows])) if rows else 0.0


def cross_validated(rows: Sequence[Example], penalty: float = PENALTY, folds: int = 5) -> float:
    """Accuracy with each article judged by a model that has not seen it."""
    articles = sorted({row.article for row in rows})
    fold = {article: i % folds for i, article in enumerate(articles)}
    right = 0.0
    for part in range(folds):
        inside = [row for row in rows if fold[row.article] != part]
        outside = [row for row in rows if fold[row.article] == part]
        right += accuracy(outside, fit(inside, penalty)) * len(outside)
    return right / max(len(rows), 1)


def _softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def _anchor(statement: Statement) -> int:
    return (statement.cue or statement.source or statement.content[0]).start


def _is(option: Candidate, gold: Speaker) -> bool:
    if isinstance(option.who, Speaker):
        return option.who.name == gold.name
    return gold.kind == "person" and compatible(option.who.words, gold.name.replace(",", " ").split())


def _as_resolved(scene: Scene, statement: Statement, word: str) -> tuple[Speaker, ...]:
    """The true speakers under the names that resolution gives them, so that memory and candidates agree."""
    how = "pronoun" if word in PRONOUNS else "title"
    found = []
    for speaker in statement.speakers:
        person = next((p for p in scene.people if compatible(p.words, speaker.name.replace(",", " ").split())), None)
        found.append(
            replace(speaker, name=person.name if person and speaker.kind == "person" else speaker.name, how=how)
        )
    return tuple(found)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("gold", nargs="+", type=Path, help="article rows with speakers, JSON Lines")
    parser.add_argument("-o", "--output", type=Path, required=True, help="where to write the weights (JSON)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    registry = Registry.load()
    refuse_evaluated(options.gold)
    rows = [row for path in options.gold for row in examples(load(path), registry)]
    weights = fit(rows)
    logging.info("%d examples; right by cross-validation over articles: %.3f", len(rows), cross_validated(rows))
    write_weights(weights, options.output)


if __name__ == "__main__":
    main()
