"""The encoder in 8 and in 16 bits: nearly what 32 bits say, and the same, bit for bit, in any company."""

import json

import numpy as np
import pytest
import torch
from torch.nn import functional

from stance import encoder as module
from stance.attention import attention, by_place
from stance.bf16 import Linear16
from stance.encoder import Encoder, Tokens
from stance.errors import ModelError
from stance.int8 import Fixed8, Linear8, Unit
from stance.judge import Judge
from stance.lean import RANGES, FixedLayer, Layer, LeanModel, Rounded
from stance.train.ranges import write_ranges
from stance.view import View

HEAD = "AutoModelForTokenClassification"
LENGTHS = [3, 17, 1, 9, 9, 200, 2, 300, 5]
NUMBERS = ["int8", "int8, ranges known", *["bf16"] * Linear16.fits()]


@pytest.fixture(scope="module", params=NUMBERS)
def numbers(request):
    return request.param


@pytest.fixture(scope="module", params=["bert", "mpnet"])
def family(request, encoder_folder, mpnet_folder):
    return {"bert": encoder_folder, "mpnet": mpnet_folder}[request.param]


def both(family, head, folder, numbers):
    """The same model in 32 bits and in fewer, with a head of random weights."""
    import transformers

    torch.manual_seed(3)
    model = getattr(transformers, head).from_pretrained(family)
    model.save_pretrained(folder)
    numbers, *known = numbers.split(", ")
    if known:
        write_ranges(folder, head, drawn(model.config))
    found = [Encoder(folder, head, "cpu", precision) for precision in ("fp32", numbers)]
    assert [(own.precision, own.lean) for own in found] == [("fp32", False), (numbers, True)]
    assert [type(layer) for layer in found[1].model.layers] == [FixedLayer if known else Layer] * len(
        found[1].model.layers
    )
    return found


def drawn(config):
    draw = np.random.default_rng(4)
    return [Tokens(draw.integers(5, config.vocab_size, n).tolist(), [0] * n) for n in LENGTHS]


@pytest.fixture(scope="module")
def encoders(family, numbers, tmp_path_factory):
    """Tag tokens."""
    return both(family, HEAD, tmp_path_factory.mktemp("tagger"), numbers)


@pytest.fixture(scope="module")
def sequences(encoders):
    return drawn(encoders[0].config)


def test_few_bits_say_nearly_the_same(encoders, sequences):
    whole, rounded = (own.run(sequences) for own in encoders)
    apart = np.concatenate([(one - two).ravel() for one, two in zip(whole, rounded, strict=True)])
    spread = np.concatenate([one.ravel() for one in whole]).std()
    assert 0 < np.abs(apart).mean() < 0.05 * spread


def test_so_does_a_head_for_sequences(family, sequences, numbers, tmp_path):
    encoders = both(family, "AutoModelForSequenceClassification", tmp_path, numbers)
    whole, rounded = (np.stack(own.run(sequences)) for own in encoders)
    assert 0 < np.abs(whole - rounded).mean() < 0.05 * np.abs(whole).mean()


@pytest.mark.parametrize("budget", [1, 31, 300, 100_000])
def test_no_bit_depends_on_the_company(encoders, sequences, budget, monkeypatch):
    _, rounded = encoders
    alone = [rounded.run([own])[0] for own in sequences]
    monkeypatch.setattr(module, "TOKENS_PER_BATCH", budget)
    for order in (list(range(9)), list(range(9))[::-1], [4, 0, 8, 2, 6, 1, 3, 7, 5]):
        found = rounded.run([sequences[i] for i in order])
        for i, own in zip(order, found, strict=True):
            np.testing.assert_array_equal(own, alone[i])


