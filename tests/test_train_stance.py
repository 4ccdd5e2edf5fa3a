"""Training the stance model: rows, batches, a few real steps on a tiny encoder, calibration on held-out rows."""

import json
import logging
from dataclasses import replace

import numpy as np
import pytest
import torch
import yaml

from stance.config import load_topics
from stance.encoder import load_tokenizer
from stance.errors import ConfigError, InputError
from stance.judge import Calibration, Judge, load_calibration
from stance.shipped import shipped
from stance.targets import questions
from stance.train import stance_scores
from stance.train.stance import build, freeze, judged, load_examples, mixed, train
from stance.train.stance_calibration import Scored, calibration_error, decide, fit, fit_best, measure
from stance.train.stance_recipe import Phase, Recipe, asked_of, load_recipe, load_wordings
from stance.train.stance_rows import (
    ABOUT,
    AGAINST,
    FAVOR,
    NEUTRAL,
    NEUTRAL_OR_UNRELATED,
    UNKNOWN,
    UNRELATED,
    Batcher,
    held_out,
    of_articles,
    of_contrast,
    of_public,
    of_statements,
    read_rows,
    tokenized,
    usable,
)
from stance.view import Composer

SENTENCE = "Mayor Ilse Brandt rejected the harbour tax."
STANCES = [("harbour-tax", "against"), ("ferry", "favor"), ("lighthouse", "neutral")]
TOPIC_OF = {"harbour-tax": "topic/harbour", "ferry": "topic/harbour", "lighthouse": "topic/lighthouse"}


def article(number, target="harbour-tax", stance="against", before="Report"):
    text = f"{before} {number}. {SENTENCE}"
    at = text.index("Mayor")
    return {
        "id": f"article-{number}",
        "outlet": "Vara Post",
        "date": "2026-01-02",
        "title": "Harbour news",
        "text": text,
        "entities": [
            {"id": "e1", "name": "Ilse Brandt", "kind": "person", "role": "Mayor", "affiliation": "Norway"},
        ],
        "statements": [
            {
                "content": [[at + 27, at + 42]],
                "cue": [[at + 18, at + 26]],
                "source": [[at, at + 17]],
                "kind": "indirect",
                "speakers": ["e1"],
                "stances": [{"target": target, "stance": stance}],
            }
        ],
    }


def single(number, topic=None, **values):
    return {
        "id": f"s{number}",
        "article_id": f"single-{number}",
        "title": "Harbour news",
        "context": "A talk. ",
        "content": f"the lighthouse {number} is old",
        "source": "The mayor",
        "cue": "said",
        "is_statement": True,
        "stances": [],
        "topic": topic,
        **values,
    }


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def root(tmp_path, topics_file):
    """A recipe's folder with topics, wordings and data enough for every kind of set."""
    root = tmp_path / "configs" / "train"
    root.mkdir(parents=True)
    (root / "topics.yaml").write_text(topics_file.read_text())
    (root / "wordings.yaml").write_text(
        yaml.safe_dump({"ferry": {"same": ["a daily ferry"], "opposite": ["The ferry should stop."]}})
    )
    data = root / "data"
    articles = [article(n, *STANCES[n % 3]) for n in range(30)]
    write(data / "gold" / "train.jsonl", articles)
    before = "Minutes of the spring session of the old town board, page"
    write(data / "gold" / "dev.jsonl", [article(n, *STANCES[n % 3], before) for n in range(100, 106)])
    singles = [single(n, ("harbour", "lighthouse", None)[n % 3]) for n in range(40)]
    singles.append(single(99, is_statement=False))
    write(data / "gold" / "statements.jsonl", singles)
    write(
        data / "gold" / "contrast.jsonl",
        [{"group": "g1", "speaker": "Brandt", "text": SENTENCE, "stances": [["harbour-tax", "against"]]}],
    )
    write(
        data / "stance" / "vast.jsonl",
        [public(text=f"Ferries {n} are fine.", label=("favor", "against", "neutral")[n % 3]) for n in range(6)],
    )
    return root


