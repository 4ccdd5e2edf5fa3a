"""What any system has said of the gold articles, read from its own output: ours, Citron's, GenderGapTracker's, others'.

- a run folder of `stance label`, or its statements.jsonl;
- a JSONL file with an article a row, {"id", "quotes": [...]}, or a folder of ID.json files, each an object with
  "quotes" or a plain list of quotes. A quote is one of
    {"cue": {"start", "end"}, "sources": [{"start", "end", "text"}], "contents": [...]}              Citron
    {"quote_index": "(s,e)", "speaker", "speaker_index": "(s,e)", "verb", "verb_index": "(s,e)"}     GenderGapTracker
    {"content": str, "speaker": str, "cue": str}      strings, as textacy gives them, found in the text
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.errors import InputError
from stance.evaluate.pairs import PairRow, Predictor, Probs
from stance.evaluate.tabular import read_json_lines
from stance.gold import slug
from stance.rows import doc_from_rows
from stance.text import paragraphs, quoted_spans, statement_kind
from stance.types import LABELS, Doc, Span, Speaker, Statement

Row = Mapping[str, Any]
ROUNDED = 0.02
"""Probabilities may add up to 1 but for this much: files hold them with few digits."""
INDEX = re.compile(r"\(?\s*(\d+)\s*,\s*(\d+)\s*\)?")


def read_predictions(path: Path, gold: Sequence[Doc]) -> list[Doc]:
    """The gold articles with what a system said of them; an article that it does not mention has no statements.

    Raises:
        InputError: the file cannot be read, fits no known format, or is about none of the articles.
    """
    quotes = dict(_by_article(path))
    if not set(quotes) & {doc.article.id for doc in gold}:
        ids = ", ".join([*quotes][:3]) or "none"
        raise InputError(
            f"{path} says nothing of the articles evaluated: its ids are {ids}, theirs {gold[0].article.id}, …"
        )
    return [_doc(doc, quotes.get(doc.article.id, ()), path) for doc in gold]


def read_labels(path: Path) -> Predictor:
    """Labels (and "probs") of the rows of a pairs task, one JSON object a row in their order.

    As `stance classify` writes them.

    Raises:
        InputError: when asked, if the file cannot be read, the numbers of rows differ, or a row does not fit.
    """

    def predict(rows: Sequence[PairRow]) -> list[Probs]:
        found = [*read_json_lines(path)]
        if len(found) != len(rows):
            raise InputError(f"{path} has {len(found)} rows, the task {len(rows)}; give one for each, in their order.")
        return [_probs(row, f"{path}:{number}") for number, row in found]

    return predict


def _probs(row: Row, where: str) -> Probs:
    label = row.get("label")
    if label not in LABELS:
        raise InputError(f"{where}: the label is {label!r}; it must be one of {', '.join(LABELS)}.")
    probs = row.get("probs") or {name: float(name == label) for name in LABELS}
    try:
        favor, against, neutral = (float(probs[name]) for name in LABELS)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where}: probs must hold a number for {', '.join(LABELS)}; got {probs!r}.") from error
    if not all(0 <= p <= 1 for p in (favor, against, neutral)) or abs(favor + against + neutral - 1) > ROUNDED:
        raise InputError(f"{where}: probs must be shares that add up to 1; got {probs!r}.")
    if probs[label] < max(favor, against, neutral):
        raise InputError(f"{where}: the label is {label!r}, but its probs have another one higher: {probs!r}.")
    return favor, against, neutral


def _by_article(path: Path) -> Iterator[tuple[str, Sequence[Row]]]:
    if (path / "statements.jsonl").is_file():
        path = path / "statements.jsonl"
    try:
        if path.is_dir():
            for file in sorted(path.glob("*.json")):
                row = json.loads(file.read_text(encoding="utf-8"))
                yield file.stem, row if isinstance(row, list) else row["quotes"]
            return
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} cannot be read as saved statements: {error}.") from error
    own: dict[str, list[Row]] = {}
    for number, row in enumerate(rows, 1):
        if "article_id" in row and "statement_id" in row:
            own.setdefault(str(row["article_id"]), []).append(row)
        elif "id" in row and "quotes" in row:
            own.setdefault(str(row["id"]), []).extend(row["quotes"])
        else:
            raise InputError(
                f"{path}:{number}: neither a statement of a run (article_id, statement_id) nor an article with quotes "
                f"(id, quotes); the row has {', '.join(map(str, row))}."
            )
    yield from own.items()


def _doc(gold: Doc, quotes: Sequence[Row], path: Path) -> Doc:
    article = gold.article
    bare = Doc(article, gold.paragraphs, gold.sentences)
    if quotes and "statement_id" in quotes[0]:
        row = {"article_id": article.id, "text": article.text, **dict.fromkeys(
            ("outlet", "date", "title", "url", "path", "sha256"))}  # fmt: skip
        try:
            own = doc_from_rows(row, quotes).statements
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}: a statement of {article.id} is not as `stance label` writes it ({type(error).__name__}: "
                f"{error})."
            ) from error
        for statement, quote in zip(own, quotes, strict=True):
            if statement.content_text(article.text) != quote["text"]:
                raise InputError(
                    f"{path}: statement {statement.id} has the offsets of another text of {article.id}. Label the "
                    "articles of the gold file itself."
                )
        return bare.with_statements(own)
    marks = quoted_spans(article.text, paragraphs(article.text))
    found = []
    for number, quote in enumerate(quotes, 1):
        where = f"{path}: {article.id}, quote {number}"
        parts = _parts(quote, article.text, where)
        if parts is None:
            continue
        content, cue, source, name = parts
        if max(span.end for span in (*content, cue, source) if span) > len(article.text):
            raise InputError(f"{where} goes beyond the text, which has {len(article.text)} characters.")
        speakers = (Speaker(slug(name), name, "person"),) if name else ()
        kind = statement_kind(article.text, content, marks)
        score = float(quote.get("confidence") or 1.0)
        found.append(Statement(f"{article.id}:{number}", content, cue, source, kind, score, None, speakers))
    return bare.with_statements(found)


Parts = tuple[tuple[Span, ...], Span | None, Span | None, str]
"""Content, cue, source, and the speaker's name."""


