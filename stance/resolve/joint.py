"""Several speakers behind one phrase: "both sides", "the two leaders", "British and Swedish officials"."""

from __future__ import annotations

import math
import re
from collections import defaultdict

from stance.resolve import countries as geo
from stance.resolve.countries import CountryMention
from stance.resolve.holders import head_of, held_titles, holds
from stance.resolve.memory import Memory
from stance.resolve.people import Person
from stance.resolve.phrase import Phrase
from stance.resolve.roles import LEADERS
from stance.resolve.scene import BLOCS, Scene
from stance.resolve.speakers import country, unnamed
from stance.resolve.speakers import person as as_speaker
from stance.resolve.words import COUNTRY_NOUNS, DETERMINERS, PLURAL_COUNTRIES, PLURAL_PERSONS
from stance.types import Speaker

_OF_BOTH = re.compile(r"\sof (?:the two|both|the) (?:countries|nations|states|sides)\b")
_SIZES = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_BARE_PERSONS = frozenset("leaders presidents two pair principals participants heads interlocutors".split())
_LESSER = frozenset(
    "deputy assistant adviser advisor aide spokesman spokeswoman spokesperson former opposition party "
    "majority minority senate house congress".split()
)
_READOUT = frozenset("leaders officials participants principals advisors presidents counterparts ministers".split())
_LISTED = re.compile(r"\s(?:of|from|for)\s(?:the\s)?")
_MEETING = re.compile(r"\b(?:met|meets|meeting|talks|received|hosted|visited|counterpart|negotiat\w+)\b")
_SYNONYMS = frozenset("officer lawmaker expert analyst scholar general".split())
_COMMON = frozenset("ministers diplomats officials envoys".split())


def several(scene: Scene, memory: Memory, part: Phrase) -> list[Speaker]:
    """The members whom a plural phrase stands for; empty where it is no such phrase."""
    found = _two_adjectives(scene, part) or _of_countries(scene, part)
    if found or scene.geo_in(part.start, part.end):
        return found
    head = part.head.lower
    size = _SIZES.get(part.number, 0) or 2 * bool(_OF_BOTH.match(scene.text, part.head.end))
    if head in ("leaders", "ministers") and not size and not part.definite and _of_bloc(scene, part.start):
        return []
    if scene.voice and head in _READOUT and (part.definite or len(part.words) == 1):
        return [as_speaker(p, "joint", 0.6) for p in met(scene, memory, part.start, size, "")]
    if not (part.definite or size or head in ("participants", "parties", "sides")):
        return []
    counted = head in ("sides", "parties") or size or _earlier_countries(memory, 0)
    if head in PLURAL_COUNTRIES and _plain_plural(part) and counted:
        return both_sides(scene, memory, part.start, size)
    return [as_speaker(p, "joint", 0.7) for p in _persons(scene, memory, part, size)]


def _of_bloc(scene: Scene, at: int) -> bool:
    """Whether the sentence has named a bloc whose leaders are many: "at the G7 summit, | leaders"."""
    opening = scene.sentence_span(at).start
    return any(body.known is not None and body.known.id in BLOCS for body in scene.known_in(opening, at))


def _persons(scene: Scene, memory: Memory, part: Phrase, size: int) -> list[Person]:
    """The persons of "the two leaders", "the ministers", "both"; none where a bloc's many are meant."""
    head = part.head.lower
    if head in ("leaders", "ministers", "presidents") and not size and scene.bloc_near(part.start):
        return []
    if head in PLURAL_PERSONS and (head in _BARE_PERSONS or ((part.definite or part.number == "both") and size)):
        return met(scene, memory, part.start, size, PLURAL_PERSONS[head], guess=bool(size or scene.voice))
    if head in _COMMON and part.definite and len(part.words) <= 2:
        role, named = PLURAL_PERSONS[head], (p for p in scene.people if p.first < part.start)
        those = [p for p in named if any(role in words for words in held_titles(p, scene.year))]
        return those if len(those) == 2 else []
    return met(scene, memory, part.start, 2, PLURAL_PERSONS.get(head, "")) if head in ("both", "two") else []


