"""What of a run is still to be annotated: its statements without those that are done and without copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from stance.metrics import match_statements
from stance.report.copies import printings
from stance.report.corpus import Said, said
from stance.rows import statement_rows
from stance.types import Doc, Statement

MOST = 5000
"""Statements looked at, evenly drawn from a larger run: each is read by the stance model."""
WHOLE = 0.5
"""An article of which this share of statements is annotated counts as done: a person has seen the others as well."""


@dataclass(frozen=True, slots=True)
class Candidate:
    doc: Doc
    statement: Statement


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may be annotated next."""

    open: tuple[Candidate, ...]
    done: int
    """Statements that are annotated already, or copies of such."""
    copies: int
    """Statements that say again what another one in the run says."""


def candidates(docs: Sequence[Doc], done: Iterable[Doc] = ()) -> Candidates:
    """The statements of a run that are worth a person's time.

    Args:
        docs: the run's articles.
        done: annotated articles, of this run or of others.
    """
    annotated: dict[str, list[Doc]] = {}
    for doc in done:
        annotated.setdefault(doc.article.id, []).append(doc)
    finished, left = [], []
    for doc in docs:
        own = _done(doc, annotated.get(doc.article.id, ()))
        finished += [Candidate(doc, s) for s in doc.statements if s.id in own]
        left += [Candidate(doc, s) for s in doc.statements if s.id not in own]
    drawn = left[:: -(-len(left) // MOST)] if left else []
    others = [Candidate(doc, s) for several in annotated.values() for doc in several for s in doc.statements]
    firsts, repeats = _distinct(drawn, [*finished, *others])
    return Candidates(tuple(firsts), len(finished) + repeats, len(drawn) - len(firsts) - repeats)


def _done(doc: Doc, annotated: Sequence[Doc]) -> set[str]:
    """Ids of the article's statements that somebody has annotated."""
    found: set[str] = set()
    for other in annotated:
        if other.article.text != doc.article.text:
            continue
        found |= {doc.statements[i].id for i, _ in match_statements(doc.statements, other.statements)}
        if len(found) >= WHOLE * len(doc.statements):
            return {s.id for s in doc.statements}
    return found


def _distinct(drawn: Sequence[Candidate], done: Sequence[Candidate]) -> tuple[list[Candidate], int]:
    """Each utterance of `drawn` once, in order, but for those in `done`; and how many those are.

    What is the same is decided as reports count it, whenever it was printed.
    """
    rows = [_row(one) for one in (*drawn, *done)]
    place = {id(row): number for number, row in enumerate(rows)}
    kept, repeats = [], 0
    for group in printings(rows):
        own = sorted(place[id(row)] for row in group)
        mine = [number for number in own if number < len(drawn)]
        if len(mine) < len(own):
            repeats += len(mine)
        else:
            kept.append(mine[0])
    return [drawn[number] for number in sorted(kept)], repeats


def _row(one: Candidate) -> Said:
    return replace(said(next(statement_rows(one.doc.with_statements([one.statement])))), date=None)
