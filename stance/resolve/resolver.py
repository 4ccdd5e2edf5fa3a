"""Who speaks: the sources of an article's statements resolved to speakers with stable ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.resolve import countries as geo
from stance.resolve import speakers as make
from stance.resolve.bodies import continued, fuller, owned_form
from stance.resolve.extent import source_extent
from stance.resolve.holders import RELATIVES, holder, in_office, introduced_later, just_named, relative
from stance.resolve.joint import both_sides, met, several
from stance.resolve.memory import Memory, head_noun
from stance.resolve.names import Word
from stance.resolve.people import core_words
from stance.resolve.phrase import Phrase, members, phrase
from stance.resolve.pronouns import pronoun
from stance.resolve.registry import Registry, plain
from stance.resolve.roles import affiliation_of
from stance.resolve.scene import Scene
from stance.resolve.words import (
    BODIES, COUNTRY_NOUNS, DETERMINERS, DOCUMENTS, GROUP_NOUNS, NOT_NAMES, ORG_WORDS, PRONOUNS, ROLES, TITLES,
)  # fmt: skip
from stance.types import Doc, Speaker, Statement


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
            return doc.with_statements(_Reading(Scene.of(doc, self.registry), doc).statements())
        except Exception as error:  # one article must not stop a run; the Doc carries the fault
            return doc.with_problem("resolve", error)


class _Reading:
    """One pass over an article's statements, in the order of the text, remembering who spoke."""

    def __init__(self, scene: Scene, doc: Doc) -> None:
        self.scene = scene
        self.doc = doc
        self.text = scene.text
        self.memory = Memory()

    def statements(self) -> list[Statement]:
        given = self.doc.statements
        done: dict[int, Statement] = {}
        for index in sorted(range(len(given)), key=lambda i: _anchor(given[i])):
            statement = given[index]
            speakers = _distinct(self._source(statement))
            done[index] = replace(statement, speakers=speakers)
            written = statement.source.text(self.text) if statement.source else ""
            self.memory.add(_anchor(statement), written, speakers)
        return [done[i] for i in range(len(given))]

    def _source(self, statement: Statement) -> list[Speaker]:
        source = source_extent(self.scene, statement)
        if source is None:
            return self._sourceless(statement)
        parts = members(self.scene, source.start, source.end)
        found: list[Speaker] = []
        for start, end in parts:
            part = phrase(self.scene, start, end)
            if part is not None:
                found.extend(self._member(part, [s.name for s in found]))
        if len(parts) > 1:
            found = [replace(s, how="joint") for s in found]
        return found or self._sourceless(statement)

    def _sourceless(self, statement: Statement) -> list[Speaker]:
        """A floating quotation or a passive: whoever spoke last; in a government's readout both parties."""
        scene, at = self.scene, _anchor(statement)
        if scene.voice and statement.cue is not None and statement.source is None:
            earlier = self.memory.joint(lambda s: s.kind in ("person", "country"))
            if earlier:
                return [replace(s, how="context", score=0.5) for s in earlier]
            if _CALL.search(f"{scene.title} {self.text[:400]}"):
                return [make.person(p, "context", 0.5) for p in met(scene, self.memory, at, 0, "")]
            return [replace(s, how="context", score=0.5) for s in both_sides(scene, self.memory, at, 2)]
        last = self.memory.last
        return [replace(s, how="context", score=min(s.score, 0.5)) for s in last.speakers] if last else []

    def _member(self, part: Phrase, taken: Sequence[str] = ()) -> list[Speaker]:
        low = re.sub(r"\s(?:both|all|themselves|himself|herself|itself)$", "", part.lower.strip(" ,.;:"))
        if low in PRONOUNS and not (part.text.isupper() and len(low) > 1):
            return pronoun(self.scene, self.memory, low, part.start)
        titled = self._apposed_body(part)
        if titled is not None:
            return [titled]
        named = self._named_person(part)
        if named is not None:
            return [named]
        together = several(self.scene, self.memory, part)
        if together:
            return together
        if _is_role(part):
            return [self._role(part, taken)]
        if part.head.lower in DOCUMENTS and not (part.head.capital and self._known_body(part)):
            return self._document(part)
        for attempt in (self._country, self._known_body, self._by_head):
            found = attempt(part)
            if found is not None:
                return [found]
        return [self._other(part)]

    def _apposed_body(self, part: Phrase) -> Speaker | None:
        """The name that a description of a body is followed by: "a lobbying firm, Acme LLC", "known as the X Council"."""
        if not (part.head.text.islower() and part.head.lower in BODIES | {"lobby", "charity", "lender", "platform"}):
            return None
        match = _NAMED.match(self.text, part.head.end, part.end)
        if match is None or any(m.start <= match.start(1) < m.end for p in self.scene.people for m in p.mentions):
            return None
        known = self.scene.registry.organization(match.group(1))
        if known is not None:
            return make.body(self.scene.registry, match.group(1), known.affiliation, "name", 0.9)
        return make.body(self.scene.registry, match.group(1), self.country_of(part), "name", 0.8)

    # ------------------------------------------------------------------ persons by name

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
            if not _belongs(prefix, mention.title_start, part.head):
                continue
            following = next((w for w in part.words if w.start >= mention.end), None)
            if following is not None and following.text[0].isalpha() and _modified(following):
                continue
            short, long = core_words(mention.words), core_words(person.words)
            full = len(short) >= len(long) or short != long[-len(short) :]
            return make.person(person, "name" if full else "surname", 0.95 if full else 0.9)
        return None

    # ------------------------------------------------------------------ countries and bodies

    def _country(self, part: Phrase) -> Speaker | None:
        registry = self.scene.registry
        written = self.text[part.start : part.words[part.head_at].end]
        for form in (part.core, written, part.name):
            found = geo.country_named(form)
            if found is not None:
                return make.country(registry, found, "name" if plain(form) == plain(found) else "metonym", 0.95)
            stands_for = registry.metonym(form)
            if stands_for is not None:
                return make.country(registry, stands_for, "metonym")
        head = part.head.lower
        ends = [m for m in self.scene.geo_in(part.start, part.head.end) if m.end == part.head.end and m.how == "name"]
        before = part.words[part.head_at - 1] if part.head_at else None
        if ends and before is not None and (before.text.islower() or before.capital and ends[0].start > before.start):
            return make.country(registry, ends[0].country, "name")
        if head in ("north", "south") and part.definite and part.head_at == 1:
            korea = f"{head.title()} Korea"
            if any(m.country == korea for m in self.scene.geo):
                return make.country(registry, korea, "metonym")
        if (head in COUNTRY_NOUNS or (head in _HOUSES and part.head.capital)) and not part.indefinite:
            name = self.country_of(part)
            if name:
                return make.country(registry, name, "side" if head in ("side", "delegation") else "metonym")
        if part.name in geo.adjectives() and not part.name.endswith("ns"):
            return make.country(registry, geo.adjectives()[part.name], "metonym", 0.8)
        place = [
            m for m in self.scene.geo_in(part.start, part.head.end) if m.end == part.head.end and m.how == "adjective"
        ]
        if place and part.determiner == "the" and part.head_at <= 1 and not place[0].text.endswith("ns"):
            return make.country(registry, place[0].country, "metonym")
        return None

    def country_of(self, part: Phrase) -> str:
        """The country (or body) that a phrase's modifiers name; "" where they name none."""
        for known in self.scene.known_in(part.start, part.end):
            if known.known is not None:
                return known.known.affiliation
        inside = self.scene.geo_in(part.start, part.end)
        direct = [m for m in inside if not _ABROAD.search(self.text[part.start : m.start])]
        if direct or inside:
            return (direct or inside)[0].country
        for person in self.scene.people:
            if any(part.start <= m.start and m.end <= part.end for m in person.mentions):
                return person.country
        if part.determiner in ("its", "their", "his", "her", "our"):
            owner = self.memory.find(lambda s: bool(s.affiliation))
            return owner.affiliation if owner else ""
        return ""

    def _known_body(self, part: Phrase) -> Speaker | None:
        registry = self.scene.registry
        head_end = part.words[part.head_at].end
        for form in (part.name, self.text[part.start : head_end], part.core):
            known = registry.organization(form)
            if known is not None:
                return make.body(registry, _bare(form), known.affiliation, "name", 0.95)
        explained = self.scene.acronyms.get(part.core)
        if explained:
            return self._make_body(explained, part, "name")
        inside = [b for b in self.scene.known_in(part.start, part.end) if b.known and b.start <= part.head.start]
        if inside and (inside[-1].end >= part.head.end or part.head.lower in _NEWS):
            last = inside[-1]
            return make.body(registry, last.name, last.known.affiliation if last.known else "", "name", 0.9)
        return None

    def _make_body(self, name: str, part: Phrase, how: str) -> Speaker:
        """A body under one name throughout the article: the one that it had before, or the one with its country."""
        country = self.country_of(part)
        places = geo.mentions(name)
        if not country:
            near = self.scene.domestic or self.scene.country_near(part.start)
            country = places[0].country if places else _own_name(name) or near
        tail = _tail(name, places)

        def same(speaker: Speaker) -> bool:
            return (
                speaker.kind == "organization"
                and speaker.affiliation == country
                and (_tail(speaker.name, geo.mentions(speaker.name)) == tail)
            )

        earlier = self.memory.find(same) if tail else None
        if earlier is not None:
            return replace(earlier, how=how, score=min(earlier.score, 0.8))
        if not places:
            name = owned_form(self.text, name, country) or name
        return make.body(self.scene.registry, name, country, how)

    def _body(self, part: Phrase) -> Speaker:
        """A body by its name as written, or by the fuller form that the article gives it."""
        name = self._office(part) or self._body_name(part)
        head = part.head.lower
        bare = all(
            w.lower in ("the", "this", "that", "its", "news", "state", head) for w in part.words[: part.head_at + 1]
        )
        if part.definite and (part.head.capital and part.head_at == 1 or bare):
            earlier = self._earlier_body(name, head)
            if earlier is not None:
                return replace(earlier, how="title", score=min(earlier.score, 0.7))
        owned = part.words[0].possessive or self.scene.geo_in(part.start, part.head.end)
        longer = fuller(name, self.scene.bodies, part.start) if (part.head.capital or bare) and not owned else ""
        return self._make_body(_bare(longer) or name, part, "name" if part.head.capital else "title")

    def _office(self, part: Phrase) -> str:
        """ "Tom Hart's office" for "Prime Minister Tom Hart's office" and "his office"; "" for other bodies."""
        if part.head.lower not in ("office", "campaign", "team"):
            return ""
        for person in self.scene.people:
            for m in person.mentions:
                if part.start <= m.start and m.end <= part.head.start and m.possessive:
                    return f"{person.name}'s {part.head.text}"
        if part.determiner in ("his", "her") and part.head.lower != "team":
            owner = pronoun(self.scene, self.memory, part.determiner, part.start)
            if owner:
                return f"{owner[0].name}'s {part.head.text}"
        return ""

    def _earlier_body(self, name: str, head: str) -> Speaker | None:
        word = plain(name).split()[-1]
        registry = self.scene.registry

        def named(speaker: Speaker) -> bool:
            known = registry.organization(speaker.name)
            return (
                speaker.kind == "organization"
                and word in plain(f"{speaker.name} {known.name if known else ''}").split()
            )

        same = self.memory.find(named)
        if same is not None or head not in _GENERIC or name[0].isupper():
            return same
        if head in ("company", "firm"):
            return self.memory.find(
                lambda s: (
                    s.kind == "organization" and s.name != s.affiliation and not _ministry(s.name) and not _outlet(s)
                )
            )
        return self.memory.find(
            lambda s: s.kind == "organization" and not _ministry(s.name) and (head in _NEWS) == _outlet(s)
        )

    def _body_name(self, part: Phrase) -> str:
        """The body's name without article and description: "the state-run Global Times" → "Global Times"."""
        head = part.head_at
        words = part.words
        end = continued(self.text, part.head.end)
        if part.head.text.islower() and part.head.lower in _NEWS:
            before = head - 1
            while before > 0 and words[before].lower in ("news", "press", "wire"):
                before -= 1
            if before >= 0 and words[before].capital and not self.scene.geo_in(words[before].start, words[before].end):
                head, end = (before, words[before].end) if words[before].lower not in DETERMINERS else (head, end)
        first = head
        if words[head].capital:
            while (
                first > 0
                and words[first - 1].text not in ",("
                and (words[first - 1].capital or words[first - 1].text in ("of", "for", "and", "the"))
                and not words[first - 1].lower.endswith(("-based", "-backed", "-led", "-run"))
            ):
                first -= 1
            while words[first].text in ("of", "for", "and", "the", "The", "A", "An") and first < head:
                first += 1
        else:
            first = 1 if part.determiner and head > 0 else 0
        own = [m for m in self.scene.geo_in(words[first].start, end) if m.start == words[first].start]
        if own and words[first].possessive | (own[0].end < end and self.text[own[0].end] in "'’") and head - first >= 3:
            if words[head].capital and not _ministry(part.head.text):
                first = next(i for i in range(first, head + 1) if words[i].start > own[0].end)
        return self.text[words[first].start : end].strip(" ,")

    # ------------------------------------------------------------------ heads

    def _by_head(self, part: Phrase) -> Speaker | None:
        head = part.head.lower
        if head == "team" and part.determiner in ("his", "her", "their"):
            return self._unnamed(part, group=True)
        if head == "media" and part.head.text.islower() and not {"state", "official"} & {w.lower for w in part.words}:
            return self._unnamed(part, group=True)
        if head in COUNTRY_NOUNS | {"country", "nation", "cabinet", "delegation"} and (
            part.definite or head == "authorities"
        ):
            near = self.scene.country_near(part.start)
            country = near if head in ("country", "nation") else self.scene.domestic or self.scene.home
            return make.country(self.scene.registry, country, "context", 0.5) if country else None
        if (head in BODIES and not part.indefinite) or (part.head.capital and head in ORG_WORDS):
            return self._body(part)
        if head in GROUP_NOUNS or (part.head.text.islower() and head.endswith("s") and not head.endswith("ss")):
            return self._group_again(part) or self._unnamed(part, group=True)
        return None

    def _group_again(self, part: Phrase) -> Speaker | None:
        """The group that "the officials" takes up."""
        if part.head_at > 1 or (part.head_at == 1 and part.words[0].lower not in ("the", "these", "those")):
            return None
        if part.name != self.text[part.start : part.head.end]:
            return None
        head = part.head.lower
        same = {"officials", "sources"} if head in ("officials", "sources") else {head}
        found = self.memory.find(
            lambda s: s.kind == "group" and head_noun(s.name) in same and len(s.name) > len(part.name)
        )
        return replace(found, how="title", score=0.6) if found is not None else None

    def _role(self, part: Phrase, taken: Sequence[str]) -> Speaker:
        if part.head.lower in RELATIVES:
            kin = relative(self.scene, part)
            return make.person(kin, "title", 0.6) if kin is not None else self._unnamed(part)
        if part.indefinite:
            later = introduced_later(self.scene, part)
            return make.person(later, "title", 0.6) if later is not None else self._unnamed(part)
        again = self._unnamed_again(part)
        found = holder(self.scene, self.memory, part, taken)
        vague = part.head.lower in _VAGUE and (again is not None or part.head_at <= 1)
        if found is not None and not vague:
            return make.person(found[0], "title", found[1])
        if again is not None:
            return again
        later = introduced_later(self.scene, part) if part.definite else None
        guess = (
            later
            or in_office(self.scene, part)
            or (just_named(self.scene, part) if part.definite and not taken and part.head.lower not in _VAGUE else None)
        )
        return make.person(guess, "title", 0.5) if guess is not None else self._unnamed(part)

    def _unnamed_again(self, part: Phrase) -> Speaker | None:
        """The unnamed source that "the official" takes up."""
        head = part.head.lower
        if not part.definite and part.determiner:
            return None
        places = self.scene.geo_in(part.start, part.end)

        def same(speaker: Speaker) -> bool:
            if speaker.kind != "unnamed" or (
                places and speaker.affiliation and speaker.affiliation != places[0].country
            ):
                return False
            other = head_noun(speaker.name)
            return other == head or (head in _VAGUE and other in _VAGUE | {"spokesman", "spokeswoman", "aide"})

        found = self.memory.find(same)
        return replace(found, how="title", score=0.6) if found is not None else None

    def _document(self, part: Phrase) -> list[Speaker]:
        """A document speaks for its author where one is named, else for itself."""
        author = _BY.search(part.text)
        seen = author is not None and _SEEN.search(part.text[: author.start()])
        written = phrase(self.scene, part.start + author.end(), part.end) if author and not seen else None
        if written is not None and written.head_at < len(written.words):
            return self._member(written)
        before = part.words[part.head_at - 1] if part.head_at else None
        if (
            before is not None
            and before.lower in BODIES - {"press", "news", "media", "court"}
            and before.start > part.start
        ):
            owner = phrase(self.scene, part.words[1 if part.determiner else 0].start, before.end)
            if owner is not None:
                return self._member(owner)
        named = self._authors(part.start, part.end)
        if named:
            return named
        if part.head.lower == "resolution":
            bodies = [b for b in self.scene.known if b.known and _ASSEMBLY.search(b.name) and b.start < part.start]
            if bodies and bodies[-1].known:
                return [make.body(self.scene.registry, bodies[-1].name, bodies[-1].known.affiliation, "context", 0.6)]
        if not part.definite:
            return [self._unnamed(part)]
        sender = in_office(self.scene, part) if part.head.lower in ("message", "letter", "telegram") else None
        if sender is not None:
            return [make.person(sender, "context", 0.5)]
        for past in self.memory.back():
            if part.head.lower in past.written.lower().split():
                return [replace(s, how="context", score=0.6) for s in past.speakers]
        for match in reversed(
            list(re.finditer(rf"\b{re.escape(part.head.text)}\b", self.text[: part.start], re.IGNORECASE))
        ):
            window = self.scene.tokens_in(max(0, match.start() - 45), match.start())
            start = next(
                (w.start for w in reversed(window) if w.lower in ("a", "the", "said", "in", ".", ",")), match.start()
            )
            named = [s for s in self._authors(start, match.start()) if s.kind != "country"]
            if named:
                return [replace(s, how="context", score=0.6) for s in named]
        for past in self.memory.back():
            if past.speakers[0].kind in ("organization", "country", "unnamed"):
                return [replace(s, how="context", score=0.5) for s in past.speakers]
        return both_sides(self.scene, self.memory, part.start, 2) if self.scene.voice else [self._unnamed(part)]

    def _authors(self, start: int, end: int) -> list[Speaker]:
        """The body, person or country that a stretch of text names as a document's author."""
        registry = self.scene.registry
        for known in self.scene.known_in(start, end):
            if known.known is not None:
                return [make.body(registry, known.name, known.known.affiliation, "metonym", 0.8)]
        for person in self.scene.people:
            if any(start <= m.start and m.end <= end for m in person.mentions):
                return [make.person(person, "metonym", 0.7)]
        places = self.scene.geo_in(start, end)[:1]
        if places:
            return [make.country(registry, places[0].country, "metonym", 0.7)]
        return self._capitals_before(start, end)

    def _capitals_before(self, start: int, end: int) -> list[Speaker]:
        """The body whose unknown name stands before a document: "an Acme Research poll"."""
        tokens = [
            w for w in self.scene.tokens_in(start, end) if w.capital and w.lower not in NOT_NAMES and w.start > start
        ]
        if not tokens or len(tokens[0].text) < 3 or tokens[0].lower in TITLES:
            return []
        name = self.text[tokens[0].start : tokens[-1].end]
        return [make.body(self.scene.registry, fuller(name, self.scene.bodies, start) or name, "", "metonym", 0.6)]

    def _unnamed(self, part: Phrase, group: bool = False) -> Speaker:
        core = _bare(part.core)
        role = core if not group and part.head.lower in ROLES else ""
        affiliation = affiliation_of(part.text, self.scene.registry) if role else ""
        affiliation = affiliation or self.country_of(part)
        if not affiliation and _AMERICAN & {w.lower for w in part.words}:
            affiliation = "United States" if any(m.country == "United States" for m in self.scene.geo) else ""
        if not affiliation and part.head.lower in _DOMESTIC:
            affiliation = self.scene.domestic or self.scene.home
        return make.unnamed(part.name, core, role, affiliation, group)

    def _other(self, part: Phrase) -> Speaker:
        if not part.head.capital:
            return self._unnamed(part)
        core = _bare(part.core)
        longer = fuller(core, self.scene.bodies, part.start)
        if longer:
            return self._make_body(_bare(longer), part, "name")
        described = part.words[part.head_at - 1] if part.head_at else None
        if described is not None and described.text.islower() and described.lower in BODIES | {"charity", "lender"}:
            return make.body(self.scene.registry, part.head.text, self.country_of(part), "name", 0.7)
        plural = part.head_at == 0 and core.lower().endswith("s") and core.lower() in NOT_NAMES | GROUP_NOUNS
        if plural or (
            part.head_at == 0 and core.lower().endswith("s") and part.head.end < part.end and not core.isupper()
        ):
            return self._unnamed(part, group=True)
        if core in geo.adjectives() or (self.scene.geo_in(part.start, part.head.end) and part.head.lower.endswith("s")):
            return self._unnamed(part, group=True)
        if part.determiner == "the" or core.isupper() or any(w.lower in ORG_WORDS for w in part.words):
            return make.body(self.scene.registry, self._body_name(part), self.country_of(part), "name", 0.6)
        return Speaker(make.slug(core), core, "person", "", "", "name", 0.5)


