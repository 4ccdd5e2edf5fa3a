"""The stance model as it is asked: shapes, order, what is remembered, what a folder must hold."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from stance.config import load_topics
from stance.errors import ModelError
from stance.judge import (
    CLASSES,
    Calibration,
    Judge,
    about_logit,
    load_calibration,
    probabilities,
    save_calibration,
    target_text,
    topic_text,
)
from stance.types import LABELS
from stance.view import View

VIEWS = [
    View("the harbour tax is off the table", speaker="Ilse Brandt (Norway)", cue="said"),
    View("a new lighthouse, and a ferry that sails " + "every day and " * 30, cue="welcomed", title="Ferry talks"),
    View("“Stop.”"),
    View("the fleet", speaker="Mayor", context="Talks on the fleet opened on Monday."),
]
NOT_NAMED = np.zeros(2, dtype=bool)
TEXTS = ["ferry: The ferry should sail.", "tax: The tax is right.", "topic: Harbour"]


@pytest.fixture(scope="module")
def judge(stance_folder):
    return Judge(stance_folder, "cpu")


def test_classes_hold_the_labels_after_unrelated():
    assert CLASSES == ("unrelated", *LABELS)


def test_many_gives_a_judgement_for_every_statement_and_target(judge):
    logits = judge.many(judge.composer.parts(VIEWS), TEXTS)
    assert logits.shape == (4, 3, 4)
    assert logits.dtype == np.float32
    assert len(np.unique(logits.round(2))) > 10, "statements and targets differ"


def test_many_does_not_depend_on_company_or_order(judge):
    parts = judge.composer.parts(VIEWS)
    together = judge.many(parts, TEXTS)
    alone = np.concatenate([judge.many([part], TEXTS) for part in parts])
    turned = judge.many(parts[::-1], TEXTS[::-1])[::-1, ::-1]
    for other in (alone, turned):
        assert np.abs(sigmoid(about_logit(together)) - sigmoid(about_logit(other))).max() < 0.01
        assert (together[..., 1:].argmax(-1) == other[..., 1:].argmax(-1)).all()


def test_pairs_come_in_the_order_asked(judge):
    parts = judge.composer.parts(VIEWS)
    asked = [(part, text) for part in parts for text in TEXTS]
    logits = judge.pairs(asked)
    assert logits.shape == (12, 4)
    turned = judge.pairs(asked[::-1])[::-1]
    assert np.abs(logits - turned).max() < 0.1
    assert np.abs(logits - logits[0]).max() > 0.1


def test_nothing_asked(judge):
    assert judge.many([], TEXTS).shape == (0, 3, 4)
    assert judge.many(judge.composer.parts(VIEWS), []).shape == (4, 0, 4)
    assert judge.pairs([]).shape == (0, 4)
    assert judge.ask([], TEXTS).shape == (0, 3, 4)


def test_ask_encodes_a_statement_once_for_stages_that_follow_each_other(judge, monkeypatch):
    first = judge.ask([*VIEWS, VIEWS[0]], TEXTS)
    assert (first[0] == first[-1]).all()
    np.testing.assert_allclose(first[:4], judge.many(judge.composer.parts(VIEWS), TEXTS), atol=0.1)
    asked = []
    many = judge.many
    monkeypatch.setattr(judge, "many", lambda parts, texts: asked.append(len(parts)) or many(parts, texts))
    assert (judge.ask(VIEWS[::-1], TEXTS) == first[:4][::-1]).all()
    assert sum(asked) == 0
    judge.ask([VIEWS[0], View("new")], TEXTS)
    assert sum(asked) == 1
    judge.ask(VIEWS, TEXTS[:2])
    assert sum(asked) == 5, "other questions are asked anew"


def test_known_targets_have_corrections_as_long_as_they_say_the_same(judge, topics_file):
    topics = load_topics(topics_file)
    assert [target_text(t) for t in topics.targets] + [topic_text(t) for t in topics.topics] == list(judge.known)
    parts = judge.composer.parts(VIEWS[:1])
    text = target_text(topics["ferry"])
    known = judge.many(parts, [text])
    row = judge.known.pop(text)
    try:
        assert np.abs(known - judge.many(parts, [text])).max() > 0.01
    finally:
        judge.known[text] = row
    other = replace(topics["ferry"], proposition="The ferry to Vara should stop.")
    assert target_text(other) not in judge.known


def test_probabilities_follow_the_calibration():
    many = np.array([[0.0, 2.0, 0.0, 0.0], [5.0, 0.0, 0.0, 0.0]])
    pairs = np.array([[0.0, 0.0, 3.0, 0.0], [0.0, 0.0, 9.0, 0.0]])
    about, stance = probabilities(many, pairs, NOT_NAMED, Calibration())
    assert about[0] > 0.9 > 0.1 > about[1]
    np.testing.assert_allclose(stance.sum(-1), 1)
    assert stance[0].argmax() == LABELS.index("favor")
    about, stance = probabilities(many, pairs, NOT_NAMED, Calibration(about=(0, 1, 0), stance=(0, 1)))
    assert about[1] > 0.99
    assert stance.argmax(-1).tolist() == [LABELS.index("against")] * 2
    about, _ = probabilities(many, pairs, NOT_NAMED, Calibration(about=(0, 0, -3)))
    np.testing.assert_allclose(about, 1 / (1 + np.exp(3)))
    about, _ = probabilities(many, pairs, np.array([True, False]), Calibration(about=(0, 0, -3), alias=3.0))
    np.testing.assert_allclose(about, [0.5, 1 / (1 + np.exp(3))])


def test_pairs_are_asked_where_they_have_a_say():
    assert not Calibration().asks_pairs
    assert Calibration(about=(1.0, 0.2, 0.0)).asks_pairs
    assert Calibration(stance=(1.0, 0.2)).asks_pairs


def test_calibration_comes_back_as_it_was_saved(tmp_path):
    assert load_calibration(tmp_path) == Calibration()
    calibration = Calibration(about=(0.9, 0.3, -0.5), stance=(1.2, 0.4), threshold=0.42, abstain=0.3, error_rate=0.25)
    save_calibration(calibration, tmp_path)
    assert load_calibration(tmp_path) == calibration


@pytest.mark.parametrize(("name", "value"), [("mood", 3), ("pair_about", [1.0, -2.0])])
def test_calibration_of_another_version_is_refused(tmp_path, name, value):
    (tmp_path / "calibration.json").write_text(json.dumps({"threshold": 0.5, name: value}))
    with pytest.raises(ModelError, match=rf"calibration\.json.*{name}"):
        load_calibration(tmp_path)


def test_folder_without_the_head_is_no_stance_model(stance_folder, tmp_path):
    folder = tmp_path / "half"
    shutil.copytree(stance_folder, folder)
    (folder / "many.safetensors").unlink()
    with pytest.raises(ModelError, match=r"many\.safetensors is missing"):
        Judge(folder, "cpu")
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        Judge(tmp_path / "nix", "cpu")


def sigmoid(values):
    return 1 / (1 + np.exp(-values))
