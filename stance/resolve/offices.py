"""Whom an office means that an article never gives a name: its holder at that time, by the registry."""

from __future__ import annotations

import re

from stance.resolve.headline import NOWHERE
from stance.resolve.people import NameMention, Person
from stance.resolve.phrase import Phrase
from stance.resolve.registry import plain
from stance.resolve.scene import Scene

_ONE_OF = re.compile(
    r"president|vice president|prime minister|premier|chancellor|king|secretary-general|secretary of (?:state|defense)"
    r"|(?:foreign|defense|finance|treasury) (?:minister|secretary)"
)
"""Offices of which a country or body has one."""


def office_holder(scene: Scene, part: Phrase) -> Person | None:
    """The one person who held a country's office in the year: "the US secretary of state", in 2016 and in 2023.

    None where no country is named (a government's own outlet need not name its own for its vice president), the
    article's year is unknown, or the office changed hands in it.
    """
    title = _title(scene, part)
    places = {m.country for m in scene.geo_in(part.start, part.end)}
    places = places or ({scene.voice} if scene.voice and title == "vice president" else set())
    if len(places) != 1 or scene.year is None or not _ONE_OF.fullmatch(title):
        return None
    found = [
        known
        for known in scene.registry.people
        if known.affiliation in places
        and any(_spelt(role.title) == title and role.first <= scene.year <= (role.last or 9999) for role in known.roles)
    ]
    if len(found) != 1:
        return None
    (known,) = found
    nowhere = NameMention(NOWHERE, NOWHERE, NOWHERE, tuple(known.name.split()), False)
    named = next((person for person in scene.people if person.known is known), None)
    return named or Person(nowhere.words, known.name, [nowhere], known=known, country=known.affiliation)


def _title(scene: Scene, part: Phrase) -> str:
    """The phrase without its country: "Norway's foreign minister", "the prime minister of Norway"."""
    text, start = part.text, part.start
    for mention in reversed(scene.geo_in(part.start, part.end)):
        text = f"{text[: mention.start - start]} {text[mention.end - start :]}"
    text = re.sub(r"(?<=\s)['’]s?\b|\s(?:of|for)(?:\sthe)?\s*$|^(?:the|then)\s", " ", f" {text} ".replace("  ", " "))
    return _spelt(" ".join(text.split()).removeprefix("the ").removeprefix("The "))


def _spelt(title: str) -> str:
    return plain(title).replace("defence", "defense").strip(" '’,.")
