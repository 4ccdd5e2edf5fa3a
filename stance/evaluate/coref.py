"""Whom sources mean, on texts with gold coreference: the resolver and, beside it, the nearest name.

Two files, one row an article: attribution rows whose attributions carry a "speaker_entity", and, beside them under
the same name with ".coref" before the split (gum.dev.jsonl, gum.coref.dev.jsonl), rows with
"mentions": [{"start","end","entity","kind": "name" | "nominal" | "pronoun"}].
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.errors import InputError
from stance.evaluate.baselines import NAME, STARTERS
from stance.evaluate.result import System
from stance.gold import load
from stance.metrics import Share, mention_type, same_speaker
from stance.metrics.counts import collect
from stance.pipeline import load_resolver
from stance.resolve.countries import mentions
from stance.types import Doc, Speaker, Statement

if TYPE_CHECKING:
    from stance.config import Config
    from stance.evaluate.task import Task
    from stance.metrics import Alias, Scores

MENTIONS = ("name", "pronoun", "noun")
METRICS = ("speakers", *(f"speakers.{mention}" for mention in MENTIONS))


@dataclass(frozen=True, slots=True)
class Entity:
    """What the text calls whom a source means."""

    names: tuple[str, ...]
    descriptions: tuple[str, ...]
    person: bool
    """A person or several; else a body, a place, a text."""

    def forms(self, speaker: Speaker) -> tuple[str, ...]:
        """What a predicted speaker may be called; a description will do for a group and for the nameless."""
        if self.names and speaker.kind != "group" and (self.person or speaker.kind != "unnamed"):
            return self.names
        return self.names + self.descriptions


@dataclass(frozen=True, slots=True)
class Case:
    """One article: its attributions as statements without speakers, and by their ids the gold entities."""

    doc: Doc
    entities: Mapping[str, Entity]


def read_cases(task: Task) -> list[Case]:
    """The articles with the attributions whose entity the text names or describes; others mean nobody it tells of.

    Raises InputError where the file of coreference is missing or does not fit.
    """
    path = Path(task.data or "")
    first, _, rest = path.name.partition(".")
    beside = path.with_name(f"{first}.coref.{rest}")
    if not beside.is_file():
        raise InputError(f"{path} needs its gold coreference beside it, in {beside.name}: rows with id and mentions.")
    rows = {str(row["id"]): row for row in _rows(path)}
    coreference = {str(row["id"]): row.get("mentions", ()) for row in _rows(beside)}
    cases = []
    for doc in load(path):
        row = rows[doc.article.id]
        if doc.article.id in coreference and all(row.get(k) in v.split() for k, v in task.where.items()):
            entities = _entities(row, coreference[doc.article.id])
            kept = doc.with_statements(s for s in doc.statements if s.id in entities and s.source is not None)
            if kept.statements:
                cases.append(Case(kept, entities))
    if not cases:
        raise InputError(f"{path} holds no attribution whose speaker_entity {beside.name} names.")
    return cases


def score(cases: list[Case], docs: list[Doc], alias: Alias | None) -> Scores:
    """Share of attributions whose predicted speakers, one at least, are all the gold entity; and by mention."""
    rows = []
    for case, doc in zip(cases, docs, strict=True):
        counts = {name: Share() for name in METRICS}
        for statement in doc.statements:
            entity = case.entities[statement.id]
            right = is_right(statement, entity, alias)
            for name in ("speakers", f"speakers.{_mention(statement, entity, case.doc.article.text)}"):
                counts[name] += Share(right, 1)
        rows.append(counts)
    return collect([case.doc.article.id for case in cases], rows)


def nearest_name(docs: Sequence[Doc]) -> list[Doc]:
    """Each source means the capitalised words in it, else those nearest before it."""
    return [
        doc.with_statements(replace(s, speakers=_nearest(s, doc.article.text)) for s in doc.statements) for doc in docs
    ]


def evaluate(
    task: Task, config: Config, alias: Alias, baselines: bool = True, limit: int | None = None
) -> tuple[list[System], dict[str, int]]:
    """The resolver with gold sources given, beside the nearest name; and how much there was to resolve.

    Raises InputError where the data cannot be used.
    """
    cases = read_cases(task)[:limit]
    docs = [case.doc for case in cases]
    resolver = load_resolver(config)
    systems = []
    for name, resolve in (("stance", resolver.resolve), ("nearest name", nearest_name))[: 2 if baselines else 1]:
        began = time.monotonic()
        labelled = resolve(docs)
        seconds = time.monotonic() - began
        systems.append(System(name, score(cases, labelled, alias), METRICS, seconds))
    return systems, {"articles": len(cases), "statements": sum(len(doc.statements) for doc in docs)}


def _nearest(statement: Statement, text: str) -> tuple[Speaker, ...]:
    if statement.source is None:
        return ()
    inside = _names(text, statement.source.start, statement.source.end)
    found = inside or _names(text, 0, statement.source.start)[-1:]
    return tuple(Speaker(name, name, "person") for name in found[:1])


def _names(text: str, start: int, end: int) -> list[str]:
    return [m.group() for m in NAME.finditer(text, start, end) if m.group() not in STARTERS]


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSONL: {error}.") from error


def _entities(row: dict[str, Any], coreference: list[dict[str, Any]]) -> dict[str, Entity]:
    called: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for mention in coreference:
        called[mention["entity"]][mention["kind"]].append(row["text"][mention["start"] : mention["end"]])
    found = {}
    for attribution in row["attributions"]:
        kinds = called.get(attribution.get("speaker_entity"), {})
        names, descriptions = (tuple(dict.fromkeys(kinds.get(kind, ()))) for kind in ("name", "nominal"))
        if names or descriptions:
            found[attribution["id"]] = Entity(names, descriptions, attribution.get("speaker_type") == "person")
    return found


def is_right(statement: Statement, entity: Entity, alias: Alias | None) -> bool:
    """Whether a statement has speakers and all of them are the entity."""
    return bool(statement.speakers) and all(_is(s, entity.forms(s), alias) for s in statement.speakers)


def _is(speaker: Speaker, forms: tuple[str, ...], alias: Alias | None) -> bool:
    """Whether a speaker goes by one of the forms, read as names of the speaker's own kind."""
    if speaker.kind == "country" and any(m.country == speaker.name for form in forms for m in mentions(form)[:1]):
        return True
    shorter = (part for form in forms for part in (form, re.split(r",\s|\s\(", form)[0]))
    return any(same_speaker(replace(speaker, name=form), speaker, alias) for form in shorter)


def _mention(statement: Statement, entity: Entity, text: str) -> str:
    gold = tuple(Speaker("", form, "person") for form in entity.names[:1])
    return mention_type(replace(statement, speakers=gold), text)
