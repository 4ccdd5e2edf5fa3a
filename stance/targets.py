"""Which targets a statement may bear on: the stance model's one-pass head over all targets, and the targets' aliases.

The head finds targets by what they mean, whatever the wording; an alias that stands in the statement gets its target a
second look even where the head is doubtful. What is not shortlisted here is never judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from stance.judge import CANDIDATES, Calibration, Judge, about_logit, sigmoid, target_text, topic_text
from stance.types import Doc, Statement
from stance.view import view_of

if TYPE_CHECKING:
    import numpy as np

    from stance.config import Target, Topics


class Shortlister:
    """Fills `Statement.candidates`: (target id, probability that the statement bears on it), likeliest first.

    Args:
        judge: the stance model.
        topics: what is asked. A target that training knew has its learned correction as long as its text is the same;
            any other is understood by its text alone.
        most: candidates by probability at most; targets with an alias in the statement come on top, as many again.

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
        rows = iter(likeliness(many, self.judge.calibration))
        return [
            doc.with_statements(
                replace(statement, candidates=self._candidates(doc, statement, next(rows)))
                for statement in doc.statements
            )
            for doc in docs
        ]

    def _candidates(self, doc: Doc, statement: Statement, about: np.ndarray) -> tuple[tuple[str, float], ...]:
        order = sorted(range(len(self.targets)), key=lambda i: (-about[i], i))
        found = [i for i in order if about[i] >= self.judge.calibration.candidate][: self.most]
        named = self.aliases.found(named_text(doc, statement))
        found += [i for i in order if self.targets[i].id in named and i not in found][: self.most]
        return tuple((self.targets[i].id, float(about[i])) for i in found)


def questions(topics: Topics) -> tuple[str, ...]:
    """What the model is asked of each statement: every target, then every topic, in the order of the file."""
    return (*map(target_text, topics.targets), *map(topic_text, topics.topics))


def likeliness(many: np.ndarray, calibration: Calibration) -> np.ndarray:
    """Probability of bearing on a target [...] by the one-pass head alone, from its logits [..., 4]."""
    # weights that were fitted for both ways together mean nothing for one alone; there the head's own logit serves
    weight, _, constant = (1.0, 0.0, 0.0) if calibration.asks_pairs else calibration.about
    return sigmoid(weight * about_logit(many) + constant)


def named_text(doc: Doc, statement: Statement) -> str:
    """Where aliases are looked for: the statement's cue and content."""
    text = doc.article.text
    cue = statement.cue.text(text) if statement.cue else ""
    return f"{cue}\n{statement.content_text(text)}"


class Aliases:
    """Finds targets by their aliases: whole words in any case, whatever white space lies between them.

    >>> from stance.config import load_topics
    >>> Aliases(load_topics().targets).found("a seat at the brics table")
    {'brics'}
    """

    def __init__(self, targets: Iterable[Target]) -> None:
        owners: dict[str, set[str]] = {}
        for target in targets:
            for alias in target.aliases:
                owners.setdefault(_plain(alias), set()).add(target.id)
        self.entries = [
            (alias, re.compile(rf"(?<!\w){re.escape(alias)}(?!\w)"), ids) for alias, ids in sorted(owners.items())
        ]

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
