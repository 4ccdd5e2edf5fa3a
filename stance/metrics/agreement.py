"""How far two coders agree beyond chance (Krippendorff's alpha for nominal data)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import ClassVar

import numpy as np

from stance.metrics.counts import Confusion, Floats, divide
from stance.metrics.spans import PARTS, part
from stance.types import Doc, Span

_WORD = re.compile(r"\w+")


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float:
    """Alpha of any number of coders; a unit holds the values that coders gave it, those who gave none left out.

    1 - observed over expected disagreement (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability");
    NaN where nobody could disagree (one value only, or no unit with two values).

    >>> krippendorff_alpha([("a", "a"), ("b", "b"), ("a", "b"), ("b",)])
    0.4444444444444444
    """
    paired = [Counter(unit) for unit in units if len(unit) > 1]
    totals: Counter[Hashable] = Counter()
    observed = 0.0
    for counts in paired:
        size = sum(counts.values())
        totals.update(counts)
        observed += sum(n * (size - n) for n in counts.values()) / (size - 1)
    n = sum(totals.values())
    expected = sum(count * (n - count) for count in totals.values()) / (n - 1) if n > 1 else 0.0
    return 1 - observed / expected if expected else float("nan")


def alpha(coincidences: Floats) -> Floats:
    """Alpha of tables of coincidences, [..., labels, labels] to [...]; NaN where nobody could disagree."""
    totals = coincidences.sum(-1)
    n = totals.sum(-1)
    observed = n - np.trace(coincidences, axis1=-2, axis2=-1)
    expected = divide((totals * (n[..., None] - totals)).sum(-1), n - 1, empty=0.0)
    return 1 - divide(observed, expected)


class Alpha(Confusion):
    """The table of two coders' labels; its value is Krippendorff's alpha. Who is gold makes no difference."""

    __slots__ = ()

    @classmethod
    def values(cls, sums: Floats) -> Floats:
        size = len(cls.labels)
        table = sums.reshape(*sums.shape[:-1], size, size)
        return alpha(table + np.swapaxes(table, -1, -2))  # each pair of values counts in both orders


class KindAlpha(Alpha):
    """Alpha of the kinds of statements."""

    labels: ClassVar = ("direct", "mixed", "indirect")
    __slots__ = ()


class WordAlpha(Alpha):
    """Alpha of what each word of the text is: part of a source, cue or content, or of none (PolNeAR's measure)."""

    labels: ClassVar = (*PARTS, "none")
    __slots__ = ()

    @classmethod
    def of_docs(cls, gold: Doc, predicted: Doc) -> WordAlpha:
        words = words_of(gold.article.text)
        return cls.of(list(zip(roles(gold, words), roles(predicted, words), strict=True)))


def words_of(text: str) -> list[Span]:
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def roles(doc: Doc, words: Sequence[Span]) -> list[str]:
    """The role of each word; a cue or source inside a content is a cue or source."""
    own = np.full(len(doc.article.text) + 1, len(PARTS))
    for number in (2, 0, 1):
        for statement in doc.statements:
            for span in part(statement, PARTS[number]):
                own[span.start : span.end] = number
    return [WordAlpha.labels[own[word.start]] for word in words]
