"""Stance of every statement toward the targets on its shortlist, with calibrated probabilities.

The model folder's calibration says which of the model's two ways decides, the one-pass head, statement and target
read together, or both, and from which probabilities on a statement bears on a target and its label is sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stance.judge import Judge, about_logit, centred, probabilities, sigmoid, softmax
from stance.targets import Aliases, questions
from stance.types import LABELS, Doc, Stance
from stance.view import View, view_of

if TYPE_CHECKING:
    import numpy as np

    from stance.config import Topics


class Classifier:
    """Fills `Statement.stances` from `Statement.candidates`, in the order of the topics file; mere topics come last.

    A statement gets a stance toward each candidate that it bears on at the calibrated threshold or above:

    - `probs`: of favor, against and neutral, given that it does bear on the target;
    - `label`: the likeliest of them;
    - `confidence`: that the whole is right, P(bears on the target) * P(label | it does);
    - `abstained`: the confidence lies under the calibrated one, so that the label is a guess.

    A statement that bears on no target may still be about a topic: the likeliest one that its title, cue or content
    names gets a stance with `target` None: neutral, for a topic has no sides; its `confidence` is how likely it is.

    Args:
        judge: the stance model; the same that the shortlist was made with, so that each statement is encoded once.
        topics: the topics that the shortlist was made of.
    """

    def __init__(self, judge: Judge, topics: Topics) -> None:
        self.judge = judge
        self.topics = topics
        self.texts = questions(topics)
        self.aliases = Aliases(topics.targets)
        self.names = Aliases(
            replace(topic, aliases=(*topic.aliases, *(alias for target in topic.targets for alias in target.aliases)))
            for topic in topics.topics
        )
        self.place = {target.id: number for number, target in enumerate(topics.targets)}

    def __call__(self, docs: list[Doc]) -> list[Doc]:
        statements = [(doc, statement) for doc in docs for statement in doc.statements]
        views = [view_of(doc, statement) for doc, statement in statements]
        many = self.judge.ask(views, self.texts)
        wanted = [sorted(self.place[target] for target, _ in statement.candidates) for _, statement in statements]
        about, sides = self._judged(views, many, wanted)
        topics = sigmoid(about_logit(many[:, len(self.place) :]))
        at, stances = 0, []
        for view, columns, likely in zip(views, wanted, topics, strict=True):
            here = slice(at, at + len(columns))
            own = tuple(self._stances(columns, about[here], sides[here]))
            stances.append(own or tuple(self._mere_topic(view, likely)))
            at += len(columns)
        found = iter(stances)
        return [doc.with_statements(replace(s, stances=next(found)) for s in doc.statements) for doc in docs]

    def _judged(
        self, views: Sequence[View], many: np.ndarray, wanted: Sequence[Sequence[int]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """For every statement's wanted targets in turn: P(bears on it) [n] and P(label | it does) [n, 3]."""
        import numpy as np

        places = [(row, column) for row, columns in enumerate(wanted) for column in columns]
        rows, columns = np.array(places, dtype=int).reshape(-1, 2).T
        logits = many[rows, columns]
        pairs = np.zeros_like(logits)
        if self.judge.calibration.asks_pairs:
            parts = self.judge.composer.parts(views)
            pairs = self.judge.pairs([(parts[row], self.texts[column]) for row, column in places])
        return probabilities(logits, pairs, self.aliases.table(views)[rows, columns], self.judge.calibration)

    def _stances(self, columns: Sequence[int], about: np.ndarray, sides: np.ndarray) -> Iterator[Stance]:
        """The stances of one statement: its candidates' probabilities in; those that hold, out."""
        calibration, targets = self.judge.calibration, self.topics.targets
        for column, likely, probs in zip(columns, about.tolist(), sides.tolist(), strict=True):
            if likely < calibration.threshold:
                continue
            target = targets[column]
            best = max(range(len(LABELS)), key=probs.__getitem__)
            confidence = likely * probs[best]
            yield Stance(
                target.topic, target.id, LABELS[best], tuple(probs), confidence, confidence < calibration.abstain
            )

    def _mere_topic(self, view: View, likely: np.ndarray) -> Iterator[Stance]:
        """The likeliest topic among those that are named, if it is likely enough."""
        named = self.names.found(f"{view.title}\n{view.cue}\n{view.content}")
        rated = [(p, t.id) for p, t in zip(likely.tolist(), self.topics.topics, strict=True) if t.id in named]
        if rated and max(rated)[0] >= self.judge.calibration.topic:
            yield Stance(max(rated)[1], None, "neutral", (0.0, 0.0, 1.0), max(rated)[0])


def neutral_if_unrelated(about: np.ndarray, sides: np.ndarray) -> np.ndarray:
    """P(favor, against, neutral) [n, 3] where what does not bear on its target counts as neutral.

    >>> import numpy as np
    >>> neutral_if_unrelated(np.array([0.5]), np.array([[0.6, 0.3, 0.1]])).round(2).tolist()
    [[0.3, 0.15, 0.55]]
    """
    probs = about[:, None] * sides
    probs[:, LABELS.index("neutral")] += 1 - about
    return probs


def classify_pairs(judge: Judge, views: Sequence[View], targets: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Judge texts that come with a target each, outside any shortlist.

    A model that learned to reads text and target together: that tells better than one pass for all targets what the
    text says of this one, and costs no more where each text has its own.

    Args:
        judge: the stance model.
        views: the texts.
        targets: what each of them is judged on, in words.

    Returns:
        P(bears on its target) [n] and P(favor, against, neutral | it does) [n, 3].
    """
    import numpy as np

    parts, calibration = judge.composer.parts(views), judge.calibration
    if calibration.pair_stance:
        logits = judge.pairs(list(zip(parts, targets, strict=True)))
        return sigmoid(calibration.pair_about * about_logit(logits)), softmax(calibration.pair_stance * centred(logits))
    logits = judge.each(parts, targets)
    return probabilities(logits, np.zeros_like(logits), np.zeros(len(parts)), calibration)
