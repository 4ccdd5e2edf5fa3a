"""The registry of known speakers: what a user's `speakers.yaml` says about names that recur across articles.

It settles identity and affiliation; it never decides on its own that a mention occurs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from stance.errors import ConfigError
from stance.resolve import countries
from stance.yamlfile import Place, YamlFile, did_you_mean


@dataclass(frozen=True, slots=True)
class Role:
    title: str
    first: int
    last: int | None = None
    """Last year in office; None while in office."""


@dataclass(frozen=True, slots=True)
class Known:
    """One person or organisation of the registry."""

    id: str
    name: str
    affiliation: str
    aliases: tuple[str, ...] = ()
    gender: str = ""
    wikidata: str = ""
    roles: tuple[Role, ...] = ()

    def in_office(self, year: int) -> bool:
        """Whether a role covers the year itself."""
        return any(r.first <= year <= (r.last or 9999) for r in self.roles)

    def held_office(self, year: int) -> bool:
        """Whether any role covers the year (a year of grace on both sides: articles look back and ahead)."""
        return not self.roles or any(r.first - 1 <= year <= (r.last or 9999) + 1 for r in self.roles)


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> str:
    """A name as compared: case folded, without accents, leading article, full stops, and with plain apostrophes.

    >>> plain("The U.S. Congress"), plain("Erdoğan’s")
    ('us congress', "erdogan's")
    """
    folded = unicodedata.normalize("NFKD", name.replace("’", "'").casefold()).replace("ı", "i")
    bare = "".join(c for c in folded if not unicodedata.combining(c) and c != ".")
    return re.sub(r"\s+", " ", re.sub(r"\([^)]*\)", " ", bare)).strip().removeprefix("the ")


@dataclass(frozen=True, eq=False)
class Registry:
    """People, organisations and metonyms by every name they go by.

    >>> registry = Registry((), (Known("nato", "NATO", "NATO", ("the alliance",)),), {"the Kremlin": "Russia"})
    >>> registry.organization("The Alliance").id
    'nato'
    """

    people: tuple[Known, ...] = ()
    organizations: tuple[Known, ...] = ()
    metonyms: dict[str, str] = field(default_factory=dict)
    _people: dict[str, Known] = field(init=False, repr=False)
    _organizations: dict[str, Known] = field(init=False, repr=False)
    _metonyms: dict[str, str] = field(init=False, repr=False)
    _surnames: dict[str, list[Known]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_people", _by_name(self.people))
        object.__setattr__(self, "_organizations", _by_name(self.organizations))
        object.__setattr__(self, "_metonyms", {plain(key): value for key, value in self.metonyms.items()})
        surnames: dict[str, list[Known]] = {}
        for known in self.people:
            for form in {plain(word) for name in (known.name, *known.aliases) for word in name.split()}:
                surnames.setdefault(form, []).append(known)
        object.__setattr__(self, "_surnames", surnames)

    @classmethod
    def load(cls, path: str | Path | None = None) -> Registry:
        """Read a speakers file; None reads the shipped one. Raises ConfigError naming file and line."""
        source = _Source(Path(path) if path is not None else _shipped())
        data = source.data or {}
        if not isinstance(data, dict):
            raise ConfigError(f"{source.path} must hold the keys people, organizations and metonyms.")
        known_keys = ("people", "organizations", "metonyms")
        for key in data:
            if key not in known_keys:
                raise ConfigError(f"{source.where((key,))}: unknown key {key!r}.{did_you_mean(str(key), known_keys)}")
        return cls(
            tuple(_person(row, source, ("people", i)) for i, row in enumerate(data.get("people") or ())),
            tuple(_body(row, source, ("organizations", i)) for i, row in enumerate(data.get("organizations") or ())),
            {str(k): str(v) for k, v in (data.get("metonyms") or {}).items()},
        )

    def person(self, name: str) -> Known | None:
        """The person of exactly this name or alias."""
        bare = re.sub(r",?\s(?:Jr|Sr|II|III)\.?$", "", name)
        forms = (name, bare, re.sub(r"(?<=\s)[A-Z]\.?\s", "", bare))
        return next((known for form in forms if (known := self._people.get(plain(form))) is not None), None)

    def person_in_office(self, surname: str, year: int | None) -> Known | None:
        """The one person whose name has this word and who held an office in that year; None where two would fit."""
        fitting = [k for k in self._surnames.get(plain(surname), ()) if year is None or k.held_office(year)]
        return fitting[0] if len(fitting) == 1 else None

    def organization(self, name: str) -> Known | None:
        """The organisation of exactly this name or alias."""
        return self._organizations.get(plain(name))

    def alias(self, name: str) -> str | None:
        """The id of the country or organisation that a name stands for; None where it is neither.

        >>> Registry().alias("the U.K."), Registry().alias("Beijing"), Registry().alias("Hugh Hill")
        ('united-kingdom', 'china', None)
        """
        country = countries.country_named(name) or self.metonym(name)
        if country is not None:
            name = country
        known = self.organization(name)
        if known is not None:
            return known.id
        return re.sub(r"[\W_]+", "-", plain(country)).strip("-") if country is not None else None

    def metonym(self, name: str) -> str | None:
        """The country that a name stands for by the file's `metonyms`."""
        return self._metonyms.get(plain(name))


def _by_name(entries: Iterable[Known]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for known in entries:
        for form in (known.name, *known.aliases):
            found.setdefault(plain(form), known)
    return found


class _Source:
    """The plain data of a file, read fast; the lines of its values are looked up only where something is wrong."""

    def __init__(self, path: Path) -> None:
        import yaml

        self.path = path
        try:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            self.data: Any = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=loader)  # a safe loader either way
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            self.data = YamlFile(path).data  # says what is wrong, and where

    def where(self, place: Place) -> str:
        return YamlFile(self.path).where(place)


def _shipped() -> Path:
    from stance.shipped import shipped

    return shipped("configs") / "speakers.yaml"


def _person(row: Any, source: _Source, place: tuple[str, int]) -> Known:
    entry = _checked(row, source, place, {"id", "name", "country", "gender", "aliases", "wikidata", "roles"})
    roles = []
    for role in entry.get("roles") or ():
        if not isinstance(role, list) or len(role) not in (2, 3):
            raise ConfigError(f"{source.where(place)}: a role is [title, first year, last year], got {role!r}.")
        roles.append(Role(str(role[0]), int(role[1]), int(role[2]) if len(role) == 3 else None))
    return Known(
        entry["id"], entry["name"], entry.get("country", ""), tuple(map(str, entry.get("aliases") or ())),
        entry.get("gender", ""), entry.get("wikidata", ""), tuple(roles),
    )  # fmt: skip


def _body(row: Any, source: _Source, place: tuple[str, int]) -> Known:
    entry = _checked(row, source, place, {"id", "name", "affiliation", "aliases", "wikidata"})
    aliases = tuple(map(str, entry.get("aliases") or ()))
    return Known(entry["id"], entry["name"], entry.get("affiliation", ""), aliases, wikidata=entry.get("wikidata", ""))


def _checked(row: Any, source: _Source, place: tuple[str, int], allowed: set[str]) -> dict[str, Any]:
    if not isinstance(row, dict) or not row.get("id") or not row.get("name"):
        raise ConfigError(f"{source.where(place)}: each entry of {place[0]} needs an id and a name; got {row!r}.")
    for key in row:
        if key not in allowed:
            raise ConfigError(
                f"{source.where(place)}: unknown key {key!r} in {place[0]}.{did_you_mean(str(key), allowed)}"
            )
    return row
