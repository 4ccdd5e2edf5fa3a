"""Statements as what annotation tools know: labelled regions of a text, and relations between them.

A Content region is a statement. "said_by" leads from it to a Source, "cued_by" to a Cue, "continued_by" to a further
part of its content. Sources and cues that are the same words are one region, which several statements share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    further: set[str] = set()
    for relation in relations:
        if not _fits(relation, by_id, findings):
            continue
        head, tail = by_id[relation.head], by_id[relation.tail]
        tails.setdefault(head.id, {}).setdefault(tail.role, []).append(tail)
        used.add(tail.id)
        if tail.role == "Content":
            further.add(tail.id)
    for region in regions:
        if region.role != "Content" and region.id not in used:
            findings.refuse(
                region.where,
                f"{region.role} {region.id} belongs to no Content",
                f"Draw the relation from a Content to it, or delete the {region.role}",
            )
    made = []
    for region in regions:
        if region.role == "Content" and region.id not in further:
            made.append(_statement(region, _chain(region, tails), findings))
        elif region.id in further and region.id in _own(region, tails, further):
            findings.refuse(region.where, f"Content {region.id} continues itself", "Delete one of the relations")
    return finished(article, made)


def _own(region: Region, tails: Mapping[str, Mapping[Role, Sequence[Region]]], further: set[str]) -> set[str]:
    """What a region leads to by continuation; a circle leads back to itself."""
    seen: set[str] = set()
    stack = [part.id for part in tails.get(region.id, {}).get("Content", ())]
    while stack:
        one = stack.pop()
        if one not in seen:
            seen.add(one)
            stack += [part.id for part in tails.get(one, {}).get("Content", ())]
    return seen


def _chain(head: Region, tails: Mapping[str, Mapping[Role, Sequence[Region]]]) -> dict[Role, list[Region]]:
    """All parts of a statement: those of its head and of the contents that continue it."""
    parts: dict[Role, list[Region]] = {"Content": [head], "Source": [], "Cue": []}
    for content in parts["Content"]:
        for role, found in tails.get(content.id, {}).items():
            parts[role] += [region for region in found if region not in parts[role]]
    return parts


def _fits(relation: Relation, regions: Mapping[str, Region], findings: Findings) -> bool:
    missing = [end for end in (relation.head, relation.tail) if end not in regions]
    if missing:
        what = f"a relation leads to {missing[0]}, which is no Content, Source or Cue of the article"
        findings.refuse(relation.where, what, "Delete the relation or restore the region")
    elif relation.type not in RELATIONS:
        what = f"{relation.type!r} is no relation that is known"
        findings.refuse(relation.where, what, f"Use {', '.join(RELATIONS)}")
    elif (regions[relation.head].role, regions[relation.tail].role) != ("Content", RELATIONS[relation.type]):
        what = f"{relation.type} leads from a {regions[relation.head].role} to a {regions[relation.tail].role}"
        findings.refuse(relation.where, what, f"It must lead from a Content to a {RELATIONS[relation.type]}")
    else:
        return True
    return False


def _statement(head: Region, parts: Mapping[Role, Sequence[Region]], findings: Findings) -> Statement:
    content = tuple(sorted({region.span for region in parts["Content"]}))
    speakers = dict.fromkeys(speaker for region in (*parts["Source"], head) for speaker in region.speakers)
    return Statement(
        head.statement,
        content,
        hull([region.span for region in parts["Cue"]], content, findings),
        hull([region.span for region in parts["Source"]], content, findings),
        head.kind,
        speakers=tuple(speakers),
        stances=tuple(stance for region in parts["Content"] for stance in region.stances),
    )


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
