"""Which articles a model learns from, and which show whether it learned: whole articles, the latest held out.

What is nearly the same article, or came out on the same day of the same event, must not stand on both sides, or the
held-out part would be known. So near duplicates always stay together, and articles of one day where there are days
enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stance.errors import InputError
from stance.train.refuse import alike
from stance.types import Doc

LEAST = 4
"""Articles without which nothing can be held out."""
TESTED = 2
"""Held-out articles without which nothing can be tested."""


@dataclass(frozen=True, slots=True)
class Split:
    """Articles to learn from, and held-out ones."""

    train: tuple[Doc, ...]
    held_out: tuple[Doc, ...]
    how: str
    """In words, for the card."""


def split(docs: Sequence[Doc], share: float) -> Split:
    """Hold out a share of the articles, the latest ones by date; by id where they have no dates.

    Args:
        docs: annotated articles.
        share: of the articles, above 0 and below 1.

    Raises:
        InputError: there are too few articles that differ.
    """
    dated = sum(bool(doc.article.date) for doc in docs) > len(docs) / 2
    near = alike([doc.article.text for doc in docs])
    groups = _groups(docs, [*near, *(_same_day(docs) if dated else ())])
    if max(map(len, groups), default=0) > len(docs) * share:
        groups = _groups(docs, near)
    if len(groups) < LEAST:
        raise InputError(
            f"{len(docs)} articles, of which {len(groups)} differ, are too few to hold some out. Give at least {LEAST} "
            "different ones, or held-out articles of their own with --held-out FILE."
        )
    groups.sort(key=lambda group: max((docs[i].article.date or "", docs[i].article.id) for i in group))
    held: list[int] = []
    while len(groups) > 1 and (len(held) + len(groups[-1]) / 2 <= len(docs) * share or len(held) < TESTED):
        held += groups.pop()
    chosen = set(held)
    how = "the latest by date" if dated else "the last by id, for most have no date"
    return Split(
        tuple(doc for i, doc in enumerate(docs) if i not in chosen),
        tuple(doc for i, doc in enumerate(docs) if i in chosen),
        f"{len(chosen)} of {len(docs)} articles, {how}; near duplicates on one side",
    )


def _same_day(docs: Sequence[Doc]) -> Iterable[tuple[int, int]]:
    first: dict[str, int] = {}
    for place, doc in enumerate(docs):
        if doc.article.date:
            yield first.setdefault(doc.article.date, place), place


def _groups(docs: Sequence[Doc], pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Places joined by pairs."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(docs)))
    graph.add_edges_from(pairs)
    return [sorted(part) for part in nx.connected_components(graph)]
