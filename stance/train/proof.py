"""Before and after: both models in the whole chain on the held-out articles, with a paired test."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.config import Config
from stance.evaluate import Choices, Comparison, Result, System, Task, pin_floors, run_evaluate
from stance.evaluate.data import kind_of
from stance.evaluate.names import LOW, alone, number
from stance.metrics import paired
from stance.train.part import Part

FLOORS = "floors.json"
NAME = "held-out"
GIVEN = "gold statements given"
"""What the evaluation calls the way in which statements are not looked for, but given."""
ADDED = ", statements given"


@dataclass(frozen=True)
class Proof:
    """Scores before and after on the held-out articles."""

    given: Sequence[Comparison]
    """With the annotated statements given."""
    chain: Sequence[Comparison]
    """Of the whole chain."""

    @property
    def rows(self) -> list[tuple[str, Comparison]]:
        """What each is called, and its comparison; the decisive one first."""
        return [
            *((alone(row.metric) + ADDED, row) for row in self.given),
            *((alone(row.metric), row) for row in self.chain),
        ]

    def numbers(self) -> dict[str, float]:
        """What metrics.json keeps."""
        found = {}
        for suffix, rows in ((ADDED, self.given), ("", self.chain)):
            for row in rows:
                found[f"held-out {row.metric}{suffix}"] = round(row.b, 4)
                found[f"held-out {row.metric}{suffix}, before"] = round(row.a, 4)
        return found


def evaluated(held_out: Path, role: str, folder: Path, config: Config) -> Result:
    """The whole chain, and the later stages with statements given, with one model exchanged.

    Args:
        held_out: file of annotated articles.
        role: of the model: attribution or stance.
        folder: the model.
        config: everything else.
    """
    own = config.with_values({f"models.{role}": str(folder)})
    choices = Choices(baselines=role == "stance")  # the statements are given in one of the ways beside the product
    return run_evaluate(Task(NAME, kind_of(held_out), data=held_out), own, choices=choices)


def compared(before: Result, after: Result, part: Part) -> Proof:
    """Each score of a part before and after, with a paired bootstrap over articles; what is not counted is left out."""
    return Proof(_compared(before, after, part.given, GIVEN), _compared(before, after, part.metrics, None))


def _compared(before: Result, after: Result, metrics: Sequence[str], way: str | None) -> list[Comparison]:
    first, second = _system(before, way), _system(after, way)
    if first is None or second is None:
        return []
    x, y = first.scores, second.scores
    rows = []
    for metric in metrics:
        if metric in x.counts and metric in y.counts and not math.isnan(x.value(metric) + y.value(metric)):
            rows.append(Comparison(metric, x.value(metric), y.value(metric), len(x.articles), paired(y, x, metric)))
    return rows


def _system(result: Result, way: str | None) -> System | None:
    systems = {system.name: system for system in result.systems}
    return result.main if way is None else systems.get(way)


def kept(before: Result, after: Result, proof: Proof, out: Path) -> None:
    """Write both results, for `stance evaluate compare`, and the floors below which the new model must not fall."""
    folder = out / "training"
    folder.mkdir(parents=True, exist_ok=True)
    for name, result in (("before", before), ("after", after)):
        text = json.dumps(result.to_json(), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    names = [row.metric for row in proof.chain if row.metric not in LOW]
    if names:
        pin_floors(after, out / FLOORS, names)


def verdict(proof: Proof) -> str:
    """In a sentence what the decisive score says."""
    if not proof.rows:
        return "Nothing could be measured on the held-out articles."
    name, row = proof.rows[0]
    test = row.paired
    what = f"{name}: {number(row.a, row.metric)} before, {number(row.b, row.metric)} after"
    told = f"{what} ({_signed(test.low)} to {_signed(test.high)}, p {test.p:.3f}; {row.articles} articles)."
    if test.low > 0:
        return f"Better. {told}"
    if test.high < 0:
        return f"Worse: do not use it. {told}"
    return f"No difference is proven; more held-out articles would tell. {told}"


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}"
