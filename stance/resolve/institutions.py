"""Sources that mean a body: by name, by acronym, by a generic noun ("the ministry"), under one name in an article."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.resolve import countries as geo
from stance.resolve import speakers as make
from stance.resolve.anaphora import GENERIC, NEWS, body_again, outlet
from stance.resolve.bodies import continued, fuller, owned_form
from stance.resolve.phrase import Phrase
from stance.resolve.pronouns import pronoun
from stance.resolve.reading import Reading, bare, country_of
from stance.resolve.registry import plain
from stance.resolve.words import BODIES, DETERMINERS
from stance.types import Speaker

_LATER = frozenset(
    "group monitor watchdog lobby charity company firm panel organization organisation observatory".split()
)
_PLATFORMS = frozenset("facebook google twitter youtube whatsapp telegram instagram".split())
_NAMED = re.compile(
    r"(?:,\s|\sknown as\s|\scalled\s)(?:the\s)?([A-ZÀ-Þ][\w’'.&-]*(?:\s(?:(?:of|for|and|the)\s)*[A-ZÀ-Þ][\w’'.&-]*)*)"
)


def apposed_body(reading: Reading, part: Phrase) -> Speaker | None:
    """The name that a description of a body is followed by: "a lobbying firm, Acme LLC", "known as the X Council"."""
    if not (part.head.text.islower() and part.head.lower in BODIES | {"lobby", "charity", "lender", "platform"}):
        return None
    match = _NAMED.match(reading.scene.text, part.head.end, part.end)
    if match is None or any(m.start <= match.start(1) < m.end for p in reading.scene.people for m in p.mentions):
        return None
    known = reading.scene.registry.organization(match.group(1))
    if known is not None:
        return make.body(reading.scene.registry, match.group(1), known.affiliation, "name", 0.9)
    return make.body(reading.scene.registry, match.group(1), country_of(reading, part), "name", 0.8)


def introduced_body(reading: Reading, part: Phrase) -> Speaker | None:
    """The body that "an influential Chinese paper" of the lead turns out to be some sentences on."""
    scene, head = reading.scene, part.head.lower
    at = scene.sentence(part.start)
    if at > 2 or not part.head.text.islower() or head not in NEWS | _LATER:
        return None
    places = {m.country for m in scene.geo_in(part.start, part.end)}
    for known in scene.bodies:
        starts = {known.start, known.start - 4}  # with "The "
        if known.start <= part.end or scene.sentence(known.start) - at > 6 or not starts & scene.sources:
            continue
        affiliation = (
            known.known.affiliation if known.known else next((m.country for m in geo.mentions(known.name)), "")
        )
        speaker = make.body(scene.registry, bare(known.name), affiliation or country_of(reading, part), "title", 0.55)
        fits = not places or not affiliation or affiliation in places
        if fits and outlet(speaker.name) == (head in NEWS) and not _ministry(known.name):
            return speaker
    return None


def known_body(reading: Reading, part: Phrase) -> Speaker | None:
    """The body that a phrase names by a name of the registry, an acronym that the text explains, a platform's name."""
    registry = reading.scene.registry
    if part.core.lower() in _PLATFORMS:
        return make.body(registry, part.core, "", "name", 0.7)
    head_end = part.words[part.head_at].end
    for form in (part.name, reading.scene.text[part.start : head_end], part.core):
        known = registry.organization(form)
        if known is not None:
            return make.body(registry, bare(form), known.affiliation, "name", 0.95)
    explained = reading.scene.acronyms.get(part.core)
    if explained:
        return make_body(reading, explained, part, "name")
    inside = [b for b in reading.scene.known_in(part.start, part.end) if b.known and b.start <= part.head.start]
    if inside and (inside[-1].end >= part.head.end or part.head.lower in NEWS):
        last = inside[-1]
        return make.body(registry, last.name, last.known.affiliation if last.known else "", "name", 0.9)
    return None


def make_body(reading: Reading, name: str, part: Phrase, how: str) -> Speaker:
    """A body under one name throughout the article: the one that it had before, or the one with its country."""
    half = re.match(r"(North|South)['’]s\s", name)
    if half and any(m.country in ("North Korea", "South Korea") for m in reading.scene.geo):
        name = f"{half.group(1)} Korea's {name[half.end() :]}"
    places = geo.mentions(name)
    country = places[0].country if half and places else country_of(reading, part)
    if not country:
        near = reading.scene.owner_of(name, part.start)
        country = places[0].country if places else _own_name(name) or near
    tail = _tail(name, places)

    def same(speaker: Speaker) -> bool:
        return (
            speaker.kind == "organization"
            and speaker.affiliation == country
            and (_tail(speaker.name, geo.mentions(speaker.name)) == tail)
        )

    earlier = reading.memory.find(same) if tail else None
    if earlier is not None:
        return replace(earlier, how=how, score=min(earlier.score, 0.8))
    if not places:
        name = owned_form(reading.scene.text, name, country) or name
    return make.body(reading.scene.registry, name, country, how)


