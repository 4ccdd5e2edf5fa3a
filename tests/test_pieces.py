"""Word pieces without transformers: the same as with it."""

import json
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.encoder import load_tokenizer
from stance.errors import ModelError
from stance.pieces import WordPieces, load_pieces
from stance.shipped import shipped

ODD = [
    "",
    "Mayor Ilse Brandt said [SEP] no.",
    "Ålesund’s “harbour–tax”",
    "a\u200bb \U0001f600 \r\n\tx",
    "م北京 naïve",
    "x" * 900,
]


@pytest.fixture(scope="module", params=["attribution", "stance"])
def two(request):
    folder = shipped("models") / request.param
    return load_pieces(folder), load_tokenizer(folder)


def alike(two, texts):
    own, plain = two
    named = {"add_special_tokens": False, "verbose": False}
    assert own(texts, **named)["input_ids"] == plain(texts, **named)["input_ids"]
    one, other = (each(texts, return_offsets_mapping=True, **named) for each in two)
    assert one["offset_mapping"] == [[tuple(pair) for pair in row] for row in other["offset_mapping"]]
    assert [one.word_ids(i) for i in range(len(texts))] == [other.word_ids(i) for i in range(len(texts))]


def test_shipped_tokenizers_are_read_without_transformers(two):
    own, plain = two
    assert isinstance(own, WordPieces)
    for name in ("cls", "sep", "pad", "unk"):
        assert getattr(own, f"{name}_token_id") == getattr(plain, f"{name}_token_id")
    assert own.encode(": a") == plain.encode(": a", add_special_tokens=False)
    alike(two, ODD)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_any_text_is_cut_as_transformers_cuts_it(two, texts):
    alike(two, texts)


def test_a_tokenizer_of_another_kind_is_left_to_transformers(encoder_folder, tmp_path):
    shutil.copytree(encoder_folder, tmp_path / "model")
    file = tmp_path / "model" / "tokenizer_config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "tokenizer_class": "PreTrainedTokenizerFast"}))
    assert not isinstance(load_pieces(tmp_path / "model"), WordPieces)
    file.unlink()
    assert not isinstance(load_pieces(tmp_path / "model"), WordPieces)
    with pytest.raises(ModelError, match="no model"):
        load_pieces(tmp_path / "nowhere")


def test_the_shipped_models_load_without_transformers():
    code = (
        "import sys; from stance.config import load_config; from stance.pipeline import Pipeline;"
        "Pipeline.load(load_config(None, ['precision=int8', 'device=cpu']));"
        "sys.exit('transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
