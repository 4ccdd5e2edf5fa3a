"""Kept results are those of the shipped models on the shipped data, and what documents say is what they hold."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

from stance.models import model_folder, model_hash
from stance.shipped import shipped

ROOT = Path(__file__).parents[1]
KEPT = {r["task"]: r for r in json.loads((ROOT / "eval" / "results" / "dev.json").read_text(encoding="utf-8"))}
TABLE = (ROOT / "eval" / "results" / "dev.md").read_text(encoding="utf-8")
ANEW = "run: sh eval/results/dev.sh DATA"
DOCUMENTS = [ROOT / "README.md", ROOT / "eval" / "README.md", *ROOT.glob("models/*/README.md")]
MARKED = re.compile(r"(\d+(?:\.\d+)?) ?<!-- eval: ([^|>]+?) \| ([\w.]+)(?: \| ([^|>]+?))? -->")
"""A number of a document with where it comes from: 84.3 <!-- eval: gold dev | statements | SYSTEM -->."""
CARDS = [
    ("attribution", "dev.jsonl ", "gold dev", "stance", ("statements", "exact", "kind", "statements.chars")),
    ("attribution", "polnear.dev.jsonl ", "PolNeAR dev", "stance", ("source.exact", "cue.exact", "content.exact")),
    ("stance", "dev ", "gold dev", "gold speakers given", ("targets_f1", "both_f1")),
]
"""Model, how its card calls the data, the kept task and system, and the metrics of the card."""
NAMES = {"targets_f1": "targets", "both_f1": "targets_stances"}
NEAR = 0.01
"""Processors with and without bf16 differ by a statement or two."""


def value(task: str, metric: str, system: str = "stance") -> float:
    systems = {s["name"]: s for s in KEPT[task]["systems"]}
    found = systems[system or "stance"]["metrics"][metric]["value"]
    assert found is not None
    return float(found)


def test_kept_results_cover_what_they_should():
    sets = {"gold (in this repository)", "gold dev", "PolNeAR dev", "GUM dev, attribution", "GUM dev, speakers"}
    assert sets | {"VAST dev", "NewsMTSC dev mt", "NewsMTSC dev rw"} == set(KEPT)
    for name, result in KEPT.items():
        assert len(result["systems"]) >= 2, f"{name} has no baseline"
        assert f"| {name}" in TABLE
        for metrics in (system["metrics"] for system in result["systems"]):
            for cell in metrics.values():
                assert set(cell) == {"value", "low", "high"}
    assert KEPT["PolNeAR dev"]["ceiling"] and KEPT["gold dev"]["ceiling"]


def test_kept_results_are_of_the_shipped_models_and_articles():
    hashes = {role: model_hash(model_folder(role)) for role in ("attribution", "stance")}
    for name, result in KEPT.items():
        for role, digest in result["models"].items():
            assert digest == hashes[role], f"{name} was measured with another {role} model; {ANEW}"
    gold = sha256((ROOT / "eval" / "gold" / "articles.jsonl").read_bytes()).hexdigest()
    assert KEPT["gold (in this repository)"]["data"]["sha256"] == gold, f"the articles have changed; {ANEW}"


@pytest.mark.parametrize(("model", "prefix", "task", "system", "names"), CARDS)
def test_cards_do_not_say_more_than_evaluation_gives(model, prefix, task, system, names):
    """A card is of the day of training; the rules around a model may have become better since, but no worse."""
    numbers = json.loads((shipped("models") / model / "metrics.json").read_text(encoding="utf-8"))
    for name in names:
        assert value(task, NAMES.get(name, name), system) >= numbers[prefix + name] - NEAR, (name, ANEW)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_marked_numbers_are_those_kept(path):
    text = path.read_text(encoding="utf-8")
    found = MARKED.findall(text)
    assert len(found) == text.count("<!-- eval: "), "a mark that is not understood"
    for number, task, metric, system in found:
        kept = value(task, metric, system)
        digits = len(number.partition(".")[2])
        shown = {f"{kept:.{digits}f}", f"{100 * kept:.{digits}f}"}
        assert number in shown, f"{task}, {metric}: {kept} is kept, {number} is said"


def test_floors_are_pinned_on_the_shipped_articles_and_not_above_what_is_kept():
    floors = json.loads((ROOT / "eval" / "floors.json").read_text(encoding="utf-8"))["gold"]
    assert floors["data"] == KEPT["gold (in this repository)"]["data"]["sha256"], "run: stance evaluate pin gold"
    assert {"statements", "speakers", "targets_stances", "end_to_end"} <= set(floors["scores"])
    for metric, floor in floors["scores"].items():
        assert floor <= value("gold (in this repository)", metric) + 0.01, metric
