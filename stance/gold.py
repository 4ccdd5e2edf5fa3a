"""Human annotation as Docs: reads the two row formats that training and evaluation share.

Both are JSON Lines, one article a row, offsets into the row's "text":

- attribution rows, as PolNeAR and GUM give them: {"id","text","attributions":[{"id","source","cue","content","kind",
  "nested_in","cue_class"}],"discard"}: who said what, as spans, without speakers and stances;
- article rows: {"id","outlet","date","title","text","entities","statements"}: the whole annotation of the codebook.

Source, cue and content are lists of [start, end]; an empty list is none. It knows nothing of models.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from stance.errors import InputError
from stance.segment import segment
from stance.text import paragraphs, trim
from stance.types import LABELS, SPEAKER_KINDS, Article, Doc, Label, Span, Speaker, Stance, Statement, StatementKind

KINDS: tuple[StatementKind, ...] = ("direct", "indirect", "mixed")


def load(path: str | Path, topics: Mapping[str, str] | None = None) -> list[Doc]:
    """Read a JSONL file of attribution or article rows as Docs with `made_by="human"`.

    `topics` maps a target's id to its topic's id, for `Stance.topic`; without it the topic is "".
    Characters that a row marks as `discard` (not article text) lie outside the Doc's paragraphs and sentences.
    Raises InputError with file and line for a row that does not fit.
    """
    docs: list[Doc] = []
    articles: list[int] = []
    for where, row in _rows(Path(path)):
        if "attributions" in row:
            docs.append(_attribution_doc(row, where))
        elif "statements" in row:
            articles.append(len(docs))
            docs.append(_article_doc(row, where, topics or {}))
        else:
            raise InputError(
                f"{where}: a gold row has 'attributions' (spans only) or 'statements' (with speakers and stances); "
                f"this one has the keys {', '.join(sorted(row))}."
            )
    for index, doc in zip(articles, segment([docs[i] for i in articles]), strict=True):
        docs[index] = doc
    return docs


def slug(name: str) -> str:
    """An id made of a name: ASCII where possible, lower case, words joined by hyphens.

    >>> slug("Sergey Lavrov"), slug("the Russian side")
    ('sergey-lavrov', 'the-russian-side')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-") or "speaker"


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text: {error}. Give a JSONL file of gold rows.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"{where}: not JSON ({error}). Each line must be one JSON object.") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(f"{where}: a gold row is an object with a 'text' that is a string.")
        yield where, row


def _attribution_doc(row: dict[str, Any], where: str) -> Doc:
    article = _article(row, where)
    statements = []
    for number, item in enumerate(_list(row, "attributions", where), 1):
        at = f"{where}, attribution {number}"
        content = _spans(item, "content", article.text, at)
        if not content:  # a cue whose content was never annotated attributes nothing
            continue
        statements.append(_statement(item, content, number, article.text, at))
    discard = _spans(row, "discard", article.text, where)
    blocks = _blocks(article.text, discard)
    return Doc(article, blocks, _sentences(article, blocks), statements=tuple(statements), made_by="human")


def _article_doc(row: dict[str, Any], where: str, topics: Mapping[str, str]) -> Doc:
    article = _article(row, where)
    entities = _speakers(_list(row, "entities", where), where)
    statements = []
    for number, item in enumerate(_list(row, "statements", where), 1):
        at = f"{where}, statement {number}"
        content = _spans(item, "content", article.text, at)
        if not content:
            raise InputError(f"{at}: a statement needs a 'content' of at least one [start, end].")
        statement = _statement(item, content, number, article.text, at)
        unknown = [e for e in item.get("speakers", []) if e not in entities]
        if unknown:
            raise InputError(f"{at}: the speakers {unknown} are not among the entities {sorted(entities)}.")
        speakers = tuple(entities[e] for e in item.get("speakers", []))
        stances = tuple(_stance(s, topics, at) for s in item.get("stances", []))
        statements.append(replace(statement, speakers=speakers, stances=stances))
    return Doc(article, statements=tuple(statements), made_by="human")


def _article(row: dict[str, Any], where: str) -> Article:
    text = row["text"]
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Article(
        str(row.get("id") or where), text, row.get("title"), row.get("date"), row.get("outlet"), sha256=digest
    )


