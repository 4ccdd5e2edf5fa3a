"""What an evaluation found, and the JSON that is kept of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import stance
from stance.evaluate.task import Task
from stance.metrics import Scores, interval


@dataclass(frozen=True)
class System:
    """One way of labelling the data, with its scores."""

    name: str
    scores: Scores
    metrics: tuple[str, ...]
    """The metrics that mean something for it, in order; what was given to a system is not scored."""
    seconds: float

    def cell(self, metric: str) -> tuple[float, float, float]:
        """Value and 95% interval by article."""
        return (self.scores.value(metric), *interval(self.scores, metric))


@dataclass(frozen=True)
class Result:
    """One task evaluated with one set of models."""

    task: Task
    systems: tuple[System, ...]
    """The product first, then what it is compared with."""
    sha256: str
    """Of the data file."""
    counts: Mapping[str, int]
    models: Mapping[str, str]
    """Role to SHA-256 of the weights."""
    problems: int
    """Articles that a stage failed on; they count as labelled with nothing."""
    seconds: float

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
            "data": {"file": str(self.task.data), "sha256": self.sha256, **self.counts},
            "models": dict(self.models),
            "problems": self.problems,
            "seconds": round(self.seconds, 1),
            "ceiling": dict(self.task.ceiling),
            "systems": [_system(system, by_article) for system in self.systems],
        }


def _system(system: System, by_article: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"name": system.name, "seconds": round(system.seconds, 1), "metrics": {}}
    for metric in system.metrics:
        value, low, high = map(_number, system.cell(metric))
        total = system.scores.total(metric)
        row["metrics"][metric] = {
            "value": value, "low": low, "high": high, "type": type(total).__name__, **total.numbers(),
        }  # fmt: skip
    if by_article:
        row["by_article"] = {
            article: {metric: list(system.scores.counts[metric][i].vector()) for metric in system.metrics}
            for i, article in enumerate(system.scores.articles)
        }
    return row


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
