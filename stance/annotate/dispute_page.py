"""The disagreements as a page on which a person decides, and saves the decisions as the list that is read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stance.annotate.adjudicate import Told, head, rows
from stance.annotate.disputes import Case
from stance.report.html.passages import passages


def dispute_page(cases: Sequence[Case], coders: Sequence[str], told: Told, meanings: Mapping[str, str]) -> str:
    """The page: self-contained, a section a statement, with what each coder said as a button.

    Args:
        cases: all statements.
        coders: their names.
        told: what is decided already.
        meanings: targets to their propositions.
    """
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    groups = [(case, rows([case], coders, told)) for case in cases if case.disputed]
    page = environment.get_template("disagreements.html")
    total = sum(len(own) for _, own in groups)
    return page.render(coders=coders, head=head(coders), groups=groups, total=total, pieces=pieces, meanings=meanings)


def pieces(case: Case) -> list[tuple[str, str]]:
    """The text around a statement, cut where a content begins or ends: ("all", "some" or "", text)."""
    ((at, text),) = passages(case.article.text, [(case.extent.start, case.extent.end)])
    contents = [s.content for s in case.told]
    ends = {edge - at for content in contents for span in content for edge in (span.start, span.end)}
    cuts = sorted({0, len(text), *ends})
    found = []
    for start, end in pairwise(cuts):
        inside = sum(any(s.start <= start + at and end + at <= s.end for s in content) for content in contents)
        found.append(("" if not inside else "all" if inside == len(contents) else "some", text[start:end]))
    return [(name, "".join(part for _, part in own)) for name, own in groupby(found, key=lambda piece: piece[0])]
