"""The labelling function: what is kept from an earlier run is not found again."""

import pickle
from dataclasses import replace

import pytest

from stance import labeller as module
from stance.config import load_config
from stance.labeller import Labeller, warm
from stance.pipeline import Pipeline
from stance.task import Task, failed, part_of
from stance.types import Article, Span, Speaker, Stance, Statement

VENN = Speaker("venn", "Venn", "person")
NAMES = ("language", "segment", "tag", "link", "resolve", "targets", "classify")


@pytest.fixture
def ran(monkeypatch):
    """The stages that ran, each with the articles that it was given."""
    calls = []

    def stage(name):
        def run(docs):
            calls.append((name, [doc.article.id for doc in docs]))
            return [pretend(name, doc) for doc in docs]

        return run

    def pretend(name, doc):
        if name == "link":
            return replace(doc, statements=(Statement(f"{doc.article.id}:1", (Span(0, 4),), None, None, "direct"),))
        if name == "resolve":
            return doc.with_statements(replace(own, speakers=(VENN,)) for own in doc.statements)
        if name == "classify":
            return doc.with_statements(
                replace(own, stances=(Stance("a", "b", "favor", (1.0, 0.0, 0.0), 1.0),)) for own in doc.statements
            )
        return doc

    monkeypatch.setattr(Pipeline, "load", lambda config: Pipeline([(name, stage(name)) for name in NAMES]))
    return calls


def task(name, first="statements", kept=()):
    return Task(Article(name, "text"), first, kept)


def test_a_labeller_travels_as_its_configuration():
    label = Labeller(load_config())
    assert pickle.loads(pickle.dumps(label)).config == label.config
    assert len(pickle.dumps(label)) < 5000


def test_a_process_that_was_forked_from_a_warm_one_has_the_models_already(ran, monkeypatch):
    monkeypatch.setattr(module, "_ready", None)
    monkeypatch.setattr(module, "use_threads", lambda number: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    label = Labeller(load_config(None, ["min_score=0.4"]), "plan")
    warm(label.warming)
    assert [name for name, _ in ran] == list(NAMES), "all stages have done something"
    there = pickle.loads(pickle.dumps(label))
    assert there is pickle.loads(pickle.dumps(Labeller(label.config, "plan")))
    assert there.config == label.config
    for other in (Labeller(label.config, "another plan"), Labeller(load_config(), "plan")):
        assert pickle.loads(pickle.dumps(other)) is not there


@pytest.mark.parametrize(
    ("first", "stages"),
    [
        ("statements", NAMES),
        ("speakers", ("segment", "resolve", "targets", "classify")),
        ("stances", ("targets", "classify")),
    ],
)
def test_only_what_depends_on_a_change_is_found_again(ran, first, stages):
    label = Labeller(load_config())
    (whole,) = label([task("a")])
    ran.clear()
    assert label([task("a", first, whole["statements"])]) == [whole]
    assert [name for name, _ in ran] == list(stages)


def test_tasks_of_several_kinds_come_back_in_their_order(ran):
    label = Labeller(load_config())
    kept = label([task("b")])[0]["statements"]
    ran.clear()
    parts = label([task("a"), task("b", "stances", kept), task("c")])
    assert [part["article"]["article_id"] for part in parts] == ["a", "b", "c"]
    assert [len(part["statements"]) for part in parts] == [1, 1, 1]
    assert dict(ran[: len(NAMES)])["link"] == ["a", "c"]


def test_of_an_article_with_a_problem_no_statement_is_given():
    doc = task("a").doc.with_statements([Statement("a:1", (Span(0, 4),), None, None, "direct")])
    assert len(part_of(doc)["statements"]) == 1
    assert part_of(doc.with_problem("classify", ValueError("odd")))["statements"] == []
    (problem,) = failed(Article("a", "text", path="a.txt"), "label", "killed", "why")["problems"]
    assert problem == {"article_id": "a", "path": "a.txt", "stage": "label", "kind": "killed", "reason": "why"}
