"""Discourse Network Analyzer: its event list as CSV, the articles, and an R script that puts both into a database.

A row is a statement, speaker and stance. Offsets count UTF-16 units. agreement is 1 for, 0 against; neutral, which a
boolean cannot say, is -1 and is loaded only where the statement type has an integer variable. The article's id is the
document's section. An event list that DNA exports comes back as speakers and stances of the run's statements.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from stance.annotate.anchor import Mark, anchored, utf16
from stance.annotate.findings import Source, read_text
from stance.annotate.form import Export, Format
from stance.annotate.graph import finished
from stance.annotate.notation import about
from stance.annotate.parts import kind_of, stances_of
from stance.gold import slug
from stance.types import Doc, Label, Span, Speaker, Statement

COLUMNS = (
    "statement_id time person organization concept agreement start_position stop_position text coder document_id "
    "document_title document_author document_source document_section document_type"
).split()
AGREEMENT: dict[Label, int] = {"favor": 1, "against": 0, "neutral": -1}
SCRIPT = """# Loads documents.csv and eventlist.csv into a DNA database; needs the R package rDNA.
library(rDNA)
database <- "project.dna"   # made beforehand in DNA
neutral <- FALSE            # TRUE where `agreement` is an integer variable, which holds -1 for neutral
dna_init()
dna_openDatabase(database, coderId = 1, coderPassword = readline("Password of coder 1: "))
docs <- read.csv("documents.csv", encoding = "UTF-8", colClasses = "character")
st <- read.csv2("eventlist.csv", encoding = "UTF-8", na.strings = character())
if (!neutral) {
  message(sum(st$agreement < 0), " neutral statements are left out: set neutral <- TRUE")
  st <- st[st$agreement >= 0, ]
}
ids <- dna_addDocuments(coder_id = 1, title = docs$title, text = docs$text, author = docs$author, source = docs$source,
                        section = docs$section, type = docs$type, date_time = as.POSIXct(docs$date, tz = "UTC"))
