"""What does not fit is refused in a sentence that says where; little data claim little."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluate_fake import ALONE, CONFIG, oracle, write
from typer.testing import CliRunner

from stance.cli import app
from stance.errors import InputError
from stance.evaluate import (
    Choices,
    Task,
    check_floors,
    compact,
    compare,
    joint_table,
    load_task,
    markdown,
    pin_floors,
    run_evaluate,
)
from stance.evaluate.pairs import read_pairs
from stance.evaluate.predictions import read_labels
from stance.evaluate.tfidf import tfidf

ROWS = [
    {"text": "We back the pact", "target": "pact", "label": "favor"},
    {"text": "We leave the pact", "target": "pact", "label": "against"},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path)


def rows(path: Path, *lines: object) -> Path:
    path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines), encoding="utf-8")
    return path


def shares(favor: float, against: float, neutral: float) -> dict[str, float]:
    return {"favor": favor, "against": against, "neutral": neutral}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", ":2: not JSON"),
        ([1], ":2: a row is a JSON object"),
        ({"label": "pro"}, ":2: the label is 'pro'"),
        ({"label": "favor", "probs": {"favor": 1}}, ":2: probs must hold a number"),
        ({"label": "favor", "probs": [0.8, 0.1, 0.1]}, ":2: probs must hold a number"),
        ({"label": "favor", "probs": shares(80, 10, 10)}, ":2: probs must be shares"),
        ({"label": "favor", "probs": shares(float("nan"), 0.1, 0.1)}, ":2: probs must be shares"),
        ({"label": "against", "probs": shares(0.8, 0.1, 0.1)}, ":2: the label is 'against', but"),
    ],
)
def test_saved_labels_that_do_not_fit_are_refused_with_their_line(tmp_path, line, message):
    predictions = rows(tmp_path / "said.jsonl", {"label": "favor"}, line)
    task = Task("mine", "pairs", data=rows(tmp_path / "mine.jsonl", *ROWS))
    with pytest.raises(InputError, match=message):
        run_evaluate(task, CONFIG, choices=Choices(baselines=False, predictions=predictions))


def test_saved_labels_that_are_not_there_are_missed(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_labels(tmp_path / "none.jsonl")([])


def test_predictions_beyond_the_text_or_without_parts_are_refused(data, tmp_path):
    ident = json.loads(data.read_text(encoding="utf-8").splitlines()[0])["id"]
    beyond = rows(tmp_path / "beyond.jsonl", {"id": ident, "quotes": [{"quote_index": "(5,99999)"}]})
    bare = rows(tmp_path / "bare.jsonl", {"article_id": ident, "statement_id": "1"})
    for path, message in ((beyond, "quote 1 goes beyond the text"), (bare, "is not as `stance label` writes it")):
        with pytest.raises(InputError, match=message):
            run_evaluate(data, CONFIG, choices=Choices(baselines=False, predictions=path))


def test_words_are_not_learned_from_nothing():
    with pytest.raises(InputError, match="cannot learn from 0 rows"):
        tfidf([])


@pytest.mark.parametrize("entry", [3, {"scores": {}}, {"data": "x", "scores": [1]}])
def test_floors_that_are_none_are_refused(data, tmp_path, entry):
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"mine": entry}), encoding="utf-8")
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    for use in (check_floors, lambda r, p: pin_floors(r, p, ["stance"])):
        with pytest.raises(InputError, match="the floors of mine need data"):
            use(result, path)


def test_what_was_not_counted_cannot_be_pinned(data, tmp_path):
    silent = run_evaluate(data, CONFIG, pipeline=oracle(data, lambda s: None), choices=ALONE)
    with pytest.raises(InputError, match="nothing was counted"):
        pin_floors(silent, tmp_path / "floors.json", ["stance"])
    assert not (tmp_path / "floors.json").exists()


def test_a_floor_of_a_metric_that_no_longer_exists_is_a_fall(data, tmp_path):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"mine": {"data": result.sha256, "scores": {"gone": 0.5}}}), encoding="utf-8")
    assert check_floors(result, path) == ["mine gone: nothing was counted; its floor is 0.5000"]


def test_one_article_has_no_interval_and_proves_nothing(data, tmp_path):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=Choices(baselines=False, limit=1))
    found = result.to_json()
    cell = found["systems"][0]["metrics"]["statements"]
    assert (cell["value"], cell["low"], cell["high"]) == (1.0, None, None)
    assert "[" not in markdown(result)
    path = tmp_path / "one.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(InputError, match="1 article"):
        compare(path, path)


def test_a_coder_of_some_articles_says_of_how_many(data, tmp_path):
    first = data.read_text(encoding="utf-8").splitlines()[0]
    task = Task("mine", "articles", data=data, coders=rows(tmp_path / "second.jsonl", first))
    result = run_evaluate(task, CONFIG, pipeline=oracle(data))
    everything = len(result.main.scores.articles)
    assert everything > 1
    assert f"second coder (only 1 of {everything} articles)" in markdown(result)
    assert {s["name"]: s["articles"] for s in result.to_json()["systems"]}["second coder"] == 1
    assert "| 100.0 (of 1 articles) |" in joint_table(compact([result.to_json()]), ["statements"])


def test_metrics_and_files_that_are_not_there_are_named(data, tmp_path):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE).to_json()
    with pytest.raises(InputError, match="No result has the metric 'nonsense'; there are statements"):
        joint_table([result], ["nonsense"])
    with pytest.raises(InputError, match=r"There is no file .*gone\.jsonl"):
        load_task(tmp_path / "gone.jsonl")
    with pytest.raises(InputError, match="is empty"):
        load_task(rows(tmp_path / "empty.jsonl"))


def test_a_cell_too_many_shifts_nothing(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("text,target,label\nlong,pact,favor,against\n", encoding="utf-8")
    assert [(row.target, row.label) for row in read_pairs(Task("mine", "pairs", data=path))] == [("pact", "favor")]


def test_whole_numbers_are_labels_however_they_are_written(tmp_path):
    path = rows(tmp_path / "mine.jsonl", *({"text": f"t{x}", "target": "pact", "label": x} for x in (0.0, 1, -1.0)))
    task = Task("mine", "pairs", data=path, labels={"1": "favor", "0": "neutral", "-1": "against"})
    assert [row.label for row in read_pairs(task)] == ["neutral", "favor", "against"]


def test_floors_are_not_held_to_a_part(data):
    run = CliRunner().invoke(app, ["evaluate", str(data), "--limit", "1", "--floors", "floors.json"])
    assert isinstance(run.exception, InputError) or "Floors hold for all of the data" in run.output


@pytest.mark.parametrize("kind", ["articles", "speakers"])
def test_spans_alone_are_no_speakers(tmp_path, kind):
    spans = rows(tmp_path / "spans.jsonl", {"id": "a", "text": "Nothing was said.", "attributions": []})
    with pytest.raises(InputError, match="holds spans without speakers and stances"):
        run_evaluate(Task("mine", kind, data=spans), CONFIG, choices=ALONE)


def test_rows_of_a_table_are_no_lines(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text('text,target,label\n"two\nlines",pact,favor\nshort,,favor\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.csv, row 2: target missing"):
        run_evaluate(Task("mine", "pairs", data=path), CONFIG, predictor=lambda r: [], choices=ALONE)
