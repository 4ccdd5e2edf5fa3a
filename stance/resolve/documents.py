"""Documents as sources: they speak for their author where one is named, else for themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.resolve import countries as geo
from stance.resolve import speakers as make
from stance.resolve.anaphora import outlet
from stance.resolve.bodies import fuller
from stance.resolve.holders import in_office
from stance.resolve.joint import both_sides
from stance.resolve.members import members
from stance.resolve.memory import Past
from stance.resolve.phrase import Phrase, phrase
from stance.resolve.pronouns import pronoun
from stance.resolve.reading import Reading, bare, unnamed
from stance.resolve.words import BODIES, DOCUMENTS, MONTHS, NOT_NAMES, TITLES
from stance.types import Speaker

_BY = re.compile(
    r"\b(?:(?:issued|written|authored|prepared|released|signed|commissioned|drafted|conducted)\s)?by\s(?:the\s)?",
    re.IGNORECASE,
)
_OF = re.compile(r"\b(?:statement|declaration|communique|communiqué)\sof\s", re.IGNORECASE)
_SEEN = re.compile(
    r"\b(?:seen|obtained|carried|quoted|reported|viewed|reviewed|posted|cited|relayed|distributed)\b[\w\s-]*$"
)
_IN = re.compile(r"\s(?:[a-z]+ed\s(?:in|by|on|at)|in|of|from)\s")
_SIGNED = re.compile(
    r"\s(?:issued|signed|written|released|filed|sent|published|drafted|prepared|submitted)\s(?:by|from)\s"
)
_PLURAL_MEDIA = re.compile(r"\b(?:newspapers|papers|media|outlets|agencies|broadcasters|officials|researchers)\b")
_PRINTED = re.compile(r"\b(?:published|released|run|aired|broadcast)\b[\w\s-]*$")
_JOINED = ("-", "–", " and ", "/")
_MESSAGES = ("message", "letter", "telegram")
_ASSEMBLY = re.compile(r"Council|Assembly|Parliament|Senate|Congress|House")


def document(reading: Reading, part: Phrase) -> list[Speaker]:
    """The author of a document as a source; the document itself where none can be made out."""
    if part.determiner in ("his", "her", "its", "their"):
        owners = pronoun(reading.scene, reading.memory, part.determiner, part.start)
        if owners:
            return [replace(s, how="pronoun", score=min(s.score, 0.6)) for s in owners]
    found = _written_by(reading, part) or authors(reading, part.start, part.head.start) or _published(reading, part)
    if found:
        return found
    if "joint" in (w.lower for w in part.before_head):
        return both_sides(reading.scene, reading.memory, part.start, 2)
    if part.head.lower == "resolution":
        bodies = [b for b in reading.scene.known if b.known and _ASSEMBLY.search(b.name) and b.start < part.start]
        if bodies and bodies[-1].known:
            return [make.body(reading.scene.registry, bodies[-1].name, bodies[-1].known.affiliation, "metonym", 0.6)]
    return (_taken_up(reading, part) if part.definite else []) or [unnamed(reading, part)]


def _written_by(reading: Reading, part: Phrase) -> list[Speaker]:
    """As in "a report by Ann Clay", "a Foreign Ministry statement"; not "a paper seen by Reuters"."""
    author = _BY.search(part.text) or _OF.search(part.text)
    if author is not None and not _SEEN.search(part.text[: author.start()]):
        stretches = members(reading.scene, part.start + author.end(), part.end)
        written = [p for start, end in stretches if (p := phrase(reading.scene, start, end)) is not None]
        found = [s for p in written for s in reading.member(p)]
        printed = _PRINTED.search(part.text[: author.start()]) and all(outlet(s.name) for s in found)
        if found and not printed:
            return found
    owners = [w for w in part.before_head if w.possessive]
    if owners and not owners[-1].capital:  # "the group's report"; names are read by `authors`
        owner = phrase(reading.scene, part.start, owners[-1].end)
        found = reading.member(owner) if owner is not None else []
        if found and found[0].kind != "unnamed":
            return found
    before = part.words[part.head_at - 1] if part.head_at else None
    if before is None or before.lower not in BODIES - {"press", "news", "media", "court"} or before.start < part.start:
        return []
    dated = [w.lower in MONTHS or w.text[0].isdigit() for w in part.words[1 if part.determiner else 0 :]]
    first = next((i for i, date in enumerate(dated) if not date), 0) + bool(part.determiner)
    owner = phrase(reading.scene, part.words[first].start, before.end)
    return reading.member(owner) if owner is not None else []


def _published(reading: Reading, part: Phrase) -> list[Speaker]:
    """As in "an editorial in the China Daily", "a statement from Peru"; not "a study of Peruvian schools"."""
    link = _IN.match(part.text, part.head.end - part.start)
    if link is None or _SEEN.search(link.group().rsplit(None, 1)[0]):
        return []
    relayed = _SEEN.search(part.text, link.end())
    stop = part.start + (relayed.start() if relayed else len(part.text))
    found = authors(reading, part.start + link.end(), stop)
    plural = _PLURAL_MEDIA.search(reading.scene.text, part.start + link.end(), stop)
    issuer = phrase(reading.scene, part.start + link.end(), plural.end()) if plural else None
    if issuer is not None:
        return reading.member(issuer)
    if found and found[0].kind == "country":  # "a statement in Beijing", not "a study of diet in Peru"
        first = reading.scene.geo_in(part.start + link.end(), stop)
        found = found if first and first[0].start - part.start - link.end() <= 4 else []
    issuer = phrase(reading.scene, part.start + link.end(), stop) if not found and link.group() == " from " else None
    given = reading.member(issuer) if issuer is not None and issuer.definite else found
    return given if all(s.kind not in ("unnamed", "group") for s in given) else []


def _taken_up(reading: Reading, part: Phrase) -> list[Speaker]:
    """Whose "the report" is: a government's message, its author named somewhere, an earlier source, the last body."""
    scene, memory = reading.scene, reading.memory
    sender = in_office(scene, part) if part.head.lower in _MESSAGES else None
    if sender is not None:
        return [make.person(sender, "registry", 0.5)]
    found = _prepared(reading, part)
    if found:
        return _guess(found, 0.6)
    for past in memory.back():
        if part.head.lower in past.written.lower().split() or _issued(reading, past, part):
            return _guess(past.speakers, 0.6)
    found = _named_before(reading, part)
    if found:
        return _guess(found, 0.6)
    for past in memory.back():
        if past.speakers[0].kind in ("organization", "country") or _text(past.speakers[0]):
            return _guess(past.speakers, 0.5)
    return both_sides(scene, memory, part.start, 2) if scene.voice else []


