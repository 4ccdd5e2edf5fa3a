"""Prodigy: texts with tokens, spans and relations (rel.manual, spans.manual).

What belongs to a span (statement, speakers, kind, stances) stands in it under keys of its own, which Prodigy keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stance.annotate.anchor import Mark
from stance.annotate.findings import Source, once
from stance.annotate.form import Export, Format
from stance.annotate.graph import RELATIONS, ROLES, Relation, regions_of
from stance.annotate.jsonfile import Row, json_lines, lines
from stance.annotate.notation import speaker_text, stance_text
from stance.annotate.parts import Draft, assembled, text_of
from stance.annotate.tokens import covered, tokens
from stance.types import Doc, Span

META = ("doc_id", "date", "outlet", "title")


def setup(export: Export) -> str:
    """The command that opens an export."""
    return (
        f"prodigy rel.manual articles blank:en articles.jsonl --label {','.join(RELATIONS)} "
        f"--span-label {','.join(ROLES)} --wrap\n"
    )


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    return {"articles.jsonl": json_lines(_row(doc) for doc in docs)}


def _row(doc: Doc) -> Row:
    article = doc.article
    regions, relations = regions_of(doc)
    words = tokens(article.text, (region.span for region in regions))
    spans: dict[str, Row] = {}
    for region in regions:
        inside = covered(words, region.span) or [0]
        place = {"start": region.span.start, "end": region.span.end, "token_start": inside[0], "token_end": inside[-1]}
        spans[region.id] = {
            **place,
            "label": region.role,
            "text": region.span.text(article.text),
            "id": region.id,
            **({"statement": region.statement, "kind": region.kind} if region.statement else {}),
            **({"speakers": [speaker_text(s) for s in region.speakers]} if region.speakers else {}),
            **({"stances": [stance_text(s) for s in region.stances]} if region.stances else {}),
        }
    meta = {"doc_id": article.id}
    meta |= {key: value for key in META[1:] if (value := getattr(article, key)) is not None}
    return {
        "text": article.text,
        "tokens": [_token(article.text, n, word) for n, word in enumerate(words)],
        "spans": list(spans.values()),
        "relations": [_relation(r, spans[r.head], spans[r.tail]) for r in relations],
        "meta": meta,
    }


def _token(text: str, number: int, word: Span) -> Row:
    space = text[word.end : word.end + 1].isspace()
    return {"text": word.text(text), "start": word.start, "end": word.end, "id": number, "ws": space}


def _relation(relation: Relation, head: Row, tail: Row) -> Row:
    keys = ("start", "end", "token_start", "token_end", "label", "id")
    return {
        "head": head["token_end"],
        "child": tail["token_end"],
        "head_span": {key: head[key] for key in keys},
        "child_span": {key: tail[key] for key in keys},
        "label": relation.type,
    }


def read(source: Source) -> list[Doc]:
    found = []
    for row, where in lines(source):
        if row.get("answer", "accept") != "accept":
            source.findings.note(f"articles whose answer is {row['answer']!r} are left out")
        elif not isinstance(row.get("text"), str):
            source.findings.refuse(where, "no 'text'", "Give what prodigy db-out wrote")
        else:
            with source.findings.reading(where, "Prodigy"):
                if (doc := _doc(row, where, source)) is not None:
                    found.append((doc, str(row.get("_annotator_id") or row.get("_session_id") or ""), where))
    return once(found, source)


def _doc(row: Row, where: str, source: Source) -> Doc | None:
    meta = row.get("meta") or {}
    text = text_of(meta, meta.get("doc_id"), row["text"], source, where)
    if text is None:
        return None
    drafts: list[Draft] = []
    names: dict[tuple[int, int, str], str] = {}
    for number, span in enumerate(row.get("spans") or ()):
        own = str(span.get("id", f"span {number + 1}"))
        names.setdefault(_place(span), own)
        mark = Mark(span["start"], span["end"], span.get("text"), where)
        lists: dict[str, Any] = {key: list(span.get(key) or ()) for key in ("speakers", "stances")}
        kind, statement = span.get("kind") or "", span.get("statement") or ""
        drafts.append(Draft(own, where, mark, [span["label"]], **lists, kind=kind, statement=statement))
    known = {draft.id for draft in drafts}

    def end(span: Row) -> str:
        own = str(span.get("id"))
        return own if own in known else names.get(_place(span), f"[{span['start']}, {span['end']})")

    relations = [
        Relation(end(r["head_span"]), end(r["child_span"]), r["label"], where) for r in row.get("relations") or ()
    ]
    return assembled(text, drafts, relations, source)


def _place(span: Row) -> tuple[int, int, str]:
    return span["start"], span["end"], span["label"]


PRODIGY = Format(
    name="prodigy",
    tool="Prodigy (JSONL)",
    files="*.jsonl",
    write=write,
    read=read,
    losses=(
        "Speakers, kinds and stances stand in the spans, where Prodigy keeps but does not show them.",
        "Probabilities and scores are not kept.",
    ),
    setup=setup,
)
