"""A smaller vocabulary: what stays reads the same, what goes is read in smaller pieces, nothing becomes unknown."""

import shutil

import pytest
import torch

from stance.encoder import load_tokenizer
from stance.train.vocabulary import cut, smaller, used

TEXTS = ["The harbour tax is rejected.", "The lighthouse", "The harbour!"]


@pytest.fixture(params=["bert", "mpnet"])
def folder(request, encoder_folder, mpnet_folder):
    return {"bert": encoder_folder, "mpnet": mpnet_folder}[request.param]


def pieces(tokenizer, text):
    return tokenizer.convert_ids_to_tokens(tokenizer(text)["input_ids"])


def test_frequent_pieces_stay_and_others_fall_back_to_characters(folder, tmp_path):
    whole = load_tokenizer(folder)
    smaller(whole, used(whole, TEXTS, 2)).save_pretrained(tmp_path)
    shutil.copy(folder / "config.json", tmp_path)
    own = load_tokenizer(tmp_path)
    assert {"the", "harbour"} < own.get_vocab().keys()
    assert not {"tax", "ferry"} & own.get_vocab().keys()
    assert pieces(own, "The harbour!") == pieces(whole, "The harbour!")
    assert pieces(own, "Ferry")[1:-1] == ["f", "##e", "##r", "##r", "##y"]
    assert pieces(own, "☃")[1:-1] == pieces(whole, "☃")[1:-1] == [whole.unk_token]
    assert own.all_special_tokens == whole.all_special_tokens
    text = "Talks, in the harbour"
    assert own(text, return_offsets_mapping=True)["offset_mapping"][-2] == (14, 21)


def test_the_model_says_the_same_of_texts_in_pieces_that_stay(folder):
    from transformers import AutoModel

    tokenizer, model = load_tokenizer(folder), AutoModel.from_pretrained(folder).eval()
    kept = used(tokenizer, TEXTS, 100)
    own = smaller(tokenizer, kept)
    inputs = tokenizer(TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        wanted = model(**inputs).last_hidden_state
        cut(model, kept)
        found = model(**own(TEXTS, padding=True, return_tensors="pt")).last_hidden_state
    assert model.config.vocab_size == len(kept) == len(own) < len(tokenizer)
    assert torch.equal(found, wanted)


def test_padding_must_keep_its_place(mpnet_folder):
    from transformers import AutoModel

    model = AutoModel.from_pretrained(mpnet_folder)
    with pytest.raises(ValueError, match="from 1 to 0"):
        cut(model, [1, 5, 6])