def _prepared(reading: Reading, part: Phrase) -> list[Speaker]:
    """As in "The report was prepared by the U.N. team", anywhere in the article."""
    scene = reading.scene
    for match in re.finditer(rf"\b[Tt]he {re.escape(part.head.text)} (?:was|were|is|has been)\s", scene.text):
        by = _BY.search(scene.text, match.end(), scene.sentence_span(match.start()).end)
        if by is not None and by.group().strip().lower() != "by":
            return _clause(reading, by.end())
    return []


def _named_before(reading: Reading, part: Phrase) -> list[Speaker]:
    """The author beside the nearest earlier mention: "an Acme report", "an order signed by Ann Clay"."""
    scene = reading.scene
    pattern = re.compile(rf"\b{re.escape(part.head.text)}\b", re.IGNORECASE)
    for match in reversed(list(pattern.finditer(scene.text, 0, part.start))):
        window = scene.tokens_in(max(0, match.start() - 45), match.start())
        stops = (w.start for w in reversed(window) if w.lower in ("a", "the", "said", "in", ".", ","))
        named = [s for s in authors(reading, next(stops, match.start()), match.start()) if s.kind != "country"]
        signed = _SIGNED.match(scene.text, match.end())
        named = named or (_clause(reading, signed.end()) if signed else [])
        if named:
            return named
    return []


def _clause(reading: Reading, start: int) -> list[Speaker]:
    """Whom the words from an offset to the next mark mean."""
    stop = reading.scene.sentence_span(start).end
    end = next((i for i in range(start, stop) if reading.scene.text[i] in ",.;("), stop)
    named = phrase(reading.scene, start, end)
    return reading.member(named) if named is not None else []


def _text(speaker: Speaker) -> bool:
    return speaker.kind == "unnamed" and not speaker.role and any(w in DOCUMENTS for w in speaker.name.lower().split())


def _guess(speakers: Sequence[Speaker], score: float) -> list[Speaker]:
    return [replace(s, how="metonym", score=min(s.score, score)) for s in speakers]


def _issued(reading: Reading, past: Past, part: Phrase) -> bool:
    """Whether an earlier source spoke in such a document: "Acme said in a statement"."""
    sentence = reading.scene.sentence_span(past.at)
    noun = re.escape(part.head.text)
    own = r"(?:a|an|the|its|his|her|their)\s(?:[\w-]+\s){0,2}"
    pattern = rf"\b(?:in|by|issued|published|released)\s(?:{own}{noun}|(?:[\w-]+\s){{0,2}}{noun}s)\b"
    return re.search(pattern, reading.scene.text[sentence.start : sentence.end], re.IGNORECASE) is not None


def authors(reading: Reading, start: int, end: int) -> list[Speaker]:
    """The body, person or country that a stretch of text names as a document's author."""
    registry = reading.scene.registry
    for known in reading.scene.known_in(start, end):
        if known.known is not None:
            return [make.body(registry, known.name, known.known.affiliation, "metonym", 0.8)]
    for person in reading.scene.people:
        if any(start <= m.start and m.end <= end for m in person.mentions):
            return [make.person(person, "metonym", 0.7)]
    places = reading.scene.geo_in(start, end)
    if len(places) > 1 and reading.scene.text[places[0].end : places[1].start] in _JOINED:
        return [make.country(registry, place.country, "metonym", 0.7) for place in places[:2]]
    if places:
        return [make.country(registry, places[0].country, "metonym", 0.7)]
    return capitals_before(reading, start, end)


def capitals_before(reading: Reading, start: int, end: int) -> list[Speaker]:
    """The body whose unknown name stands before a document: "an Acme Research poll"."""
    tokens = [
        w for w in reading.scene.tokens_in(start, end) if w.capital and w.lower not in NOT_NAMES and w.start > start
    ]
    if not tokens or len(tokens[0].text) < 3 or tokens[0].lower in TITLES - BODIES:
        return []
    name = reading.scene.text[tokens[0].start : tokens[-1].end]
    longer = fuller(name, reading.scene.bodies, start) or name
    places = geo.mentions(longer)
    return [make.body(reading.scene.registry, bare(longer), places[0].country if places else "", "metonym", 0.6)]
