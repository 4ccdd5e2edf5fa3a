"""`stance classify`: rows in, rows out, in order, whatever a row looks like."""

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from stance import cli, pairs
from stance.classify import neutral_if_unrelated
from stance.errors import InputError
from stance.judge import Calibration, Judge
from stance.types import LABELS

TARGET = "ferry: The ferry should sail."


@pytest.fixture(scope="module")
def judge(stance_folder):
    return Judge(stance_folder, "cpu")


def lines(path, rows):
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def result(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_rows_come_out_as_they_went_in_whatever_the_chunk(tmp_path, judge, monkeypatch):
    rows = [{"id": n, "text": "The ferry sails " * (7 - n % 5), "target": TARGET, "speaker": "Ada"} for n in range(23)]
    source = lines(tmp_path / "in.jsonl", rows)
    seen = []
    pairs.classify_file(source, tmp_path / "whole.jsonl", judge)
    monkeypatch.setattr(pairs, "CHUNK", 5)
    done = pairs.classify_file(source, tmp_path / "parts.jsonl", judge, seen.append)
    whole, parts = result(tmp_path / "whole.jsonl"), result(tmp_path / "parts.jsonl")
    assert [row["id"] for row in whole] == list(range(23)) and seen[-1] == done.rows == 23
    for one, other in zip(whole, parts, strict=True):
        assert one["probs"] == pytest.approx(other["probs"], abs=0.01)
        assert one["label"] in LABELS and sum(one["probs"].values()) == pytest.approx(1, abs=0.001)
        assert one["confidence"] == max(one["probs"].values())


def test_a_bad_row_keeps_its_place(tmp_path, judge):
    source = lines(
        tmp_path / "in.jsonl",
        [
            {"id": "a", "text": "It sails.", "target": TARGET},
            "{broken\n",
            {"id": "c", "text": " ", "target": TARGET},
            "[]\n",
        ],
    )
    done = pairs.classify_file(source, tmp_path / "out.jsonl", judge)
    rows = result(tmp_path / "out.jsonl")
    assert [row["id"] for row in rows] == ["a", None, "c", None] and done.problems == 3
    assert [row["label"] is None for row in rows] == [False, True, True, True]
    assert "row 3 has no text" in rows[2]["problem"]


@pytest.mark.parametrize("content", ["", '{"id": 1, "tweet": "x"}\n', "\x00\xff"])
def test_a_file_of_other_things_is_refused(tmp_path, judge, content):
    source = tmp_path / "pairs_in"
    source.write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError, match="pairs_in"):
        pairs.classify_file(source, tmp_path / "out.jsonl", judge)
    assert [path.name for path in tmp_path.iterdir()] == ["pairs_in"]


@pytest.mark.parametrize(("about", "label", "abstained"), [(0.1, "neutral", True), (0.9, "favor", False)])
def test_not_about_the_target_counts_as_neutral(about, label, abstained):
    (probs,) = neutral_if_unrelated(np.array([about]), np.array([[0.9, 0.05, 0.05]])).tolist()
    told = pairs.verdict(about, probs, Calibration(abstain=0.95 if abstained else 0.0))
    assert sum(probs) == pytest.approx(1) and probs[0] == pytest.approx(0.9 * about)
    assert (told["label"], told["about"], told["abstained"]) == (label, about > 0.5, abstained)


def test_command_reads_and_writes_csv(tmp_path, stance_folder):
    (tmp_path / "in.csv").write_text(f'id,text,target\n1,"It sails, again",{TARGET}\n2,No ferry,{TARGET}\n', "utf-8")
    words = [
        "classify",
        str(tmp_path / "in.csv"),
        "-o",
        str(tmp_path / "out.csv"),
        "--stance-model",
        str(stance_folder),
    ]
    done = CliRunner().invoke(cli.app, words)
    assert done.exit_code == 0, done.output
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["1", "2"] and all(row["label"] in LABELS for row in rows)
