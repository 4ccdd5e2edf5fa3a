"""Training the attribution model: rows, batches, a real epoch on a tiny encoder, and going on after a kill."""

import json
import random
import re

import numpy as np
import pytest
import torch
import yaml
from attribution_fake import at, doc_of

from stance import train as entry
from stance.encoder import load_tokenizer
from stance.errors import ConfigError
from stance.evidence import FEATURES, UNSEEN, Evidence, cue_rate, probability
from stance.link import LEFT, RIGHT, Linker
from stance.tag import BEGIN, END, INSIDE, LABEL_NAMES, OUTSIDE, OVERLAP, SINGLE, WINDOW, AttributionModel, Tagger
from stance.train.attribution import Batcher, Recipe, loss, new_model
from stance.train.attribution_calibration import cue_rates, fit_weights
from stance.train.attribution_rows import FALSE_CUES, IGNORED, Corpus, rows
from stance.train.card import Card, write_card
from stance.train.loop import Schedule, fit
from stance.types import Span, Statement
from stance.windows import MARKED, TYPES, cut

TEXT = "The mayor said the tax is wrong. Ilse Brandt, she said again, rejected a fleet."
CUE, SOURCE, CONTENT = range(3)


@pytest.fixture(scope="module")
def tokenizer(encoder_folder):
    return load_tokenizer(encoder_folder)


def stated(text, cue, source=None, content=()):
    find = lambda piece: at(text, piece) if piece else None  # noqa: E731
    return Statement("s", tuple(find(part) for part in content), find(cue), find(source), "indirect")


def gold_doc(text=TEXT):
    first = stated(text, "rejected", "Ilse Brandt", ("a fleet.",))
    second = Statement("s", (at(text, "the tax is wrong."),), at(text, "mayor said"), at(text, "The mayor"), "indirect")
    return doc_of(text).with_statements([first, second])


def by_word(row, role, text, tokenizer, window=0):
    """The tags of a row's words: {word: tag} without outside and ignored ones."""
    pieces = cut(text, doc_of(text).paragraphs, tokenizer)
    found = {}
    for i, labels in enumerate(row["labels"][1:-1], window):
        if labels[role] not in (OUTSIDE, IGNORED):
            found[pieces.span(i, i).text(text)] = labels[role]
    return found


def marked(row):
    return [i for i, kind in enumerate(row["types"]) if kind & MARKED]


def test_an_unmarked_row_has_every_cue_source_and_content(tokenizer):
    plain = rows([Corpus([gold_doc()], "codebook")], tokenizer)[0]
    assert marked(plain) == []
    assert by_word(plain, CUE, TEXT, tokenizer) == {"mayor": BEGIN, "said": END, "rejected": SINGLE}
    assert by_word(plain, SOURCE, TEXT, tokenizer) == {"The": BEGIN, "mayor": END, "Ilse": BEGIN, "Brandt": END}
    content = by_word(plain, CONTENT, TEXT, tokenizer)
    assert content["the"] == BEGIN
    assert content["tax"] == INSIDE
    assert content["a"] == BEGIN
    assert plain["input_ids"][0] == tokenizer.cls_token_id
    assert plain["input_ids"][-1] == tokenizer.sep_token_id


def test_tags_stand_at_the_heads_of_words_alone(tokenizer):
    pieces = cut(TEXT, doc_of(TEXT).paragraphs, tokenizer)
    assert not all(pieces.heads)
    for row in rows([Corpus([gold_doc()], "codebook")], tokenizer)[:1]:
        assert [labels[CUE] != IGNORED for labels in row["labels"][1:-1]] == pieces.heads
        assert row["labels"][0] == row["labels"][-1] == [IGNORED] * 3