for (i in seq_len(nrow(st))) {
  dna_addStatement(ids[st$document_id[i]], st$start_position[i], st$stop_position[i], "DNA Statement", 1,
                   person = st$person[i], organization = st$organization[i], concept = st$concept[i],
                   agreement = st$agreement[i])
}
"""
_FIRST = "1970-01-01"
"""The date of an article that has none: DNA wants one."""


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    documents = [_document(doc) for doc in docs]
    return {
        "eventlist.csv": _csv(COLUMNS, _events(docs), ";", csv.QUOTE_NONNUMERIC),
        "documents.csv": _csv(list(_document(docs[0])) if docs else ["title"], documents, ",", csv.QUOTE_ALL),
        "import.R": SCRIPT.encode(),
    }


def _csv(columns: Sequence[str], rows: Any, mark: str, quoting: Any) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, delimiter=mark, quoting=quoting, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def _document(doc: Doc) -> dict[str, str]:
    article = doc.article
    return {
        "title": article.title or article.id,
        "text": article.text,
        "author": "",
        "source": article.outlet or "",
        "section": article.id,
        "type": "news",
        "date": article.date or _FIRST,
    }


def _events(docs: Sequence[Doc]) -> Iterator[dict[str, Any]]:
    number = 0
    for place, doc in enumerate(docs, 1):
        units, about_doc = utf16(doc.article.text), _document(doc)
        for s in doc.statements:
            whole = Span(s.content[0].start, s.content[-1].end)
            for speaker, stance in product(s.speakers or (None,), s.stances):
                number += 1
                person, organization = _names(speaker)
                yield {
                    "statement_id": number,
                    "time": f"{about_doc['date']} 00:00:00",
                    "person": person,
                    "organization": organization,
                    "concept": about(stance),
                    "agreement": AGREEMENT[stance.label],
                    "start_position": units[whole.start],
                    "stop_position": units[whole.end],
                    "text": whole.text(doc.article.text),
                    "coder": 1,
                    "document_id": place,
                    **{f"document_{key}": about_doc[key] for key in ("title", "author", "source", "section", "type")},
                }


def _names(speaker: Speaker | None) -> tuple[str, str]:
    """Person and organization: a body or country is the latter, everybody else a person who may belong to one."""
    if speaker is None:
        return "", ""
    return ("", speaker.name) if speaker.kind in ("country", "organization") else (speaker.name, speaker.affiliation)


def read(source: Source) -> list[Doc]:
    found: dict[str, list[tuple[dict[str, str], str]]] = {}
    for path in source.files:
        reader = csv.DictReader(io.StringIO(read_text(path), newline=""), delimiter=";")
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            remedy = "Export an event list with ; between the columns"
            source.findings.refuse(f"{path}:1", f"the column {missing[0]!r} is missing", remedy)
            continue
        before = reader.line_num
        for row in reader:
            found.setdefault(row["document_section"], []).append((row, f"{path}:{before + 1}"))
            before = reader.line_num
    docs = []
    for name, rows in found.items():
        doc = source.article(name, rows[0][1])
        if doc is not None:
            with source.findings.reading(rows[0][1], "DNA"):
                docs.append(_judged(doc, rows, source))
    return docs


def _judged(doc: Doc, rows: Sequence[tuple[dict[str, str], str]], source: Source) -> Doc:
    """The article with what the rows say; statements without a row keep their speakers and have no stance."""
    text, findings = doc.article.text, source.findings
    marks = [Mark(int(r["start_position"]), int(r["stop_position"]), r["text"], at) for r, at in rows]
    told: dict[Span, list[tuple[dict[str, str], str]]] = {}
    for row, span in zip(rows, anchored(text, marks, findings, "UTF-16"), strict=True):
        if span is not None:
            told.setdefault(span, []).append(row)
    made = []
    for s in doc.statements:
        whole = Span(s.content[0].start, s.content[-1].end)
        own = [(row, at) for row, at in told.get(whole, ()) if _said_by(row, s)] or list(told.get(whole, ()))
        for one in own:
            told[whole].remove(one)
        made.append(_with(s, own, source))
    for span, own in told.items():
        if own:
            findings.note("statements that the run does not have; they have neither source nor cue")
            bare = Statement("", (span,), None, None, kind_of("", own[0][1], findings))
            made.append(_with(bare, own, source))
    return Doc(doc.article, statements=tuple(finished(doc.article, made)), made_by="human")


def _said_by(row: dict[str, str], s: Statement) -> bool:
    return (row["person"], row["organization"]) in {_names(speaker) for speaker in s.speakers or (None,)}


def _with(s: Statement, rows: Sequence[tuple[dict[str, str], str]], source: Source) -> Statement:
    lines = {}
    known = {_names(speaker): speaker for speaker in s.speakers}
    speakers: dict[Speaker, None] = {}
    for row, where in rows:
        label = {str(value): name for name, value in AGREEMENT.items()}.get(row["agreement"].strip())
        lines[f"{row['concept']}:{label}"] = where
        key = row["person"], row["organization"]
        if any(key):
            speakers[known.get(key) or _new(*key)] = None
    where = rows[0][1] if rows else ""
    stances = tuple(stances_of(lines, where, source))
    return replace(s, stances=stances, speakers=tuple(speakers) if rows else s.speakers, score=1.0)


def _new(person: str, organization: str) -> Speaker:
    if person:
        return Speaker(slug(person), person, "person", "", organization)
    return Speaker(slug(organization), organization, "organization")


DNA = Format(
    name="dna",
    tool="Discourse Network Analyzer (event list, R script)",
    files="*eventlist*.csv",
    write=write,
    read=read,
    losses=(
        "Statements without a stance do not occur; on import they stay as they are in the run.",
        "Spans, cues, sources, kinds and roles come from the run; a content in parts is one range.",
        "neutral is agreement -1, which needs an integer variable in DNA.",
        "Probabilities and scores are not kept.",
    ),
    folder=True,
    needs_texts=True,
)
