"""The persons of an article: every mention by name, joined into one entity with its roles and country."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice, takewhile

from rapidfuzz import fuzz

from stance.resolve.given import given_name_gender, given_names
from stance.resolve.names import Run, Word
from stance.resolve.registry import Known, Registry, plain
from stance.resolve.words import (
    BODY_KINDS,
    FEMALE,
    HONORIFICS,
    MALE,
    NAME_LIKE_TITLES,
    NOT_NAMES,
    ORG_WORDS,
    PERSON_VERBS,
    ROLES,
    SUFFIXES,
)

_BODY_GOES_ON = re.compile(
    r"\s(?:and|&)\s(?:[A-Z]\w+\s){0,3}(?:Company|Corporation|Service|Bank|Council|Commission|Agency|Group|Co|Inc|Ltd|Trust)\b"
)
_FIRM = frozenset(
    "news media network holdings ltd inc corp co llc plc group partners bank airlines industries "
    "technologies motors".split()
)
SHORT_FORMS = {"joe": "joseph", "joseph": "joe", "tony": "antony", "bill": "william", "mike": "michael", "jim": "james",
          "bob": "robert", "dick": "richard", "tom": "thomas", "steve": "steven", "dan": "daniel", "ben": "benjamin",
          "ted": "edward", "chuck": "charles", "alex": "alexander", "nick": "nicholas", "dave": "david",
          "sergei": "sergey", "dmitri": "dmitry", "ash": "ashton", "chris": "christopher"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameMention:
    start: int
    """Of the name, without title."""
    end: int
    title_start: int
    words: tuple[str, ...]
    possessive: bool


@dataclass(slots=True)
class Person:
    """One person of the article."""

    words: tuple[str, ...]
    """The fullest form."""
    name: str
    mentions: list[NameMention] = field(default_factory=list)
    roles: list[tuple[int, str]] = field(default_factory=list)
    """(offset, title or apposition as given)."""
    genders: Counter[str] = field(default_factory=Counter)
    """What titles, words and the registry tell, counted."""
    guessed_gender: str = ""
    """What the given name suggests; pronouns may say otherwise."""
    known: Known | None = None
    country: str = ""
    titles: set[str] = field(default_factory=set)
    """The words that stood before the name, in lower case."""

    @property
    def gender(self) -> str:
        return self.genders.most_common(1)[0][0] if self.genders else self.guessed_gender

    @property
    def role(self) -> str:
        return self.roles[0][1] if self.roles else ""

    @property
    def surname(self) -> str:
        return core_words(self.words)[-1]

    @property
    def first(self) -> int:
        return self.mentions[0].start


def core_words(words: Iterable[str]) -> list[str]:
    """The name's words as compared, without suffixes and initials."""
    return list(_core(tuple(words)))


@lru_cache(maxsize=1 << 14)
def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    forms = tuple(re.sub(r"^(?:al|el)-", "", plain(w)) for w in words)
    return tuple(w for w in forms if w not in SUFFIXES and w != ",") or forms


def compatible(short: Iterable[str], full: Iterable[str]) -> bool:
    """Whether one name can be a shorter form of the other: same surname (or family name first), no other given name.

    >>> compatible(["Kim"], ["Kim", "Jong", "Un"]), compatible(["Kim", "Yo", "Jong"], ["Kim", "Jong", "Un"])
    (True, False)
    """
    a, b = core_words(short), core_words(full)
    if len(a) > len(b):
        a, b = b, a
    if len(a) == 1:
        return a[0] == b[-1] or a[0] == b[0] or (len(b) > 2 and a[0] in b) or a[0] == "".join(b[-2:]).replace("-", "")
    a, b = [w for word in a for w in word.split("-")], [w for word in b for w in word.split("-")]
    if a[-1] != b[-1]:
        return sorted(a) == sorted(b) or (len(a) == len(b) - 1 and a == b[:-1] and len(a[-1]) > 1)
    return all(given_fits(word, b[:-1]) for word in a[:-1])


def given_fits(word: str, others: list[str]) -> bool:
    return any(
        word == other or SHORT_FORMS.get(word) == other or ((len(word) == 1 or len(other) == 1) and word[0] == other[0])
        for other in others
    )


