"""One article analysed for speakers: words, countries, persons with their roles, and who the article is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from stance.resolve import countries as geo
from stance.resolve.names import Run, Word, runs, words
from stance.resolve.people import Person, core_words, find_people
from stance.resolve.registry import Registry, plain
from stance.resolve.words import BODIES, DETERMINERS, FEMALE, MALE, ORG_WORDS, ROLES, TITLES
from stance.types import Doc, Span

_APPOSITION = re.compile(
    r",? ?(?:who (?:is|was|serves as|served as|heads|leads) )?"
    r"((?:(?:the|a|an|its|his|her|their|then|one of)\s)?[^,.;:()\n“”\"]{3,120})(?=[,.;:()\n“”\"]|$)"
)
_LINKS = frozenset("of for to at on in the".split())
_OFFICES = frozenset("president minister chancellor premier secretary ambassador general envoy adviser advisor senator king "
                     "governor spokesman spokeswoman spokesperson official commander admiral lawmaker congressman "
                     "prosecutor representative diplomat vice-premier leader speaker deputy minister".split())


@dataclass
class Scene:
    """What resolution needs to know of one article. Offsets are character indices into its text."""

    text: str
    year: int | None
    tokens: list[Word]
    runs: list[Run]
    geo: list[geo.CountryMention]
    people: list[Person]
    sentences: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    registry: Registry
    home: str = ""
    """The country that a bare "the foreign ministry" most likely belongs to."""
    _starts: list[int] = field(default_factory=list)
    _sentence_starts: list[int] = field(default_factory=list)
    _paragraph_starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, doc: Doc, registry: Registry) -> Scene:
        text = doc.article.text
        tokens = words(text)
        places = geo.mentions(text)
        lowered = frozenset(w.text for w in tokens if w.text.islower())
        found = runs(text, tokens, [(m.start, m.end) for m in places], lowered)
        year = int(doc.article.date[:4]) if doc.article.date and doc.article.date[:4].isdigit() else None
        people = find_people(text, found, tokens, registry)
        paragraphs = doc.paragraphs or _blocks(text)
        scene = cls(text, year, tokens, found, places, people, doc.sentences or _sentences(text, paragraphs), paragraphs, registry)
        scene._starts = [w.start for w in tokens]
        scene._sentence_starts = [s.start for s in scene.sentences]
        scene._paragraph_starts = [p.start for p in scene.paragraphs]
        for person in people:
            scene._describe(person)
        counts = Counter[str]()
        for mention in places:
            counts[mention.country] += 3 if mention.start < 400 else 1
        scene.home = counts.most_common(1)[0][0] if counts else ""
        for person in people:
            person.country = person.country or scene._country_by_context(person)
        return scene

    # ------------------------------------------------------------------ where

    def sentence(self, offset: int) -> int:
        """Index of the sentence that holds an offset, or that begins last before it."""
        return max(bisect_right(self._sentence_starts, offset) - 1, 0)

    def paragraph(self, offset: int) -> int:
        return max(bisect_right(self._paragraph_starts, offset) - 1, 0)

    def tokens_in(self, start: int, end: int) -> list[Word]:
        first = bisect_right(self._starts, start - 1)
        last = bisect_right(self._starts, end - 1)
        return self.tokens[first:last]

    def geo_in(self, start: int, end: int) -> list[geo.CountryMention]:
        return [m for m in self.geo if start <= m.start and m.end <= end]

    # ------------------------------------------------------------------ persons

    def _describe(self, person: Person) -> None:
        """Collect titles and appositions, gender and country."""
        for mention in person.mentions:
            for role in (self._title_before(mention.title_start, mention.start), self._apposition(mention.end)):
                if role and role not in (r for _, r in person.roles):
                    person.roles.append((mention.start, role))
        for _, role in person.roles:
            for word in role.lower().split():
                person.genders["m"] += word in MALE
                person.genders["f"] += word in FEMALE
        person.genders += Counter()
        if person.known is None:
            person.known = self._known(person)
        if person.known is not None and person.known.gender:
            person.genders[person.known.gender] += 5
        person.country = next((c for _, role in person.roles if (c := self.affiliation_of_role(role))), "")
        if person.known is not None:
            person.country = person.known.affiliation

    def _known(self, person: Person) -> object:
        if len(core_words(person.words)) > 1:
            return None
        known = self.registry.person_in_office(person.words[-1], self.year)
        return known if known is not None and (person.roles or known.roles) else None

    def _title_before(self, start: int, name_start: int) -> str:
        """The title that stands before a name: "Chinese foreign ministry spokeswoman"."""
        last = bisect_right(self._starts, name_start - 1) - 1
        at = last
        if at >= 0 and self.tokens[at].text == ",":
            at -= 1
        first = at + 1
        while at >= 0 and last - at < 14:
            word = self.tokens[at]
            if self.text[word.end : self.tokens[at + 1].start].strip(" \xa0'’s") and self.tokens[at + 1].text != ",":
                break
            if word.lower in TITLES or word.lower in BODIES or word.lower in ORG_WORDS or word.lower in _LINKS or word.capital:
                first = at
                at -= 1
                continue
            break
        while first <= last and (self.tokens[first].lower in DETERMINERS or self.tokens[first].lower in _LINKS):
            first += 1
        chunk = self.tokens[first : last + 1]
        if not any(w.lower in ROLES for w in chunk):
            return ""
        comma = self.tokens[last].text == ","
        if comma and not (chunk[0].lower in TITLES or chunk[0].capital):
            return ""
        return self.text[chunk[0].start : chunk[-2 if comma else -1].end] if len(chunk) > int(comma) else ""

    def _apposition(self, end: int) -> str:
        after = self.text[end : end + 160]
        if not after.startswith((", ", " (", " – ", " — ", " - ")):
            return ""
        match = _APPOSITION.match(after.lstrip(" –—-("))
        if match is None:
            return ""
        words_ = match.group(1).split()
        heads = [i for i, w in enumerate(words_[:10]) if w.lower().strip("’'s") in ROLES or w.lower() in ROLES]
        if not heads or words_[0].lower() in ("said", "who", "which", "and", "but", "as", "told", "when", "while", "after", "saying"):
            return ""
        if any(w in ("said", "told", "says", "met", "has", "will", "was", "is") for w in words_[: heads[0] + 1]):
            return ""
        role = re.split(r"\s(?:said|told|says|who|has|was|is|added|stressed|noted)\b", match.group(1))[0]
        return re.sub(r"^(?:the|a|an)\s", "", role).strip()

    def affiliation_of_role(self, role: str) -> str:
        """The country (or body) that a title speaks for: "U.S. ambassador to China" → United States."""
        found = geo.mentions(role)
        direct = [m for m in found if not re.search(r"\b(?:to|in|on|for|with|from|against|near)\s(?:the\s)?$", role[: m.start])]
        lowered = role.lower()
        for known in (self.registry.organization(part) for part in _parts(role)):
            if known is not None and not direct:
                return known.affiliation if any(w in _OFFICES for w in re.findall(r"[\w-]+", lowered)) else known.name
        if direct:
            return direct[0].country
        return ""

    def _country_by_context(self, person: Person) -> str:
        """For an office holder without a country of his own: the country that the sentence or article is about."""
        if not any(w in _OFFICES for _, role in person.roles for w in re.findall(r"[\w-]+", role.lower())):
            return ""
        start = person.first
        sentence = self.sentences[self.sentence(start)] if self.sentences else Span(0, max(len(self.text), 1))
        near = [m for m in self.geo if sentence.start <= m.start < start]
        return near[-1].country if near else self.home


def _parts(role: str) -> list[str]:
    """Stretches of a title that may name a body."""
    found = re.findall(r"(?:[A-Z][\w.’'-]*(?:\s(?:of|for|and|the)\s(?=[A-Z])|\s(?=[A-Z]))?)+", role)
    return [f.strip() for f in found] + [re.sub(r"['’]s$", "", f.strip()) for f in found]


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