def _of_countries(scene: Scene, part: Phrase) -> list[Speaker]:
    """The persons whom "the leaders of Russia and the United States" means, where the article names them all."""
    role = PLURAL_PERSONS.get(part.head.lower, "")
    places = [m for m in scene.geo_in(part.head.end, part.end) if m.how == "name"]
    if len(places) < 2 or not _LISTED.fullmatch(scene.text[part.head.end : places[0].start]):
        return []
    if not role or not all(_leaders_of(scene, place.country, role) for place in places):
        return _groups(scene, part, places)
    found = []
    for place in places:
        theirs = _leaders_of(scene, place.country, role)
        if not theirs:
            return []
        found.append(as_speaker(theirs[0], "joint", 0.7))
    return found


def _groups(scene: Scene, part: Phrase, places: list[CountryMention]) -> list[Speaker]:
    """As in "observers from Peru and Chile": a group from each."""
    if not part.head.lower.endswith("s") or part.definite:
        return []
    found = []
    for place in places:
        full = f"{scene.text[part.start : part.head.end]} from {place.country}"
        found.append(unnamed(full, full, "", place.country, group=True, how="joint"))
    return found


def _leaders_of(scene: Scene, country_name: str, role: str) -> list[Person]:
    """The article's persons who hold such an office of a country."""
    return [p for p in scene.people if p.country == country_name and role and _leader(scene, p, role)]


def _plain_plural(part: Phrase) -> bool:
    """Whether nothing but articles and numbers stands before the head: "the two countries", not "the Baltic states"."""
    return all(w.lower in DETERMINERS or w.lower in _SIZES for w in part.before_head)


def _earlier_countries(memory: Memory, size: int) -> tuple[Speaker, ...]:
    return memory.joint(lambda s: s.kind == "country" or s.name == s.affiliation, size)


def _two_adjectives(scene: Scene, part: Phrase) -> list[Speaker]:
    """As in "The British and Swedish governments", "South Korean and U.S. officials"."""
    places = [(m.start, m.end, m.text, m.country) for m in scene.geo_in(part.start, part.head.start)]
    places += [
        (b.start, b.end, b.name, b.known.affiliation) for b in scene.known_in(part.start, part.head.start) if b.known
    ]
    places.sort()
    if len(places) == 1 and part.head.lower.endswith("s"):
        return _with_others(scene, part, places[0])
    if len(places) < 2 or not part.head.lower.endswith("s"):
        return []
    between = scene.text[places[-2][1] : places[-1][0]].strip(" ,")
    if between not in ("and", "&") or places[-1][3] == places[-2][3]:
        return []
    persons = [
        p for _, _, _, name in places for p in _leaders_of(scene, name, PLURAL_PERSONS.get(part.head.lower, ""))[:1]
    ]
    if (
        len(persons) == len(places)
        and part.head.lower in PLURAL_PERSONS
        and part.head.lower not in ("officials", "envoys")
    ):
        return [as_speaker(p, "joint", 0.7) for p in persons]
    noun = scene.text[places[-1][1] : part.head.end].strip()
    singular = part.head.lower.removesuffix("s")
    found = []
    for _, _, text, name in places:
        if singular in COUNTRY_NOUNS or part.head.lower in PLURAL_COUNTRIES:
            found.append(country(scene.registry, name, "joint", 0.85))
        else:
            full = f"{text} {noun}"
            found.append(unnamed(full, full, "", name, group=True, how="joint"))
    return found


def _with_others(scene: Scene, part: Phrase, place: tuple[int, int, str, str]) -> list[Speaker]:
    """As in "Norwegian and local observers"."""
    _, end, text, country_name = place
    others = re.match(r" and ([a-z][a-z -]*)\s$", scene.text[end : part.head.start])
    if others is None or text not in geo.adjectives():
        return []
    first, second = (f"{kind} {part.head.text}" for kind in (text, others.group(1)))
    return [
        unnamed(first, first, "", country_name, group=True, how="joint"),
        unnamed(second, second, "", "", group=True, how="joint"),
    ]


def _just_met(scene: Scene, at: int) -> list[str]:
    """The two countries whose persons met by the sentence before: "Peru's envoy met his Chilean counterpart"."""
    before = scene.sentence(at) - 1
    if before < 0:
        return []
    span = scene.sentences[before]
    if not _MEETING.search(scene.text, span.start, span.end):
        return []
    named = [(m.start, p.country) for p in scene.people for m in p.mentions if span.start <= m.start < span.end]
    found = list(dict.fromkeys(name for _, name in sorted(named)))
    return found if len(found) == 2 and all(found) else []


