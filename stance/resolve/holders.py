"""Whom a title means: "the foreign minister", "the Russian leader", "the head of state"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.resolve.headline import NOWHERE
from stance.resolve.memory import Memory
from stance.resolve.people import NameMention, Person, core_words
from stance.resolve.phrase import Phrase
from stance.resolve.roles import LEADERS, OFFICES, role_words
from stance.resolve.scene import Scene
from stance.resolve.things import neuter
from stance.resolve.words import ROLES, TITLES

_SPOKES = frozenset("spokesman spokeswoman spokesperson".split())
_LAWMAKERS = frozenset("congressman congresswoman lawmaker rep representative sen senator".split())
_SAME = {
    "leader": LEADERS | frozenset("chief head".split()),
    "head": LEADERS | frozenset("chief director".split()),
    "chief": frozenset(
        "administrator chairman commander commissioner director general head representative secretary "
        "secretary-general".split()
    ),
    "boss": frozenset("ceo chief director head".split()),
    "spokesman": _SPOKES,
    "spokeswoman": _SPOKES,
    "spokesperson": _SPOKES,
    "diplomat": frozenset("ambassador commissioner counselor envoy minister representative secretary".split()),
    "envoy": frozenset("ambassador negotiator representative".split()),
    "ambassador": frozenset("envoy representative".split()),
    "politician": OFFICES,
    "lawmaker": frozenset("congressman congresswoman legislator member mp representative senator".split()),
    "democrat": _LAWMAKERS,
    "republican": _LAWMAKERS,
    "premier": frozenset("minister".split()),
    "pm": frozenset("minister premier".split()),
    "secretary-general": frozenset("general secretary".split()),
    "general": frozenset("commander gen lt".split()),
    "judge": frozenset("justice".split()),
    "adviser": frozenset("advisor aide".split()),
    "advisor": frozenset("adviser aide".split()),
    "aide": frozenset("adviser advisor".split()),
    "mogul": frozenset("businessman".split()),
    "tycoon": frozenset("businessman".split()),
    "representative": frozenset("ambassador envoy".split()),
    "official": OFFICES,
    "candidate": frozenset("nominee".split()),
    "nominee": frozenset("candidate".split()),
    "expert": frozenset("analyst fellow professor researcher scholar".split()),
    "analyst": frozenset("expert fellow professor researcher".split()),
    "commander": frozenset("admiral gen general".split()),
    "chairman": frozenset("chair head".split()),
    "scholar": frozenset("expert professor researcher".split()),
    "senator": frozenset("sen".split()),
    "governor": frozenset("gov".split()),
    "congressman": frozenset("rep representative".split()),
    "professor": frozenset("prof".split()),
    "officer": frozenset(
        "captain colonel commander general lieutenant major sergeant gen col maj lt brigadier".split()
    ),
    "lawyer": frozenset("attorney counsel solicitor barrister".split()),
    "attorney": frozenset("lawyer counsel prosecutor".split()),
}
"""Heads of phrases to heads of titles that can mean the same office."""

_SPELLING = {"defence": "defense", "foreign": "foreign", "labour": "labor", "advisor": "adviser"}
_LINK = re.compile(r"\s(?:of|for|to|at|on|in|with)\s")
_TELLING = frozenset(
    "former ex vice deputy prime foreign defense interior finance trade acting assistant press justice economic energy "
    "health crown attorney national security supreme commerce treasury".split()
)
_LOOSE = frozenset("then senior top high first general state new current outgoing military".split())


def holder(scene: Scene, memory: Memory, part: Phrase, taken: Sequence[str] = ()) -> tuple[Person, float] | None:
    """The person of the article whom a title means by role, country and nearness, with a score from 0 to 1.

    `taken` are the names of persons that the same source means already ("the Vice President and the President").
    """
    end = _modifiers_end(part)
    places = {m.country for m in scene.geo_in(part.start, end)}
    places |= {b.known.affiliation for b in scene.known_in(part.start, end) if b.known}
    if part.lower.startswith("its "):
        places |= {owner.affiliation for owner in neuter(scene, memory, part.start)[:1]}
    best: tuple[float, Person] | None = None
    for person in scene.people:
        score = 0.0 if person.name in taken else _fit(scene, memory, person, part, places, bool(taken))
        if score > 0.85 and (best is None or score > best[0]):
            best = (score, person)
    return (best[1], min(best[0] / 2.5, 0.95)) if best else None


def _modifiers_end(part: Phrase) -> int:
    """Where the words end that say whose title it is: "the president of Peru | who met the Chinese premier"."""
    rest = part.text[part.head.end - part.start :]
    match = re.match(r"\s(?:of|for|to|at)\s[^,]*?(?=,|\swho\b|\s\w+ing\b|$)", rest)
    return part.head.end + (match.end() if match else 0)


def _fit(scene: Scene, memory: Memory, person: Person, part: Phrase, places: set[str], second: bool) -> float:
    head, modifiers = _wanted(part)
    score = max((_role_fit(head, modifiers, h, a) for h, a in _held(person, scene.year)), default=0.0)
    if score <= 0:
        return 0.0
    if places:
        score += 0.6 if person.country in places else -1.0
    elif scene.voice:
        score += (0.4 if person.country == scene.voice else -0.2) * (-1 if second else 1)
    before = [m.start for m in person.mentions if m.start < part.start]
    if not before:
        return score - (0.1 if scene.sentence(part.start) <= 1 else 0.45)
    score += 0.6 / (1 + scene.sentence(part.start) - scene.sentence(before[-1]))
    score += 0.05 * min(len(before), 6)
    if memory.last is not None and any(s.name == person.name for s in memory.last.speakers):
        score += 0.25
    return score


def holds(person: Person, role: str, year: int | None) -> bool:
    """Whether a person has a title of such a noun, or of one that can mean the same office."""
    wanted = {role} | _SAME.get(role, frozenset())
    return any(wanted & heads for heads, _ in _held(person, year))


def held_titles(person: Person, year: int | None) -> list[set[str]]:
    """The words of each title a person has in the article, and of the offices that the registry gives him then."""
    return [every for _, every in _held(person, year)]


def _held(person: Person, year: int | None) -> list[tuple[set[str], set[str]]]:
    """For each title the words that it is headed by, and all its words: "aide" of "aide to the president"."""
    found = [role for _, role in person.roles]
    if person.known is not None:
        found += [r.title for r in person.known.roles if year is None or r.first <= year <= (r.last or 9999)]
    return [(_spelt(_LINK.split(role)[0]), _spelt(role)) for role in found]


def _spelt(role: str) -> set[str]:
    words = {_SPELLING.get(w, w) for w in role_words(role)}
    return words | {"secretary-general"} if {"secretary", "general"} <= words else words


def _wanted(part: Phrase) -> tuple[str, set[str]]:
    words = [_SPELLING.get(w.lower, w.lower) for w in part.words[: part.head_at + 1]]
    head = words[-1]
    if head == "general" and "secretary" in words:
        head, words = "secretary-general", [*words[:-2], "secretary-general"]
    if head == "head" and part.lower.find("head of state") >= 0:
        head = "leader"
    if head == "head" and ("head of government" in part.lower or "head of the government" in part.lower):
        return "minister", {"prime"}
    return head, {w for w in words[:-1] if w in TITLES}


def _role_fit(head: str, modifiers: set[str], heads: set[str], held: set[str]) -> float:
    if head in heads:
        score = 1.0
    elif head in ("leader", "premier", "pm") and {"prime", "minister"} <= heads:
        score, held = 0.9, held - {"prime"}
    elif heads & _SAME.get(head, frozenset()):
        score = 0.45 if head == "official" else 0.75
    else:
        return 0.0
    for modifier in modifiers:
        if modifier in held:
            score += 0.3
        elif modifier in _TELLING:
            score -= 0.8 if modifier in ("acting", "former", "ex") else 0.5
        elif modifier not in _LOOSE:
            score -= 0.1
    extra = {w for w in heads & {"vice", "deputy", "assistant", "former", "press", "prime"} if w not in modifiers}
    if head == "minister" or head not in held:
        extra -= {"prime"}
    return score - 0.35 * len(extra)


def in_office(scene: Scene, part: Phrase) -> Person | None:
    """Whom a government's own outlet means by "the President" without ever naming him: the registry's office holder."""
    head, modifiers = _wanted(part)
    places = {m.country for m in scene.geo_in(part.start, part.end)} or {scene.voice}
    if (
        scene.year is None
        or not scene.voice
        or scene.voice not in places
        or "vice" in modifiers
        or head not in ("president", "leader", *_MESSAGES)
    ):
        return None
    return head_of(scene, scene.voice)


def head_of(scene: Scene, country: str) -> Person | None:
    """The president of a country in the article's year, by the registry: as the article names him, or by himself."""
    for known in scene.registry.people if scene.year is not None else ():
        held = [r for r in known.roles if r.title == "President" and r.first <= (scene.year or 0) <= (r.last or 9999)]
        if known.affiliation == country and held:
            named = next((p for p in scene.people if p.known is known), None)
            mention = NameMention(NOWHERE, NOWHERE, NOWHERE, tuple(known.name.split()), False)
            return named or Person(mention.words, known.name, [mention], known=known, country=known.affiliation)
    return None


