"""INCEpTION: UIMA CAS JSON 0.4, an article a file, with a span and a relation layer that are to be imported first.

Of the formats that INCEpTION reads, this one has both layers, any offsets and no tokens to agree on. Offsets count
UTF-16 units, as Java does; other programs may write code points. The file's name is the article's id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from stance.annotate.anchor import Mark, utf16
from stance.annotate.findings import Source, once, read_text
from stance.annotate.form import Export, Format
from stance.annotate.graph import Relation, regions_of
from stance.annotate.jsonfile import Row
from stance.annotate.notation import joined, parted, speaker_text, stance_text
from stance.annotate.parts import Draft, assembled, text_of
from stance.types import Doc

SPAN, RELATION = "webanno.custom.Statement", "webanno.custom.Attribution"
FEATURES = ("role", "speaker", "kind", "stance", "statement")
META = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_STRING, _ANNOTATION = "uima.cas.String", "uima.tcas.Annotation"


def setup(export: Export) -> str:
    """The layers as a UIMA type system, to be imported under Settings, Layers."""
    rows = [(SPAN, [(name, _STRING) for name in FEATURES])]
    rows.append((RELATION, [("Dependent", SPAN), ("Governor", SPAN), ("relation", _STRING)]))
    types = "".join(
        f"<typeDescription><name>{name}</name><description/><supertypeName>{_ANNOTATION}</supertypeName><features>"
        + "".join(
            f"<featureDescription><name>{feature}</name><description/><rangeTypeName>{kind}</rangeTypeName>"
            "</featureDescription>"
            for feature, kind in features
        )
        + "</features></typeDescription>\n"
        for name, features in rows
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">'
        f"<types>\n{types}</types></typeSystemDescription>\n"
    )


def write(docs: Sequence[Doc], export: Export) -> dict[str, bytes]:
    files = {f"{quote(doc.article.id, safe='')}.json": _cas(doc) for doc in docs}
    return {name: (json.dumps(cas, ensure_ascii=False, indent=1) + "\n").encode() for name, cas in files.items()}


def _cas(doc: Doc) -> Row:
    article = doc.article
    units = utf16(article.text)
    regions, relations = regions_of(doc)
    sofa = {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text"}
    structures: list[Row] = [{**sofa, "sofaString": article.text}]
    number = {region.id: place for place, region in enumerate(regions, 3)}

    def add(own: int, layer: str, ends: tuple[int, int], **features: Any) -> None:
        given = {key: value for key, value in features.items() if value not in ("", None)}
        structures.append({"%ID": own, "%TYPE": layer, "@sofa": 1, "begin": ends[0], "end": ends[1], **given})

    add(2, META, (0, units[-1]), language="x-unspecified", documentId=article.id, documentTitle=article.title)
    spans = {}
    for region in regions:
        spans[region.id] = units[region.span.start], units[region.span.end]
        speaker = joined(speaker_text(s) for s in region.speakers)
        stance = joined(stance_text(s) for s in region.stances)
        more = {"speaker": speaker, "kind": region.kind, "stance": stance, "statement": region.statement}
        add(number[region.id], SPAN, spans[region.id], role=region.role, **more)
    for own, r in enumerate(relations, len(regions) + 3):
        ends = {"@Governor": number[r.head], "@Dependent": number[r.tail]}
        add(own, RELATION, spans[r.tail], **ends, relation=r.type)
    members = [structure["%ID"] for structure in structures[1:]]
    return {
        "%TYPES": _types(),
        "%FEATURE_STRUCTURES": structures,
        "%VIEWS": {"_InitialView": {"%SOFA": 1, "%INDEX": 2, "%MEMBERS": members}},
    }


def _types() -> Row:
    def layer(name: str, parent: str, features: dict[str, str]) -> Row:
        own = {key: {"%NAME": key, "%RANGE": kind} for key, kind in features.items()}
        return {name: {"%NAME": name, "%SUPER_TYPE": parent, **own}}

    return {
        **layer(SPAN, _ANNOTATION, dict.fromkeys(FEATURES, _STRING)),
        **layer(RELATION, _ANNOTATION, {"Dependent": SPAN, "Governor": SPAN, "relation": _STRING}),
        **layer(META, "uima.tcas.DocumentAnnotation", {"documentId": _STRING, "documentTitle": _STRING}),
    }


def read(source: Source) -> list[Doc]:
    found = []
    for path in source.files:
        raw, where = read_text(path), f"{path}:1"
        with source.findings.reading(where, "INCEpTION (UIMA CAS JSON 0.4)"):
            structures = {s["%ID"]: s for s in json.loads(raw)["%FEATURE_STRUCTURES"]}
            if (doc := _doc(path, raw, structures, source)) is not None:
                found.append((doc, path.stem, where))
    return once(found, source)


def _doc(path: Path, raw: str, structures: Mapping[int, Row], source: Source) -> Doc | None:
    sofa = next((s["sofaString"] for s in structures.values() if "sofaString" in s), None)
    about = next((s for s in structures.values() if s["%TYPE"] == META), {})
    name = _name(path, about, source)
    text = text_of({"title": about.get("documentTitle")}, name, sofa, source, f"{path}:1", "UTF-16")
    if text is None:
        return None
    drafts, relations = [], []
    for own, s in structures.items():
        where = f"{path}:{_line(raw, own)}"
        if s["%TYPE"] == SPAN:
            drafts.append(_draft(str(own), s, where))
        elif s["%TYPE"] == RELATION:
            ends = str(s.get("@Governor")), str(s.get("@Dependent"))
            relations.append(Relation(*ends, s.get("relation") or "", where))
    return assembled(text, drafts, relations, source)


def _name(path: Path, about: Row, source: Source) -> str:
    """The article's id: INCEpTION exports NAME.json, or a folder NAME.json with a file for each annotator."""
    names = [unquote(name.removesuffix(".json")) for name in (path.name, path.parent.name)]
    names.append(str(about.get("documentId")))
    return next((name for name in names if name in source.base), names[0])


def _draft(own: str, structure: Row, where: str) -> Draft:
    def value(name: str) -> str:
        return structure.get(name) or ""

    mark = Mark(structure["begin"], structure["end"], None, where)
    lists = parted(value("speaker")), [part for part in parted(value("stance")) if part]
    return Draft(own, where, mark, [value("role")], *lists, kind=value("kind"), statement=value("statement"))


def _line(raw: str, own: int) -> int:
    at = raw.find(f'"%ID": {own},')
    at = raw.find(f'"%ID" : {own},') if at < 0 else at
    return raw.count("\n", 0, max(at, 0)) + 1


INCEPTION = Format(
    name="inception",
    tool="INCEpTION (UIMA CAS JSON 0.4)",
    files="*.json",
    write=write,
    read=read,
    losses=("Date and outlet come from the run.", "Probabilities and scores are not kept."),
    setup=setup,
    folder=True,
)