_BY = re.compile(
    r"\b(?:(?:issued|written|authored|prepared|released|signed|commissioned|drafted|conducted)\s)?by\s(?:the\s)?",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:,\s|\sknown as\s|\scalled\s)(?:the\s)?([A-ZÀ-Þ][\w’'.&-]*(?:\s(?:(?:of|for|and|the)\s)*[A-ZÀ-Þ][\w’'.&-]*)*)"
)
_ASSEMBLY = re.compile(r"Council|Assembly|Parliament|Senate|Congress|House")
_CALL = re.compile(r"\b(?:phone|telephone|call|spoke)\b", re.IGNORECASE)
_SEEN = re.compile(r"\b(?:seen|obtained|carried|quoted|reported|viewed|reviewed|posted|cited)\s*$")
_ABROAD = re.compile(r"\b(?:to|in|on|with|from|against|at|for|about)\s(?:the\s)?$")
_HOUSES = frozenset("administration government".split())
_NEWS = frozenset(
    "agency newspaper daily tabloid magazine website channel broadcaster network television paper outlet publication".split()
)
_GENERIC = _NEWS | frozenset(
    "group organization organisation company firm ministry committee council commission coalition bloc movement "
    "agency party institute department army military bank court body charity alliance union".split()
)
_DOMESTIC = frozenset(
    "official officials spokesman spokeswoman spokesperson lawmaker lawmakers prosecutors police".split()
)
"""Unnamed sources that belong to the article's own country where nothing else is said."""
_AMERICAN = frozenset("federal congressional senate house fbi pentagon".split())
_VAGUE = frozenset("official source diplomat person aide lawmaker commander officer".split())


