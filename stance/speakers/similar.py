"""Speakers of a run that may be the same: suggestions for people, who decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations

from rapidfuzz import fuzz

from stance.resolve.registry import plain
from stance.speakers.census import Census
from stance.speakers.join import Cluster, body_words
from stance.speakers.spelling import name_words, shorter, skeleton, variant

ALIKE = 88
"""Likeness (0 to 100, rapidfuzz's ratio) from which two whole names may be spellings of one."""

COMMON = 150
"""A word that more names than this have ("Mohammed") is no reason to compare them."""

MANY = 4
"""Who resembles more speakers than this ("Kim") tells nothing."""

PROPER = 3
"""Words from which a body's name tells it from all others, wherever it seems to be."""


def similar(found: Census, apart: Collection[str] = ()) -> dict[str, set[str]]:
    """For each speaker that may be somebody else of the list: whom.

    Persons whose names are spelt alike or can be short for each other, where affiliation or role does not speak against
    it; bodies of the same words. Speakers that people took apart are left alone.
    """
    blocks: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    for one, entry in sorted(found.items()):
        if entry.kind == "person" and one not in apart:
            words = name_words(entry.name)
            for word in {skeleton(word) for word in words}:
                blocks["person", word].append(Cluster([one], words, entry))
        elif entry.kind == "organization" and one not in apart:
            words = body_words(entry.name, entry.affiliation)
            blocks["body", " ".join(words)].append(Cluster([one], words, entry))
    pairs: dict[str, set[str]] = defaultdict(set)
    for (kind, word), block in blocks.items():
        alike = _persons if kind == "person" else _bodies
        for a, b in combinations(block, 2) if word and len(block) <= COMMON else ():
            if alike(a, b):
                pairs[a.ids[0]].add(b.ids[0])
                pairs[b.ids[0]].add(a.ids[0])
    vague = {one for one, others in pairs.items() if len(others) > MANY}
    clear = {one: others - vague for one, others in pairs.items() if one not in vague}
    return {one: others for one, others in clear.items() if others}


def _bodies(a: Cluster, b: Cluster) -> bool:
    return not a.elsewhere(b) or len(a.words) >= PROPER


def _persons(a: Cluster, b: Cluster) -> bool:
    if variant(a.words, b.words):
        return True
    one_surname = skeleton(a.words[-1]) == skeleton(b.words[-1])
    near = one_surname or bool(a.places & b.places)
    if near and fuzz.ratio(plain(a.entry.name), plain(b.entry.name)) >= ALIKE:
        return True
    if shorter(a.words, b.words) or shorter(b.words, a.words):
        return min(len(a.words), len(b.words)) > 1 or not a.elsewhere(b) or bool(a.roles & b.roles)
    return one_surname and bool(a.places & b.places and a.roles & b.roles) and a.words[0][:1] == b.words[0][:1]