def test_a_marked_row_has_its_own_attribution_alone(tokenizer):
    _, first, second, *_ = rows([Corpus([gold_doc()], "codebook")], tokenizer)
    assert by_word(first, SOURCE, TEXT, tokenizer) == {"Ilse": BEGIN, "Brandt": END}
    assert set(by_word(first, CONTENT, TEXT, tokenizer)) == {"a", "fleet", "."}
    assert by_word(first, CUE, TEXT, tokenizer) == {"rejected": SINGLE}
    assert by_word(second, SOURCE, TEXT, tokenizer) == {"The": BEGIN, "mayor": END}
    assert marked(first)
    assert marked(second)
    assert marked(first) != marked(second)


def test_words_that_are_a_cue_elsewhere_are_refused(tokenizer):
    """The second "said" is none: its row teaches the cue's tag at the word, and nothing of source and content."""
    *_, false = rows([Corpus([gold_doc()], "codebook")], tokenizer)
    (place,) = marked(false)
    assert tokenizer.convert_ids_to_tokens(false["input_ids"][place]) == "said"
    assert {i for i, labels in enumerate(false["labels"]) if labels[CUE] != IGNORED} == {place}
    assert false["labels"][place][CUE] == OUTSIDE
    assert all(labels[SOURCE] == labels[CONTENT] == IGNORED for labels in false["labels"])


def test_false_cues_are_few(tokenizer):
    text = "The mayor said no. " + "A fleet said. " * 30
    statement = Statement("s", (at(text, "no."),), at(text, "mayor said"), None, "indirect")
    made = rows([Corpus([doc_of(text).with_statements([statement])], "codebook")], tokenizer)
    false = [row for row in made if marked(row) and all(labels[SOURCE] == IGNORED for labels in row["labels"])]
    assert len(false) == round(FALSE_CUES) + 1


def test_a_statement_without_cue_is_only_content(tokenizer):
    text = "“The ferry is late.”"
    statement = Statement("s", (at(text, text),), None, None, "direct")
    (only,) = rows([Corpus([doc_of(text).with_statements([statement])], "codebook")], tokenizer)
    assert marked(only) == []
    assert by_word(only, CUE, text, tokenizer) == {}
    assert len(by_word(only, CONTENT, text, tokenizer)) == 7


def test_long_articles_give_windows_and_scopes_and_copies_are_kept(tokenizer):
    long = TEXT + " The harbour is in a tax." * 120
    corpora = [Corpus([gold_doc(long)], "polnear"), Corpus([gold_doc()], "codebook", times=2)]
    made = rows(corpora, tokenizer)
    assert {row["scope"] for row in made} == {0, 1}
    plain = [len(row["input_ids"]) - 2 for row in made if row["scope"] == 1 and not marked(row)]
    assert plain.count(WINDOW) > 1
    assert max(plain) == WINDOW, "the others are lone paragraphs and sentences"
    assert all(len(row["input_ids"]) - 2 <= LEFT + RIGHT + len("mayor said") for row in made if marked(row))
    once = rows([Corpus([gold_doc()], "codebook")], tokenizer)
    twice = [row for row in made if row["scope"] == 0]
    assert twice[: len(once)] == once and len(twice) > len(once)
    assert made == rows(corpora, tokenizer), "the same seed gives the same rows"
    assert OVERLAP < WINDOW


def row_of(length, types=None):
    labels = [[IGNORED] * 3, *([[0, 0, 0]] * (length - 2)), [IGNORED] * 3]
    return {"input_ids": list(range(5, 5 + length)), "types": types or [0] * length, "labels": labels, "scope": 1}


def test_a_batch_is_padded_so_that_padding_counts_for_nothing():
    batch = Batcher(4)([row_of(3), row_of(6)])
    assert batch["input_ids"].tolist() == [[5, 6, 7, 0, 0, 0], [5, 6, 7, 8, 9, 10]]
    assert batch["attention_mask"].sum(1).tolist() == [3, 6]
    assert (batch["labels"][0, 3:] == IGNORED).all()
    assert batch["scope"].tolist() == [1, 1]


