"""Running a transformer: the answer depends on the text alone, not on its company, its place or the batch's size."""

import shutil

import numpy as np
import pytest
import torch

from stance import encoder as module
from stance.encoder import Encoder, Tokens, cpu_has, load_tokenizer
from stance.errors import ModelError

LENGTHS = [3, 17, 1, 9, 9, 30, 2, 12, 5]


@pytest.fixture(scope="module")
def encoder(encoder_folder):
    """In 32 bits, so that answers can be compared closely on any machine."""
    torch.manual_seed(3)
    return Encoder(encoder_folder, "AutoModelForTokenClassification", "cpu", "fp32")


@pytest.fixture(scope="module")
def sequences(encoder):
    draw = np.random.default_rng(4)
    return [Tokens(draw.integers(5, encoder.config.vocab_size, n).tolist(), [0] * n) for n in LENGTHS]


@pytest.fixture(scope="module")
def alone(encoder, sequences):
    """What the model says of each sequence when it is asked of nothing else."""
    return [encoder.run([own])[0] for own in sequences]


def same(found, wanted):
    assert len(found) == len(wanted)
    for one, two in zip(found, wanted, strict=True):
        assert one.shape == two.shape
        assert one.dtype == np.float32
        np.testing.assert_allclose(one, two, atol=1e-5)


@pytest.mark.parametrize("budget", [1, 10, 31, 64, 100_000])
def test_answers_are_the_same_at_any_batch_size(encoder, sequences, alone, budget, monkeypatch):
    widths = []

    def pick(output, mask):
        widths.append(mask.shape)
        return output.logits

    monkeypatch.setattr(module, "TOKENS_PER_BATCH", budget)
    same(encoder.run(sequences, pick), alone)
    assert sum(rows for rows, _ in widths) == len(sequences)
    assert all(rows == 1 or rows * width <= budget for rows, width in widths)
    assert len(widths) == {1: 9, 100_000: 1}.get(budget, len(widths))


@pytest.mark.parametrize("order", [list(range(9))[::-1], [4, 0, 8, 2, 6, 1, 3, 7, 5], [0, 0, 5]])
def test_answers_come_in_the_order_asked(encoder, sequences, alone, order):
    same(encoder.run([sequences[i] for i in order]), [alone[i] for i in order])


def test_a_token_level_answer_has_the_sequences_own_length(alone):
    assert [len(own) for own in alone] == LENGTHS


def test_one_vector_a_text_is_left_whole(encoder, sequences):
    found = encoder.run(sequences, lambda output, mask: output.logits.mean(1))
    assert {own.shape for own in found} == {(2,)}


def test_segment_marks_reach_the_model(encoder, sequences, alone):
    marked = Tokens(sequences[1].ids, [1] * LENGTHS[1])
    assert not np.allclose(encoder.run([marked])[0], alone[1], atol=1e-3)


def test_done_counts_every_sequence_once(encoder, sequences, monkeypatch):
    monkeypatch.setattr(module, "TOKENS_PER_BATCH", 20)
    counts = []
    encoder.run(sequences, done=counts.append)
    assert sum(counts) == len(sequences)
    assert len(counts) > 1


def test_nothing_asked_nothing_answered(encoder):
    assert encoder.run([]) == []


@pytest.mark.parametrize("load", [load_tokenizer, lambda folder: Encoder(folder, "AutoModel", "cpu")])
def test_a_folder_without_a_model_is_named(tmp_path, load):
    with pytest.raises(ModelError, match=r"config\.json") as error:
        load(tmp_path / "nowhere")
    assert str(tmp_path / "nowhere") in str(error.value)
    assert "stance train" in str(error.value)


def test_8_bits_are_refused_where_no_processor_multiplies_them(encoder_folder):
    with pytest.raises(ModelError, match="8 bits on processors only, not on meta"):
        Encoder(encoder_folder, "AutoModel", "meta", "int8")


def test_a_tokenizer_without_offsets_is_refused(encoder_folder, tmp_path, monkeypatch):
    from transformers import AutoTokenizer

    class Slow:
        is_fast = False

    shutil.copy(encoder_folder / "config.json", tmp_path)
    monkeypatch.setattr(AutoTokenizer, "from_pretrained", lambda *_, **__: Slow())
    with pytest.raises(ModelError, match="offsets"):
        load_tokenizer(tmp_path)


def test_pickled_weights_are_not_read(encoder_folder, tmp_path):
    """A pickle can run code; only safetensors are loaded."""
    from safetensors.torch import load_file

    shutil.copy(encoder_folder / "config.json", tmp_path)
    torch.save(load_file(encoder_folder / "model.safetensors"), tmp_path / "pytorch_model.bin")
    with pytest.raises(OSError, match="safetensors"):
        Encoder(tmp_path, "AutoModelForTokenClassification", "cpu")


@pytest.mark.parametrize(
    ("system", "flags", "wanted"),
    [
        ("Linux", "flags : avx2 avx512_vnni avx512_bf16 amx_bf16 amx_tile amx_int8", "bf16"),
        ("Linux", "flags : avx2 avx512_vnni avx512_bf16", "int8"),
        ("Linux", "flags : avx2 avx_vnni", "int8"),
        ("Linux", "flags : avx2 avx512f", "int8"),
        ("Linux", "flags : avx", "fp32"),
        ("Darwin", "avx2 avx512_bf16", "fp32"),
        ("Linux", None, "fp32"),
    ],
)
def test_numbers_are_those_that_the_processor_has_hardware_for(monkeypatch, system, flags, wanted):
    def read(*_, **__):
        if flags is None:
            raise FileNotFoundError
        return flags

    monkeypatch.setattr(module.platform, "system", lambda: system)
    monkeypatch.setattr(module.Path, "read_text", read)
    monkeypatch.setattr(module, "cpu_has", cpu_has.__wrapped__)
    assert module._best_precision(torch.device("cpu")) == wanted
