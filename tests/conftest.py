"""Tiny random models, built in a temporary folder: real code paths, no weights to ship."""

import json

import pytest

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
MARKS = ".,:;!?'\"()-–—“”‘’"
WORDS = "the a of to and in is should harbour lighthouse tax ferry fleet talks said rejected welcomed opened".split()


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory):
    """A BERT of two layers with a WordPiece tokenizer that knows letters and a few words."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("encoder")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *MARKS, *LETTERS, *(f"##{c}" for c in LETTERS), *WORDS]
    words = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=0.2,
    )
    BertModel(config).save_pretrained(folder)
    BertTokenizer(vocab=words, do_lower_case=True).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def mpnet_folder(tmp_path_factory):
    """An MPNet of two layers with a tokenizer of the same pieces; wide enough to be stored in 8 bits."""
    import torch
    from transformers import MPNetConfig, MPNetModel, MPNetTokenizer

    folder = tmp_path_factory.mktemp("mpnet")
    special = ["<s>", "<pad>", "</s>", "<unk>", "[UNK]"]
    pieces = [*special, *MARKS, *LETTERS, *(f"##{c}" for c in LETTERS), *WORDS, "<mask>"]
    words = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    torch.manual_seed(1)
    config = MPNetConfig(
        vocab_size=len(words),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=96,
        initializer_range=0.1,
    )
    MPNetModel(config).save_pretrained(folder)
    MPNetTokenizer(vocab=words, do_lower_case=True).save_pretrained(folder)
    return folder


@pytest.fixture
def simple_models(monkeypatch):
    """The chain of shard_fake.py in place of that with models."""
    from shard_fake import fake_models

    fake_models(monkeypatch)


@pytest.fixture(scope="session")
def topics_file(tmp_path_factory):
    """Two topics with three targets."""
    file = tmp_path_factory.mktemp("topics") / "topics.yaml"
    file.write_text(
        """topics:
- id: harbour
  label: Harbour
  aliases: [harbour]
  targets:
  - {id: harbour-tax, proposition: The harbour tax should stay., aliases: [harbour tax, port dues]}
  - {id: ferry, label: the ferry, proposition: The ferry to Vara should sail daily., aliases: [ferry]}
- id: lighthouse
  targets:
  - {id: lighthouse, proposition: The lighthouse should be repaired., aliases: [lighthouse]}
"""
    )
    return file


@pytest.fixture(scope="session")
def stance_folder(tmp_path_factory, encoder_folder, topics_file):
    """A stance model of random weights that knows the targets of `topics_file`, and tells them apart."""
    import torch

    from stance.config import load_topics
    from stance.encoder import load_tokenizer
    from stance.train.stance import build, save
    from stance.train.stance_recipe import asked_of
    from stance.view import Composer

    folder = tmp_path_factory.mktemp("stance")
    asked = asked_of(load_topics(topics_file))
    torch.manual_seed(2)
    model = build(encoder_folder, len(asked.texts))
    with torch.no_grad():
        model.many.label.weight *= 20
        model.many.label.bias[0] = 0
        model.many.known.weight.normal_()
        model.encoder.classifier.weight *= 3
    save(model, Composer(load_tokenizer(encoder_folder)), [*asked.texts.values()], folder)
    (folder / "calibration.json").write_text(json.dumps({"about": [1.0, 0.5, 0.1], "stance": [1.0, 0.5]}))
    return folder
