"""A model learns from a larger one: the same questions in other word pieces, and answers drawn to its answers."""

from dataclasses import replace

import pytest
import torch

from stance.config import load_topics
from stance.encoder import load_tokenizer
from stance.heads import Answers
from stance.targets import Aliases
from stance.train.distil import Teacher, lesson
from stance.train.marked import of_found
from stance.train.stance import build, judged, loss_of
from stance.train.stance_recipe import Phase, Recipe, asked_of
from stance.train.stance_rows import UNKNOWN, Batcher, Example, tokenized
from stance.view import Composer, View

PHASE = Phase("taught", {}, 1, 1e-3, 8, taught=1.0)
RECIPE = Recipe([PHASE], "")


@pytest.fixture
def asked(topics_file):
    return asked_of(load_topics(topics_file))


def batch(folder, asked, judged=True):
    """Three rows, asked about every target in one pass and about the ferry together with it."""
    composer = Composer(load_tokenizer(folder))
    batcher = Batcher(composer, asked.texts, {}, asked.topics, asked.topic_of, easy=0, hard=0, reworded=0)
    labels = {"ferry": 1 if judged else UNKNOWN}
    views = [View(f"the ferry {n}", "the harbour", "welcomed") for n in ("is", "is in the harbour", "said")]
    torch.manual_seed(0)
    made = batcher(tokenized([Example(view, "", labels, judged=judged) for view in views], composer))
    return {name: value for name, value in made.items() if name != "known"} | {"known": torch.arange(len(asked.texts))}


def questions(made):
    return {name: value for name, value in made.items() if not name.endswith(("labels", "_at"))}


def test_a_teacher_is_asked_the_same_in_its_own_pieces(encoder_folder, mpnet_folder, asked, monkeypatch):
    monkeypatch.setattr("random.random", lambda: 0.5)  # neither speaker nor context left out
    teacher = build(mpnet_folder, len(asked.texts), inner=24).eval()
    own = teacher(**questions(batch(mpnet_folder, asked)))
    asked_by = load_tokenizer(encoder_folder)
    told = Teacher(teacher, mpnet_folder, asked_by).eval()(**questions(batch(encoder_folder, asked)))
    assert torch.allclose(own.many, told.many, atol=1e-5)
    assert torch.allclose(own.pairs, told.pairs, atol=1e-5)


def test_equal_answers_cost_nothing_and_others_do(encoder_folder, asked):
    made = batch(encoder_folder, asked)
    torch.manual_seed(1)
    many, pairs = torch.randn(3, len(asked.texts), 4), torch.randn(len(made["pair_at"]), 4)
    tokens = torch.randn(*made["text_ids"].shape, 8)
    row, column = made["pair_at"].unbind(1)
    many[row, column] = pairs  # then their mean is either
    told = Answers(many, pairs, tokens)
    assert lesson(told, told, made).item() == pytest.approx(0, abs=1e-5)
    assert lesson(told._replace(many=-many), told, made) > 0.1
    assert lesson(told._replace(pairs=-pairs), told, made) > 0.1
    assert lesson(told._replace(tokens=-tokens), told, made) > 0.1
    assert lesson(told._replace(tokens=torch.randn(3, 4, 2)), told, made).item() == pytest.approx(0, abs=1e-5), (
        "vectors of another width cannot be compared"
    )


def test_one_pass_learns_what_the_teacher_finds_in_reading_pairs(encoder_folder, asked):
    made = batch(encoder_folder, asked)
    tokens = torch.zeros(*made["text_ids"].shape, 8)
    even = torch.zeros(3, len(asked.texts), 4)
    told = Answers(even, torch.tensor([[0.0, 9.0, 0.0, 0.0]]).expand(len(made["pair_at"]), 4), tokens)
    said = even.clone().requires_grad_()
    lesson(Answers(said, told.pairs, tokens), told, made).backward()
    row, column = made["pair_at"].unbind(1)
    assert (said.grad[row, column, 1] < 0).all(), "favor shall rise where the pair says so"
    said.grad[row, column] = 0
    assert said.grad.abs().max() < 1e-6


def test_taught_steps_draw_the_answers_nearer(encoder_folder, mpnet_folder, asked):
    made = batch(encoder_folder, asked)
    teacher = Teacher(build(mpnet_folder, len(asked.texts), inner=24), mpnet_folder, load_tokenizer(encoder_folder))
    model = build(encoder_folder, len(asked.texts))
    loss = loss_of(RECIPE, PHASE, teacher)
    before = {name: value.clone() for name, value in teacher.named_parameters()}
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    losses = []
    for _ in range(12):
        optimiser.zero_grad()
        losses.append(loss(model, made))
        losses[-1].backward()
        optimiser.step()
    assert losses[-1] < 0.8 * losses[0]
    assert all(torch.equal(value, before[name]) for name, value in teacher.named_parameters())


def test_what_nobody_judged_teaches_only_through_the_teacher(encoder_folder, mpnet_folder, asked):
    made = batch(encoder_folder, asked, judged=False)
    assert (made["labels"] == UNKNOWN).all()
    assert (made["pair_labels"] == UNKNOWN).all() and len(made["pair_labels"]) == 3
    assert judged(torch.zeros(*made["labels"].shape, 4), made["labels"], 1.0) == 0
    teacher = Teacher(build(mpnet_folder, len(asked.texts), inner=24), mpnet_folder, load_tokenizer(encoder_folder))
    model = build(encoder_folder, len(asked.texts))
    alone = replace(PHASE, taught=0.0)
    assert loss_of(RECIPE, alone, teacher)(model, made).item() == 0
    assert loss_of(RECIPE, PHASE, teacher)(model, made) > 0


def test_found_statements_name_the_targets_that_they_may_bear_on(topics_file):
    text = "The mayor said the ferry to Vara is old."
    row = {"article": "a", "content": [[15, 39]], "cue": [10, 14], "source": [0, 9]}
    known = {"a": {"id": "a", "text": text, "title": "", "date": "", "outlet": "Vara Post"}}
    (example,) = of_found([row], known, Aliases(load_topics(topics_file).targets))
    assert example.labels == {"ferry": UNKNOWN}
    assert not example.judged
    assert (example.view.content, example.view.cue) == ("the ferry to Vara is old", "said")