def public(**values):
    return {"dataset": "vast", "split": "train", "text": "x", "target": "ferries", "label": "favor", **values}


@pytest.fixture
def recipe():
    phases = [
        Phase("public", {"vast": 1}, 1, 1e-3, 4),
        Phase("domain", {"train": 1, "statements": 0.5, "contrast": 2}, 1, 1e-3, 16),
    ]
    return Recipe(phases, "topics.yaml", "wordings.yaml")


def test_examples_of_articles_know_every_target():
    (example,) = of_articles([article(1)], TOPIC_OF, "train")
    assert example.labels == {"harbour-tax": AGAINST, "topic/harbour": ABOUT}
    assert (example.view.content, example.view.cue) == ("the harbour tax", "rejected")
    assert example.view.speaker == "Ilse Brandt (Norway)"
    assert example.as_written == "Mayor Ilse Brandt"
    assert example.view.context == "Report 1."
    assert example.group == "article-1"
    assert not example.topics_known


def test_examples_of_single_statements_leave_out_what_is_none():
    rows = [single(1, "harbour"), single(2, is_statement=False), single(3)]
    first, last = of_statements(rows, TOPIC_OF)
    assert first.labels == {"topic/harbour": ABOUT}
    assert last.labels == {}
    assert first.topics_known


def test_examples_of_public_sets_and_contrast_groups():
    favor, neutral = of_public([public(author="Brandt"), public(label="neutral")])
    assert favor.labels == {"ferries": FAVOR}
    assert favor.view.speaker == "Brandt"
    assert neutral.labels == {"ferries": NEUTRAL_OR_UNRELATED}, "neutral may as well mean that it is not about it"
    row = {"group": "g", "speaker": "S", "text": SENTENCE, "stances": [["ferry", "favor"], ["harbour-tax", "neutral"]]}
    (example,) = of_contrast([row], TOPIC_OF)
    assert example.labels == {"ferry": FAVOR, "harbour-tax": NEUTRAL, "topic/harbour": ABOUT}


def test_weak_rows_are_not_used():
    assert usable(public())
    for meta in ({"weak": True}, {"pronoun": True}, {"attitude": "intention-pos"}):
        assert not usable(public(meta=meta))


def test_held_out_share_is_steady():
    out = [held_out(f"group-{n}") for n in range(2000)]
    assert 0.07 < np.mean(out) < 0.13
    assert out == [held_out(f"group-{n}") for n in range(2000)]


def test_held_out_articles_are_never_learned_from(root, recipe):
    examples = load_examples(root / "data", recipe, asked_of(load_topics(root / "topics.yaml")), root)
    learned = [e.group for name in ("train", "statements") for e in examples[name]]
    assert learned
    assert not any(map(held_out, learned))
    assert len(examples["train"]) == sum(not held_out(f"article-{n}") for n in range(30))


def test_evaluation_articles_are_refused(root, recipe, monkeypatch):
    write(root / "gold.jsonl", [article(3)])
    monkeypatch.setattr("stance.train.stance.evaluation_files", lambda: [root / "gold.jsonl"])
    with pytest.raises(InputError, match=r"train\.jsonl holds texts .*'article-3' \(like 'gold.jsonl article-3'\)"):
        load_examples(root / "data", recipe, asked_of(load_topics(root / "topics.yaml")), root)


def test_what_is_left_out_is_never_learned(root, recipe):
    asked = asked_of(load_topics(root / "topics.yaml")).without(["harbour"])
    assert not {"harbour-tax", "ferry", "topic/harbour"} & set(asked.texts)
    examples = load_examples(root / "data", recipe, asked, root)
    assert {label for e in examples["train"] for label in e.labels} == {"lighthouse", "topic/lighthouse"}
    assert not examples["contrast"], "its only target is one of those left out"
    elsewhere = replace(recipe, outlets_out=("Vara Post",))
    assert not load_examples(root / "data", elsewhere, asked_of(load_topics(root / "topics.yaml")), root)["train"]


