"""What words alone give: logistic regression on TF-IDF, learned from training rows, to be laid beside the models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stance.errors import InputError
from stance.evaluate.pairs import PairRow, Predictor, Probs
from stance.types import LABELS, Doc, Stance, Statement

if TYPE_CHECKING:
    from stance.config import Topics

LEAST = 3
"""Training statements that a target must have to be learned."""


def tfidf(train: Sequence[PairRow]) -> Predictor:
    """Logistic regression on TF-IDF of the words of the text, of the target, and of both together (their product).

    Raises InputError for rows that are too few, or all of one label.

    The products let a word count for or against one target only, for targets that the training rows have.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    def crossed(row: PairRow) -> list[str]:
        target = "_".join(row.target.lower().split())
        return [f"{target}|{word}" for word in row.text.lower().split()]

    features = make_union(
        TfidfVectorizer(preprocessor=lambda row: row.text.lower(), ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(preprocessor=lambda row: row.target.lower(), token_pattern=r"\w+"),
        TfidfVectorizer(analyzer=crossed, min_df=2, sublinear_tf=True),
    )
    model = make_pipeline(features, LogisticRegression(C=4.0, max_iter=1000))
    try:
        model.fit(list(train), [row.label for row in train])
    except ValueError as error:
        raise _too_little(len(train), "rows", error) from error
    order = [list(model.classes_).index(label) if label in model.classes_ else None for label in LABELS]

    def predict(rows: Sequence[PairRow]) -> list[Probs]:
        found = model.predict_proba(list(rows)).tolist()
        return [tuple(0.0 if i is None else row[i] for i in order) for row in found]  # type: ignore[misc]

    return predict


class WordStances:
    """Targets and stances of statements by the words of cue and content.

    A target is given from a probability of 0.5 on, by a regression of its own with both classes weighted alike; its
    label is that of `tfidf` over the statements that have a target.

    Args:
        train: annotated articles.
        topics: what there is to be given.
    """

    name = "gold speakers, TF-IDF"

    def __init__(self, train: Sequence[Doc], topics: Topics) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression

        self._topics = topics
        statements = [(_words(doc, s), s) for doc in train for s in doc.statements]
        known = {target.id for target in topics.targets}
        counts = [x.target for _, s in statements for x in s.stances if x.target in known]
        self._targets = sorted({target for target in counts if LEAST <= counts.count(target) < len(statements)})
        self._vectors = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        try:
            features = self._vectors.fit_transform([text for text, _ in statements])
        except ValueError as error:
            raise _too_little(len(statements), "statements", error) from error
        self._models = [
            LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(
                features, [any(x.target == target for x in s.stances) for _, s in statements]
            )
            for target in self._targets
        ]
        rows = [PairRow(text, x.target, x.label) for text, s in statements for x in s.stances if x.target]
        self._sides = tfidf(rows)

    def __call__(self, docs: list[Doc]) -> list[Doc]:
        return [doc.with_statements(self._judged(doc)) for doc in docs]

    def _judged(self, doc: Doc) -> list[Statement]:
        if not doc.statements:
            return []
        texts = [_words(doc, s) for s in doc.statements]
        features = self._vectors.transform(texts)
        likely = np.array([model.predict_proba(features)[:, 1] for model in self._models]).T.reshape(len(texts), -1)
        return [
            replace(
                s, stances=tuple(self._stance(text, t, p) for t, p in zip(self._targets, row, strict=True) if p >= 0.5)
            )
            for s, text, row in zip(doc.statements, texts, likely.tolist(), strict=True)
        ]

    def _stance(self, text: str, target: str, likely: float) -> Stance:
        (probs,) = self._sides([PairRow(text, target, "")])
        best = max(range(len(LABELS)), key=probs.__getitem__)
        return Stance(self._topics[target].topic, target, LABELS[best], probs, likely * probs[best])


def _too_little(count: int, what: str, error: ValueError) -> InputError:
    return InputError(
        f"The TF-IDF baseline cannot learn from {count} {what} (those that are evaluated on are left out): {error}. "
        "Give others with --train, or none."
    )


def _words(doc: Doc, statement: Statement) -> str:
    text = doc.article.text
    return f"{statement.cue.text(text) if statement.cue else ''} {statement.content_text(text)}"
