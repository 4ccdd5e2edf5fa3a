"""The members of a joint source: where "and" and commas join sources rather than words of one name or title."""

from __future__ import annotations

import re

from stance.resolve import countries as geo
from stance.resolve.phrase import HEADS, PARTISAN, Phrase, one_body, phrase
from stance.resolve.scene import Scene
from stance.resolve.words import DOCUMENTS, ROLES, TITLES

_AND = re.compile(r",?\s(?:and|as well as|along with|together with|including|or|nor|plus)\s")
_LIST_OF = re.compile(r"\s(?:of|from|for)\s(?:the\s)?[A-Z][\w ]+(?:,|\sand\s)")
_PRONOUN_SUBJECTS = ("he", "she", "they", "it", "both", "i", "we")


def members(scene: Scene, start: int, end: int) -> list[tuple[int, int]]:
    """The stretches of a joint source; one for any other source.

    "Wang and the Russian president" has two members; "Wang Yi, director of the Office for Trade and Security" has one.
    """
    whole = phrase(scene, start, end)
    if whole is not None and whole.head.lower in DOCUMENTS and whole.head.text.islower() and whole.head.end < end:
        return [(start, end)]
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
    if _shares_noun(scene, left, following) or (link and one_body(tokens, link - 1, link)):
        return False
    if _apposed(scene, start, left_end) and not named:
        return False
    if _one_persons_titles(scene, left, following) or _origin_only(scene, left, following):
        return False
    if named and _half_title(scene, left):
        return False
    if scene.text[max(0, start - 5) : start + 5].lower().find("both ") >= 0 and following.words[0].capital:
        return True
    last = left.words[-1]
    if left.lower in _PRONOUN_SUBJECTS or any(m.end == last.end for m in scene.geo if m.how != "adjective"):
        return named or following.head.lower in HEADS or _counted(following)
    if any(m.end == last.end for p in scene.people for m in p.mentions):
        return named or following.head.lower in HEADS or _counted(following)
    return _splits_nouns(scene, left, following, named, end)


def _splits_nouns(scene: Scene, left: Phrase, following: Phrase, named: bool, end: int) -> bool:
    """Whether "and" joins two sources where the first does not end in a name."""
    last = left.words[-1]
    before = scene.text[left.start : left.end]
    linked = re.search(r"\b(?:of|for|on|between)\s(?:the\s)?[\w’'\s]+$", before) is not None
    if named:
        return not re.search(r"\bbetween\s[^,]+$", before)
    if linked and not following.determiner:
        return False
    both_roles = left.head.lower in ROLES and left.definite and following.head.lower in ROLES
    if scene.voice and both_roles and following.head.end == end:
        return True
    if not (left.head.lower in HEADS or left.head.lower.endswith("s") or last.capital or last.lower in HEADS):
        return False
    return _counted(following) or (following.head.lower in HEADS and (
        bool(following.determiner) or following.head.lower.endswith("s") or following.words[0].possessive
        or bool(scene.geo_in(following.start, following.words[0].end + 1)) or left.head.text.islower()
        or (following.head.capital and bool(scene.geo_in(following.start, following.end)))
    ))  # fmt: skip


def _half_title(scene: Scene, left: Phrase) -> bool:
    """Whether a title goes on behind "and": "actor and UN messenger Ann Clay"."""
    if left.determiner or any(w.possessive for w in left.words) or left.head.lower.endswith("s"):
        return False
    if any(left.start <= m.start < left.end for p in scene.people for m in p.mentions):
        return False
    whole_title = all(w.lower in TITLES and w.lower not in ROLES for w in left.words)
    return whole_title or (
        left.head.lower in ROLES and left.head.text.islower() and left.head.end >= left.words[-1].start
    )


def _origin_only(scene: Scene, left: Phrase, following: Phrase) -> bool:
    """Whether an adjective shares the noun behind "and": "Norwegian | local observers"."""
    places = scene.geo_in(left.start, left.end)
    alone = bool(places) and places[0].how == "adjective" and places[0].text == left.text.strip()
    return alone and following.text[0].islower() and not following.determiner and following.head.lower.endswith("s")


def _one_persons_titles(scene: Scene, left: Phrase, following: Phrase) -> bool:
    """Whether two titles stand before one name: "safety analyst and former chairman of the board Ann Clay"."""
    if following.determiner or any(p.head.lower not in ROLES or p.head.lower.endswith("s") for p in (left, following)):
        return False
    if left.indefinite and left.head.text.islower() and following.head.text.islower():
        return not _begins_with_name(scene, following.start, following.end)
    if left.determiner:
        return False
    if any(left.start <= m.start < left.end for p in scene.people for m in p.mentions):
        return False
    return any(following.head.end <= m.start and m.end == following.end for p in scene.people for m in p.mentions)


def _counted(part: Phrase) -> bool:
    """Whether a phrase is plainly a group of its own: "other news organizations"."""
    return part.determiner in ("other", "some", "several", "many") and part.head.lower.endswith("s")


PLURALS = frozenset(
    "states countries nations allies members lawmakers senators officials ministers leaders republics "
    "agencies presidents ambassadors observers investigators experts envoys diplomats".split()
)


def _shares_noun(scene: Scene, left: Phrase, following: Phrase) -> bool:
    """Whether both sides of "and" modify one noun: "US and Philippine officials"."""
    word = left.words[-1]
    if word.text in PARTISAN and following.words[0].text in PARTISAN and following.head.text.islower():
        return True
    here = [m for m in scene.geo_in(left.start, left.end) if m.end == word.end and _attributive(m.text)]
    opens = [m.start for m in scene.geo_in(following.start, following.head.start)]
    opens += [b.start for b in scene.known_in(following.start, following.head.start)]
    return (
        bool(here)
        and here[0].start - left.start <= 4
        and not following.determiner
        and (following.head.text.islower() and following.start in opens)
    )


def _attributive(name: str) -> bool:
    """Whether a country's name stands before nouns as it is: "Peruvian", "U.S.", "UK"."""
    return name in geo.adjectives() or name.replace(".", "").isupper()


def _begins_with_name(scene: Scene, start: int, end: int) -> bool:
    """Whether a person, a country or a known body is named here, or a title that ends in a person's name."""
    for person in scene.people:
        for m in person.mentions:
            near = m.title_start <= start + 5 or (
                scene.text[start : m.title_start].islower() and m.title_start < start + 14
            )
            if (
                start <= m.start < end
                and (near or _title(scene, start, m.title_start))
                and not (m.possessive and m.end < end - 3)
            ):
                return True
    places = [m for m in scene.geo_in(start, end) if m.start - start <= 4]
    if places and places[0].how != "adjective" and not re.match(r"\s[a-z]|['’]s", scene.text[places[0].end : end]):
        return True
    return any(b.start - start <= 4 for b in scene.known_in(start, end))


def _title(scene: Scene, start: int, end: int) -> bool:
    """Whether a title with "of" goes on to the name behind it: "President of the Republic of Peru | Ann Clay"."""
    first = next(iter(scene.tokens_in(start, end)), None)
    if first is None or not first.capital or first.lower not in TITLES:
        return False
    return re.fullmatch(r"(?:(?:of|for|the|and|in|to|[A-Z][^\s,]*)\s)+", scene.text[first.start : end]) is not None


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