def test_only_words_that_are_unmarked_and_tagged_are_hidden():
    torch.manual_seed(0)
    row = row_of(8, [0, 0, 1, MARKED, MARKED | 1, 0, 1, 0])
    (ids,) = Batcher(4, masked=1.0)([row])["input_ids"].tolist()
    assert ids == [5, 4, 4, 8, 9, 4, 4, 12]
    many = Batcher(4, masked=0.2)([row_of(502)] * 4)["input_ids"]
    assert 0.15 < (many == 4).float().mean() < 0.25


def test_a_new_model_has_room_for_all_marks_and_labels(encoder_folder, tmp_path):
    from transformers import AutoModelForTokenClassification

    old = AutoModelForTokenClassification.from_pretrained(encoder_folder).base_model.embeddings.token_type_embeddings
    model = new_model(encoder_folder)
    new = model.base_model.embeddings.token_type_embeddings
    assert old.num_embeddings < TYPES == new.num_embeddings == model.config.type_vocab_size
    assert torch.equal(new.weight[0], old.weight[0]), "unmarked words keep what the encoder learned of them"
    assert not torch.allclose(new.weight[1], new.weight[2])
    assert list(model.config.id2label.values()) == LABEL_NAMES
    model.save_pretrained(tmp_path)
    again = AutoModelForTokenClassification.from_pretrained(tmp_path)
    assert torch.equal(again.base_model.embeddings.token_type_embeddings.weight, new.weight)


def test_the_loss_is_of_the_rows_own_scope_and_of_tagged_words_alone(encoder_folder):
    model = new_model(encoder_folder).eval()
    batch = Batcher(4)([row_of(6)])
    own = loss(model, batch)
    own.backward()
    half = len(LABEL_NAMES) // 2
    grad = model.classifier.weight.grad.abs().sum(1)
    assert (grad[:half] == 0).all()
    assert (grad[half:] > 0).all()
    padded = Batcher(4)([row_of(6), {**row_of(9), "labels": [[IGNORED] * 3] * 9}])
    assert loss(model, padded).item() == pytest.approx(own.item(), abs=1e-5)


ROW = {
    "id": "vara-1",
    "outlet": "Vara Post",
    "date": "2030-01-02",
    "title": "Tax",
    "text": TEXT,
    "entities": [],
    "statements": [
        {"content": [[15, 32]], "cue": [[10, 14]], "source": [[0, 9]], "kind": "indirect", "speakers": []},
    ],
}


@pytest.fixture
def recipe(tmp_path):
    """Two invented articles, one epoch, and another one to calibrate on."""
    lines = [json.dumps({**ROW, "id": f"vara-{n}"}) for n in (1, 2)]
    (tmp_path / "tiny.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    other = {
        **ROW,
        "id": "vara-3",
        "text": "The union said the ferry is late. A harbour without a lighthouse, it added.",
    }
    (tmp_path / "other.jsonl").write_text(json.dumps(other) + "\n", encoding="utf-8")
    file = tmp_path / "tiny.yaml"
    values = {
        "task": "attribution",
        "corpora": [{"path": "tiny.jsonl", "scope": "codebook", "times": 2}],
        "calibration": {"codebook": "other.jsonl"},
        "schedule": {"epochs": 1, "batch_size": 2},
    }
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    return file


def test_training_writes_a_folder_that_loads_and_a_card_with_its_numbers(recipe, encoder_folder, tmp_path):
    out = entry.train(recipe, tmp_path, encoder_folder, tmp_path / "model")
    files = {path.name for path in out.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "calibration.json", "README.md"} < files
    assert "checkpoints" not in files
    assert not [name for name in files if name.endswith((".bin", ".pt", ".pkl"))]
    model = AttributionModel.load(out, device="cpu")
    doc = gold_doc()
    (found,) = Linker(model)(Tagger(model)([doc_of(TEXT)]))
    assert found.article == doc.article
    assert model.weights == json.loads((out / "calibration.json").read_text())["codebook"]
    assert model.rates == {}, "no word was a cue thrice"
    numbers = json.loads((out / "metrics.json").read_text())
    card = (out / "README.md").read_text()
    assert numbers
    for name, value in numbers.items():
        assert name.startswith("other.jsonl ")
        assert f"| {name} | {value:.3f} |" in card
    assert "tiny.yaml" in card


