"""One situation of composed training rows: who speaks, where, what stood before; and the grammar of filling it in."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from stance.train.phrases import Frame, Phrases

SPEECH = frozenset(
    "said added stressed noted argued remarked explained insisted declared wrote replied stated maintained posted "
    "recalled confirmed announced predicted concluded conceded admitted mused answered believes".split()
) | {"has said", "also said", "has stressed", "made clear", "pointed out", "was quoted as saying", "went on to say"}
SPEECH_TO = ("told ", "said ", "wrote ")
"""Cues, and beginnings of them, after which a sentence may stand, with or without "that" or quotation marks."""

_WE = re.compile(r"\{own\} will\b")
"""What a quotation puts in the first person."""

_SLOT = re.compile(r"\{(\w+)\}")
_PAST = re.compile(r"\b(?:was|were|had|did|could|would|disagreed|agreed|welcomed|voted|abstained|stood)\b")
_HEAD_ENDS = re.compile(
    r" (?:of|to|for|on|in|at|by|with|that|who|between|against|from|under|over|inside|outside|across|through|as|"
    r"within|towards|near|without|around|into|off|since|past|is|along|and) "
)
_QUOTES = (("“", "”"), ('"', '"'))
_TAILLESS = re.compile(r"[\"”?:!]$")


@dataclass(frozen=True, slots=True)
class Scene:
    """What all members of a group share.

    Members are written alike: `cue` chooses among the cues of a frame, `style` how speech is given.
    """

    speaker: str
    own: str
    fill: dict[str, str]
    context: str
    title: str
    cue: float
    style: str
    quotes: tuple[str, str]
    lead: str
    tail: str
    spelling: tuple[tuple[str, str], ...]

    def row(
        self,
        frame: Frame,
        slots: Mapping[str, str],
        stances: Mapping[str, str],
        speaker: tuple[str, str] | None = None,
        before: str | None = None,
    ) -> dict[str, object]:
        """One row: the frame filled with noun phrases and clauses, as said by the scene's speaker or another one."""
        name, own = speaker or (self.speaker, self.own)
        fill = {**self.fill, **slots, "own": own}
        cue = frame.cues[int(self.cue * len(frame.cues))]
        if frame.content == "{s}" and self.style == "quoted" and is_speech(cue):
            slots = {"s": _WE.sub("we will", slots["s"]).replace(" its ", " our ")} if _WE.match(slots["s"]) else slots
        first_person = "s" in slots and speaks_of_us(slots["s"])
        content = filled(frame.content, {**fill, **slots})
        if is_speech(cue) and not content.startswith(("“", '"', "that ", "whether ", "what ")):
            content = self._spoken(content, first_person, leads=frame.content.startswith("{s}"))
        elif frame.content == "{s}" and cue != "according to":
            content = f"that {content}"
        elif self.tail and not _TAILLESS.search(content) and "{x}" == frame.content:
            content = f"{content} {self.tail}"
        texts = {
            "speaker": name,
            "cue": filled(cue, fill),
            "content": content,
            "context": filled(self.context if before is None else before, fill),
            "title": self.title,
        }
        row: dict[str, object] = {key: self._spelled(text) for key, text in texts.items()}
        return row | {"stances": [[target, label] for target, label in stances.items()]}

    def _spelled(self, text: str) -> str:
        for british, american in self.spelling:
            text = text.replace(british, american)
        return text

    def _spoken(self, content: str, first_person: bool, leads: bool) -> str:
        """A sentence as it stands after a cue of speech."""
        if first_person or (self.style == "quoted" and not _PAST.search(content) and '"' not in content):
            left, right = self.quotes
            said = f"{self.lead} {content}" if self.lead and leads else capital(content)
            return f"{left}{said}{right}"
        if self.style == "plain":
            return content
        return f"that {content}"


def setting(phrases: Phrases, rng: random.Random) -> Scene:
    """A situation drawn at random: its context names nobody's side on anything."""
    names, texts = phrases.names, phrases.texts
    fill = _places(names, rng)
    speaker, own = _speaker(names, fill, rng)
    return Scene(
        speaker=speaker,
        own=own,
        fill=fill,
        context=rng.choice(texts["contexts_any"]) if rng.random() < 0.35 else "",
        title=filled(rng.choice(texts["titles"]), fill) if rng.random() < 0.25 else "",
        cue=rng.random(),
        style=rng.choices(("plain", "that", "quoted"), weights=(4, 2, 4))[0],
        quotes=rng.choice(_QUOTES),
        lead=filled(rng.choice(texts["leads"]), fill) if rng.random() < 0.25 else "",
        tail=filled(rng.choice(texts["tails"]), fill) if rng.random() < 0.2 else "",
        spelling=tuple(tuple(line.split(" > ")) for line in names["american"]) if rng.random() < 0.3 else (),
    )


