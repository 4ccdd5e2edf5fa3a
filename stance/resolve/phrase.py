"""A source phrase taken apart: its members ("A and B"), and of each the head noun, determiner and countries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.resolve.names import Word
from stance.resolve.scene import Scene
from stance.resolve.words import BODIES, COUNTRY_NOUNS, DETERMINERS, DOCUMENTS, GROUP_NOUNS, ROLES, TITLES

_ENDS = frozenset("of for to in at on from with by about near against who which that whose where familiar close involved "
                  "present and but aware opposed responsible critical over under after among including based such as "
                  "during between within into behind".split())
_LEAD = re.compile(r"^(?:according to|by|from|of|with|including|says?|said|like)\s+", re.IGNORECASE)
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
        """"two", "both", ... where the phrase counts its members."""
        return next((w.lower for w in self.words[: self.head_at + 1] if w.lower in _PLURAL_MODIFIERS), "")

    @property
    def core(self) -> str:
        """From the first word to the head, without determiner."""
        words = self.words[1 if self.determiner and self.head_at > 0 else 0 : self.head_at + 1]
        offset = self.start
        return self.text[words[0].start - offset : words[-1].end - offset]

    @property
    def name(self) -> str:
        """As written, without outer punctuation."""
        return self.text.strip(" ,;:\n“”\"")


def phrase(scene: Scene, start: int, end: int) -> Phrase | None:
    """The phrase in a stretch of text; None where there is no word in it."""
    text = scene.text[start:end]
    lead = _LEAD.match(text)
    if lead:
        start += lead.end()
    tokens = [w for w in scene.tokens_in(start, end) if w.text[0].isalnum() or w.text in ",(;:–—-"]
    while tokens and not tokens[0].text[0].isalnum():
        tokens.pop(0)
    if not any(w.text[0].isalnum() for w in tokens):
        return None
    start = tokens[0].start
    return Phrase(start, end, scene.text[start:end], tuple(tokens), _head(tokens))


def _head(tokens: list[Word]) -> int:
    head = 0
    for index, word in enumerate(tokens):
        if not word.text[0].isalnum() or (index > 0 and word.lower in _ENDS):
            if index > 0 and not (word.text == "-" or tokens[head].lower in DETERMINERS):
                break
            continue
        if index > 1 and word.text.islower() and word.text.endswith(("ing", "ed")) and _noun(tokens[index - 1]):
            break
        if index > 0 and word.text[0].isdigit() and index > 1:
            break
        head = index
    return head


def _noun(word: Word) -> bool:
    low = word.lower
    known = ROLES | BODIES | GROUP_NOUNS | DOCUMENTS | COUNTRY_NOUNS
    return low in known or (word.capital and low not in TITLES) or low.endswith(("s", "er", "or", "ist", "ment", "ion"))


def members(scene: Scene, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a joint source; one for any other source.

    "Wang and the Russian president" has two members; "Wang Yi, director of the Office for Trade and Security" has one.
    """
    cuts: list[tuple[int, int]] = []
    for match in re.finditer(r",?\s(?:and|as well as|along with|together with|or|&|plus)\s", scene.text[start:end]):
        left, right = (start, start + match.start()), (start + match.end(), end)
        if _entity_at(scene, *right) and _entity_before(scene, *left):
            cuts.append((start + match.start(), start + match.end()))
    if not cuts:
        return [(start, end)]
    found, at = [], start
    for cut_start, cut_end in cuts:
        found.append((at, cut_start))
        at = cut_end
    found.append((at, end))
    first = found.pop(0)
    return [*_comma_list(scene, *first), *found]


def _comma_list(scene: Scene, start: int, end: int) -> list[tuple[int, int]]:
    parts, at = [], start
    for match in re.finditer(r",\s", scene.text[start:end]):
        cut = start + match.start()
        if _named(scene, start + match.end(), end) and _entity_before(scene, at, cut):
            parts.append((at, cut))
            at = start + match.end()
    return [*parts, (at, end)]


def _named(scene: Scene, start: int, end: int) -> bool:
    """Whether a name, a country or a body with a capital begins here, rather than a title in apposition."""
    tokens = scene.tokens_in(start, min(end, start + 60))
    if not tokens:
        return False
    if scene.text[start:end].lower().startswith("the ") and len(tokens) > 1:
        tokens = tokens[1:]
    return tokens[0].capital and tokens[0].lower not in ("chairman", "director", "head")


def _entity_at(scene: Scene, start: int, end: int) -> bool:
    """Whether an entity of its own begins here: a name, a country, or a noun phrase with role, body or group head."""
    part = phrase(scene, start, end)
    if part is None:
        return False
    if any(p for p in scene.people for m in p.mentions if m.title_start <= part.start + 4 and part.start <= m.start < part.end and m.start - part.start < 60 and not m.possessive):
        return True
    places = [m for m in scene.geo_in(part.start, end) if m.start - part.start <= 4]
    if places and (places[0].how != "adjective" or part.head.lower in _heads()):
        return True
    if part.head.lower in ROLES | GROUP_NOUNS | COUNTRY_NOUNS and (part.determiner or part.words[0].capital or part.head.lower in GROUP_NOUNS):
        return True
    return scene.registry.organization(part.core) is not None or (part.head.lower in BODIES and bool(part.determiner or part.words[0].capital))


def _heads() -> frozenset[str]:
    return ROLES | GROUP_NOUNS | COUNTRY_NOUNS | BODIES | DOCUMENTS


def _entity_before(scene: Scene, start: int, end: int) -> bool:
    """Whether the stretch is complete by itself, not the first half of "Ministry of Trade and ..."."""
    part = phrase(scene, start, end)
    if part is None:
        return False
    if part.lower in ("he", "she", "they", "it", "both", "i", "we"):
        return True
    tail = scene.tokens_in(start, end)
    if re.search(r"\b(?:of|for|on|with|between)\s(?:the\s)?[\w’'-]+$", scene.text[start:end]) and len(tail) > 2:
        return any(m.end == end for p in scene.people for m in p.mentions) or bool(
            [m for m in scene.geo_in(start, end) if m.end == end and m.how != "adjective"]
        )
    last = tail[-1]
    return (
        any(m.start <= last.start < m.end for p in scene.people for m in p.mentions)
        or any(m.end >= last.end and m.how != "adjective" for m in scene.geo_in(start, end))
        or last.lower in _heads()
        or last.capital
        or last.lower.endswith("s")
        or "," in part.text
    )
