"""What an evaluation found, and the JSON that is kept of it."""

from __future__ import annotations

import math
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import stance
from stance.evaluate.task import Task
from stance.metrics import Scores, interval

PACKAGES = ("torch", "transformers", "numpy", "scikit-learn")
SPARSE = 4
"""Counts of which fewer than one in so many is not zero are kept as {place: number}."""


@dataclass(frozen=True)
class System:
    """One way of labelling the data, with its scores."""

    name: str
    scores: Scores
    metrics: tuple[str, ...]
    """The metrics that mean something for it, in order; what was given to a system is not scored."""
    seconds: float

    def cell(self, metric: str) -> tuple[float, float, float]:
        """Value and 95% interval by article; NaN for the interval of one article, which says nothing of others."""
        value = self.scores.value(metric)
        return (value, *interval(self.scores, metric)) if len(self.scores.articles) > 1 else (value, math.nan, math.nan)


@dataclass(frozen=True)
class Result:
    """One task evaluated with one set of models."""

    task: Task
    systems: tuple[System, ...]
    """The product first, then what it is compared with."""
    sha256: str
    """Of the data."""
    counts: Mapping[str, int]
    models: Mapping[str, str]
    """Role to SHA-256 of the weights."""
    problems: int
    """Articles that a stage failed on; they count as labelled with nothing."""
    seconds: float
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else decides the scores: options, and the hashes of topics and speakers."""
    seeds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Metric to its value with each of several models, where several were given; the first is the product."""

    @property
    def main(self) -> System:
        return self.systems[0]

    def value(self, metric: str) -> float:
        """The product's score."""
        return self.main.scores.value(metric)

    def to_json(self, by_article: bool = True) -> dict[str, Any]:
        """The result as JSON values; see eval/README.md for the schema. NaN becomes null."""
        return {
            "task": self.task.name,
            "kind": self.task.kind,
            "description": self.task.description,
            "version": stance.__version__,
            "git": git_revision(),
            "packages": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
            "data": {
                "file": str(self.task.data),
                "sha256": self.sha256,
                "where": dict(self.task.where),
                **self.counts,
            },
            "models": dict(self.models),
            "settings": dict(self.settings),
            "problems": self.problems,
            "seconds": round(self.seconds, 1),
            "ceiling": dict(self.task.ceiling),
            "ceiling_note": self.task.ceiling_note,
            "seeds": {name: [_number(value) for value in values] for name, values in self.seeds.items()},
            "systems": [_system(system, by_article) for system in self.systems],
        }


def git_revision() -> str | None:
    """The commit of the checkout, with "-dirty" where tracked files differ; None outside a checkout."""
    here = Path(stance.__file__).resolve().parents[1]
    if not (here / ".git").exists():
        return None
    try:
        words = ["git", "-C", str(here), "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*"]
        return subprocess.run(words, capture_output=True, text=True, timeout=10, check=True).stdout.strip() or None
    except (OSError, subprocess.SubprocessError):
        return None


def packed(vector: Sequence[float]) -> list[float] | dict[str, Any]:
    """Counts as kept: a list, or, where nearly all are zero, {"size", "at": {place: number}}."""
    known = {str(place): number for place, number in enumerate(vector) if number}
    return {"size": len(vector), "at": known} if len(known) * SPARSE < len(vector) else list(vector)


def unpacked(kept: list[float] | Mapping[str, Any]) -> list[float]:
    """The inverse of `packed`."""
    if isinstance(kept, list):
        return kept
    vector = [0.0] * int(kept["size"])
    for place, number in kept["at"].items():
        vector[int(place)] = number
    return vector


def _system(system: System, by_article: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"name": system.name, "seconds": round(system.seconds, 1)}
    row |= {"articles": len(system.scores.articles), "metrics": {}}
    for metric in system.metrics:
        value, low, high = map(_number, system.cell(metric))
        total = system.scores.total(metric)
        row["metrics"][metric] = {
            "value": value, "low": low, "high": high, "type": type(total).__name__, **total.numbers(),
        }  # fmt: skip
    if by_article:
        row["by_article"] = {
            article: {metric: packed(system.scores.counts[metric][i].vector()) for metric in system.metrics}
            for i, article in enumerate(system.scores.articles)
        }
    return row


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
