"""Runs of capitalised words: the candidates for names in an article, with the words that stand before them.

Offsets are character indices into the article's text. It knows nothing of speakers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.resolve.given import given_names
from stance.resolve.origins import family_name_first
from stance.resolve.registry import plain
from stance.resolve.words import (
    ABBREVIATED,
    NAME_LIKE_TITLES,
    NOT_NAMES,
    ORG_WORDS,
    PARTICLES,
    PLACE_LIKE_NAMES,
    ROLES,
    SUFFIXES,
    TITLES,
)  # fmt: skip

_WORD = re.compile(
    r"(?:[A-Z]\.-?){2,}|[A-ZÀ-Þ]\.(?=[\s-])|[^\W_]+(?:(?:[’'‘ʼ`\-–&]|\.(?=[a-z0-9]|[A-Z](?![a-z])))[^\W_]+)*\.?|[,;:()\"“”\[\]—–-]",
    re.UNICODE,
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_PREFIXED = re.compile(r"^(?:al|el|as|ash|an|ar|at|ad|ul|bin|d|l|abu)[-’'][A-ZÀ-Þ]")


_CONTRACTED = frozenset(
    "don isn doesn didn won wouldn couldn shouldn can aren wasn weren haven hasn hadn there let".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    text: str
    """Without a possessive ending and without a full stop that is not its own."""
    possessive: bool

    @property
    def lower(self) -> str:
        return self.text.lower().rstrip(".")

    @property
    def common(self) -> bool:
        """Whether it is a word that begins sentences rather than a name: "However", "I’m", "Don’t"."""
        first, *rest = re.split(r"['’]", self.lower)
        return self.lower in NOT_NAMES or bool(rest and first in NOT_NAMES | _CONTRACTED)

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or _PREFIXED.match(self.text) is not None


def words(text: str) -> list[Word]:
    """Words and separating marks in order."""
    found = []
    for match in _WORD.finditer(text):
        token, start, end = match.group(), match.start(), match.end()
        if token.endswith(".") and not _keeps_stop(token):
            token, end = token[:-1], end - 1
        if token.endswith("'s") or token.endswith("’s"):
            found.append(Word(start, end - 2, token[:-2] or token, True))
        else:
            genitive = token.endswith("s") and text[end : end + 1] in ("'", "’") and text[end + 1 : end + 2] == " "
            found.append(Word(start, end, token, genitive))
    return found


def _keeps_stop(token: str) -> bool:
    bare = token[:-1]
    return (
        (len(bare) == 1 and bare.isupper())
        or ("." in bare and bare.replace(".", "").isupper())
        or (bare.lower() in ABBREVIATED and bare[0].isupper())
    )


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring capitalised words, split in the title before and the name proper."""

    words: tuple[Word, ...]
    name_at: int
    """Index of the first word of the name; len(words) where all are title."""
    first: int
    """Index of the run's first word among the article's words."""

    @property
    def name(self) -> tuple[Word, ...]:
        return self.words[self.name_at :]

    @property
    def titles(self) -> tuple[Word, ...]:
        return self.words[: self.name_at]

    @property
    def possessive(self) -> bool:
        return self.words[-1].possessive

    def name_text(self, text: str) -> str:
        return text[self.name[0].start : self.name[-1].end]


def runs(text: str, tokens: list[Word], skip: list[tuple[int, int]], lowered: frozenset[str]) -> list[Run]:
    """All runs of capitalised words.

    `skip` holds character ranges that are no person's name (countries and their adjectives): they count
    as title words before a name and end one after it. `lowered` are words that the article also writes
    in lower case, so that a sentence's first word is not taken for a name.
    """
    found: list[Run] = []
    blocked = _blocked(tokens, skip)
    index = 0
    while index < len(tokens):
        if not tokens[index].capital:
            index += 1
            continue
        end = _run_end(text, tokens, index)
        found.extend(_split(text, tokens, index, end, blocked, lowered))
        index = end
    return found


def _blocked(tokens: list[Word], skip: list[tuple[int, int]]) -> set[int]:
    """Words inside `skip`; a lone word that follows a given name ("Vicente Fox", "Michael Jordan") stays free."""
    found: set[int] = set()
    at = 0
    for index, word in enumerate(tokens):
        while at < len(skip) and skip[at][1] <= word.start:
            at += 1
        if at < len(skip) and skip[at][0] <= word.start < skip[at][1]:
            if _given_place(tokens, index):
                continue
            alone = word.start == skip[at][0] and word.end == skip[at][1]
            if not (alone and word.text.istitle() and index and _given_name(tokens, index - 1, found)):
                found.add(index)
    return found


def _given_place(tokens: list[Word], index: int) -> bool:
    """Whether a place's name is a given name here: "Sofia Lund", not "Sofia Mayor" or "Sofia said"."""
    word = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if word.lower not in PLACE_LIKE_NAMES or word.possessive or following is None or following.start - word.end != 1:
        return False
    free = following.lower not in TITLES | ORG_WORDS | NOT_NAMES
    return following.text.istitle() and free and (index == 0 or tokens[index - 1].lower not in ("in", "of", "from"))


