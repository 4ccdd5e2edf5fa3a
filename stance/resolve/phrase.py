"""A source phrase taken apart: its members ("A and B"), and of each the head noun, determiner and countries."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.resolve import countries as geo
from stance.resolve.names import Word
from stance.resolve.scene import Scene
from stance.resolve.words import BODIES, COUNTRY_NOUNS, DETERMINERS, DOCUMENTS, GROUP_NOUNS, ORG_WORDS, ROLES, TITLES

_ENDS = frozenset(
    "of for to in at on from with by about near against who which that whose where familiar close involved "
    "present and but aware opposed responsible critical over under after among including based such as "
    "during between within into behind last this next".split()
)
_PARTISAN = frozenset("Republican Democratic Conservative Labour Western Arab European African Asian".split())
_IRREGULAR = frozenset("made sent held seen known given taken written drawn led shown brought".split())
_ING_NOUNS = frozenset("meeting briefing hearing building offering banking housing engineering ruling leading".split())
_LIST_OF = re.compile(r"\s(?:of|from|for)\s(?:the\s)?[A-Z][\w ]+(?:,|\sand\s)")
_AND = re.compile(r",?\s(?:and|as well as|along with|together with|including|or|nor|&|plus)\s")
_HEADS = ROLES | GROUP_NOUNS | COUNTRY_NOUNS | BODIES | DOCUMENTS
_PRONOUN_SUBJECTS = ("he", "she", "they", "it", "both", "i", "we")
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
        """ "two", "both", ... where the phrase counts its members."""
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
        return self.text.strip(' ,;:\n“”"')


def phrase(scene: Scene, start: int, end: int) -> Phrase | None:
    """The phrase in a stretch of text; None where there is no word in it."""
    text = scene.text[start:end]
    lead = _LEAD.match(text)
    if lead:
        start += lead.end()
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
        if index and word.lower in ("and", "&") and (_two_modifiers(tokens, index) or _one_body(tokens, head, index)):
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
        elif index > 1 and (_participle(word, tokens[index - 1]) or word.text[0].isdigit()):
            break
        elif word.text[0].isalnum():
            head = index
        index += 1
    return head


def _one_body(tokens: list[Word], head: int, index: int) -> bool:
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
    """Whether "and" joins two adjectives of one noun: "Chinese and U.S. experts", "Republican and Democratic lawmakers"."""
    after = [w for w in tokens[index + 1 : index + 5] if w.text[0].isalnum()]
    lower = next((i for i, w in enumerate(after) if w.text.islower()), 0)
    left, right = tokens[index - 1], after[0] if after else None
    if right is None or not lower or not after[lower].lower.endswith("s"):
        return False
    before = f"{tokens[index - 2].text} {left.text}" if index > 1 else ""
    return (left.text in geo.adjectives() or left.text in _PARTISAN or before in geo.adjectives()) and (
        right.text in geo.adjectives() or right.text in _PARTISAN or " ".join(w.text for w in after[:2]) in geo.adjectives()
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


def _participle(word: Word, before: Word) -> bool:
    """Whether "familiar" clauses begin here: "officials | briefed on", "the body | overseeing the vote"."""
    if not word.text.islower() or before.lower in DETERMINERS or word.lower in _HEADS:
        return False
    if word.lower in _IRREGULAR and _noun(before):
        return True
    if before.possessive:
        return False
    return (word.text.endswith("ing") and word.lower not in _ING_NOUNS) or (word.text.endswith("ed") and _noun(before))


def _noun(word: Word) -> bool:
    low = word.lower
    return (
        low in _HEADS or (word.capital and low not in TITLES) or low.endswith(("s", "er", "or", "ist", "ment", "ion"))
    )


def members(scene: Scene, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a joint source; one for any other source.

    "Wang and the Russian president" has two members; "Wang Yi, director of the Office for Trade and Security" has one.
    """
    whole = phrase(scene, start, end)
    if whole is not None and whole.head.lower in PLURALS and _LIST_OF.match(scene.text, whole.head.end, end):
        return [(start, end)]
    found, at = [], start
    for match in _AND.finditer(scene.text, start, end):
        if _splits(scene, at, match.start(), match.end(), end):
            found.append((at, match.start()))
            at = match.end()
    found.append((at, end))
    if len(found) == 1:
        return found
    first = found.pop(0)
    return [*_comma_list(scene, *first), *found]


