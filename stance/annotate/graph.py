"""Statements as what annotation tools know: labelled regions of a text, and relations between them.

A Content region is a statement. "said_by" leads from it to a Source, "cued_by" to a Cue, "continued_by" to a further
part of its content. Sources and cues that are the same words are one region, which several statements share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, cast

from stance.annotate.findings import Findings
from stance.link import parent_of
from stance.text import paragraphs, quoted_spans, statement_kind
from stance.types import Article, Doc, Span, Speaker, Stance, Statement, StatementKind

UNKNOWN = cast(StatementKind, "")
"""Of a statement whose kind is not known yet."""

Role = Literal["Content", "Source", "Cue"]
ROLES: tuple[Role, ...] = ("Content", "Source", "Cue")
RELATIONS: dict[str, Role] = {"said_by": "Source", "cued_by": "Cue", "continued_by": "Content"}
"""Relations, all from a Content, and what they lead to."""


@dataclass(frozen=True, slots=True)
class Region:
    """A labelled stretch of text."""

    id: str
    role: Role
    span: Span
    speakers: tuple[Speaker, ...] = ()
    """On a Source, or on a Content where the text names no source."""
    stances: tuple[Stance, ...] = ()
    """On a Content, as are the others."""
    kind: StatementKind = UNKNOWN
    statement: str = ""
    """The statement's id."""
    score: float = 1.0
    where: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    head: str
    tail: str
    type: str
    where: str = ""


def regions_of(doc: Doc) -> tuple[list[Region], list[Relation]]:
    """The regions and relations of an article's statements; ids are T1, T2, … by order of statements."""
    regions: list[Region] = []
    relations: list[Relation] = []
    shared: dict[object, str] = {}

    def add(role: Role, span: Span, key: object = None, **more: object) -> str:
        if key is None or key not in shared:
            regions.append(Region(f"T{len(regions) + 1}", role, span, **more))  # type: ignore[arg-type]
            if key is None:
                return regions[-1].id
            shared[key] = regions[-1].id
        return shared[key]

    for s in doc.statements:
        bare = s.speakers if s.source is None else ()
        head = add(
            "Content", s.content[0], speakers=bare, stances=s.stances, kind=s.kind, statement=s.id, score=s.score
        )
        relations += [Relation(head, add("Content", span), "continued_by") for span in s.content[1:]]
        if s.source is not None:
            key = ("Source", s.source, tuple((p.name, p.kind, p.role, p.affiliation) for p in s.speakers))
            relations.append(Relation(head, add("Source", s.source, key, speakers=s.speakers), "said_by"))
        if s.cue is not None:
            relations.append(Relation(head, add("Cue", s.cue, ("Cue", s.cue)), "cued_by"))
    return regions, relations


def statements_of(
    article: Article, regions: Sequence[Region], relations: Iterable[Relation], findings: Findings
) -> list[Statement]:
    """The statements that regions and relations make up, in the order of the regions."""
    by_id = {region.id: region for region in regions}
    tails: dict[str, dict[Role, list[Region]]] = {}
    used: set[str] = set()
    for relation in relations:
        if (ends := _ends(relation, by_id, findings)) is not None:
            head, tail = ends
            tails.setdefault(head.id, {}).setdefault(tail.role, []).append(tail)
            used.add(tail.id)
    for region in regions:
        _complain(region, region.role != "Content" and region.id not in used, findings)
    chains = [_chain(region, tails) for region in regions if region.role == "Content" and region.id not in used]
    placed = {region.id for parts in chains for region in parts["Content"]}
    for region in regions:
        if region.role == "Content" and region.id not in placed:
            findings.refuse(region.where, f"Content {region.id} continues itself", "Delete one of the relations")
    return finished(article, [_statement(parts, findings) for parts in chains])


def _complain(region: Region, alone: bool, findings: Findings) -> None:
    """Faults of a region that would be lost: it belongs to no statement, or says what its role cannot say."""
    if alone:
        what = f"{region.role} {region.id} belongs to no Content"
        findings.refuse(region.where, what, f"Draw the relation from a Content to it, or delete the {region.role}")
    if region.role == "Cue" and region.speakers:
        findings.refuse(region.where, f"Cue {region.id} has a speaker", "Write the speaker at the Source")
    if region.role != "Content" and (region.stances or region.kind):
        what = f"{region.role} {region.id} has a stance or a kind"
        findings.refuse(region.where, what, "Give it to the Content")