def test_recipe_refuses_what_it_does_not_know(tmp_path):
    file = tmp_path / "recipe.yaml"
    phase = {"name": "domain", "epochs": 1, "learning_rate": 1e-3, "batch_size": 8, "mix": {"train": 1}}
    whole = {"topics": "topics.yaml", "phases": [phase], "seed": 5}
    file.write_text(yaml.safe_dump(whole))
    loaded = load_recipe(file)
    assert (loaded.seed, loaded.phases[0].batch_size) == (5, 8)
    odd = {
        "no option 'sed' in a recipe": {**whole, "sed": 5},
        "no option 'epoch' in a phase": {**whole, "phases": [{**phase, "epoch": 5}]},
        "a recipe needs phases": {"topics": "topics.yaml"},
        "a phase needs mix": {**whole, "phases": [{key: phase[key] for key in phase if key != "mix"}]},
        "is no recipe": [],
    }
    for message, data in odd.items():
        file.write_text(yaml.safe_dump(data))
        with pytest.raises(ConfigError, match=message):
            load_recipe(file)


def test_mix_says_how_often_a_set_comes():
    rows = mixed({"a": range(10), "b": range(100, 120)}, {"a": 2.5, "b": 0.25}, 1)
    assert sum(row < 100 for row in rows) == 25
    assert sum(row >= 100 for row in rows) == 5
    assert all(rows.count(n) in (2, 3) for n in range(10))


@pytest.fixture
def batcher(encoder_folder, topics_file):
    composer = Composer(load_tokenizer(encoder_folder))
    wordings = {"ferry": (["a daily ferry"], ["The ferry should stop."])}
    asked = asked_of(load_topics(topics_file))
    return Batcher(composer, asked.texts, wordings, asked.topics, asked.topic_of, reworded=0.0)


def test_batch_asks_every_target_in_one_pass_and_some_in_pairs(batcher):
    examples = [*of_articles([article(1), article(2, "ferry", "favor")], TOPIC_OF, "train"), *of_public([public()])]
    batch = batcher(tokenized(examples, batcher.composer))
    assert batch["labels"].shape == (3, 6)
    assert batch["labels"][0].tolist() == [AGAINST, UNRELATED, UNRELATED, ABOUT, UNKNOWN, UNKNOWN]
    assert batch["labels"][1, 1] == FAVOR
    assert batch["labels"][2, 5] == FAVOR, "the public row's own target is asked too"
    assert batch["target_ids"].shape[0] == 6
    assert batch["known"][-1] == -1
    assert batch["text_ids"].shape == batch["text_mask"].shape == batch["text_types"].shape
    assert len(batch["pair_ids"]) == len(batch["pair_labels"]) >= 3
    assert {AGAINST, FAVOR} <= set(batch["pair_labels"].tolist())


def test_targets_of_public_rows_beyond_a_few_are_asked_in_pairs_alone(batcher):
    examples = [*of_public([public(target=f"plan {n}") for n in range(40)])]
    batch = batcher(tokenized(examples, batcher.composer))
    assert batch["target_ids"].shape[0] == batch["labels"].shape[1] == 24
    assert (batch["labels"] == FAVOR).sum() == 24
    assert (batch["pair_labels"] == FAVOR).sum() == 40


def test_a_share_of_the_rows_is_read_in_pairs(batcher):
    rows = tokenized([*of_public([public(target=f"plan {n}") for n in range(200)])], batcher.composer)
    batcher.paired = 0.3
    assert 30 < (batcher(rows)["pair_labels"] == FAVOR).sum() < 90
    batcher.paired = 0.0
    assert "pair_ids" not in batcher(rows)


