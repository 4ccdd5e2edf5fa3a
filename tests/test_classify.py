"""Stances from candidates: thresholds, probabilities, abstention, mere topics."""

from dataclasses import replace

import numpy as np
import pytest

from stance.classify import Classifier
from stance.config import load_topics
from stance.judge import Calibration, Judge
from stance.targets import Shortlister
from stance.types import LABELS, Article, Doc, Span, Statement

TEXT = "The mayor said the ferry is fine. The clerk rejected the harbour tax."


class Composer:
    def parts(self, views):
        return list(views)


class FakeJudge:
    """Gives the logits it is told for a target, whatever the statement, in one pass and in pairs."""

    composer = Composer()

    def __init__(self, calibration=None, pairs=None, **many):
        self.calibration = calibration or Calibration()
        self.told = many
        self.told_pairs = pairs or {}
        self.asked_pairs = 0

    def ask(self, views, texts):
        rows = [self._row(self.told, text) for text in texts]
        return np.array([rows] * len(views), dtype=np.float32).reshape(len(views), len(texts), 4)

    def pairs(self, pairs):
        self.asked_pairs += len(pairs)
        return np.array([self._row(self.told_pairs, text) for _, text in pairs], dtype=np.float32).reshape(-1, 4)

    def _row(self, told, text):
        return next((logits for name, logits in told.items() if name in text), (9, 0, 0, 0))


def doc(*candidates, identifier="a"):
    """Two statements; the first has the candidates."""
    statements = (
        Statement(f"{identifier}:0", (Span(15, 32),), Span(10, 14), Span(0, 9), "indirect", candidates=candidates),
        Statement(f"{identifier}:1", (Span(53, 68),), Span(44, 52), Span(34, 43), "indirect"),
    )
    return Doc(Article(identifier, TEXT), statements=statements)


@pytest.fixture(scope="module")
def topics(topics_file):
    return load_topics(topics_file)


def stances(judge, topics, *candidates):
    (labelled,) = Classifier(judge, topics)([doc(*((c, 0.5) for c in candidates))])
    assert labelled.statements[1].stances == ()
    return labelled.statements[0].stances


def test_candidate_that_the_statement_bears_on_gets_its_stance(topics):
    (stance,) = stances(FakeJudge(ferry=(0, 1, 4, 1)), topics, "ferry")
    assert (stance.topic, stance.target, stance.label) == ("harbour", "ferry", "against")
    assert sum(stance.probs) == pytest.approx(1)
    assert stance.probs[LABELS.index("against")] == max(stance.probs)
    weights = np.exp([0, 1, 4, 1])
    about = weights[1:].sum() / weights.sum()
    assert stance.probs == pytest.approx(weights[1:] / weights[1:].sum())
    assert stance.confidence == pytest.approx(about * max(stance.probs)), "P(bears on it) * P(label | it does)"
    assert stance.confidence == pytest.approx(weights[2] / weights.sum())
    assert not stance.abstained
    assert all(isinstance(value, float) for value in (*stance.probs, stance.confidence))


def test_only_candidates_are_judged(topics):
    assert stances(FakeJudge(ferry=(0, 5, 0, 0)), topics, "lighthouse") == ()
    assert stances(FakeJudge(ferry=(0, 5, 0, 0)), topics) == ()


def test_threshold_of_the_calibration_decides(topics):
    judge = FakeJudge(Calibration(threshold=0.6), ferry=(1.2, 0.5, 0, 0))
    assert stances(judge, topics, "ferry") == ()
    judge.calibration = Calibration(threshold=0.5)
    assert [s.target for s in stances(judge, topics, "ferry")] == ["ferry"]


def test_unsure_labels_are_marked_not_left_out(topics):
    judge = FakeJudge(Calibration(abstain=0.6), ferry=(0, 2, 1.9, 0), **{"lighthouse:": (0, 9, 0, 0)})
    found = {s.target: s for s in stances(judge, topics, "ferry", "lighthouse")}
    assert found["ferry"].abstained
    assert found["ferry"].label == "favor"
    assert not found["lighthouse"].abstained


def test_alias_in_the_statement_counts_as_calibrated(topics):
    judge = FakeJudge(Calibration(threshold=0.5), ferry=(1, 0, -9, -9), lighthouse=(1, 0, -9, -9))
    assert stances(judge, topics, "ferry", "lighthouse") == ()
    judge.calibration = Calibration(threshold=0.5, alias=1.5)
    (stance,) = stances(judge, topics, "ferry", "lighthouse")
    assert stance.target == "ferry", "the statement is about the ferry"
    assert stance.confidence == pytest.approx(1 / (1 + np.exp(-0.5)), abs=1e-3)


