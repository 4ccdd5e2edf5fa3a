"""Sources by what somebody is: a title's holder, an official without a name, a group taken up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stance.resolve import speakers as make
from stance.resolve.holders import RELATIVES, holder, in_office, introduced_later, just_named, relative
from stance.resolve.memory import head_noun
from stance.resolve.people import Person
from stance.resolve.phrase import Phrase
from stance.resolve.reading import Reading, unnamed
from stance.resolve.words import BODIES, ROLES
from stance.types import Speaker

_VAGUE = frozenset("official source diplomat person aide lawmaker commander officer".split())


def role(reading: Reading, part: Phrase, taken: Sequence[str]) -> Speaker:
    if part.head.lower in RELATIVES:
        kin = relative(reading.scene, part)
        return make.person(kin, "title", 0.6) if kin is not None else unnamed(reading, part)
    if part.indefinite:
        later = introduced_later(reading.scene, part)
        return make.person(later, "title", 0.6) if later is not None else unnamed(reading, part)
    again = unnamed_again(reading, part)
    found = holder(reading.scene, reading.memory, part, taken)
    vague = part.head.lower in _VAGUE and (again is not None or part.head_at <= 1)
    fresh = _fresh(reading, part, found[0]) if found is not None and part.definite and not taken else None
    if fresh is not None:
        return make.person(fresh, "title", 0.5)
    if found is not None and not vague:
        return make.person(found[0], "title", found[1])
    if again is not None:
        return again
    later = introduced_later(reading.scene, part) if part.definite else None
    guess = (
        later
        or in_office(reading.scene, part)
        or (just_named(reading.scene, part) if part.definite and not taken and part.head.lower not in _VAGUE else None)
    )
    return make.person(guess, "title", 0.5) if guess is not None else unnamed(reading, part)


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
    if not part.definite and part.determiner:
        return None
    places = reading.scene.geo_in(part.start, part.end)

    def same(speaker: Speaker) -> bool:
        if speaker.kind != "unnamed" or (places and speaker.affiliation and speaker.affiliation != places[0].country):
            return False
        other = head_noun(speaker.name)
        return other == head or (head in _VAGUE and other in _VAGUE | {"spokesman", "spokeswoman", "aide", "one"})

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
    return head.lower in ROLES and not (head.capital and head.lower in BODIES)
