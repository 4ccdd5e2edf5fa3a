"""Articles of one's own and a model in, a model folder with its proof out."""

import json
import logging

import pytest
import torch
import yaml
from finetune_fake import CASES, article, write
from typer.testing import CliRunner

from stance.cli import app
from stance.config import load_config, load_topics
from stance.encoder import load_tokenizer
from stance.errors import ConfigError, InputError, ModelError
from stance.judge import Judge, load_calibration
from stance.shipped import recipe_file
from stance.tag import AttributionModel
from stance.train.attribution import new_model
from stance.train.finetune import Order, data_files, finetune, objective, prepare
from stance.train.finetune_recipe import FinetuneRecipe, given
from stance.train.finetune_stance import StancePart, balanced, wordings_of
from stance.train.stance_recipe import asked_of
from stance.train.stance_rows import AGAINST, FAVOR, NEUTRAL, UNKNOWN
from stance.train.start import start_folder

FAST = {"schedule.epochs": 2, "schedule.batch_size": 8, "schedule.learning_rate": 1e-3}


@pytest.fixture(scope="module")
def attribution_folder(tmp_path_factory, encoder_folder):
    """An attribution model of random weights."""
    folder = tmp_path_factory.mktemp("attribution")
    torch.manual_seed(5)
    new_model(encoder_folder).save_pretrained(folder)
    load_tokenizer(encoder_folder).save_pretrained(folder)
    (folder / "calibration.json").write_text("{}")
    return folder


@pytest.fixture(scope="module")
def config(stance_folder, attribution_folder, topics_file):
    values = {"topics": str(topics_file), "models.stance": str(stance_folder), "device": "cpu"}
    return load_config().with_values({**values, "models.attribution": str(attribution_folder)})


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write(tmp_path_factory.mktemp("data") / "corrected.jsonl", [article(n) for n in range(10)])


def order(role, start, file, config, **settings):
    recipe = FinetuneRecipe.load(recipe_file(f"finetune_{role}"), {**FAST, **settings})
    return Order(role, [file], start, recipe, config)


@pytest.fixture(scope="module")
def tuned(tmp_path_factory, stance_folder, file, config):
    """A stance model fine-tuned on eight articles, two held out."""
    out = tmp_path_factory.mktemp("tuned") / "model"
    return finetune(prepare(order("stance", stance_folder, file, config)), out)


def test_the_folder_is_a_model_with_all_that_belongs_to_one(tuned, stance_folder, topics_file):
    files = {path.name for path in tuned.folder.iterdir()}
    assert files >= {"config.json", "model.safetensors", "tokenizer.json", "README.md", "metrics.json", "floors.json"}
    assert files >= {"many.safetensors", "targets.json", "calibration.json", "training"}
    assert "checkpoints" not in files
    judge = Judge(tuned.folder, "cpu")
    assert list(judge.known) == list(asked_of(load_topics(topics_file)).texts.values())
    assert load_calibration(tuned.folder) == load_calibration(stance_folder), "too few to fit them anew"


