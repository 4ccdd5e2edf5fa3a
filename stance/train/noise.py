"""Labels that are probably wrong: those that a model of the other articles confidently disagrees with."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stance.config import Topics
from stance.judge import Judge, centred, probabilities
from stance.targets import Aliases, questions
from stance.train.doubts import Doubt, shown
from stance.types import LABELS, Doc, Statement
from stance.view import view_of

if TYPE_CHECKING:
    import numpy as np

FOLDS = 5
LEAST = 40
"""Labelled pairs without which cross-validation says nothing."""
STRENGTH = 0.1
"""Inverse of the penalty of the logistic regression."""
SURE = 0.93
"""Probability from which on a target that is not marked is worth a look."""


@dataclass(frozen=True)
class _Labelled:
    doc: Doc
    statement: Statement
    target: str
    label: int


def noisy_labels(docs: Sequence[Doc], judge: Judge, topics: Topics) -> list[Doubt]:
    """Stances and targets of annotated articles that deserve a second look, the most doubtful first.

    A logistic regression on the model's logits for the target predicts the stances of each fold of articles from the
    others. A label is doubted where another one is at least as probable as it is on the average where it was given:
    the rule of Northcutt, Jiang and Chuang 2021, "Confident Learning". Where one in twelve of 490 stances was
    exchanged, 57 were doubted, 23 of them among the 39 exchanged; with the vectors of the statements as further
    inputs, more were doubted and fewer found.
    """
    import numpy as np

    place = {target.id: column for column, target in enumerate(topics.targets)}
    statements = [(doc, statement) for doc in docs for statement in doc.statements]
    if not statements:
        return []
    views = [view_of(doc, statement) for doc, statement in statements]
    logits = judge.ask(views, questions(topics))[:, : len(place)]
    rows, inputs = [], []
    for number, (doc, statement) in enumerate(statements):
        for stance in statement.stances:
            if stance.target in place:
                rows.append(_Labelled(doc, statement, stance.target, LABELS.index(stance.label)))
                inputs.append(centred(logits[number, place[stance.target]]))
    likely, _ = probabilities(logits, np.zeros_like(logits), Aliases(topics.targets).table(views), judge.calibration)
    return [*_doubted(rows, inputs), *_missing(statements, likely, [*place])]


def _doubted(rows: Sequence[_Labelled], inputs: Sequence[np.ndarray]) -> list[Doubt]:
    import numpy as np

    labels = np.array([row.label for row in rows])
    groups = [row.doc.article.id for row in rows]
    folds = min(FOLDS, len(set(groups)))
    if len(rows) < LEAST or folds < 2 or len(set(labels)) < 2:
        return []
    chances = _cross_validated(np.array(inputs), labels, groups, folds)
    own = chances[np.arange(len(rows)), labels]
    usual = [own[labels == k].mean() if (labels == k).any() else 1.0 for k in range(len(LABELS))]
    found = []
    for number, row in enumerate(rows):
        other = int(chances[number].argmax())
        if other != row.label and chances[number, other] >= usual[other]:
            sure = f"{own[number]:.2f}; {LABELS[other]}: {chances[number, other]:.2f}"
            what = shown(row.statement, row.doc.article.text)
            found.append(
                (own[number], Doubt("labels", row.doc.article.id, f"{row.target} {LABELS[row.label]} ({sure}) {what}"))
            )
    return [doubt for _, doubt in sorted(found, key=lambda pair: pair[0])]


def _cross_validated(inputs: np.ndarray, labels: np.ndarray, groups: Sequence[str], folds: int) -> np.ndarray:
    """Probability [rows, labels] of every label, each fold of articles predicted from the others."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    chances = np.zeros((len(labels), len(LABELS)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a class that stands in fewer articles than there are folds
        parts = list(StratifiedGroupKFold(folds).split(inputs, labels, groups))
    for known, asked in parts:
        if len(set(labels[known])) < 2:
            chances[asked, labels[known][0]] = 1.0
            continue
        model = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, max_iter=500))
        model.fit(inputs[known], labels[known])
        chances[np.ix_(asked, model.classes_)] = model.predict_proba(inputs[asked])
    return chances


def _missing(statements: Sequence[tuple[Doc, Statement]], likely: np.ndarray, ids: Sequence[str]) -> Iterator[Doubt]:
    import numpy as np

    for number, column in np.argwhere(likely >= SURE):
        doc, statement = statements[number]
        if ids[column] not in {stance.target for stance in statement.stances}:
            told = f"{ids[column]} ({likely[number, column]:.2f}): {shown(statement, doc.article.text)}"
            yield Doubt("missing", doc.article.id, told)


def unmarked_statements(docs: Sequence[Doc], folder: Path) -> list[Doubt]:
    """Statements that an attribution model is sure of and nobody has marked, the surest first."""
    from stance.link import Linker
    from stance.metrics import match_statements
    from stance.tag import AttributionModel, Tagger

    model = AttributionModel.load(folder)
    blank = [doc.with_statements(()) for doc in docs]
    found = []
    for doc, own in zip(docs, Linker(model, SURE)(Tagger(model)(blank)), strict=True):
        matched = {j for _, j in match_statements(doc.statements, own.statements)}
        for number, statement in enumerate(own.statements):
            if number not in matched:
                told = f"({statement.score:.2f}) {shown(statement, doc.article.text)}"
                found.append((-statement.score, Doubt("statements", doc.article.id, told)))
    return [doubt for _, doubt in sorted(found, key=lambda pair: pair[0])]