def _statement(item: dict[str, Any], content: tuple[Span, ...], number: int, text: str, at: str) -> Statement:
    kind = item.get("kind")
    if kind not in KINDS:
        raise InputError(f"{at}: kind is {kind!r}; it must be one of {', '.join(KINDS)}.")
    parent = item.get("parent", item.get("nested_in"))
    return Statement(
        id=str(item.get("id") or f"s{number}"),
        content=content,
        cue=_hull(_spans(item, "cue", text, at), content),
        # a source in two parts is mostly two mentions: the first is the one that the cue stands with
        source=next(iter(_spans(item, "source", text, at)), None),
        kind=cast(StatementKind, kind),
        parent=None if parent is None else str(parent),
    )


def _speakers(entities: list[dict[str, Any]], where: str) -> dict[str, Speaker]:
    speakers: dict[str, Speaker] = {}
    taken: set[str] = set()
    for entity in entities:
        missing = [key for key in ("id", "name", "kind") if not entity.get(key)]
        if missing or entity["kind"] not in SPEAKER_KINDS:
            raise InputError(
                f"{where}: an entity needs id, name and a kind out of {', '.join(SPEAKER_KINDS)}; got {entity!r}."
            )
        base = name = slug(entity["name"])
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        speakers[entity["id"]] = Speaker(
            name, entity["name"], entity["kind"], entity.get("role") or "", entity.get("affiliation") or ""
        )
    return speakers


def _stance(item: dict[str, Any], topics: Mapping[str, str], at: str) -> Stance:
    label, target = item.get("stance"), item.get("target")
    if label not in LABELS:
        raise InputError(f"{at}: stance is {label!r}; it must be one of {', '.join(LABELS)}.")
    if not target and not item.get("topic"):
        raise InputError(f"{at}: a stance needs a 'target' (or, for a mere topic, a 'topic').")
    one_hot = cast("tuple[float, float, float]", tuple(float(label == other) for other in LABELS))
    return Stance(
        item.get("topic") or topics.get(target or "", ""), target, cast(Label, label), one_hot, confidence=1.0
    )


def _spans(item: dict[str, Any], key: str, text: str, at: str) -> tuple[Span, ...]:
    value = item.get(key) or []
    try:
        spans = tuple(sorted(Span(start, end) for start, end in value))
    except (TypeError, ValueError) as error:
        raise InputError(f"{at}: {key} must be a list of [start, end] with start < end; got {value!r}.") from error
    if spans and max(span.end for span in spans) > len(text):
        raise InputError(f"{at}: {key} {value!r} goes beyond the text, which has {len(text)} characters.")
    return spans


def _list(row: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = row.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InputError(f"{where}: '{key}' must be a list of objects.")
    return value


def _hull(spans: tuple[Span, ...], content: tuple[Span, ...]) -> Span | None:
    """One span for a cue in several parts: the hull, unless that would swallow content."""
    if not spans:
        return None
    hull = Span(spans[0].start, spans[-1].end)
    return spans[0] if any(hull.overlaps(span) for span in content) else hull


def _blocks(text: str, discard: Iterable[Span]) -> tuple[Span, ...]:
    """Paragraphs without the discarded characters."""
    found = list(paragraphs(text))
    for hole in discard:
        found = [part for span in found for part in _without(span, hole)]
    return tuple(kept for span in found if (kept := trim(text, span)) is not None)


def _sentences(article: Article, blocks: tuple[Span, ...]) -> tuple[Span, ...]:
    """Sentences as the pipeline splits them; a block that it takes for no prose (a headline) is one sentence."""
    (doc,) = segment([Doc(article)])
    found: list[Span] = []
    for block in blocks:
        cut = [Span(max(s.start, block.start), min(s.end, block.end)) for s in doc.sentences if s.overlaps(block)]
        found.extend(cut or [block])
    return tuple(found)


def _without(span: Span, hole: Span) -> list[Span]:
    if not span.overlaps(hole):
        return [span]
    before = [Span(span.start, hole.start)] if span.start < hole.start else []
    after = [Span(hole.end, span.end)] if hole.end < span.end else []
    return [*before, *after]
