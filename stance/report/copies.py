"""The same utterance in several articles: wire copy, and one speech reported by many. It is counted once."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from stance.speakers import NAMED

if TYPE_CHECKING:
    from stance.report.corpus import Said

SHORT = 6
"""Contents of fewer words are too common for nearly the same ones to be one utterance: they, their cue and their
source must be the same to the letter."""

DAYS = 7
"""Printings of one utterance lie no further apart; later on, somebody has said it again."""

SHARED = 0.5
"""Estimated Jaccard similarity of word pairs from which two contents are looked at closer."""

ALIKE = 90.0
"""Normalised indel similarity of two contents, in percent, from which they are the same words with other spelling,
punctuation or a word more."""

PERMUTATIONS = 64
WORD = re.compile(r"\w+(?:['’]\w+)?")
DENIALS = frozenset(("no", "not", "never", "nor", "neither", "without", "nobody", "nothing", "cannot"))


def printings(statements: Sequence[Said]) -> list[tuple[Said, ...]]:
    """Gather statements into utterances: the same words of the same speaker in articles within `DAYS` days.

    Candidates come from MinHash signatures of word pairs in a locality-sensitive hash table (Broder 1997; datasketch),
    and are checked against the utterance's first printing: wording (`ALIKE`), the same numbers and negations, speakers
    (those of one are all among those of the other, or unknown), dates. A part of a longer quotation is no copy of it.

    Returns:
        Each utterance with its printings, the one to count first: the earliest that names its speaker.
        Utterances are in the order of their counted printings in `statements`.
    """
    place = {id(said): number for number, said in enumerate(statements)}
    groups: list[list[Said]] = []
    finder = _Finder(statements)
    for said in sorted(statements, key=lambda s: (s.date or "9999", place[id(s)])):
        number = next((n for n in finder.candidates(said) if _prints(said, groups[n])), None)
        if number is None:
            finder.remember(said, len(groups))
            groups.append([said])
        else:
            groups[number].append(said)
    for group in groups:
        group.sort(key=lambda s: (not s.named, s.date or "9999", place[id(s)]))
    return sorted(map(tuple, groups), key=lambda group: place[id(group[0])])


class _Finder:
    """The utterances so far that may be the one a statement prints."""

    def __init__(self, statements: Sequence[Said]) -> None:
        from datasketch import MinHash, MinHashLSH

        long = [said for said in statements if len(words(said.text)) >= SHORT]
        hashes = MinHash.generator([_pairs(said.text) for said in long], num_perm=PERMUTATIONS)
        self._hashes = dict(zip(map(id, long), hashes, strict=True))
        self._table = MinHashLSH(threshold=SHARED, num_perm=PERMUTATIONS)
        self._short: dict[tuple[str, ...], list[int]] = defaultdict(list)

    def candidates(self, said: Said) -> Iterator[int]:
        """Numbers of utterances, the first remembered first."""
        if (own := self._hashes.get(id(said))) is None:
            yield from self._short.get(_letters(said), ())
        else:
            yield from sorted(self._table.query(own))

    def remember(self, said: Said, number: int) -> None:
        if (own := self._hashes.get(id(said))) is None:
            self._short[_letters(said)].append(number)
        else:
            self._table.insert(number, own, check_duplication=False)


def words(text: str) -> list[str]:
    return WORD.findall(text.casefold().replace("’", "'"))


def _pairs(text: str) -> list[bytes]:
    own = words(text)
    return [f"{left} {right}".encode() for left, right in itertools.pairwise(own)]


def _letters(said: Said) -> tuple[str, ...]:
    return (*words(said.source), "|", *words(said.cue), "|", *words(said.text))


def _prints(other: Said, group: Sequence[Said]) -> bool:
    """Whether a statement is one more printing of an utterance; an article that repeats itself is not."""
    from rapidfuzz import fuzz

    if other.article_id in {said.article_id for said in group}:
        return False
    first = group[0]
    mine, theirs = words(first.text), words(other.text)
    return (
        _near(first.date, other.date)
        and _compatible(first, other)
        and _telling(mine) == _telling(theirs)
        and fuzz.ratio(" ".join(mine), " ".join(theirs), score_cutoff=ALIKE) > 0
    )


def _near(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days) <= DAYS


def _compatible(one: Said, other: Said) -> bool:
    mine, theirs = ({s.id for s in said.speakers if s.kind in NAMED} for said in (one, other))
    return not mine or not theirs or mine <= theirs or theirs <= mine


def _telling(own: Sequence[str]) -> list[str]:
    """The words that turn a sentence into another one: numbers and negations."""
    return sorted(word for word in own if word in DENIALS or word.endswith("n't") or word[0].isdigit())
