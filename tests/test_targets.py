"""Shortlists: the head's likeliest targets, aliases, and a user's own targets."""

import numpy as np
import pytest

from stance.config import load_topics
from stance.judge import Calibration, Judge, target_text
from stance.targets import Aliases, Shortlister, likeliness, questions
from stance.types import Article, Doc, Span, Statement

TEXT = "Harbour news. Ilse Brandt rejected the port  dues. She said the lighthouse is old. A clerk said hello."


def doc(text=TEXT, identifier="a"):
    """Each sentence but the first is a statement, with its first word as source and its third as cue."""
    statements, at = [], 0
    for number, sentence in enumerate(text.split(". ")[1:]):
        at = text.index(sentence, at)
        content = Span(at + len(sentence) // 2 - 2, at + len(sentence.rstrip(".")))
        statements.append(Statement(f"{identifier}:{number}", (content,), None, Span(at, at + 3), "indirect"))
    return Doc(Article(identifier, text), statements=tuple(statements))


class FakeJudge:
    """Gives the logits of bearing on a target that it is told, by words of the content."""

    def __init__(self, about, calibration=None):
        self.about = about
        self.calibration = calibration or Calibration()

    def ask(self, views, texts):
        logits = np.full((len(views), len(texts), 4), -20.0, dtype=np.float32)
        logits[..., 0] = 0
        for row, view in enumerate(views):
            for column, text in enumerate(texts):
                for (word, target), value in self.about.items():
                    if word in view.content and text.startswith(target):
                        logits[row, column, 1] = value
        return logits


@pytest.fixture(scope="module")
def topics(topics_file):
    return load_topics(topics_file)


def test_likeliest_come_first_and_doubtful_ones_not_at_all(topics):
    judge = FakeJudge({("hello", "the ferry"): 1.0, ("hello", "harbour tax"): 3.0, ("hello", "lighthouse"): -5.0})
    (labelled,) = Shortlister(judge, topics)([doc()])
    candidates = labelled.statements[2].candidates
    assert [target for target, _ in candidates] == ["harbour-tax", "ferry"]
    assert [round(score, 2) for _, score in candidates] == [0.95, 0.73]
    assert all(isinstance(score, float) for _, score in candidates)


def test_no_more_than_the_most(topics):
    judge = FakeJudge({("hello", "the ferry"): 1.0, ("hello", "harbour tax"): 3.0, ("hello", "lighthouse"): 2.0})
    (labelled,) = Shortlister(judge, topics, most=2)([doc()])
    assert [target for target, _ in labelled.statements[2].candidates] == ["harbour-tax", "lighthouse"]


def test_alias_in_the_statement_is_a_candidate_however_doubtful_the_head(topics):
    (labelled,) = Shortlister(FakeJudge({}), topics)([doc()])
    tax, lighthouse, hello = labelled.statements
    assert [target for target, _ in tax.candidates] == ["harbour-tax"]
    assert tax.candidates[0][1] < 0.01, "the score stays the model's own"
    assert [target for target, _ in lighthouse.candidates] == ["lighthouse"]
    assert hello.candidates == ()


def test_alias_makes_its_target_likelier_as_calibrated(topics):
    judge = FakeJudge({("lighthouse", "harbour tax"): -1.0, ("lighthouse", "lighthouse"): -2.0})
    judge.calibration = Calibration(alias=2.0)
    (labelled,) = Shortlister(judge, topics)([doc()])
    candidates = labelled.statements[1].candidates
    assert [target for target, _ in candidates] == ["lighthouse", "harbour-tax"]
    assert candidates[0][1] == pytest.approx(0.5)


def test_alias_in_the_cue_counts(topics):
    text = "The council lighthouse-dreamed of more."
    statement = Statement("a:0", (Span(31, 38),), Span(12, 30), None, "indirect")
    (labelled,) = Shortlister(FakeJudge({}), topics)([Doc(Article("a", text), statements=(statement,))])
    assert [target for target, _ in labelled.statements[0].candidates] == ["lighthouse"]


def test_aliases_are_whole_words_in_any_case_and_spacing():
    topics = load_topics()
    find = Aliases(topics.targets).found
    assert find("the BRICS+ bank") == {"brics"}
    assert find("peace\n talks") == {"ukraine-negotiated-settlement"}
    assert find("scoring goals, escorts and fabrics") == set()
    assert find("") == set()


def test_rest_of_the_article_stays_as_it_was(topics):
    before = doc()
    (after,) = Shortlister(FakeJudge({}), topics)([before])
    assert after.article == before.article
    assert [s.id for s in after.statements] == [s.id for s in before.statements]
    assert [s.content for s in after.statements] == [s.content for s in before.statements]


def test_empty_docs(topics):
    shortlist = Shortlister(FakeJudge({}), topics)
    assert shortlist([]) == []
    empty = Doc(Article("e", ""))
    assert shortlist([empty, doc()])[0] == empty


def test_likeliness_uses_fitted_weights_only_where_the_head_decides_alone():
    logits = np.array([[0.0, 1.0, -20.0, -20.0]])
    raw = 1 / (1 + np.exp(-1.0))
    no, yes = np.array([False]), np.array([True])
    np.testing.assert_allclose(likeliness(logits, no, Calibration()), raw, atol=1e-6)
    np.testing.assert_allclose(likeliness(logits, no, Calibration(about=(2.0, 0.0, -2.0))), 0.5, atol=1e-6)
    np.testing.assert_allclose(likeliness(logits, yes, Calibration(about=(2.0, 0.0, -3.0), alias=1.0)), 0.5, atol=1e-6)
    np.testing.assert_allclose(likeliness(logits, yes, Calibration(about=(2.0, 1.0, -2.0), alias=1.0)), raw, atol=1e-6)


def test_questions_are_targets_then_topics(topics):
    assert questions(topics)[0] == "harbour tax: The harbour tax should stay."
    assert questions(topics)[-2:] == ("topic: Harbour", "topic: lighthouse")


def test_same_shortlists_at_any_batch_size_and_order(stance_folder, topics):
    judge = Judge(stance_folder, "cpu")
    docs = [doc(TEXT.replace("Harbour news", f"News {n}" * (1 + 5 * n)), str(n)) for n in range(6)]
    together = Shortlister(judge, topics)(docs)
    alone = [Shortlister(Judge(stance_folder, "cpu"), topics)([one])[0] for one in docs]
    backwards = Shortlister(Judge(stance_folder, "cpu"), topics)(docs[::-1])[::-1]
    for other in (alone, backwards):
        for a, b in zip(together, other, strict=True):
            for s, t in zip(a.statements, b.statements, strict=True):
                assert dict(s.candidates) == pytest.approx(dict(t.candidates), abs=0.01)
    assert any(s.candidates for d in together for s in d.statements)


def test_user_s_own_target_is_asked_by_its_text(stance_folder, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        "topics: [{id: fleet, targets: [{id: new-fleet, proposition: A new fleet is needed., aliases: [hello]}]}]"
    )
    mine = load_topics(file)
    judge = Judge(stance_folder, "cpu")
    assert target_text(mine["new-fleet"]) not in judge.known
    (labelled,) = Shortlister(judge, mine)([doc()])
    assert dict(labelled.statements[2].candidates).keys() == {"new-fleet"}
