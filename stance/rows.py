"""Rows of the output files, as plain dicts of JSON values, from the nouns and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stance.framing import framing
from stance.types import LABELS, Article, Doc, Span, Speaker, Stance, Statement

Row = dict[str, Any]
"""One row of statements.jsonl or articles.jsonl."""

ARTICLE_FIELDS = ("outlet", "date", "title", "url", "path", "sha256", "text")


def article_row(article: Article) -> Row:
    return {"article_id": article.id, **{name: getattr(article, name) for name in ARTICLE_FIELDS}}


def with_statements(articles: Iterable[Row], statements: Iterator[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """Each article with its statements, where both come in the same order."""
    row = next(statements, None)
    for article in articles:
        own = []
        while row is not None and row["article_id"] == article["article_id"]:
            own.append(row)
            row = next(statements, None)
        yield article, own


def statement_rows(doc: Doc) -> Iterator[Row]:
    """One row a statement, in the order of the Doc."""
    article, text = doc.article, doc.article.text
    for statement in doc.statements:
        yield {
            "article_id": article.id,
            "statement_id": statement.id,
            "parent": statement.parent,
            "outlet": article.outlet,
            "date": article.date,
            "title": article.title,
            "kind": statement.kind,
            "text": statement.content_text(text),
            "content": [[span.start, span.end] for span in statement.content],
            "cue": _mention(statement.cue, text),
            "source": _mention(statement.source, text),
            "speakers": [_speaker(speaker) for speaker in statement.speakers],
            "stances": [_stance(stance) for stance in statement.stances],
            "score": round(float(statement.score), 4),
            "framing": framing(statement.cue.text(text)) if statement.cue else None,
        }


def _mention(span: Span | None, text: str) -> Row | None:
    return None if span is None else {"text": span.text(text), "start": span.start, "end": span.end}


def _speaker(speaker: Speaker) -> Row:
    return {
        "id": speaker.id,
        "name": speaker.name,
        "kind": speaker.kind,
        "role": speaker.role,
        "affiliation": speaker.affiliation,
        "how": speaker.how,
        "score": round(float(speaker.score), 4),
    }


def _stance(stance: Stance) -> Row:
    return {
        "topic": stance.topic,
        "target": stance.target,
        "label": stance.label,
        "probs": {label: round(float(p), 4) for label, p in zip(LABELS, stance.probs, strict=True)},
        "confidence": round(float(stance.confidence), 4),
        "abstained": bool(stance.abstained),
    }


def doc_from_rows(article: Mapping[str, Any], statements: Iterable[Mapping[str, Any]]) -> Doc:
    """The Doc that an article's rows were made from (without its paragraphs and sentences)."""
    noun = Article(article["article_id"], **{name: article[name] for name in reversed(ARTICLE_FIELDS)})
    return Doc(noun, statements=tuple(_statement(row) for row in statements))


def _statement(row: Mapping[str, Any]) -> Statement:
    return Statement(
        id=row["statement_id"],
        content=tuple(Span(start, end) for start, end in row["content"]),
        cue=_span(row["cue"]),
        source=_span(row["source"]),
        kind=row["kind"],
        score=row["score"],
        parent=row["parent"],
        speakers=tuple(Speaker(**speaker) for speaker in row["speakers"]),
        stances=tuple(
            Stance(**{**stance, "probs": tuple(stance["probs"][label] for label in LABELS)})
            for stance in row["stances"]
        ),
    )


def _span(mention: Mapping[str, Any] | None) -> Span | None:
    return None if mention is None else Span(mention["start"], mention["end"])