def _splits(scene: Scene, start: int, left_end: int, right: int, end: int) -> bool:
    """Whether "and" here joins two sources rather than two words of one name or title."""
    left, following = phrase(scene, start, left_end), phrase(scene, right, end)
    if left is None or following is None:
        return False
    named = _begins_with_name(scene, following.start, end)
    tokens = [w for w in scene.tokens_in(left.start, end) if w.text[0].isalnum() or w.text == "&"]
    link = next((i for i, w in enumerate(tokens) if w.start >= left_end), 0)
    if _shares_noun(scene, left, following) or (link and _one_body(tokens, link - 1, link)):
        return False
    if _apposed(scene, start, left_end) and not named:
        return False
    if named and _half_title(scene, left):
        return False
    last = left.words[-1]
    if left.lower in _PRONOUN_SUBJECTS or any(m.end == last.end for m in scene.geo if m.how != "adjective"):
        return named or following.head.lower in _HEADS or _counted(following)
    if any(m.end == last.end for p in scene.people for m in p.mentions):
        return named or following.head.lower in _HEADS or _counted(following)
    linked = re.search(r"\b(?:of|for|on|between)\s(?:the\s)?[\w’'\s]+$", scene.text[start:left_end]) is not None
    if named:
        return not re.search(r"\bbetween\s[^,]+$", scene.text[start:left_end])
    if linked and not following.determiner:
        return False
    if (
        scene.voice
        and left.head.lower in ROLES
        and left.definite
        and following.head.lower in ROLES
        and following.head.end == end
    ):
        return True
    if not (left.head.lower in _HEADS or left.head.lower.endswith("s") or last.capital or last.lower in _HEADS):
        return False
    return _counted(following) or (following.head.lower in _HEADS and (
        bool(following.determiner) or following.head.lower.endswith("s") or following.words[0].possessive
        or bool(scene.geo_in(following.start, following.words[0].end + 1)) or left.head.text.islower()
    ))  # fmt: skip


def _half_title(scene: Scene, left: Phrase) -> bool:
    """Whether a title goes on behind "and": "actor and UN messenger Ann Clay", "Foreign and Trade Minister Ann Clay"."""
    if left.determiner or any(w.possessive for w in left.words) or left.head.lower.endswith("s"):
        return False
    if any(left.start <= m.start < left.end for p in scene.people for m in p.mentions):
        return False
    whole_title = all(w.lower in TITLES and w.lower not in ROLES for w in left.words)
    return whole_title or (
        left.head.lower in ROLES and left.head.text.islower() and left.head.end >= left.words[-1].start
    )


def _counted(part: Phrase) -> bool:
    """Whether a phrase is plainly a group of its own: "other news organizations"."""
    return part.determiner in ("other", "some", "several", "many") and part.head.lower.endswith("s")


PLURALS = frozenset(
    "states countries nations allies members lawmakers senators officials ministers leaders republics agencies presidents ambassadors observers investigators experts envoys diplomats".split()
)


def _shares_noun(scene: Scene, left: Phrase, following: Phrase) -> bool:
    """Whether both sides of "and" modify one noun: "US and Philippine officials"."""
    word = left.words[-1]
    here = [m for m in scene.geo_in(left.start, left.end) if m.end == word.end and m.text in geo.adjectives()]
    places = scene.geo_in(following.start, following.head.start)
    return (
        bool(here)
        and here[0].start - left.start <= 4
        and not following.determiner
        and bool(places)
        and (following.head.text.islower() and places[0].start == following.start)
    )


def _begins_with_name(scene: Scene, start: int, end: int) -> bool:
    """Whether a person, a country or a known body is named here, or a title that ends in a person's name."""
    for person in scene.people:
        for m in person.mentions:
            near = m.title_start <= start + 5 or (
                scene.text[start : m.title_start].islower() and m.title_start < start + 14
            )
            if start <= m.start < end and near and not (m.possessive and m.end < end - 3):
                return True
    places = [m for m in scene.geo_in(start, end) if m.start - start <= 4]
    if places and places[0].how != "adjective" and not re.match(r"\s[a-z]|['’]s", scene.text[places[0].end : end]):
        return True
    return any(b.start - start <= 4 for b in scene.known_in(start, end))


def _apposed(scene: Scene, start: int, end: int) -> bool:
    """Whether a name with its apposition stands before ("Wang Yi, director of the Office")."""
    match = re.match(r"[^,]+,\s(?:(?:the|a|an|its|his|her|former|then)\s)?([\w’'.-]+)", scene.text[start:end])
    if match is None:
        return False
    comma = start + scene.text[start:end].index(",")
    if not any(start <= m.start and m.end <= comma + 1 for p in scene.people for m in p.mentions):
        return not _begins_with_name(scene, comma + 2, end) and scene.text[comma + 2].islower()
    return not _begins_with_name(scene, comma + 2, end)


def _comma_list(scene: Scene, start: int, end: int) -> list[tuple[int, int]]:
    parts, at = [], start
    heading = phrase(scene, start, end)
    if heading is not None and heading.head.text in PLURALS and heading.head.end < end:
        cut = heading.head.end
        if scene.text[cut : cut + 2] in (", ", ": ") and _begins_with_name(scene, cut + 2, end):
            at = start = cut + 2
    for match in re.finditer(r",\s", scene.text[start:end]):
        cut = start + match.start()
        if _begins_with_name(scene, start + match.end(), end):
            parts.append((at, cut))
            at = start + match.end()
    return [*parts, (at, end)]