def test_the_body_alone_gives_vectors_and_zeros_beyond_the_end(encoders):
    body = encoders[1].model.base_model
    ids = torch.tensor([[7, 8, 9, 10], [7, 8, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])
    with torch.inference_mode():
        found = body(input_ids=ids, attention_mask=mask).last_hidden_state
        short = body(input_ids=ids[1:, :2], attention_mask=mask[1:, :2]).last_hidden_state
    assert torch.equal(found[1, :2], short[0])
    assert not found[1, 2:].any()


@pytest.mark.parametrize("length", [1, 7, 300])
def test_distances_of_mpnet_are_those_of_transformers(mpnet_folder, length):
    from transformers import MPNetModel

    body = MPNetModel.from_pretrained(mpnet_folder).encoder
    with torch.no_grad():
        wanted = body.compute_position_bias(torch.empty(1, length, 1))[0]
        assert torch.equal(by_place(body.relative_attention_bias.weight, length), wanted)


@pytest.mark.parametrize(
    ("numbers", "shift", "near"),
    [(torch.float32, 0, 1e-5), (torch.float32, 300, 1e-3), (torch.float32, -300, 1e-3), (torch.bfloat16, 0, 0.03)],
)
@pytest.mark.parametrize("biased", [False, True])
def test_attention_is_that_of_softmax_however_great_or_small_scores_are(numbers, shift, near, biased):
    torch.manual_seed(1)
    query, key, value = (torch.randn(6, 5, 4).to(numbers) for _ in range(3))  # three sequences, two heads
    bias = torch.randn(2, 5, 5).to(numbers) if biased else None
    key[..., 0], query[..., 0] = 1, torch.tensor([0, shift] * 3)[:, None]
    scores = query.double() @ key.double().mT + (bias.double().repeat(3, 1, 1) if biased else 0)
    wanted = scores.softmax(-1) @ value.double()
    filled = [functional.pad(part, (0, 0, 0, 3)) for part in (query, key, value)]
    kept = functional.pad(torch.ones(6, 5, 1), (0, 0, 0, 3)).to(numbers)
    found = attention(*filled, kept, None if bias is None else functional.pad(bias, (0, 3, 0, 3)))
    assert torch.allclose(found[:, :5].double(), wanted, atol=near)


def test_a_channel_of_a_wide_range_leaves_the_others_their_steps():
    torch.manual_seed(5)
    weight, bias, rows = torch.randn(32, 64), torch.randn(32), torch.randn(128, 64)

    def error(factors):
        values, own = rows * factors, weight / factors
        unit = Unit.of_ranges(values.amin(0), values.amax(0))
        found = Fixed8((own, bias), unit=unit).of_rows(values / unit.step + unit.shift)
        return (found - (values @ own.T + bias)).abs().mean()

    one_wide = torch.ones(64)
    one_wide[3] = 60
    assert 0 < error(one_wide) < 5 * error(torch.ones(64)) < 0.5  # with one scale for all, 35 times


def test_what_lies_beyond_the_known_ranges_is_cut_off(encoder_folder, tmp_path):
    (whole, near), far = both(encoder_folder, HEAD, tmp_path, "int8, ranges known"), tmp_path / RANGES
    narrow = [
        {name: (np.array(both) / 3).tolist() for name, both in own.items()} for own in json.loads(far.read_text())
    ]
    far.write_text(json.dumps(narrow))
    cut = Encoder(tmp_path, HEAD, "cpu", "int8")
    one, two, three = (np.concatenate(own.run(drawn(own.config))) for own in (whole, near, cut))
    assert np.isfinite(three).all()
    assert np.abs(one - two).mean() < np.abs(one - three).mean()


def test_ranges_of_another_model_are_refused(encoder_folder, tmp_path):
    both(encoder_folder, HEAD, tmp_path, "int8, ranges known")
    (tmp_path / RANGES).write_text(json.dumps(json.loads((tmp_path / RANGES).read_text()) * 2))
    with pytest.raises(ModelError, match=r"ranges\.json belongs to another model"):
        Encoder(tmp_path, HEAD, "cpu", "int8")


def test_another_family_of_models_is_left_to_transformers(tmp_path):
    from transformers import DistilBertConfig, DistilBertModel

    config = DistilBertConfig(vocab_size=30, dim=24, n_layers=1, n_heads=2, hidden_dim=32)
    DistilBertModel(config).save_pretrained(tmp_path)
    sequence = Tokens([3, 4, 5], [0, 0, 0])

    def vectors(output, mask):
        return output.last_hidden_state

    assert not LeanModel.fits(tmp_path, "bf16")
    one, two = (Encoder(tmp_path, "AutoModel", "cpu", p).run([sequence], vectors)[0] for p in ("fp32", "int8"))
    np.testing.assert_array_equal(one, two)


def test_no_product_overflows():
    """Where processors add two products in 16 bits, the largest must fit."""
    rows = torch.ones(3, 64)
    rows[:, 0] = 0
    found = Rounded(Linear8((torch.ones(8, 64), torch.zeros(8))))(rows)
    torch.testing.assert_close(found, torch.full((3, 8), 63.0), rtol=1e-3, atol=0)


def test_no_bit_of_a_judgement_depends_on_the_company(stance_folder, numbers):
    precision = numbers.partition(",")[0]
    rounded, whole = (Judge(stance_folder, "cpu", own) for own in (precision, "fp32"))
    parts = rounded.composer.parts([View("the harbour tax " * n, cue="said") for n in (1, 9, 2, 30, 2)])
    targets = ["the ferry", "harbour tax: The harbour tax should stay.", "lighthouse"]
    together = rounded.many(parts, targets)
    for part, own in zip(parts, together, strict=True):
        np.testing.assert_array_equal(rounded.many([part], targets)[0], own)
    apart = np.abs(together - whole.many(parts, targets))
    assert 0 < apart.mean() < 0.1 * together.std()
