"""One speaker, one id: ids of a run that mean the same person or body, by name, affiliation and role.

Works on counts over all articles, so it depends neither on their order nor on the starts that labelled them. Names
that are alike are joined only where affiliation and role speak for it, or at least not against it; what remains likely
is left to people, as a suggestion.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, pairwise

from stance.resolve import countries
from stance.resolve.registry import plain
from stance.speakers.census import Census, Entry
from stance.speakers.spelling import (
    Words,
    forms,
    name_words,
    names_of_two,
    preceded,
    rotations,
    shorter,
    skeleton,
    variant,
)

_EMPTY = frozenset("of the for and in to a an s former ex deputy acting vice senior chief new then affairs".split())
_LONE = frozenset("military army navy police parliament presidency opposition".split())
"""Bodies of which a country has one, so that the word alone names it."""


@dataclass
class Cluster:
    """Ids that mean the same speaker."""

    ids: list[str]
    words: Words
    entry: Entry
    known: bool = False
    """Whether one of them is of the registry."""
    places: frozenset[str] = field(init=False)
    roles: frozenset[str] = field(init=False)
    articles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.places = frozenset(filter(None, self.entry.affiliations))
        self.roles = role_stems(self.entry)
        self.articles = frozenset(self.entry.articles)

    def clash(self, other: Cluster) -> bool:
        """Whether affiliations and roles both say that these are two."""
        return self.elsewhere(other) and bool(self.roles and other.roles) and not self.roles & other.roles

    def elsewhere(self, other: Cluster) -> bool:
        """Whether both have affiliations, and none in common."""
        return bool(self.places and other.places) and not self.places & other.places


def join(found: Census, apart: Collection[str] = (), first: Collection[str] = ()) -> dict[str, str]:
    """The id that each id becomes.

    Args:
        found: what all articles say of each id.
        apart: ids that are not to be joined to any other.
        first: ids that give their name to what is joined with them.
    """
    leaders: dict[str, str] = {}
    free = {i: entry for i, entry in sorted(found.items()) if i not in apart}
    singles = [Cluster([i], name_words(e.name), e, known(i, e)) for i, e in free.items() if e.kind == "person"]
    for cluster in [*_attached(_variants(_same_name(singles))), *_bodies(free)]:
        leader = min(cluster.ids, key=lambda i: (i not in first, *_rank(i, found, cluster)))
        leaders |= {i: leader for i in cluster.ids}
    return leaders


def _rank(speaker_id: str, found: Census, cluster: Cluster) -> tuple[bool, bool, bool, bool, int, str]:
    """What makes an id the one that the others of its cluster take; lower is better."""
    entry = found[speaker_id]
    words = name_words(entry.name)
    others = (name_words(found[i].name) for i in cluster.ids)
    titled = any(preceded(other, words) for other in others)
    placed = entry.affiliation == cluster.entry.affiliation
    return not known(speaker_id, entry), len(words) == 1, titled, not placed, -entry.statements, speaker_id


def known(speaker_id: str, entry: Entry) -> bool:
    """Whether an id is of the registry: made ones carry their affiliation."""
    return "@" not in speaker_id and bool(entry.affiliation)


def role_stems(entry: Entry) -> frozenset[str]:
    """What somebody is, cut down to compare "spokesperson" with "spokesman"."""
    words = {word for role in entry.roles for word in re.findall(r"\w+", plain(role))}
    return frozenset(word[:6] for word in words if word not in _EMPTY and word not in _places())


@cache
def _places(country: str = "") -> frozenset[str]:
    """The words that name a country, its people and seats; of any country where none is given."""
    tables = (countries.names(), countries.adjectives(), countries.seats())
    named = (name for table in tables for name, of in table.items() if country in ("", of))
    return frozenset(word for name in named for word in plain(name).split())


def _same_name(clusters: Iterable[Cluster]) -> list[Cluster]:
    """Join full names that are the same when folded, but for those whose affiliations and roles clash."""
    groups: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        full = len(cluster.words) > 1
        groups["".join(cluster.words).replace("-", "") if full else cluster.ids[0]].append(cluster)
    return [joined for group in groups.values() for joined in _agreeing(group)]


def _agreeing(group: list[Cluster]) -> list[Cluster]:
    """One cluster where nothing clashes; else only those are joined that share an affiliation."""
    if any(a.clash(b) for a, b in combinations(group, 2)):
        return _joined(group, [(a, b) for a, b in combinations(group, 2) if a.places & b.places])
    return _joined(group, list(pairwise(group)))


def _variants(clusters: list[Cluster]) -> list[Cluster]:
    """Join names spelt or ordered differently, where no affiliation speaks against it; and bare names with titled."""
    near: dict[object, list[Cluster]] = defaultdict(list)
    named: dict[Words, list[Cluster]] = defaultdict(list)
    for cluster in (c for c in clusters if len(c.words) > 1):
        words = cluster.words
        for key in {(skeleton(words[0]), skeleton(words[-1])), *rotations(words)}:
            near[key].append(cluster)
        named[words].append(cluster)
    alike = {(a.ids[0], b.ids[0]): (a, b) for block in near.values() for a, b in combinations(block, 2)}
    pairs = [pair for pair in alike.values() if _spelt_alike(*pair)]
    for cluster in clusters:
        tails = (cluster.words[start:] for start in range(1, len(cluster.words) - 1))
        pairs += [(bare, cluster) for tail in tails if preceded(tail, cluster.words) for bare in named.get(tail, ())]
    return _joined(clusters, pairs)


def _spelt_alike(a: Cluster, b: Cluster) -> bool:
    if not variant(a.words, b.words) or a.elsewhere(b):
        return False
    return bool(a.roles & b.roles) or not names_of_two(a.words, b.words)


def _attached(clusters: list[Cluster]) -> list[Cluster]:
    """Join surnames, initials and other short forms to the one fuller name that they can stand for."""
    near: dict[tuple[str, str], list[Cluster]] = defaultdict(list)
    for cluster in (c for c in clusters if len(c.words) > 1):
        *given, surname = cluster.words
        near[skeleton(given[0]), ""].append(cluster)
        for letter in {"", *(word[0] for given_ in given for word in forms(given_))}:
            near[skeleton(surname), letter].append(cluster)
    pairs = []
    for cluster in (c for c in clusters if c.words):
        first = cluster.words[0][0] if len(cluster.words) > 1 else ""
        fuller = [other for other in near.get((skeleton(cluster.words[-1]), first), ()) if _stands_for(cluster, other)]
        fullest = [f for f in fuller if not any(shorter(f.words, other.words) for other in fuller)]
        if len({f.ids[0] for f in fullest}) == 1:
            pairs.append((cluster, fullest[0]))
    return _joined(clusters, pairs)


def _stands_for(short: Cluster, full: Cluster) -> bool:
    """Whether the short form of a name means this person, as far as affiliation and role tell."""
    if not shorter(short.words, full.words) or short.articles & full.articles:
        return False
    if len(short.words) == 1:
        return bool(short.roles & full.roles) and not short.elsewhere(full)
    if any(len(word) == 1 for word in short.words[:1]):
        return bool(short.places & full.places or short.roles & full.roles) and not short.elsewhere(full)
    return not short.elsewhere(full)


def _bodies(found: Census) -> list[Cluster]:
    """Join bodies of one country that differ in words like "Ministry of Defence", "Norway's Defense Ministry" only."""
    clusters = [
        Cluster([i], (), e, known(i, e)) for i, e in found.items() if e.kind == "organization" and e.affiliation
    ]
    groups: dict[tuple[str, ...], list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        place = cluster.entry.affiliation
        for words in {body_words(name, place) for name in cluster.entry.names}:
            if len(words) > 1 or set(words) & _LONE:
                groups[place, *words].append(cluster)
    return _joined(clusters, [pair for group in groups.values() for pair in pairwise(group)])


def body_words(name: str, affiliation: str) -> Words:
    """What tells a body from others of its country, in the order of the alphabet.

    >>> body_words("Norwegian Ministry of Defence", "Norway") == body_words("Norway's Defense Ministry", "Norway")
    True
    """
    words = re.findall(r"\w+", plain(name).replace("defence", "defense"))
    return tuple(sorted(word for word in words if word not in _EMPTY and word not in _places(affiliation)))


def _joined(clusters: list[Cluster], pairs: Iterable[tuple[Cluster, Cluster]]) -> list[Cluster]:
    """The clusters with those of each pair made one; two that the registry knows stay two."""
    parent = {c.ids[0]: c.ids[0] for c in clusters}
    is_known = {c.ids[0]: c.known for c in clusters}

    def root(one: str) -> str:
        while parent[one] != one:
            one = parent[one]
        return one

    for a, b in sorted(pairs, key=lambda pair: (pair[0].ids, pair[1].ids)):
        low, high = sorted((root(a.ids[0]), root(b.ids[0])))
        if low != high and not (is_known[low] and is_known[high]):
            parent[high] = low
            is_known[low] |= is_known[high]
    groups: dict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        groups[root(cluster.ids[0])].append(cluster)
    return [_merged(group) for group in groups.values()]


def _merged(clusters: list[Cluster]) -> Cluster:
    if len(clusters) == 1:
        return clusters[0]
    whole = Entry()
    for cluster in clusters:
        whole.take(cluster.entry)
    ids = sorted(i for cluster in clusters for i in cluster.ids)
    return Cluster(ids, name_words(whole.name), whole, any(cluster.known for cluster in clusters))
