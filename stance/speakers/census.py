"""What a run's articles say about each speaker id: under which names, roles, affiliations, how often and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stance.rows import Row

UNKNOWN = "unknown"
"""Stands for the speaker of a statement that has none."""

NAMED = ("person", "country", "organization")
"""Kinds of speakers that are somebody in particular: neither "a senior official" nor "residents"."""


@dataclass(slots=True)
class Entry:
    """One speaker id over many statements."""

    names: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    affiliations: dict[str, set[str]] = field(default_factory=dict)
    """With the ids of the articles that say so."""
    how: Counter[str] = field(default_factory=Counter)

    @property
    def articles(self) -> set[str]:
        return set().union(*self.affiliations.values())

    @property
    def statements(self) -> int:
        return self.kinds.total()

    @property
    def kind(self) -> str:
        return commonest(self.kinds)

    @property
    def role(self) -> str:
        return commonest(self.roles)

    @property
    def affiliation(self) -> str:
        """What more than half of the articles say that say anything; "" where they do not agree."""
        numbers = Counter({value: len(articles) for value, articles in self.affiliations.items() if value})
        most = commonest(numbers)
        return most if 2 * numbers[most] > numbers.total() else ""

    @property
    def name(self) -> str:
        """The name most used; a person's surname alone only where no fuller form is there."""
        full = Counter({name: n for name, n in self.names.items() if " " in name}) if self.kind == "person" else None
        return commonest(full or self.names)

    def add(self, article_id: str, speaker: Mapping[str, Any]) -> None:
        self.names[speaker["name"]] += 1
        self.kinds[speaker["kind"]] += 1
        self.roles[speaker["role"]] += 1
        self.affiliations.setdefault(speaker["affiliation"], set()).add(article_id)
        self.how[speaker["how"]] += 1

    def take(self, other: Entry) -> None:
        """Count another entry in."""
        self.names.update(other.names)
        self.kinds.update(other.kinds)
        self.roles.update(other.roles)
        self.how.update(other.how)
        for value, articles in other.affiliations.items():
            self.affiliations.setdefault(value, set()).update(articles)


Census = dict[str, Entry]
"""Entries by speaker id."""


def census(rows: Iterable[Row]) -> Census:
    """Count the speakers of statements; the order of the statements does not matter."""
    found: Census = {}
    for row in rows:
        for speaker in row["speakers"]:
            found.setdefault(speaker["id"], Entry()).add(row["article_id"], speaker)
    return found


def commonest(counter: Counter[str]) -> str:
    """The most frequent value that is not empty; of several the longest, then the last by alphabet; "" for none."""
    return max(((number, len(value), value) for value, number in counter.items() if value), default=(0, 0, ""))[2]
