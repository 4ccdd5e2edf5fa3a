"""How far any number of coders of the same articles agree: which of their statements are one, and each decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations, permutations
from typing import Any, ClassVar, Self

import numpy as np

from stance.metrics.agreement import WordAlpha, alpha, roles, words_of
from stance.metrics.articles import KINDS
from stance.metrics.counts import PRF, Cells, Count, Floats, Scores, collect
from stance.metrics.spans import jaccard
from stance.metrics.statements import in_order, match_statements, units
from stance.segment import segment
from stance.types import LABELS, Doc, Statement

Coded = Sequence[Doc | None]
"""One article as each coder has it, in the order of the coders; None where a coder has not coded it."""
Group = tuple[Statement | None, ...]
"""One statement as each coder has it; None where a coder has no such statement."""
NONE = "none"
"""Of a target that a coder does not list."""


class Coincidences(Cells):
    """How often which two values meet in one unit; the value is Krippendorff's alpha (nominal data).

    A unit that m coders have judged counts each of its ordered pairs 1 / (m - 1) times (Krippendorff 2011).
    """

    labels: ClassVar[tuple[str, ...]]
    __slots__ = ()

    @classmethod
    def of(cls, judged: Iterable[Sequence[Hashable]]) -> Self:
        """From the values that coders gave each unit; those who gave none left out."""
        place = {label: number for number, label in enumerate(cls.labels)}
        table = np.zeros((len(place), len(place)))
        for values in judged:
            for one, other in permutations(values, 2):
                table[place[str(one)], place[str(other)]] += 1 / (len(values) - 1)
        return cls(tuple(table.ravel().tolist()))

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        size = len(cls.labels)
        return alpha(sums.reshape(*sums.shape[:-1], size, size))

    def numbers(self) -> dict[str, Any]:
        return {"labels": list(self.labels), "values": round(sum(self.cells))}


class Whether(Coincidences):
    labels: ClassVar = ("yes", "no")
    __slots__ = ()


class Kinds(Coincidences):
    labels: ClassVar = KINDS
    __slots__ = ()


class Roles(Coincidences):
    labels: ClassVar = WordAlpha.labels
    __slots__ = ()


class Sides(Coincidences):
    labels: ClassVar = LABELS
    __slots__ = ()


class SidesOrNone(Coincidences):
    labels: ClassVar = (*LABELS, NONE)
    __slots__ = ()


def aligned(coded: Coded, threshold: float = 0.5) -> list[Group]:
    """The statements of an article, each with what every coder has of it, in the order of the text.

    Any two coders' statements are paired as `match_statements` does; pairs are joined, the most alike first, as long
    as no coder has two statements in one group. The order of the coders makes no difference.
    """
    own = [in_order(doc.statements) if doc else [] for doc in coded]
    pairs = [
        (-jaccard(own[a][i].content, own[b][j].content), (a, i), (b, j))
        for a, b in combinations(range(len(own)), 2)
        for i, j in match_statements(own[a], own[b], threshold)
    ]
    groups = {(coder, i): {coder: s} for coder, found in enumerate(own) for i, s in enumerate(found)}
    for _, one, other in sorted(pairs):
        left, right = groups[one], groups[other]
        if not left.keys() & right.keys():
            left |= right
            groups |= {member: left for member, group in groups.items() if group is right}
    whole = {id(group): tuple(map(group.get, range(len(own)))) for group in groups.values()}
    return sorted(whole.values(), key=lambda group: min(s.content for s in group if s))


def coders(articles: Sequence[Coded], threshold: float = 0.5) -> Scores:
    """Score every decision over all coders; see `metrics.articles` for what two of them have in common.

    Args:
        articles: each as its coders have it, at least two of them.
        threshold: least character Jaccard of two contents that are one statement.

    Names, Krippendorff's alpha: "sentences.alpha" (whether a statement begins in a sentence), "words.alpha" (whether a
    word is part of a source, cue or content), and of statements that several coders have "kind.alpha",
    "targets.alpha" (which of all targets that anybody has listed a statement bears on) and "stance.alpha" (favor,
    against or neutral, where two have listed the target). For each target: "TARGET.alpha" (favor, against, neutral or
    not listed), and, over all pairs of coders, "TARGET.target" (F1 of listing it) and "TARGET.stance" (F1 of listing
    it with that side).

    Raises:
        ValueError: there is no article.
    """
    grouped = [[told for group in aligned(coded, threshold) if len(told := _told(group)) > 1] for coded in articles]
    targets = sorted({target for groups in grouped for told in groups for s in told for target in units(s, True)})
    ids = [next(doc.article.id for doc in coded if doc) for coded in articles]
    return collect(ids, [_counts(*article, targets) for article in zip(articles, grouped, strict=True)])


def _told(group: Group) -> list[Statement]:
    return [s for s in group if s]


def _counts(coded: Coded, groups: Sequence[Sequence[Statement]], targets: Sequence[str]) -> dict[str, Count]:
    docs = [doc for doc in coded if doc]
    words = words_of(docs[0].article.text)
    listed = [[units(s, True) for s in told] for told in groups]
    sides = {target: [[own.get(target, NONE) for own in told] for told in listed] for target in targets}
    given = [[side for side in unit if side != NONE] for units_ in sides.values() for unit in units_]
    counts: dict[str, Count] = {
        "sentences.alpha": Whether.of(_begun(docs)),
        "words.alpha": Roles.of(zip(*(roles(doc, words) for doc in docs), strict=True)),
        "kind.alpha": Kinds.of([s.kind for s in told] for told in groups),
        "targets.alpha": Whether.of(
            ["no" if side == NONE else "yes" for side in unit] for units_ in sides.values() for unit in units_
        ),
        "stance.alpha": Sides.of(given),
    }
    for target, judged in sides.items():
        counts[f"{target}.alpha"] = SidesOrNone.of(judged)
        counts[f"{target}.target"], counts[f"{target}.stance"] = _pairwise(judged)
    return counts


def _begun(docs: Sequence[Doc]) -> list[list[str]]:
    """For each sentence what each coder says: whether a statement begins in it."""
    (whole,) = segment([Doc(docs[0].article)])
    starts = [Counter(s.content[0].start for s in doc.statements) for doc in docs]
    return [
        ["yes" if any(sentence.start <= start < sentence.end for start in own) else "no" for own in starts]
        for sentence in whole.sentences
    ]


def _pairwise(judged: Iterable[Sequence[str]]) -> tuple[PRF, PRF]:
    """F1 of listing a target, and of listing it with a side, over all pairs of coders."""
    target, stance = PRF(), PRF()
    for one, other in (pair for unit in judged for pair in combinations(unit, 2)):
        mine, theirs = one != NONE, other != NONE
        target += PRF(mine and theirs, theirs, mine)
        stance += PRF(mine and one == other, theirs, mine)
    return target, stance