def test_training_learns(encoder_folder, tokenizer, tmp_path):
    made = rows([Corpus([gold_doc()], "codebook")], tokenizer)
    schedule = Schedule(epochs=12, batch_size=4, learning_rate=0.02)
    torch.manual_seed(0)
    model = new_model(encoder_folder)
    batch = Batcher(4)(made)
    before = loss(model.eval(), batch).item()
    fit(model, made, Batcher(4), loss, schedule, tmp_path)
    assert loss(model.eval(), batch).item() < before / 2


def test_a_killed_training_goes_on_from_its_checkpoint(encoder_folder, tokenizer, tmp_path):
    made = rows([Corpus([gold_doc()], "codebook", times=3)], tokenizer)
    schedule = Schedule(epochs=3, batch_size=2)
    steps = -(-len(made) // schedule.batch_size)
    calls = []

    def killed(model, batch):
        calls.append(batch)
        if len(calls) == steps + steps // 2 + 1:
            raise KeyboardInterrupt
        return loss(model, batch)

    with pytest.raises(KeyboardInterrupt):
        fit(new_model(encoder_folder), made, Batcher(4), killed, schedule, tmp_path)
    assert list(tmp_path.glob("checkpoint-*"))

    def counted(model, batch):
        again.append(batch)
        return loss(model, batch)

    again = []
    fit(new_model(encoder_folder), made, Batcher(4), counted, schedule, tmp_path)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    epochs = [row["epoch"] for row in log if "epoch" in row]
    assert epochs == [1.0, 2.0, 3.0]
    assert len(again) <= 2 * steps, "the first epoch does not run again"
    assert max(row["step"] for row in log) == 3 * steps


def test_what_ran_after_the_last_checkpoint_is_logged_once(encoder_folder, tokenizer, tmp_path):
    """Killed between an epoch's end and the next checkpoint: the epoch is run, and logged, again."""
    made = (rows([Corpus([gold_doc()], "codebook")], tokenizer) * 4)[:14]
    schedule = Schedule(epochs=2, batch_size=2)
    calls = []

    def killed(model, batch):
        calls.append(batch)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return loss(model, batch)

    with pytest.raises(KeyboardInterrupt):
        fit(new_model(encoder_folder), made, Batcher(4), killed, schedule, tmp_path)
    fit(new_model(encoder_folder), made, Batcher(4), loss, schedule, tmp_path)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [row["epoch"] for row in log if "epoch" in row] == [1.0, 2.0]
    assert [row["step"] for row in log if "loss" in row] == list(range(1, 15))


def test_the_same_seed_trains_the_same_model(encoder_folder, tokenizer, tmp_path):
    made = rows([Corpus([gold_doc()], "codebook")], tokenizer)
    weights = []
    for folder in ("one", "two"):
        torch.manual_seed(5)
        model = fit(new_model(encoder_folder), made, Batcher(4, 0.1), loss, Schedule(epochs=1), tmp_path / folder)
        weights.append(model.classifier.weight.detach().cpu().numpy())
    np.testing.assert_allclose(*weights, atol=1e-6)


@pytest.mark.parametrize("text", ["task: poetry", "corpora: []", ""])
def test_an_unknown_task_is_named_with_those_there_are(tmp_path, text):
    file = tmp_path / "odd.yaml"
    file.write_text(text)
    with pytest.raises(ConfigError, match="attribution, stance") as error:
        entry.train(file, tmp_path, tmp_path, tmp_path / "out")
    assert "odd.yaml" in str(error.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [({"epochs": 3}, "epochs"), ({"schedule": {"speed": 1}}, "speed"), ({"corpora": None}, "corpora")],
)
def test_an_unknown_or_missing_option_is_named(recipe, change, named):
    values = {**yaml.safe_load(recipe.read_text()), **change}
    recipe.write_text(yaml.safe_dump({k: v for k, v in values.items() if v is not None}))
    with pytest.raises(ConfigError, match=named) as error:
        Recipe.load(recipe)
    assert str(recipe) in str(error.value)


def test_the_shipped_recipe_is_complete():
    from pathlib import Path

    shipped = Recipe.load(Path(__file__).parents[1] / "configs" / "train" / "attribution.yaml")
    assert shipped.schedule.epochs > 0
    assert set(shipped.calibration) <= {"codebook", "polnear"}


def evidence(**values):
    return Evidence(**{**dict.fromkeys(FEATURES, 0.0), **values})


def test_the_weights_that_made_the_data_are_found():
    draw = random.Random(3)
    gold, proposed = [], []
    for n in range(2500):
        text = "the tax is wrong"
        own = Statement("s", (at(text, text),), None, None, "direct")
        known = evidence(first_look=draw.uniform(-4, 4), quoted=draw.random())
        chance = probability(known, {**dict.fromkeys(FEATURES, 0.0), "first_look": 0.7, "quoted": 2.0, "intercept": -1})
        gold.append(doc_of(text, f"a{n}").with_statements([own] if draw.random() < chance else []))
        proposed.append([(own, known)])
    fitted = fit_weights(gold, proposed)
    assert fitted["first_look"] == pytest.approx(0.7, rel=0.2)
    assert fitted["quoted"] == pytest.approx(2.0, rel=0.25)
    assert fitted["intercept"] == pytest.approx(-1, abs=0.25)
    assert fitted["nested"] == 0


def test_words_that_are_often_cues_have_high_rates():
    text = "Ann said no. Bo said no. A fleet said the ferry accused talks; it accused and accused. The said tax."
    spans = [m.span() for m in re.finditer("said|accused", text)]
    own = [Statement("s", (at(text, "The said tax"),), Span(*span), None, "indirect") for span in spans[:-1]]
    rates = cue_rates({"codebook": [doc_of(text).with_statements(own)]})["codebook"]
    assert set(rates) == {"said", "accused", "accus-"}
    assert 0.4 < rates["said"] < 0.7 < 1
    assert cue_rate("have accusing", rates) == rates["accus-"]
    assert cue_rate("Said", rates) == rates["said"]
    assert cue_rate("the ferry", rates) == UNSEEN


def test_a_scope_borrows_what_another_has_seen():
    text = "Ann vowed this. Bo vowed that. Cy vowed more. The vowed end."
    spans = [m.span() for m in re.finditer("vowed", text)]
    known = [Statement("s", (at(text, "The vowed"),), Span(*span), None, "indirect") for span in spans[:3]]
    other = doc_of("Nobody hoped. They hoped and hoped and hoped and hoped; they vowed.")
    rates = cue_rates({"polnear": [doc_of(text).with_statements(known)], "codebook": [other]})
    assert UNSEEN < rates["codebook"]["vowed"] < rates["polnear"]["vowed"]
    assert "hoped" not in rates["codebook"]


def test_a_card_says_what_it_was_told(tmp_path):
    card = Card(
        name="tiny",
        summary="Finds nothing. Yet.",
        pipeline="token-classification",
        recipe="tiny.yaml",
        data=[("two invented articles", "free"), ("a third", "none")],
        limits=["Knows one tax.", "Knows no ferry."],
        numbers={"dev F1": 0.12345, "dev exact": 1},
    )
    write_card(tmp_path, card)
    text = (tmp_path / "README.md").read_text()
    _, front, body = text.split("---\n", 2)
    assert yaml.safe_load(front)["pipeline_tag"] == "token-classification"
    for line in (
        "| two invented articles | free |",
        "| dev F1 | 0.123 |",
        "| dev exact | 1.000 |",
        "- Knows no ferry.",
    ):
        assert line in body.splitlines()
    assert "Finds nothing. Yet." in body
    assert json.loads((tmp_path / "metrics.json").read_text()) == {"dev F1": 0.12345, "dev exact": 1}
