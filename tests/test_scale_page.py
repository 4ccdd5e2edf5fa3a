"""docs/scale.md: its commands run, and its costs follow from the kept measurements."""

import importlib.util
import json
import re
import shlex
from pathlib import Path

import fsspec
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.store import read_info, read_run

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
COMMANDS = [
    command
    for block in re.findall(r"<!-- scale -->\n```sh\n(.*?)\n```", PAGE, re.DOTALL)
    for command in block.splitlines()
]


@pytest.fixture
def place(simple_models, tmp_path, monkeypatch):
    """Folders with a table for each half year, in a bucket too; models are simple, and Ray is one worker."""
    monkeypatch.setattr("stance.cluster.on_ray", lambda config, shards, make: map(make(), shards))
    monkeypatch.chdir(tmp_path)
    for folder in ("articles", "archive"):
        (tmp_path / folder).mkdir()
        for number, year in enumerate(("2024-1", "2024-2", "2025-1", "2025-2")):
            row = {"id": year, "text": f"Ivo Marn said that tree {number} stands in the old harbour."}
            (tmp_path / folder / f"{year}.jsonl").write_text(json.dumps(row) + "\n")
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.put(str(tmp_path / "archive"), "/bucket/archive", recursive=True)
    yield tmp_path
    memory.store.clear()


def test_commands_give_the_same_run_each_way(place):
    runs = []
    for command in COMMANDS:
        words = shlex.split(command.replace("s3://", "memory://"))
        if words[1] == "bench":
            continue
        result = CliRunner().invoke(app, [*words[1:], *(["--overwrite"] if words[1] == "merge" else [])])
        assert result.exit_code == 0, f"{command}\n{result.output}\n{result.exception}"
        if words[-1] == "run" or words[1] == "merge":
            runs.append([(a["text"], rows) for a, rows in read_run(place / "run")])
    assert [len(run) for run in runs] == [4, 4, 4]
    assert runs[0] == runs[1] == runs[2]
    assert read_info(place / "run")["config"]["precision"] == "int8"


def test_every_way_is_on_the_page():
    assert len(COMMANDS) == 7
    assert {shlex.split(command)[1] for command in COMMANDS} == {"label", "bench", "merge"}
    assert any("--engine ray" in command for command in COMMANDS)


def test_costs_follow_from_what_was_measured():
    spec = importlib.util.spec_from_file_location("costs", ROOT / "eval" / "benchmarks" / "costs.py")
    costs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(costs)
    assert costs.filled(PAGE) == PAGE, "run eval/benchmarks/costs.py"
    bench = {
        "articles": 2, "words": 900, "machine": {"processor": "P", "cores": 4, "gpu": "G", "load": 0.5},
        "encoder": {"precision": "bf16", "device": "cuda:0"}, "process": {"core_seconds_per_article": 0.36},
        "engine": {"articles_per_second": 100.0, "workers": 4},
    }  # fmt: skip
    assert "| 10,000,000 | 1,000 | 21 days | 15.6 hours | 1.0 hours | $40 |" in costs.on_processors(bench)
    cards = costs.on_cards(bench)
    assert "P, 4 cores, G, bf16, with 2 articles of 450 words" in cards
    assert "| 100,000,000 | 278 | 12 days | 34.7 hours | $694 |" in cards