def test_target_in_opposite_words_turns_the_stance(batcher):
    batcher.reworded = 2.6  # always the opposite where there is one
    examples = list(of_articles([article(1, "ferry", "favor")], TOPIC_OF, "train"))
    batch = batcher(tokenized(examples, batcher.composer))
    assert batch["labels"][0, 1] == AGAINST
    assert batch["known"][1] == -1, "other words get no learned correction"


def test_loss_leaves_open_what_is_not_known():
    logits = torch.zeros(1, 3, 4, requires_grad=True)
    judged(logits, torch.tensor([[UNKNOWN, ABOUT, NEUTRAL_OR_UNRELATED]]), 1.0).backward()
    unknown, about, maybe = logits.grad[0]
    assert not unknown.any()
    assert about[0] > 0 and torch.allclose(about[1:], about[1].expand(3)), "bears on it, on no side"
    assert maybe[0] == 0 and maybe[3] < 0, "no side, whether it bears on it or not"


def test_frozen_layers_are_not_trained(encoder_folder):
    model = build(encoder_folder, 3)
    freeze(model, 1)
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    assert not [name for name in trained if "embeddings" in name or ".layer.0." in name]
    assert [name for name in trained if ".layer.1." in name]
    assert [name for name in trained if name.startswith("many.")]


def test_all_layers_are_trained_again_after_a_frozen_phase(encoder_folder):
    model = build(encoder_folder, 3)
    freeze(model, 1)
    freeze(model, 0)
    assert all(value.requires_grad for value in model.parameters())


def test_training_writes_a_folder_that_loads_and_answers(root, recipe, encoder_folder, caplog):
    caplog.set_level(logging.WARNING)
    out = train(recipe, encoder_folder, root / "data", root / "model", root)
    names = {path.name for path in out.iterdir()}
    assert {"config.json", "model.safetensors", "many.safetensors", "targets.json", "tokenizer.json"} <= names
    assert not [name for name in names if name.startswith("checkpoints")]
    judge = Judge(out, "cpu")
    assert list(judge.known) == list(asked_of(load_topics(root / "topics.yaml")).texts.values())
    (example,) = of_articles([article(1)], TOPIC_OF, "train")
    logits = judge.ask([example.view], list(judge.known))
    assert logits.shape == (1, 5, 4)
    assert np.isfinite(logits).all()


def test_a_recipe_may_keep_few_pieces_in_a_small_folder(root, recipe, encoder_folder):
    one = replace(recipe, phases=recipe.phases[1:], pieces=3, bits=6)
    out = train(one, encoder_folder, root / "data", root / "model", root)
    assert not (out / "model.safetensors").exists()
    judge = Judge(out, "cpu")
    assert judge.whole.config.vocab_size < len(load_tokenizer(encoder_folder))
    (example,) = of_articles([article(1)], TOPIC_OF, "train")
    assert np.isfinite(judge.ask([example.view], list(judge.known))).all()
    assert build(out, len(judge.known)).encoder.config.vocab_size == judge.whole.config.vocab_size, "training can go on"


def test_scoring_calibrates_the_folder(root, recipe, encoder_folder, monkeypatch):
    one = replace(recipe, phases=recipe.phases[1:])
    out = train(one, encoder_folder, root / "data", root / "model", root)
    phases = [{"name": "one", "epochs": 1, "learning_rate": 1e-3, "batch_size": 8, "mix": {"vast": 1, "train": 1}}]
    (root / "recipe.yaml").write_text(yaml.safe_dump({"topics": "topics.yaml", "phases": phases}))
    monkeypatch.setattr(stance_scores, "held_out", lambda group: True)
    stance_scores.finish(out, root / "recipe.yaml", root / "data")
    scores = json.loads((out / "metrics.json").read_text())
    assert scores.keys() >= {"dev targets_f1", "dev both_f1", "dev calibration_error"}
    card = (out / "README.md").read_text()
    assert "VAST: stance toward many topics" in card
    assert f"{scores['dev targets_f1']:.3f}" in card
    assert load_calibration(out) != Calibration()


