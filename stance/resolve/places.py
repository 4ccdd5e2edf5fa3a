"""Sources that mean a country: its name, its capital, its government, its side."""

from __future__ import annotations

from stance.resolve import countries as geo
from stance.resolve import speakers as make
from stance.resolve.phrase import Phrase
from stance.resolve.reading import Reading, country_of
from stance.resolve.registry import plain
from stance.resolve.words import COUNTRY_NOUNS
from stance.types import Speaker

_HOUSES = frozenset("administration government".split())


def country(reading: Reading, part: Phrase) -> Speaker | None:
    """The country that a phrase means; None where it means none."""
    return _named(reading, part) or _modified(reading, part) or _people(reading, part)


def _named(reading: Reading, part: Phrase) -> Speaker | None:
    """As in "the Netherlands", "Beijing", "the Kremlin", "NATO members Turkey"."""
    registry = reading.scene.registry
    for form in (part.core, reading.scene.text[part.start : part.head.end], part.name):
        found = geo.country_named(form)
        if found is not None:
            return make.country(registry, found, "name" if plain(form) == plain(found) else "metonym", 0.95)
        stands_for = registry.metonym(form)
        if stands_for is not None:
            return make.country(registry, stands_for, "metonym")
    ends = [m for m in reading.scene.geo_in(part.start, part.head.end) if m.end == part.head.end and m.how == "name"]
    before = part.words[part.head_at - 1] if part.head_at else None
    if ends and before is not None and (before.text.islower() or (before.capital and ends[0].start > before.start)):
        return make.country(registry, ends[0].country, "name")
    return None


def _modified(reading: Reading, part: Phrase) -> Speaker | None:
    """As in "the Chinese side", "the government of Peru", "the North"."""
    registry, head = reading.scene.registry, part.head.lower
    if head in ("north", "south") and part.definite and part.head_at == 1:
        korea = f"{head.title()} Korea"
        if any(m.country in ("North Korea", "South Korea") for m in reading.scene.geo):
            return make.country(registry, korea, "metonym")
    if (head in COUNTRY_NOUNS or (head in _HOUSES and part.head.capital)) and not part.indefinite:
        name = country_of(reading, part)
        if name:
            return make.country(registry, name, "side" if head in ("side", "delegation") else "metonym")
    return None


def _people(reading: Reading, part: Phrase) -> Speaker | None:
    """As in "the Chinese", "Iraqi" (of "an Iraqi statement", cut short)."""
    registry = reading.scene.registry
    if part.name in geo.adjectives() and not part.name.endswith("ns"):
        return make.country(registry, geo.adjectives()[part.name], "metonym", 0.8)
    for m in reading.scene.geo_in(part.start, part.head.end):
        alone = m.how == "adjective" and m.end == part.head.end and not m.text.endswith("ns")
        if alone and part.determiner == "the" and part.head_at <= 1:
            return make.country(registry, m.country, "metonym")
    return None