def _chain(head: Region, tails: Mapping[str, Mapping[Role, Sequence[Region]]]) -> dict[Role, list[Region]]:
    """All parts of a statement: those of its head and of the contents that continue it."""
    parts: dict[Role, list[Region]] = {"Content": [head], "Source": [], "Cue": []}
    for content in parts["Content"]:
        for role, found in tails.get(content.id, {}).items():
            parts[role] += [region for region in found if region not in parts[role]]
    return parts


def _ends(relation: Relation, regions: Mapping[str, Region], findings: Findings) -> tuple[Region, Region] | None:
    """The Content that a relation leads from, and where it leads; None, with a fault, where it cannot be meant so.

    One that was drawn the wrong way round is turned, and one without a name gets it from what it leads to.
    """
    missing = [end for end in (relation.head, relation.tail) if end not in regions]
    if missing:
        what = f"a relation leads to {missing[0]}, which is no Content, Source or Cue of the article"
        findings.refuse(relation.where, what, "Delete the relation or restore the region")
        return None
    head, tail = regions[relation.head], regions[relation.tail]
    if tail.role == "Content" and head.role != "Content":
        findings.note("relations that were drawn the wrong way round are turned")
        head, tail = tail, head
    meant = next(name for name, role in RELATIONS.items() if role == tail.role)
    if head.role == "Content" and relation.type in ("", meant):
        return head, tail
    what = f"{relation.type or 'a relation'} leads from a {head.role} to a {tail.role}"
    remedy = "; ".join(f"{name} leads from a Content to a {role}" for name, role in RELATIONS.items())
    findings.refuse(relation.where, what, remedy)
    return None


def _statement(parts: Mapping[Role, Sequence[Region]], findings: Findings) -> Statement:
    head = parts["Content"][0]
    content = content_of((region.span for region in parts["Content"]), head.where, findings)
    told = (*parts["Source"], *parts["Content"])
    return Statement(
        head.statement,
        content,
        hull([region.span for region in parts["Cue"]], content, findings),
        hull([region.span for region in parts["Source"]], content, findings),
        head.kind,
        speakers=tuple(dict.fromkeys(speaker for region in told for speaker in region.speakers)),
        stances=tuple(dict.fromkeys(stance for region in parts["Content"] for stance in region.stances)),
    )


def content_of(spans: Iterable[Span], where: str, findings: Findings) -> tuple[Span, ...]:
    """The parts of a content in order; parts that overlap become a fault."""
    content = tuple(sorted(set(spans)))
    if any(one.overlaps(other) for one, other in pairwise(content)):
        findings.refuse(where, "parts of one content overlap", "Make one of them, or shorten them")
    return content


def hull(spans: Sequence[Span], content: Sequence[Span], findings: Findings) -> Span | None:
    """One span for a source or cue in several parts: from first to last, or the first if content lies between."""
    if not spans:
        return None
    if len(set(spans)) > 1:
        findings.note("sources and cues in several parts, which become one span")
    whole = Span(min(span.start for span in spans), max(span.end for span in spans))
    return min(spans) if len(set(spans)) > 1 and any(whole.overlaps(span) for span in content) else whole


def finished(article: Article, statements: Sequence[Statement]) -> list[Statement]:
    """Statements with the ids, kinds and parents that they lack.

    A kind that nobody gave follows from the quotation marks; a parent always follows from the spans.
    """
    taken = [statement.id for statement in statements]
    quoted = quoted_spans(article.text, paragraphs(article.text))
    named, number = [], 0
    for place, s in enumerate(statements):
        name = s.id
        while not name or (name != s.id and name in taken) or (name == s.id and name in taken[:place]):
            number += 1
            name = f"{article.id}:new{number}"
        named.append(replace(s, id=name, kind=s.kind or statement_kind(article.text, s.content, quoted)))
    return [replace(s, parent=parent_of(s, named)) for s in named]
