"""Whom a pronoun means."""

from __future__ import annotations

from stance.resolve.joint import met
from stance.resolve.memory import Memory
from stance.resolve.people import NameMention, Person
from stance.resolve.scene import Scene
from stance.resolve.speakers import person as as_speaker
from stance.resolve.words import PRONOUNS
from stance.types import Speaker


def pronoun(scene: Scene, memory: Memory, word: str, at: int) -> list[Speaker]:
    """The speakers that a pronoun at an offset stands for; empty where nobody fits."""
    kind = PRONOUNS[word]
    if kind in ("m", "f", "r"):
        return _singular(scene, memory, at, kind)
    if kind in ("p", "p2", "we"):
        return _plural(scene, memory, at, kind)
    if kind == "i":
        speaker = memory.find(lambda s: s.kind in ("person", "unnamed"))
        return [_again(speaker)] if speaker else []
    speaker = memory.find(lambda s: s.kind in ("country", "organization") or _document(s))
    return [_again(speaker)] if speaker else []


def _document(speaker: Speaker) -> bool:
    return speaker.kind in ("unnamed", "group")


def _again(speaker: Speaker, score: float = 0.65) -> Speaker:
    return Speaker(
        speaker.id, speaker.name, speaker.kind, speaker.role, speaker.affiliation, "pronoun", min(score, speaker.score)
    )


def _singular(scene: Scene, memory: Memory, at: int, gender: str) -> list[Speaker]:
    person = antecedent(scene, memory, at, gender)
    last = memory.last
    if (
        last is not None
        and last.speakers[0].kind == "unnamed"
        and (person is None or max(m.start for m in person.mentions if m.start < at) < last.at)
    ):
        return [_again(last.speakers[0])]
    return [as_speaker(person, "pronoun", 0.7)] if person is not None else []


def _plural(scene: Scene, memory: Memory, at: int, kind: str) -> list[Speaker]:
    for past in memory.back():
        if (
            len(past.speakers) > 1
            or past.speakers[0].kind == "group"
            or (past.speakers[0].kind == "organization" and kind == "p")
        ):
            return [_again(s) for s in past.speakers]
    people = met(scene, memory, at, 0, "")
    if len(people) > 1:
        return [as_speaker(p, "pronoun", 0.5) for p in people]
    return [_again(s, 0.4) for s in memory.last.speakers] if memory.last and kind == "we" else []


def antecedent(scene: Scene, memory: Memory, at: int, gender: str) -> Person | None:
    """The person of that gender who is nearest, a subject, and spoke last."""
    best: tuple[float, Person] | None = None
    sentence, paragraph = scene.sentence(at), scene.paragraph(at)
    turn = {s.name: i for i, past in enumerate(memory.past) for s in past.speakers}
    for person in scene.people:
        before = [m for m in person.mentions if m.start < at]
        if not before or (gender != "r" and person.gender and person.gender != gender):
            continue
        mention = before[-1]
        score = -0.5 * (sentence - scene.sentence(mention.start)) + 0.5 * (scene.paragraph(mention.start) == paragraph)
        score += 0.3 * (person.gender == gender) + 1.0 * is_subject(scene, mention)
        score += (
            1.2 if turn.get(person.name, -1) == len(memory.past) - 1 and memory.past else 0.3 * (person.name in turn)
        )
        score += 0.1 * min(len(before), 5)
        if best is None or score > best[0]:
            best = (score, person)
    return best[1] if best else None


def is_subject(scene: Scene, mention: NameMention) -> bool:
    """Whether a name opens its sentence."""
    return mention.title_start - scene.sentence_span(mention.title_start).start < 12
