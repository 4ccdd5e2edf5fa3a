"""What the persons of an article are: their titles, their gender, and the country or body that each speaks for."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from stance.resolve import countries as geo
from stance.resolve import roles as titles
from stance.resolve.given import given_name_gender
from stance.resolve.memory import Memory
from stance.resolve.origins import likely_countries
from stance.resolve.people import Person, core_words
from stance.resolve.registry import Known
from stance.resolve.things import neuter
from stance.resolve.words import FEMALE, MALE, TITLES

if TYPE_CHECKING:
    from stance.resolve.scene import Scene


def describe(scene: Scene) -> None:
    """Give each person of the scene titles, gender, country and, where the registry knows the person, its entry."""
    for person in scene.people:
        _describe(scene, person)
    _share_titles(scene)


def _describe(scene: Scene, person: Person) -> None:
    """Collect titles and appositions, gender and country."""
    place = ""
    for mention in person.mentions:
        if mention.start < 0:  # in the title
            continue
        place = place or _marked_party(scene, mention.end) or _owner(scene, mention.title_start)
        before = titles.title_before(scene.text, scene.tokens, scene.starts, mention.start)
        after = titles.apposition(scene.text, mention.end)
        if after.startswith("of "):
            place = place or next((m.country for m in geo.mentions(after)), "")
            before, after = (f"{before} {after}" if before else ""), ""
        if any(p is not person and _ends_in(scene, mention.end, after, p) for p in scene.people):
            after = ""
        for role in (before, after):
            if role and role not in (r for _, r in person.roles):
                person.roles.append((mention.start, role))
    _tell_gender(scene, person)
    person.known = person.known or _in_office(scene, person)
    if person.known is not None:
        person.genders[person.known.gender or "m"] += 5 * bool(person.known.gender)
    person.country = _affiliation(scene, person, place)


_OF_IT = re.compile(
    r"(?:its|the)?\s?(?:group|organi[sz]ation|company|firm|charity|institute|think tank|association)['’]s\s"
)
_HELD = re.compile(r"\b(?:ambassador|minister|president|envoy|delegate|representative)\b", re.IGNORECASE)
_OWNED_NAME = re.compile(r"['’]s (?:(?:First|Vice|Deputy|Prime|Acting) )*$")
_OWNED_TITLE = re.compile(r"\b(?:[Hh]is|[Hh]er|[Ii]ts) [^.]{0,60}$")
_PARTY_MARK = re.compile(r",? ?\(?(D|R)[-–](?:[A-Z][a-z]+\.?|[A-Z]{2}\b|[A-Z]\.[A-Z]\.)")


def _marked_party(scene: Scene, end: int) -> str:
    """The party that the letter behind a lawmaker's name tells: "Ann Clay, D-Ore."; "" for none."""
    mark = _PARTY_MARK.match(scene.text, end)
    return "" if mark is None else "Democratic Party" if mark.group(1) == "D" else "Republican Party"


def _ends_in(scene: Scene, start: int, role: str, other: Person) -> bool:
    """Whether what follows a name is the title and name of the next one: "Ann Clay, President of Peru Luz Ortega"."""
    if not role[:1].isupper() or not role.endswith(other.words[-1]):
        return False
    end = scene.text.find(role, start) + len(role)
    return any(m.end == end for m in other.mentions)


def _tell_gender(scene: Scene, person: Person) -> None:
    for _, role in person.roles:
        for word in role.lower().split():
            person.genders["m"] += word in MALE
            person.genders["f"] += word in FEMALE
    person.genders += Counter()
    person.guessed_gender = given_name_gender(person.words)


def _affiliation(scene: Scene, person: Person, place: str) -> str:
    """By the person's titles and the registry; a party counts before an office that the person no longer holds."""
    spelt = [_spelt_out(scene, role) for _, role in person.roles]
    found = [a for role in spelt if (a := titles.affiliation_of(role, scene.registry))]
    party = next((a for a in found if a in ("Republican Party", "Democratic Party")), "")
    city = next((c for role in spelt if (c := geo.city_country(role))), "") if not found else ""
    given = place or party or next(iter(found), "") or city
    if person.known is None:
        return given
    in_office = scene.year is None or person.known.held_office(scene.year)
    if party and scene.year is not None and not person.known.in_office(scene.year):
        in_office = False
    return person.known.affiliation if in_office or not given else given


def _owner(scene: Scene, at: int) -> str:
    """The country or body whose possessive stands right before a name: "Japan's Toshimitsu Motegi"."""
    owned = _OWNED_NAME.search(scene.text, max(0, at - 30), at)
    if owned is None:
        return ""
    at = owned.start() + 3
    for place in scene.geo_in(max(0, at - 40), at - 3):
        if place.end == at - 3:
            return place.country
    known = [b for b in scene.known_in(max(0, at - 60), at - 3) if b.end == at - 3 and b.known]
    return known[0].name if known else ""


def _spelt_out(scene: Scene, role: str) -> str:
    """A title with the acronyms spelt out that the text explains."""
    return re.sub(r"\b[A-Z][A-Za-z]+\b", lambda m: scene.acronyms.get(m.group(), m.group()), role)


