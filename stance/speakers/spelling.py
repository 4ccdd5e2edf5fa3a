"""Whether two spellings can be one name: transliterations, order of names, initials, short forms.

Names are compared as folded words. Folding maps the usual ways of writing one foreign name in English onto each other
(Sergei, Sergey; Zelensky, Zelenskyy, Zelenskiy; Müller, Mueller); it is for comparing only, never shown.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from rapidfuzz import fuzz

from stance.resolve.given import given_names
from stance.resolve.people import SHORT_FORMS
from stance.resolve.registry import plain
from stance.resolve.words import ORG_WORDS, ROLES, TITLES

Words = tuple[str, ...]

ALIKE = 70
"""Likeness (0 to 100, rapidfuzz's ratio) that two spellings of one word have at least."""

_FOLDS = [
    (re.compile(pattern), by)
    for pattern, by in (
        (r"^(?:al|el)[-–]", ""),
        (r"['`ʼ‘–-]", ""),
        (r"(?:iy|yi|yy|ij|ii|ey|ei|ie|y)$", "i"),
        (r"^y(?=e)", ""),
        (r"(?<=[aeiou])y(?=[aeiou])", ""),
        (r"iy(?=[aeou])|y|(?<!^)j(?=[aou])", "i"),
        (r"ph", "f"),
        (r"kh", "h"),
        (r"gh", "g"),
        (r"dh", "d"),
        (r"q|ck", "k"),
        (r"x", "ks"),
        (r"w|ff$", "v"),
        (r"ou|oo", "u"),
        (r"oe", "o"),
        (r"ae", "a"),
        (r"ue", "u"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """One word of a name as compared.

    >>> {fold(word) for word in ("Zelensky", "Zelenskyy", "Zelenskiy")}
    {'zelenski'}
    """
    folded = plain(word)
    for pattern, by in _FOLDS:
        folded = pattern.sub(by, folded)
    return folded


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """A folded word without its vowels but a first one: what the ways of writing a foreign name have in common.

    >>> skeleton(fold("Mohammed")) == skeleton(fold("Muhamad"))
    True
    """
    return word[:1] + re.sub(r"[aeiou]", "", word[1:]).replace("g", "h")


@lru_cache(maxsize=1 << 16)
def name_words(name: str) -> Words:
    """The folded words of a name, without the Arabic article; initials that are written together count as several."""
    split = re.sub(r"(?<=\b[A-Z])\.(?=[A-Z]\b)", " ", name)
    words = [word for word in re.split(r"[\s,]+", split) if re.search(r"\w", word)]
    return tuple(fold(word) for word in words if word.lower() not in ("al", "el") or len(words) == 1)


def same_word(a: str, b: str) -> bool:
    """Whether two folded words can be spellings of one name."""
    if a == b:
        return True
    long = min(len(a), len(b)) > 3 and len(skeleton(a)) > 2
    return long and skeleton(a) == skeleton(b) and (a[-1] == "a") == (b[-1] == "a") and fuzz.ratio(a, b) >= ALIKE


def names_of_two(a: Words, b: Words) -> bool:
    """Whether two names have different given names that are both frequent: "Karin Marn", "Karen Marn"."""
    return any(x != y and {x, y} <= _frequent() for x, y in zip(a, b, strict=False))


@cache
def _frequent() -> frozenset[str]:
    return frozenset(map(fold, given_names()))


def variant(a: Words, b: Words) -> bool:
    """Whether two names of several words have the same words, spelt or ordered differently.

    >>> variant(name_words("Volodomyr Marn"), name_words("Volodymyr Marn"))
    True
    >>> variant(name_words("Park Min-ji"), name_words("Minji Park"))
    True
    """
    if len(a) == len(b) and any(x == y for x, y in zip(a, b, strict=True)):
        if all(same_word(x, y) for x, y in zip(a, b, strict=True)):
            return True
    return bool(rotations(a) & rotations(b))


def rotations(words: Words) -> set[str]:
    """A name as one word, with the family name first or last."""
    return {"".join(words), "".join((*words[1:], words[0])), "".join((words[-1], *words[:-1]))}


def preceded(a: Words, b: Words) -> bool:
    """Whether `b` is the full name `a` with a title or other words before it.

    >>> preceded(name_words("Ivo Marn"), name_words("Deputy Director Ivo Marn"))
    True
    >>> preceded(name_words("Pierre Marn"), name_words("Jean Pierre Marn"))
    False
    """
    before = b[: len(b) - len(a)]
    if len(a) < 2 or not before or b[-len(a) :] != a or _frequent().intersection(before):
        return False
    return a[0] in _frequent() or not _titles().isdisjoint(before)


@cache
def _titles() -> frozenset[str]:
    return frozenset(map(fold, TITLES | ROLES | ORG_WORDS))


def shorter(a: Words, b: Words) -> bool:
    """Whether `a` can be a shorter form of `b`: the surname, initials, fewer given names, or without what precedes.

    >>> shorter(name_words("J. Marn"), name_words("Jane Marn")), shorter(name_words("Marn"), name_words("Jane Marn"))
    (True, True)
    """
    if a == b or not a or len(b) < 2:
        return False
    if len(a) == 1:
        return len(a[0]) > 1 and (same_word(a[0], b[-1]) or a[0] == b[0])
    if len(a) < len(b) and b[-len(a) :] == a:
        return True
    if len(a) > len(b) or not same_word(a[-1], b[-1]):
        return False
    givens = list(b[:-1])
    fits = all(any(_one_given_name(word, given) for given in givens) for word in a[:-1])
    return fits and (len(a) < len(b) or _initials(a) > _initials(b) or (a < b and not variant(a, b)))


def _one_given_name(a: str, b: str) -> bool:
    """Whether two given names can be one: spelt alike, an initial, or short like "Mike" for "Michael"."""
    initial = min(len(a), len(b)) == 1 and a[0] == b[0]
    return initial or same_word(a, b) or b in forms(a) or a in forms(b)


def forms(given: str) -> tuple[str, ...]:
    """A folded given name and what it is short for: ("mike", "michal")."""
    full = _short_forms().get(given)
    return (given, full) if full else (given,)


@cache
def _short_forms() -> dict[str, str]:
    return {fold(short): fold(full) for short, full in SHORT_FORMS.items()}


def _initials(words: Words) -> int:
    return sum(len(word) == 1 for word in words)
