"""Fits what the attribution encoder does not learn: how often a word is a cue, and what speaks for a statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple

from stance.evidence import FEATURES, UNSEEN, Evidence, cue_words, stem
from stance.metrics import match_statements
from stance.types import Doc, Statement

LEAST = 3
"""Times that a word must have been part of a cue to be kept."""

DOUBT = 2
"""How many sightings the rate that is expected beforehand is worth."""

BORROWED = 0.7
"""What another scope's rate is worth where a scope's own articles say little."""

RIDGE = 1.0


def cue_rates(scopes: Mapping[str, Sequence[Doc]]) -> dict[str, dict[str, float]]:
    """For each scope the share of their occurrences in which words, and their stems, are part of cues.

    What one scope has hardly seen it takes, in part, from the others.
    """
    seen = {scope: _counts(docs) for scope, docs in scopes.items()}
    inside = {word for own, _ in seen.values() for word, count in own.items() if count >= LEAST}
    rates: dict[str, dict[str, float]] = {}
    for scope, (own, everywhere) in seen.items():
        others = [counts for name, counts in seen.items() if name != scope]
        rates[scope] = {}
        for word in sorted(inside):
            prior = max(
                (BORROWED * _rate(*counts, word) for counts in others if counts[0][word] >= LEAST), default=UNSEEN
            )
            rates[scope][word] = round(_rate(own, everywhere, word, prior), 3)
    return rates


def _rate(inside: Counter[str], everywhere: Counter[str], word: str, prior: float = UNSEEN) -> float:
    """The share of a word's occurrences in cues, mixed with what is known beforehand."""
    return (inside[word] + prior * DOUBT) / (max(inside[word], everywhere[word]) + DOUBT)


def _counts(docs: Sequence[Doc]) -> tuple[Counter[str], Counter[str]]:
    """How often each form stands in cues, and how often at all."""
    inside: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    for doc in docs:
        text = doc.article.text
        for span in doc.paragraphs:
            everywhere.update(_forms(span.text(text)))
        for cue in {s.cue for s in doc.statements if s.cue is not None}:
            inside.update(_forms(cue.text(text)))
    return inside, everywhere


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