def test_plain_transformers_load_it(tuned):
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(tuned.folder, local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(tuned.folder, local_files_only=True)
    assert model(**tokenizer("the ferry", return_tensors="pt")).logits.shape == (1, 4)


def test_its_weights_are_others_than_those_begun_with(tuned, stance_folder):
    old, new = Judge(stance_folder, "cpu"), Judge(tuned.folder, "cpu")
    target = next(iter(new.known))
    from stance.view import View

    assert abs(old.ask([View("the ferry")], [target]) - new.ask([View("the ferry")], [target])).max() > 1e-3


def test_the_card_has_before_and_after_the_curve_and_the_limits(tuned, stance_folder):
    card = (tuned.folder / "README.md").read_text()
    metrics = json.loads((tuned.folder / "metrics.json").read_text())
    assert {row.metric for row in tuned.proof.given} >= {"targets_stances", "targets"}
    for row in tuned.proof.given:
        assert metrics[f"held-out {row.metric}, statements given"] == pytest.approx(row.b, abs=1e-4)
        assert metrics[f"held-out {row.metric}, statements given, before"] == pytest.approx(row.a, abs=1e-4)
        assert f"| {100 * row.a:.1f} | {100 * row.b:.1f} |" in card
    assert "2 of 10 articles, the latest by date" in card
    assert f"Fine-tuned from the stance model in `{stance_folder.name}` on 8 annotated articles" in card
    assert "| epoch | loss, training | loss, held out |\n|--:|--:|--:|\n| 0 |" in card
    assert "(kept)" in card
    assert "Only 2 articles were held out" in card
    assert "6 annotated targets in the held-out articles are too few" in card


def test_what_is_kept_of_the_training_can_be_checked_again(tuned, config):
    folder = tuned.folder / "training"
    rows = [json.loads(line) for line in (folder / "held_out.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == ["vara-8", "vara-9"]
    assert json.loads((folder / "log.jsonl").read_text().split("\n")[0])["epoch"] == 0
    result = CliRunner().invoke(app, ["evaluate", "compare", str(folder / "before.json"), str(folder / "after.json")])
    assert result.exit_code == 0, result.output
    assert "over 2 articles" in result.output
    floors = json.loads((tuned.folder / "floors.json").read_text())["held-out"]["scores"]
    assert floors == {row.metric: pytest.approx(row.b, abs=1e-4) for row in tuned.proof.chain}


def test_a_folder_that_holds_something_else_is_left_alone(tuned, stance_folder, file, config, tmp_path):
    material = prepare(order("stance", stance_folder, file, config))
    with pytest.raises(InputError, match="is not empty"):
        finetune(material, tuned.folder)
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="holds no model, so it is not overwritten"):
        finetune(material, tmp_path, overwrite=True)
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_stopped_and_begun_again_it_goes_on_and_ends_the_same(
    tuned, stance_folder, file, config, tmp_path, monkeypatch, caplog
):
    material = prepare(order("stance", stance_folder, file, config))
    own, calls = type(material.part).loss, []

    def stopped(self, model, batch):
        calls.append(1)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return own(self, model, batch)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(type(material.part), "loss", stopped)
        finetune(material, tmp_path / "model")
    other = prepare(order("stance", stance_folder, file, config, **{"schedule.seed": 5}))
    with pytest.raises(InputError, match="begun with other data or options"):
        finetune(other, tmp_path / "model")
    caplog.set_level(logging.INFO)
    again = finetune(prepare(order("stance", stance_folder, file, config)), tmp_path / "model")
    assert "Going on" in caplog.text
    assert again.epochs == tuned.epochs
    assert again.proof == tuned.proof
    assert (again.folder / "model.safetensors").read_bytes() == (tuned.folder / "model.safetensors").read_bytes()


def test_adapters_are_merged_into_plain_weights(stance_folder, file, config, tmp_path):
    from safetensors.torch import load_file

    material = prepare(order("stance", stance_folder, file, config, lora=4, **{"schedule.epochs": 1}))
    out = finetune(material, tmp_path / "model").folder
    new, old = load_file(out / "model.safetensors"), load_file(stance_folder / "model.safetensors")
    assert new.keys() == old.keys()
    changed = {name for name in new if not torch.equal(new[name], old[name])}
    assert any("query.weight" in name for name in changed)
    assert not any("LayerNorm" in name or "embeddings" in name for name in changed)


def test_adapters_train_a_small_part_of_the_encoder(stance_folder, file, config):
    material = prepare(order("stance", stance_folder, file, config, lora=4))
    model = material.part.build()
    objective(material, model)
    trained = {name for name, value in model.named_parameters() if value.requires_grad}
    assert all("lora_" in name or name.startswith(("many.", "encoder.classifier")) for name in trained)
    assert any("lora_" in name for name in trained)


def batch_of(material, count=6):
    torch.manual_seed(0)
    return material.part.plain(list(material.rows[:count]))


def test_answers_are_kept_near_those_of_the_model_begun_with(stance_folder, file, config):
    material = prepare(order("stance", stance_folder, file, config, keep=2.0))
    part, batch = material.part, batch_of(material)
    model = part.build().eval()
    loss, _ = objective(material, model)
    assert loss(model, batch).item() == pytest.approx(part.loss(model, batch).item(), abs=1e-4), "none has gone yet"
    with torch.no_grad():
        model.many.label.bias += torch.tensor([3.0, 0.0, 0.0, 0.0])
        told, *_ = part.build().eval()(**{name: value for name, value in batch.items() if name != "labels"})
    unknown = {**batch, "labels": torch.full_like(batch["labels"], UNKNOWN)}
    assert loss(model, unknown) > part.loss(model, unknown) + 0.1
    corrected = {**batch, "labels": (told.argmax(-1) + 1) % 4}
    assert loss(model, corrected).item() == pytest.approx(part.loss(model, corrected).item(), abs=1e-4)


def test_weights_are_kept_near_those_begun_with(stance_folder, file, config):
    material = prepare(order("stance", stance_folder, file, config, keep=0.0, near=10.0))
    part, batch = material.part, batch_of(material)
    model = part.build().eval()
    loss, _ = objective(material, model)
    assert loss(model, batch).item() == pytest.approx(part.loss(model, batch).item(), abs=1e-4)
    with torch.no_grad():
        model.many.label.bias += 2.0
    assert (loss(model, batch) - part.loss(model, batch)).item() == pytest.approx(10 / 2 * 4 * 2.0**2, abs=1e-3)


def test_rows_without_labels_teach_none(stance_folder, file, config):
    part = prepare(order("stance", stance_folder, file, config)).part
    from stance import gold

    rows = part.unlabelled(gold.load(file)[:2])
    assert len(rows) == 6
    assert (part.collate(rows)["labels"] == UNKNOWN).all()
    assert part.loss(part.build(), part.collate(rows)).item() == 0


def test_the_original_data_are_replayed_without_what_is_held_out(stance_folder, file, config, tmp_path):
    """With topics of which one target is shipped, and one is not: rows say nothing of the one they do not know."""
    from dataclasses import replace

    topics = tmp_path / "topics.yaml"
    brics = next(t for t in load_topics().targets if t.id == "brics")
    own = [{"id": "harbour-tax", "proposition": "The harbour tax should stay."}]
    known = [{"id": "brics", "label": brics.label, "proposition": brics.proposition}]
    topics.write_text(yaml.safe_dump({"topics": [{"id": "a", "targets": own}, {"id": "brics", "targets": known}]}))
    rows = [article(n, [("rejected", "harbour-tax", "against")]) for n in range(10)]
    learn = write(tmp_path / "rows.jsonl", rows)
    (tmp_path / "gold").mkdir()
    (tmp_path / "stance").mkdir()
    old = article(40, [("welcomed", "ferry", "favor"), ("rejected", "lighthouse", "against")])
    for statement, target in zip(old["statements"], ("brics", "sco"), strict=True):
        statement["stances"][0]["target"] = target
    held = {**rows[9], "id": "again"}
    held["statements"][0]["stances"] = []
    public = {"dataset": "x", "split": "train", "text": "Fares are too high.", "target": "fares", "label": "against"}
    for name in ("train", "statements", "wire_style", "contrast"):
        write(tmp_path / "gold" / f"{name}.jsonl", [old, held] if name == "wire_style" else [])
    for name in ("plover", "mpqa", "newsmtsc", "vast"):
        write(tmp_path / "stance" / f"{name}.jsonl", [public] if name == "vast" else [])
    given = config.with_values({"topics": str(topics)})
    asked = order("stance", stance_folder, learn, given, replay=0.5)
    part = prepare(asked).part
    found = part.replayed(tmp_path, prepare(asked).split.held_out)
    texts = [row["example"].view.content for row in found]
    assert not [text for text in texts if text.startswith("the harbour tax")], "held out"
    place = next(i for i, text in enumerate(texts) if text.startswith("the daily ferry"))
    labels = part.plain([found[place], found[place + 1], *prepare(asked).rows[:1]])["labels"]
    columns = {i: place for place, i in enumerate(part.asked.texts)}
    assert labels[:2, columns["harbour-tax"]].tolist() == [UNKNOWN, UNKNOWN]
    assert labels[:2, columns["brics"]].tolist() == [FAVOR, 0]
    material = prepare(replace(asked, replay=tmp_path))
    assert material.replayed == 4 and len(material.rows) == 12


def test_what_comes_with_the_product_is_replayed_for_targets_that_it_knows(stance_folder, file, config):
    recipe = order("stance", stance_folder, file, config).recipe
    rows = StancePart(stance_folder, load_topics(), recipe).replayed(None, [])
    labels = [label for row in rows for label in row["example"].labels.values()]
    assert len(rows) > 1000 and {FAVOR, AGAINST, NEUTRAL} <= set(labels)
    assert prepare(order("stance", stance_folder, file, config)).replayed == 0, "other topics"


def test_the_attribution_models_data_are_replayed_too(attribution_folder, file, config, tmp_path, monkeypatch):
    """A corpus that is a file, and one that is annotated by place; of neither what is held out."""
    asked = order("attribution", attribution_folder, file, config)
    material = prepare(asked)
    held = material.split.held_out[0].article
    monkeypatch.setattr("stance.shipped.shipped", lambda name: tmp_path)
    (tmp_path / "train").mkdir()
    (tmp_path / "articles").mkdir()
    corpora = [{"path": "own.jsonl", "scope": "codebook"}, {"marked": "placed.jsonl", "scope": "codebook"}]
    recipe = {"task": "attribution", "corpora": corpora, "calibration": {}, "schedule": {}}
    (tmp_path / "train" / "attribution.yaml").write_text(yaml.safe_dump(recipe))
    old, again, placed = article(40), {**article(41), "text": held.text, "statements": []}, article(42)
    write(tmp_path / "own.jsonl", [old, again])
    write(tmp_path / "articles" / "other.jsonl", [placed])
    write(tmp_path / "articles" / "open_licence.jsonl", [])
    marks = [{key: s[key] for key in ("content", "cue", "source")} for s in placed["statements"]]
    statements = [{**own, "cue": own["cue"][0], "source": own["source"][0]} for own in marks]
    write(tmp_path / "train" / "placed.jsonl", [{"article": placed["id"], "statements": statements}])
    found = material.part.replayed(tmp_path, material.split.held_out)
    texts = [material.part.tokenizer.decode(row["input_ids"]) for row in found]
    words = [row["text"].split()[0].lower() for row in (old, placed, again)]
    assert [any(word in text.replace(" ##", "") for text in texts) for word in words] == [True, True, False]


def test_rare_stances_weigh_as_much_as_frequent_ones(stance_folder, tmp_path, config):
    assert balanced([FAVOR] * 6 + [AGAINST] * 2 + [NEUTRAL]) == pytest.approx([0.5, 1.5, 3.0])
    mostly = [article(n, [("welcomed", "ferry", "favor")] * 3 + ([CASES[0]] if n == 1 else [])) for n in range(8)]
    file = write(tmp_path / "mostly.jsonl", mostly)
    material = prepare(order("stance", stance_folder, file, config, class_weights=True))
    favor, against, _ = material.part.weights
    assert against > 5 * favor


def test_targets_of_ones_own_are_learned_and_the_known_ones_stay(stance_folder, config, tmp_path, topics_file):
    topics = yaml.safe_load(topics_file.read_text())["topics"]
    own = {"id": "bridge", "targets": [{"id": "bridge", "proposition": "The bridge should be built."}]}
    path = tmp_path / "topics.yaml"
    path.write_text(yaml.safe_dump({"topics": [own, topics[0]]}))
    rows = [article(n, [("rejected", "harbour-tax", "against"), ("welcomed", "ferry", "favor")]) for n in range(8)]
    for row in rows:
        row["statements"][0]["stances"] = [{"target": "bridge", "stance": "against"}]
    file = write(tmp_path / "own.jsonl", rows)
    part = prepare(order("stance", stance_folder, file, config.with_values({"topics": str(path)}))).part
    model, parent = part.build(), Judge(stance_folder, "cpu")
    out = tmp_path / "model"
    part.save(model, out, [])
    judge = Judge(out, "cpu")
    assert next(iter(judge.known)) == "bridge: The bridge should be built."
    assert set(judge.known) > set(parent.known)
    for text, row in parent.known.items():
        assert torch.allclose(judge.head.known.weight[judge.known[text]], parent.head.known.weight[row], atol=1e-3)
    assert not judge.head.known.weight[0].any(), "a new target has learned no correction yet"
    assert wordings_of(load_topics(path)) == {}


def test_stances_toward_targets_that_the_topics_do_not_know_are_refused(stance_folder, config, tmp_path):
    row = article(1)
    row["statements"][0]["stances"] = [{"target": "zeppelin", "stance": "favor"}]
    file = write(tmp_path / "odd.jsonl", [row])
    with pytest.raises(InputError, match=r"zeppelin.*--topics FILE"):
        prepare(order("stance", stance_folder, file, config))


def test_evaluation_articles_are_refused(stance_folder, file, config, monkeypatch, tmp_path):
    gold = write(tmp_path / "gold.jsonl", [article(3)])
    monkeypatch.setattr("stance.train.refuse.evaluation_files", lambda: [gold])
    with pytest.raises(InputError, match=r"'vara-3' \(like 'gold.jsonl vara-3'\)"):
        prepare(order("stance", stance_folder, file, config))


def test_held_out_articles_of_ones_own(stance_folder, file, config, tmp_path):
    own = write(tmp_path / "later.jsonl", [article(n) for n in (31, 32, 33)])
    from dataclasses import replace

    material = prepare(replace(order("stance", stance_folder, file, config), held_out=own))
    assert len(material.split.train) == 10
    assert material.split.how == "3 articles of later.jsonl"
    same = write(tmp_path / "same.jsonl", [article(4)])
    with pytest.raises(InputError, match="vara-4"):
        prepare(replace(order("stance", stance_folder, file, config), held_out=same))


def test_the_attribution_model_learns_too(attribution_folder, file, config, tmp_path):
    outcome = finetune(prepare(order("attribution", attribution_folder, file, config)), tmp_path / "model")
    model = AttributionModel.load(outcome.folder, device="cpu")
    assert model.rates["rejected"] > 0.3, "a cue of the articles"
    assert outcome.epochs[-1].held_out < outcome.epochs[0].held_out
    assert "| statements, F1 |" in (outcome.folder / "README.md").read_text()


def test_an_attribution_models_other_scope_is_kept(attribution_folder, file, config):
    material = prepare(order("attribution", attribution_folder, file, config, keep=1.0))
    part, batch = material.part, batch_of(material)
    model = part.build().eval()
    loss, _ = objective(material, model)
    near = loss(model, batch).item()
    assert near == pytest.approx(part.loss(model, batch).item(), abs=1e-4)
    with torch.no_grad():
        model.classifier.bias[len(model.classifier.bias) // 2] += 4  # of the scope that the articles do not teach
    assert loss(model, batch).item() > near + 0.1
    assert part.loss(model, batch).item() == pytest.approx(near, abs=1e-4)


def test_a_plain_encoder_can_be_begun_with(encoder_folder, file, config, tmp_path):
    rows = [article(n) for n in range(10)]
    file = write(tmp_path / "data.jsonl", rows)
    outcome = finetune(prepare(order("stance", encoder_folder, file, config)), tmp_path / "model")
    assert "fitted on 6 annotated targets" in (outcome.folder / "README.md").read_text()
    assert f"from the encoder {encoder_folder.name}" in (outcome.folder / "README.md").read_text()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 3}, r"no option 'epochs'.*schedule\.epochs"),
        ({"schedule.epoch": 3}, r"no option 'schedule\.epoch'"),
        ({"masked": 0.1}, "no option 'masked'"),
        ({"lora": "yes"}, "lora cannot be 'yes'"),
        ({"lora": True}, "lora cannot be True"),
        ({"keep": -1}, "keep cannot be -1"),
        ({"class_weights": 1}, "class_weights cannot be 1"),
        ({"held_out": 1.5}, "must be a share between 0 and 1"),
        ({"lora": 4, "frozen": 2}, "frozen does nothing beside lora"),
    ],
)
def test_options_that_cannot_be_are_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        FinetuneRecipe.load(recipe_file("finetune_stance"), settings)


