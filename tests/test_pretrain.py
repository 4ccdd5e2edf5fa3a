"""Reading on: an encoder learns to guess hidden words of unlabelled texts."""

import json

import pytest
import torch
import yaml

from stance.encoder import load_tokenizer
from stance.errors import ConfigError
from stance.train import train
from stance.train.pretrain import IGNORED, Batcher, Recipe, blocks, texts

SENTENCES = [f"The harbour tax of {n} pays for the ferry and the lighthouse." for n in range(40)]


@pytest.fixture
def data(tmp_path):
    rows = [{"text": text, "split": "train"} for text in SENTENCES]
    rows += [rows[0], {"text": "A text that is kept for scores.", "split": "dev"}]
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "dev.jsonl").write_text(json.dumps({"id": "d", "text": SENTENCES[3]}) + "\n")
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_texts_are_distinct_and_none_is_scored_on(data, monkeypatch):
    monkeypatch.setattr("stance.train.pretrain.evaluation_files", list)
    unlike = "Nobody in the valley had ever heard of a lighthouse keeper who feared the sea so much."
    with (data / "own.jsonl").open("a") as file:
        file.write(json.dumps({"text": unlike}) + "\n")
    found = texts(data, ["own.jsonl"])
    assert unlike in found
    assert SENTENCES[3] not in found
    assert "A text that is kept for scores." not in found
    assert len(found) == len(set(found))


def test_blocks_hold_every_piece_once(encoder_folder):
    tokenizer = load_tokenizer(encoder_folder)
    rows = blocks([*SENTENCES, " ".join(SENTENCES)], tokenizer, 32, 1)
    assert all(len(row["input_ids"]) <= 32 for row in rows)
    inner = sorted(piece for row in rows for piece in row["input_ids"][1:-1])
    assert inner == sorted(tokenizer(" ".join(SENTENCES * 2), add_special_tokens=False)["input_ids"])


def test_some_words_are_hidden_and_asked_for():
    torch.manual_seed(0)
    batch = Batcher(4, 0, frozenset({0, 1, 2}), 50, 0.5)(
        [{"input_ids": [1, *range(5, 45), 2]}, {"input_ids": [1, 9, 2]}]
    )
    asked = batch["labels"] != IGNORED
    assert 10 < asked.sum() < 32
    assert not asked[:, 0].any() and not asked[1, 3:].any(), "neither special pieces nor padding"
    assert (batch["input_ids"][asked] == 4).float().mean() > 0.5
    kept = ~asked & (batch["attention_mask"] == 1)
    assert batch["input_ids"][0][kept[0]].tolist() == [
        x for x, a in zip([1, *range(5, 45), 2], asked[0], strict=True) if not a
    ]


def test_reading_on_changes_the_encoder_and_keeps_its_form(data, encoder_folder, tmp_path):
    from transformers import AutoModel

    recipe = {"task": "encoder", "texts": ["own.jsonl"], "length": 32}
    recipe["schedule"] = {"epochs": 2, "learning_rate": 1e-3, "batch_size": 8}
    (tmp_path / "encoder.yaml").write_text(yaml.safe_dump(recipe))
    out = train(tmp_path / "encoder.yaml", data, encoder_folder, tmp_path / "out")
    before, after = AutoModel.from_pretrained(encoder_folder), AutoModel.from_pretrained(out)
    assert after.config.hidden_size == before.config.hidden_size
    assert not torch.equal(before.embeddings.word_embeddings.weight, after.embeddings.word_embeddings.weight)
    assert not (out / "checkpoints").exists()


def test_an_unknown_option_is_named(tmp_path):
    (tmp_path / "encoder.yaml").write_text("task: encoder\ntexts: []\nschedule: {}\nhidden: 1\n")
    with pytest.raises(ConfigError, match=r"encoder\.yaml: .*hidden"):
        Recipe.load(tmp_path / "encoder.yaml")
