"""Evaluation with a chain that is made up: tasks, tables, results, mistakes and floors."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from stance.config import load_config
from stance.errors import ConfigError, InputError
from stance.evaluate import (
    check_floors,
    compare,
    load_task,
    markdown,
    mistakes,
    pin_floors,
    render,
    render_comparison,
    run_evaluate,
    task_names,
)
from stance.evaluate.baselines import CueVerbs, Quotes, keyword_stances
from stance.evaluate.pairs import PairRow, clusters, majority, read_pairs
from stance.gold import load
from stance.pipeline import Pipeline
from stance.segment import segment
from stance.types import Article, Doc, Span

TEXTS = {
    "a1": "Ilse Brandt, the harbour minister, said that BRICS cooperation should be expanded. "
    "“Ships must not wait another winter,” she added.",
    "a2": "The harbour union welcomed the new multilateral rules on Tuesday. Karl Amt warned of delays.",
}
CONFIG = load_config()


def at(text: str, piece: str) -> list[list[int]]:
    start = text.index(piece)
    return [[start, start + len(piece)]]


def row(id: str, *statements: tuple) -> dict:
    text = TEXTS[id]
    entities = [
        {"id": "E1", "name": "Ilse Brandt", "kind": "person", "role": "harbour minister", "affiliation": "Norway"},
        {"id": "E2", "name": "harbour union", "kind": "organization", "affiliation": "Norway"},
        {"id": "E3", "name": "Karl Amt", "kind": "person"},
    ]
    found = [
        {
            "source": at(text, source),
            "cue": at(text, cue),
            "content": at(text, content),
            "kind": kind,
            "speakers": [who],
            "stances": [{"target": target, "stance": label} for target, label in stances],
        }
        for source, cue, content, kind, who, stances in statements
    ]
    return {"id": id, "text": text, "title": None, "entities": entities, "statements": found}


def rows() -> list[dict]:
    first = ("Ilse Brandt, the harbour minister", "said", "that BRICS cooperation should be expanded", "indirect", "E1")
    second = ("she", "added", "“Ships must not wait another winter,”", "direct", "E1", [])
    third = ("The harbour union", "welcomed", "the new multilateral rules on Tuesday", "indirect", "E2")
    fourth = ("Karl Amt", "warned of", "delays", "indirect", "E3", [])
    return [
        row("a1", (*first, [("brics", "favor")]), second),
        row("a2", (*third, [("multilateralism", "favor"), ("free-trade", "neutral")]), fourth),
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows()), encoding="utf-8")
    return path


def oracle(data: Path, change=lambda statement: statement, fail: str = "") -> Pipeline:
    """A chain that knows the gold, but for what `change` does to a statement, and that fails on one article."""
    gold = {doc.article.id: doc for doc in load(data)}

    def answer(docs: list[Doc]) -> list[Doc]:
        return [doc.with_statements(gold[doc.article.id].statements) for doc in docs]

    def classify(docs: list[Doc]) -> list[Doc]:
        if any(doc.article.id == fail for doc in docs):
            raise ValueError("no")
        known = answer(docs)
        return [doc.with_statements(c for s in doc.statements if (c := change(s)) is not None) for doc in known]

    stages = [(name, list) for name in ("segment", "tag")]
    return Pipeline([*stages, ("link", answer), ("resolve", answer), ("targets", list), ("classify", classify)])


def spoil(statement):
    """Loses one statement; gives another a wrong stance, a target too many and a wrong speaker."""
    if statement.id == "s2":
        return None
    flipped = tuple(replace(s, label="against", confidence=0.8) for s in statement.stances)
    return replace(statement, stances=flipped, score=0.9)


def test_a_perfect_chain_scores_one_and_baselines_do_not(data):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data))
    assert [s.name for s in result.systems][:2] == ["stance", "gold statements given"]
    for metric in ("statements", "exact", "speakers", "affiliation", "targets_stances", "stance", "end_to_end"):
        assert result.value(metric) == 1, metric
    for system in result.systems[3:]:
        assert system.scores.value("end_to_end") < 1
    assert dict(result.counts) == {"articles": 2, "statements": 4}


def test_a_spoiled_chain_loses_what_was_spoiled(data):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil))
    assert result.main.scores.total("statements").numbers() == pytest.approx(
        {"tp": 2, "predicted": 2, "gold": 4, "precision": 1, "recall": 0.5}
    )
    assert (result.value("stance"), result.value("end_to_end")) == (0, 0)


def test_given_gold_is_stripped_of_what_is_to_be_found(data):
    seen: dict[str, list] = {}

    def look(name):
        def stage(docs):
            seen.setdefault(name, []).extend(s for doc in docs for s in doc.statements)
            return list(docs)

        return stage

    names = ("segment", "tag", "link", "resolve", "targets", "classify")
    result = run_evaluate(data, CONFIG, pipeline=Pipeline([(name, look(name)) for name in names]))
    assert seen["tag"] == []
    assert all(not s.speakers and not s.stances for s in seen["resolve"])
    assert len(seen["resolve"]) == 4
    assert [bool(s.speakers) for s in seen["classify"]] == [False] * 4 + [True] * 4
    assert not any(s.stances for s in seen["classify"])
    assert "statements" not in result.systems[1].metrics and "speakers" not in result.systems[2].metrics


def test_an_article_that_fails_counts_as_a_problem_not_a_crash(data):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data, fail="a2"), baselines=False)
    assert result.problems == 1
    assert result.main.scores.total("end_to_end").numbers()["gold"] == 3


def test_result_is_json_with_intervals_hash_and_counts_by_article(data):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil))
    kept = json.loads(json.dumps(result.to_json(), allow_nan=False))
    main = kept["systems"][0]
    assert main["metrics"]["statements"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert main["metrics"]["statements"]["low"] <= main["metrics"]["statements"]["high"]
    assert main["by_article"]["a1"]["statements"] == [1, 1, 2]
    assert main["metrics"]["speakers.joint"]["value"] is None
    assert len(kept["data"]["sha256"]) == 64 and kept["data"]["articles"] == 2


def test_tables_show_every_system_with_intervals(data):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil))
    text = StringIO()
    render(result, Console(file=text, width=140))
    assert "66.7 ±0.0" in text.getvalue() and "verbs of" in text.getvalue()
    lines = markdown(result).splitlines()
    assert lines[0].count("|") == lines[1].count("|") == lines[2].count("|") == len(result.systems) + 2
    assert "| statements, F1 | 66.7 [66.7–66.7] |" in lines[2]


def test_attribution_uses_tagger_and_linker_only_on_the_annotated_text(tmp_path):
    text = TEXTS["a1"]
    item = {
        "source": at(text, "she"),
        "cue": at(text, "added"),
        "content": at(text, "“Ships must not wait another winter,”"),
    }
    path = tmp_path / "spans.jsonl"
    path.write_text(json.dumps({"id": "a1", "text": text, "attributions": [{**item, "kind": "direct"}]}))
    asked = []

    def link(docs):
        asked.extend(docs)
        return [doc.with_statements(load(path)[0].statements) for doc in docs]

    def never(docs):
        raise AssertionError("attribution asks for no other stage")

    stages = [("segment", never), ("tag", list), ("link", link), ("resolve", never)]
    result = run_evaluate(path, CONFIG, pipeline=Pipeline(stages))
    assert result.value("relation.exact") == 1
    assert asked[0].statements == () and len(asked[0].sentences) == 2


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
    one = kept(run_evaluate(data, CONFIG, pipeline=oracle(data), baselines=False), tmp_path / "one.json")
    less = kept(run_evaluate(data, CONFIG, pipeline=oracle(data), baselines=False, limit=1), tmp_path / "less.json")
    with pytest.raises(InputError, match="different articles"):
        compare(one, less)
    with pytest.raises(InputError, match="has no system 'x'; it has stance"):
        compare(one, one, "x")
    with pytest.raises(InputError, match="is not a kept result"):
        compare(one, data)


# -- pairs ------------------------------------------------------------------------------------------------------------


def test_pairs_with_own_columns_and_labels(tmp_path):
    (tmp_path / "tweets.csv").write_text(
        "Tweet,Target,Stance,Part\n"
        '"Ships, now!",harbour,FAVOR,dev\nNo more ships,harbour,AGAINST,dev\n'
        "Hm,harbour,UNKNOWN,dev\nYes,harbour,FAVOR,train\n",
        encoding="utf-8",
    )
    (tmp_path / "tweets.yaml").write_text(
        "kind: pairs\ndata: tweets.csv\ncolumns: {text: Tweet, target: Target, label: Stance}\n"
        "labels: {FAVOR: favor, AGAINST: against}\nwhere: {Part: dev}\n",
        encoding="utf-8",
    )

    def predict(rows):
        return [(0.9, 0.1, 0.0) if "now" in row.text else (0.6, 0.4, 0.0) for row in rows]

    result = run_evaluate(tmp_path / "tweets.yaml", CONFIG, predictor=predict)
    assert dict(result.counts) == {"rows": 2}
    assert result.value("accuracy") == 0.5
    assert result.value("brier") == pytest.approx((0.01 + 0.01 + 0.36 + 0.36) / 2)
    assert result.systems[1].name == "most frequent label"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "a", "label": "favor"}', r":1: target missing; the row has text, label"),
        ('{"text": "a", "target": "b", "label": "PRO"}', r":1: the label is 'PRO'; it must be one of favor"),
        ("{", "cannot be read"),
        ("", "holds no rows"),
    ],
)
def test_pairs_that_do_not_fit_are_refused(tmp_path, line, message):
    path = tmp_path / "pairs.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_pairs(load_task("pairs", path))


def test_majority_and_clusters():
    rows = [PairRow("a", "t", "against", cluster="x"), PairRow("b", "t", "against"), PairRow("c", "t", "favor")]
    assert majority(rows) == [(0.0, 1.0, 0.0)] * 3
    assert clusters(rows) == ["x", "row 1", "row 2"]


# -- tasks ------------------------------------------------------------------------------------------------------------


def test_every_shipped_task_loads_and_says_where_its_data_are(data):
    assert {"gold", "articles", "attribution", "polnear", "pairs", "vast"} <= set(task_names())
    for name in task_names():
        task = load_task(name, data)
        assert task.data == data and task.description
    with pytest.raises(InputError, match=r"polnear has no data of its own: give it with --data FILE.*github.com"):
        load_task("polnear")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("data: x.jsonl", "a task needs a kind: articles, attribution, pairs"),
        ("kind: pairs\ndatta: x", r'task.yaml:2: unknown key \'datta\'. Did you mean "data"'),
        ("kind: pairs\ncolumns: {txt: a}", r"no column 'txt'"),
        ("kind: pairs\nlabels: favor", "labels must hold"),
    ],
)
def test_wrong_tasks_are_refused_with_their_line(tmp_path, text, message):
    path = tmp_path / "task.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_task(path)


def test_unknown_tasks_and_files_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"no task 'polner'.*polnear"):
        load_task("polner")
    with pytest.raises(InputError, match="are not there"):
        load_task("articles", tmp_path / "nothing.jsonl")
    odd = tmp_path / "odd.jsonl"
    odd.write_text('{"text": "a"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="neither 'statements'"):
        load_task(odd)


# -- baselines --------------------------------------------------------------------------------------------------------


def test_quote_baseline_finds_the_nearest_name():
    text = "Karl Amt spoke first. “Ships must not wait another winter,” Ilse Brandt said in Bergen."
    (doc,) = Quotes()(segment([Doc(Article("x", text))]))
    (found,) = doc.statements
    assert found.content_text(text) == "“Ships must not wait another winter,”"
    assert (found.source.text(text), found.cue.text(text), found.kind) == ("Ilse Brandt", "said", "direct")
    assert found.speakers[0].name == "Ilse Brandt"


def test_verb_baseline_takes_sentences_apart_both_ways():
    text = "The union said the harbour is full. The harbour will close, Karl Amt said. It is late, warned Ada Quist."
    (doc,) = CueVerbs()(segment([Doc(Article("x", text))]))
    assert [(s.source.text(text), s.content_text(text)) for s in doc.statements] == [
        ("The union", "the harbour is full"),
        ("Karl Amt", "The harbour will close"),
        ("Ada Quist", "It is late"),
    ]


def test_keyword_baseline_favours_targets_named_in_the_content(data):
    from stance.config import load_topics

    doc = keyword_stances(load(data)[0], load_topics())
    assert "brics" in {s.target for s in doc.statements[0].stances}
    assert doc.statements[1].stances == ()


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
    assert {m.kind for m in found} == {"missed statement", "content", "speaker", "stance"}
    stances = [m for m in found if m.kind == "stance"]
    assert ("brics: favor", "brics: against", 0.8) in [(m.gold, m.predicted, m.confidence) for m in stances]
    assert [m.confidence for m in stances] == sorted((m.confidence for m in stances), reverse=True)
    (speaker,) = [m for m in found if m.kind == "speaker"]
    assert (speaker.gold, speaker.predicted) == ("harbour union (organization)", "Ilse Brandt (person)")

    path = tmp_path / "errors.csv"
    run_evaluate(data, CONFIG, pipeline=oracle(data, change), errors=path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(found)


def test_mistakes_never_become_formulas(tmp_path):
    from stance.evaluate.mistakes import _cell

    assert _cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _cell("said") == "said" and _cell(-0.5) == -0.5


# -- floors -----------------------------------------------------------------------------------------------------------


def test_floors_rise_freely_and_fall_only_with_a_reason(data, tmp_path):
    path = tmp_path / "floors.json"
    weak = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil), baselines=False)
    strong = run_evaluate(data, CONFIG, pipeline=oracle(data), baselines=False)
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


def test_floors_hold_for_the_data_they_were_pinned_on(data, tmp_path):
    path = tmp_path / "floors.json"
    result = run_evaluate(data, CONFIG, pipeline=oracle(data), baselines=False)
    with pytest.raises(InputError, match="cannot be read"):
        check_floors(result, path)
    pin_floors(result, path, ["statements"])
    data.write_text(data.read_text().replace("Ships", "Boats"), encoding="utf-8")
    other = run_evaluate(data, CONFIG, pipeline=oracle(data), baselines=False)
    with pytest.raises(InputError, match="pinned on other data"):
        check_floors(other, path)
    with pytest.raises(InputError, match="the data"):
        pin_floors(other, path, ["statements"])


def test_a_metric_that_can_no_longer_be_computed_is_a_fall(data, tmp_path):
    path = tmp_path / "floors.json"
    pin_floors(run_evaluate(data, CONFIG, pipeline=oracle(data), baselines=False), path, ["stance"])
    silent = run_evaluate(data, CONFIG, pipeline=oracle(data, lambda s: None), baselines=False)
    assert check_floors(silent, path) == ["mine stance: nan is below the floor 1.0000"]


ROOT = Path(__file__).parents[1]
SHIPPED = (ROOT / "models" / "attribution" / "config.json", ROOT / "models" / "stance" / "config.json")


@pytest.mark.skipif(not all(path.is_file() for path in SHIPPED), reason="no models are shipped")
@pytest.mark.skipif(not (ROOT / "eval" / "floors.json").is_file(), reason="no floors are pinned")
def test_shipped_models_hold_their_floors():
    result = run_evaluate("gold", CONFIG, baselines=False)
    assert result.problems == 0
    assert check_floors(result, ROOT / "eval" / "floors.json") == []


def test_every_metric_is_explained_where_people_look():
    from stance.evaluate.render import METRICS

    text = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    parts = {part for name in METRICS for part in name.split(".")}
    missing = [part for part in sorted(parts) if not re.search(rf"\b{part}\b", text)]
    assert missing == []
