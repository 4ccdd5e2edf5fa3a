"""When two speakers are the same: by name, surname, registry alias, or, for the unnamed, by likeness."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal

from rapidfuzz import fuzz

from stance.metrics.matching import Pair, match
from stance.types import Speaker, Statement

Alias = Callable[[str], str | None]
"""What a name stands for in a registry of countries and organisations: an id, or None where it is unknown."""
Mention = Literal["name", "pronoun", "noun", "joint", "none"]
MENTIONS: tuple[Mention, ...] = ("name", "pronoun", "noun", "joint", "none")

TITLES = frozenset(
    "mr mrs ms miss dr sir dame lord lady prof professor president vice prime minister premier chancellor king queen "
    "prince princess emir sheikh ayatollah pope senator sen rep representative congressman congresswoman governor gov "
    "mayor secretary general gen colonel col captain capt admiral lieutenant lt sergeant ambassador judge justice "
    "spokesman spokeswoman spokesperson chairman chairwoman chair foreign defense defence deputy".split()
)
SUFFIXES = frozenset("jr sr ii iii iv".split())
PRONOUNS = frozenset(
    "i you he she it we they him her them us me his hers its their theirs our my himself herself itself themselves "
    "who whom whose which that this these those both one".split()
)
NICKNAMES = (
    "joe joseph|jim james jimmy|bill william will|bob robert rob|tom thomas|tony anthony antony|mike michael|"
    "dick richard rick|ted edward ed|dan daniel|dave david|steve stephen steven|chris christopher|jeff jeffrey|"
    "tim timothy|ben benjamin|sam samuel|alex alexander|matt matthew|ken kenneth|ron ronald|don donald|larry lawrence|"
    "chuck charles charlie|jack john|kate katherine|liz elizabeth|sue susan|nick nicholas|pat patrick patricia|"
    "andy andrew"
)
_FORMS = {name: group.split()[0] for group in NICKNAMES.split("|") for name in group.split()}
_HEAD_ENDS = re.compile(r",| (?:of|in|from|at|with|who|that|for|on|to|by|familiar|close|briefed|speaking)\b")
LIKENESS = 80
"""rapidfuzz token_sort_ratio from which two descriptions of an unnamed speaker are the same."""


def normalised(name: str, person: bool = False) -> str:
    """A name for comparison: no case, accents, punctuation, leading "the"; of a person also no titles and no "Jr.".

    >>> normalised("President Joseph R. Biden, Jr.", person=True), normalised("the Foreign Ministry of Côte d'Ivoire")
    ('joseph r biden', 'foreign ministry of cote d ivoire')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    plain = re.sub(r"['’]s\b|(?<=\w)\.(?=\w\.)", "", plain)
    words = re.sub(r"[\W_]+", " ", plain).split()
    while len(words) > 1 and (words[0] == "the" or (person and words[0] in TITLES)):
        words = words[1:]
    while len(words) > 1 and person and words[-1] in SUFFIXES:
        words = words[:-1]
    return " ".join(words)


def same_speaker(a: Speaker, b: Speaker, alias: Alias | None = None) -> bool:
    """Whether two resolved speakers stand for the same one.

    Normalised names are equal; or both are persons with one surname and no conflicting given name; or the registry
    resolves both names to the same id; or both are unnamed or groups, and their descriptions are alike or have the
    same head noun and affiliation.
    """
    left, right = _key(a), _key(b)
    if left == right:
        return True
    if a.kind == b.kind == "person":
        return same_person(left.split(), right.split())
    vague = ("unnamed", "group")
    if a.kind in vague and b.kind in vague:
        alike = fuzz.token_sort_ratio(left, right) >= LIKENESS
        return alike or (_head(a.name) == _head(b.name) and same_affiliation(a, b, alias))
    return same_registered(a.name, b.name, alias)


def same_person(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether the words of two persons' names fit together; a shorter form of the other name fits.

    >>> same_person(["xi"], ["xi", "jinping"]), same_person(["jill", "biden"], ["joe", "biden"])
    (True, False)
    """
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    return len(a) > 1 and len(b) > 1 and a[-1] == b[-1] and _given_fits(a[0], b[0])


def same_affiliation(a: Speaker, b: Speaker, alias: Alias | None = None) -> bool:
    if normalised(a.affiliation) == normalised(b.affiliation):
        return True
    return same_registered(a.affiliation, b.affiliation, alias)


def same_registered(a: str, b: str, alias: Alias | None) -> bool:
    if alias is None or not a or not b:
        return False
    left, right = (alias(name) or alias(normalised(name)) for name in (a, b))
    return left is not None and left == right


def speaker_pairs(gold: Sequence[Speaker], predicted: Sequence[Speaker], alias: Alias | None = None) -> list[Pair]:
    """Which gold speaker is which predicted one, one to one; equal names go first."""
    weights = {
        (i, j): 1.0 if _key(g) == _key(p) else 0.5
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if same_speaker(g, p, alias)
    }
    return match(weights)


def mention_type(statement: Statement, text: str) -> Mention:
    """How the text names the speaker: several at once, not at all, by pronoun, by (part of) the name, or otherwise.

    "noun" holds titles, descriptions and metonyms: "the minister", "a senior official", "Beijing" for China.
    """
    if len(statement.speakers) > 1:
        return "joint"
    if statement.source is None:
        return "none"
    words = normalised(statement.source.text(text)).split()
    if len(words) == 1 and words[0] in PRONOUNS:
        return "pronoun"
    named = [s for s in statement.speakers if s.kind in ("person", "country", "organization")]
    names = {word for speaker in named for word in normalised(speaker.name).split() if len(word) > 1}
    return "name" if names & set(words) else "noun"


def _key(speaker: Speaker) -> str:
    return normalised(speaker.name, person=speaker.kind == "person")


def _given_fits(a: str, b: str) -> bool:
    if min(len(a), len(b)) == 1:
        return a[0] == b[0]
    return _FORMS.get(a, a) == _FORMS.get(b, b) or fuzz.ratio(a, b) >= LIKENESS


def _head(name: str) -> str:
    words = normalised(_HEAD_ENDS.split(name.casefold())[0]).split()
    return words[-1] if words else ""
