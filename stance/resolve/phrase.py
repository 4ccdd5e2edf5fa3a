"""A source phrase taken apart: its members ("A and B"), and of each the head noun, determiner and countries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from stance.resolve import countries as geo
from stance.resolve.names import Word
from stance.resolve.scene import Scene
from stance.resolve.words import (
    BODIES,
    COUNTRY_NOUNS,
    DETERMINERS,
    DOCUMENTS,
    GROUP_NOUNS,
    MONTHS,
    ORG_WORDS,
    ROLES,
    TITLES,
)

_ENDS = frozenset(
    "of for to in at on from with by about near against who which that whose where familiar close "
    "involved present and but aware opposed responsible critical over under after among including "
    "based such as during between within into behind last this next".split()
)
PARTISAN = frozenset("Republican Democratic Conservative Labour Western Arab European African Asian".split())
_IRREGULAR = frozenset("made sent held seen known given taken written drawn led shown brought".split())
_ING_NOUNS = frozenset("meeting briefing hearing building offering banking housing engineering ruling leading".split())
HEADS = ROLES | GROUP_NOUNS | COUNTRY_NOUNS | BODIES | DOCUMENTS
_ADJECTIVES = frozenset("private general chief major principal independent liberal conservative".split())
_BASED = re.compile(r"(?:the\s)?[A-Z][\w.]*,\s[A-Z][\w.]*-based\s", re.IGNORECASE)
_SELF = re.compile(r"\s(?:himself|herself|itself|themselves)\s*$")
_LEAD = re.compile(
    r"^(?:according to|neither|either|(?-i:[Bb]oth(?=\s[A-Z]))|by|from|of|with|including|says?|said|like)\s+",
    re.IGNORECASE,
)
_PLURAL_MODIFIERS = frozenset("two three four five six seven both all".split())
_DEFINITE = frozenset("the this that these those both his her its their".split())


@dataclass(frozen=True, slots=True)
class Phrase:
    """One noun phrase of a source."""

    start: int
    end: int
    text: str
    words: tuple[Word, ...]
    head_at: int
    """Index of the head noun among the words."""

    @property
    def head(self) -> Word:
        return self.words[self.head_at]

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def determiner(self) -> str:
        word = self.words[0].lower
        return word if word in DETERMINERS else ""

    @property
    def definite(self) -> bool:
        return self.determiner in _DEFINITE or self.words[0].possessive

    @property
    def indefinite(self) -> bool:
        return self.determiner in ("a", "an", "another", "one", "some", "any")

    @property
    def before_head(self) -> tuple[Word, ...]:
        return self.words[: self.head_at]

    @property
    def number(self) -> str:
        """As in "two", "both", ... where the phrase counts its members."""
        return next((w.lower for w in self.words[: self.head_at + 1] if w.lower in _PLURAL_MODIFIERS), "")

    @property
    def core(self) -> str:
        """From the first word to the head, without determiner."""
        words = self.words[1 if self.determiner and self.head_at > 0 else 0 : self.head_at + 1]
        offset = self.start
        return self.text[words[0].start - offset : words[-1].end - offset]

    @property
    def name(self) -> str:
        """As written, without outer punctuation and without what a comma after the head sets apart."""
        apart = re.compile(r",\s[a-z]").search(self.text, self.head.end - self.start)
        return (self.text[: apart.start()] if apart else self.text).strip(' ,;:\n“”"')


def phrase(scene: Scene, start: int, end: int) -> Phrase | None:
    """The phrase in a stretch of text; None where there is no word in it."""
    text = scene.text[start:end]
    lead = _LEAD.match(text)
    if lead:
        start += lead.end()
    based = _BASED.match(scene.text, start, end)
    start = based.end() if based else start
    selves = _SELF.search(scene.text, start, end)
    end = selves.start() if selves and selves.start() > start else end
    tokens = [w for w in scene.tokens_in(start, end) if w.text[0].isalnum() or w.text in ",(;:–—-"]
    while tokens and not tokens[0].text[0].isalnum():
        tokens.pop(0)
    if not any(w.text[0].isalnum() for w in tokens):
        return None
    start = tokens[0].start
    return Phrase(start, end, scene.text[start:end], tuple(tokens), _head(tokens))


def _head(tokens: list[Word]) -> int:
    head, index = 0, 0
    while index < len(tokens):
        word = tokens[index]
        if index and word.lower in ("and", "&") and (_two_modifiers(tokens, index) or one_body(tokens, head, index)):
            index += 1
            continue
        if index and (word.lower in _ENDS or not word.text[0].isalnum()):
            onward = _goes_on(tokens, head, index)
            if onward:
                head = index = onward
                index += 1
                continue
            if not (word.text == "-" or tokens[head].lower in DETERMINERS):
                break
        elif index > 1 and (_participle(tokens, index) or _number(tokens, index)):
            break
        elif word.text[0].isalnum():
            head = index
        index += 1
    return head


def one_body(tokens: list[Word], head: int, index: int) -> bool:
    """Whether "and" stands inside a body's name: "Fish and Wildlife Service", "Peace and Security Council"."""
    if not tokens[head].capital or tokens[head].possessive or tokens[head].lower in BODIES | ROLES or head != index - 1:
        return False
    if tokens[head].text in geo.names() or tokens[head].text in geo.adjectives():
        return False
    at = index + 1
    while at < len(tokens) and tokens[at].capital and not tokens[at].possessive:
        at += 1
    last = tokens[at - 1]
    return (
        at > index + 1
        and last.lower in BODIES & ORG_WORDS
        and not any(w.lower in ROLES for w in tokens[index + 1 : at])
    )


