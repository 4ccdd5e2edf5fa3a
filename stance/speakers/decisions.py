"""Decisions about speakers: a list that people write or the commands append to, and what all of it comes to.

A decisions file is a YAML list. Decisions are carried out in order: of two about the same speaker the later one holds.

    - {merge: [ivo-marn, i-marn@norway], into: ivo-marn@norway}
    - {split: i-marn@norway}                                        # taken out of the merge again, or never joined
    - {split: ivo-marn@norway, articles: [a7], into: ivo-marn-doctor, name: Ivo Marn}
    - {rename: ivo-marn@norway, name: Ivo K. Marn}
    - {set: ivo-marn@norway, role: mayor, affiliation: Oslo, kind: person, wikidata: Q1}
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stance.errors import ConfigError, InputError
from stance.speakers.census import UNKNOWN
from stance.types import SPEAKER_KINDS
from stance.yamlfile import YamlFile, did_you_mean

HEADER = """\
# Decisions about speakers. They beat the model and outlive labelling again; of two about one speaker the later holds.
# `stance speakers merge`, `split`, `rename` and `set` add to them; after a change by hand run `stance speakers apply`.
"""

Decision = dict[str, Any]

_KEYS: dict[str, tuple[set[str], set[str]]] = {
    "merge": ({"into"}, set()),
    "split": (set(), {"articles", "statements", "into", "name"}),
    "rename": ({"name"}, set()),
    "set": (set(), {"kind", "role", "affiliation", "wikidata"}),
}
"""For each kind of decision the keys that it needs and those that it may have."""

_LISTS = {"merge", "articles", "statements"}

_MAY_BE_EMPTY = {"role", "affiliation", "wikidata"}

_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Ends of lines, control characters and what is no character at all."""


@dataclass
class Decisions:
    """What all decisions come to.

    >>> decided = Decisions.of([{"merge": ["a", "b"], "into": "c"}, {"split": "b"}])
    >>> decided.merged
    {'a': 'c'}
    """

    merged: dict[str, str] = field(default_factory=dict)
    """The id that an id was merged into."""
    apart: set[str] = field(default_factory=set)
    """Ids that are never joined to another by name."""
    moved: dict[tuple[str, str], str] = field(default_factory=dict)
    """(article or statement id, speaker id) to the speaker that these statements have instead."""
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    """Name, kind, role, affiliation and wikidata by speaker id, as far as decided."""

    @classmethod
    def of(cls, decisions: list[Decision]) -> Decisions:
        decided = cls()
        steps: dict[str, Callable[[Decision], None]] = {
            "merge": decided._merge,
            "split": decided._split,
            "rename": lambda d: decided._put(d["rename"], {"name": d["name"]}),
            "set": lambda d: decided._put(d["set"], {k: v for k, v in d.items() if k != "set"}),
        }
        for decision in decisions:
            steps[next(verb for verb in steps if verb in decision)](decision)
        return decided

    @property
    def subjects(self) -> set[str]:
        """Every id that a decision speaks of; what is joined by name goes by it."""
        moves = {own for pair in self.moved.items() for own in (pair[0][1], pair[1])}
        return {*self.merged, *self.merged.values(), *self.values} | moves

    def _put(self, speaker_id: str, values: Mapping[str, str]) -> None:
        self.values.setdefault(speaker_id, {}).update(values)

    def _merge(self, decision: Decision) -> None:
        into = decision["into"]
        for member in decision["merge"]:
            if member == into:
                continue
            if member in self._way(into):  # it led the other way until now; the later decision holds
                del self.merged[into]
            self.moved = {key: to for key, to in self.moved.items() if (key[1], to) != (into, member)}
            self.merged[member] = into
            self.apart.discard(member)

    def _way(self, one: str) -> list[str]:
        """The ids that an id leads through."""
        way = []
        while one in self.merged:
            one = self.merged[one]
            way.append(one)
        return way

    def _split(self, decision: Decision) -> None:
        own = decision["split"]
        places = [*decision.get("articles", ()), *decision.get("statements", ())]
        if not places:
            if self.merged.pop(own, None) is None:
                self.apart.add(own)
            return
        for place in places:
            self.moved[place, own] = decision["into"]
        if "name" in decision:
            self._put(decision["into"], {"name": decision["name"]})


