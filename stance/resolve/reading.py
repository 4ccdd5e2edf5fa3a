"""One pass over an article: what is known of it, who has spoken, and the questions that every kind of source asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from stance.resolve import countries as geo
from stance.resolve import speakers as make
from stance.resolve.memory import Memory
from stance.resolve.phrase import Phrase
from stance.resolve.roles import affiliation_of, institute
from stance.resolve.scene import Scene
from stance.resolve.things import neuter
from stance.resolve.words import DOCUMENTS, ROLES
from stance.types import Speaker

_ABROAD = re.compile(r"\b(?:to|in|on|with|from|against|at|for|about)\s(?:the\s)?$")
_AMERICAN = frozenset("federal congressional senate house fbi pentagon".split())
_DELEGATES = frozenset("leaders ministers delegates participants members envoys heads".split())
_EVERYBODY = frozenset("everyone everybody all many others some most few both several nobody participants".split())
_DOMESTIC = frozenset(
    "official officials spokesman spokeswoman spokesperson lawmaker lawmakers prosecutors police".split()
)
"""Unnamed sources that belong to the article's own country where nothing else is said."""


@dataclass
class Reading:
    """The article and the speakers so far; `member` resolves one phrase of any kind (for authors of documents)."""

    scene: Scene
    member: Callable[[Phrase], list[Speaker]]
    memory: Memory = field(default_factory=Memory)


def country_of(reading: Reading, part: Phrase) -> str:
    """The country (or body) that a phrase's modifiers name; "" where they name none."""
    for known in reading.scene.known_in(part.start, part.end):
        if known.known is not None:
            return known.known.affiliation
    half = re.match(r"(?:[Tt]he\s)?(North|South)(?:['’]s)?\s[a-z]", part.text)
    if half and any(m.country in ("North Korea", "South Korea") for m in reading.scene.geo):
        return f"{half.group(1)} Korea"
    inside = reading.scene.geo_in(part.start, part.end)
    direct = [m for m in inside if not _ABROAD.search(reading.scene.text[part.start : m.start])]
    if direct or inside:
        return (direct or inside)[0].country
    for person in reading.scene.people:
        if any(part.start <= m.start and m.end <= part.end for m in person.mentions):
            return person.country
    if part.determiner in ("its", "their", "his", "her", "our"):
        meant = neuter(reading.scene, reading.memory, part.start) if part.determiner == "its" else []
        owner = meant[0] if meant else reading.memory.find(lambda s: bool(s.affiliation))
        return owner.affiliation if owner else ""
    return ""


def _party(part: Phrase) -> str:
    """The American party whose people a phrase means: "Senate Republicans", "Democratic committee members"."""
    words = {w.text for w in part.words[: part.head_at + 1]}
    if words & {"Republican", "Republicans"}:
        return "Republican Party"
    return "Democratic Party" if words & {"Democrat", "Democrats", "Democratic"} else ""


def unnamed(reading: Reading, part: Phrase, group: bool = False) -> Speaker:
    core = bare(part.core)
    group = (group and part.determiner != "one") or part.head.lower in _EVERYBODY
    role = core if not group and part.head.lower in ROLES else ""
    affiliation = affiliation_of(part.text, reading.scene.registry) if role else ""
    named = replace(part, end=part.head.end) if part.head.lower in DOCUMENTS else part
    affiliation = _party(part) or affiliation or country_of(reading, named)
    if not affiliation and _AMERICAN & {w.lower for w in part.words}:
        affiliation = "United States" if reading.scene.home == "United States" else ""
    if not affiliation and part.head.lower in _DELEGATES and part.head_at <= 1:
        affiliation = reading.scene.bloc_near(part.start)
    if not affiliation and group:
        rest = part.text[part.head.end - part.start :]
        affiliation = geo.city_country(rest) or institute(rest)
    if not affiliation and part.head.lower in _DOMESTIC:
        affiliation = reading.scene.domestic or reading.scene.home
    return make.unnamed(part.name, core, role, affiliation, group)


def bare(text: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE)
