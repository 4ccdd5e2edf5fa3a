"""Whom a pronoun means."""

from __future__ import annotations

import re

from stance.resolve.joint import met
from stance.resolve.memory import Memory
from stance.resolve.people import Person
from stance.resolve.rank import candidates, shipped_ranker
from stance.resolve.scene import Scene
from stance.resolve.speakers import person as as_speaker
from stance.resolve.things import again, neuter
from stance.resolve.words import PRONOUNS
from stance.types import Speaker

_DESCRIPTION = re.compile(r",\s(?:the|a|an|his|her)\s[^,.;:]*$")


def pronoun(scene: Scene, memory: Memory, word: str, at: int) -> list[Speaker]:
    """The speakers that a pronoun at an offset stands for; empty where nobody fits."""
    kind = PRONOUNS[word]
    if kind == "r":
        return _relative(scene, memory, at)
    if kind in ("m", "f"):
        return _singular(scene, memory, at, kind)
    if kind in ("p", "p2", "we"):
        return _plural(scene, memory, at, kind)
    if kind == "i":
        speaker = memory.find(lambda s: s.kind in ("person", "unnamed"))
        return [again(speaker)] if speaker else []
    return neuter(scene, memory, at)


def _relative(scene: Scene, memory: Memory, at: int) -> list[Speaker]:
    """Whom "who" or "which" takes up: the name right before it, past a description that holds another name."""
    sentence = scene.sentence_span(at)
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


def _singular(scene: Scene, memory: Memory, at: int, gender: str) -> list[Speaker]:
    found = shipped_ranker().best(candidates(scene, memory, at, gender))
    if found is None:
        return []
    who, score = found[0].who, min(found[1], 0.95)
    return [as_speaker(who, "pronoun", score)] if isinstance(who, Person) else [again(who, score)]


def _plural(scene: Scene, memory: Memory, at: int, kind: str) -> list[Speaker]:
    for past in memory.back():
        if (
            len(past.speakers) > 1
            or past.speakers[0].kind == "group"
            or (past.speakers[0].kind == "organization" and kind == "p")
        ):
            return [again(s) for s in past.speakers]
    people = met(scene, memory, at, 0, "")
    if len(people) > 1:
        return [as_speaker(p, "pronoun", 0.5) for p in people]
    return [again(s, 0.4) for s in memory.last.speakers] if memory.last and kind == "we" else []
