"""`stance annotate`, as a user types it."""

import json
import os
from xml.etree import ElementTree

import pytest
from annotate_fake import plain, sample
from report_run import TOPICS as OWN_TOPICS
from report_run import build
from typer.testing import CliRunner

from stance import gold
from stance.annotate import FORMATS, write_rows
from stance.cli import app
from stance.errors import InputError


@pytest.fixture
def annotate(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_rows([sample()], tmp_path / "articles.jsonl")

    def call(*words, code=0):
        done = CliRunner().invoke(app, ["annotate", *words])
        if isinstance(done.exception, InputError):
            return str(done.exception)
        assert done.exit_code == code, done.output + repr(done.exception)
        return done

    return call


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "doccano-stance"])
def test_out_and_in(annotate, name, tmp_path):
    out = f"out.{name}" if name not in ("brat", "inception", "dna") else "out"
    said = annotate("export", "articles.jsonl", "-o", out, "--to", name, "--annotations").stderr
    assert "1 articles with 4 statements for" in said and "Not held by the file" not in said
    files = out if name != "dna" else "out/eventlist.csv"
    if name == "xlsx":
        os.rename(out, files := "out.xlsx")
    said = annotate("import", files, "-o", "corrected.jsonl", "--from", name, "--run", "articles.jsonl").stderr
    assert "1 articles with 4 statements and 5 stances in corrected.jsonl" in said
    assert plain(gold.load(tmp_path / "corrected.jsonl")) == plain([sample()])


def test_what_is_lost_is_said(annotate):
    said = annotate("export", "articles.jsonl", "-o", "a.csv", "--to", "csv").stderr
    assert "Note: Spans come from the run; new statements cannot be added." in said


def test_a_run_goes_out_with_its_own_topics(annotate, tmp_path):
    build(tmp_path / "run")
    setup = annotate("export", "run", "--to", "label-studio", "--setup").stdout
    choices = [choice.get("value") for choice in ElementTree.fromstring(setup).find("Taxonomy")]
    assert choices[0] == OWN_TOPICS[0]["targets"][0]["id"] and "topic/harbour" in choices
    said = annotate("export", "run", "-o", "t.json", "--to", "label-studio", "-n", "5").stderr
    assert "5 articles with" in said
    tasks = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))
    assert [*tasks[0]] == ["data", "predictions"]
    one = tasks[2]["data"]["doc_id"]
    annotate("export", "run", "-o", "one.json", "--to", "label-studio", "--article", one)
    assert [task["data"]["doc_id"] for task in json.loads((tmp_path / "one.json").read_text())] == [one]
    assert "has no article 'nowhere'" in annotate("export", "run", "-o", "o", "--to", "brat", "--article", "nowhere")


@pytest.mark.parametrize("name", ["label-studio", "doccano", "doccano-stance", "brat", "inception", "prodigy"])
def test_setup_is_printed(annotate, name):
    text = annotate("export", "articles.jsonl", "--to", name, "--setup").stdout
    assert "Content" in text or "webanno.custom.Statement" in text or "brics:favor" in text
    if text.startswith("<"):
        ElementTree.fromstring(text.encode())


def test_check_lists_faults(annotate, tmp_path):
    annotate("export", "articles.jsonl", "-o", "a.jsonl", "--to", "doccano")
    assert "1 articles read, 0 faults" in annotate("check", "a.jsonl", "--from", "doccano").stderr
    file = tmp_path / "a.jsonl"
    file.write_text(file.read_text(encoding="utf-8").replace('"label": "Cue"', '"label": "Verb"'), encoding="utf-8")
    done = annotate("check", "a.jsonl", "--from", "doccano", code=1)
    assert done.stdout.count("a.jsonl:1: region") == 3 and "3 faults" in done.stderr
    refused = annotate("import", "a.jsonl", "-o", "c.jsonl", "--from", "doccano")
    assert "labelled Verb. Label it as one of Content, Source, Cue" in refused
    assert not (tmp_path / "c.jsonl").exists()


def test_wrong_use_is_explained(annotate, tmp_path):
    assert 'Did you mean "label-studio"?' in annotate("export", "articles.jsonl", "-o", "a", "--to", "labelstudio")
    assert "Say where to write with -o" in annotate("export", "articles.jsonl", "--to", "csv")
    assert "conll needs no setup" in annotate("export", "articles.jsonl", "--to", "conll", "--setup")
    (tmp_path / "file").write_text("")
    assert "file is a file, and brat is several" in annotate("export", "articles.jsonl", "-o", "file", "--to", "brat")
    annotate("export", "articles.jsonl", "-o", "t.json", "--to", "label-studio")
    nothing = annotate("import", "t.json", "-o", "c.jsonl", "--from", "label-studio")
    assert "Nothing to import from t.json: 1 articles that nobody has annotated" in nothing