def _is_role(part: Phrase) -> bool:
    """Whether the head is a person's role, not a body ("coast guard", "Ministry Chief" is one, "the Guard" is none)."""
    head = part.head
    if head.lower == "guard" and part.head_at and part.words[part.head_at - 1].lower in ("coast", "national", "border"):
        return False
    return head.lower in ROLES and not (head.capital and head.lower in BODIES)


def _anchor(statement: Statement) -> int:
    return (statement.cue or statement.source or statement.content[0]).start


def _bare(text: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE)


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


def _outlet(speaker: Speaker) -> bool:
    """Whether a body is a news outlet, going by its name."""
    return bool(
        re.search(
            r"news|times|post|journal|daily|agency|press|tv|reuters|xinhua|tass|media|magazine|radio",
            plain(speaker.name),
        )
    )


def _ministry(name: str) -> bool:
    return any(w in ("ministry", "department", "parliament", "senate", "congress") for w in plain(name).split())


def _distinct(speakers: list[Speaker]) -> tuple[Speaker, ...]:
    found: dict[str, Speaker] = {}
    for speaker in speakers:
        found.setdefault(speaker.id, speaker)
    return tuple(found.values())


def _belongs(prefix: list[Word], title_start: int, head: Word) -> bool:
    """Whether the words before a name belong to it ("Russian Foreign Minister", "the group's leader,")."""
    words = [w for w in prefix if w.text[0].isalnum()]
    if not words:
        return True
    if prefix[-1].text == ",":
        plain_noun = head.text.islower() and head.lower not in BODIES | COUNTRY_NOUNS | DOCUMENTS
        relative = any(w.lower in ("which", "who", "whose", "that", "including") for w in words)
        return head.lower in ROLES or (plain_noun and not relative)
    if words[-1].possessive:
        return words[-1].lower not in ROLES
    links = [
        i
        for i, w in enumerate(words)
        if w.lower in ("of", "for", "by", "with", "to", "from", "on", "close", "in", "than")
    ]
    after = words[links[-1] + 1 :] if links else words
    if links:
        head_before = any(
            w.lower in ROLES or (w.text.islower() and w.lower not in DETERMINERS) for w in words[: links[0]]
        )
        own_title = any(w.lower in ROLES and (w.capital or w.start < title_start) for w in after)
        return bool(after) and head_before != own_title and after[-1].lower not in ("the", "a", "an")
    end = words[-1]
    if any(w.lower in GROUP_NOUNS for w in words) and end.lower in ("including", "like"):
        return False
    fits = end.lower in ROLES or end.lower in TITLES or end.lower in ("both", "even", "like", "the", "by", "s")
    return fits or (end.capital and end.lower not in NOT_NAMES) or end.lower in BODIES


def _modified(word: Word) -> bool:
    """Whether the word after a name makes it a modifier ("the Trump administration", "Obama aides")."""
    low = word.lower
    return low in COUNTRY_NOUNS or low in GROUP_NOUNS or (low in ROLES | BODIES | DOCUMENTS and word.text.islower())