def load(path: str | Path) -> list[Decision]:
    """The decisions of a file, checked; none where the file does not exist.

    Raises:
        ConfigError: it cannot be read or says something unknown; the message names the line.
    """
    if not Path(path).exists():
        return []
    source = YamlFile(path)
    if not isinstance(source.data, list | None):
        raise ConfigError(f"{source.path}: decisions are a list of lines like `- {{split: ID}}`.")
    for number, decision in enumerate(source.data or ()):
        fault = _fault(decision)
        if fault:
            raise ConfigError(f"{source.where((number,))}: {fault}")
    return list(source.data or ())


def _fault(decision: Any) -> str:
    """What is wrong with a decision; "" where nothing is."""
    verbs = [verb for verb in _KEYS if isinstance(decision, dict) and verb in decision]
    if len(verbs) != 1:
        return f"a decision has one of the keys {', '.join(_KEYS)}; got {decision!r}."
    (verb,) = verbs
    needed, allowed = _KEYS[verb]
    for key, value in decision.items():
        if key != verb and key not in needed | allowed:
            return f"unknown key {key!r} beside {verb!r}.{did_you_mean(str(key), needed | allowed)}"
        words = value if key in _LISTS else [value]
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            return f"{key!r} must be {'a list of texts' if key in _LISTS else 'a text'}; got {value!r}. Quote numbers."
        if any(_UNSHOWN.search(word) or not (word.strip() or key in _MAY_BE_EMPTY) for word in words):
            return f"{key!r} must be one line of text, not empty and without control characters; got {value!r}."
    missing = _missing(verb, set(decision))
    return f"{verb!r} needs {missing} beside it." if missing else _bad_value(verb, decision)


def _missing(verb: str, given: set[str]) -> str:
    """The key that a decision lacks; "" where it has all."""
    needed, allowed = _KEYS[verb]
    places, other = given & {"articles", "statements"}, given & {"into", "name"}
    if verb == "split" and places and "into" not in given:
        return "'into'"
    if verb == "split" and other and not places:
        return "'articles' or 'statements'"
    if verb == "set" and not given & allowed:
        return " or ".join(map(repr, sorted(allowed)))
    return next(map(repr, sorted(needed - given)), "")


def _bad_value(verb: str, decision: Decision) -> str:
    if "kind" in decision and decision["kind"] not in SPEAKER_KINDS:
        return f"there is no kind of speaker {decision['kind']!r}.{did_you_mean(decision['kind'], SPEAKER_KINDS)}"
    if "wikidata" in decision and not re.fullmatch(r"(Q[1-9]\d*)?", decision["wikidata"]):
        return f"a Wikidata id looks like Q42, not {decision['wikidata']!r}."
    own = decision[verb] if isinstance(decision[verb], list) else [decision[verb]]
    whole = verb != "split" or "into" not in decision
    if UNKNOWN in own and whole:
        return f"{UNKNOWN!r} is no speaker. Give its statements to one: split {UNKNOWN} with statements."
    if decision.get("into") == UNKNOWN:
        return f"{UNKNOWN!r} is no speaker. Give an id to go into."
    return ""


def as_line(decision: Decision) -> str:
    """A decision as it stands in the file, without the dash before it.

    >>> as_line({"merge": ["a", "b"], "into": "c"})
    '{merge: [a, b], into: c}'
    """
    import yaml

    text: str = yaml.safe_dump(decision, default_flow_style=True, allow_unicode=True, sort_keys=False, width=1e9)
    return text.strip()


def append(path: str | Path, decision: Decision) -> None:
    """Add a decision at the end of a file; what people wrote there stays as it is.

    Raises:
        ConfigError: the decision or the file is wrong.
        InputError: the file cannot be written.
    """
    fault = _fault(decision)
    if fault:
        raise ConfigError(f"This decision cannot be kept: {fault}")
    path = Path(path)
    load(path)
    before = path.read_text(encoding="utf-8") if path.exists() else HEADER
    before += "" if before.endswith("\n") or not before else "\n"
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.write_text(f"{before}- {as_line(decision)}\n", encoding="utf-8")
        load(temporary)
        os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror}. Give another file with --decisions.") from error