@pytest.mark.parametrize(
    ("part", "given", "unused"),
    [
        ("speaker", ["--lora", "--epochs", "3"], "--lora, --epochs"),
        ("speaker", ["--topics", "TOPICS"], "--topics"),
        (str(recipe_file("stance")), ["--set", "keep=0"], "--set"),
    ],
)
def test_options_that_a_part_does_not_use_are_refused(part, given, unused, file, topics_file, tmp_path):
    given = [str(topics_file) if text == "TOPICS" else text for text in given]
    result = CliRunner().invoke(app, ["train", part, "--data", str(file), "-o", str(tmp_path / "out"), *given])
    assert isinstance(result.exception, InputError)
    assert f"does not use {unused}. Leave that out." in str(result.exception)


def test_options_of_the_command_line():
    changed = given(["keep=0.5", "schedule.patience=null"], 3, 7, True)
    recipe = FinetuneRecipe.load(recipe_file("finetune_attribution"), changed)
    assert (recipe.keep, recipe.lora, recipe.schedule.patience) == (0.5, 16, None)
    assert (recipe.schedule.epochs, recipe.schedule.seed) == (3, 7)
    assert given(["lora=4"], None, None, True) == {"lora": 4, "schedule.learning_rate": 5e-4}
    assert given(["schedule.learning_rate=3e-4"], None, None, False) == {"schedule.learning_rate": 3e-4}
    with pytest.raises(ConfigError, match="key=value"):
        given(["keep"], None, None, False)


