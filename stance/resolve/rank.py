"""Which person a pronoun means: candidates described by numbers, scored by a small linear model.

The weights lie in `weights.json` beside this file, trained by `stance.train.speaker`; names of features are kept with
them, so that a file that does not fit is refused.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from stance.errors import ModelError
from stance.resolve.memory import Memory, Past
from stance.resolve.people import Person
from stance.resolve.scene import Scene
from stance.resolve.words import FEMALE, MALE, PERSON_VERBS
from stance.types import Span, Speaker

FEATURES = (
    "same_sentence", "previous_sentence", "sentence_distance", "same_paragraph", "previous_paragraph",
    "subject_here", "subject_before", "subject_far", "last_speaker", "last_speaker_near", "second_last_speaker",
    "spoke",
    "gender_fits", "gender_unknown", "count", "nearest", "between", "possessive", "after_preposition", "inside_quote",
    "unnamed", "opens_and_last", "opens_and_subject", "opens_paragraph_and_last", "other_gender_nearby",
)  # fmt: skip
WEIGHTS = "weights.json"
_PREPOSITIONS = (
    "of",
    "by",
    "with",
    "to",
    "from",
    "for",
    "against",
    "between",
    "under",
    "told",
    "and",
    "on",
    "about",
    "at",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person, or an unnamed speaker, whom a pronoun may mean."""

    who: Person | Speaker
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Sight:
    """Where a candidate was mentioned last before the pronoun."""

    at: int
    subject: bool
    possessive: bool
    quoted: bool
    after: str


@dataclass(frozen=True)
class Ranker:
    weights: tuple[float, ...]

    def best(self, candidates: list[Candidate]) -> tuple[Candidate, float] | None:
        """The best candidate and its probability among all; None where there is none."""
        if not candidates:
            return None
        scores = [sum(w * f for w, f in zip(self.weights, c.features, strict=True)) for c in candidates]
        top = max(range(len(scores)), key=scores.__getitem__)
        total = sum(math.exp(s - scores[top]) for s in scores)
        return candidates[top], 1 / total


@cache
def shipped_ranker() -> Ranker:
    """The trained ranker of the package. Raises ModelError where its features are not these."""
    return load_ranker(Path(str(files("stance.resolve"))))


def load_ranker(folder: Path) -> Ranker:
    """The ranker of a folder.

    Raises:
        ModelError: there is none, or its features are not these.
    """
    path = folder / WEIGHTS
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder} holds no ranker of pronouns: {WEIGHTS}: {error}. Train one: stance train speaker."
        ) from error
    if tuple(data) != FEATURES:
        raise ModelError(
            f"{path} holds weights of other features than this version computes. Train it again: stance train speaker."
        )
    return Ranker(tuple(float(value) for value in data.values()))


def candidates(scene: Scene, memory: Memory, at: int, gender: str, owner: bool = False) -> list[Candidate]:
    """Everybody before an offset whom a pronoun of that gender ("m", "f"; "r" for any) can mean, with features.

    What a given name suggests counts unless nobody is left; an `owner` ("his office") may be named in what is said.
    """
    own = [] if owner else scene.said_by(at)
    found = _candidates(scene, memory, at, gender, own, lambda p: p.gender)
    return found or _candidates(scene, memory, at, gender, own, lambda p: p.gender if p.genders else "")


def _candidates(
    scene: Scene, memory: Memory, at: int, gender: str, own: list[Span], gender_of: Callable[[Person], str]
) -> list[Candidate]:
    sights: list[tuple[Person | Speaker, _Sight, int]] = []
    for person in scene.people:
        if gender != "r" and gender_of(person) not in (gender, ""):
            continue
        seen = _sights(scene, memory, person, at, own)
        if seen:
            sights.append((person, seen[-1], len(seen)))
    for speaker, past in _unnamed(memory, at):
        words = set(speaker.name.lower().split())
        if words & (FEMALE if gender == "m" else MALE if gender == "f" else frozenset()):
            continue
        sights.append((speaker, _Sight(past.at, True, False, False, ""), 1))
    order = sorted(sights, key=lambda s: -s[1].at)
    return [
        Candidate(who, _features(scene, memory, at, gender, who, sight, count, order.index((who, sight, count))))
        for who, sight, count in sights
    ]


