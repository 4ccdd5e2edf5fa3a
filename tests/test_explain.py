"""Which words carry a label: the numbers are those that leaving words out gives."""

import io
import json
import math

import pytest
from rich.console import Console
from typer.testing import CliRunner

from stance import cli
from stance.config import load_topics
from stance.errors import InputError
from stance.explain import _probabilities, explain, render
from stance.judge import Judge
from stance.store import RunFolder
from stance.types import Article, Doc, Span, Stance, Statement
from stance.view import View, view_of

TEXT = "The talks opened. Mara Venn said the harbour tax should go, at once."
CONTENT = (33, 67)


@pytest.fixture(scope="module")
def judge(stance_folder):
    return Judge(stance_folder, "cpu")


@pytest.fixture(scope="module")
def topics(topics_file):
    return load_topics(topics_file)


@pytest.fixture(scope="module")
def doc(topics):
    target = topics.targets[0]
    stance = Stance(target.topic, target.id, "favor", (0.6, 0.3, 0.1), 0.5, False)
    topic_only = Stance(target.topic, None, "neutral", (0.0, 0.0, 1.0), 0.5, False)
    content, cue, source = (Span(*CONTENT),), Span(28, 32), Span(18, 27)
    statements = (
        Statement("a-1", content, cue, source, "indirect", stances=(stance, topic_only)),
        Statement("a-2", content, cue, source, "indirect", stances=(topic_only,)),
    )
    return Doc(Article("a", TEXT, "On the tax"), statements=statements)


def test_every_part_is_left_out_once(doc, judge, topics):
    (found,) = explain(doc, "a-1", judge, topics)
    parts = [(weight.part, weight.text) for weight in found.weights]
    words = [("content", word) for word in TEXT[slice(*CONTENT)].split()]
    assert parts == [
        ("speaker", "Mara Venn"),
        ("cue", "said"),
        ("title", "On the tax"),
        ("context", "The talks opened."),
        *words,
    ]


def test_a_weight_is_what_leaving_the_word_out_changes(doc, judge, topics):
    (found,) = explain(doc, "a-1", judge, topics)
    view = view_of(doc, doc.statements[0])
    without = View(view.content.replace("harbour", "", 1), view.speaker, view.cue, view.title, view.context)
    whole, rest = _probabilities(judge, topics, [view, without], found.target, "favor")
    (weight,) = [weight.weight for weight in found.weights if weight.text == "harbour"]
    assert found.probability == pytest.approx(whole, abs=1e-4)
    assert weight == pytest.approx(math.log(whole / (1 - whole)) - math.log(rest / (1 - rest)), abs=0.02)


def test_nothing_to_explain_is_said(doc, judge, topics):
    with pytest.raises(InputError, match="no stance toward a target"):
        explain(doc, "a-2", judge, topics)
    with pytest.raises(InputError, match="Did you mean"):
        explain(doc, "a-11", judge, topics)


def test_shown_with_the_words_in_order(doc, judge, topics):
    console = Console(width=100, record=True, file=io.StringIO())
    render(explain(doc, "a-1", judge, topics), console)
    shown = console.export_text()
    assert "Mara Venn said" in shown and "harbour tax should go, at once" in " ".join(shown.split())
    assert topics.targets[0].id in shown


def test_command_finds_the_statement_in_its_run(tmp_path, doc, topics_file, stance_folder):
    with RunFolder(tmp_path / "run", {"hash": "x"}) as folder:
        folder.add([doc])
        folder.finish(0)
    options = ["--topics", str(topics_file), "--stance-model", str(stance_folder), "--json"]
    done = CliRunner().invoke(cli.app, ["explain", str(tmp_path / "run"), "a-1", *options])
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout)
    assert found["statement_id"] == "a-1" and found["label"] == "favor" and len(found["weights"]) > 5
    wrong = CliRunner().invoke(cli.app, ["explain", str(tmp_path / "run"), "b-1", *options])
    assert isinstance(wrong.exception, InputError)
