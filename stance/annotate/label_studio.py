"""Label Studio: a list of tasks with regions, relations, and a speaker, a kind and stances for each region.

Offsets count code points; in exports of old versions UTF-16 units. Each region carries its statement's id as meta.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from stance.annotate.anchor import Mark
from stance.annotate.findings import Findings, Source, once
from stance.annotate.form import Export, Format
from stance.annotate.graph import RELATIONS, ROLES, Region, Relation, regions_of
from stance.annotate.jsonfile import Element, Row, elements
from stance.annotate.notation import TOPIC, about, speaker_text
from stance.annotate.parts import Draft, assembled, text_of
from stance.gold import KINDS
from stance.types import LABELS, Doc

STATEMENT = "statement "
"""Begins the meta text that holds a statement's id."""


def setup(export: Export) -> str:
    """The labelling configuration."""
    relations = "".join(f"<Relation value={quoteattr(name)}/>" for name in RELATIONS)
    colors = {"Content": "#f4a300", "Source": "#2a6fdb", "Cue": "#3c9d4e"}
    labels = "".join(f'<Label value="{role}" background="{colors[role]}"/>' for role in ROLES)
    kinds = "".join(f'<Choice value="{kind}"/>' for kind in KINDS)
    sides = "".join(f'<Choice value="{label}"/>' for label in LABELS)
    targets = [(target.id, target.proposition) for target in export.topics.targets]
    targets += [(f"{TOPIC}{topic.id}", f"{topic.label}: no single target") for topic in export.topics.topics]
    choices = "\n".join(
        f"    <Choice value={quoteattr(name)} hint={quoteattr(hint)}>{sides}</Choice>" for name, hint in targets
    )
    of_region = 'toName="text" perRegion="true" whenTagName="label"'
    return f"""<View>
  <Relations>{relations}</Relations>
  <Labels name="label" toName="text">{labels}</Labels>
  <Text name="text" value="$text"/>
  <TextArea name="speaker" {of_region} whenLabelValue="Source,Content" displayMode="region-list" editable="true"
            maxSubmissions="20" placeholder="Name | kind | role | affiliation"/>
  <Choices name="kind" {of_region} whenLabelValue="Content" choice="single" showInline="true">{kinds}</Choices>
  <Taxonomy name="stance" {of_region} whenLabelValue="Content" leafsOnly="true"
            showFullPath="true" pathSeparator=": ">
{choices}
  </Taxonomy>
</View>
"""


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    tasks = [_task(doc, export) for doc in docs]
    return {"tasks.json": (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode()}


def _task(doc: Doc, export: Export) -> Row:
    article = doc.article
    regions, relations = regions_of(doc)
    result = [item for region in regions for item in _items(region, article.text, export.checked)]
    result += [
        {"type": "relation", "from_id": r.head, "to_id": r.tail, "direction": "right", "labels": [r.type]}
        for r in relations
    ]
    data = {"text": article.text, "doc_id": article.id}
    data |= {key: value for key in ("date", "outlet", "title") if (value := getattr(article, key)) is not None}
    if export.checked:
        return {"data": data, "annotations": [{"result": result}]}
    scores = [s.score for s in doc.statements]
    score = {"score": round(sum(scores) / len(scores), 4)} if scores else {}
    return {"data": data, "predictions": [{"model_version": export.model, **score, "result": result}]}


def _items(region: Region, text: str, checked: bool) -> Iterator[Row]:
    """A region and what belongs to it; all parts have its id."""
    place = {"start": region.span.start, "end": region.span.end, "text": region.span.text(text)}

    def item(name: str, kind: str, value: Any) -> Row:
        own = {"id": region.id, "from_name": name, "to_name": "text", "type": kind, "value": {**place, **value}}
        return own

    label = item("label", "labels", {"labels": [region.role]})
    if region.statement:
        label["meta"] = {"text": [STATEMENT + region.statement]}
        if not checked:
            label["score"] = round(region.score, 4)
    yield label
    if region.speakers:
        yield item("speaker", "textarea", {"text": [speaker_text(speaker) for speaker in region.speakers]})
    if region.kind:
        yield item("kind", "choices", {"choices": [region.kind]})
    if region.stances:
        paths = [[about(stance), stance.label] for stance in region.stances]
        own = item("stance", "taxonomy", {"taxonomy": paths})
        if not checked:
            own["score"] = round(min(stance.confidence for stance in region.stances), 4)
        yield own


def read(source: Source) -> list[Doc]:
    found = []
    for path in source.files:
        for task in elements(path):
            data = task.row.get("data")
            if not isinstance(data, dict) or not isinstance(data.get("text"), str):
                remedy = "Export as JSON; JSON-MIN and CSV drop relations"
                source.findings.refuse(task.where(), "no task with data.text", remedy)
                continue
            where = task.where("doc_id", str(data.get("doc_id")))
            with source.findings.reading(where, "Label Studio"):
                for annotation in _annotations(task.row, source):
                    if (doc := _doc(task, annotation, source, where)) is not None:
                        found.append((doc, _coder(annotation), where))
    return once(found, source)


def _annotations(task: Row, source: Source) -> list[Row]:
    """What people have made of a task: the ground truth where there is one."""
    made = [annotation for annotation in task.get("annotations") or () if not annotation.get("was_cancelled")]
    if not made and source.predictions:
        return list(task.get("predictions") or ())[:1]
    if not made:
        source.findings.note(
            "articles that nobody has annotated are left out (--predictions takes what the model said)"
        )
    return [annotation for annotation in made if annotation.get("ground_truth")] or made


def _coder(annotation: Row) -> str:
    by = annotation.get("completed_by") or ""
    return str(by.get("email") or by.get("id")) if isinstance(by, dict) else str(by)


def _doc(task: Element, annotation: Row, source: Source, where: str) -> Doc | None:
    data = task.row["data"]
    text = text_of(data, data.get("doc_id"), data["text"], source, where)
    if text is None:
        return None
    drafts: dict[str, Draft] = {}
    relations = []
    for item in annotation.get("result") or ():
        if item.get("type") == "relation":
            at = task.where("from_id", str(item["from_id"]))
            labels = item.get("labels") or [""]
            ends = (item["from_id"], item["to_id"])
            head, tail = reversed(ends) if item.get("direction") == "left" else ends
            relations += [Relation(head, tail, label, at) for label in labels]
        else:
            own = str(item.get("id"))
            _gather(item, drafts.setdefault(own, Draft(own, task.where("id", own))), source.findings)
    return assembled(text, list(drafts.values()), relations, source)


def _gather(item: Row, draft: Draft, findings: Findings) -> None:
    """Add to a region what one item of a result says of it."""
    value, name = item.get("value") or {}, item.get("from_name")
    if name == "label" or "labels" in value:
        text = value.get("text")
        draft.mark = Mark(int(value["start"]), int(value["end"]), text if isinstance(text, str) else None, draft.where)
        draft.roles = [*draft.roles, *value.get("labels", ())]
        for line in (item.get("meta") or {}).get("text") or ():
            draft.statement = line.removeprefix(STATEMENT) if line.startswith(STATEMENT) else draft.statement
    elif name == "speaker":
        lines = value.get("text") or []
        draft.speakers += [lines] if isinstance(lines, str) else lines
    elif name == "kind":
        draft.kind = (value.get("choices") or [""])[0]
    elif name == "stance":
        for path in value.get("taxonomy") or ():
            if len(path) < 2:
                what = f"the stance of region {draft.id} has a target without a label: {path}"
                findings.refuse(draft.where, what, "Choose favor, against or neutral below the target")
            else:
                draft.stances.append(":".join(path[-2:]))
    else:
        findings.note(f"regions' {name!r} values, which the labelling configuration does not have, are left out")


LABEL_STUDIO = Format(
    name="label-studio",
    tool="Label Studio (JSON)",
    files="*.json",
    write=write,
    read=read,
    losses=("Probabilities are kept as one score a region; the three of a stance are not.",),
    setup=setup,
)