def scored(seed=0, statements=400, good=("many",)):
    """Scores of an invented model: the `good` ways know the truth with some noise, the others know nothing."""
    chance = np.random.default_rng(seed)
    gold = np.where(chance.random((statements, 3)) < 0.3, chance.integers(1, 4, (statements, 3)), 0)
    true = 3.0 * np.eye(4)[gold]
    noise = {way: chance.normal(0, 1, (statements, 3, 4)) for way in ("many", "pairs")}
    ways = {way: noise[way] + (true if way in good else 0) for way in noise}
    mere = np.where(chance.random((statements, 2)) < 0.2, 1, 0)
    topics = np.zeros((statements, 2, 4))
    topics[..., 0] = 3 - 4 * mere
    topic_of = np.array([0, 0, 1])
    mere[(gold[:, :2] > 0).any(1), 0] = 0
    mere[gold[:, 2] > 0, 1] = 0
    mere[: statements // 2] = -1
    named = (gold > 0) & (chance.random((statements, 3)) < 0.3)
    return Scored(
        ways["many"], ways["pairs"], named, gold, np.ones((statements, 3), dtype=bool), topics, mere, topic_of
    )


def test_calibration_uses_the_way_that_knows():
    assert not fit_best(scored()).asks_pairs
    assert fit_best(scored(good=("pairs",))).asks_pairs
    assert not fit_best(scored(good=("many", "pairs")), ("many",)).asks_pairs
    assert measure(scored(), fit(scored(), "pairs"))["both_f1"] < 0.5


def test_calibrated_labels_are_as_right_as_they_say():
    for use in ("many", "both"):
        calibration = fit(scored(), use)
        fresh = measure(scored(seed=1), calibration)
        assert fresh["calibration_error"] < 0.08
        assert fresh["both_f1"] > 0.6
        assert fresh["mere_topics_f1"] > 0.9
        assert abs(1 - fresh["precision"] - calibration.error_rate) < 0.08


def test_aliases_that_hit_make_targets_likelier():
    assert fit(scored(), "many").alias > 1
    blind = replace(scored(), named=np.zeros((400, 3), dtype=bool))
    assert measure(scored(), fit(scored(), "many"))["targets_f1"] > measure(blind, fit(blind, "many"))["targets_f1"]


def test_abstention_drops_the_least_sure():
    calibration = replace(fit(scored(), "many"), abstain=0.6)
    decided = decide(scored(), calibration)
    assert decided.sure.sum() < decided.given.sum()
    assert decided.confidence[decided.sure].min() >= 0.6
    assert (
        measure(scored(), calibration)["precision"] > measure(scored(), replace(calibration, abstain=0.0))["precision"]
    )


def test_calibration_error_is_the_gap_between_sure_and_right():
    assert calibration_error(np.full(100, 0.75), np.arange(100) < 75) == pytest.approx(0)
    assert calibration_error(np.full(100, 0.95), np.arange(100) < 45) == pytest.approx(0.5)
    assert calibration_error(np.zeros(0), np.zeros(0, dtype=bool)) == 0


def test_shipped_recipe_fits_the_shipped_topics():
    root = shipped("configs") / "train"
    recipe = load_recipe(root / "stance.yaml")
    asked = asked_of(load_topics(root / recipe.topics))
    topics = load_topics()
    assert list(asked.texts.values()) == list(questions(topics)), "what is learned is what is asked"
    wordings = load_wordings(root / recipe.wordings)
    assert wordings.keys() <= {target.id for target in topics.targets}
    for file in recipe.rows:
        for row in read_rows(root / file):
            assert {target for target, _ in row["stances"]} <= asked.texts.keys(), row
