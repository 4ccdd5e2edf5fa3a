"""One article analysed for speakers: words, countries, bodies, persons with their roles, and whose voice it is."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING

from stance.resolve import countries as geo
from stance.resolve.bodies import Body, acronyms, capitalised_bodies, known_bodies
from stance.resolve.countries import CountryMention
from stance.resolve.headline import read_title
from stance.resolve.names import Run, Word, place_is_name, runs, words
from stance.resolve.people import Person, find_people
from stance.resolve.registry import Registry
from stance.resolve.standing import describe
from stance.resolve.words import PLACE_LIKE_NAMES
from stance.types import Doc, Span

if TYPE_CHECKING:
    from stance.resolve.rank import Ranker

_WORLDWIDE = frozenset("reuters associated-press afp bbc cnn al-jazeera dpa bloomberg new-york-times".split())


BLOCS = frozenset(
    "brics g7 g20 g77 asean african-union european-union nato shanghai-cooperation-organization opec cis csto apec "
    "ecowas mercosur caricom eurasian-economic-union gulf-cooperation-council organization-of-islamic-cooperation quad "
    "arab-league non-aligned-movement".split()
)
"""Ids of bodies whose "leaders" and "ministers" are many."""

_start = attrgetter("start")
_DATELINE = re.compile(
    r"\s*([A-ZÀ-Þ][\w.’' -]{2,30}?)(?:[,/]\s*[A-ZÀ-Þ][\w. ]{1,20}){0,2}(?:,?\s\d{1,2})?,?\s*"
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
    ranker: Ranker | None = None
    """Of the persons whom a pronoun may mean; None: the shipped one."""
    sources: frozenset[int] = frozenset()
    """Where the statements' sources begin."""
    voice: str = ""
    """The country whose government the outlet is ("Kremlin"); "" for others."""
    home: str = ""
    """The country that the article is most about."""
    dateline: str = ""
    """The country of the capital that the article is datelined from."""
    headed: list[Person] = field(default_factory=list)
    """The persons whom the title names."""
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
        if self.title:
            self.people, self.headed = read_title(self.title, self.people, self.registry)
        describe(self)

    @property
    def domestic(self) -> str:
        """The country whose officials need no country's name here."""
        return self.voice or self.dateline or (self.outlet_country if self.outlet_country == self.home else "")

    def owner_of(self, body: str, at: int) -> str:
        """The country whose body a name without a country means: "the Interior Ministry", "state media"."""
        if body.lower().startswith(("state ", "official ")):
            return self.country_near(at)
        if {"congressional", "federal"} & set(body.lower().split()) and any(
            m.country == "United States" for m in self.geo
        ):
            return "United States"
        if self.domestic == "United States" and "inistry" in body:
            return self.with_ministries(self.domestic)
        return self.domestic or self.country_near(at)

    def with_ministries(self, country: str) -> str:
        """The country, or for the United States, which has departments, the country that is named most after it."""
        counts = Counter(m.country for m in self.geo if m.country != country)
        return counts.most_common(1)[0][0] if country == "United States" and counts else country

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

    def inside_other(self, at: int) -> bool:
        """Whether an offset lies inside what somebody says."""
        return any(start <= at < end for start, end in self.spoken)

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