def _places(names: Mapping[str, list[str]], rng: random.Random) -> dict[str, str]:
    """Values of the slots that stand for a place, a time, a number or somebody; {c}, {d}, {A} and {B} all differ."""
    a, b = rng.sample(names["parties"], 2)
    c, d = rng.sample([name for name in map(_country, names["countries"]) if name not in (a, b)], 2)
    return {
        "A": a,
        "B": b,
        "c": with_article(c),
        "d": with_article(d),
        "country": with_article(d),
        "city": rng.choice(names["cities"]),
        "person": rng.choice(names["people"]),
        "month": rng.choice(names["months"]),
        "day": rng.choice(names["days"]),
        "n": str(rng.choice((*range(2, 20), 24, 30, 36, 48, 60, 75, 90))),
    }


def _speaker(names: Mapping[str, list[str]], fill: Mapping[str, str], rng: random.Random) -> tuple[str, str]:
    """(name as resolved, whom they speak for): mostly for a country other than {c} and {d}."""
    kind = rng.random()
    if kind < 0.12:
        name, own = rng.choice(names["bodies"]).split(" | ")
        return name, own
    if kind < 0.17:
        return filled(rng.choice(names["unnamed"]), fill), "the country"
    others = [with_article(country) for country in map(_country, names["countries"])]
    return official(names, rng.choice([name for name in others if name not in (fill["c"], fill["d"])]), fill, rng)


def official(names: Mapping[str, list[str]], own: str, fill: Mapping[str, str], rng: random.Random) -> tuple[str, str]:
    """(name as resolved, country) of who speaks for a country: a person, an office, the country itself."""
    line = next(line for line in names["countries"] if with_article(_country(line)) == own)
    country, adjective = line.split(" | ")
    kind = rng.random()
    if kind < 0.6:
        person = rng.choice([name for name in names["people"] if name != fill["person"]])
        return f"{person} ({country})", own
    if kind < 0.85:
        return f"{adjective} {filled(rng.choice(names['offices']), fill)} ({country})", own
    return country, own


def _country(line: str) -> str:
    return line.split(" | ")[0]


def filled(text: str, fill: Mapping[str, str]) -> str:
    """The text with slots filled; {S} is {s} with a capital, so {T}, {O}, {V}; {is}, {was}, {has} agree with {x}.

    >>> filled("{x} {is} welcome", {"x": "air strikes on the port"})
    'air strikes on the port are welcome'
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in _AGREEING:
            return _AGREEING[name][plural(filled(fill["x"], fill))]
        found = capital(filled(fill[name.lower()], fill)) if name in _CAPITAL else filled(fill[name], fill)
        starts = match.start() == 0 or text[match.start() - 2 : match.start()] == ". "
        return capital(found) if starts and text.endswith(".") else found

    return _SLOT.sub(value, text)


_CAPITAL = ("S", "T", "O", "V")
_AGREEING = {"is": ("is", "are"), "was": ("was", "were"), "has": ("has", "have")}


def plural(phrase: str) -> bool:
    """Whether a verb after the noun phrase stands in the plural.

    >>> plural("the results of the summit"), plural("a ban on arms sales"), plural("Assad's rise")
    (True, False, False)
    """
    if phrase.startswith(("a ", "an ")):
        return False
    head = _HEAD_ENDS.split(phrase, maxsplit=1)[0]
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "'s", "Nations"))


def is_speech(cue: str) -> bool:
    """Whether a whole sentence may stand after the cue."""
    return cue in SPEECH or cue.startswith(SPEECH_TO)


def speaks_of_us(clause: str) -> bool:
    """Whether a clause can only be a quotation: its speaker is "we" in it."""
    return re.search(r"\b(?:we|us|our|ours)\b", clause, re.IGNORECASE) is not None


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def with_article(country: str) -> str:
    return f"the {country}" if country.startswith("United") else country
