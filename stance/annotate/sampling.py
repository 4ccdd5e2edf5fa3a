"""Which of many things a person should label next: what a model doubts, of all kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

Strategy = Literal["uncertainty", "diverse", "random"]
POOL = 10
"""So many times as are wanted, the most doubtful ones, are grouped."""


def pick(strategy: Strategy, n: int, doubt: np.ndarray, vectors: np.ndarray, seed: int = 0) -> list[int]:
    """Places of the things to label, what is most doubtful first.

    - `uncertainty`: the most doubtful ones in as many groups as are wanted (k-means over their vectors), and of each
      group the most doubtful, so that no two ask the same (after Zhdanov 2019, "Diverse mini-batch active learning");
    - `diverse`: all in as many groups, and of each the one nearest to its centre, whatever the doubt;
    - `random`: by lot.

    Args:
        strategy: one of these.
        n: how many; all, where there are no more.
        doubt: [things], the more the less is known of it.
        vectors: [things, width], near each other where things are alike.
        seed: of the lot, and of where k-means begins.
    """
    import numpy as np

    chance = np.random.default_rng(seed)
    if n >= len(doubt):
        found = np.arange(len(doubt))
    elif strategy == "random":
        found = chance.permutation(len(doubt))[:n]
    else:
        first = np.argsort(-doubt, kind="stable")[: POOL * n] if strategy == "uncertainty" else np.arange(len(doubt))
        found = first[_one_of_each(n, doubt[first], vectors[first], strategy == "uncertainty", seed)]
    return [int(i) for i in found[np.argsort(-doubt[found], kind="stable")]]


def _one_of_each(n: int, doubt: np.ndarray, vectors: np.ndarray, doubtful: bool, seed: int) -> list[int]:
    """One of each of n groups: the most doubtful, or the nearest to the centre."""
    import numpy as np
    from sklearn.cluster import KMeans

    means = KMeans(n, n_init=1, max_iter=20, random_state=seed).fit(vectors)
    worth = doubt if doubtful else -((vectors - means.cluster_centers_[means.labels_]) ** 2).sum(1)
    groups = (np.flatnonzero(means.labels_ == number) for number in range(n))
    return [int(group[np.argmax(worth[group])]) for group in groups if len(group)]
