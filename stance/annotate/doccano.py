"""doccano: spans with relations (sequence labelling), and one statement a text (text classification).

The first shows who said what. doccano has no place for what belongs to a span, so speakers, kinds and stances travel
as data of the article, which doccano keeps but does not show; the second is for judging stances.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from stance.annotate.anchor import Mark, alike
from stance.annotate.correct import Verdict, corrected
from stance.annotate.findings import Source, once
from stance.annotate.form import SOME, Export, Format
from stance.annotate.graph import RELATIONS, ROLES, Relation, regions_of
from stance.annotate.jsonfile import Row, json_lines, lines
from stance.annotate.notation import TOPIC, joined, speaker_text, stance_text
from stance.annotate.parts import Draft, assembled, text_of
from stance.types import LABELS, Doc, Span

META = ("doc_id", "date", "outlet", "title")


def setup(export: Export) -> str:
    """Labels to import under Labels (spans, then relations)."""
    colors = {"Content": "#f4a300", "Source": "#2a6fdb", "Cue": "#3c9d4e"}
    spans = [{"text": role, "suffix_key": role[0].lower(), "background_color": colors[role]} for role in ROLES]
    relations = [{"text": name, "background_color": "#777777"} for name in RELATIONS]
    return "\n".join(json.dumps(labels, indent=1) for labels in (spans, relations)) + "\n"


def setup_stance(export: Export) -> str:
    """Labels to import under Labels: each target with each label."""
    names = [t.id for t in export.topics.targets] + [f"{TOPIC}{t.id}" for t in export.topics.topics]
    colors = {"favor": "#2a6fdb", "against": "#c0392b", "neutral": "#777777"}
    labels = [{"text": f"{name}:{side}", "background_color": colors[side]} for name in names for side in LABELS]
    return json.dumps(labels, indent=1) + "\n"


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    return {"articles.jsonl": json_lines(_row(doc) for doc in docs)}


def _row(doc: Doc) -> Row:
    article = doc.article
    regions, relations = regions_of(doc)
    number = {region.id: place for place, region in enumerate(regions)}
    statements: list[Row] = [
        {
            "id": s.id,
            "content": [[span.start, span.end] for span in s.content],
            "kind": s.kind,
            "speakers": [speaker_text(speaker) for speaker in s.speakers],
            "stances": [stance_text(stance) for stance in s.stances],
        }
        for s in doc.statements
    ]
    return {
        "text": article.text,
        "entities": [
            {"id": number[r.id], "start_offset": r.span.start, "end_offset": r.span.end, "label": r.role}
            for r in regions
        ],
        "relations": [
            {"id": place, "from_id": number[r.head], "to_id": number[r.tail], "type": r.type}
            for place, r in enumerate(relations)
        ],
        "doc_id": article.id,
        **{key: value for key in META[1:] if (value := getattr(article, key)) is not None},
        "statements": statements,
    }


def read(source: Source) -> list[Doc]:
    found = []
    for row, where in lines(source):
        if "entities" not in row:
            remedy = "Export a sequence labelling project with relations as JSONL"
            source.findings.refuse(where, "no 'entities'", remedy)
            continue
        with source.findings.reading(where, "doccano"):
            if (doc := _doc(row, where, source)) is not None:
                found.append((doc, "", where))
    return once(found, source)


def _doc(row: Row, where: str, source: Source) -> Doc | None:
    text = text_of(row, row.get("doc_id"), str(row.get("text")), source, where)
    if text is None:
        return None
    drafts = []
    for item in row["entities"]:
        mark = Mark(item["start_offset"], item["end_offset"], None, where)
        drafts.append(Draft(str(item["id"]), where, mark, [item["label"]]))
    relations = [Relation(str(r["from_id"]), str(r["to_id"]), r["type"], where) for r in row.get("relations") or ()]
    _tell(drafts, relations, row.get("statements") or [], source)
    return assembled(text, drafts, relations, source)


def _tell(drafts: Sequence[Draft], relations: Sequence[Relation], told: Sequence[Row], source: Source) -> None:
    """Give each Content what the export said of it: of the same content, else of the one that it overlaps alone."""
    spans = {draft.id: Span(draft.mark.start, draft.mark.end) for draft in drafts if draft.mark}
    further = {r.tail for r in relations if r.type == "continued_by"}
    heads = [draft for draft in drafts if draft.roles == ["Content"] and draft.id not in further]
    left = list(told)
    unmatched = []
    for draft in heads:
        parts = {draft.id, *(r.tail for r in relations if r.head == draft.id and r.type == "continued_by")}
        content = sorted([spans[part].start, spans[part].end] for part in parts if part in spans)
        same = next((row for row in left if sorted(row["content"]) == content), None)
        if same is None:
            unmatched.append((draft, content))
        else:
            left.remove(same)
            _give(draft, same)
    for draft, content in unmatched:
        near = [row for row in left if _overlap(content, row["content"])]
        if len(near) == 1:
            left.remove(near[0])
            _give(draft, near[0])
            source.findings.note("statements whose content was changed; they keep their speakers and stances")
        else:
            source.findings.note("new statements without speakers and stances: doccano has no place for them")
    if left:
        source.findings.note("statements that were deleted", len(left))


def _overlap(one: Sequence[Sequence[int]], other: Sequence[Sequence[int]]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one for b in other)


def _give(draft: Draft, told: Row) -> None:
    draft.statement, draft.kind = str(told["id"]), told.get("kind") or ""
    draft.speakers, draft.stances = list(told.get("speakers") or ()), list(told.get("stances") or ())


def write_stance(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    return {"statements.jsonl": json_lines(_stance_rows(docs))}


def _stance_rows(docs: Sequence[Doc]) -> Iterator[Row]:
    for doc in docs:
        for s in doc.statements:
            yield {
                "text": s.content_text(doc.article.text),
                "label": [stance_text(stance) for stance in s.stances],
                "doc_id": doc.article.id,
                "statement_id": s.id,
                "speaker": joined(speaker.name for speaker in s.speakers),
            }


def read_stance(source: Source) -> list[Doc]:
    verdicts = []
    for row, where in lines(source):
        if (doc := source.article(str(row.get("doc_id")), where)) is None:
            continue
        own: Any = next((s for s in doc.statements if s.id == str(row.get("statement_id"))), None)
        if own is not None and not alike(own.content_text(doc.article.text), str(row.get("text"))):
            what = f"the text is not that of statement {own.id} in the run"
            source.findings.refuse(where, what, "Give the run that the file was exported from")
            continue
        with source.findings.reading(where, "doccano"):
            labels = [str(label) for label in (row["label"] if "label" in row else row.get("labels") or [])]
            verdicts.append(Verdict(doc.article.id, str(row.get("statement_id")), where, labels))
    return corrected(verdicts, source)


DOCCANO = Format(
    name="doccano",
    tool="doccano, sequence labelling with relations (JSONL)",
    files="*.jsonl",
    write=write,
    read=read,
    losses=(
        "Speakers, kinds and stances travel along as data of the article, which doccano does not show: judge stances "
        "with doccano-stance.",
        "Probabilities and scores are not kept.",
    ),
    setup=setup,
)
DOCCANO_STANCE = Format(
    name="doccano-stance",
    tool="doccano, text classification (JSONL)",
    files="*.jsonl",
    write=write_stance,
    read=read_stance,
    losses=(
        "It holds stances only; spans and speakers come from the run.",
        SOME,
        "Probabilities and scores are not kept.",
    ),
    setup=setup_stance,
    needs_texts=True,
    single=True,
)
