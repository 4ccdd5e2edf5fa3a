"""Sources by what somebody is: a title's holder, an official without a name, a group taken up again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.resolve import speakers as make
from stance.resolve.holders import RELATIVES, holder, in_office, introduced_later, just_named, relative
from stance.resolve.memory import head_noun
from stance.resolve.offices import office_holder
from stance.resolve.people import Person
from stance.resolve.phrase import Phrase
from stance.resolve.reading import Reading, unnamed
from stance.resolve.words import BODIES, ROLES
from stance.types import Speaker

_VAGUE = frozenset("official source diplomat person aide lawmaker commander officer boy girl child".split())
_NAMELESS = frozenset("official source person officer".split())
_ANYBODY = frozenset(
    "politician diplomat lawmaker official ex-official expert analyst specialist scholar scientist researcher academic "
    "professor historian economist author writer journalist columnist commentator businessman businesswoman activist "
    "campaigner deputy veteran founder executive envoy candidate contender man woman dissident lawyer doctor "
    "strategist politologist".split()
)
"""Nouns by which news takes up a person whose office it gave in other words."""


_SEATS = frozenset(["crown"])
"""Words for a person that with a capital mean an institution."""


def role(reading: Reading, part: Phrase, taken: Sequence[str]) -> Speaker:
    if part.head.lower in RELATIVES:
        kin = relative(reading.scene, part)
        return make.person(kin, "title", 0.6) if kin is not None else unnamed(reading, part)
    if part.indefinite:
        later = introduced_later(reading.scene, part)
        return make.person(later, "title", 0.6) if later is not None else unnamed(reading, part)
    again = unnamed_again(reading, part)
    found = holder(reading.scene, reading.memory, part, taken)
    if found is not None and part.head.lower in _VAGUE and (again is not None or part.head_at <= 1):
        near = part.head.lower not in _NAMELESS and again is None and _just_before(reading, part, found[0])
        found = found if near or found[0] is _last_person(reading, part) else None
    fresh = _fresh(reading, part, found[0]) if found is not None and part.definite and not taken else None
    if fresh is not None:
        return make.person(fresh, "title", 0.5)
    if found is not None:
        return make.person(found[0], "title", found[1])
    if again is not None:
        return again
    later = introduced_later(reading.scene, part) if part.definite else None
    office = in_office(reading.scene, part)
    if later is None and office is not None:
        return make.person(office, "registry", 0.5)
    guess = later or (_taken_up(reading, part) if part.definite and not taken else None)
    if guess is not None:
        return make.person(guess, "title", 0.5)
    holding = office_holder(reading.scene, part)
    return make.person(holding, "registry", 0.5) if holding is not None else unnamed(reading, part)


def _just_before(reading: Reading, part: Phrase, person: Person) -> bool:
    """Whether a person was named in this sentence or one of the two before."""
    here = reading.scene.sentence(part.start)
    return any(m.start < part.start and here - reading.scene.sentence(m.start) <= 2 for m in person.mentions)


def _last_person(reading: Reading, part: Phrase) -> Person | None:
    """The named person who spoke last, not long before."""
    scene, last = reading.scene, reading.memory.last
    if last is None or len(last.speakers) != 1 or scene.sentence(part.start) - scene.sentence(last.at) > 3:
        return None
    return next((p for p in scene.people if p.name == last.speakers[0].name), None)


def _taken_up(reading: Reading, part: Phrase) -> Person | None:
    """Whom a description with no holder takes up: who was named just before, or who spoke last ("the expert added")."""
    head = part.head.lower
    if part.determiner in ("its", "their"):  # another's: "its representative"
        return None
    last = _last_person(reading, part) if head.removeprefix("ex-") in _ANYBODY or "former" in part.lower else None
    if last is not None and not reading.scene.known_in(part.start, part.end):
        places = {m.country for m in reading.scene.geo_in(part.start, part.end)}
        if not places or last.country in (*places, "") or "former" in part.lower:
            return last
    return just_named(reading.scene, part) if head not in _VAGUE else None


def _fresh(reading: Reading, part: Phrase, holder_: Person) -> Person | None:
    """The untitled speaker of the sentence before, where the only holder of such a title was named long ago."""
    scene, last = reading.scene, reading.memory.last
    person = just_named(scene, part)
    if person is None or last is None or not any(s.name == person.name for s in last.speakers):
        return None
    if scene.geo_in(part.start, part.end) or scene.known_in(part.start, part.end):
        return None
    before = [m.start for m in holder_.mentions if m.start < part.start]
    return person if before and scene.sentence(part.start) - scene.sentence(before[-1]) > 2 else None


def unnamed_again(reading: Reading, part: Phrase) -> Speaker | None:
    """The unnamed source that "the official" takes up."""
    head = part.head.lower
    if (not part.definite and part.determiner) or {"second", "third", "other"} & {w.lower for w in part.before_head}:
        return None
    if re.match(r"\s(?:of|at|for)\s(?:the\s)?[A-Z]", part.text[part.head.end - part.start :]):
        return None
    places = reading.scene.geo_in(part.start, part.end)

    alone = part.head.end >= part.start + len(part.name)

    def same(speaker: Speaker) -> bool:
        if speaker.kind != "unnamed":
            return False
        body = reading.scene.registry.organization(speaker.affiliation)
        country = body.affiliation if body else speaker.affiliation
        if places and country and country != places[0].country:
            return False
        other = head_noun(speaker.name)
        return other == head or (
            alone and head in _VAGUE and other in _VAGUE | {"spokesman", "spokeswoman", "aide", "one"}
        )

    found = reading.memory.find(same)
    return replace(found, how="title", score=0.6) if found is not None else None


def group_again(reading: Reading, part: Phrase) -> Speaker | None:
    """The group that "the officials" takes up."""
    if part.head_at > 1 or (part.head_at == 1 and part.words[0].lower not in ("the", "these", "those")):
        return None
    if part.name != reading.scene.text[part.start : part.head.end]:
        return None
    head = part.head.lower
    same = {"officials", "sources"} if head in ("officials", "sources") else {head}
    found = reading.memory.find(
        lambda s: s.kind == "group" and head_noun(s.name) in same and len(s.name) > len(part.name)
    )
    return replace(found, how="title", score=0.6) if found is not None else None


def is_role(part: Phrase) -> bool:
    """Whether the head is a person's role, not a body ("coast guard", "Ministry Chief" is one, "the Guard" is none)."""
    head = part.head
    if head.lower == "guard" and part.head_at and part.words[part.head_at - 1].lower in ("coast", "national", "border"):
        return False
    return head.lower.removeprefix("ex-") in ROLES and not (head.capital and head.lower in BODIES | _SEATS)
