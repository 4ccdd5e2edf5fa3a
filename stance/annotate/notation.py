"""How a speaker and a stance are written in one line, in every format the same, so that people can read and edit them.

    Mara Venn | person | mayor | Norway        a speaker: name, kind, role, affiliation; what is last may be left out
    russia-sanctions:against                   a stance toward a target
    topic/ukraine-crisis:neutral               a stance toward a mere topic

Several of them stand behind each other with a semicolon. A backslash keeps a |, a ; and a line end inside a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

from stance.gold import slug
from stance.types import LABELS, SPEAKER_KINDS, Speaker, SpeakerKind, Stance

TOPIC = "topic/"
_KEPT = {"\\": "\\\\", "|": "\\|", ";": "\\;", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}


def joined(items: Iterable[str]) -> str:
    """Items of a list in one line; they are escaped already."""
    return "; ".join(items)


def parted(text: str, mark: str = ";") -> list[str]:
    """The items of `joined`, still escaped, without the spaces around them."""
    parts = re.findall(rf"((?:\\.|[^\\{mark}])*)(?:{re.escape(mark)}|$)", text)[:-1] if text.strip() else []
    return [part.strip(" ") for part in parts]


def speaker_text(speaker: Speaker) -> str:
    """One line for a speaker; the id is left out, it is made of the name.

    >>> speaker_text(Speaker("norway", "Norway", "country", affiliation="Norway"))
    'Norway | country |  | Norway'
    """
    fields = [speaker.name, speaker.kind, speaker.role, speaker.affiliation]
    while not fields[-1]:
        del fields[-1]
    return " | ".join(escaped(field) for field in fields)


def speaker_of(text: str) -> Speaker | None:
    """The speaker that a line names, or None where it has no name; the kind is "" where the line has none.

    Raises:
        ValueError: the kind is none, or there are too many parts; the message says so.
    """
    parts = [unescaped(part) for part in parted(text, "|")]
    if not parts or not parts[0]:
        return None
    name, kind, role, affiliation, *more = (*parts, "", "", "") if len(parts) < 4 else parts
    if any(more):
        raise ValueError(f"{text!r} has more than name | kind | role | affiliation")
    if kind and kind not in SPEAKER_KINDS:
        raise ValueError(f"{kind!r} is no kind of speaker; write one of {', '.join(SPEAKER_KINDS)}")
    return Speaker(slug(name), name, cast(SpeakerKind, kind), role, affiliation)


def about(stance: Stance) -> str:
    """What a stance is toward: the target's id, or the topic's with a prefix."""
    return stance.target or TOPIC + stance.topic


def stance_text(stance: Stance) -> str:
    return f"{about(stance)}:{stance.label}"


def stance_of(text: str) -> Stance:
    """The stance of a line, as a person's: certain.

    Raises:
        ValueError: it is not TARGET:LABEL; the message says so.
    """
    target, _, label = text.strip().rpartition(":")
    return stance_to(target.strip(), label.strip())


def stance_to(target: str, label: str) -> Stance:
    """A person's stance toward a target, or a topic written as topic/ID.

    Raises:
        ValueError: there is no target, or the label is none.
    """
    if label not in LABELS or not target or target == TOPIC:
        raise ValueError(f"{target}:{label} is no stance; write TARGET:LABEL with a label out of {', '.join(LABELS)}")
    favor, against, neutral = (float(label == other) for other in LABELS)
    topic = target.removeprefix(TOPIC) if target.startswith(TOPIC) else ""
    return Stance(topic, None if topic else target, label, (favor, against, neutral), 1.0)


def escaped(text: str) -> str:
    """A text in one line, without the marks that tell items and fields apart."""
    return "".join(_KEPT.get(char, char) for char in text)


def unescaped(text: str) -> str:
    """The inverse of `escaped`."""
    return re.sub(r"\\(.)", lambda found: _MEANT.get(found[1], found[1]), text)
