"""From what several coders say to gold: by majority, and by what a person has decided in the list of disagreements.

The list is a CSV file with a row a disagreement, a column a coder, and the column `decision`. In it stands the name of
a coder who is right, or what is right itself: yes or no, words of the text, a kind, speakers, a label, none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stance.annotate.anchor import Mark, alike, anchored
from stance.annotate.disputes import NO, NONE, SPANS, STATEMENT, YES, Case, Decision
from stance.annotate.findings import Findings, Source
from stance.annotate.graph import finished
from stance.annotate.notation import about, parted, stance_to
from stance.annotate.parts import speakers_of
from stance.annotate.sheet import cells, inert
from stance.errors import InputError
from stance.gold import KINDS
from stance.report.html.passages import passages
from stance.types import LABELS, Article, Doc, Span, Statement

KEY = ("article_id", "statement", "about")
DECISION = "decision"
Told = Mapping[tuple[str, ...], tuple[str, str]]
"""By article, statement and what is decided: what a person has decided, and where that stands."""


def head(coders: Sequence[str]) -> list[str]:
    return [*KEY, "text", "source", "content", *coders, DECISION]


def rows(cases: Iterable[Case], coders: Sequence[str], told: Told) -> list[list[str]]:
    """The list below its heading, with what has been decided already; no cell is run by a spreadsheet."""
    found = []
    for case in cases:
        own, text = case.told[0], case.article.text
        shown = [passage(case), own.source.text(text) if own.source else "", own.content_text(text)]
        for decision in case.disputed:
            key = (case.article.id, case.place, decision.about)
            said = [one or "" for one in decision.said]
            found.append([inert(cell) for cell in (*key, *shown, *said, told.get(key, ("", ""))[0])])
    return found


def as_csv(found: Iterable[Sequence[str]], coders: Sequence[str]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(head(coders))
    writer.writerows(found)
    return stream.getvalue().encode("utf-8-sig")


def passage(case: Case) -> str:
    """The text around a statement."""
    ((_, text),) = passages(case.article.text, [(case.extent.start, case.extent.end)])
    return text.strip()


def read_decisions(path: Path, cases: Iterable[Case], coders: Sequence[str], findings: Findings) -> Told:
    """What a list says, as far as anything is decided in it; what no longer fits the coders' files is a fault."""
    known = {(case.article.id, case.place, decision.about): decision for case in cases for decision in case.disputed}
    told: dict[tuple[str, ...], tuple[str, str]] = {}
    for row, where in cells(path):
        if missing := [name for name in (*KEY, *coders, DECISION) if name not in row]:
            remedy = f"Keep the columns {', '.join((*KEY, *coders, DECISION))}"
            findings.refuse(where, f"the column {missing[0]!r} is missing", remedy)
            break
        key, decided = tuple(row[name] for name in KEY), row[DECISION].strip()
        if not decided:
            continue
        if key not in known:
            what = f"the coders do not differ on {key[2]!r} of statement {key[1]} in {key[0]!r}"
            findings.refuse(where, what, "Give the same files of the same coders, or delete the row")
        elif not all(alike(row[name], one or "") for name, one in zip(coders, known[key].said, strict=True)):
            findings.refuse(where, "the coders' annotation has changed since", "Decide on the new list")
        else:
            told[key] = (decided, where)
    return told


@dataclass
class Gold:
    """Articles as decided."""

    docs: list[Doc] = field(default_factory=list)
    open: list[tuple[Case, Decision]] = field(default_factory=list)
    """Nobody has decided, and there is no majority: a statement or target is left out, anything else is the first
    coder's."""


def gold(articles: Iterable[Article], cases: Iterable[Case], coders: Sequence[str], told: Told, source: Source) -> Gold:
    """The articles with the statements that a person, or else more than half of the coders asked, have decided on.

    Args:
        articles: those that have been compared.
        cases: their statements.
        coders: their names.
        told: what a person has decided.
        source: takes the faults of decisions that cannot be read; knows the targets.
    """
    found = Gold()
    merged: dict[str, list[Statement]] = {}
    for case in cases:
        if (statement := _Merge(case, coders, told, source, found).statement()) is not None:
            merged.setdefault(case.article.id, []).append(statement)
    for article in articles:
        kept = tuple(finished(article, merged.get(article.id, ())))
        found.docs.append(Doc(article, statements=kept, made_by="human"))
    return found


@dataclass
class _Merge:
    """One statement out of what several say of it."""

    case: Case
    coders: Sequence[str]
    told: Told
    source: Source
    found: Gold

    def statement(self) -> Statement | None:
        whether, *rest = self.case.decisions
        if self.settled(whether) != YES:
            return None
        values = {decision.about: self.settled(decision) for decision in rest}
        content, cue, source, kind, speakers = (values.pop(name) for name in (*SPANS, "kind", "speakers"))
        first = next((s for s in self.case.told if s.content == content), self.case.told[0])
        return replace(
            first,
            content=first.content if content is None else content,
            cue=first.cue if cue is None else next(iter(cue), None),
            source=first.source if source is None else next(iter(source), None),
            kind=first.kind if kind is None else kind,
            speakers=first.speakers if speakers is None else speakers,
            stances=tuple(stance for stance in values.values() if stance),
        )

    def settled(self, decision: Decision) -> Any:
        """What is decided; None, noted as open, where nothing is."""
        decided, where = self.told.get((self.case.article.id, self.case.place, decision.about), ("", ""))
        if not decided:
            if decision.majority is None:
                self.found.open.append((self.case, decision))
                return None
            return decision.values[decision.majority]
        if decided in self.coders and decision.said[self.coders.index(decided)] is not None:
            return decision.values[self.coders.index(decided)]
        return self.read(decision.about, decided, where)

    def read(self, name: str, decided: str, where: str) -> Any:
        """A decision in words; a fault where it cannot be read."""
        plain = decided.casefold()
        if name in SPANS:
            return () if plain == NONE and name != "content" else self.spans(decided, where)
        if name == "speakers":
            return () if plain == NONE else tuple(speakers_of(parted(decided), where, self.source))
        allowed = {STATEMENT: (YES, NO), "kind": KINDS}.get(name, (*LABELS, NONE))
        if plain not in allowed:
            others = f"{', '.join(allowed)}, or the name of a coder who is right: {', '.join(self.coders)}"
            self.source.findings.refuse(where, f"{decided!r} decides nothing about {name}", f"Write {others}")
            return None
        if name in (STATEMENT, "kind"):
            return plain
        if plain == NONE:
            return None
        given = [stance for s in self.case.told for stance in s.stances if about(stance) == name]
        return replace(stance_to(name, plain), topic=given[0].topic)

    def spans(self, decided: str, where: str) -> tuple[Span, ...] | None:
        """Where words stand, which must be in one place only."""
        marks = [Mark(-1, -1, words, where) for words in decided.split(" ... ")]
        spans = anchored(self.case.article.text, marks, Findings())
        if None in spans:
            what = f"{decided!r} does not occur in the text, or more than once"
            remedy = f"Copy it from the text, longer, or name a coder: {', '.join(self.coders)}"
            self.source.findings.refuse(where, what, remedy)
            return None
        return tuple(sorted(span for span in spans if span))


def refuse_open(found: Gold, path: Path) -> None:
    """InputError where something is not decided."""
    if found.open:
        case, decision = found.open[0]
        raise InputError(
            f"{len(found.open)} disagreements are not decided and have no majority, first: {decision.about} of "
            f"statement {case.place} in {case.article.id!r}. Fill in the column {DECISION!r} of {path}."
        )
