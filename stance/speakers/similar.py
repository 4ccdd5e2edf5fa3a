"""Speakers of a run that may be the same: suggestions for people, who decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations

from rapidfuzz import fuzz

from stance.resolve.registry import plain
from stance.speakers.census import Census, Entry
from stance.speakers.join import body_words
from stance.speakers.spelling import Words, name_words, shorter, skeleton, variant

ALIKE = 88
"""Likeness (0 to 100, rapidfuzz's ratio) from which two whole names may be spellings of one."""


def similar(found: Census, apart: Collection[str] = ()) -> dict[str, set[str]]:
    """For each speaker that may be somebody else of the list: whom.

    Persons whose names are spelt alike, or share a surname and affiliation or can be short for each other; bodies of
    the same words. Speakers that people took apart are left alone.
    """
    pairs: dict[str, set[str]] = defaultdict(set)
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    names: dict[str, Words] = {}
    for one, entry in found.items():
        if one not in apart and entry.kind in ("person", "organization"):
            names[one] = name_words(entry.name) if entry.kind == "person" else body_words(entry.name, entry.affiliation)
            for word in {skeleton(word) for word in names[one]} if entry.kind == "person" else {" ".join(names[one])}:
                blocks[entry.kind, word].append(one)
    for (kind, word), block in blocks.items():
        for a, b in combinations(sorted(block), 2) if word else ():
            if kind == "organization" or _alike(names[a], names[b], found[a], found[b]):
                pairs[a].add(b)
                pairs[b].add(a)
    return dict(pairs)


def _alike(a: Words, b: Words, first: Entry, second: Entry) -> bool:
    if variant(a, b) or fuzz.ratio(plain(first.name), plain(second.name)) >= ALIKE:
        return True
    if shorter(a, b) or shorter(b, a):
        return True
    same_place = bool(first.affiliation) and first.affiliation == second.affiliation
    return same_place and a[-1] == b[-1] and skeleton(a[0]) == skeleton(b[0])
