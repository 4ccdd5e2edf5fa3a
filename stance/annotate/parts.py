"""From what a tool says of an article's regions, in its own words, to an article with statements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, cast

from stance.annotate.anchor import Mark, anchored
from stance.annotate.findings import Findings, Source
from stance.annotate.graph import ROLES, Region, Relation, Role, content_of, hull, statements_of
from stance.annotate.notation import about, speaker_of, stance_of
from stance.gold import KINDS
from stance.types import Article, Doc, Span, Speaker, Stance, Statement, StatementKind
from stance.yamlfile import did_you_mean

_UNIT = re.compile(r"\r\n|[\s\S]")
"""A line end or another character."""


@dataclass
class Draft:
    """A region as a tool describes it, not checked yet."""

    id: str
    where: str
    mark: Mark | None = None
    roles: list[str] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)
    """Lines of the notation."""
    stances: list[str] = field(default_factory=list)
    kind: str = ""
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """An article, and how its text reads in the tool's file."""

    article: Article
    shown: str
    units: str = "code points"


def text_of(
    data: Mapping[str, Any], article_id: Any, shown: str, source: Source, where: str, units: str = "code points"
) -> Text | None:
    """The article that a tool's text belongs to: the run's where there is one, else one made of the file.

    None, with a fault, where the run's text is another one.
    """
    findings = source.findings
    if article_id is None:
        same = [doc.article for doc in source.base.values() if doc.article.text == shown]
        if len(same) != 1:
            findings.refuse(where, "the article has no id", "Keep doc_id when you import the articles into the tool")
            return None
        return Text(same[0], shown, units)
    known = source.base.get(str(article_id))
    if known is not None:
        if known.article.text == shown:
            return Text(known.article, shown, units)
        if _plain_ends(known.article.text) == _plain_ends(shown):
            findings.note("articles whose line ends the tool has changed; offsets are moved to those of the run")
            return Text(known.article, shown, units)
        at = next((i for i, (a, b) in enumerate(zip(known.article.text, shown, strict=False)) if a != b), None)
        place = min(len(shown), len(known.article.text)) if at is None else at
        what = f"the text of {article_id!r} is not the run's: they differ from character {place} on"
        findings.refuse(where, what, "Annotate the text that was exported, or give the run that it came from")
        return None
    if source.base:
        source.article(str(article_id), where)
        return None
    digest = sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()
    own = {key: None if data.get(key) in (None, "") else str(data[key]) for key in ("title", "date", "outlet")}
    return Text(Article(str(article_id), shown, sha256=digest, **own), shown, units)


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def assembled(text: Text, drafts: Sequence[Draft], relations: Iterable[Relation], source: Source) -> Doc:
    """An article with the statements that its regions and relations make up; what does not fit becomes a fault."""
    findings = source.findings
    kept = []
    for draft in drafts:
        if draft.mark is None or len(draft.roles) != 1 or draft.roles[0] not in ROLES:
            what = f"region {draft.id} is labelled {', '.join(draft.roles) or 'nothing'}"
            findings.refuse(draft.where, what, f"Label it as one of {', '.join(ROLES)}")
        else:
            kept.append(draft)
    marks = [cast(Mark, draft.mark) for draft in kept]
    spans = anchored(text.shown, marks, findings, text.units)
    moved = _moved(text)
    regions = [
        Region(
            draft.id,
            cast(Role, draft.roles[0]),
            replace(span, start=moved[span.start], end=moved[span.end]) if moved else span,
            tuple(speakers_of(draft.speakers, draft.where, source)),
            tuple(stances_of(draft.stances, draft.where, source)),
            kind_of(draft.kind, draft.where, findings),
            draft.statement,
            where=draft.where,
        )
        for draft, span in zip(kept, spans, strict=True)
        if span is not None
    ]
    lost = {draft.id for draft in drafts} - {region.id for region in regions}
    regions, relations = _without(lost, regions, [*relations])
    return Doc(
        text.article, statements=tuple(statements_of(text.article, regions, relations, findings)), made_by="human"
    )


