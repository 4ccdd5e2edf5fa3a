"""The simulation of choosing what is labelled runs on annotated articles, and counts labels as it says."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "eval" / "benchmarks" / "sampling.py"
BUDGETS = [100, 200, 300, 400]


@pytest.fixture(scope="module")
def sampling():
    spec = importlib.util.spec_from_file_location("sampling", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["sampling"] = module
    spec.loader.exec_module(module)
    return module


def test_labels_that_a_score_takes(sampling):
    rising = np.array([0.1, 0.3, 0.3, 0.5])
    assert sampling.needed(rising, [0.05, 0.1, 0.2, 0.3, 0.4, 0.6], BUDGETS).tolist() == [100, 100, 150, 200, 350, 800]


def test_a_strategy_twice_as_fast_needs_half_of_the_labels(sampling):
    def counts(right):  # one seed, two articles, one target: given and true ten each
        return np.array([[[[[10, 10, n, n]], [[10, 10, n, n]]] for n in right]])

    rows = sampling.compare(counts([2, 4, 6, 8]), counts([4, 8, 8, 8]), "targets with stance", BUDGETS, resamples=20)
    assert [row["labels"] for row in rows] == BUDGETS
    assert [row["random"] for row in rows] == pytest.approx([0.2, 0.4, 0.6, 0.8])
    assert [row["share"] for row in rows] == pytest.approx([1, 0.5, 0.5, 0.5])
    assert rows[1]["difference"] == pytest.approx([0.4, 0.4])


def test_it_runs(tmp_path, encoder_folder):
    articles = (ROOT / "eval" / "gold" / "articles.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "train.jsonl").write_text("".join(articles[:14]), encoding="utf-8")
    (tmp_path / "dev.jsonl").write_text("".join(articles[-6:]), encoding="utf-8")
    said = {"cue": "praised", "content": "the ferry pact", "article_id": "a", "stances": []}
    (tmp_path / "statements.jsonl").write_text(json.dumps(said) + "\n", encoding="utf-8")
    words = [tmp_path, "--encoder", encoder_folder, "-o", tmp_path / "o.json"]
    words += ["--seeds", 1, "--step", 30, "--last", 90, "--resamples", 9]
    subprocess.run([sys.executable, SCRIPT, *map(str, words)], check=True, cwd=ROOT, capture_output=True)
    found = json.loads((tmp_path / "o.json").read_text(encoding="utf-8"))
    assert found["labels"] == [30, 60, 90]
    curves = found["curves"]["targets with stance"]
    assert len({curve[0] for curve in curves.values()}) == 1  # all begin with the same labels
    assert all(len(curve) == 3 and max(curve) <= 1 for curve in curves.values())
