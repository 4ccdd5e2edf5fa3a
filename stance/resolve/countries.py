"""Countries as news writes them: names, adjectives and people, seats of government.

The table beside this file was drawn from the open country data of `rigour` (MIT; names, Wikidata ids) and
`countryinfo` (MIT; adjectives, capitals) and corrected by hand for newspaper English.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Country:
    code: str
    name: str
    """Common English name."""
    wikidata: str
    adjectives: tuple[str, ...]
    """As in "Chinese", "Swede", "Swedes"."""
    seats: tuple[str, ...]
    """Capital and houses that stand for the government: "Beijing", "Downing Street"."""
    aliases: tuple[str, ...]
    cities: tuple[str, ...] = ()
    """Other cities and regions in the news; they tell where somebody belongs but do not stand for the country."""


@cache
def countries() -> tuple[Country, ...]:
    """All countries of the packaged table."""
    text = files("stance.resolve").joinpath("countries.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Country(
            r["code"],
            r["name"],
            r["wikidata"],
            *(_list(r[key]) for key in ("adjectives", "seats", "aliases", "cities")),
        )
        for r in rows
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


@cache
def names() -> dict[str, str]:
    """Every name and alias to the common name; the common name first."""
    found = {c.name: c.name for c in countries()}
    for country in countries():
        for alias in country.aliases:
            found.setdefault(alias, country.name)
    return found


@cache
def adjectives() -> dict[str, str]:
    """As in "Chinese" → China, "Swedes" → Sweden."""
    found: dict[str, str] = {}
    for country in countries():
        for word in country.adjectives:
            found.setdefault(word, country.name)
    return found


@cache
def seats() -> dict[str, str]:
    """As in "Beijing" → China, "Kremlin" → Russia."""
    found: dict[str, str] = {}
    for country in countries():
        for seat in country.seats:
            found.setdefault(seat, country.name)
    return found


@cache
def cities() -> dict[str, str]:
    """Capitals, other cities and regions to their countries: "Shanghai" → China."""
    return {place: c.name for c in countries() for place in (*c.cities, *c.seats)}


@cache
def _pattern() -> re.Pattern[str]:
    words = {*names(), *adjectives(), *seats()}
    ordered = sorted((re.escape(w) for w in words), key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + "|".join(ordered) + r")(?![\w])(?!\.\w)")


_CONTINENTS = ("North ", "South ", "Latin ", "Central ", "Pan-")


@dataclass(frozen=True, slots=True)
class CountryMention:
    start: int
    end: int
    text: str
    country: str
    how: str
    """name, adjective or seat."""


def mentions(text: str) -> list[CountryMention]:
    """Where a text names countries, in order; offsets are character indices into it.

    >>> [(m.text, m.country, m.how) for m in mentions("Beijing told the U.S. envoy")]
    [('Beijing', 'China', 'seat'), ('U.S.', 'United States', 'name')]
    """
    found = []
    for match in _pattern().finditer(text):
        word = match.group()
        before = text[max(0, match.start() - 8) : match.start()]
        if (word.startswith("American") and before.endswith(_CONTINENTS)) or (
            word == "Mexico" and before.endswith("New ")
        ):
            continue
        for how, table in (("name", names()), ("adjective", adjectives()), ("seat", seats())):
            if word in table:
                found.append(CountryMention(match.start(), match.end(), word, table[word], how))
                break
    return found


def country_named(text: str) -> str | None:
    """The country that a whole phrase names ("the Netherlands", "Beijing", "U.S."), or None."""
    bare = text.removeprefix("The ").removeprefix("the ").strip()
    for form in (text, bare):
        for table in (names(), seats()):
            if form in table:
                return table[form]
    return None


def country_of_place(text: str) -> str | None:
    """The country of a place name, in capitals or not: "MANILA", "Shanghai", "Kenya"; None for an unknown one."""
    for form in (text, text.title()):
        found = country_named(form) or cities().get(form)
        if found:
            return found
    return None


def city_country(text: str) -> str | None:
    """The country of the first city or region that a text names."""
    for match in re.finditer(r"[A-ZÀ-Þ][\w’'.-]*(?:\s[A-ZÀ-Þ][\w’'.-]*)*", text):
        words = match.group().split()
        for size in range(len(words), 0, -1):
            for start in range(len(words) - size + 1):
                found = cities().get(" ".join(words[start : start + size]))
                if found:
                    return found
    return None
