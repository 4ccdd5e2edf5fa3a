"""Who speaks: the sources of an article's statements resolved to speakers with stable ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from stance.resolve import countries as geo
from stance.resolve.names import Word
from stance.resolve.people import Person, core_words
from stance.resolve.phrase import Phrase, members, phrase
from stance.resolve.registry import Known, Registry, plain
from stance.resolve.scene import Scene
from stance.resolve.words import (
    BODIES, COUNTRY_NOUNS, DOCUMENTS, GROUP_NOUNS, NOT_NAMES, ORG_WORDS, PLURAL_COUNTRIES, PLURAL_PERSONS, PRONOUNS,
    ROLES, TITLES,
)  # fmt: skip
from stance.types import Doc, Span, Speaker, Statement


class Resolver:
    """Fills `Statement.speakers`.

    Ids are stable across articles: a registry id where the registry knows the speaker, else the slug of the name,
    with "@" and the slug of the affiliation for persons, bodies, groups and unnamed sources
    ("hugh-hill@acme-clinic", "unnamed:senior-official@china"); a country's id is the slug of its name.
    """

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def resolve(self, docs: Sequence[Doc]) -> list[Doc]:
        """The Docs with speakers in every statement (none where nobody can be made out), in order."""
        return [self._one(doc) for doc in docs]

    def _one(self, doc: Doc) -> Doc:
        if not doc.statements:
            return doc
        try:
            return doc.with_statements(_Reading(Scene.of(doc, self.registry), doc).speakers())
        except Exception as error:  # one article must not stop a run; the Doc carries the fault
            return doc.with_problem("resolve", error)


def slug(name: str) -> str:
    """ASCII letters and digits in lower case, joined by hyphens; letters of other scripts stay.

    >>> slug("Recep Tayyip Erdoğan")
    'recep-tayyip-erdogan'
    """
    return re.sub(r"[\W_]+", "-", plain(name)).strip("-") or "unknown"


@dataclass
class _Past:
    """A source resolved earlier in the article."""

    at: int
    speakers: tuple[Speaker, ...]
    statement: Statement


class _Reading:
    """One pass over an article's statements, in order, remembering who spoke."""

    def __init__(self, scene: Scene, doc: Doc) -> None:
        self.scene = scene
        self.doc = doc
        self.text = scene.text
        self.past: list[_Past] = []

    def speakers(self) -> list[Statement]:
        done: dict[int, Statement] = {}
        order = sorted(range(len(self.doc.statements)), key=lambda i: _anchor(self.doc.statements[i]))
        for index in order:
            statement = self.doc.statements[index]
            found = self._source(statement) if statement.source is not None else self._sourceless(statement)
            speakers = _distinct(found)
            done[index] = replace(statement, speakers=speakers)
            if speakers:
                self.past.append(_Past(_anchor(statement), speakers, statement))
        return [done[i] for i in range(len(self.doc.statements))]

    # ------------------------------------------------------------------ sources

    def _source(self, statement: Statement) -> list[Speaker]:
        source = statement.source
        assert source is not None
        parts = members(self.scene, source.start, source.end)
        found: list[Speaker] = []
        for start, end in parts:
            part = phrase(self.scene, start, end)
            if part is not None:
                found.extend(self._member(part, statement))
        if len(parts) > 1:
            found = [replace(s, how="joint") for s in found]
        return found or self._sourceless(statement)

    def _member(self, part: Phrase, statement: Statement) -> list[Speaker]:
        low = part.lower.strip(" ,.;:")
        if low in PRONOUNS:
            return self._pronoun(low, part, statement)
        named = self._named_person(part)
        if named is not None:
            return [named]
        several = self._several(part)
        if several:
            return several
        for attempt in (self._country, self._known_body, self._by_head):
            found = attempt(part)
            if found is not None:
                return [found]
        return [self._other(part)]

    def _named_person(self, part: Phrase) -> Speaker | None:
        """The person whose name heads the phrase, before or after its titles."""
        inside = sorted(
            ((m, p) for p in self.scene.people for m in p.mentions if part.start <= m.start and m.end <= part.end),
            key=lambda pair: pair[0].start,
        )
        for mention, person in inside:
            if mention.possessive and mention.end < part.end - 2:
                continue
            prefix = self.scene.tokens_in(part.start, mention.start)
            if not self._is_title(prefix, mention.title_start):
                continue
            following = [w for w in part.words if w.start >= mention.end][:1]
            if following and following[0].text[0].isalpha() and self._modified(following[0]):
                continue
            how = "name" if len(mention.words) > 1 else "surname"
            return self.person(person, how, 0.95 if how == "name" else 0.9)
        return None

    def _is_title(self, prefix: list[Word], title_start: int) -> bool:
        """Whether the words before a name belong to it ("Russian Foreign Minister", "the group's leader,")."""
        if not prefix:
            return True
        if prefix[0].lower in ("a", "an", "some", "several", "one", "another") and prefix[-1].text != "," and len(prefix) > 3:
            return any(w.lower in ROLES for w in prefix) and not any(w.lower in ("of", "for", "with", "by", "to", "from") for w in prefix)
        last = [w for w in prefix if w.text[0].isalnum()]
        if any(w.start >= title_start for w in prefix):
            return not any(w.lower in ("of", "for", "by", "with", "to", "close") for w in last if w.start < title_start) or any(
                w.lower in ROLES for w in prefix if w.start >= title_start
            )
        if prefix[-1].text == ",":
            return last[0].lower not in ("as",)
        if not last:
            return True
        end = last[-1]
        return end.lower in ROLES or end.lower in TITLES or end.lower in ("mr", "mrs", "ms", "as", "both", "even", "like") or (
            end.capital and end.lower not in NOT_NAMES
        ) or end.lower in ("the", "by") and len(last) == 1

    @staticmethod
    def _modified(word: Word) -> bool:
        low = word.lower
        return low in COUNTRY_NOUNS or low in GROUP_NOUNS or (low in ROLES | BODIES | DOCUMENTS and word.text.islower())

    def person(self, person: Person, how: str, score: float) -> Speaker:
        affiliation = person.country
        known = person.known
        identity = known.id if known is not None else f"{slug(person.name)}@{slug(affiliation)}" if affiliation else slug(person.name)
        return Speaker(identity, person.name, "person", person.role, affiliation, how, score)

    # ------------------------------------------------------------------ countries and bodies

    def country(self, name: str, how: str, score: float = 0.9) -> Speaker:
        known = self.scene.registry.organization(name)
        if known is not None:
            return self.body(known.name, known.affiliation, how, score)
        return Speaker(slug(name), name, "country", "", name, how, score)

    def body(self, name: str, affiliation: str, how: str, score: float = 0.85) -> Speaker:
        known = self.scene.registry.organization(name)
        identity = known.id if known else f"{slug(name)}@{slug(affiliation)}" if affiliation else slug(name)
        return Speaker(identity, name, "organization", "", known.affiliation if known else affiliation, how, score)

    def _country(self, part: Phrase) -> Speaker | None:
        core = part.core
        written = self.text[part.start : part.words[part.head_at].end]
        for form in (core, written, part.name):
            found = geo.country_named(form)
            if found is not None:
                is_name = plain(form) in (plain(n) for n in geo.names())
                return self.country(found, "name" if is_name else "metonym", 0.95)
            stands_for = self.scene.registry.metonym(form)
            if stands_for is not None:
                return self.country(stands_for, "metonym")
        head = part.head.lower
        if head in COUNTRY_NOUNS and not part.indefinite:
            country = self.country_of(part)
            if country:
                return self.country(country, "side" if head in ("side", "delegation") else "metonym")
        place = [m for m in self.scene.geo_in(part.start, part.head.end) if m.how == "adjective" and m.end == part.head.end]
        if place and part.definite and part.head_at <= 1 and not place[0].text.endswith("s"):
            return self.country(place[0].country, "metonym")
        return None

    def country_of(self, part: Phrase) -> str:
        """The country (or body) that a phrase's modifiers name, else the one its context suggests."""
        inside = self.scene.geo_in(part.start, part.end)
        direct = [m for m in inside if not re.search(r"\b(?:to|in|on|with|from|against|at)\s(?:the\s)?$", self.text[part.start : m.start])]
        if direct or inside:
            return (direct or inside)[0].country
        for person in self.scene.people:
            if any(part.start <= m.start and m.end <= part.end for m in person.mentions):
                return person.country
        for word in part.words:
            known = self.scene.registry.organization(word.text) if word.capital else None
            if known is not None:
                return known.affiliation
        return ""

    def _known_body(self, part: Phrase) -> Speaker | None:
        head_end = part.words[part.head_at].end
        for form in (part.name, self.text[part.start : head_end], part.core):
            known = self.scene.registry.organization(form)
            if known is not None:
                return self.body(_trim_article(form), known.affiliation, "name", 0.95)
        return None

    # ------------------------------------------------------------------ heads

    def _by_head(self, part: Phrase) -> Speaker | None:
        head = part.head.lower
        if head in ROLES and not (part.head.capital and head in BODIES):
            return self._role(part)
        if head in DOCUMENTS:
            return self._document(part)
        if head in BODIES or (part.head.capital and head in ORG_WORDS):
            return self._body(part)
        if head in COUNTRY_NOUNS:
            home = self.scene.home
            return self.country(home, "context", 0.5) if home and part.definite or head == "authorities" else None
        if head in GROUP_NOUNS or (part.head.text.islower() and head.endswith("s") and not head.endswith("ss")):
            return self.unnamed(part, "group")
        return None

    def _role(self, part: Phrase) -> Speaker:
        if not part.indefinite:
            person = self._holder(part)
            if person is not None:
                return self.person(person, "title", 0.75)
        return self.unnamed(part, "unnamed")

    def _holder(self, part: Phrase) -> Person | None:
        """The person of the article whom a title means, by role, country and recency."""
        places = {m.country for m in self.scene.geo_in(part.start, part.end)}
        wanted = {w.lower for w in part.words[: part.head_at + 1] if w.lower in TITLES}
        best: tuple[float, Person] | None = None
        for person in self.scene.people:
            score = self._fits_title(person, part, wanted, places)
            if score > 0 and (best is None or score > best[0]):
                best = (score, person)
        return best[1] if best is not None and best[0] >= 1.0 else None

    def _fits_title(self, person: Person, part: Phrase, wanted: set[str], places: set[str]) -> float:
        head = part.head.lower
        held = {w for _, role in person.roles for w in re.findall(r"[\w-]+", role.lower())}
        before = [m.start for m in person.mentions if m.start < part.start]
        score = 0.0
        if head in held or (head == "leader" and held & _LEADERS) or (head == "chief" and "head" in held) or (head in _SPOKES and held & _SPOKES):
            score += 1.0 + 0.3 * len((wanted - {head}) & held) - 0.4 * len((wanted - {head}) - held)
        elif head in ("official", "diplomat", "politician", "lawmaker", "senator", "man", "woman", "minister") and held & _LEADERS | held & {"ambassador", "envoy", "minister", "secretary"}:
            score += 0.6
        else:
            return 0.0
        if places:
            score += 0.6 if person.country in places else -1.0
        if not before:
            score -= 0.5
        else:
            score += 0.5 / (1 + self.scene.sentence(part.start) - self.scene.sentence(before[-1]))
        if self.past and any(s.name == person.name for s in self.past[-1].speakers):
            score += 0.2
        return score

    def _body(self, part: Phrase) -> Speaker:
        name = self._body_name(part)
        country = self.country_of(part)
        fuller = self._fuller_body(part, name)
        if fuller:
            name = fuller
        if not country and fuller:
            found = geo.mentions(fuller)
            country = found[0].country if found else ""
        return self.body(name, country or self._context_country(part.start), "name" if part.head.capital else "title")

    def _body_name(self, part: Phrase) -> str:
        """The body's name: up to the head, with "of ..." where the name goes on."""
        end = part.head.end
        match = re.match(r"(?:\s(?:of|for|on)\s(?:the\s)?[A-ZÀ-Þ][\w’'.-]*(?:(?:\s|,\s|\sand\s|\sof\s|\sand\sthe\s)[A-ZÀ-Þ][\w’'.-]*)*)", self.text[end : part.end])
        if match:
            end += match.end()
        return _trim_article(self.text[part.start : end]).strip()

    def _fuller_body(self, part: Phrase, name: str) -> str:
        """The fullest form in the text so far of a body that is named in short ("the ministry")."""
        if not part.definite and not part.head.capital:
            return ""
        words = [w for w in plain(name).split()]
        for past in reversed(self.past):
            for speaker in past.speakers:
                if speaker.kind == "organization" and plain(speaker.name) != plain(name) and plain(speaker.name).endswith(words[-1]) and set(words) <= set(plain(speaker.name).split()):
                    return speaker.name
        return ""

    def _context_country(self, at: int) -> str:
        sentence = self.scene.sentences[self.scene.sentence(at)] if self.scene.sentences else Span(0, len(self.text))
        near = [m.country for m in self.scene.geo if sentence.start <= m.start < at]
        return near[-1] if near else self.scene.home

    def _document(self, part: Phrase) -> Speaker | None:
        """A document speaks for its author where one is named, else for itself."""
        for mention in self.scene.geo_in(part.start, part.end):
            return self.country(mention.country, "metonym", 0.7)
        for word_end in range(part.head_at, 0, -1):
            form = self.text[part.words[0].start : part.words[word_end - 1].end]
            known = self.scene.registry.organization(form)
            if known is not None:
                return self.body(_trim_article(form), known.affiliation, "metonym", 0.8)
        if part.definite and self.past:
            return replace(self.past[-1].speakers[0], how="context", score=0.5)
        return self.unnamed(part, "unnamed")

    def unnamed(self, part: Phrase, kind: str) -> Speaker:
        affiliation = self.country_of(part)
        core = _trim_article(part.core)
        identity = f"{kind}:{slug(core)}" + (f"@{slug(affiliation)}" if affiliation else "")
        return Speaker(identity, part.name, "group" if kind == "group" else "unnamed", "", affiliation, "name", 0.7)

    def _other(self, part: Phrase) -> Speaker:
        if any(w.capital for w in part.words[: part.head_at + 1]) and part.head.capital:
            core = _trim_article(part.core)
            acronym = core.isupper()
            if part.determiner == "the" or acronym or part.head_at > 2 or any(w.lower in ORG_WORDS for w in part.words):
                return self.body(core, self.country_of(part), "name", 0.6)
            places = [m for m in self.scene.geo_in(part.start, part.head.end)]
            if places:
                return self.unnamed(part, "group")
            return Speaker(slug(core), core, "person", "", "", "name", 0.5)
        return self.unnamed(part, "unnamed")

    # ------------------------------------------------------------------ several

    def _several(self, part: Phrase) -> list[Speaker]:
        head, number = part.head.lower, part.number
        if not (part.definite or number) or part.head.capital and part.head_at > 1:
            return []
        if head in PLURAL_COUNTRIES and (head in ("sides", "parties") or number):
            return [self.country(c, "side", 0.7) for c in self._two_countries(part)]
        if head in PLURAL_PERSONS and (head in ("leaders", "presidents", "two", "pair") or number):
            return [self.person(p, "joint", 0.7) for p in self._two_people(part)]
        return []

    def _two_people(self, part: Phrase) -> list[Person]:
        """The two leaders last named before here who met, by the fullest of what the article says."""
        leaders = [p for p in self.scene.people if {w for _, r in p.roles for w in re.findall(r"[\w-]+", r.lower())} & _LEADERS or p.known]
        seen = [(max((m.start for m in p.mentions if m.start < part.start), default=-1), p) for p in leaders]
        seen = [pair for pair in seen if pair[0] >= 0]
        counts = sorted(seen, key=lambda pair: (-len(pair[1].mentions), -pair[0]))[:2]
        return sorted((p for _, p in counts), key=lambda p: p.first)

    def _two_countries(self, part: Phrase) -> list[str]:
        counts: dict[str, int] = {}
        for m in self.scene.geo:
            if m.start < part.start or m.start < 600:
                counts[m.country] = counts.get(m.country, 0) + 1
        return sorted(sorted(counts, key=lambda c: -counts[c])[:2], key=lambda c: next(m.start for m in self.scene.geo if m.country == c))

    # ------------------------------------------------------------------ pronouns and nothing

    def _pronoun(self, low: str, part: Phrase, statement: Statement) -> list[Speaker]:
        kind = PRONOUNS[low]
        if kind in ("m", "f"):
            person = self._antecedent(part.start, kind)
            return [self.person(person, "pronoun", 0.7)] if person is not None else []
        if kind in ("p", "p2"):
            for past in reversed(self.past):
                if len(past.speakers) > 1 or past.speakers[0].kind in ("group", "organization"):
                    return [replace(s, how="pronoun", score=0.6) for s in past.speakers]
            people = self._two_people(part)
            return [self.person(p, "pronoun", 0.5) for p in people] if len(people) == 2 else []
        for past in reversed(self.past):
            if kind != "n" or past.speakers[0].kind in ("country", "organization", "unnamed"):
                return [replace(s, how="pronoun", score=0.6) for s in past.speakers]
        return []

    def _antecedent(self, at: int, gender: str) -> Person | None:
        best: tuple[float, Person] | None = None
        sentence, paragraph = self.scene.sentence(at), self.scene.paragraph(at)
        last = {s.name: i for i, past in enumerate(self.past) for s in past.speakers}
        for person in self.scene.people:
            before = [m for m in person.mentions if m.start < at]
            if not before or person.gender and person.gender != gender:
                continue
            m = before[-1]
            distance = sentence - self.scene.sentence(m.start)
            score = -0.5 * distance + (0.5 if self.scene.paragraph(m.start) == paragraph else 0)
            score += 0.3 if person.gender == gender else 0
            score += 1.0 if self._subject(m) else 0
            score += 1.2 if last.get(person.name, -1) == len(self.past) - 1 and self.past else 0.3 if person.name in last else 0
            score += 0.1 * min(len(before), 5)
            if best is None or score > best[0]:
                best = (score, person)
        return best[1] if best else None

    def _subject(self, mention: object) -> bool:
        start = mention.title_start  # type: ignore[attr-defined]
        sentence = self.scene.sentences[self.scene.sentence(start)] if self.scene.sentences else Span(0, len(self.text))
        return start - sentence.start < 12

    def _sourceless(self, statement: Statement) -> list[Speaker]:
        """A floating quotation or a passive: whoever spoke last, in the same stretch of the article."""
        if self.past:
            return [replace(s, how="context", score=0.5) for s in self.past[-1].speakers]
        return []


_LEADERS = frozenset("president premier chancellor minister king queen leader prince chairman secretary emir sultan".split())
_SPOKES = frozenset("spokesman spokeswoman spokesperson".split())


def _anchor(statement: Statement) -> int:
    return (statement.cue or statement.source or statement.content[0]).start


def _trim_article(text: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE)


def _distinct(speakers: list[Speaker]) -> tuple[Speaker, ...]:
    found: dict[str, Speaker] = {}
    for speaker in speakers:
        found.setdefault(speaker.id, speaker)
    return tuple(found.values())
