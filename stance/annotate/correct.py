"""Corrections of statements that are known from the run: what was judged, by statement id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from stance.annotate.findings import Source
from stance.annotate.parts import stances_of
from stance.types import Doc, Speaker, Statement


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of one statement."""

    article: str
    statement: str
    where: str
    stances: list[str]
    """Lines of the notation: all stances that it has."""
    speakers: tuple[Speaker, ...] | None = None
    """None where nobody was asked."""


def corrected(verdicts: Iterable[Verdict], source: Source) -> list[Doc]:
    """The articles of the run that are judged, with what was said of their statements.

    A statement of such an article that no verdict is about was deleted from the file, so it is left out.
    """
    found: dict[str, dict[str, Statement]] = {}
    for verdict in verdicts:
        doc = source.article(verdict.article, verdict.where)
        if doc is None:
            continue
        own = {s.id: s for s in doc.statements}
        done = found.setdefault(verdict.article, {})
        if verdict.statement not in own:
            what = f"the run has no statement {verdict.statement!r} in {verdict.article!r}"
            source.findings.refuse(verdict.where, what, "Give the run that the file was exported from")
        elif verdict.statement in done:
            what = f"statement {verdict.statement!r} is judged twice"
            source.findings.refuse(verdict.where, what, "Keep one of the two")
        else:
            s = own[verdict.statement]
            stances = tuple(stances_of(verdict.stances, verdict.where, source))
            speakers = s.speakers if verdict.speakers is None else verdict.speakers
            done[s.id] = replace(s, stances=stances, speakers=speakers, score=1.0)
    docs = []
    for name, done in found.items():
        doc = source.base[name]
        if missing := len(doc.statements) - len(done):
            source.findings.note("statements that the file no longer has are left out", missing)
        kept = tuple(done[s.id] for s in doc.statements if s.id in done)
        docs.append(Doc(doc.article, statements=kept, made_by="human"))
    return docs