def find_people(
    text: str,
    runs: list[Run],
    tokens: list[Word],
    registry: Registry,
    sources: frozenset[int] = frozenset(),
    year: int | None = None,
) -> list[Person]:
    """The article's persons in order of first mention; `sources` are the offsets where statements' sources begin."""
    people: list[Person] = []
    singles: list[Run] = []
    for run in sorted(runs, key=lambda r: (-len(r.name), r.words[0].start)):
        if not run.name or not may_be_person(run):
            continue
        name = [w.text for w in run.name if w.text != ","]
        if len(core_words(name)) == 1:
            singles.append(run)
        elif (_heads_source(text, run, tokens, sources) and not _body_follows(text, run)) or _person_like(
            text, run, tokens, registry, runs
        ):
            _join(text, people, run, registry)
    singles += [
        replace(r, name_at=0) for r in runs if not r.name and len(r.words) == 1 and r.words[0].lower in NAME_LIKE_TITLES
        and any(p.surname == plain(r.words[0].text) for p in people)
    ]  # fmt: skip
    singles += _like_words(people, tokens, sources)
    firms = {r.words[0].text for r in runs if len(r.words) > 1 and r.words[-1].lower in _FIRM}
    singles = [r for r in singles if r.name[0].text not in firms]
    for run in sorted(singles, key=lambda r: r.words[0].start):
        _place_single(text, people, run, tokens, registry, year)
    for person in people:
        person.mentions.sort(key=lambda m: m.start)
    return sorted(people, key=lambda p: p.first)


def _heads_source(text: str, run: Run, tokens: list[Word], sources: frozenset[int]) -> bool:
    """Whether a source begins with the run, or with a title that goes on to it: "Secretary of State Ann Clay"."""
    if run.words[0].start in sources:
        return True
    begins = next((w for w in reversed(tokens[max(0, run.first - 8) : run.first]) if w.start in sources), None)
    before = text[begins.start : run.words[0].start] if begins is not None else ""
    return (
        begins is not None
        and begins.lower in ROLES
        and re.fullmatch(r"\S+(?:\s(?:of|for|the|and|[A-Z]\w+))+\s", before) is not None
    )


def _like_words(people: list[Person], tokens: list[Word], sources: frozenset[int]) -> list[Run]:
    """Surnames that are also common words, where they stand for the person: "May said", "Mr. Young"."""
    found = []
    surnames = {p.surname for p in people if p.surname in NOT_NAMES}
    for index, word in enumerate(tokens):
        if surnames and word.lower in surnames and word.text.istitle():
            following = tokens[index + 1].lower if index + 1 < len(tokens) else ""
            before = tokens[index - 1] if index else None
            alone = before is None or not before.capital or before.lower in HONORIFICS
            if alone and (
                word.start in sources
                or following in PERSON_VERBS
                or (before is not None and before.lower in HONORIFICS)
            ):
                found.append(Run((word,), 0, index))
    return found


def may_be_person(run: Run) -> bool:
    """Whether a run of capitals can be somebody's name; it may still name a place or a thing."""
    lower = [w.lower for w in run.name]
    if all(w.text.isupper() and len(w.text) > 2 for w in run.name) and run.name[0].start < 60 and not titled(run):
        return False
    if any(w in ORG_WORDS for w in lower) or len(lower) > 6:
        return False
    if all(w in NOT_NAMES for w in lower):
        return False
    text = "".join(w.text for w in run.name)
    return not (len(run.name) == 1 and text.isupper() and len(text) < 6 and not titled(run)) and any(
        c.isalpha() for c in text
    )


def titled(run: Run, tokens: list[Word] | None = None) -> bool:
    """Whether a role or honorific stands before the name, also one that goes on with "of": "Minister of Trade Lund"."""
    if tokens and run.titles and run.first and tokens[run.first - 1].lower == "of":
        linked = takewhile(lambda w: w.capital or w.lower in ("of", "the", "for"), reversed(tokens[: run.first]))
        if any(w.lower in ROLES for w in islice(linked, 8)):
            return True
    return any(w.lower in ROLES or w.lower in HONORIFICS for w in run.titles)


def _before(text: str, tokens: list[Word], run: Run) -> Word | None:
    """The word right before the run, in the same sentence."""
    if run.first == 0:
        return None
    word = tokens[run.first - 1]
    return word if text[word.end : run.words[0].start] in (" ", "\xa0", ", ", "") else None


