"""Documents as sources: they speak for their author where one is named, else for themselves."""

from __future__ import annotations

import re
from dataclasses import replace

from stance.resolve import speakers as make
from stance.resolve.bodies import fuller
from stance.resolve.holders import in_office
from stance.resolve.joint import both_sides
from stance.resolve.phrase import Phrase, phrase
from stance.resolve.reading import Reading, unnamed
from stance.resolve.words import BODIES, NOT_NAMES, TITLES
from stance.types import Speaker

_BY = re.compile(
    r"\b(?:(?:issued|written|authored|prepared|released|signed|commissioned|drafted|conducted)\s)?by\s(?:the\s)?",
    re.IGNORECASE,
)
_SEEN = re.compile(r"\b(?:seen|obtained|carried|quoted|reported|viewed|reviewed|posted|cited)\s*$")
_ASSEMBLY = re.compile(r"Council|Assembly|Parliament|Senate|Congress|House")


def document(reading: Reading, part: Phrase) -> list[Speaker]:
    """A document speaks for its author where one is named, else for itself."""
    author = _BY.search(part.text)
    seen = author is not None and _SEEN.search(part.text[: author.start()])
    written = phrase(reading.scene, part.start + author.end(), part.end) if author and not seen else None
    if written is not None and written.head_at < len(written.words):
        return reading.member(written)
    before = part.words[part.head_at - 1] if part.head_at else None
    if (
        before is not None
        and before.lower in BODIES - {"press", "news", "media", "court"}
        and before.start > part.start
    ):
        owner = phrase(reading.scene, part.words[1 if part.determiner else 0].start, before.end)
        if owner is not None:
            return reading.member(owner)
    named = authors(reading, part.start, part.end)
    if named:
        return named
    if part.head.lower == "resolution":
        bodies = [b for b in reading.scene.known if b.known and _ASSEMBLY.search(b.name) and b.start < part.start]
        if bodies and bodies[-1].known:
            return [make.body(reading.scene.registry, bodies[-1].name, bodies[-1].known.affiliation, "context", 0.6)]
    if not part.definite:
        return [unnamed(reading, part)]
    sender = in_office(reading.scene, part) if part.head.lower in ("message", "letter", "telegram") else None
    if sender is not None:
        return [make.person(sender, "context", 0.5)]
    for past in reading.memory.back():
        if part.head.lower in past.written.lower().split():
            return [replace(s, how="context", score=0.6) for s in past.speakers]
    for match in reversed(
        list(re.finditer(rf"\b{re.escape(part.head.text)}\b", reading.scene.text[: part.start], re.IGNORECASE))
    ):
        window = reading.scene.tokens_in(max(0, match.start() - 45), match.start())
        start = next(
            (w.start for w in reversed(window) if w.lower in ("a", "the", "said", "in", ".", ",")), match.start()
        )
        named = [s for s in authors(reading, start, match.start()) if s.kind != "country"]
        if named:
            return [replace(s, how="context", score=0.6) for s in named]
    for past in reading.memory.back():
        if past.speakers[0].kind in ("organization", "country", "unnamed"):
            return [replace(s, how="context", score=0.5) for s in past.speakers]
    return both_sides(reading.scene, reading.memory, part.start, 2) if reading.scene.voice else [unnamed(reading, part)]


def authors(reading: Reading, start: int, end: int) -> list[Speaker]:
    """The body, person or country that a stretch of text names as a document's author."""
    registry = reading.scene.registry
    for known in reading.scene.known_in(start, end):
        if known.known is not None:
            return [make.body(registry, known.name, known.known.affiliation, "metonym", 0.8)]
    for person in reading.scene.people:
        if any(start <= m.start and m.end <= end for m in person.mentions):
            return [make.person(person, "metonym", 0.7)]
    places = reading.scene.geo_in(start, end)[:1]
    if places:
        return [make.country(registry, places[0].country, "metonym", 0.7)]
    return capitals_before(reading, start, end)


def capitals_before(reading: Reading, start: int, end: int) -> list[Speaker]:
    """The body whose unknown name stands before a document: "an Acme Research poll"."""
    tokens = [
        w for w in reading.scene.tokens_in(start, end) if w.capital and w.lower not in NOT_NAMES and w.start > start
    ]
    if not tokens or len(tokens[0].text) < 3 or tokens[0].lower in TITLES:
        return []
    name = reading.scene.text[tokens[0].start : tokens[-1].end]
    return [make.body(reading.scene.registry, fuller(name, reading.scene.bodies, start) or name, "", "metonym", 0.6)]