def place_is_name(tokens: list[Word], start: int) -> bool:
    """Whether the place name that begins at an offset is somebody's given name."""
    index = next((i for i, w in enumerate(tokens) if w.start == start), None)
    return index is not None and _given_place(tokens, index)


def _given_name(tokens: list[Word], index: int, blocked: set[int]) -> bool:
    word, low = tokens[index], tokens[index].lower
    return (
        tokens[index + 1].start - word.end == 1 and word.text.istitle() and not word.possessive and index not in blocked
        and low not in TITLES | NOT_NAMES | ORG_WORDS and (index == 0 or tokens[index - 1].text != ".")
        and (index == 0 or not tokens[index - 1].text.istitle() or tokens[index - 1].lower in TITLES)
    )  # fmt: skip


def _run_end(text: str, tokens: list[Word], index: int) -> int:
    """Index after the last word of the run that begins here."""
    at = index
    while not tokens[at].possessive and at + 1 < len(tokens):
        following = at + 1
        if _suffixed(text, tokens, following):
            at = following + 1
            continue
        while following < len(tokens) - 1 and following - at <= 3 and tokens[following].text in PARTICLES:
            following += 1
        joined = all(text[tokens[i].end : tokens[i + 1].start] in (" ", "\xa0") for i in range(at, following))
        if not joined or not tokens[following].capital:
            break
        at = following
    return at + 1


def _suffixed(text: str, tokens: list[Word], index: int) -> bool:
    """Whether ", Jr." stands here."""
    following = index + 1
    return tokens[index].text == "," and following < len(tokens) and tokens[following].lower in SUFFIXES


def _split(
    text: str, tokens: list[Word], start: int, end: int, blocked: set[int], lowered: frozenset[str]
) -> list[Run]:
    """The run without function words at its ends, split where its titles end and the name begins."""
    while start < end and tokens[start].common and start not in blocked and not _family_name_he(tokens, start, end):
        start += 1
    while (
        end > start
        and tokens[end - 1].lower in NOT_NAMES
        and (end - 1) not in blocked
        and not _month_name(tokens, end - 1, start)
    ):
        end -= 1
    if start >= end:
        return []
    opens = start == 0 or text[tokens[start - 1].end : tokens[start].start].strip(" ") != ""
    if opens and end - start > 1 and tokens[start].lower in lowered and tokens[start].lower not in TITLES:
        start += 1
    elif opens and end - start > 2 and _no_given_name(tokens, start) and start not in blocked:
        start += 1
    name_at = start
    for i in range(start, end):
        low = tokens[i].lower
        if low in NAME_LIKE_TITLES and i == end - 1 and i > start and name_at < i:
            continue
        org = low in ORG_WORDS and _name_after(tokens, i + 1, end)
        if (
            i in blocked
            or low in TITLES
            or org
            or (low in NOT_NAMES and start < i < end - 1 and not _syllable(tokens, i))
        ):
            name_at = i + 1
    return [Run(tuple(tokens[start:end]), name_at - start, start)]


def _syllable(tokens: list[Word], index: int) -> bool:
    """Whether a common word is a given name's first syllable: "Kim | Do | Yun"."""
    return family_name_first(tokens[index - 1].text) and tokens[index + 1].text.istitle()


def _family_name_he(tokens: list[Word], start: int, end: int) -> bool:
    """Whether "He" is a Chinese family name: "He Lifeng said"."""
    following = tokens[start + 1] if start + 1 < end else None
    return (
        tokens[start].text == "He" and following is not None and not following.common and following.lower not in TITLES
    )


def _no_given_name(tokens: list[Word], start: int) -> bool:
    """Whether a sentence's first word stands before a name: "Putting Maria Lund in charge"."""
    first, second = plain(tokens[start].text), plain(tokens[start + 1].text)
    return first not in given_names() and second in given_names() and tokens[start].lower not in TITLES | ORG_WORDS


def _month_name(tokens: list[Word], index: int, start: int) -> bool:
    """Whether a month is a family name here: "Theresa May", not "Wednesday May 5"."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    dated = following is not None and following.text[0].isdigit()
    return (
        tokens[index].lower in ("may", "june", "april", "august")
        and index == start + 1
        and not dated
        and (tokens[start].lower not in NOT_NAMES)
    )


def _name_after(tokens: list[Word], start: int, end: int) -> bool:
    """Whether a title follows, or two words that are neither title nor body: "United Nations | Nikki Haley"."""
    rest = [tokens[i].lower for i in range(start, end)]
    if any(w in ROLES for w in rest):
        return True
    before = [w.lower for w in tokens[max(0, start - 12) : start]]
    free = [w for w in rest if w not in ORG_WORDS and w not in TITLES]
    return len(rest) >= 2 and len(free) == len(rest) and any(w in ROLES for w in before)
