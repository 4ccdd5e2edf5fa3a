"""Weights in 8 or 6 bits: a quarter of the size or less, the same model within a rounding, and no second rounding."""

import copy
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from stance import int8, weights
from stance.encoder import Encoder, Tokens, load_tokenizer
from stance.errors import ConfigError


@pytest.fixture(scope="module")
def whole(mpnet_folder):
    from transformers import AutoModelForSequenceClassification

    torch.manual_seed(3)
    return AutoModelForSequenceClassification.from_pretrained(mpnet_folder, num_labels=4).eval()


@pytest.fixture(scope="module", params=[6, 8])
def bits(request):
    return request.param


@pytest.fixture(scope="module")
def small(whole, bits, mpnet_folder, tmp_path_factory):
    """The same model in a folder, in few bits."""
    folder = tmp_path_factory.mktemp("small")
    weights.save(whole, folder, bits)
    load_tokenizer(mpnet_folder).save_pretrained(folder)
    return folder


def loaded(folder, dtype=torch.float32, **changes):
    from transformers import AutoModelForSequenceClassification

    return weights.load(AutoModelForSequenceClassification, folder, dtype, **changes).eval()


def test_every_weight_is_within_half_a_step(whole, bits, small):
    before, after = whole.state_dict(), loaded(small).state_dict()
    assert before.keys() == after.keys()
    for name, value in before.items():
        widest = value.abs().amax(-1, keepdim=True)
        assert ((after[name] - value).abs() <= 0.504 * widest / (2 ** (bits - 1) - 1) + 1e-3 * value.abs()).all(), name


def test_matrices_take_so_many_bits_a_number(whole, bits, small):
    matrices = sum(value.numel() for value in whole.state_dict().values() if value.ndim == 2)
    assert (small / weights.FILE).stat().st_size < 1.25 * matrices * bits / 8 + 8_000
    stored = load_file(small / weights.FILE)
    assert stored["mpnet.encoder.layer.0.attention.attn.q.weight"].numel() * 8 == 64 * 64 * bits
    assert stored["mpnet.encoder.relative_attention_bias.weight"].dtype == torch.float16


def test_rounding_again_changes_nothing(bits, small, tmp_path):
    weights.save(loaded(small), tmp_path, bits)
    assert (tmp_path / weights.FILE).read_bytes() == (small / weights.FILE).read_bytes()


def test_the_8_bit_layer_takes_the_stored_numbers_as_they_are(bits, small, monkeypatch):
    monkeypatch.setattr(int8, "WEIGHTS", 2 ** (bits - 1) - 1)
    packed = []
    monkeypatch.setattr(torch.ops.onednn, "qlinear_prepack", lambda rounded, _: packed.append(rounded))
    layer = loaded(small).mpnet.encoder.layer[0].intermediate.dense
    found = int8.Linear8((layer.weight.detach(), layer.bias.detach()))
    stored = load_file(small / weights.FILE)
    name = "mpnet.encoder.layer.0.intermediate.dense.weight"
    assert torch.equal(packed[0], weights.unpacked(stored[name]) if bits == 6 else stored[name])
    assert torch.equal(found.scales, stored[name + weights.SCALES].float())


@pytest.mark.parametrize("precision", ["fp32", "bf16", "int8"])
def test_the_encoder_reads_either_folder(whole, small, tmp_path, precision):
    whole.save_pretrained(tmp_path)
    draw = np.random.default_rng(4)
    sequences = [Tokens(draw.integers(5, 90, n).tolist(), [0] * n) for n in (3, 40, 17)]
    one, two = (
        np.stack(Encoder(folder, "AutoModelForSequenceClassification", "cpu", precision).run(sequences))
        for folder in (tmp_path, small)
    )
    assert 0 < np.abs(one - two).mean() < 0.05 * np.abs(one).mean()


def test_another_head_and_other_settings_can_be_asked_for(small):
    from transformers import AutoModelForTokenClassification

    model = weights.load(AutoModelForTokenClassification, small, torch.bfloat16, num_labels=7)
    assert model.classifier.weight.shape == (7, 64)
    body = loaded(small, torch.bfloat16, attention_probs_dropout_prob=0.0)
    assert body.config.attention_probs_dropout_prob == 0
    assert torch.equal(
        model.mpnet.encoder.layer[1].output.dense.weight, body.mpnet.encoder.layer[1].output.dense.weight
    )


def test_transformers_alone_refuses_the_folder(small):
    """It must not take the numbers for the weights."""
    from transformers import AutoModel

    with pytest.raises(OSError, match="safetensors"):
        AutoModel.from_pretrained(small)


def test_six_bits_are_packed_without_loss():
    numbers = torch.arange(-32, 32, dtype=torch.int8).repeat(3)[torch.randperm(192)].view(4, 48)
    assert weights.packed(numbers).shape == (4, 36)
    assert torch.equal(weights.unpacked(weights.packed(numbers)), numbers)


def test_sixteen_bits_are_left_to_transformers(whole, tmp_path):
    weights.save(copy.deepcopy(whole), tmp_path, 16)
    assert loaded(tmp_path).state_dict().keys() == whole.state_dict().keys()
    assert (tmp_path / "model.safetensors").is_file()


def test_a_folder_holds_one_file_of_weights(whole, tmp_path):
    for bits, name in ((8, weights.FILE), (16, "model.safetensors"), (6, weights.FILE)):
        weights.save(copy.deepcopy(whole), tmp_path, bits)
        assert [file.name for file in tmp_path.glob("*.safetensors")] == [name]
    with pytest.raises(ConfigError, match="not in 12"):
        weights.save(whole, tmp_path, 12)


def test_an_extreme_matrix_is_kept(tmp_path):
    matrix = torch.zeros(3, 40)
    matrix[1, 5], matrix[2] = 3e4, torch.linspace(-1e-6, 1e-6, 40)
    weights.write({"a": matrix}, tmp_path / "a.safetensors")
    torch.testing.assert_close(weights.read(tmp_path / "a.safetensors")["a"], matrix, rtol=0.01, atol=1e-8)


def test_training_goes_on_from_it(small, stance_folder, tmp_path):
    from stance.train.stance import build

    shutil.copytree(small, tmp_path / "model")
    many = build(small, 3).many.state_dict()
    weights.write(many, tmp_path / "model" / "many.safetensors")
    model = build(tmp_path / "model", 3)
    assert torch.equal(model.encoder.classifier.dense.weight, loaded(small).classifier.dense.weight)
    torch.testing.assert_close(model.many.state_dict(), many, rtol=0.01, atol=0.002)
