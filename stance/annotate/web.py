"""W3C Web Annotation (JSON-LD): an annotation a statement, with position and quote selectors.

The target is the content, part by part. Bodies are its stances (tagging), speakers (identifying) and kind
(classifying), and the places of its source and cue. Offsets count code points, as the standard has it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, unquote

from stance.annotate.anchor import Mark, anchored
from stance.annotate.findings import Findings, Source
from stance.annotate.form import Export, Format
from stance.annotate.graph import finished
from stance.annotate.jsonfile import Element, Row, elements
from stance.annotate.notation import speaker_text, stance_text
from stance.annotate.parts import statement
from stance.types import Article, Doc, Span, Statement

DOC, OWN, CONTEXT = "urn:doc:", "urn:stance:", "http://www.w3.org/ns/anno.jsonld"
NEAR = 16
"""Characters of prefix and suffix."""


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    rows = [_annotation(doc.article, s, export) for doc in docs for s in doc.statements]
    return {"annotations.jsonld": (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()}


def _annotation(article: Article, s: Statement, export: Export) -> Row:
    def body(purpose: str, value: str) -> Row:
        return {"type": "TextualBody", "purpose": purpose, "value": value}

    bodies = [body("tagging", stance_text(stance)) for stance in s.stances]
    bodies += [body("identifying", speaker_text(speaker)) for speaker in s.speakers]
    bodies.append(body("classifying", s.kind))
    for role, span in (("Source", s.source), ("Cue", s.cue)):
        if span is not None:
            bodies.append({"type": "SpecificResource", "purpose": "describing", "role": role, **_place(article, span)})
    by = {} if export.checked else {"generator": {"id": f"{OWN}{quote(export.model, safe='')}", "type": "Software"}}
    return {
        "@context": [CONTEXT, {"role": f"{OWN}role"}],
        "id": f"{OWN}{quote(article.id, safe='')}:{quote(s.id, safe='')}",
        "type": "Annotation",
        "motivation": "classifying",
        **by,
        "body": bodies,
        "target": [_place(article, span) for span in s.content],
    }


def _place(article: Article, span: Span) -> Row:
    text = article.text
    return {
        "source": DOC + quote(article.id, safe=""),
        "selector": [
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            {
                "type": "TextQuoteSelector",
                "exact": span.text(text),
                "prefix": text[max(0, span.start - NEAR) : span.start],
                "suffix": text[span.end : span.end + NEAR],
            },
        ],
    }


def read(source: Source) -> list[Doc]:
    found: dict[str, list[tuple[Row, str]]] = {}
    for path in source.files:
        for element in elements(path):
            own, where = _source(element), element.where()
            if own is None:
                remedy = f"Its target must be a SpecificResource whose source begins with {DOC}"
                source.findings.refuse(where, "the annotation is about no article", remedy)
            else:
                found.setdefault(own, []).append((element.row, where))
    docs = []
    for name, rows in found.items():
        doc = source.article(name, rows[0][1])
        if doc is not None:
            made = []
            for row, where in rows:
                with source.findings.reading(where, "the standard (W3C Web Annotation)"):
                    made += [s for s in [_statement(row, doc.article, where, source)] if s is not None]
            docs.append(Doc(doc.article, statements=tuple(finished(doc.article, made)), made_by="human"))
    return docs


def _list(value: Any) -> list[Any]:
    """A JSON-LD value, which is a list only where there are several."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _source(element: Element) -> str | None:
    for target in _list(element.row.get("target")):
        if isinstance(target, dict) and str(target.get("source")).startswith(DOC):
            return unquote(str(target["source"]).removeprefix(DOC))
    return None


def _mark(place: Row, where: str, findings: Findings) -> Mark | None:
    own = {selector.get("type"): selector for selector in _list(place.get("selector"))}
    quoted = own.get("TextQuoteSelector") or {}
    position = own.get("TextPositionSelector") or ({"start": -1, "end": -1} if quoted else None)
    if position is None:
        findings.refuse(where, "no selector that is known", "Give a TextPositionSelector or TextQuoteSelector")
        return None
    near = {"prefix": quoted.get("prefix") or "", "suffix": quoted.get("suffix") or ""}
    return Mark(position["start"], position["end"], quoted.get("exact"), where, **near)


def _statement(row: Row, article: Article, where: str, source: Source) -> Statement | None:
    findings = source.findings
    bodies = [body for body in _list(row.get("body")) if isinstance(body, dict)]
    places = [("Content", target) for target in _list(row.get("target"))]
    places += [(body["role"], body) for body in bodies if body.get("role") in ("Source", "Cue")]
    marks = [(role, mark) for role, place in places if (mark := _mark(place, where, findings)) is not None]
    spans = anchored(article.text, [mark for _, mark in marks], findings)
    if None in spans or len(marks) < len(places):
        return None
    roles: dict[str, list[Span]] = {"Content": [], "Source": [], "Cue": []}
    for (role, _), span in zip(marks, spans, strict=True):
        roles[role] += [span] if span is not None else []

    def values(purpose: str) -> list[str]:
        return [str(body.get("value")) for body in bodies if body.get("purpose") == purpose]

    prefix = f"{OWN}{quote(article.id, safe='')}:"
    own = str(row.get("id"))
    name = unquote(own.removeprefix(prefix)) if own.startswith(prefix) else ""
    told = {"speakers": values("identifying"), "stances": values("tagging"), "kind": "".join(values("classifying")[:1])}
    return statement(name, roles, told, where, source)


WEB = Format(
    name="web-annotation",
    tool="W3C Web Annotation (JSON-LD)",
    files="*.jsonld",
    write=write,
    read=read,
    losses=("An article without statements does not occur.", "Probabilities and scores are not kept."),
    needs_texts=True,
)
