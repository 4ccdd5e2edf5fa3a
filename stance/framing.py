"""How a reporter's cue frames what is said: "said" is neutral, "claimed" doubts, "urged" wants something done.

The lexicon is the table framing.tsv beside this file; a cue that is not in it is neutral.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Literal, cast

Framing = Literal["neutral", "assertive", "doubtful", "commissive", "directive", "expressive"]
FRAMINGS: tuple[Framing, ...] = ("neutral", "assertive", "doubtful", "commissive", "directive", "expressive")

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_DOUBLED = re.compile(r"(?:[^aeiou]|^)[aeiou][bdgklmnprt]$")
"""Verbs that double their last letter before -ed and -ing; "offer" and the like have both forms."""


def framing(cue: str) -> Framing:
    """The framing of a cue, by the longest and last entry of the lexicon in it.

    >>> framing("has repeatedly called on"), framing("claimed"), framing("according to")
    ('directive', 'doubtful', 'neutral')
    """
    return entry(cue) or "neutral"


def entry(cue: str) -> Framing | None:
    """What the lexicon says of a cue; None where it has no entry for it."""
    table = _lexicon()
    words = tuple(word.lower().replace("’", "'") for word in _WORD.findall(cue))
    for length in range(min(len(words), 5), 0, -1):
        for start in range(len(words) - length, -1, -1):
            found = table.get(words[start : start + length])
            if found is not None:
                return found
    return None


@functools.cache
def _lexicon() -> dict[tuple[str, ...], Framing]:
    table: dict[tuple[str, ...], Framing] = {}
    lines = files("stance").joinpath("framing.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            kind, basic, *irregular = line.split("\t")
            first, *rest = basic.split()
            for form in {*_forms(first), *(", ".join(irregular).split(", ") if irregular else ())}:
                table[(form, *rest)] = cast(Framing, kind)
    return table


def _forms(word: str) -> Iterator[str]:
    """A word with the endings that regular verbs and nouns take."""
    yield word
    if word.endswith("e"):
        yield from (word + "s", word + "d", word[:-1] + "ing")
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        yield from (word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    else:
        yield from (word + ("es" if word.endswith(("s", "x", "ch", "sh", "z")) else "s"), word + "ed", word + "ing")
    if _DOUBLED.search(word):
        yield from (word + word[-1] + "ed", word + word[-1] + "ing")