def _unnamed(memory: Memory, at: int) -> list[tuple[Speaker, Past]]:
    found: dict[str, tuple[Speaker, Past]] = {}
    for past in memory.past:
        for speaker in past.speakers:
            if speaker.kind == "unnamed" and speaker.role and past.at < at and len(past.speakers) == 1:
                found[speaker.id] = (speaker, past)
    return list(found.values())


def _sights(scene: Scene, memory: Memory, person: Person, at: int, own: list[Span]) -> list[_Sight]:
    """The person's mentions before an offset: by name, and as a source by title; last those outside quotations."""
    found = []
    for mention in person.mentions:
        if mention.start >= at:
            break
        if any(span.start <= mention.start < span.end for span in own):
            continue
        if mention.start < 0:  # in the title
            found.append(_Sight(0, True, False, False, ""))
            continue
        start = mention.title_start
        opening = scene.sentence_span(start).start
        subject = start - opening < 12 or scene.text[opening:start].strip(' "“').count(" ") <= 1
        subject = subject or _speaks(scene.text, start, mention.end)
        before = scene.text[max(0, start - 12) : start].split()
        quoted = any(a <= mention.start < b for a, b in scene.spoken)
        found.append(_Sight(mention.start, subject, mention.possessive, quoted, before[-1].lower() if before else ""))
    for past in memory.past:
        if past.at < at and any(s.name == person.name and s.how in ("title", "pronoun") for s in past.speakers):
            found.append(_Sight(past.at, True, False, False, ""))
    found.sort(key=lambda s: s.at)
    outside = [s for s in found if not s.quoted]
    return [s for s in found if s.quoted] + outside if outside else found


def _speaks(text: str, start: int, end: int) -> bool:
    """Whether a name stands by a verb of speech: "Fox told reporters", "said Fox"."""
    after = re.match(r"\s(\w+)", text[end : end + 20])
    before = re.search(
        r"\b(said|says|added|told|asked|wrote|warned|explained|noted|argued)\s$", text[max(0, start - 12) : start]
    )
    return before is not None or (after is not None and after.group(1) in PERSON_VERBS)


def _features(
    scene: Scene, memory: Memory, at: int, gender: str, who: Person | Speaker, sight: _Sight, count: int, rank: int
) -> tuple[float, ...]:
    distance = scene.sentence(at) - scene.sentence(sight.at)
    paragraphs = scene.paragraph(at) - scene.paragraph(sight.at)
    turns = [past.at for past in memory.past if any(s.name == who.name for s in past.speakers)]
    last = bool(memory.past) and bool(turns) and turns[-1] == memory.past[-1].at
    second = len(memory.past) > 1 and bool(turns) and not last and turns[-1] == memory.past[-2].at
    opens = at - scene.sentence_span(at).start < 3
    opens_paragraph = opens and at - scene.paragraphs[scene.paragraph(at)].start < 3 if scene.paragraphs else opens
    own = who.gender if isinstance(who, Person) else ""
    values = {
        "same_sentence": distance == 0, "previous_sentence": distance == 1, "sentence_distance": min(distance, 8) / 4,
        "same_paragraph": paragraphs == 0, "previous_paragraph": paragraphs == 1,
        "subject_here": sight.subject and distance == 0, "subject_before": sight.subject and distance == 1,
        "subject_far": sight.subject and distance > 1, "last_speaker": last,
        "last_speaker_near": last and scene.sentence(at) - scene.sentence(memory.past[-1].at) <= 1,
        "second_last_speaker": second, "spoke": bool(turns), "gender_fits": own == gender and gender != "r",
        "gender_unknown": not own, "count": math.log1p(count), "nearest": rank == 0, "between": min(rank, 4) / 2,
        "possessive": sight.possessive, "after_preposition": sight.after in _PREPOSITIONS, "inside_quote": sight.quoted,
        "unnamed": isinstance(who, Speaker), "opens_and_last": opens and last,
        "opens_and_subject": opens and sight.subject and distance <= 1,
        "opens_paragraph_and_last": opens_paragraph and last,
        "other_gender_nearby": rank > 0 and distance > 2,
    }  # fmt: skip
    return tuple(float(values[name]) for name in FEATURES)
