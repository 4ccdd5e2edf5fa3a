"""Annotated articles out of Docs, as training and evaluation read them (stance/gold.py reads them back)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from stance import gold
from stance.config import Target, Topic, Topics, load_topics
from stance.rows import Row, doc_from_rows
from stance.store import read_info, read_run
from stance.types import Doc, Span, Speaker, Stance


def docs_of(path: Path) -> Iterator[Doc]:
    """The articles of a run folder, or of a JSONL file of annotated articles.

    Raises:
        InputError: it is neither.
    """
    if path.is_file():
        yield from gold.load(path)
        return
    for article, statements in read_run(path):
        yield doc_from_rows(article, statements)


def topics_of(path: Path | None, file: Path | None = None) -> Topics:
    """The topics to annotate with: those of a file, else those that a run was made with, else the shipped ones."""
    told = read_info(path).get("topics") or {} if path is not None and path.is_dir() and file is None else {}
    if not told.get("topics"):
        return load_topics(file)
    return Topics(tuple(_topic(topic) for topic in told["topics"]))


def _topic(row: Row) -> Topic:
    targets = tuple(Target(**{**target, "aliases": tuple(target["aliases"])}) for target in row["targets"])
    return Topic(row["id"], row["label"], tuple(row["aliases"]), targets)


def article_rows(docs: Iterable[Doc]) -> Iterator[Row]:
    """One row an article: its text, the speakers in it (each once, numbered E1, E2, …) and the statements."""
    for doc in docs:
        keys: dict[tuple[str, ...], str] = {}
        statements = []
        for s in doc.statements:
            speakers = [keys.setdefault(_key(speaker), f"E{len(keys) + 1}") for speaker in s.speakers]
            statements.append(
                {
                    "id": s.id,
                    "parent": s.parent,
                    "source": _spans(s.source),
                    "cue": _spans(s.cue),
                    "content": _spans(*s.content),
                    "kind": s.kind,
                    "speakers": list(dict.fromkeys(speakers)),
                    "stances": [_stance(stance) for stance in s.stances],
                }
            )
        article = doc.article
        head = {"id": article.id, "outlet": article.outlet, "date": article.date, "title": article.title}
        fields = ("name", "kind", "role", "affiliation")
        entities = [{"id": own, **dict(zip(fields, key, strict=True))} for key, own in keys.items()]
        yield {**head, "text": article.text, "entities": entities, "statements": statements}


def _key(speaker: Speaker) -> tuple[str, ...]:
    return speaker.name, speaker.kind, speaker.role, speaker.affiliation


def _spans(*spans: Span | None) -> list[list[int]]:
    return [[span.start, span.end] for span in spans if span is not None]


def _stance(stance: Stance) -> Row:
    """A target's topic follows from the topics file; a mere topic must be named."""
    if stance.target is None:
        return {"target": None, "topic": stance.topic, "stance": stance.label}
    return {"target": stance.target, "stance": stance.label}
