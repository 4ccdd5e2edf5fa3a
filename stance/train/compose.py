"""Training rows whose side follows from how they are put together.

Annotated articles mostly take one side on a target, so that a model can learn to guess the side from the target. Here
each target is met equally with both sides, and with none, in groups that differ in one thing: the cue, a negation, the
object, the speaker, the order. Side = sign of the cue or frame x sign of the phrase (compositional polarity, Moilanen
and Pulman 2007).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.train.phrases import AGAINST, FAVOR, LABELS, NEUTRAL, Frame, Phrase, Phrases, Target, load_phrases
from stance.train.scene import Scene, official, setting, speaks_of_us

SIDED = (FAVOR, AGAINST)
TRIES = 20
"""Attempts at a situation that has not been composed before."""

OTHERS = 0.12
"""Share of groups before which somebody else's side stands in the context."""

_NAMED = re.compile(r"(?:the (?!\w+(?:ing|tion|sion|ment|al|ry|release|return|end|use|exit) (?:of|to|from)\b)|[A-Z])")
"""Beginnings of noun phrases for what is there already, so that nobody can call for it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One row of a group before its scene is filled in; `slots` are phrases for the frame."""

    frame: Frame
    slots: Mapping[str, str]
    stances: Mapping[str, int]
    speaker: tuple[str, str] | None = None
    """(name, whom they speak for) where it is not the scene's."""
    before: str | None = None
    """The context, where it matters."""


class Draw:
    """Random choices from the phrases, for one target."""

    def __init__(self, phrases: Phrases, target: Target, rng: random.Random) -> None:
        self.phrases, self.target, self.rng = phrases, target, rng
        self.side: int = rng.choice(SIDED)
        self.scene: Scene = setting(phrases, rng)
        if rng.random() < OTHERS:
            fill = self.scene.fill | {"z": self.deed(rng.choice(SIDED)).text}
            self.scene = replace(self.scene, fill=fill, context=rng.choice(phrases.texts["contexts_other"]))

    def deed(self, side: int, new: bool = False) -> Phrase:
        """A noun phrase of a side; one that can be called for where `new`."""
        deeds = self.target.deeds[side]
        return self.rng.choice([d for d in deeds if not _NAMED.match(d.text)] or deeds if new else deeds)

    def clause(self, side: int, alone: bool = False) -> Phrase:
        """A clause of a side; one that can stand inside another sentence unless `alone`."""
        clauses = self.target.clauses[side]
        return self.rng.choice(clauses if alone else [clause for clause in clauses if _embeds(clause)])

    def other(self) -> Target:
        """Another target."""
        return self.rng.choice([target for target in self.phrases.targets if target is not self.target])

    def open_clauses(self) -> list[Phrase]:
        """Clauses of no side that bear on nothing else, in any order."""
        clauses = [clause for clause in _single(self.target.clauses[NEUTRAL]) if _embeds(clause)]
        return self.rng.sample(clauses, len(clauses))

    def stances(self, phrase: Phrase, sign: int, target: Target | None = None) -> dict[str, int]:
        """The side on the phrase's target, and on others that it bears on, of who takes `sign` toward the phrase."""
        target = target or self.target
        own = next(side for side, deeds in target.deeds.items() if phrase in deeds)
        return {target.name: sign * own} | {name: sign * side for name, side in phrase.also}

    def said(self, phrase: Phrase, side: int, sign: int = 1) -> dict[str, int]:
        """The same for a clause of the target's `side`."""
        return {self.target.name: side * sign} | {name: value * sign for name, value in phrase.also}


