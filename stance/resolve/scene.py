"""One article analysed for speakers: words, countries, bodies, persons with their roles, and whose voice it is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import takewhile
from operator import attrgetter

from stance.resolve import countries as geo
from stance.resolve import roles as titles
from stance.resolve.bodies import Body, acronyms, capitalised_bodies, known_bodies
from stance.resolve.countries import CountryMention
from stance.resolve.given import given_name_gender
from stance.resolve.names import Run, Word, place_is_name, runs, words
from stance.resolve.origins import likely_countries
from stance.resolve.people import Person, core_words, find_people
from stance.resolve.registry import Known, Registry
from stance.resolve.words import FEMALE, MALE, PLACE_LIKE_NAMES, TITLES
from stance.types import Doc, Span

_WORLDWIDE = frozenset("reuters associated-press afp bbc cnn al-jazeera dpa bloomberg new-york-times".split())


BLOCS = frozenset(
    "brics g7 g20 g77 asean african-union european-union nato shanghai-cooperation-organization opec cis csto apec "
    "ecowas mercosur caricom eurasian-economic-union gulf-cooperation-council organization-of-islamic-cooperation quad "
    "arab-league non-aligned-movement".split()
)
"""Ids of bodies whose "leaders" and "ministers" are many."""

_start = attrgetter("start")
_DATELINE = re.compile(
    r"\s*([A-ZÀ-Þ][\w.’' -]{2,30}?)(?:[,/]\s*[A-ZÀ-Þ][\w. ]{1,20})?(?:,?\s\d{1,2})?,?\s*"
    r"(?:\([^)\n]{2,30}\)\s*)?[-–—:]{1,2}\s"
)


@dataclass
class Scene:
    """What resolution needs to know of one article. Offsets are character indices into its text."""

    text: str
    title: str
    year: int | None
    tokens: list[Word]
    runs: list[Run]
    geo: list[CountryMention]
    known: list[Body]
    people: list[Person]
    sentences: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    registry: Registry
    sources: frozenset[int] = frozenset()
    """Where the statements' sources begin."""
    voice: str = ""
    """The country whose government the outlet is ("Kremlin"); "" for others."""
    home: str = ""
    """The country that the article is most about."""
    dateline: str = ""
    """The country of the capital that the article is datelined from."""
    bodies: list[Body] = field(default_factory=list)
    acronyms: dict[str, str] = field(default_factory=dict)
    spoken: list[tuple[int, int]] = field(default_factory=list)
    """What is said in the article: the contents of its statements."""
    said: list[tuple[Span, tuple[Span, ...]]] = field(default_factory=list)
    """Each source with what it says."""
    starts: list[int] = field(default_factory=list)
    outlet_country: str = ""
    """Of a national news outlet; "" for agencies that report the world to the world."""
    _sentence_starts: list[int] = field(default_factory=list)
    _paragraph_starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, doc: Doc, registry: Registry) -> Scene:
        article = doc.article
        text = article.text
        tokens = words(text)
        known = known_bodies(text, registry)
        places = _unmasked(geo.mentions(text), known)
        places = [m for m in places if m.text.lower() not in PLACE_LIKE_NAMES or not place_is_name(tokens, m.start)]
        lowered = frozenset(w.text for w in tokens if w.text.islower())
        skip = sorted([(m.start, m.end) for m in places] + [(b.start, b.end) for b in known])
        found = runs(text, tokens, skip, lowered)
        year = int(article.date[:4]) if article.date and article.date[:4].isdigit() else None
        sources = frozenset(s.source.start for s in doc.statements if s.source is not None)
        people = find_people(text, found, tokens, registry, sources, year)
        paragraphs = doc.paragraphs or _blocks(text)
        sentences = doc.sentences or _sentences(text, paragraphs) or (Span(0, max(len(text), 1)),)
        scene = cls(
            text, article.title or "", year, tokens, found, places, known, people, sentences, paragraphs, registry
        )
        scene.sources = sources
        scene.said = [(s.source, s.content) for s in doc.statements if s.source is not None]
        scene.spoken = [(c.start, c.end) for s in doc.statements for c in s.content]
        scene._fill(article.outlet or "")
        return scene

    def _fill(self, outlet: str) -> None:
        self.starts = [w.start for w in self.tokens]
        self._sentence_starts = [s.start for s in self.sentences]
        self._paragraph_starts = [p.start for p in self.paragraphs]
        self.bodies = sorted(
            [*self.known, *capitalised_bodies(self.text, self.runs, self.known)], key=lambda b: b.start
        )
        self.acronyms = acronyms(self.text)
        self.voice = geo.country_named(outlet) or geo.country_named(f"the {outlet}") or ""
        dateline = _DATELINE.match(self.text)
        self.dateline = (geo.country_of_place(dateline.group(1).strip()) or "") if dateline else ""
        known = self.registry.organization(outlet)
        if known is not None and known.id not in _WORLDWIDE and any(m.country == known.affiliation for m in self.geo):
            self.outlet_country = known.affiliation
        counts = Counter(m.country for m in geo.mentions(self.title) for _ in range(2))
        for mention in self.geo:
            counts[mention.country] += 3 if mention.start < 400 else 1
        most = max(counts.values(), default=0)
        if counts[self.dateline] < most / 5:  # datelined from where others meet: Geneva, Singapore
            self.dateline = ""
        self.home = counts.most_common(1)[0][0] if counts else ""
        for person in self.people:
            self._describe(person)
        self._share_titles()

    @property
    def domestic(self) -> str:
        """The country whose officials need no country's name here."""
        return self.voice or self.dateline or (self.outlet_country if self.outlet_country == self.home else "")

    # ------------------------------------------------------------------ where

    def sentence(self, offset: int) -> int:
        """Index of the sentence that holds an offset, or that begins last before it."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    def sentence_span(self, offset: int) -> Span:
        return self.sentences[self.sentence(offset)]

    def paragraph(self, offset: int) -> int:
        return max(bisect_right(self._paragraph_starts, offset) - 1, 0)

    def tokens_in(self, start: int, end: int) -> list[Word]:
        return self.tokens[bisect_right(self.starts, start - 1) : bisect_right(self.starts, end - 1)]

    def geo_in(self, start: int, end: int) -> list[CountryMention]:
        first = bisect_left(self.geo, start, key=_start)
        return [m for m in takewhile(lambda m: m.start < end, self.geo[first:]) if m.end <= end]

    def said_by(self, at: int) -> list[Span]:
        """What the source at an offset says: nobody names himself in it."""
        return [c for source, content in self.said if source.start <= at < source.end for c in content]

    def known_in(self, start: int, end: int) -> list[Body]:
        first = bisect_left(self.known, start, key=_start)
        return [b for b in takewhile(lambda b: b.start < end, self.known[first:]) if b.end <= end]

    def country_near(self, at: int) -> str:
        """The country that the sentence named last before an offset, else the article's."""
        sentence = self.sentence_span(at)
        near = [m.country for m in self.geo_in(sentence.start, at)]
        return near[-1] if near else self.voice or self.home

    def bloc_near(self, at: int) -> str:
        """The bloc (BRICS, ASEAN) whose meeting the sentences before an offset tell of; "" for none."""
        here = self.sentence(at)
        for body in reversed(self.known):
            if body.start < at and body.known is not None and body.known.id in BLOCS:
                return body.known.name if here - self.sentence(body.start) <= 5 else ""
        return ""

    # ------------------------------------------------------------------ persons

    def _describe(self, person: Person) -> None:
        """Collect titles and appositions, gender and country."""
        place = ""
        for mention in person.mentions:
            place = place or self._owner(mention.title_start)
            before = titles.title_before(self.text, self.tokens, self.starts, mention.start)
            after = titles.apposition(self.text, mention.end)
            if after.startswith("of "):
                place = place or next((m.country for m in geo.mentions(after)), "")
                before, after = (f"{before} {after}" if before else ""), ""
            for role in (before, after):
                if role and role not in (r for _, r in person.roles):
                    person.roles.append((mention.start, role))
        self._tell_gender(person)
        person.known = person.known or self._in_office(person)
        if person.known is not None:
            person.genders[person.known.gender or "m"] += 5 * bool(person.known.gender)
        person.country = self._affiliation(person, place)

    def _tell_gender(self, person: Person) -> None:
        for _, role in person.roles:
            for word in role.lower().split():
                person.genders["m"] += word in MALE
                person.genders["f"] += word in FEMALE
        person.genders += Counter()
        person.guessed_gender = given_name_gender(person.words)

    def _affiliation(self, person: Person, place: str) -> str:
        """By the person's titles and the registry; a party counts before an office that the person no longer holds."""
        spelt = [self._spelt_out(role) for _, role in person.roles]
        found = [a for role in spelt if (a := titles.affiliation_of(role, self.registry))]
        party = next((a for a in found if a in ("Republican Party", "Democratic Party")), "")
        city = next((c for role in spelt if (c := geo.city_country(role))), "") if not found else ""
        given = place or party or next(iter(found), "") or city
        if person.known is None:
            return given
        in_office = self.year is None or person.known.held_office(self.year)
        if party and self.year is not None and not person.known.in_office(self.year):
            in_office = False
        return person.known.affiliation if in_office or not given else given

    def _owner(self, at: int) -> str:
        """The country or body whose possessive stands right before a name: "Japan's Toshimitsu Motegi"."""
        if self.text[max(0, at - 3) : at] not in ("'s ", "’s "):
            return ""
        for place in self.geo_in(max(0, at - 40), at - 3):
            if place.end == at - 3:
                return place.country
        known = [b for b in self.known_in(max(0, at - 60), at - 3) if b.end == at - 3 and b.known]
        return known[0].name if known else ""

    def _spelt_out(self, role: str) -> str:
        """A title with the acronyms spelt out that the text explains."""
        return re.sub(r"\b[A-Z][A-Za-z]+\b", lambda m: self.acronyms.get(m.group(), m.group()), role)

    def _share_titles(self) -> None:
        """What a person's title leaves open: "Presidents A, B and C", "aide to President A", the article's country."""
        for person in self.people:
            if not person.roles:
                title = self._listed_title(person)
                if title:
                    person.roles.append((person.first, title))
        for person in self.people:
            self._spell_out_counterpart(person)
        by_surname = {p.words[-1]: p for p in self.people if p.country}
        for person in self.people:
            for _, role in person.roles:
                named = [by_surname[w] for w in re.findall(r"[\w-]+", role) if w in by_surname]
                if not person.country and named and named[0] is not person:
                    person.country = named[0].country
            person.country = person.country or self._country_by_context(person)
            client = by_surname.get(person.country) or next(
                (p for p in self.people if p.words[-1] == person.country), None
            )
            if client is not None and client is not person:
                person.country = client.name

    def _spell_out_counterpart(self, person: Person) -> None:
        """As in "his German counterpart" has the office of the person named with a title right before."""
        for offset, role in list(person.roles):
            if not role.lower().endswith("counterpart"):
                continue
            before = [(at, r) for p in self.people if p is not person for at, r in p.roles if at < offset]
            if before and self.sentence(max(before)[0]) == self.sentence(offset):
                office = " ".join(w for w in max(before)[1].split() if w.lower() in TITLES)
                person.roles.append((offset, re.sub("counterpart$", office, role)))

    def _listed_title(self, person: Person) -> str:
        """The plural title at the head of a list of names that this name is in."""
        start = person.mentions[0].start
        match = re.search(
            r"\b(Presidents|Prime Ministers|Foreign Ministers|Ministers|Senators|Sens\.|Reps\.|Secretaries|Leaders)\s"
            r"(?:[A-ZÀ-Þ][\w’'.-]*(?:,?\s(?:and\s)?)){1,12}$",
            self.text[max(0, start - 150) : start],
        )
        return re.sub(r"ies$", "y", match.group(1).rstrip(".")).removesuffix("s") if match else ""

    def _in_office(self, person: Person) -> Known | None:
        """The office holder whom a surname alone means, where a title goes with it and the years fit."""
        known = self.registry.person_in_office(person.words[-1], self.year)
        if known is None or not known.roles or not set(core_words(person.words)) <= set(core_words(known.name.split())):
            return None
        held = {w for role in known.roles for w in titles.role_words(role.title)}
        given = {w for _, role in person.roles for w in titles.role_words(role)} - {"mr", "messrs", "ms", "mrs"}
        return known if not given or given & held else None

    def _country_by_context(self, person: Person) -> str:
        """For an office holder without a country of his own: the country that the sentence or article is about."""
        held = {w for _, role in person.roles for w in titles.role_words(role)}
        american = any(
            re.search(r"\b(?:federal|congressional|U\.S\.|FBI|White House)\b", role) for _, role in person.roles
        )
        if american and any(m.country == "United States" for m in self.geo):
            return "United States"
        state = any(re.search(r"\b(?:Ministry|Department|Embassy|MFA)\b", role) for _, role in person.roles)
        if not held & titles.OFFICES and not state:
            return "" if person.roles else self._by_name(person)
        if any(re.search(r"\b(?:Sen|Rep)s?\.", role) for _, role in person.roles):
            return "United States"
        if self.voice:
            return self._counterpart() if held & titles.HEADS and self._counterpart() else self.voice
        congress = held & {"senator", "congressman", "congresswoman"} or any(
            "Representative" in r for _, r in person.roles
        )
        if congress and any(m.country == "United States" for m in self.geo):
            return "United States"
        if {"secretary", "general"} <= held or held & {"secretary-general", "director-general", "commissioner"}:
            body = self._self_standing(held)
            if body:
                return body
        return self._by_name(person) or self.domestic or self.country_near(person.first)

    def _by_name(self, person: Person) -> str:
        """The country that the name sounds from, if the article names it."""
        named = {m.country for m in self.geo}
        return next((c for c in likely_countries(person.words) if c in named), "")

    def _self_standing(self, held: set[str]) -> str:
        """The international body that a secretary-general or commissioner without further words heads."""
        counts = Counter(
            b.known.name for b in self.known if b.known is not None and b.known.affiliation == b.known.name
        )
        if "commissioner" in held:
            return "European Union" if counts["European Union"] else ""
        return counts.most_common(1)[0][0] if counts else ""

    def _counterpart(self) -> str:
        """The other country of a government's own report: a head of state it names is mostly the guest."""
        counts = Counter(m.country for m in self.geo if m.country != self.voice)
        counts.update(m.country for m in geo.mentions(self.title) if m.country != self.voice for _ in range(3))
        return counts.most_common(1)[0][0] if counts else ""