_MESSAGES = ("message", "letter", "telegram")


def just_named(scene: Scene, part: Phrase) -> Person | None:
    """The person without a title who was named just before: "Ann Clay announced aid. The minister said"."""
    here = scene.sentence(part.start)
    places = {m.country for m in scene.geo_in(part.start, part.head.end)}
    best: tuple[int, Person] | None = None
    for person in scene.people:
        if places and person.country not in (*places, ""):
            continue
        if any(w.isupper() and len(w) > 2 for w in person.words) or len(person.words) < 2:
            continue
        if person.roles or (person.known is not None and scene.year is not None and person.known.in_office(scene.year)):
            continue
        before = [m for m in person.mentions if m.start < part.start and here - scene.sentence(m.start) <= 2]
        if before and (best is None or before[-1].start > best[0]):
            best = (before[-1].start, person)
    return best[1] if best else _named_next(scene, part)


def _named_next(scene: Scene, part: Phrase) -> Person | None:
    """The person without a title who speaks in the next sentence: "The aid chief warned. Ann Clay said"."""
    here = scene.sentence(part.start)
    places = {m.country for m in scene.geo_in(part.start, part.head.end)}
    for person in scene.people:
        if places and person.country not in (*places, ""):
            continue
        if part.end <= person.first and 0 < scene.sentence(person.first) - here <= 2 and not person.roles:
            if len(person.words) > 1 and person.mentions[0].title_start in scene.sources:
                return person
    return None


