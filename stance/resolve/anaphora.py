"""Which body "the group", "the lender", "the Britain-based monitor" takes up: the last named of its kind."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from stance.resolve import countries as geo
from stance.resolve import speakers as make
from stance.resolve.bodies import Body, fuller
from stance.resolve.phrase import Phrase
from stance.resolve.reading import Reading, bare
from stance.resolve.registry import plain
from stance.resolve.scene import BLOCS
from stance.types import Speaker


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NEWS = _set(
    "agency newspaper paper daily tabloid magazine weekly website site channel broadcaster network television outlet "
    "publication station portal"
)
_FIRM = _set(
    "company firm corporation lender bank platform retailer carrier airline automaker carmaker manufacturer maker "
    "operator giant conglomerate startup insurer developer supplier utility consultancy brokerage exchange"
)
_MOVEMENT = _set(
    "group organization organisation movement militia militants rebels insurgents faction network outfit party front"
)
_CIVIL = _set(
    "group organization organisation charity watchdog monitor observatory lobby association federation foundation "
    "union club society nonprofit institute institution centre center thinktank think-tank tank panel team regulator"
)
_BLOC = _set("bloc alliance union grouping organization organisation group coalition")
_AGENCY = _set("agency bureau service office regulator watchdog administration authority department")
_STATE = re.compile(
    r"\b(?:ministry|department|parliament|senate|congress|house|assembly|duma|court|army|navy|military|force|forces|"
    r"police|government|council of ministers|embassy|command|treasury|cabinet|politburo|office|white house|pentagon)\b"
)
_OUTLET = re.compile(
    r"\b(?:news|times|post|journal|daily|press|tv|television|radio|media|magazine|gazette|herald|tribune|guardian|"
    r"telegraph|today|reuters|xinhua|tass|kcna|bbc|cnn|cbs|abc|nbc|afp|irna|bernama|interfax|ria|wire|channel|website|"
    r"globe|mail|weekly|yonhap|kyodo|anadolu|aljazeera|al jazeera|politico|axios|spiegel|bloomberg|dpa|sana|wam|cgtn)\b"
)
_AGENCY_NAME = re.compile(
    r"\b(?:agency|service|bureau|administration|authority|fbi|cia|nsa|iaea|nasa|unhcr|unrwa|who)\b"
)
_FIRM_NAME = re.compile(r"\b(?:inc|corp|co|ltd|llc|plc|company|holdings|airlines|motors|bank|technologies|capital)\b")
_WORLD = re.compile(r"\b(?:nations|union|nato|g7|g20|brics|asean|league|organi[sz]ation|community|alliance|group of)\b")

GENERIC = NEWS | _FIRM | _MOVEMENT | _CIVIL | _BLOC | _AGENCY


def outlet(name: str) -> bool:
    """Whether a body is a news outlet, going by its name."""
    return _OUTLET.search(plain(name)) is not None


@dataclass(frozen=True, slots=True)
class _Candidate:
    speaker: Speaker
    start: int
    spoke: bool


def body_again(reading: Reading, part: Phrase) -> Speaker | None:
    """The body that a definite description takes up; None where the article named none of that kind before."""
    best: tuple[float, Speaker] | None = None
    scene, here = reading.scene, reading.scene.sentence(part.start)
    places = {m.country for m in scene.geo_in(part.start, part.head.end)}
    for found in _candidates(reading, part):
        fit = _fit(part, found.speaker)
        if fit <= 0 or (places and found.speaker.affiliation not in (*places, found.speaker.name, "")):
            continue
        sentence = scene.sentence(found.start)
        opens = found.start - scene.sentences[sentence].start <= 4
        score = fit + 0.5 * opens + 0.4 * found.spoke + 1.5 * math.exp(-(here - sentence) / 3)
        if best is None or score >= best[0]:
            best = (score, found.speaker)
    return best[1] if best else None


def _candidates(reading: Reading, part: Phrase) -> list[_Candidate]:
    scene = reading.scene
    own = scene.said_by(part.start)
    found = [
        _Candidate(_speaker(reading, body), body.start, False)
        for body in (*scene.bodies, *_acronyms(reading))
        if body.end <= part.start and not any(c.start <= body.start < c.end for c in own)
    ]
    for past in reading.memory.past:
        if past.at < part.start:
            found += [_Candidate(s, past.at, True) for s in past.speakers if s.kind == "organization"]
    return sorted(found, key=lambda c: c.start)


def _acronyms(reading: Reading) -> list[Body]:
    """Words in capitals that are neither countries nor known: "HSBC", "UEFA"."""
    named = {m.start for p in reading.scene.people for m in p.mentions}
    return [
        Body(run.words[0].start, run.words[0].end, run.words[0].text, None)
        for run in reading.scene.runs
        if len(run.words) == 1 and len(run.words[0].text) > 2 and run.words[0].text.isupper()
        and run.words[0].start not in named and run.words[0].start > 60
    ]  # fmt: skip


def _speaker(reading: Reading, body: Body) -> Speaker:
    scene = reading.scene
    if body.known is not None:
        return make.body(scene.registry, bare(body.name), body.known.affiliation, "title", 0.6)
    name = scene.acronyms.get(body.name) or fuller(bare(body.name), scene.bodies, body.end) or body.name
    places = geo.mentions(name)
    country = places[0].country if places else scene.owner_of(name, body.start)
    return make.body(scene.registry, bare(name), country, "title", 0.6)


def _fit(part: Phrase, speaker: Speaker) -> float:
    """How well a noun describes a body, 0 for not at all: its own word, else the kind that the body's name tells."""
    head = part.head.lower
    known = plain(speaker.name)
    if head in known.split():
        return 2.0
    news, state = outlet(speaker.name), _STATE.search(known) is not None
    bloc = speaker.id in BLOCS or _WORLD.search(known) is not None
    if news:
        return 1.2 * (head in NEWS)
    if head in NEWS - _AGENCY - _MOVEMENT or (head == "agency" and "news" in part.lower):
        return 0.0
    if state:
        return 0.9 * (head in _AGENCY and _AGENCY_NAME.search(known) is not None)
    fits = (
        1.0 * (head in _AGENCY and _AGENCY_NAME.search(known) is not None)
        or 1.0 * (head in _FIRM and _FIRM_NAME.search(known) is not None)
        or 1.0 * (head in _BLOC - _MOVEMENT and bloc)
        or 0.6 * (head in _MOVEMENT | _CIVIL | _FIRM and not bloc)
        or 0.3 * (head in _BLOC and bloc)
    )
    return float(fits)