def _single(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Those that bear on no second target."""
    return [phrase for phrase in phrases if not phrase.also]


def _embeds(clause: Phrase) -> bool:
    """Whether a clause can stand inside a sentence of the speaker's about it."""
    return not speaks_of_us(clause.text) and "," not in clause.text and "{own}" not in clause.text


def cue_swap(draw: Draw) -> Iterator[Member]:
    """The same thing, welcomed, rejected or taken note of."""
    new = draw.rng.random() < 0.25
    deed, plain = draw.deed(draw.side, new), draw.rng.random() < 0.7
    for sign, label in LABELS.items():
        frames = draw.phrases.cues["favor_new" if new and sign == FAVOR else label]
        frame = draw.rng.choice([f for f in frames if f.content == "{x}" or not plain])
        yield Member(frame, {"x": deed.text}, draw.stances(deed, sign))


def content_swap(draw: Draw) -> Iterator[Member]:
    """The same thing in sentences that differ by a negation, a word or a head such as "criticism of"."""
    frames, new = draw.rng.choice(draw.phrases.sets)
    deed = draw.deed(draw.side, new)
    for sign, frame in frames.items():
        yield Member(frame, {"x": deed.text}, draw.stances(deed, sign))


def object_swap(draw: Draw) -> Iterator[Member]:
    """The same frame over a thing of the target's side and over one of the other side."""
    sign = draw.rng.choice(SIDED)
    if draw.rng.random() < 0.5:
        frame, new = draw.rng.choice(draw.phrases.cues[LABELS[sign]]), False
    else:
        frames, new = draw.rng.choice(draw.phrases.sets)
        frame = frames[sign]
    for side in SIDED:
        deed = draw.deed(side, new)
        yield Member(frame, {"x": deed.text}, draw.stances(deed, sign))


def choice(draw: Draw) -> Iterator[Member]:
    """One thing preferred to its opposite, the other way round, and no preference."""
    frame, deeds = draw.rng.choice(draw.phrases.choices["sided"]), {side: draw.deed(side) for side in SIDED}
    for side in SIDED:
        slots = {"w": deeds[side].text, "l": deeds[-side].text}
        yield Member(frame, slots, draw.stances(deeds[-side], AGAINST) | draw.stances(deeds[side], FAVOR))
    if draw.rng.random() < 0.5:
        frame = draw.rng.choice(draw.phrases.choices["neutral"])
        yield Member(frame, {"w": deeds[FAVOR].text, "l": deeds[AGAINST].text}, draw.stances(deeds[FAVOR], NEUTRAL))


def saying(draw: Draw) -> Iterator[Member]:
    """After the same cue a clause of each side, one of none, and one that is about something else."""
    frame = draw.rng.choice(draw.phrases.clauses["said"])
    alone = frame.cues[int(draw.scene.cue * len(frame.cues))].startswith(("said", "told", "wrote"))
    for side in SIDED:
        clause = draw.clause(side, alone)
        yield Member(frame, {"s": clause.text}, draw.said(clause, side))
    if draw.rng.random() < 0.55:
        clause = draw.clause(NEUTRAL)
        yield Member(frame, {"s": clause.text}, draw.said(clause, NEUTRAL))
    near = draw.rng.choice(draw.target.near)
    yield Member(frame, {"s": near.text}, dict(near.also))


def belief(draw: Draw) -> Iterator[Member]:
    """The same clause held to be true, denied, or told as others' view."""
    clause, number = draw.clause(draw.side), draw.rng.random()
    for sign, label in ((FAVOR, "keep"), (AGAINST, "flip"), (NEUTRAL, "neutral")):
        frames = draw.phrases.clauses[label]
        yield Member(frames[int(number * len(frames))], {"s": clause.text}, draw.said(clause, draw.side, sign))


def concession(draw: Draw) -> Iterator[Member]:
    """A clause after a nod to what the other side wants."""
    frame = draw.rng.choice(draw.phrases.concessions)
    for side in SIDED:
        clause = draw.clause(side)
        slots = {"s": clause.text, "l": draw.deed(-side, new=True).text, "t": draw.clause(-side).text}
        yield Member(frame, slots, draw.said(clause, side))


def remark(draw: Draw) -> Iterator[Member]:
    """A clause of each side beside the same clause of none, and that one beside another of none."""
    frame, (first, second, *_) = draw.rng.choice(draw.phrases.remarks), draw.open_clauses()
    for side in SIDED:
        clause = draw.clause(side)
        yield Member(frame, {"s": clause.text, "o": first.text}, draw.said(clause, side))
    if draw.rng.random() < 0.5:
        yield Member(frame, {"s": second.text, "o": first.text}, draw.said(first, NEUTRAL))


def speech(draw: Draw) -> Iterator[Member]:
    """More than one clause of a side, of the other side, or of none, around the same clause of none."""
    frame, (first, second, third, *_) = draw.rng.choice(draw.phrases.speeches), draw.open_clauses()
    for side in SIDED:
        clauses = [clause for clause in _single(draw.target.clauses[side]) if _embeds(clause)]
        one, two = draw.rng.sample(clauses, 2)
        yield Member(frame, {"s": one.text, "t": two.text, "o": first.text}, draw.said(one, side))
    if draw.rng.random() < 0.5:
        yield Member(frame, {"s": second.text, "t": third.text, "o": first.text}, draw.said(first, NEUTRAL))


def speaker_swap(draw: Draw) -> Iterator[Member]:
    """The same words about countries, from one of them or from somebody else."""
    fill, names, rng = draw.scene.fill, draw.phrases.names, draw.rng
    deed = draw.deed(draw.side)
    speakers = {name: official(names, fill[name], fill, rng) for name in "cd"}
    if rng.random() < 0.5:
        frame = rng.choice(draw.phrases.speakers["one"])
        yield Member(frame, {"x": deed.text}, draw.stances(deed, frame.sides[0]), speakers["c"], before="")
    else:
        frame = rng.choice(draw.phrases.speakers["two"])
        yield Member(frame, {"x": deed.text}, draw.stances(deed, FAVOR), speakers["c"], before="")
        yield Member(frame, {"x": deed.text}, draw.stances(deed, AGAINST), speakers["d"], before="")
    if rng.random() < 0.7 or frame.sides:
        yield Member(frame, {"x": deed.text}, draw.stances(deed, NEUTRAL), before="")


def reference(draw: Draw) -> Iterator[Member]:
    """What is said of a proposal that the sentence before names: other words, or another proposal."""
    before = draw.rng.choice(draw.phrases.contexts["before"]).content
    number, deed = draw.rng.random(), draw.deed(draw.side, new=True)
    for sign, label in LABELS.items():
        frames = draw.phrases.contexts[label]
        frame = frames[int(number * len(frames))]
        yield Member(frame, {"x": deed.text}, draw.stances(deed, sign), before=before)
        if sign == FAVOR:
            other = draw.deed(-draw.side, new=True)
            yield Member(frame, {"x": other.text}, draw.stances(other, sign), before=before)


def answer(draw: Draw) -> Iterator[Member]:
    """The speaker agrees, or does not, with what the sentence before tells."""
    before = draw.rng.choice(draw.phrases.answers["before"]).content
    clause, number = draw.clause(draw.side), draw.rng.random()
    for sign, label in LABELS.items():
        frames = draw.phrases.answers[label]
        stances = draw.said(clause, draw.side, sign)
        yield Member(frames[int(number * len(frames))], {"s": clause.text}, stances, before=before)


def two_targets(draw: Draw) -> Iterator[Member]:
    """Sides on two targets in one statement; the same with the things exchanged, or with other sides."""
    frame, other = draw.rng.choice(draw.phrases.pairs), draw.other()
    deed = draw.rng.choice(_single(draw.target.deeds[draw.side]))
    second = draw.rng.choice(_single(other.deeds[draw.rng.choice(SIDED)]))
    ways = [(frame, deed, draw.target, second, other)]
    if len(set(frame.sides)) > 1:
        ways.append((frame, second, other, deed, draw.target))
    else:
        unlike = [pair for pair in draw.phrases.pairs if pair.sides != frame.sides]
        ways.append((draw.rng.choice(unlike), deed, draw.target, second, other))
    for pair, x, of_x, y, of_y in ways:
        stances = draw.stances(x, pair.sides[0], of_x) | draw.stances(y, pair.sides[1], of_y)
        yield Member(pair, {"x": x.text, "y": y.text}, stances)


def joined(draw: Draw) -> Iterator[Member]:
    """The side on a thing, beside a clause about another target; of both the one side, then the other."""
    frame, other = draw.rng.choice(draw.phrases.joined), draw.other()
    for side in SIDED:
        deed = draw.rng.choice(_single(draw.target.deeds[side]))
        clause = draw.rng.choice([clause for clause in _single(other.clauses[side]) if _embeds(clause)])
        stances = draw.stances(deed, frame.sides[0]) | {other.name: side}
        yield Member(frame, {"x": deed.text, "v": clause.text}, stances)


KINDS: dict[Callable[[Draw], Iterator[Member]], float] = {
    saying: 32,
    cue_swap: 12,
    content_swap: 16,
    object_swap: 10,
    belief: 10,
    choice: 8,
    concession: 7,
    remark: 5,
    speech: 8,
    reference: 5,
    answer: 3,
    speaker_swap: 5,
    two_targets: 5,
    joined: 6,
}
"""The ways to make a group, and how often each is taken."""


def compose(path: Path, count: int, seed: int) -> list[dict[str, Any]]:
    """Rows in groups; the same arguments give the same rows.

    Args:
        path: the phrases, as configs/train/phrases.yaml has them.
        count: rows; of the last group only as many as are needed.
        seed: of all choices.

    Returns:
        {"group", "speaker", "cue", "content", "context", "title", "stances": [[target, label], ...]}, with texts as in
        a `stance.view.View`; members of a group follow each other and differ in one thing and in their labels.

    Raises:
        ConfigError: the file cannot be read or is not of the expected form.
    """
    phrases, rng = load_phrases(path), random.Random(seed)
    rows: list[dict[str, Any]] = []
    seen: set[tuple[str, ...]] = set()
    for number, target in enumerate(_rounds(phrases.targets, rng)):
        for _ in range(TRIES):
            made = _group(phrases, target, rng)
            texts = {(row["speaker"], row["cue"], row["content"], row["context"]) for row in made}
            if len(made) > 1 and len(texts) == len(made) and not texts & seen:
                break
        seen |= texts
        rows += [{"group": f"c{number:05d}", **row} for row in made]
        if len(rows) >= count:
            break
    return rows[:count]


def _rounds(targets: Sequence[Target], rng: random.Random) -> Iterator[Target]:
    """Every target once in each round, in any order."""
    while True:
        yield from rng.sample(targets, len(targets))


def _group(phrases: Phrases, target: Target, rng: random.Random) -> list[dict[str, Any]]:
    draw = Draw(phrases, target, rng)
    kind = rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
    return [
        draw.scene.row(
            member.frame,
            member.slots,
            {name: LABELS[side] for name, side in member.stances.items()},
            member.speaker,
            member.before,
        )
        for member in kind(draw)
    ]