def body(reading: Reading, part: Phrase) -> Speaker:
    """A body by its name as written, or by the fuller form that the article gives it."""
    name = office(reading, part) or body_name(reading, part)
    head = part.head.lower
    only = all(w.lower in ("the", "this", "that", "its", "news", "state", head) for w in part.words[: part.head_at + 1])
    if part.definite and ((part.head.capital and part.head_at == 1) or only or _description(reading, part)):
        earlier = body_again(reading, part)
        if earlier is not None:
            return replace(earlier, how="title", score=min(earlier.score, 0.7))
    owned = part.words[0].possessive or reading.scene.geo_in(part.start, part.head.end)
    longer = fuller(name, reading.scene.bodies, part.start) if (part.head.capital or only) and not owned else ""
    return make_body(reading, bare(longer) or name, part, "name" if part.head.capital else "title")


def _description(reading: Reading, part: Phrase) -> bool:
    """Whether a phrase describes a body without naming one: "the extremist group", "the Britain-based monitor"."""
    places = {m.start for m in reading.scene.geo_in(part.start, part.head.end)}
    names = [
        w for w in part.before_head if w.capital and w.lower != "the" and "-" not in w.text and w.start not in places
    ]
    owned = any(w.possessive for w in part.before_head) or part.determiner in ("his", "her", "their")
    return part.head.text.islower() and part.head.lower in GENERIC and not names and not owned


def office(reading: Reading, part: Phrase) -> str:
    """As in "Tom Hart's office" for "Prime Minister Tom Hart's office" and "his office"; "" for other bodies."""
    if part.head.lower not in ("office", "campaign", "team"):
        return ""
    for person in reading.scene.people:
        for m in person.mentions:
            if part.start <= m.start and m.end <= part.head.start and m.possessive:
                return f"{person.name}'s {part.head.text}"
    if part.determiner in ("his", "her") and part.head.lower != "team":
        owner = pronoun(reading.scene, reading.memory, part.determiner, part.start)
        if owner:
            return f"{owner[0].name}'s {part.head.text}"
    return ""


def body_name(reading: Reading, part: Phrase) -> str:
    """The body's name without article and description: "the state-run Global Times" → "Global Times"."""
    head = part.head_at
    words = part.words
    end = continued(reading.scene.text, part.head.end)
    if part.head.text.islower() and part.head.lower in NEWS:
        before = head - 1
        while before > 0 and words[before].lower in ("news", "press", "wire"):
            before -= 1
        if before >= 0 and words[before].capital and not reading.scene.geo_in(words[before].start, words[before].end):
            head, end = (before, words[before].end) if words[before].lower not in DETERMINERS else (head, end)
    first = head
    if words[head].capital:
        while (
            first > 0
            and words[first - 1].text not in ",("
            and (words[first - 1].capital or words[first - 1].text in ("of", "for", "and", "the", "state"))
            and not words[first - 1].lower.endswith(("-based", "-backed", "-led", "-run"))
        ):
            first -= 1
        while words[first].text in ("of", "for", "and", "the", "state", "The", "A", "An") and first < head:
            first += 1
    else:
        first = 1 if part.determiner and head > 0 else 0
    if words[head].text.islower() and re.match(r"\sof\s[a-z]", reading.scene.text[end : part.end]):
        end = part.start + len(part.name)
    own = [m for m in reading.scene.geo_in(words[first].start, end) if m.start == words[first].start]
    if (
        own
        and words[first].possessive | (own[0].end < end and reading.scene.text[own[0].end] in "'’")
        and head - first >= 3
    ):
        if words[head].capital and not _ministry(part.head.text):
            first = next(i for i in range(first, head + 1) if words[i].start > own[0].end)
    return reading.scene.text[words[first].start : end].strip(" ,")


def _tail(name: str, places: list[geo.CountryMention]) -> str:
    """A body's name without the country that owns it: "North Korea's Foreign Ministry" → "foreign ministry"."""
    if places and places[0].start == 0:
        name = re.sub(r"^['’]s?\s", "", name[places[0].end :])
    return plain(name).replace("defence", "defense")


def _own_name(name: str) -> str:
    """The name itself where it is that of an international body, which speaks for no country."""
    first = name.split()[0]
    worldwide = first in (
        "International",
        "World",
        "African",
        "European",
        "Asian",
        "Arab",
        "Islamic",
        "Global",
        "Inter-American",
    )
    return name if worldwide and len(name.split()) > 1 else ""


def _ministry(name: str) -> bool:
    return any(w in ("ministry", "department", "parliament", "senate", "congress") for w in plain(name).split())
