"""Annotation by place: the labels stand in the repository, the articles with their owners.

Of a statement to learn stances from, a row says where in which article it stands, and what it was judged to bear on:
{"article", "content": [[start, end], ...], "cue": [start, end] or null, "source": [start, end] or null,
"stances": [[target, stance], ...], "topic": a topic's id or null}. Of an article to learn attribution from, a row
says all of its statements: {"article", "statements": [{"content", "cue", "source"}, ...]}. Offsets are characters of
the article's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.segment import segment
from stance.train.stance_rows import ABOUT, OF_NAME, Example, read_rows
from stance.types import Article, Doc, Span, Statement
from stance.view import view_of

FILES = ("open_licence.jsonl", "other.jsonl")
"""Where the articles are, under articles/ of the data folder."""

Row = Mapping[str, Any]


def articles(data: Path) -> dict[str, Row]:
    """Id to article of the unlabelled articles in a data folder."""
    return {row["id"]: row for name in FILES for row in read_rows(data / "articles" / name)}


def with_text(rows: Iterable[Row], known: Mapping[str, Row]) -> Iterator[dict[str, Any]]:
    """The rows with their article's outlet, and with what is said as "text".

    Raises:
        InputError: an article is missing or ends before the statement does.
    """
    for row in rows:
        article = known.get(row["article"])
        if article is None or row["content"][-1][1] > len(article["text"]):
            raise InputError(
                f"A statement is annotated in article {row['article']!r} at {row['content']}, but the data folder's "
                "articles/ has no such place. Use the version of the data that the annotations were made on."
            )
        text = " ".join(article["text"][start:end] for start, end in row["content"])
        yield {**row, "text": text, "outlet": article["outlet"]}


def documents(rows: Iterable[Row], known: Mapping[str, Row]) -> list[Doc]:
    """Articles with all of their statements, cut into paragraphs and sentences.

    Raises:
        InputError: an article is missing.
    """
    docs = []
    for row in rows:
        if row["article"] not in known:
            raise InputError(
                f"Article {row['article']!r} is annotated, but is not in articles/ of the data folder. "
                "Use the version of the data that the annotations were made on."
            )
        made = [_statement(row["article"], number, own) for number, own in enumerate(row["statements"], 1)]
        docs.append(Doc(_article(known[row["article"]]), statements=tuple(made), made_by="human"))
    return segment(docs)


def of_marked(rows: Iterable[Row], known: Mapping[str, Row], topic_of: Mapping[str, str]) -> Iterator[Example]:
    """Examples of statements annotated by place."""
    for row in rows:
        doc = Doc(_article(known[row["article"]]))
        statement = _statement(row["article"], row["content"][0][0], row)
        view = view_of(doc, statement)
        labels = {target: OF_NAME[stance] for target, stance in row["stances"]}
        topics = {topic_of[t]: ABOUT for t in labels} | ({f"topic/{row['topic']}": ABOUT} if row["topic"] else {})
        yield Example(
            view, view.speaker, {**labels, **topics}, topics_known=True, group=row["article"], source="marked"
        )


def _article(row: Row) -> Article:
    return Article(row["id"], row["text"], row["title"] or None, row["date"] or None, row["outlet"])


def _statement(article: str, number: int, row: Row) -> Statement:
    return Statement(
        id=f"{article}:{number}",
        content=tuple(Span(*span) for span in row["content"]),
        cue=Span(*row["cue"]) if row["cue"] else None,
        source=Span(*row["source"]) if row["source"] else None,
        kind="indirect",  # whether it is quoted is read off the text
    )
