"""Whom sources mean, on texts with gold coreference: the resolver and, beside it, the nearest name.

Two files, one row an article: attribution rows whose attributions carry a "speaker_entity", and, beside them under
the same name with ".coref" before the split (gum.dev.jsonl, gum.coref.dev.jsonl), rows with
"mentions": [{"start","end","entity","kind": "name" | "nominal" | "pronoun"}].
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import metrics
from stance.errors import InputError
from stance.evaluate.baselines import NAME, STARTERS
from stance.gold import load
from stance.metrics import Share, mention_type, same_speaker
from stance.types import Doc, Speaker, Statement

if TYPE_CHECKING:
    from stance.evaluate.task import Task
    from stance.metrics import Alias, Scores

MENTIONS = ("name", "pronoun", "noun")
METRICS = ("speakers", *(f"speakers.{mention}" for mention in MENTIONS))
Forms = Mapping[str, tuple[str, ...]]
"""Statement id to what the text calls its gold entity: its names, or where it has none its descriptions."""


@dataclass(frozen=True, slots=True)
class Case:
    """One article: its attributions as statements without speakers, and what their gold entities are called."""

    doc: Doc
    forms: Forms


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
    mentions = {str(row["id"]): row.get("mentions", ()) for row in _rows(beside)}
    cases = []
    for doc in load(path):
        row = rows[doc.article.id]
        if doc.article.id in mentions and all(row.get(k) in v.split() for k, v in task.where.items()):
            forms = _forms(row, mentions[doc.article.id])
            kept = doc.with_statements(s for s in doc.statements if s.id in forms and s.source is not None)
            if kept.statements:
                cases.append(Case(kept, forms))
    if not cases:
        raise InputError(f"{path} holds no attribution whose speaker_entity {beside.name} names.")
    return cases


def score(cases: list[Case], docs: list[Doc], alias: Alias | None) -> Scores:
    """Share of attributions whose predicted speakers, one at least, are all the gold entity; and by mention."""
    rows = []
    for case, doc in zip(cases, docs, strict=True):
        counts = {name: Share() for name in METRICS}
        for statement in doc.statements:
            forms = case.forms[statement.id]
            right = bool(statement.speakers) and all(_means(s, forms, alias) for s in statement.speakers)
            for name in ("speakers", f"speakers.{_mention(statement, forms, case.doc.article.text)}"):
                counts[name] += Share(right, 1)
        rows.append(counts)
    return metrics.collect([case.doc.article.id for case in cases], rows)


def nearest_name(docs: list[Doc]) -> list[Doc]:
    """Each source means the capitalised words in it, else those nearest before it."""
    return [
        doc.with_statements(replace(s, speakers=_nearest(s, doc.article.text)) for s in doc.statements) for doc in docs
    ]


def ways(resolve: Callable[[list[Doc]], list[Doc]], name: str) -> list[tuple[str, Callable[[list[Doc]], list[Doc]]]]:
    return [(name, resolve), ("nearest name", nearest_name)]


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


def _forms(row: dict[str, Any], mentions: list[dict[str, Any]]) -> Forms:
    called: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for mention in mentions:
        called[mention["entity"]][mention["kind"]].append(row["text"][mention["start"] : mention["end"]])
    found = {}
    for attribution in row["attributions"]:
        kinds = called.get(attribution.get("speaker_entity"), {})
        forms = kinds.get("name") or kinds.get("nominal")
        if forms:
            found[attribution["id"]] = tuple(dict.fromkeys(forms))
    return found


def _means(speaker: Speaker, forms: tuple[str, ...], alias: Alias | None) -> bool:
    """Whether a speaker goes by one of an entity's forms, read as names of the speaker's own kind."""
    shorter = (part for form in forms for part in (form, re.split(r",\s|\s\(", form)[0]))
    return any(same_speaker(replace(speaker, name=form), speaker, alias) for form in shorter)


def _mention(statement: Statement, forms: tuple[str, ...], text: str) -> str:
    gold = tuple(Speaker("", form, "person") for form in forms[:1])
    return mention_type(replace(statement, speakers=gold), text)