def _person_like(text: str, run: Run, tokens: list[Word], registry: Registry, runs: list[Run]) -> bool:
    """Whether a run of two words and more names a person: titles, verbs of speech, appositions, later surname."""
    if titled(run, tokens) or registry.person(run.name_text(text)):
        return True
    if registry.organization(run.name_text(text)):
        return False
    if (plain(run.name[0].text) in given_names() and not run.titles) or any(
        "-" in w.text and w.text[0].islower() for w in run.name
    ):
        return True
    before = _before(text, tokens, run)
    if before is not None and not run.titles and before.lower in ("the", "in", "at", "near", "into", *BODY_KINDS):
        return False
    if before is not None and before.lower in ROLES:
        return True
    after = text[run.words[-1].end : run.words[-1].end + 40]
    if _body_follows(text, run):
        return False
    verb = re.match(r"\s(\w+)", after)
    if re.match(r"(?:['’]s)? ?(?:,|\(|who\b)", after) or (verb is not None and verb.group(1) in PERSON_VERBS):
        return True
    if re.match(r"\s(?:of|from|at)\s(?:the\s)?[A-Z]", after):
        return True
    surname = plain(run.name[-1].text)
    return any(len(r.name) == 1 and plain(r.name[0].text) == surname for r in runs) or (
        before is not None
        and (before.lower in PERSON_VERBS or before.lower in ("by", "from", "with", "to", "and", "when", "as", ","))
    )


def _body_follows(text: str, run: Run) -> bool:
    """Whether the run is the first half of a body's name: "Salm Trading and Investment Company"."""
    return _BODY_GOES_ON.match(text, run.words[-1].end) is not None


def _mention(run: Run) -> NameMention:
    return NameMention(
        run.name[0].start, run.name[-1].end, run.words[0].start,
        tuple(w.text for w in run.name if w.text != ","), run.possessive,
    )  # fmt: skip


def _join(text: str, people: list[Person], run: Run, registry: Registry) -> None:
    mention = _mention(run)
    for person in people:
        if compatible(mention.words, person.words):
            break
    else:
        person = Person(mention.words, text[mention.start : mention.end], known=registry.person(run.name_text(text)))
        people.append(person)
    _add(text, person, run, mention)


def _place_single(
    text: str, people: list[Person], run: Run, tokens: list[Word], registry: Registry, year: int | None
) -> None:
    """A name of one word: the person who has it as surname, else a person of its own where the text treats it so."""
    mention = _mention(run)
    fitting = [p for p in people if compatible(mention.words, p.words)]
    if titled(run):
        holder = registry.person_in_office(mention.words[0], year)
        titles = {w.lower for w in run.titles}
        if holder is not None and any(titles >= set(role.title.lower().split()) for role in holder.roles):
            same = [p for p in fitting if compatible(p.words, holder.name.split())]
            if fitting and not same:
                people.append(Person(mention.words, text[mention.start : mention.end], known=holder))
                same = people[-1:]
            fitting = same or fitting
    if fitting:
        _add(text, _nearest(fitting, mention, run), run, mention)
    elif misspelt := [p for p in people if len(mention.words[0]) > 4 and _alike(mention.words[0], p.surname)]:
        _add(text, misspelt[0], run, mention)
    elif registry.metonym(mention.words[0]) is None and (titled(run, tokens) or _acts(text, run, tokens)):
        person = Person(mention.words, text[mention.start : mention.end])
        people.append(person)
        _add(text, person, run, mention)


def _alike(word: str, surname: str) -> bool:
    return word[0].lower() == surname[0] and fuzz.ratio(plain(word), surname) >= 85


def _acts(text: str, run: Run, tokens: list[Word]) -> bool:
    after = re.match(r"\s(\w+)", text[run.words[-1].end : run.words[-1].end + 30])
    before = _before(text, tokens, run)
    if before is not None and before.lower in ("the", "in", "at"):
        return False
    return bool(
        after and after.group(1) in PERSON_VERBS and after.group(1) not in ("is", "was", "has", "had", "will", "would")
    )


def _nearest(fitting: list[Person], mention: NameMention, run: Run) -> Person:
    """Of two with the same surname the one whose title and gender fit, then the one named last before.

    Surnames go before other words of the name.
    """
    words = {w.lower for w in run.titles}
    gender = "f" * bool(words & FEMALE) or "m" * bool(words & MALE)

    def rank(person: Person) -> tuple[bool, bool, bool, int]:
        last = core_words(person.words)[-1] == plain(mention.words[0])
        before = [m.start for m in person.mentions if m.start < mention.start]
        own = given_name_gender(person.words)
        return (
            bool(words & ROLES & person.titles),
            not gender or own in (gender, ""),
            last or len(fitting) == 1,
            max(before, default=-min(m.start for m in person.mentions)),
        )

    return fitting[0] if len(fitting) == 1 else max(fitting, key=rank)


def _add(text: str, person: Person, run: Run, mention: NameMention) -> None:
    person.mentions.append(mention)
    person.titles |= {w.lower for w in run.titles}
    if len(core_words(mention.words)) > len(core_words(person.words)):
        person.words, person.name = mention.words, text[mention.start : mention.end]
    for word in run.titles:
        if word.lower in MALE:
            person.genders["m"] += 2
        elif word.lower in FEMALE:
            person.genders["f"] += 2
