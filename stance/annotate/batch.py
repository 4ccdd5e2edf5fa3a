"""What to annotate next: statements, or whole articles, of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stance.annotate.candidates import Candidate, Candidates, candidates
from stance.annotate.doubt import asked, doubts
from stance.annotate.sampling import Strategy, pick
from stance.errors import InputError
from stance.types import Doc

if TYPE_CHECKING:
    import numpy as np

    from stance.config import Topics
    from stance.judge import Judge


@dataclass(frozen=True)
class Batch:
    docs: tuple[Doc, ...]
    """What is to be annotated, what is most doubtful first, with the model's labels."""
    found: Candidates
    topics: Counter[str]
    """Topics that the model sees in it, with their statements."""


def next_batch(
    docs: Sequence[Doc],
    done: Iterable[Doc],
    judge: Judge,
    topics: Topics,
    n: int,
    strategy: Strategy = "uncertainty",
    whole: bool = False,
    seed: int = 0,
) -> Batch:
    """Choose statements of a run, each alone, or whole articles.

    Args:
        docs: the run's articles.
        done: annotated articles; what they hold is not chosen again.
        judge: the stance model, for doubts and for how alike statements are.
        topics: those of the run.
        n: statements, or articles, at the most.
        strategy: see `sampling.pick`.
        whole: choose articles, by the mean of their statements' doubts.
        seed: of the choice.

    Raises:
        InputError: nothing is left to annotate.
    """
    found = candidates(docs, done)
    if not found.open:
        raise InputError(f"Nothing is left to annotate: {found.done} statements are done, or copies of such.")
    seen = doubts(found.open, judge, topics)
    vectors = judge.text_vectors([_text(one) for one in found.open])
    if whole:
        docs = _articles(found.open, seen.total, vectors, n, strategy, seed)
    else:
        places = pick(strategy, n, seen.total, vectors, seed)
        docs = _joined([asked(found.open[i], seen.about[i], topics) for i in places])
    told = Counter(topic for doc in docs for s in doc.statements for topic in {stance.topic for stance in s.stances})
    return Batch(tuple(docs), found, told)


def _text(one: Candidate) -> str:
    text = one.doc.article.text
    cue = one.statement.cue
    return f"{cue.text(text) if cue else ''} {one.statement.content_text(text)}".strip()


def _joined(chosen: Iterable[Candidate]) -> list[Doc]:
    """Articles with their chosen statements, in the order of the first chosen one of each."""
    kept: dict[str, list[Candidate]] = {}
    for one in chosen:
        kept.setdefault(one.doc.article.id, []).append(one)
    return [
        own[0].doc.with_statements(sorted((one.statement for one in own), key=lambda s: s.content))
        for own in kept.values()
    ]


def _articles(
    found: Sequence[Candidate], doubt: np.ndarray, vectors: np.ndarray, n: int, strategy: Strategy, seed: int
) -> list[Doc]:
    import numpy as np

    rows: dict[str, list[int]] = {}
    for row, one in enumerate(found):
        rows.setdefault(one.doc.article.id, []).append(row)
    own = [*rows.values()]
    means = np.array([doubt[places].mean() for places in own]), np.stack([vectors[places].mean(0) for places in own])
    return [found[own[i][0]].doc for i in pick(strategy, n, *means, seed)]
