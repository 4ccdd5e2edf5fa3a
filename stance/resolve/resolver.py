"""Who speaks: the sources of an article's statements resolved to speakers with stable ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.resolve import countries as geo
from stance.resolve import speakers as make
from stance.resolve.anaphora import GENERIC, body_again, outlet
from stance.resolve.bodies import fuller
from stance.resolve.described import group_again, is_role, role
from stance.resolve.documents import document
from stance.resolve.extent import source_extent
from stance.resolve.institutions import apposed_body, body, body_name, introduced_body, known_body, make_body
from stance.resolve.joint import both_sides, met, several
from stance.resolve.members import members
from stance.resolve.memory import Past
from stance.resolve.named import named_person
from stance.resolve.people import Person
from stance.resolve.phrase import Phrase, phrase
from stance.resolve.places import country
from stance.resolve.pronouns import pronoun
from stance.resolve.rank import Ranker
from stance.resolve.reading import Reading, bare, country_of, unnamed
from stance.resolve.registry import Registry
from stance.resolve.scene import Scene
from stance.resolve.slices import slices
from stance.resolve.turns import turn
from stance.resolve.words import (
    BODIES,
    COUNTRY_NOUNS,
    DETERMINERS,
    DOCUMENTS,
    GROUP_NOUNS,
    ORG_WORDS,
    PRONOUNS,
    ROLES,
)
from stance.types import Doc, Span, Speaker, Statement

_SINGULAR, _PLURAL = frozenset("i me my".split()), frozenset("we us our".split())
_CALL = re.compile(r"\b(?:phone|telephone|call|spoke)\b", re.IGNORECASE)


class Resolver:
    """Fills `Statement.speakers`.

    Ids are stable across articles: a registry id where the registry knows the speaker, else the slug of the name,
    with "@" and the slug of the affiliation for persons, bodies, groups and unnamed sources
    ("hugh-hill@acme-clinic", "unnamed:senior-official@china"); a country's id is the slug of its name.
    """

    def __init__(self, registry: Registry, ranker: Ranker | None = None) -> None:
        self.registry = registry
        self.ranker = ranker

    def resolve(self, docs: Sequence[Doc]) -> list[Doc]:
        """The Docs with speakers in every statement (none where nobody can be made out), in order."""
        return [self._one(doc) for doc in docs]

    def _one(self, doc: Doc) -> Doc:
        if not doc.statements:
            return doc
        try:
            speakers: dict[int, tuple[Speaker, ...]] = {}
            for part, places in slices(doc):
                scene = Scene.of(part, self.registry)
                scene.ranker = self.ranker
                resolved = _Pass(scene, part).statements()
                speakers |= {place: s.speakers for place, s in zip(places, resolved, strict=True)}
        except Exception as error:  # one article must not stop a run; the Doc carries the fault
            return doc.with_problem("resolve", error)
        return doc.with_statements(replace(s, speakers=speakers[i]) for i, s in enumerate(doc.statements))


class _Pass:
    """One pass over an article's statements, in the order of the text, remembering who spoke."""

    def __init__(self, scene: Scene, doc: Doc) -> None:
        self.doc = doc
        self.reading = Reading(scene, self._member)

    def statements(self) -> list[Statement]:
        given = self.doc.statements
        done: dict[int, Statement] = {}
        for index in sorted(range(len(given)), key=lambda i: _anchor(given[i])):
            statement = given[index]
            speakers = _distinct(self._source(statement))
            done[index] = replace(statement, speakers=speakers)
            written = statement.source.text(self.reading.scene.text) if statement.source else ""
            at = _anchor(statement)
            self.reading.memory.add(at, written, speakers, self.reading.scene.inside_other(at))
        return [done[i] for i in range(len(given))]

    def _source(self, statement: Statement) -> list[Speaker]:
        source = source_extent(self.reading.scene, statement)
        if source is None:
            return self._sourceless(statement)
        outer = self._around(source)
        if outer is not None:
            return [replace(s, how="pronoun", score=min(s.score, 0.8)) for s in self._source(outer)]
        parts = members(self.reading.scene, source.start, source.end)
        found: list[Speaker] = []
        for start, end in parts:
            part = phrase(self.reading.scene, start, end)
            if part is not None:
                found.extend(self._member(part, [s.name for s in found]))
        if len(parts) > 1:
            found = [replace(s, how="joint") for s in found]
        return found or self._sourceless(statement)

    def _around(self, source: Span) -> Statement | None:
        """The statement in whose content a first person stands."""
        word = source.text(self.reading.scene.text).lower()
        if word not in _SINGULAR | _PLURAL:
            return None
        found = [
            s for s in self.doc.statements if any(c.start <= source.start and source.end <= c.end for c in s.content)
        ]
        outer = min(found, key=lambda s: s.extent.end - s.extent.start, default=None)
        if outer is None or outer.source is None or outer.source.overlaps(source):
            return None
        return outer if word in _SINGULAR or outer.kind == "direct" else None

    def _sourceless(self, statement: Statement) -> list[Speaker]:
        """A floating quotation or a passive: whoever spoke last; in a government's readout both parties."""
        scene, at = self.reading.scene, _anchor(statement)
        if scene.voice and statement.cue is not None and statement.source is None:
            earlier = self.reading.memory.joint(lambda s: s.kind in ("person", "country"))
            if earlier:
                return [replace(s, how="unknown", score=0.5) for s in earlier]
            if _CALL.search(f"{scene.title} {self.reading.scene.text[:400]}"):
                return [make.person(p, "unknown", 0.5) for p in met(scene, self.reading.memory, at, 0, "")]
            return [replace(s, how="unknown", score=0.5) for s in both_sides(scene, self.reading.memory, at, 2)]
        own = turn(scene, at) if statement.source is None else None
        if own is not None:
            return [make.person(own, "unknown", 0.5)]
        told = self._told_of(statement) if statement.cue is None and statement.source is None else None
        if told is not None:
            return [make.person(told, "unknown", 0.5)]
        last = self._last_voice()
        return [replace(s, how="unknown", score=min(s.score, 0.5)) for s in last.speakers] if last else []

    def _told_of(self, statement: Statement) -> Person | None:
        """Whom the sentence before a floating quotation is about, if it attributes nothing: "Ann Clay was angry."."""
        scene = self.reading.scene
        before = scene.sentence(statement.content[0].start) - 1
        if before < 0 or any(scene.sentence(past.at) == before for past in self.reading.memory.past):
            return None
        opening, end = scene.sentences[before].start, scene.sentences[before].end
        named = [(m.start, m.title_start, p) for p in scene.people for m in p.mentions if opening <= m.start < end]
        first = min(named, key=lambda entry: entry[0], default=None)
        return first[2] if first is not None and first[1] - opening < 14 else None

    def _last_voice(self) -> Past | None:
        """The source that a floating quotation goes on from: of the article's own voice, a person before the medium."""
        outer = self.reading.memory.outer(nested=False)
        if not outer:
            return None
        if not outlet(outer[0].speakers[0].name):
            return outer[0]
        here = self.reading.scene.sentence(outer[0].at)
        quoted = [p for p in outer if self.reading.scene.sentence(p.at) == here and p.speakers[0].kind == "person"]
        return quoted[0] if quoted else outer[0]

    def _member(self, part: Phrase, taken: Sequence[str] = ()) -> list[Speaker]:
        """The speakers of one phrase: pronoun, name, several, title, document, country, body, group, in this order."""
        reading = self.reading
        low = part.lower.strip(" ,.;:")
        low = re.sub(r"\s(?:both|all)$", "", low)
        low = re.sub(r"['’](?:s|re|ve|m|d|ll)$", "", low)
        if low in PRONOUNS and not (part.text.isupper() and len(low) > 1):
            return pronoun(reading.scene, reading.memory, low, part.start)
        one = apposed_body(reading, part) or named_person(reading, part)
        if one is not None:
            return [one]
        together = several(reading.scene, reading.memory, part)
        if together:
            return together
        later = introduced_body(reading, part) if part.indefinite else None
        if later is not None:
            return [later]
        if is_role(part):
            return [role(reading, part, taken)]
        if part.head.lower in DOCUMENTS and not (part.head.capital and known_body(reading, part)):
            return document(reading, part)
        one = country(reading, part) or known_body(reading, part) or self._by_head(part)
        return [one if one is not None else self._other(part)]

    def _by_head(self, part: Phrase) -> Speaker | None:
        head = part.head.lower
        if head == "team" and part.determiner in ("his", "her", "their"):
            return unnamed(self.reading, part, group=True)
        if head == "media" and part.head.text.islower() and not {"state", "official"} & {w.lower for w in part.words}:
            return unnamed(self.reading, part, group=True)
        if head == "government" and {"state", "local", "regional", "provincial", "city"} & {
            w.lower for w in part.words
        }:
            return body(self.reading, part)
        if part.head.capital and head in ("nation", "state") and part.head_at > 1 and not self._placed(part):
            return body(self.reading, part)  # "the Navajo Nation"
        if head in COUNTRY_NOUNS | {"country", "nation", "cabinet", "delegation"} and (
            part.definite or head == "authorities"
        ):
            near = self.reading.scene.country_near(part.start)
            country = near if head in ("country", "nation") else self.reading.scene.domestic or self.reading.scene.home
            return make.country(self.reading.scene.registry, country, "metonym", 0.5) if country else None
        if head in GENERIC and head not in BODIES and part.definite:
            again = body_again(self.reading, part)
            if again is not None:
                return again
        if (head in BODIES and not part.indefinite) or (part.head.capital and head in ORG_WORDS):
            return body(self.reading, part)
        plural = head.endswith("s") and not head.endswith("ss")
        if head in GROUP_NOUNS or (plural and (part.head.text.islower() or head[:-1] in ROLES)):
            return group_again(self.reading, part) or unnamed(self.reading, part, group=True)
        return None

    def _placed(self, part: Phrase) -> bool:
        """Whether a country stands before the head."""
        return bool(self.reading.scene.geo_in(part.start, part.head.start))

    def _plain_word(self, part: Phrase) -> bool:
        """Whether a capitalised word is no name but begins a sentence: "Commentators", "Whoever", "Proponents of"."""
        low = part.head.lower
        singular = low.removesuffix("s")
        known = part.head.common or singular in ROLES | DOCUMENTS or low in GROUP_NOUNS or low in DETERMINERS
        written = re.search(rf"\b{re.escape(low)}\b", self.reading.scene.text) is not None
        opens = part.start - self.reading.scene.sentence_span(part.start).start <= 2
        going_on = low.endswith("s") and (opens or part.head.end < part.end) and not part.head.text.isupper()
        return known or written or going_on

    def _other(self, part: Phrase) -> Speaker:
        owner = next((w for w in part.words if w.possessive and w.end < part.head.start), None)
        if owner is not None and part.head.text.islower():
            whose = phrase(self.reading.scene, part.start, owner.end)
            found = self._member(whose) if whose is not None else []
            if found:
                return replace(found[0], score=min(found[0].score, 0.6))
        if not part.head.capital:
            return unnamed(self.reading, part)
        core = bare(part.core)
        longer = fuller(core, self.reading.scene.bodies, part.start)
        if longer:
            return make_body(self.reading, bare(longer), part, "name")
        described = part.words[part.head_at - 1] if part.head_at else None
        if described is not None and described.text.islower() and described.lower in BODIES | {"charity", "lender"}:
            return make.body(self.reading.scene.registry, part.head.text, country_of(self.reading, part), "name", 0.7)
        if part.head_at == 0 and self._plain_word(part):
            return unnamed(self.reading, part, group=core.lower().endswith("s") or core.lower() == "people")
        if core in geo.adjectives() or (
            self.reading.scene.geo_in(part.start, part.head.end) and part.head.lower.endswith("s")
        ):
            return unnamed(self.reading, part, group=True)
        if part.determiner == "the" or core.isupper() or any(w.lower in ORG_WORDS for w in part.words):
            return make.body(
                self.reading.scene.registry, body_name(self.reading, part), country_of(self.reading, part), "name", 0.6
            )
        known = self.reading.scene.registry.person_in_office(core, self.reading.scene.year)
        if known is not None and known.roles and len(core.split()) == 1:
            return Speaker(known.id, known.name, "person", "", known.affiliation, "registry", 0.6)
        return Speaker(make.slug(core), core, "person", "", "", "name", 0.5)


def _anchor(statement: Statement) -> int:
    return (statement.cue or statement.source or statement.content[0]).start


def _distinct(speakers: list[Speaker]) -> tuple[Speaker, ...]:
    found: dict[str, Speaker] = {}
    for speaker in speakers:
        found.setdefault(speaker.id, speaker)
    return tuple(found.values())
