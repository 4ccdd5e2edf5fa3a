"""What to annotate next: doubtful, of all kinds, and nothing twice."""

import csv
import io
import json
from dataclasses import replace

import numpy as np
import pytest
from annotate_fake import sample
from report_run import build
from typer.testing import CliRunner

from stance import gold
from stance.annotate import FORMATS, Export, docs_of, read
from stance.annotate.candidates import candidates
from stance.annotate.sampling import pick
from stance.cli import app
from stance.config import load_topics
from stance.errors import InputError


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return build(tmp_path_factory.mktemp("next") / "run")


@pytest.fixture
def annotate(tmp_path, monkeypatch, stance_folder):
    monkeypatch.chdir(tmp_path)

    def call(command, *words):
        model = ("--stance-model", str(stance_folder)) if command == "next" else ()
        done = CliRunner().invoke(app, ["annotate", command, *map(str, words), *model])
        if isinstance(done.exception, InputError):
            return str(done.exception)
        assert done.exit_code == 0, done.output + repr(done.exception)
        return done.stderr

    return call


def sheet(file):
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))


def chosen(file):
    return list(dict.fromkeys(row["statement_id"] for row in sheet(file)))


# -- choosing ---------------------------------------------------------------------------------------------------------

PLACES = np.array([[0.0, 0], [0.1, 0], [0, 0.1], [9, 9], [9.1, 9], [5, 0]])
DOUBT = np.array([0.9, 0.8, 0.7, 0.1, 0.3, 0.5])


def test_the_most_doubtful_of_each_kind():
    assert pick("uncertainty", 3, DOUBT, PLACES) == [0, 5, 4]
    assert pick("uncertainty", 6, DOUBT, PLACES) == pick("diverse", 9, DOUBT, PLACES) == [0, 1, 2, 5, 4, 3]


def test_diverse_looks_at_kinds_alone():
    kinds = [{0, 1, 2}, {3, 4}, {5}]
    found = pick("diverse", 3, DOUBT, PLACES)
    assert [sum(place in kind for place in found) for kind in kinds] == [1, 1, 1]
    assert pick("diverse", 3, DOUBT[::-1], PLACES)[0] == 5  # doubt gives the order of what is chosen


def test_what_is_not_doubtful_at_all_is_not_looked_at():
    doubt = np.r_[np.ones(20), np.zeros(80)]
    assert set(pick("uncertainty", 2, doubt, np.arange(200.0).reshape(100, 2))) <= set(range(20))


def test_a_lot_depends_on_its_seed_alone():
    assert pick("random", 3, DOUBT, PLACES, 1) == pick("random", 3, DOUBT, PLACES, 1)
    assert len({tuple(pick("random", 3, DOUBT, PLACES, seed)) for seed in range(9)}) > 1


# -- what there is to choose from -------------------------------------------------------------------------------------


def test_statements_that_are_annotated_are_left_out():
    doc = sample()
    left = candidates([doc], [doc.with_statements(doc.statements[:1])])
    assert [one.statement.id for one in left.open] == ["a/1:2", "a/1:3", "a/1:4"]
    assert left.done == 1
    assert not candidates([doc], [doc.with_statements(doc.statements[:2])]).open  # half of it: a person has seen it all
    other = replace(doc, article=replace(doc.article, text=doc.article.text + "!"))
    assert len(candidates([doc], [other]).open) == 4  # another text, whose offsets mean nothing here


def test_copies_are_asked_once(run):
    docs = list(docs_of(run))
    found = candidates(docs)
    names = {one.doc.article.id for one in found.open}
    assert found.copies > 20 and not any(name.endswith("-wire") for name in names)
    assert len(found.open) + found.copies == sum(len(doc.statements) for doc in docs)
    done = [doc for doc in docs if doc.article.id == "a00-wire"]
    assert "a00" not in {one.doc.article.id for one in candidates(docs, done).open}


# -- the command ------------------------------------------------------------------------------------------------------


def test_batch_by_batch_nothing_comes_twice(annotate, run, tmp_path):
    said = annotate("next", run, "-n", 12, "-o", "one.csv")
    assert "12 statements of" in said and "in one.csv" in said
    assert "some statements only teaches stances and speakers, not where statements are" in said
    assert len(chosen(tmp_path / "one.csv")) == 12
    annotate("import", "one.csv", "--from", "csv", "--run", run, "-o", "one.jsonl")
    annotate("next", run, "-n", 12, "-o", "two.csv", "--done", "one.jsonl")
    annotate("next", run, "-n", 12, "-o", "again.csv", "--done", "one.csv", "--from", "csv")
    assert chosen(tmp_path / "two.csv") == chosen(tmp_path / "again.csv")
    assert not set(chosen(tmp_path / "one.csv")) & set(chosen(tmp_path / "two.csv"))


def test_whole_articles_where_a_format_needs_them(annotate, run, tmp_path):
    said = annotate("next", run, "-n", 3, "-o", "tasks.json", "--to", "label-studio", "--strategy", "diverse")
    assert "of 3 articles" in said and "some statements only" not in said
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    whole = {doc.article.id: len(doc.statements) for doc in docs_of(run)}
    contents = [[r.get("meta") for r in task["predictions"][0]["result"] if r.get("meta")] for task in tasks]
    assert [len(own) for own in contents] == [whole[task["data"]["doc_id"]] for task in tasks]
    annotate("next", run, "-n", 2, "-o", "whole.csv", "--whole")
    assert len(chosen(tmp_path / "whole.csv")) > 2
    assert len({row["article_id"] for row in sheet(tmp_path / "whole.csv")}) == 2


def test_where_all_is_done_that_is_said(annotate, run, tmp_path):
    annotate("export", run, "-o", "all.csv", "--to", "csv")
    said = annotate("next", run, "-o", "none.csv", "--done", "all.csv", "--from", "csv")
    assert said.startswith("Nothing is left to annotate") and not (tmp_path / "none.csv").exists()


def test_targets_that_may_be_missing_are_asked_about(tmp_path):
    """They stand in the sheet as none, and are a stance where a person says so."""
    doc = sample()
    fourth = replace(doc.statements[3], candidates=(("brics", 0.4), ("free-trade", 0.2)))
    (content,) = FORMATS["csv"].write([doc.with_statements([fourth])], Export(load_topics())).values()
    (tmp_path / "a.csv").write_bytes(content)
    rows = sheet(tmp_path / "a.csv")
    assert [(row["target"], row["label"], row["confidence"]) for row in rows] == [
        ("nato-enlargement", "against", "1.00"),
        ("brics", "none", "0.60"),
        ("free-trade", "none", "0.80"),
    ]
    (tmp_path / "a.csv").write_bytes(content.replace(b"free-trade,none", b"free-trade,favor"))
    (found,), _ = read([tmp_path / "a.csv"], FORMATS["csv"], [doc], load_topics())
    assert [(s.target, s.label) for s in found.statements[0].stances] == [
        ("nato-enlargement", "against"),
        ("free-trade", "favor"),
    ]


def test_imported_batches_are_articles_that_training_reads(annotate, run, tmp_path):
    annotate("next", run, "-n", 5, "-o", "one.csv", "--strategy", "random")
    annotate("import", "one.csv", "--from", "csv", "--run", run, "-o", "one.jsonl")
    assert sum(len(doc.statements) for doc in gold.load(tmp_path / "one.jsonl")) == 5
