"""How far coders agree: alpha of every decision, scores of every pair of coders, and what they differ on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan

from stance import metrics
from stance.annotate.coders import Shared
from stance.annotate.disputes import SPANS, STATEMENT, Case, cases
from stance.evaluate.names import alone, number
from stance.evaluate.render import cell
from stance.evaluate.result import System
from stance.metrics import Alias, Scores
from stance.report.page import Page
from stance.report.views import Section
from stance.types import Doc

ALPHAS = {
    "sentences.alpha": "whether a statement begins in a sentence",
    "words.alpha": "whether a word is source, cue or content",
    "kind.alpha": "direct, mixed or indirect",
    "targets.alpha": "whether it bears on a target",
    "stance.alpha": "favor, against or neutral, on targets of both",
}
PAIRS = (
    *("statements", "statements.chars", "exact", "kind", "speakers", "speaker_kind", "affiliation", "targets"),
    *("targets_stances", "stance", "stance.favor", "stance.against", "stance.neutral", "end_to_end"),
)
"""Metrics of which it makes no difference who of two is gold."""
NAMES = {STATEMENT: "whether it is a statement", "kind": "direct, mixed or indirect"}
NAMES |= {name: name for name in (*SPANS, "speakers")}
"""What is decided about a statement, besides its targets, in the words of a table."""
SIDE_BY_SIDE = 6
"""Pairs of coders up to which each has a column."""
NOTES = (
    "Alpha: Krippendorff's, nominal, all coders at once; 1 is full agreement, 0 what chance gives. Kind, targets and "
    "stances are compared on statements that at least two coders have.",
    "F1 and shares are in percent; two statements are one where their contents share half of their characters. In "
    "brackets the 95% interval, drawing articles.",
    "A target's alpha: favor, against, neutral or not listed. Where hardly anybody lists it, alpha says little.",
)


@dataclass(frozen=True, slots=True)
class Agreement:
    shared: Shared
    alphas: Scores
    pairs: tuple[System, ...]
    """Two coders each, over the articles that both have coded."""
    cases: tuple[Case, ...]


def compare(shared: Shared, alias: Alias | None = None) -> Agreement:
    """Compare coders.

    Args:
        shared: their articles.
        alias: resolves names of countries and organisations, so that "US" is "United States".
    """
    pairs = []
    for one, other in combinations(range(len(shared.coders)), 2):
        both = [(a, b) for coded in shared.articles if (a := coded[one]) and (b := coded[other])]
        if both:
            docs: tuple[list[Doc], list[Doc]] = [a for a, _ in both], [b for _, b in both]
            scores = metrics.articles(*docs, alias, abstained=True)
            pairs.append(System(f"{shared.coders[one]} / {shared.coders[other]}", scores, PAIRS, 0.0))
    return Agreement(shared, metrics.coders(shared.articles), tuple(pairs), tuple(cases(shared.articles, alias)))


def page(found: Agreement) -> Page:
    """The tables, for `stance.report` to draw."""
    coders, articles = found.shared.coders, found.shared.articles
    counts = ", ".join(f"{name} {sum(c[i] is not None for c in articles)}" for i, name in enumerate(coders))
    lines = [f"{len(articles)} articles that at least two have coded ({counts}), {len(found.cases)} statements."]
    if found.shared.alone:
        lines.append(f"{found.shared.alone} articles that only one has coded are left out.")
    disputed = sum(bool(case.disputed) for case in found.cases)
    lines.append(f"They differ on {disputed} statements, in {sum(len(c.disputed) for c in found.cases)} points.")
    sections = [_alphas(found), _pairs(found), _differences(found), _targets(found)]
    return Page(f"Agreement of {', '.join(coders)}", tuple(lines), before=tuple(sections), notes=NOTES)


def _alphas(found: Agreement) -> Section:
    rows = [(what, *_alpha(found.alphas, name)) for name, what in ALPHAS.items()]
    return Section("Krippendorff's alpha", "", ("decision", "alpha", "95% interval"), tuple(rows))


def _alpha(scores: Scores, name: str) -> tuple[str, str]:
    value, ends = scores.value(name), metrics.interval(scores, name)
    if isnan(value):
        return "–", "nobody could disagree"
    return f"{value:.3f}", "–" if len(scores.articles) < 2 else f"[{ends[0]:.3f}, {ends[1]:.3f}]"


def _pairs(found: Agreement) -> Section:
    """Two by two; the mean alone where there are too many pairs."""
    pairs = found.pairs if len(found.pairs) <= SIDE_BY_SIDE else ()
    mean = len(found.pairs) > 1
    rows = [
        (alone(metric), *((_mean(found.pairs, metric),) if mean else ()), *(cell(pair, metric) for pair in pairs))
        for metric in PAIRS
    ]
    note = f"{len(found.pairs)} pairs of coders; their mean." if len(found.pairs) > SIDE_BY_SIDE else ""
    return Section("Two by two", note, ("", *(("mean",) if mean else ()), *(p.name for p in pairs)), tuple(rows))


def _mean(pairs: Sequence[System], metric: str) -> str:
    values = [value for pair in pairs if not isnan(value := pair.scores.value(metric))]
    return number(sum(values) / len(values), metric) if values else "-"


def _differences(found: Agreement) -> Section:
    """How often they differ by what is decided, the most first."""
    counted = Counter(NAMES.get(d.about, "a target or its side") for case in found.cases for d in case.disputed)
    rows = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return Section("What they differ on", "", ("", "times"), tuple((name, str(times)) for name, times in rows))


def _targets(found: Agreement) -> Section:
    """A row a target, those that most statements are said to bear on first."""
    names = [name.removesuffix(".target") for name in found.alphas.counts if name.endswith(".target")]
    listed = Counter(decision.about for case in found.cases for decision in case.decisions)
    rows = tuple(_target(found.alphas, name, listed[name]) for name in sorted(names, key=lambda n: (-listed[n], n)))
    return Section("Targets", "", ("target", "statements", "alpha", "F1", "F1 with side"), rows)


def _target(scores: Scores, name: str, listed: int) -> tuple[str, ...]:
    f1 = (number(scores.value(f"{name}.{kind}")) for kind in ("target", "stance"))
    return name, str(listed), _alpha(scores, f"{name}.alpha")[0], *f1
