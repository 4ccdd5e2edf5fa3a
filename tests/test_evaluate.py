"""Evaluation with a chain that is made up: systems, tables, results."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from evaluate_fake import ALONE, CONFIG, TEXTS, at, oracle, spoil, write
from rich.console import Console

from stance.evaluate import markdown, render, run_evaluate
from stance.evaluate.baselines import CueVerbs, Quotes, keyword_stances
from stance.gold import load
from stance.pipeline import Pipeline
from stance.segment import segment
from stance.types import Article, Doc


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path)


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
    result = run_evaluate(data, CONFIG, pipeline=oracle(data, fail="a2"), choices=ALONE)
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


def test_wide_tables_go_on_in_a_second_one_and_nothing_is_cut(data):
    result = run_evaluate(data, CONFIG, pipeline=oracle(data, spoil))
    text = StringIO()
    render(result, Console(file=text, width=80))
    shown = text.getvalue()
    assert "(1 of 3)" in shown and "(3 of 3)" in shown and "…" not in shown
    assert all(word in shown for system in result.systems for word in system.name.split())
    assert all(len(line) <= 80 for line in shown.splitlines())


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