def _unmasked(places: list[CountryMention], known: list[Body]) -> list[CountryMention]:
    """Country mentions outside the names of bodies ("Washington" in "Washington Post")."""
    ranges = [(b.start, b.end) for b in known if b.known is not None]
    found, at = [], 0
    for place in places:
        while at < len(ranges) and ranges[at][1] <= place.start:
            at += 1
        if not (at < len(ranges) and ranges[at][0] <= place.start and place.end <= ranges[at][1]):
            found.append(place)
    return found


def _blocks(text: str) -> tuple[Span, ...]:
    return tuple(Span(*m.span()) for m in re.finditer(r"[^\s\n](?:[^\n]*[^\s\n])?", text))


def _sentences(text: str, paragraphs: tuple[Span, ...]) -> tuple[Span, ...]:
    """Rough sentences where no stage has cut them."""
    found = []
    for block in paragraphs:
        at = block.start
        for match in re.finditer(r"(?<=[a-z0-9)”\"’'][.!?])[”\"]?\s+(?=[A-Z“\"])", block.text(text)):
            end = block.start + match.start() + len(match.group().rstrip())
            if end > at:
                found.append(Span(at, end))
            at = block.start + match.end()
        if at < block.end:
            found.append(Span(at, block.end))
    return tuple(found)