def _moved(text: Text) -> list[int] | None:
    """For each offset of the shown text the one in the article's, where their line ends differ."""
    own, shown = text.article.text, text.shown
    if own == shown:
        return None
    moved, at = [], 0
    for mine, theirs in zip(_UNIT.findall(own), _UNIT.findall(shown), strict=True):
        moved += [at] * len(theirs)
        at += len(mine)
    return [*moved, at]


def _without(
    lost: set[str], regions: Sequence[Region], relations: Sequence[Relation]
) -> tuple[list[Region], list[Relation]]:
    """Regions and relations but for those that are alone because of lost ones, whose fault is told already."""
    whole = [relation for relation in relations if not {relation.head, relation.tail} & lost]
    still = {end for relation in whole for end in (relation.head, relation.tail)}
    alone = {end for relation in relations for end in (relation.head, relation.tail)} - still
    return [region for region in regions if region.role == "Content" or region.id not in alone], whole


def statement(
    name: str,
    roles: Mapping[str, Sequence[Span]],
    told: Mapping[str, Any],
    where: str,
    source: Source,
) -> Statement:
    """A statement of spans by role, of which there is some Content.

    Args:
        told: "kind", and lines of "speakers" and of "stances".
    """
    findings = source.findings
    content = content_of(roles["Content"], where, findings)
    return Statement(
        name,
        content,
        hull(roles["Cue"], content, findings),
        hull(roles["Source"], content, findings),
        kind_of(told["kind"], where, findings),
        speakers=tuple(dict.fromkeys(speakers_of(told["speakers"], where, source))),
        stances=tuple(stances_of(told["stances"], where, source)),
    )


def kind_of(kind: str, where: str, findings: Findings) -> StatementKind:
    """The kind of that name; "", to be found out later, where there is none."""
    if kind and kind not in KINDS:
        findings.refuse(where, f"{kind!r} is no kind of statement", f"Use one of {', '.join(KINDS)}")
    return cast(StatementKind, kind if kind in KINDS else "")


def stances_of(lines: Iterable[str], where: str, source: Source) -> list[Stance]:
    """The stances that lines name, each target once.

    A target that nobody knows, or one with two labels, becomes a fault.
    """
    stances: dict[str, Stance] = {}
    for line in lines:
        try:
            stance = stance_of(line)
        except ValueError as error:
            source.findings.refuse(where, str(error), "Correct it in the tool")
            continue
        name = about(stance)
        if source.targets is not None and name not in source.targets:
            hint = did_you_mean(name, source.targets).strip()
            remedy = f"{hint} Or give the topics that were used with --topics"
            source.findings.refuse(where, f"there is no target {name!r}", remedy)
            continue
        other = stances.setdefault(name, stance)
        if other != stance:
            what = f"{name} is both {other.label} and {stance.label} in one statement"
            source.findings.refuse(where, what, "Keep one of them")
    return list(stances.values())


def speakers_of(lines: Iterable[str], where: str, source: Source) -> list[Speaker]:
    """The speakers that lines name; one without a kind is looked up by name in the run."""
    speakers = []
    for line in lines:
        try:
            speaker = speaker_of(line)
        except ValueError as error:
            source.findings.refuse(where, str(error), "Write: Name | kind | role | affiliation")
            continue
        if speaker is not None:
            speakers.append(speaker if speaker.kind else _known(speaker, source))
    return speakers


def _known(speaker: Speaker, source: Source) -> Speaker:
    """The run's speaker of that name, else a person, which is said."""
    other = source.speakers.get(speaker.name.casefold())
    if other is not None:
        return replace(speaker, kind=other.kind, role=other.role, affiliation=other.affiliation)
    source.findings.note("speakers without a kind, taken for persons; write Name | kind | role | affiliation")
    return replace(speaker, kind="person")
