"""What becomes of a result: comparison, mistakes to read, floors, files."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from evaluate_fake import ALONE, CONFIG, oracle, spoil, write
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from stance.cli import app
from stance.cli.evaluate import _models
from stance.config import load_topics
from stance.errors import InputError
from stance.evaluate import (
    Choices,
    Task,
    check_floors,
    compact,
    compare,
    joint_table,
    markdown,
    mistakes,
    pin_floors,
    render_comparison,
    run_evaluate,
    save,
    write_errors,
)
from stance.evaluate.result import packed, unpacked
from stance.gold import load
from stance.rows import statement_rows
from stance.types import Article, Doc, Span, Statement


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path)


# -- comparison -------------------------------------------------------------------------------------------------------


def kept(result, path: Path) -> Path:
    path.write_text(json.dumps(result.to_json()), encoding="utf-8")
    return path


def test_kept_results_are_compared_metric_by_metric(data, tmp_path):
    weak = kept(run_evaluate(data, CONFIG, pipeline=oracle(data, spoil)), tmp_path / "weak.json")
    strong = kept(run_evaluate(data, CONFIG, pipeline=oracle(data)), tmp_path / "strong.json")
    rows = {row.metric: row for row in compare(weak, strong)}
    assert (rows["statements"].a, rows["statements"].b) == (pytest.approx(2 / 3), 1)
    assert rows["statements"].paired.difference == pytest.approx(1 / 3)
    assert rows["kind"].paired.difference == 0 and rows["kind"].paired.p == 1
    assert rows["stance"].paired.difference == 1
    text = StringIO()
    render_comparison(list(rows.values()), Console(file=text, width=120))
    assert "+33.3" in text.getvalue()
    assert compare(weak, strong, "gold speakers given")[0].metric == "targets"


def test_results_that_cannot_be_compared_are_refused(data, tmp_path):
    one = kept(run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE), tmp_path / "one.json")
    less = kept(
        run_evaluate(data, CONFIG, pipeline=oracle(data), choices=Choices(baselines=False, limit=1)),
        tmp_path / "less.json",
    )
    with pytest.raises(InputError, match="different articles"):
        compare(one, less)
    with pytest.raises(InputError, match="has no system 'x'; it has stance"):
        compare(one, one, "x")
    with pytest.raises(InputError, match="is not a kept result"):
        compare(one, data)


# -- files, pictures, several models ----------------------------------------------------------------------------------


def test_saved_results_are_files_that_do_not_change(data, tmp_path):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil))
    for name in ("one", "two"):
        save(result, tmp_path / name)
    names = {path.name for path in (tmp_path / "one").iterdir()}
    pictures = {f"{name}.{form}" for name in ("scores", "reliability", "risk") for form in ("svg", "png")}
    assert names == {"result.json", "table.md", *pictures}
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert "statements, F1" in (tmp_path / "one" / "scores.svg").read_text(encoding="utf-8")
    row = {r.metric: r for r in compare(tmp_path / "one" / "result.json", tmp_path / "two" / "result.json")}
    assert row["positions"].paired.difference == 0 and row["stances.aurc"].paired.p == 1


def test_result_says_what_made_it(data):
    kept = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE).to_json(by_article=False)
    assert re.fullmatch(r"[0-9a-f]{12}(-dirty)?", kept["git"]) or kept["git"] is None
    assert kept["packages"].keys() >= {"python", "torch", "transformers", "scikit-learn"}
    assert "by_article" not in kept["systems"][0] and kept["systems"][0]["metrics"]["statements"]["tp"] == 4
    assert kept["settings"]["min_score"] == CONFIG.min_score and kept["settings"]["limit"] is None
    assert kept["settings"]["topics"] == load_topics(CONFIG.topics).hash


@given(st.lists(st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.5]), max_size=30))
def test_packed_counts_come_back(vector):
    assert unpacked(json.loads(json.dumps(packed(vector)))) == vector


def test_joint_table_has_a_block_a_task(data, tmp_path):
    spoiled = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil), choices=ALONE).to_json()
    task = Task("other", "articles", data=data, ceiling={"statements": 0.95})
    whole = run_evaluate(task, CONFIG, pipeline=oracle(data)).to_json()
    lines = joint_table([spoiled, whole], ["statements", "positions"]).splitlines()
    assert lines[0].startswith("| task | metric | stance | gold statements given |") and lines[0].endswith("people |")
    assert len({line.count("|") for line in lines}) == 1
    assert lines[2].startswith("| mine (2 articles, 4 statements) | statements, F1 | 66.7 [66.7–66.7] |  |")
    assert lines[4].endswith("| 95.0 |") and lines[5].startswith("| other (2 articles, 4 statements) | published pos")
    small = compact([whole])[0]["systems"][0]
    assert small["metrics"]["statements"] == {"value": 1, "low": 1, "high": 1} and "by_article" not in small


def test_several_models_give_mean_and_deviation(tmp_path, monkeypatch):
    path = tmp_path / "rows.jsonl"
    rows = [{"text": t, "target": "x", "label": "favor"} for t in "abcd"]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    right = {"models/one": "abcd", "models/two": "ab"}

    def judge(config):
        known = right[config.models.stance]
        return lambda rows: [(1.0, 0.0, 0.0) if row.text in known else (0.0, 1.0, 0.0) for row in rows]

    monkeypatch.setattr("stance.evaluate.pairs.judge", judge)
    monkeypatch.setattr("stance.evaluate.run._models", lambda *_: {})
    one, two = (CONFIG.with_values({"models.stance": name}) for name in right)
    result = run_evaluate("pairs", one, path, others=[two])
    assert result.seeds["accuracy"] == [1.0, 0.5]
    assert [s.name for s in result.systems] == ["stance", "model 2", "most frequent label"]
    head, *lines = markdown(result).splitlines()
    assert "| mean of 2 models ± sd | stance | model 2 |" in head
    assert any(line.startswith("| accuracy | 75.0 ± 35.4 | 100.0") for line in lines)
    assert result.to_json()["seeds"]["accuracy"] == [1.0, 0.5]


def test_models_go_together_one_by_one_or_one_with_all():
    assert _models(None, None) == [(None, None)]
    assert _models(None, ["a", "b"]) == [(None, "a"), (None, "b")]
    assert _models(["x", "y"], ["a", "b"]) == [("x", "a"), ("y", "b")]
    with pytest.raises(InputError, match="2 attribution models and 3 stance models"):
        _models(["x", "y"], ["a", "b", "c"])


# -- command line -----------------------------------------------------------------------------------------------------


def command(*words: str, code: int = 0):
    answer = CliRunner().invoke(app, ["evaluate", *words], env={"COLUMNS": "140"})
    assert answer.exit_code == code, (answer.output, answer.exception)
    return answer


@pytest.fixture
def said(data, tmp_path) -> Path:
    """The gold statements as another system's output."""
    path = tmp_path / "said.jsonl"
    rows = [row for doc in load(data) for row in statement_rows(doc)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_task_is_the_default_and_results_have_commands(data, said, tmp_path):
    words = (str(data), "--predictions", str(said), "--name", "harbour")
    assert "harbour: 2 articles, 4 statements" in command(*words).stdout
    command(*words, "--save", str(tmp_path / "a"), "--errors", str(tmp_path / "wrong"))
    assert (tmp_path / "wrong" / "errors.html").is_file()
    kept = str(tmp_path / "a" / "result.json")
    assert "+0.0" in command("compare", kept, kept).stdout
    assert "| harbour (2 articles" in command("table", kept, kept, "--metric", "statements").stdout
    assert json.loads(command("table", kept, "--format", "json").stdout)[0]["task"] == "harbour"
    assert "polnear (attribution)" in command("tasks").stdout


def test_wrong_words_are_refused_in_a_sentence(data):
    assert "no task 'gould'" in str(command("gould", code=1).exception)
    assert "Write 'split' as KEY=VALUE" in str(command(str(data), "--where", "split", code=1).exception)
    assert "Example: stance evaluate gold" in command("--help").stdout
    assert "Example: stance evaluate pin gold" in command("pin", "--help").stdout


def test_floors_are_pinned_and_held_from_the_command_line(data, tmp_path, monkeypatch):
    floors = tmp_path / "floors.json"
    chain = {"now": oracle(data)}
    monkeypatch.setattr("stance.pipeline.Pipeline.load", lambda config: chain["now"])
    words = ("pin", str(data), "--floors", str(floors))
    assert "nothing is pinned for mine" in str(command(*words, code=1).exception)
    assert (
        command(*words, "--metric", "statements", "--metric", "stance").stdout == "statements 1.0000\nstance 1.0000\n"
    )
    chain["now"] = oracle(data, spoil)
    assert "Say why" in str(command(*words, code=1).exception)
    answer = command(str(data), "--no-baselines", "--floors", str(floors), code=1)
    assert "mine statements: 0.6667 is below the floor 1.0000" in answer.stderr
    command(*words, "--reason", "a smaller model")
    assert json.loads(floors.read_text())["mine"]["lowered"][0]["reason"] == "a smaller model"
    command(str(data), "--no-baselines", "--floors", str(floors))


# -- mistakes ---------------------------------------------------------------------------------------------------------


def test_mistakes_stand_beside_gold_the_surest_first(data, tmp_path):
    gold = load(data)

    def change(s):
        spoiled = spoil(s)
        if spoiled is None or s.speakers[0].name != "harbour union":
            return spoiled
        return replace(
            spoiled, content=(Span(s.content[0].start + 4, s.content[0].end),), speakers=gold[0].statements[0].speakers
        )

    labelled = oracle(data, change).run([Doc(doc.article) for doc in gold])
    found = mistakes(gold, labelled)
    kinds = {"flipped stance", "side invented", "wrong speaker", "missed statement", "wrong extent"}
    assert {m.kind for m in found} == kinds
    stances = [m for m in found if m.kind == "flipped stance"]
    assert ("brics: favor", "brics: against", 0.8) in [(m.gold, m.predicted, m.confidence) for m in stances]
    assert [m.confidence for m in stances] == sorted((m.confidence for m in stances), reverse=True)
    (speaker,) = [m for m in found if m.kind == "wrong speaker"]
    assert (speaker.gold, speaker.predicted) == ("harbour union (organization)", "Ilse Brandt (person)")

    run_evaluate(data, CONFIG, pipeline=oracle(data, change), errors=tmp_path / "wrong")
    with (tmp_path / "wrong" / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["kind"] for row in table] == [m.kind for m in found]
    page = (tmp_path / "wrong" / "errors.html").read_text(encoding="utf-8")
    assert '<a href="#flipped-stance">flipped stance</a>' in page
    assert '<span class="gold">the </span><span class="gold predicted">new multilateral rules on Tuesday</span>' in page
    assert "://" not in page


def test_mistakes_of_hostile_text_stay_text(tmp_path):
    text = "He said <script>alert(1)</script> & more."
    gold = Doc(Article("<b>", text), statements=(Statement("s", (Span(8, 40),), Span(3, 7), Span(0, 2), "indirect"),))
    write_errors(tmp_path, mistakes([gold], [Doc(gold.article)]), "<i>")
    page = (tmp_path / "errors.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|b|i)>", page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_mistakes_never_become_formulas(tmp_path):
    from stance.evaluate.errors import _cell

    assert _cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _cell("said") == "said" and _cell(-0.5) == -0.5


# -- floors -----------------------------------------------------------------------------------------------------------


def test_floors_rise_freely_and_fall_only_with_a_reason(data, tmp_path):
    path = tmp_path / "floors.json"
    weak = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil), choices=ALONE)
    strong = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    pin_floors(weak, path, ["statements", "end_to_end"])
    assert pin_floors(strong, path, ["statements", "end_to_end"]) == {"statements": 1, "end_to_end": 1}
    assert check_floors(strong, path) == []
    assert check_floors(weak, path) == [
        "mine statements: 0.6667 is below the floor 1.0000",
        "mine end_to_end: 0.0000 is below the floor 1.0000",
    ]
    with pytest.raises(InputError, match=r"statements 1\.0000 → 0\.6667, end_to_end"):
        pin_floors(weak, path, ["statements", "end_to_end"])
    pin_floors(weak, path, ["statements"], reason="a smaller model", today=date(2030, 1, 2))
    kept = json.loads(path.read_text())["mine"]
    assert kept["scores"] == {"statements": 0.6667}
    assert kept["lowered"] == [
        {"date": "2030-01-02", "reason": "a smaller model", "scores": {"statements": 1.0, "end_to_end": 1.0}}
    ]


