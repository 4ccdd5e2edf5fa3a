"""Topics that a run speaks of and no target covers: clusters of its statements, as the beginning of a topics file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.store import read_run

if TYPE_CHECKING:
    import numpy as np

    from stance.judge import Judge

WORDS = 5
"""Contents with fewer words say too little to be grouped by."""

TYPICAL = 5
"""Statements shown of each cluster."""

STATEMENTS = 5000
"""Clustered at most, evenly drawn from the run: memory grows with their square."""

DISTANCE = 0.75
"""Mean cosine distance up to which clusters are joined."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A statement without a target."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """Statements on one matter."""

    words: tuple[str, ...]
    """What sets it apart, most telling first."""
    size: int
    articles: int
    typical: tuple[Uncovered, ...]
    """Nearest to its centre first."""


def uncovered(run: Path) -> list[Uncovered]:
    """The run's statements that bear on no target, in order; each wording once."""
    found: dict[str, Uncovered] = {}
    for _, rows in read_run(run):
        for row in rows:
            text = " ".join(row["text"].split())
            if len(text.split()) >= WORDS and not any(stance["target"] for stance in row["stances"]):
                found.setdefault(text.casefold(), Uncovered(row["statement_id"], text))
    statements = list(found.values())
    return statements[:: -(-len(statements) // STATEMENTS)] if statements else []


def suggest(run: Path, judge: Judge, most: int = 10, least: int = 5) -> list[Cluster]:
    """Cluster what no target covers (average linkage on the stance encoder's vectors).

    Args:
        run: a finished run's folder.
        judge: the stance model, for its encoder.
        most: clusters given at most, the largest first.
        least: statements in a cluster at least.

    Raises:
        InputError: too few statements have no target, or they have nothing in common.
    """
    from sklearn.cluster import AgglomerativeClustering

    statements = uncovered(run)
    if len(statements) < 2 * least:
        raise InputError(f"Only {len(statements)} statements of {run} have no target: too few to suggest topics from.")
    vectors = _vectors([statement.text for statement in statements], judge)
    linkage = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=DISTANCE)
    labels = linkage.fit_predict(vectors)
    groups = [[i for i, label in enumerate(labels) if label == number] for number in range(labels.max() + 1)]
    groups = sorted((group for group in groups if len(group) >= least), key=lambda group: (-len(group), group[0]))
    if not groups:
        raise InputError(f"No {least} statements of {run} without a target are alike. Try a lower --least.")
    telling = _telling([statement.text for statement in statements], groups)
    return [_cluster(group, words, statements, vectors) for group, words in zip(groups, telling, strict=True)][:most]


def _vectors(texts: Sequence[str], judge: Judge) -> np.ndarray:
    """Unit vectors [texts, width]: the encoder's, with the words that all statements share taken off."""
    import numpy as np

    vectors = judge.text_vectors(texts)
    vectors = vectors - vectors.mean(0)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-9)


def _telling(texts: Sequence[str], groups: Sequence[Sequence[int]]) -> list[tuple[str, ...]]:
    """For each group the words and pairs of words that are frequent in it and rare outside."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(ngram_range=(1, 2), stop_words="english", min_df=2, binary=True)
    table = counter.fit_transform(texts)
    names = np.array(counter.get_feature_names_out())
    whole = np.asarray(table.sum(0)).ravel()
    found = []
    for group in groups:
        inside = np.asarray(table[list(group)].sum(0)).ravel()
        score = inside * np.log((inside / len(group) + 1e-9) / (whole / len(texts)) + 1e-9)
        ranked = [str(name) for name in names[np.argsort(-score, kind="stable")[:12]]]
        found.append(tuple(_without_parts(ranked)[:4]))
    return found


def _without_parts(ranked: Sequence[str]) -> list[str]:
    """Without single words that stand in a pair of the list."""
    pairs = {word for name in ranked if " " in name for word in name.split()}
    return [name for name in ranked if " " in name or name not in pairs]


def _cluster(
    group: Sequence[int], words: tuple[str, ...], statements: Sequence[Uncovered], vectors: np.ndarray
) -> Cluster:
    centre = vectors[list(group)].mean(0)
    nearest = sorted(group, key=lambda i: (-float(vectors[i] @ centre), i))
    articles = len({statements[i].id.rpartition(":")[0] for i in group})
    return Cluster(words, len(group), articles, tuple(statements[i] for i in nearest[:TYPICAL]))


def as_yaml(clusters: Sequence[Cluster]) -> str:
    """The beginning of a topics file; the propositions are for a person to write."""
    import yaml

    lines = [
        "# Suggested from statements that no target covers. Write a proposition for each topic that you keep:",
        "# what can one be for or against? Then: stance topics check FILE, and label again with --topics FILE.",
        "extends: default",
        "topics:",
    ]
    taken: set[str] = set()
    for cluster in clusters:
        slug = _slug(cluster.words, taken)
        entry: dict[str, Any] = {"id": f"{slug}-target", "proposition": "…", "aliases": list(cluster.words)}
        lines.append(f"# {cluster.size} statements in {cluster.articles} articles, for example")
        lines += [f"#   {statement.id}: {statement.text[:160]}" for statement in cluster.typical]
        lines.append(f"- id: {slug}")
        flow = yaml.safe_dump(entry, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6).strip()
        lines += ["  targets:", f"  - {flow}"]
    return "\n".join(lines) + "\n"


def _slug(words: Sequence[str], taken: set[str]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", " ".join(words[:2]).casefold()).strip("-") or "topic"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug
