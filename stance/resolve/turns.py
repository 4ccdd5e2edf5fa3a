"""Whose voice a text is in: the author that its title names, the turns of a transcript ("Ann Clay: We agreed")."""

from __future__ import annotations

import re

from stance.resolve.people import Person, compatible
from stance.resolve.scene import Scene
from stance.resolve.words import NOT_NAMES, TITLES

_LABEL = re.compile(
    r"^[^\S\n]*(?:Q[^\S\n]+)?((?:[A-ZÀ-Þ][\w’'.-]*[^\S\n]){0,5}[A-ZÀ-Þ][\w’'.-]*)"
    r"(?:[^\S\n]\([^)\n]{2,40}\))?:\s",
    re.MULTILINE,
)
_TEXTS = "Statement|Remarks|Op-Ed|Letter|Message|Speech|Address|Proclamation|Comments"
_AUTHOR = re.compile(
    rf"\b(?:{_TEXTS})s?\s(?:as prepared for delivery\s)?(?:by|from|of)\s(.+?)"
    r"(?:\s(?i:on|at|in|to|after|before|during|aboard|en route|with|and|[a-z]+ing)\s|\s\||,|:|$)"
)


def turn(scene: Scene, at: int) -> Person | None:
    """The person whose turn of a transcript, or whose own text, an offset lies in; None where the text has neither."""
    labels = [m for m in _LABEL.finditer(scene.text, 0, at + 1) if _is_name(m.group(1))]
    if labels and len(_LABEL.findall(scene.text)) > 2:
        return _person(scene, labels[-1].group(1))
    author = _AUTHOR.search(scene.title)
    return _person(scene, author.group(1)) if author else None


def _is_name(label: str) -> bool:
    words = label.split()
    return words[-1].lower().rstrip(".") not in NOT_NAMES | TITLES and not words[-1].isdigit()


def _person(scene: Scene, label: str) -> Person | None:
    words = label.split()
    while len(words) > 1 and words[0].lower().strip(".,") in TITLES | {"the", "of"}:
        words = words[1:]
    words = [w.title() if w.isupper() and len(w) > 2 else w for w in words if w.lower() not in ("of",)]
    known = scene.registry.person(" ".join(words))
    for person in scene.people:
        if compatible(words, person.words) or (known is not None and person.known is known):
            return person
    if known is None and len(words) == 1:
        known = scene.registry.person_in_office(words[0], scene.year)
    if known is None and len(words) < 2:
        return None
    country = known.affiliation if known is not None else scene.voice
    return Person(tuple(words), " ".join(words), known=known, country=country)
