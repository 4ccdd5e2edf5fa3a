"""What a metric is called in a table, and where it stands in it."""

from __future__ import annotations

from collections.abc import Iterable

METRICS = {
    "statements": "statements, F1",
    "statements.chars": "  content characters, F1",
    "statements.direct": "  recall, direct",
    "statements.mixed": "  recall, mixed",
    "statements.indirect": "  recall, indirect",
    "exact": "exact content, given a match",
    "statements.ece": "calibration error of scores",
    "kind": "kind, given a match",
    "kind.alpha": "  Krippendorff's alpha",
    "speakers": "speakers right, given a match",
    "speakers.name": "  by name",
    "speakers.pronoun": "  by pronoun",
    "speakers.noun": "  by title, description, metonym",
    "speakers.joint": "  joint",
    "speakers.none": "  without source",
    "speaker_kind": "kind of speaker",
    "affiliation": "affiliation",
    "targets": "targets, given a match, F1",
    "targets_stances": "targets and stances, F1",
    "stance": "stance, macro-F1",
    "stance.favor": "  favor, F1",
    "stance.against": "  against, F1",
    "stance.neutral": "  neutral, F1",
    "stance.alpha": "  Krippendorff's alpha",
    "stance.brier": "  Brier score",
    "stances.ece": "calibration error of stances",
    "stances.coverage": "stances not abstained from",
    "stances.risk": "  wrong among them",
    "stances.aurc": "  area under risk and coverage",
    "end_to_end": "end to end, F1",
    "positions": "published positions, mean error",
    "positions.r": "  correlation",
    "positions.cells": "  cells of the table, F1",
    "source.exact": "source, exact F1",
    "cue.exact": "cue, exact F1",
    "content.exact": "content, exact F1",
    "source.overlap": "source, any overlap",
    "cue.overlap": "cue, any overlap",
    "content.overlap": "content, any overlap",
    "source.chars": "source characters, F1",
    "cue.chars": "cue characters, F1",
    "content.chars": "content characters, F1",
    "content.jaccard30": "content, Jaccard > 0.3",
    "content.jaccard50": "content, Jaccard > 0.5",
    "recall.direct": "recall, direct",
    "recall.mixed": "recall, mixed",
    "recall.indirect": "recall, indirect",
    "relation.exact": "whole relation, exact F1",
    "relation.overlap": "whole relation, overlap F1",
    "words.alpha": "roles of words, alpha",
    "ggt.quotes30": "GenderGapTracker: quotes > 0.3, F1",
    "ggt.quotes80": "  quotes > 0.8, F1",
    "ggt.speaker": "  speaker",
    "ggt.verb": "  verb",
    "citron.cue": "Citron: cue exact, F1",
    "citron.source": "  source exact",
    "citron.content": "  content exact",
    "citron.all": "  all spans exact",
    "citron.cue.overlap": "  cue overlap",
    "citron.source.overlap": "  source overlap",
    "citron.content.overlap": "  content overlap",
    "citron.all.overlap": "  all spans overlap",
    "accuracy": "accuracy",
    "consistency": "all rows of a set right",
    "favor_against": "mean F1 of favor and against",
    "brier": "Brier score",
    "ece": "calibration error",
    "aurc": "area under risk and coverage",
}
"""Names of metrics to what tables call them; an indented one belongs to the one above it."""

PLAIN = ("positions",)
"""Metrics that are no share of anything, and so are not shown times 100."""
LOW = frozenset(
    ("statements.ece", "stances.ece", "ece", "stance.brier", "brier", "stances.risk", "stances.aurc", "aurc")
) | frozenset(PLAIN)
"""Metrics of which less is better."""


def shown(metrics: Iterable[str]) -> list[str]:
    """The metrics in the order of tables; those of groups of rows ("stance.zero") follow the metric of all rows."""
    order = {name: float(place) for place, name in enumerate(METRICS)}
    of_group = {"stance": order["stance.alpha"] - 0.5, "consistency": order["consistency"] + 0.5}
    return sorted(set(metrics), key=lambda name: (order.get(name) or of_group.get(name.split(".")[0], 0.0), name))


def called(metric: str) -> str:
    """A metric's row heading."""
    kind, _, group = metric.partition(".")
    return METRICS.get(metric) or (f"  of {group}" if kind == "consistency" else f"  macro-F1, {group}")


def alone(metric: str) -> str:
    """What a metric is called where no row stands above it."""
    own = called(metric)
    if not own.startswith(" "):
        return own
    return f"{metric.split('.')[0].replace('ggt', 'GenderGapTracker').replace('citron', 'Citron')}: {own.strip()}"


def number(value: float, metric: str = "") -> str:
    """A share as percent with one digit; a mean error as it is, with two."""
    return f"{value:.2f}" if metric in PLAIN else f"{100 * value:.1f}"