def _two_modifiers(tokens: list[Word], index: int) -> bool:
    """Whether "and" joins adjectives of one noun: "Chinese and U.S. experts"."""
    after = [w for w in tokens[index + 1 : index + 7] if w.text[0].isalnum()]
    lower = next((i for i, w in enumerate(after) if w.text.islower()), 0)
    left, right = tokens[index - 1], after[0] if after else None
    nouns = takewhile(lambda w: w.text.islower() and w.lower not in _ENDS, after[lower:])
    if right is None or not lower or not any(w.lower.endswith("s") for w in nouns):
        return False
    before = f"{tokens[index - 2].text} {left.text}" if index > 1 else ""
    return (left.text in geo.adjectives() or left.text in PARTISAN or before in geo.adjectives()) and (
        right.text in geo.adjectives() or right.text in PARTISAN
        or " ".join(w.text for w in after[:2]) in geo.adjectives()
        or right.text.isupper()
    )  # fmt: skip


def _goes_on(tokens: list[Word], head: int, index: int) -> int:
    """Index of the role after a body's name: "US Department of | State | spokesperson"; 0 for none."""
    if not (tokens[head].capital and tokens[head].lower in BODIES):
        return 0
    at = index
    while at < len(tokens) and (tokens[at].capital or tokens[at].text in ("of", "for", "and", "the", "(", ")", "&")):
        at += 1
    fits = at < len(tokens) and at > index + 1 and tokens[at].text.islower() and tokens[at].lower in ROLES | GROUP_NOUNS
    return at if fits else 0


def _participle(tokens: list[Word], index: int) -> bool:
    """Whether a clause begins here: "officials | briefed on", "the body | overseeing the vote"; not "mining firm"."""
    word, before = tokens[index], tokens[index - 1]
    following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
    if not word.text.islower() or before.lower in DETERMINERS or word.lower in HEADS:
        return False
    noun = before.lower in HEADS - _ADJECTIVES or before.lower.endswith("s")
    if following in HEADS and not noun:
        return False
    if word.lower in _IRREGULAR and _noun(before):
        return True
    if before.possessive:
        return False
    return (word.text.endswith("ing") and word.lower not in _ING_NOUNS) or (word.text.endswith("ed") and _noun(before))


def _number(tokens: list[Word], index: int) -> bool:
    """Whether a number ends the noun phrase here; the year of a date goes on: "a September 2015 | report"."""
    return tokens[index].text[0].isdigit() and tokens[index - 1].lower not in MONTHS


def _noun(word: Word) -> bool:
    low = word.lower
    return low in HEADS or (word.capital and low not in TITLES) or low.endswith(("s", "er", "or", "ist", "ment", "ion"))
