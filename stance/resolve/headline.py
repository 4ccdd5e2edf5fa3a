"""What an article's title adds: fuller names, titles, and persons whom the text only takes up ("He said")."""

from __future__ import annotations

from stance.resolve import countries as geo
from stance.resolve import roles as titles
from stance.resolve.names import Run, runs, words
from stance.resolve.people import NameMention, Person, compatible, core_words, may_be_person, titled
from stance.resolve.registry import Registry

NOWHERE = -1
"""The offset of a mention in the title, before all of the text."""


def read_title(title: str, people: list[Person], registry: Registry) -> tuple[list[Person], list[Person]]:
    """The persons of the text, told more of by the title, after those of the title alone; and whom the title names."""
    tokens = words(title)
    starts = [w.start for w in tokens]
    skip = sorted((m.start, m.end) for m in geo.mentions(title))
    only: list[Person] = []
    named: list[Person] = []
    for run in runs(title, tokens, skip, frozenset()):
        if (
            not run.name or not may_be_person(run) or (run.first and tokens[run.first - 1].lower in ("by", "from"))
        ):  # its author
            continue
        name = run.name_text(title)
        role = titles.title_before(title, tokens, starts, run.name[0].start)
        person = next((p for p in (*people, *only) if _same(run, p)), None)
        if person is None and (titled(run, tokens) or registry.person(name)) and (role or len(run.name) > 1):
            person = _added(run, name, registry)
            only.append(person)
        if person is not None:
            _enrich(person, run, name, role)
            named.append(person)
    return [*only, *people], named


def _same(run: Run, person: Person) -> bool:
    return compatible([w.text for w in run.name if w.text != ","], person.words)


def _added(run: Run, name: str, registry: Registry) -> Person:
    written = tuple(w.text for w in run.name if w.text != ",")
    mention = NameMention(NOWHERE, NOWHERE, NOWHERE, written, False)
    return Person(written, name, [mention], known=registry.person(name))


def _enrich(person: Person, run: Run, name: str, role: str) -> None:
    written = tuple(w.text for w in run.name if w.text != ",")
    longer = len(core_words(written)) > len(core_words(person.words)) == 1
    if longer and person.known is None:
        person.words, person.name = written, name
    if role and all(role != known for _, known in person.roles):
        person.roles.append((NOWHERE, role))