@pytest.mark.parametrize("part", ["stance", "attribution"])
def test_the_shipped_recipes_are_complete(part):
    recipe = FinetuneRecipe.load(recipe_file(f"finetune_{part}"), {})
    assert recipe.schedule.patience and recipe.keep > 0


def test_a_hub_id_that_is_not_here_is_not_fetched(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"no model of that id is in the local cache.*--download"):
        start_folder("invented-owner/invented-model")
    with pytest.raises(ModelError, match=r"There is no model 'stanse'.*stance"):
        start_folder("stanse")
    assert start_folder("stance").name == "stance"


def test_data_are_a_file_or_a_folder_of_such(tmp_path, file):
    assert data_files(file) == data_files(file.parent) == [file]
    with pytest.raises(InputError, match="holds no articles"):
        data_files(tmp_path)


PRONOUNS = (
    "Mayor Zorva Brandt met Governor Tilmo Amt in Vara. {} He said that the ferry is late. She said the tax is wrong."
)


def told(number):
    """An article in which "he" and "she" are sources."""
    row = article(number, [])
    row["text"] = text = PRONOUNS.format(row["text"])
    people = [
        ("E1", "Zorva Brandt", "She said the tax is wrong"),
        ("E2", "Tilmo Amt", "He said that the ferry is late"),
    ]
    row["entities"] = [
        {"id": i, "name": name, "kind": "person", "role": "", "affiliation": ""} for i, name, _ in people
    ]
    for identifier, _, words in people:
        at = text.index(words)
        cue = text.index("said", at)
        row["statements"].append(
            {
                "id": identifier, "content": [[cue + 5, at + len(words)]], "cue": [[cue, cue + 4]],
                "source": [[at, text.index(" ", at)]], "kind": "indirect", "speakers": [identifier], "stances": [],
            }
        )  # fmt: skip
    return row


