"""Whom a pronoun means."""

from __future__ import annotations

import re

from stance.resolve.joint import met, several
from stance.resolve.memory import Memory, Past
from stance.resolve.people import Person
from stance.resolve.phrase import phrase
from stance.resolve.rank import candidates, shipped_ranker
from stance.resolve.scene import Scene
from stance.resolve.speakers import country
from stance.resolve.speakers import person as as_speaker
from stance.resolve.things import again, neuter, owner
from stance.resolve.turns import turn
from stance.resolve.words import PRONOUNS
from stance.types import Speaker

_PLURAL_OPENING = re.compile(
    r"(?:The|Both)\s(?:two\s|three\s)?(?i:presidents|leaders|sides|parties|ministers|officials)\b"
)
_DESCRIPTION = re.compile(r",\s(?:the|a|an|his|her)\s[^,.;:]*$")


def pronoun(scene: Scene, memory: Memory, word: str, at: int) -> list[Speaker]:
    """The speakers that a pronoun at an offset stands for; empty where nobody fits."""
    kind = PRONOUNS[word]
    if kind == "r":
        return _relative(scene, memory, at)
    if kind in ("m", "f"):
        return _singular(scene, memory, at, kind, word in ("his", "her"))
    own = turn(scene, at) if kind in ("i", "we") else None
    if own is None and kind == "i" and not scene.inside_other(at):
        own = _narrator(scene)
    if own is not None:
        return [as_speaker(own, "pronoun", 0.6)]
    if kind in ("p", "p2", "we"):
        return _plural(scene, memory, at, kind)
    if kind == "i":
        speaker = memory.find(lambda s: s.kind in ("person", "unnamed"))
        return [again(speaker)] if speaker else []
    return owner(scene, memory, at) if word == "its" else neuter(scene, memory, at)


def _narrator(scene: Scene) -> Person | None:
    """Who says "I" outside all quotations, as in an interview without names: the title's person, else the lead's."""
    lead = [p for p in scene.people if scene.sentence(p.first) <= 3]
    return next(iter(scene.headed), None) or max(lead, key=lambda p: len(p.mentions), default=None)


def _relative(scene: Scene, memory: Memory, at: int) -> list[Speaker]:
    """Whom "who" or "which" takes up: the name right before it, past a description that holds another name."""
    sentence = scene.sentence_span(at)
    places = [m for m in scene.geo_in(sentence.start, at) if at - m.end <= 2 and m.how != "adjective"]
    if places:
        return [country(scene.registry, places[-1].country, "pronoun", 0.7)]
    inside = [
        (m.start, m.end, p) for p in scene.people for m in p.mentions if sentence.start <= m.start and m.end <= at
    ]
    inside.sort(key=lambda entry: entry[0])
    if not inside:
        return neuter(scene, memory, at)
    nearest = inside[-1]
    for earlier in inside[:-1]:
        described = scene.text[earlier[1] : nearest[0]]
        if _DESCRIPTION.match(described):
            nearest = earlier
            break
    return [as_speaker(nearest[2], "pronoun", 0.7)]


def _singular(scene: Scene, memory: Memory, at: int, gender: str, owner: bool) -> list[Speaker]:
    found = (scene.ranker or shipped_ranker()).best(candidates(scene, memory, at, gender, owner))
    if found is None:
        only = _beyond(scene, at, gender)
        return [as_speaker(only, "pronoun", 0.5)] if only is not None else []
    who, score = found[0].who, min(found[1], 0.95)
    return [as_speaker(who, "pronoun", score)] if isinstance(who, Person) else [again(who, score)]


def _beyond(scene: Scene, at: int, gender: str) -> Person | None:
    """Whom a pronoun without antecedent means: in what is said ("Ann Clay will go, she said"), else in the title."""
    fitting = [p for p in scene.people if p.gender in (gender, "")]
    inside = [p for p in fitting if any(c.start <= m.start < c.end for c in scene.said_by(at) for m in p.mentions)]
    named = min(inside, key=lambda p: p.first, default=None) or next((p for p in scene.headed if p in fitting), None)
    return named or next((p for p in fitting if scene.sentence(p.first) - scene.sentence(at) <= 1), None)


def _plural(scene: Scene, memory: Memory, at: int, kind: str) -> list[Speaker]:
    past = next((p for p in memory.outer(scene.inside_other(at)) if _many(p, kind)), None)
    here = scene.sentence(at)
    for index in (here, here - 1):
        start = scene.sentences[index].start if index >= 0 else 0
        if past is not None and past.at >= start:
            break
        opening = _opening_pair(scene, memory, start, min(scene.sentences[index].end, at)) if index >= 0 else []
        if opening:
            return [again(s, 0.6) for s in opening]
    if past is not None:
        return [again(s) for s in past.speakers]
    people = met(scene, memory, at, 0, "")
    if len(people) > 1:
        return [as_speaker(p, "pronoun", 0.5) for p in people]
    last = memory.last.speakers if memory.last else ()
    return [again(s, 0.4) for s in last] if kind == "we" or (last and last[0].kind == "unnamed") else []


def _many(past: Past, kind: str) -> bool:
    first = past.speakers[0]
    return len(past.speakers) > 1 or first.kind == "group" or (first.kind == "organization" and kind == "p")


def _opening_pair(scene: Scene, memory: Memory, start: int, end: int) -> list[Speaker]:
    """The several who open a sentence that attributes nothing: "Ann Clay and Tom Hart met"."""
    plural = _PLURAL_OPENING.match(scene.text, start, end)
    if plural:
        part = phrase(scene, start, plural.end())
        return several(scene, memory, part) if part is not None else []
    inside = sorted(
        (m.start, m.title_start, m.end, p.first, p)
        for p in scene.people
        for m in p.mentions
        if start <= m.start < min(end, start + 120)
    )
    if len(inside) < 2 or inside[0][1] - start > 25:
        return []
    between = scene.text[inside[0][2] : inside[1][1]]
    if between.strip() not in ("and", "and the", ", and"):
        return []
    return [as_speaker(entry[4], "joint", 0.7) for entry in inside[:2]]
