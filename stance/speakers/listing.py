"""The speakers of a run as a list: the unresolved first, then all others by number, with those that may be the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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
    UNKNOWN: "not resolved",
}
"""What `how` of a speaker says, in the order of reports."""


@dataclass
class Listed:
    """One speaker of a run."""

    id: str
    entry: Entry = field(default_factory=Entry)
    names: Counter[str] = field(default_factory=Counter)
    """Fullest forms in single articles."""
    sources: Counter[str] = field(default_factory=Counter)
    """What the articles write where the speaker speaks: "Marn", "he", "the mayor"; "" where they name no source."""
    also: Counter[str] = field(default_factory=Counter)
    """Ids of single articles that were joined, merged or moved into this one, with their numbers of statements."""
    statement_ids: set[str] = field(default_factory=set)
    """Their ids."""
    decided: bool = False
    """Whether a decision speaks of it."""
    wikidata: str = ""
    similar: tuple[str, ...] = ()
    """Ids that may mean the same speaker."""

    @property
    def unresolved(self) -> bool:
        return self.id == UNKNOWN or self.entry.kind not in NAMED

    def as_dict(self) -> dict[str, Any]:
        """JSON values; counters sorted by number."""
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
            "names": dict(ranked(self.names)),
            "sources": dict(ranked(self.sources)),
            "how": how_shares(entry.how),
            "also": dict(ranked(self.also)),
            "similar": list(self.similar),
        }


_NOBODY = {"id": UNKNOWN, "name": "", "kind": "", "role": "", "affiliation": "", "how": UNKNOWN}


def listing(rows: Iterable[Row], settled: Settled) -> list[Listed]:
    """All speakers of a run: unresolved ones first, then by number of statements.

    Args:
        rows: the statements with their speakers as resolved within the articles.
        settled: joins and decisions over the same rows.
    """
    found: dict[str, Listed] = {}
    for row in rows:
        for speaker in settled.speakers(row) or [_NOBODY]:
            own = found.setdefault(speaker["id"], Listed(speaker["id"]))
            own.entry.add(row["article_id"], speaker)
            own.statement_ids.add(row["statement_id"])
            own.sources[" ".join(row["source"]["text"].split()) if row["source"] else ""] += 1
        for speaker in row["speakers"]:
            own = found[settled.follow(speaker["id"], row)]
            own.names[speaker["name"]] += 1
            if speaker["id"] != own.id:
                own.also[speaker["id"]] += 1
    for own in found.values():
        own.decided = own.id in settled.decided.subjects
        own.wikidata = settled.decided.values.get(own.id, {}).get("wikidata", "")
    for one, others in similar({one: own.entry for one, own in found.items()}, settled.decided.apart).items():
        found[one].similar = tuple(sorted(others, key=lambda other: (-found[other].entry.statements, other)))
    return sorted(found.values(), key=lambda own: (not own.unresolved, -own.entry.statements, own.id))


def how_shares(how: Mapping[str, int]) -> dict[str, float]:
    """Shares of the ways by which somebody was resolved, in the order of `HOW`, to three digits.

    >>> how_shares({"pronoun": 1, "name": 3})
    {'name': 0.75, 'pronoun': 0.25}
    """
    order, total = list(HOW), sum(how.values())
    ways = sorted(how, key=lambda way: (order.index(way) if way in order else len(order), way))
    return {way: round(how[way] / total, 3) for way in ways}


def ranked(counter: Mapping[str, int]) -> list[tuple[str, int]]:
    """By number, then by alphabet."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))
