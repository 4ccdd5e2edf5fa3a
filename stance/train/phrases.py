"""The phrases that training rows are composed of: configs/train/phrases.yaml, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import ConfigError
from stance.yamlfile import YamlFile

FAVOR, AGAINST, NEUTRAL = 1, -1, 0
LABELS = {FAVOR: "favor", AGAINST: "against", NEUTRAL: "neutral"}
SIDES = {name: side for side, name in LABELS.items()}
MARKS = {"+": FAVOR, "-": AGAINST, "~": NEUTRAL, "0": NEUTRAL}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase or a clause, and which other targets it bears on: (target, side) of who is for it or says it."""

    text: str
    also: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What can be said about one target; keys of `deeds` and `clauses` are sides."""

    name: str
    deeds: dict[int, list[Phrase]]
    clauses: dict[int, list[Phrase]]
    near: list[Phrase]


@dataclass(frozen=True, slots=True)
class Frame:
    """Cues to choose from, the content with slots, the side toward each slot."""

    cues: tuple[str, ...]
    content: str
    sides: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrases:
    """The whole file; `sets` are frames that differ in little, one a side, and whether their object is yet to come."""

    targets: list[Target]
    cues: dict[str, list[Frame]]
    sets: list[tuple[dict[int, Frame], bool]]
    choices: dict[str, list[Frame]]
    concessions: list[Frame]
    remarks: list[Frame]
    speeches: list[Frame]
    clauses: dict[str, list[Frame]]
    speakers: dict[str, list[Frame]]
    contexts: dict[str, list[Frame]]
    answers: dict[str, list[Frame]]
    pairs: list[Frame]
    joined: list[Frame]
    texts: dict[str, list[str]]
    names: dict[str, list[str]]


def load_phrases(path: Path) -> Phrases:
    """Read a file of phrases.

    Raises:
        ConfigError: a part or a target's list is missing, or a line is not of the form that its part has.
    """
    data = YamlFile(path).data
    try:
        frames, names, targets = data["frames"], data["names"], data["targets"]
        return Phrases(
            targets=[_target(name, value) for name, value in targets.items()],
            cues=_frames(frames["cues"]),
            sets=[(_set(value), bool(value.get("new"))) for value in frames["sets"]],
            choices=_frames(frames["choices"]),
            concessions=[_frame(line) for line in lines(frames["concessions"])],
            remarks=[_frame(line) for line in lines(frames["remarks"])],
            speeches=[_frame(line) for line in lines(frames["speeches"])],
            clauses=_frames(frames["clauses"]),
            speakers={
                "one": [_sided(line, 1) for line in lines(frames["speakers"]["one"])],
                "two": [_frame(line) for line in lines(frames["speakers"]["two"])],
            },
            contexts=_replies(frames["contexts"]),
            answers=_replies(frames["answers"]),
            pairs=[_sided(line, 2) for line in lines(frames["pairs"])],
            joined=[_sided(line, 1) for line in lines(frames["joined"])],
            texts={key: lines(frames[key]) for key in ("leads", "tails", "contexts_any", "contexts_other", "titles")},
            names={key: lines(value) for key, value in names.items()},
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ConfigError(
            f"{path}: {error!r} is missing or not of the expected form. Compare the file with the shipped "
            "configs/train/phrases.yaml, whose comments say what each part holds."
        ) from error


def lines(text: str) -> list[str]:
    """One phrase a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _target(name: str, value: Mapping[str, str]) -> Target:
    def phrases(key: str) -> list[Phrase]:
        return [_phrase(line) for line in lines(value[key])]

    return Target(
        name,
        {FAVOR: phrases("for"), AGAINST: phrases("against")},
        {FAVOR: phrases("pro"), AGAINST: phrases("con"), NEUTRAL: phrases("open")},
        phrases("near"),
    )


def _phrase(line: str) -> Phrase:
    text, _, also = line.partition(" | ")
    return Phrase(text, tuple((mark[1:], MARKS[mark[0]]) for mark in also.split()))


def _frames(value: Mapping[str, str]) -> dict[str, list[Frame]]:
    return {name: [_frame(line) for line in lines(text)] for name, text in value.items()}


def _replies(value: Mapping[str, str]) -> dict[str, list[Frame]]:
    """Frames of each side, and under "before" the contexts that they refer to."""
    before = [Frame((), line) for line in lines(value["before"])]
    return {"before": before, **_frames({label: value[label] for label in SIDES})}


def _set(value: Mapping[str, Any]) -> dict[int, Frame]:
    return {side: _frame(value[label]) for side, label in LABELS.items()}


def _frame(line: str, sides: tuple[int, ...] = ()) -> Frame:
    cues, content = line.split(" | ")
    return Frame(tuple(cues.split("/")), content, sides)


def _sided(line: str, count: int) -> Frame:
    """A frame that begins with the side toward each of its noun phrases."""
    *marks, rest = line.split(" ", count)
    return _frame(rest, tuple(MARKS[mark] for mark in marks))