def test_pronouns_are_learned_near_the_shipped_weights(tmp_path, config):
    from stance.pipeline import load_resolver, settings
    from stance.resolve.rank import load_ranker, shipped_ranker

    file = write(tmp_path / "told.jsonl", [told(n) for n in range(6)])
    out = tmp_path / "pronouns"
    result = CliRunner().invoke(app, ["train", "speaker", "--data", str(file), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "over 6 articles" in result.stdout
    old, new = shipped_ranker().weights, load_ranker(out).weights
    assert old != new
    assert max(abs(a - b) for a, b in zip(old, new, strict=True)) < 1
    assert "12 pronouns in 6 articles" in (out / "README.md").read_text()
    own = config.with_values({"pronouns": str(out)})
    assert load_resolver(own).ranker == load_ranker(out)
    first, second = settings(config)["steps"], settings(own)["steps"]
    assert first["statements"] == second["statements"] and first["speakers"] != second["speakers"]


def test_a_folder_without_ranker_is_told(tmp_path):
    from stance.resolve.rank import load_ranker

    with pytest.raises(ModelError, match="stance train speaker"):
        load_ranker(tmp_path)
    (tmp_path / "weights.json").write_text('{"luck": 1.0}')
    with pytest.raises(ModelError, match="other features"):
        load_ranker(tmp_path)