def test_stances_stand_in_the_order_of_the_topics_file(topics):
    judge = FakeJudge(**{"ferry": (0, 5, 0, 0), "lighthouse:": (0, 9, 0, 0), "tax": (0, 7, 0, 0)})
    orders = [("lighthouse", "ferry", "harbour-tax"), ("ferry", "harbour-tax", "lighthouse")]
    for order in orders:
        assert [s.target for s in stances(judge, topics, *order)] == ["harbour-tax", "ferry", "lighthouse"]


def test_mere_topic(topics):
    judge = FakeJudge(**{"topic: Harbour": (0, 1, 1, 1)})
    (labelled,) = Classifier(judge, topics)([doc()])
    for statement in labelled.statements:
        (stance,) = statement.stances
        assert (stance.topic, stance.target, stance.label) == ("harbour", None, "neutral")
        assert stance.probs == (0.0, 0.0, 1.0)
        assert stance.confidence == pytest.approx(3 * np.e / (1 + 3 * np.e))
        assert not stance.abstained


def test_no_mere_topic_beside_a_target(topics):
    judge = FakeJudge(**{"topic: Harbour": (0, 5, 1, 1), "ferry": (0, 5, 0, 0)})
    (labelled,) = Classifier(judge, topics)([doc(("ferry", 0.9))])
    assert [(s.topic, s.target) for s in labelled.statements[0].stances] == [("harbour", "ferry")]


def test_mere_topic_must_be_named(topics):
    judge = FakeJudge(**{"topic: lighthouse": (0, 9, 9, 9)})
    (labelled,) = Classifier(judge, topics)([doc()])
    assert all(not s.stances for s in labelled.statements), "neither title nor statements name the lighthouse"


def test_calibration_says_which_way_is_asked(topics):
    alone = FakeJudge(pairs={"ferry": (0, 0, 9, 0)}, ferry=(0, 5, 0, 0))
    assert stances(alone, topics, "ferry")[0].label == "favor"
    assert alone.asked_pairs == 0
    pairs = FakeJudge(Calibration(about=(0, 1, 0), stance=(0, 1)), {"ferry": (0, 0, 9, 0)})
    assert stances(pairs, topics, "ferry")[0].label == "against"
    assert pairs.asked_pairs == 1
    both = FakeJudge(Calibration(about=(1, 1, 0), stance=(1, 1)), {"ferry": (0, 0, 9, 0)}, ferry=(0, 5, 0, 0))
    (stance,) = stances(both, topics, "ferry")
    assert stance.probs == pytest.approx(np.exp([5, 9, 0]) / np.exp([5, 9, 0]).sum())


def test_empty_docs(topics):
    classify = Classifier(FakeJudge(Calibration(about=(1, 1, 0))), topics)
    assert classify([]) == []
    empty = Doc(Article("e", ""))
    assert classify([empty])[0] == empty
    assert [d.article.id for d in classify([empty, doc()])] == ["e", "a"]


def test_earlier_stances_are_replaced(topics):
    classify = Classifier(FakeJudge(ferry=(0, 5, 0, 0)), topics)
    once = classify([doc(("ferry", 0.9))])
    assert classify(once) == once


@pytest.mark.parametrize("weights", [{}, {"about": (1.0, 0.0, 0.0), "stance": (1.0, 0.0)}], ids=["both", "many"])
def test_same_stances_at_any_batch_size_and_order(stance_folder, topics, weights):
    def label(docs):
        judge = Judge(stance_folder, "cpu")
        judge.calibration = replace(judge.calibration, threshold=0.0, candidate=0.0, **weights)
        return Classifier(judge, topics)(Shortlister(judge, topics)(docs))

    docs = [
        replace(d, article=replace(d.article, title="Talks " * n)) for n in range(5) for d in [doc(identifier=str(n))]
    ]
    together = label(docs)
    assert all(len(s.stances) >= 3 for d in together for s in d.statements)
    for other in ([label([one])[0] for one in docs], label(docs[::-1])[::-1]):
        for a, b in zip(together, other, strict=True):
            for s, t in zip(a.statements, b.statements, strict=True):
                assert [(x.topic, x.target, x.label) for x in s.stances] == [
                    (x.topic, x.target, x.label) for x in t.stances
                ]
                for x, y in zip(s.stances, t.stances, strict=True):
                    assert x.probs == pytest.approx(y.probs, abs=0.01)
                    assert x.confidence == pytest.approx(y.confidence, abs=0.01)


def test_user_s_own_target_gets_a_stance(stance_folder, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("topics: [{id: fleet, targets: [{id: new-fleet, proposition: A new fleet is needed.}]}]")
    mine = load_topics(file)
    judge = Judge(stance_folder, "cpu")
    judge.calibration = replace(judge.calibration, threshold=0.0, candidate=0.0)
    (labelled,) = Classifier(judge, mine)(Shortlister(judge, mine)([doc()]))
    assert labelled.statements[0].stances[0].target == "new-fleet"
