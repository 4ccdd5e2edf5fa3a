"""Runs of capitalised words: the candidates for names in an article, with the words that stand before them.

Offsets are character indices into the article's text. It knows nothing of speakers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.resolve.words import ABBREVIATED, NOT_NAMES, ORG_WORDS, PARTICLES, SUFFIXES, TITLES

_WORD = re.compile(
    r"(?:[A-Z]\.-?){2,}|[A-ZÀ-Þ]\.(?=[\s-])|[^\W_](?:[^\W_]|[’'‘ʼ`\-–.&](?=[^\W_]))*\.?|[,;:()\"“”\[\]—–-]", re.UNICODE
)
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_PREFIXED = re.compile(r"^(?:al|el|as|ash|an|ar|at|ad|ul|bin|d|l|abu)[-’'][A-ZÀ-Þ]")


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
    return len(bare) == 1 and bare.isupper() or "." in bare and bare.replace(".", "").isupper() or (
        bare.lower() in ABBREVIATED and bare[0].isupper()
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
    found: set[int] = set()
    at = 0
    for index, word in enumerate(tokens):
        while at < len(skip) and skip[at][1] <= word.start:
            at += 1
        if at < len(skip) and skip[at][0] <= word.start < skip[at][1]:
            found.add(index)
    return found


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


def _split(text: str, tokens: list[Word], start: int, end: int, blocked: set[int], lowered: frozenset[str]) -> list[Run]:
    """The run's parts: countries and titles open a new part, function words are dropped."""
    while start < end and (tokens[start].lower in NOT_NAMES and start not in blocked):
        start += 1
    opens_sentence = start == 0 or text[tokens[start - 1].end : tokens[start].start].strip(" ") != "" if start < end else False
    if opens_sentence and end - start > 1 and tokens[start].lower in lowered and tokens[start].lower not in TITLES:
        start += 1
    if start >= end:
        return []
    name_at = start
    for i in range(start, end):
        word = tokens[i]
        if i in blocked or word.lower in TITLES or (word.lower in ORG_WORDS and i + 1 < end and _title_after(tokens, i + 1, end)):
            name_at = i + 1
        elif word.lower in NOT_NAMES and i + 1 < end and i > start:
            name_at = i + 1
    chunk = tuple(tokens[start:end])
    return [Run(chunk, name_at - start, start)]


def _title_after(tokens: list[Word], start: int, end: int) -> bool:
    return any(tokens[i].lower in TITLES for i in range(start, end))