def relative(scene: Scene, part: Phrase) -> Person | None:
    """Whom "Kim's sister" means: another person of that surname, or one whose title says so."""
    inside = [p for p in scene.people if any(part.start <= m.start and m.end <= part.end for m in p.mentions)]
    for person in scene.people:
        if person in inside:
            continue
        if any(core_words(person.words)[0] == core_words(p.words)[0] or person.surname == p.surname for p in inside):
            return person
        if any(part.head.lower in role_words(role) for _, role in person.roles):
            return person
    return None


RELATIVES = frozenset(
    "wife husband son daughter sister brother father mother widow uncle aunt cousin son-in-law".split()
)


def introduced_later(scene: Scene, part: Phrase) -> Person | None:
    """The person whom "a Chinese businessman" of the lead turns out to be a few sentences on."""
    at = scene.sentence(part.start)
    lead = at <= 2
    head, modifiers = _wanted(part)
    if head in _PLAIN or _ANONYMOUS.search(scene.text, part.start, scene.sentence_span(part.start).end):
        return None
    places = {m.country for m in scene.geo_in(part.start, _modifiers_end(part))}
    for person in sorted(scene.people, key=lambda p: p.first):
        if not 0 < scene.sentence(person.first) - at <= (5 if lead else 2) or person.first < part.end:
            continue
        speaks = any(source.start <= person.first < source.end for source, _ in scene.said)
        fits = max((_role_fit(head, modifiers, h, a) for h, a in _held(person, scene.year)), default=0.0)
        if head == "official" and not places:
            continue
        if fits >= _least(part, head, at, speaks) and (not places or person.country in places):
            return person
    return None


def _least(part: Phrase, head: str, at: int, speaks: bool) -> float:
    """How well an office must fit for the person to be meant: less in a lead and for somebody who speaks."""
    if at <= 1 and speaks:
        return 0.4 if head == "official" or part.definite else 0.7
    return 0.9 if part.definite or at <= 2 else 1.2


_ANONYMOUS = re.compile(r"\b(?:anonym|declined to be|not to be (?:named|identified)|not authori[sz]ed)")
_PLAIN = frozenset(ROLES & {"source", "witness", "resident", "diplomat", "man", "woman"})
