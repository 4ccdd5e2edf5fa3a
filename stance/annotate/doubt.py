"""How unsure the models are of a statement: that it is one, which targets it bears on, and on which side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stance.annotate.candidates import Candidate
from stance.judge import softmax
from stance.targets import Aliases, likeliness, questions
from stance.view import view_of

if TYPE_CHECKING:
    import numpy as np

    from stance.config import Topics
    from stance.judge import Judge

LIKELY = 0.1
"""Probability from which on a target is worth asking about, though the model did not list it."""


@dataclass(frozen=True)
class Doubts:
    about: np.ndarray
    """[candidates, targets]: the probability that the statement bears on the target."""
    total: np.ndarray
    """[candidates]: entropy, in nats, of being a statement, of bearing on each target, and of the side if it does."""


def doubts(found: Sequence[Candidate], judge: Judge, topics: Topics) -> Doubts:
    """The calibrated probabilities of the run, and of targets that it does not list those of the stance model.

    Args:
        found: statements of a run.
        judge: the stance model.
        topics: those of the run.
    """
    import numpy as np

    place = {target.id: number for number, target in enumerate(topics.targets)}
    views = [view_of(one.doc, one.statement) for one in found]
    many = judge.many(judge.composer.parts(views), questions(topics))[:, : len(place)]
    about = likeliness(many, Aliases(topics.targets).table(views), judge.calibration)
    sides = softmax(many[..., 1:])
    for row, one in enumerate(found):
        listed = [stance for stance in one.statement.stances if stance.target in place]
        about[row] = np.minimum(about[row], judge.calibration.threshold)  # the run has looked closer and left them out
        for stance in listed:
            column = place[stance.target or ""]
            about[row, column] = min(1.0, stance.confidence / max(stance.probs))
            sides[row, column] = stance.probs
    entropy = binary(about) + about * -(sides * np.log(sides.clip(1e-9))).sum(-1)
    return Doubts(about, binary(np.array([one.statement.score for one in found])) + entropy.sum(-1))


def binary(probability: np.ndarray) -> np.ndarray:
    """Entropy of yes or no, in nats."""
    import numpy as np

    p = probability.clip(1e-6, 1 - 1e-6)
    return -(p * np.log(p) + (1 - p) * np.log(1 - p))


def asked(one: Candidate, likely: np.ndarray, topics: Topics) -> Candidate:
    """The candidate with the targets that may be missing, likeliest first, for a person to look at."""
    listed = {stance.target for stance in one.statement.stances}
    rated = [(float(p), t.id) for p, t in zip(likely, topics.targets, strict=True) if t.id not in listed]
    kept = tuple((name, p) for p, name in sorted(rated, reverse=True) if p >= LIKELY)
    return replace(one, statement=replace(one.statement, candidates=kept))