def _share_titles(scene: Scene) -> None:
    """What a person's title leaves open: "Presidents A, B and C", "aide to President A", the article's country."""
    for person in scene.people:
        if not person.roles:
            title = _listed_title(scene, person)
            if title:
                person.roles.append((person.first, title))
    for person in scene.people:
        _spell_out_counterpart(scene, person)
    by_surname = {p.words[-1]: p for p in scene.people if p.country}
    for person in scene.people:
        for _, role in person.roles:
            named = [by_surname[w] for w in re.findall(r"[\w-]+", role) if w in by_surname]
            if not person.country and named and named[0] is not person:
                person.country = named[0].country
        person.country = person.country or _taken_up(scene, person) or _country_by_context(scene, person)
        client = by_surname.get(person.country) or next(
            (p for p in scene.people if p.words[-1] == person.country), None
        )
        if client is not None and client is not person:
            person.country = client.name


def _taken_up(scene: Scene, person: Person) -> str:
    """Whom a title speaks for that only takes it up: "the group's president", "Its ambassador"; "" for nobody."""
    for offset, role in person.roles:
        own = re.search(rf"\b[Ii]ts (?:\w+ )?{re.escape(role)}", scene.text[max(0, offset - 80) : offset])
        meant = neuter(scene, Memory(), offset) if own else []
        if meant:
            return meant[0].affiliation if _HELD.search(role) else meant[0].name
        if own or _OF_IT.match(role):
            worldwide = (b.known is not None and b.known.affiliation == b.known.name for b in scene.bodies)
            before = [b.name for b, w in zip(scene.bodies, worldwide, strict=True) if b.start < offset and not w]
            return scene.acronyms.get(before[-1], before[-1].removeprefix("The ")) if before else ""
    return ""


def _spell_out_counterpart(scene: Scene, person: Person) -> None:
    """As in "his German counterpart" has the office of the person named with a title right before."""
    for offset, role in list(person.roles):
        if not role.lower().endswith("counterpart"):
            continue
        before = [(at, r) for p in scene.people if p is not person for at, r in p.roles if at < offset]
        apart = scene.sentence(offset) - scene.sentence(max(before)[0]) if before else 2
        if apart == 0 or (apart == 1 and _OWNED_TITLE.search(scene.text, 0, offset)):
            office = " ".join(w for w in max(before)[1].split() if w.lower() in TITLES)
            person.roles.append((offset, re.sub("counterpart$", office, role)))


def _listed_title(scene: Scene, person: Person) -> str:
    """The plural title at the head of a list of names that this name is in."""
    start = max(person.first, 0)
    match = re.search(
        r"\b(Presidents|Prime Ministers|Foreign Ministers|Ministers|Senators|Sens\.|Reps\.|Secretaries|Leaders)\s"
        r"(?:[A-ZÀ-Þ][\w’'.-]*(?:,?\s(?:and\s)?)){1,12}$",
        scene.text[max(0, start - 150) : start],
    )
    return re.sub(r"ies$", "y", match.group(1).rstrip(".")).removesuffix("s") if match else ""


def _in_office(scene: Scene, person: Person) -> Known | None:
    """The office holder whom a surname alone means, where a title goes with it and the years fit."""
    known = scene.registry.person_in_office(person.words[-1], scene.year)
    if known is None or not known.roles or not set(core_words(person.words)) <= set(core_words(known.name.split())):
        return None
    held = {w for role in known.roles for w in titles.role_words(role.title)}
    given = {w for _, role in person.roles for w in titles.role_words(role)} - {"mr", "messrs", "ms", "mrs"}
    return known if not given or given & held else None


def _country_by_context(scene: Scene, person: Person) -> str:
    """For an office holder without a country of his own: the country that the sentence or article is about."""
    held = {w for _, role in person.roles for w in titles.role_words(role)}
    american = any(re.search(r"\b(?:federal|congressional|U\.S\.|FBI|White House)\b", role) for _, role in person.roles)
    if american and any(m.country == "United States" for m in scene.geo):
        return "United States"
    state = any(re.search(r"\b(?:Ministry|Department|Embassy|MFA)\b", role) for _, role in person.roles)
    if not held & titles.OFFICES and not state:
        return "" if person.roles else _by_name(scene, person)
    if any(re.search(r"\b(?:Sen|Rep)s?\.", role) for _, role in person.roles):
        return "United States"
    if scene.voice:
        guest = held & titles.HEADS and not held & {"deputy", "vice", "first"} and _counterpart(scene)
        return guest or scene.voice
    congress = held & {"senator", "congressman", "congresswoman"} or any("Representative" in r for _, r in person.roles)
    if congress and "United States" in (scene.home, scene.domestic):
        return "United States"
    if {"secretary", "general"} <= held or held & {"secretary-general", "director-general", "commissioner"}:
        body = _self_standing(scene, held)
        if body:
            return body
    near = _by_name(scene, person) or scene.domestic or scene.country_near(person.first)
    return scene.with_ministries(near) if "minister" in held else near


def _by_name(scene: Scene, person: Person) -> str:
    """The country that the name sounds from, if the article names it."""
    named = {m.country for m in scene.geo}
    return next((c for c in likely_countries(person.words) if c in named), "")


def _self_standing(scene: Scene, held: set[str]) -> str:
    """The international body that a secretary-general or commissioner without further words heads."""
    counts = Counter(b.known.name for b in scene.known if b.known is not None and b.known.affiliation == b.known.name)
    if "commissioner" in held:
        return "European Union" if counts["European Union"] else ""
    return counts.most_common(1)[0][0] if counts else ""


def _counterpart(scene: Scene) -> str:
    """The other country of a government's own report: a head of state it names is mostly the guest."""
    counts = Counter(m.country for m in scene.geo if m.country != scene.voice)
    counts.update(m.country for m in geo.mentions(scene.title) if m.country != scene.voice for _ in range(3))
    return counts.most_common(1)[0][0] if counts else ""
