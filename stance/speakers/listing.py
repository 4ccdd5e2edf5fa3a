"""The speakers of a run as a list: the unresolved first, then those that may be the same, then all by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from stance.rows import Row
from stance.speakers.census import NAMED, UNKNOWN, Entry
from stance.speakers.settle import Settled
from stance.speakers.similar import similar

HOW = {
    "name": "by name",
    "surname": "by surname",
    "title": "by title",
    "pronoun": "by pronoun",
    "metonym": "by seat or capital",
    "side": "as a side",
    "joint": "as one of several",
    "registry": "by the registry",
    "context": "by context",
    "decision": "by decision",
}
"""What `how` of a speaker says, in the order of reports."""


@dataclass
class Listed:
    """One speaker of a run."""

    id: str
    entry: Entry = field(default_factory=Entry)
    sources: Counter[str] = field(default_factory=Counter)
    """What the articles write where the speaker speaks: "Marn", "he", "the mayor"."""
    also: Counter[str] = field(default_factory=Counter)
    """Ids of single articles that were joined or merged into this one, with their numbers of statements."""
    wikidata: str = ""
    similar: tuple[str, ...] = ()
    """Ids that may mean the same speaker."""

    @property
    def unresolved(self) -> bool:
        return self.id == UNKNOWN or self.entry.kind not in NAMED

    def as_dict(self) -> dict[str, Any]:
        """JSON values, counters by number."""
        entry = self.entry
        return {
            "id": self.id,
            "name": entry.name,
            "kind": entry.kind,
            "role": entry.role,
            "affiliation": entry.affiliation,
            "wikidata": self.wikidata,
            "statements": entry.statements,
            "articles": len(entry.articles),
            "names": dict(ranked(entry.names)),
            "sources": dict(ranked(self.sources)),
            "how": how_shares(entry.how),
            "also": dict(ranked(self.also)),
            "similar": list(self.similar),
        }


def listing(rows: Iterable[Row], settled: Settled) -> list[Listed]:
    """All speakers of a run: unresolved ones first, then by number of statements.

    Args:
        rows: the statements with their speakers as resolved within the articles.
        settled: joins and decisions over the same rows.
    """
    found: dict[str, Listed] = {}
    for row in rows:
        finals = settled.speakers(row)
        for speaker in finals or [{"name": "", "kind": "unnamed", "role": "", "affiliation": "", "how": UNKNOWN}]:
            key = speaker.get("id", UNKNOWN)
            own = found.setdefault(key, Listed(key))
            own.entry.add(row["article_id"], speaker)
            own.sources[" ".join(row["source"]["text"].split()) if row["source"] else ""] += 1
        for speaker in row["speakers"]:
            final = settled.follow(speaker["id"], row)
            found[final].also.update([speaker["id"]] if speaker["id"] != final else [])
            found[final].entry.names.setdefault(speaker["name"], 0)
            found[final].entry.names[speaker["name"]] += final != speaker["id"] or 0
    for key, own in found.items():
        own.wikidata = settled.decided.values.get(key, {}).get("wikidata", "")
    for key, others in similar({k: v.entry for k, v in found.items()}).items():
        found[key].similar = tuple(sorted(others, key=lambda o: (-found[o].entry.statements, o)))
    return sorted(found.values(), key=lambda s: (not s.unresolved, -s.entry.statements, s.id))


def how_shares(how: Counter[str]) -> dict[str, float]:
    """Shares of the ways by which somebody was resolved, in the order of `HOW`, to three digits.

    >>> how_shares(Counter(pronoun=1, name=3))
    {'name': 0.75, 'pronoun': 0.25}
    """
    order = list(HOW)
    ways = sorted(how, key=lambda way: (order.index(way) if way in order else len(order), way))
    return {way: round(how[way] / how.total(), 3) for way in ways}


def ranked(counter: Counter[str]) -> list[tuple[str, int]]:
    """By number, then by alphabet."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))