def test_small_steps_down_do_not_add_up(data, tmp_path, monkeypatch):
    path = tmp_path / "floors.json"
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    for value in (0.9, 0.895, 0.889):
        monkeypatch.setattr(type(result), "value", lambda self, metric, value=value: value)
        if value > 0.89:
            assert pin_floors(result, path, ["statements"]) == {"statements": 0.9}
    with pytest.raises(InputError, match=r"statements 0\.9000 → 0\.8890"):
        pin_floors(result, path, ["statements"])
    with pytest.raises(InputError, match=r"no floor can be pinned for 'stances\.aurc'"):
        pin_floors(result, path, ["stances.aurc"])


def test_floors_hold_for_the_data_they_were_pinned_on(data, tmp_path):
    path = tmp_path / "floors.json"
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    with pytest.raises(InputError, match="cannot be read"):
        check_floors(result, path)
    pin_floors(result, path, ["statements"])
    data.write_text(data.read_text().replace("Ships", "Boats"), encoding="utf-8")
    other = run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE)
    with pytest.raises(InputError, match="pinned on other data"):
        check_floors(other, path)
    with pytest.raises(InputError, match="the data"):
        pin_floors(other, path, ["statements"])


def test_a_metric_that_can_no_longer_be_computed_is_a_fall(data, tmp_path):
    path = tmp_path / "floors.json"
    pin_floors(run_evaluate(data, CONFIG, pipeline=oracle(data), choices=ALONE), path, ["stance"])
    silent = run_evaluate(data, CONFIG, pipeline=oracle(data, lambda s: None), choices=ALONE)
    assert check_floors(silent, path) == ["mine stance: nothing was counted; its floor is 1.0000"]


ROOT = Path(__file__).parents[1]
SHIPPED = (ROOT / "models" / "attribution" / "config.json", ROOT / "models" / "stance" / "config.json")


@pytest.mark.skipif(not all(path.is_file() for path in SHIPPED), reason="no models are shipped")
@pytest.mark.skipif(not (ROOT / "eval" / "floors.json").is_file(), reason="no floors are pinned")
@pytest.mark.timeout(900)  # 44 articles
def test_shipped_models_hold_their_floors():
    result = run_evaluate("gold", CONFIG, choices=ALONE)
    assert result.problems == 0
    assert check_floors(result, ROOT / "eval" / "floors.json") == []


def test_every_metric_is_explained_where_people_look():
    from stance.evaluate.names import METRICS

    text = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    parts = {part for name in METRICS for part in name.split(".")}
    missing = [part for part in sorted(parts) if not re.search(rf"\b{part}\b", text)]
    assert missing == []
