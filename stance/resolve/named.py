"""Sources that name a person: which of the names in a phrase heads it."""

from __future__ import annotations

from stance.resolve import speakers as make
from stance.resolve.names import Word
from stance.resolve.people import core_words, given_fits
from stance.resolve.phrase import Phrase
from stance.resolve.reading import Reading
from stance.resolve.words import BODIES, COUNTRY_NOUNS, DETERMINERS, DOCUMENTS, GROUP_NOUNS, NOT_NAMES, ROLES, TITLES
from stance.types import Speaker

_NO_PERSON = BODIES | COUNTRY_NOUNS | DETERMINERS | DOCUMENTS | GROUP_NOUNS
_IN_CHARGE = frozenset(["charge"])


def named_person(reading: Reading, part: Phrase) -> Speaker | None:
    """The person whose name heads the phrase, before or after its titles."""
    inside = sorted(
        ((m, p) for p in reading.scene.people for m in p.mentions if part.start <= m.start and m.end <= part.end),
        key=lambda pair: pair[0].start,
    )
    for mention, person in inside:
        if mention.possessive and mention.end < part.end - 2:
            continue
        prefix = reading.scene.tokens_in(part.start, mention.start)
        if not _belongs(prefix, mention.title_start, part.head):
            continue
        following = next((w for w in part.words if w.start >= mention.end), None)
        if following is not None and following.text[0].isalpha() and _modified(following):
            continue
        short, long = core_words(mention.words), core_words(person.words)
        full = len(short) >= len(long) or (len(short) > 1 and given_fits(short[0], long[:1]))
        return make.person(person, "name" if full else "surname", 0.95 if full else 0.9)
    return None


def _belongs(prefix: list[Word], title_start: int, head: Word) -> bool:
    """Whether the words before a name belong to it ("Russian Foreign Minister", "the group's leader,")."""
    words = [w for w in prefix if w.text[0].isalnum()]
    if not words:
        return True
    if prefix[-1].text == ",":
        plain_noun = head.text.islower() and head.lower not in BODIES | COUNTRY_NOUNS | DOCUMENTS
        relative = any(w.lower in ("which", "who", "whose", "that", "including") for w in words)
        return head.lower in ROLES or (plain_noun and not relative)
    if words[-1].possessive:
        return words[-1].lower not in ROLES
    links = [
        i
        for i, w in enumerate(words)
        if w.lower in ("of", "for", "by", "with", "to", "from", "on", "close", "in", "than")
    ]
    after = words[links[-1] + 1 :] if links else words
    if links:
        head_before = any(
            w.lower in ROLES or (w.text.islower() and w.lower not in DETERMINERS) for w in words[: links[0]]
        )
        own_title = any(w.lower in ROLES - _IN_CHARGE and (w.capital or w.start < title_start) for w in after)
        return bool(after) and head_before != own_title and after[-1].lower not in ("the", "a", "an")
    end = words[-1]
    if any(w.lower in GROUP_NOUNS for w in words) and end.lower in ("including", "like"):
        return False
    fits = end.lower in ROLES or end.lower in TITLES or end.lower in ("both", "even", "like", "the", "by", "s")
    noun = (
        end.text.islower() and not end.lower.endswith("s") and end.lower not in _NO_PERSON and words[-1] is prefix[-1]
    )
    return fits or noun or (end.capital and end.lower not in NOT_NAMES) or end.lower in BODIES


def _modified(word: Word) -> bool:
    """Whether the word after a name makes it a modifier ("the Trump administration", "Obama aides")."""
    low = word.lower
    if word.text.islower() and low.endswith("s") and low[:-1] in ROLES:
        return True
    return low in COUNTRY_NOUNS or low in GROUP_NOUNS or (low in ROLES | BODIES | DOCUMENTS and word.text.islower())
