"""Fits what the attribution encoder does not learn: how often a word is a cue, and what speaks for a statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple

from stance.evidence import FEATURES, UNSEEN, Evidence, cue_words, stem
from stance.metrics import match_statements
from stance.types import Doc, Statement

LEAST = 3
"""Times that a word must have been part of a cue to be kept."""

DOUBT = 2
"""How many sightings of an unseen word's rate a rate is mixed with."""

RIDGE = 1.0


def cue_rates(docs: Iterable[Doc]) -> dict[str, float]:
    """For words that are part of cues, and for their stems, the share of their occurrences in which they are."""
    inside: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for doc in docs:
        text = doc.article.text
        for span in doc.paragraphs:
            everywhere.update(_forms(span.text(text)))
        for cue in {s.cue for s in doc.statements if s.cue is not None}:
            inside.update(_forms(cue.text(text)))
    return {
        word: round((count + UNSEEN * DOUBT) / (max(count, everywhere[word]) + DOUBT), 3)
        for word, count in sorted(inside.items())
        if count >= LEAST
    }


def _forms(text: str) -> list[str]:
    return [form for word in cue_words(text) for form in {word, stem(word)}]


def fit_weights(docs: Sequence[Doc], proposed: Sequence[Sequence[tuple[Statement, Evidence]]]) -> dict[str, float]:
    """Weights of the evidence: a logistic regression with a ridge, by Newton's method.

    Args:
        docs: annotated articles.
        proposed: for each what `Linker.propose` makes of it; right is what matches an annotated statement.
    """
    import numpy as np

    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    for doc, own in zip(docs, proposed, strict=True):
        matched = {j for _, j in match_statements(doc.statements, [statement for statement, _ in own])}
        rows += [(*astuple(evidence), 1.0) for _, evidence in own]
        right += [j in matched for j in range(len(own))]
    features = np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES) + 1)
    ridge = RIDGE * np.eye(len(FEATURES) + 1)
    ridge[-1, -1] = 1e-6
    weights = np.zeros(len(FEATURES) + 1)
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (p - np.array(right)) + ridge @ weights
        hessian = (features * (p * (1 - p))[:, None]).T @ features + ridge
        weights = weights - 0.5 * np.linalg.solve(hessian, gradient)
    return dict(zip((*FEATURES, "intercept"), (round(float(w), 4) for w in weights), strict=True))
