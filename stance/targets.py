"""Which targets a statement may bear on: the stance model's one-pass head over all targets, and the targets' aliases.

The head finds targets by what they mean, whatever the wording; an alias that stands in the statement gets its target a
second look even where the head is doubtful. What is not shortlisted here is never judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stance.judge import CANDIDATES, Calibration, Judge, about_logit, sigmoid, target_text, topic_text
from stance.types import Doc
from stance.view import View, view_of

if TYPE_CHECKING:
    import numpy as np

    from stance.config import Target, Topic, Topics


class Shortlister:
    """Fills `Statement.candidates`: (target id, probability that the statement bears on it), likeliest first.

    Args:
        judge: the stance model.
        topics: what is asked. A target that training knew has its learned correction as long as its text is the same;
            any other is understood by its text alone.
        most: how many are kept of the targets that the head finds likeliest, and of those with an alias in it.

    >>> Shortlister(judge, load_topics())(docs)[0].statements[0].candidates  # doctest: +SKIP
    (('brics', 0.93), ('global-south', 0.11))
    """

    def __init__(self, judge: Judge, topics: Topics, most: int = CANDIDATES) -> None:
        self.judge = judge
        self.targets = topics.targets
        self.texts = questions(topics)
        self.aliases = Aliases(self.targets)
        self.most = most

    def __call__(self, docs: list[Doc]) -> list[Doc]:
        views = [view_of(doc, statement) for doc in docs for statement in doc.statements]
        many = self.judge.ask(views, self.texts)[:, : len(self.targets)]
        named = self.aliases.table(views)
        likely = likeliness(many, named, self.judge.calibration)
        rows = iter(zip(about_logit(many), named, likely, strict=True))
        return [
            doc.with_statements(replace(s, candidates=self._candidates(*next(rows))) for s in doc.statements)
            for doc in docs
        ]

    def _candidates(self, head: np.ndarray, named: np.ndarray, likely: np.ndarray) -> tuple[tuple[str, float], ...]:
        order = sorted(range(len(self.targets)), key=lambda i: (-head[i], i))
        found = {i for i in order[: self.most] if likely[i] >= self.judge.calibration.candidate}
        found |= set([i for i in order if named[i]][: self.most])
        return tuple((self.targets[i].id, float(likely[i])) for i in sorted(found, key=lambda i: (-likely[i], i)))


def questions(topics: Topics) -> tuple[str, ...]:
    """What the model is asked of each statement: every target, then every topic, in the order of the file."""
    return (*map(target_text, topics.targets), *map(topic_text, topics.topics))


def likeliness(many: np.ndarray, named: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Probability of bearing on a target [...] by the one-pass head's logits [..., 4] and the aliases [...]."""
    if calibration.asks_pairs:
        # weights that were fitted for both ways together mean nothing for one alone; here the head's own logit serves
        return sigmoid(about_logit(many))
    weight, _, constant = calibration.about
    return sigmoid(weight * about_logit(many) + calibration.alias * named + constant)


class Aliases:
    """Finds targets by their aliases in cue and content: whole words in any case, whatever white space lies between.

    >>> from stance.config import load_topics
    >>> Aliases(load_topics().targets).found("a seat at the brics table")
    {'brics'}
    """

    def __init__(self, targets: Iterable[Target | Topic]) -> None:
        self.targets = tuple(targets)
        owners: dict[str, set[str]] = {}
        for target in self.targets:
            for alias in target.aliases:
                owners.setdefault(_plain(alias), set()).add(target.id)
        self.entries = [
            (alias, re.compile(rf"(?<!\w){re.escape(alias)}(?!\w)"), ids) for alias, ids in sorted(owners.items())
        ]

    def table(self, views: Sequence[View]) -> np.ndarray:
        """[statements, targets]: whether an alias of the target stands in cue or content."""
        import numpy as np

        found = [self.found(f"{view.cue}\n{view.content}") for view in views]
        rows = [[target.id in ids for target in self.targets] for ids in found]
        return np.array(rows, dtype=bool).reshape(len(views), len(self.targets))

    def found(self, text: str) -> set[str]:
        """Ids of the targets that have an alias in the text."""
        plain = _plain(text)
        found: set[str] = set()
        for alias, pattern, ids in self.entries:
            if alias in plain and pattern.search(plain):  # the plain test is fast and seldom true
                found |= ids
        return found


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())