def _counterpart(scene: Scene, at: int) -> Person | None:
    """The counterpart whom the sentence mentions and the article names a little later."""
    sentence = scene.sentence_span(at)
    match = re.search(r"\b(?:his|her|their) ([A-Z][\w. ]*?) (?:[a-z]+ )?counterpart\b", scene.text[sentence.start : at])
    places = geo.mentions(match.group(1)) if match else []
    later = [p for p in scene.people if p.first >= at and scene.sentence(p.first) - scene.sentence(at) <= 3]
    return next((p for p in later if places and p.country in (places[0].country, "")), None)


def both_sides(scene: Scene, memory: Memory, at: int, size: int) -> list[Speaker]:
    """The countries (two unless the phrase says more) that the text before is about."""
    just = _just_met(scene, at) if size in (0, 2) else []
    if just and not scene.voice:
        return [country(scene.registry, name, "side", 0.7) for name in just]
    earlier = _earlier_countries(memory, size)
    if earlier:
        return list(earlier)
    weights: dict[str, float] = defaultdict(float)
    first: dict[str, int] = {}
    here = scene.sentence(at)
    for mention in scene.geo:
        ahead = scene.sentence(mention.start) > here
        distance = abs(here - scene.sentence(mention.start))
        weights[mention.country] += 0.02 if ahead else 0.25 + math.exp(-distance / 2)
        first.setdefault(mention.country, mention.start)
    for mention in geo.mentions(scene.title):
        weights[mention.country] += 1.5
        first.setdefault(mention.country, mention.start)
    for body in scene.known:
        if body.known is not None and body.known.affiliation == body.known.name and body.start < at:
            weights[body.known.name] += 0.25 + math.exp(-(here - scene.sentence(body.start)) / 2)
            first.setdefault(body.known.name, body.start)
    if scene.voice:
        weights[scene.voice] += 9
        first[scene.voice] = -1
    for person in scene.people:
        if person.country and _leader(scene, person):
            guest = 4.0 if scene.voice and scene.sentence(person.first) <= 1 else 0.2
            weights[person.country] += 0.4 * sum(m.start < at for m in person.mentions) + guest
            first.setdefault(person.country, person.first)
    best = sorted(weights, key=lambda c: -weights[c])[: size or 2]
    return [country(scene.registry, c, "side", 0.7) for c in sorted(best, key=lambda c: first[c])]


def met(scene: Scene, memory: Memory, at: int, size: int, role: str, guess: bool = True) -> list[Person]:
    """Who met: an earlier joint source, else leaders named in one sentence, else (`guess`) the most named."""
    by_name = {p.name: p for p in scene.people}
    earlier = memory.joint(lambda s: s.kind == "person", size)
    if earlier and all(s.name in by_name for s in earlier):
        return [by_name[s.name] for s in earlier]
    leaders = [p for p in scene.people if p.first < at and _leader(scene, p, role)]
    for sentence in scene.sentences:
        if sentence.start > at:
            break
        together = [p for p in leaders if any(sentence.start <= m.start < min(sentence.end, at) for m in p.mentions)]
        if len(together) >= max(size, 2):
            if not size or len(together) == size:
                return together
            break
    if not guess:
        return []
    own = scene.voice and not any(p.country == scene.voice for p in scene.people if p.first < at)
    host = head_of(scene, scene.voice) if own else None
    leaders += [host] if host is not None and leaders else []
    if len(leaders) < 2:
        others = [p for p in scene.people if p.first < at and p not in leaders]
        leaders += sorted(others, key=lambda p: (-sum(m.start < at for m in p.mentions), p.first))[: 2 - len(leaders)]
    other = _counterpart(scene, at) if len(leaders) == 1 else None
    leaders += [other] if other is not None else []
    ranked = sorted(leaders, key=lambda p: -sum(m.start < at for m in p.mentions))[: size or 2]
    return sorted(ranked, key=lambda p: p.first)


def _leader(scene: Scene, person: Person, role: str = "") -> bool:
    held = held_titles(person, scene.year)
    if role and role not in ("leader", "president", "man", "woman"):
        return holds(person, role, scene.year) if role in _SYNONYMS else any(role in words for words in held)
    return any(
        {"prime", "minister"} <= words - {"former"} or (words & LEADERS and not words & _LESSER) for words in held
    )