def _parts(quote: Row, text: str, where: str) -> Parts | None:
    """The parts of one quote; None where its content is empty or does not stand in the text."""
    forms: dict[str, Callable[[Row, str], Parts | None]] = {
        "contents": _citron,
        "quote_index": _gender_gap_tracker,
        "content": _strings,
    }
    for key, read in forms.items():
        if key in quote:
            try:
                return read(quote, text)
            except (KeyError, TypeError, ValueError) as error:
                raise InputError(f"{where}: {type(error).__name__}: {error}; the quote is {dict(quote)!r}.") from error
    raise InputError(f"{where}: of no known form; it has {', '.join(map(str, quote))}.")


def _citron(quote: Row, text: str) -> Parts | None:
    def spans(name: str) -> tuple[Span, ...]:
        return tuple(sorted(Span(s["start"], s["end"]) for s in quote.get(name) or ()))

    # with coreference resolved, Citron moves the mention to "coreferences" and gives the name as source
    mentions = spans("coreferences") or spans("sources")
    cue = Span(quote["cue"]["start"], quote["cue"]["end"]) if quote.get("cue") else None
    name = " ".join(source.get("text", "") for source in quote.get("sources") or ())
    return (spans("contents"), cue, mentions[0] if mentions else None, name) if spans("contents") else None


def _gender_gap_tracker(quote: Row, text: str) -> Parts | None:
    def span(name: str) -> Span | None:
        found = INDEX.fullmatch(str(quote.get(name) or "").strip())
        return Span(int(found[1]), int(found[2])) if found and int(found[1]) < int(found[2]) else None

    content = span("quote_index")
    name = str(quote.get("speaker") or "").strip()
    return ((content,), span("verb_index"), span("speaker_index"), name) if content else None


def _strings(quote: Row, text: str) -> Parts | None:
    content = _found(text, quote["content"], 0)
    if content is None:
        return None
    near = max(0, content.start - 300)
    cue, source = (_found(text, str(quote.get(name) or ""), near) for name in ("cue", "speaker"))
    return (content,), cue, source, str(quote.get("speaker") or "")


def _found(text: str, part: str, start: int) -> Span | None:
    at = text.find(part, start) if part else -1
    return Span(at, at + len(part)) if at >= 0 else None
