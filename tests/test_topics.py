"""`stance topics`: what is doubtful in a topics file, and topics that a run speaks of without a target."""

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from stance import cli
from stance.config import load_topics
from stance.errors import InputError
from stance.judge import Judge
from stance.overlap import doubts
from stance.shipped import shipped
from stance.store import RunFolder
from stance.suggest import as_yaml, suggest
from stance.types import Article, Doc, Span, Stance, Statement

FERRY = [
    "the ferry to Vara will sail twice a day in summer",
    "the old ferry needs a new engine before the summer",
    "passengers of the ferry wait too long at the pier",
    "a second ferry would cost the islands too much money",
    "the ferry has been late on most days of this summer",
    "the islands cannot live without a ferry in winter",
]
BEES = [
    "the bees of the valley are dying of a new disease",
    "beekeepers lost half of their hives to the disease",
    "honey from the valley hives is safe to eat for bees and people",
    "every third hive of the beekeepers stands empty",
    "new hives will be given to beekeepers in the valley",
    "a disease of bees does no harm to people who eat honey",
]


@pytest.fixture(scope="module")
def judge():
    return Judge(shipped("models") / "stance", "cpu")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suggest") / "run"
    with RunFolder(folder, {"hash": "x"}) as writer:
        for number, texts in enumerate((FERRY, BEES, [FERRY[0], "Too short"])):
            text = "\n".join(texts)
            spans = [Span(text.index(line), text.index(line) + len(line)) for line in texts]
            statements = tuple(
                Statement(f"a{number}:{i}", (span,), None, None, "indirect") for i, span in enumerate(spans)
            )
            writer.add([Doc(Article(f"a{number}", text), statements=statements)])
        covered = Stance("ferry", "ferry", "favor", (1.0, 0.0, 0.0), 0.9)
        statement = Statement("b:1", (Span(0, 41),), None, None, "indirect", stances=(covered,))
        writer.add([Doc(Article("b", "the ferry is covered by a target of its own"), statements=(statement,))])
        writer.finish(0)
    return folder


def test_statements_on_one_matter_come_together(run, judge):
    clusters = suggest(run, judge, least=3)
    found = [{statement.text for statement in cluster.typical} for cluster in clusters]
    assert any(texts <= set(FERRY) for texts in found) and any(texts <= set(BEES) for texts in found)
    assert not any("covered" in text or text == "Too short" for texts in found for text in texts)
    assert any("ferry" in cluster.words for cluster in clusters)


def test_the_suggestion_is_a_topics_file(run, judge, tmp_path):
    clusters = suggest(run, judge, most=1, least=3)
    file = tmp_path / "topics.yaml"
    file.write_text(as_yaml(clusters * 2), encoding="utf-8")
    assert len(clusters) == 1 and len(yaml.safe_load(file.read_text("utf-8"))["topics"]) == 2
    topics = load_topics(file)
    assert {doubt.target for doubt in doubts(topics, judge) if "hardly a sentence" in doubt.reason} == {
        target.id for target in topics.targets if target.proposition == "…"
    }


def test_nothing_in_common_is_said(run, judge, monkeypatch):
    monkeypatch.setattr(judge, "text_vectors", lambda texts: np.eye(len(texts), 64, dtype=np.float32))
    with pytest.raises(InputError, match="--least"):
        suggest(run, judge, least=6)
    with pytest.raises(InputError, match="too few"):
        suggest(run, judge, least=50)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("proposition: 'Should the harbour tax stay?', aliases: [harbour tax]", "a question"),
        ("proposition: Taxes, aliases: [harbour tax]", "hardly a sentence"),
        ("proposition: The harbour tax must not be raised., aliases: [harbour tax]", "'not'"),
        ("proposition: The harbour tax should be raised.", "no aliases"),
        ("proposition: The harbour tax should be raised., aliases: [ht]", "so short"),
        (f"proposition: The tax should stay{' and stay' * 60}., aliases: [harbour tax]", "Shorten"),
        ("proposition: The ferry should sail to Vara each day., aliases: [Ferry]", "belongs to 'ferry'"),
    ],
)
def test_doubtful_targets_are_explained(tmp_path, judge, target, reason):
    file = tmp_path / "topics.yaml"
    good = "{id: ferry, proposition: The ferry to Vara should sail daily., aliases: [ferry]}"
    file.write_text(f"topics:\n- id: harbour\n  targets:\n  - {good}\n  - {{id: own, {target}}}\n", encoding="utf-8")
    assert any(reason in doubt.reason for doubt in doubts(load_topics(file), judge))


def test_targets_that_say_the_same_overlap(tmp_path, judge):
    file = tmp_path / "topics.yaml"
    same = "{id: own, label: pressure on Russia, proposition: Economic pressure on Moscow should be kept up.}"
    file.write_text(f"extends: default\ntopics:\n- id: own-topic\n  targets:\n  - {same}\n", encoding="utf-8")
    found = [doubt for doubt in doubts(load_topics(file), judge) if "reads like" in doubt.reason]
    assert [doubt.target for doubt in found] == ["russia-sanctions"] and "'own'" in found[0].reason


def test_command_says_when_all_is_well(tmp_path):
    file = tmp_path / "topics.yaml"
    file.write_text(
        "topics:\n- id: a\n  targets:\n  - {id: b, proposition: The ferry should sail daily., aliases: [ferry]}\n"
    )
    done = CliRunner().invoke(cli.app, ["topics", "check", str(file)])
    assert done.exit_code == 0 and "1 topics with 1 targets. Nothing is doubtful." in done.stdout
