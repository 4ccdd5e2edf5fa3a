"""How a Speaker is made: name, kind, affiliation, and the id that is the same in every article."""

from __future__ import annotations

import re

from stance.resolve.people import Person
from stance.resolve.registry import Registry, plain
from stance.types import Speaker, SpeakerKind


def slug(name: str) -> str:
    """Letters and digits in lower case without accents, joined by hyphens; letters of other scripts stay.

    >>> slug("Recep Tayyip Erdoğan"), slug("the Russian side")
    ('recep-tayyip-erdogan', 'russian-side')
    """
    return re.sub(r"[\W_]+", "-", plain(name)).strip("-") or "unknown"


def identity(name: str, affiliation: str) -> str:
    """The id of a speaker whom the registry does not know: name and affiliation."""
    return f"{slug(name)}@{slug(affiliation)}" if affiliation else slug(name)


def person(person: Person, how: str, score: float) -> Speaker:
    known = person.known
    key = known.id if known is not None else identity(person.name, person.country)
    return Speaker(key, person.name, "person", person.role, person.country, how, score)


def country(registry: Registry, name: str, how: str, score: float = 0.9) -> Speaker:
    """A country by its common name, or the body (European Union) that a seat stands for."""
    known = registry.organization(name)
    if known is not None:
        return body(registry, known.name, known.affiliation, how, score)
    return Speaker(slug(name), name, "country", "", name, how, score)


def body(registry: Registry, name: str, affiliation: str, how: str, score: float = 0.85) -> Speaker:
    known = registry.organization(name)
    if known is not None:
        name = known.name if name.islower() else name  # "the alliance"
        return Speaker(known.id, name, "organization", "", known.affiliation, how, score)
    return Speaker(identity(name, affiliation), name, "organization", "", affiliation, how, score)


def unnamed(name: str, core: str, role: str, affiliation: str, group: bool, how: str = "name") -> Speaker:
    """An unnamed source, or a group of them; `core` is the phrase without article and additions."""
    kind: SpeakerKind = "group" if group else "unnamed"
    return Speaker(f"{kind}:{identity(core, affiliation)}", name, kind, role, affiliation, how, 0.7)
