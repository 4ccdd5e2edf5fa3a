"""`stance bench`: counts are right, times add up, and it runs without the shipped models' speed being known."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

from stance.bench import Clock, _articles, bench, flop, repeated
from stance.cli import app
from stance.config import load_config
from stance.encoder import Encoder, Tokens
from stance.hardware import Memory, machine, matrix_rate, precision


def encoder_of(folder, numbers):
    return Encoder(folder, "AutoModel", "cpu", numbers)


def test_operations_are_those_that_torch_counts(encoder_folder):
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    encoder = encoder_of(encoder_folder, "fp32")
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        encoder.run([Tokens([2] * 50, [0] * 50)], pick=lambda output, mask: output.last_hidden_state)
    pooler = 2 * encoder.config.hidden_size**2
    assert counter.get_total_flops() - pooler == flop(encoder.config, 50)


def test_encoders_are_clocked_and_then_left_alone(encoder_folder):
    encoder, clock = encoder_of(encoder_folder, "fp32"), Clock()
    plain = Encoder.run
    sequences = [Tokens([2] * 5, [0] * 5), Tokens([2] * 7, [0] * 7)]
    with clock.on_encoders():
        clocked = encoder.run(sequences, pick=lambda output, mask: output.last_hidden_state)
    assert Encoder.run is plain
    assert clock.encoder_tokens == 12
    assert clock.encoder_flop == flop(encoder.config, 5) + flop(encoder.config, 7)
    assert clock.encoder_seconds > 0
    for one, other in zip(clocked, encoder.run(sequences, pick=lambda o, mask: o.last_hidden_state), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_times_are_taken_of_functions_and_of_items():
    clock = Clock()
    assert clock.timed("add", lambda a, b: a + b)(1, b=2) == 3
    assert list(clock.timed_items("read", iter("abc"))) == ["a", "b", "c"]
    assert set(clock.seconds) == {"add", "read"}


@pytest.mark.parametrize("numbers", ["int8", "fp32"])
def test_the_matrix_rate_is_a_rate(encoder_folder, numbers):
    encoder = encoder_of(encoder_folder, numbers)
    assert precision(encoder) == numbers
    assert 1e6 < matrix_rate(encoder) < 1e16


def test_memory_counts_what_is_held():
    with Memory() as before:
        before._stop.wait(0.6)
    with Memory() as memory:
        block = np.ones(25_000_000)
        memory._stop.wait(0.6)
    assert memory.peak - before.peak > 0.5 * block.nbytes


def test_example_articles_are_repeated_with_ids_of_their_own():
    articles = list(repeated(100))
    assert len({article.id for article in articles}) == 100
    assert len({article.text for article in articles}) < 100


def test_machine_is_described():
    assert machine()["cores"] >= 1
    assert machine()["processor"]


def test_command_shows_a_table_and_writes_json(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.txt").write_text(f"Mara Venn said on Monday that the harbour tax ({name}) should stay.\n")
    out = tmp_path / "bench.json"
    options = ["--articles", "2", "--repeats", "1", "--workers", "1", "--device", "cpu", "--json", str(out)]
    result = CliRunner().invoke(app, ["bench", str(folder), *options])
    assert result.exit_code == 0, result.output
    for line in ("articles/s", "peak memory", "  link ", "share of that", "start to first result"):
        assert line in result.stdout
    numbers = json.loads(out.read_text())
    stages = numbers["process"]["stages"]
    assert list(stages) == ["read", *"language segment tag link resolve shortlist classify write".split()]
    assert sum(stages.values()) <= numbers["process"]["seconds"]
    assert numbers["encoder"]["seconds"] < stages["tag"] + stages["link"] + stages["shortlist"] + stages["classify"]
    assert 0 < numbers["encoder"]["share"] < 1.5
    assert numbers["articles"] == 2
    assert numbers["process"]["peak_memory_gb"] > 0.2


def test_columns_of_ones_own_are_those_of_ones_own_file_only(tmp_path, monkeypatch):
    table = tmp_path / "table.csv"
    table.write_text("id,body\n1,Mara Venn said yes.\n2,Mara Venn said no.\n", encoding="utf-8")
    read_with = []
    monkeypatch.setattr("stance.bench._start", lambda config, *_: {})
    monkeypatch.setattr("stance.bench._one_process", lambda config, *_: ({"articles_per_second": 1.0}, {}))

    def engine(config, file, *_):
        read_with.extend(_articles(config, [str(file)]))
        return {"articles_per_second": 1.0}

    monkeypatch.setattr("stance.bench._engine", engine)
    bench(load_config(None, ["read.text_column=body"]), [str(table)])
    assert [article.text for article in read_with] == ["Mara Venn said yes.", "Mara Venn said no."]


def test_nothing_to_measure_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text("")
    result = CliRunner().invoke(app, ["bench", str(tmp_path)])
    assert "no article to measure with" in str(result.exception)


def test_a_config_without_heads_has_the_operations_of_its_matrices():
    config = SimpleNamespace(hidden_size=10, intermediate_size=40, num_hidden_layers=2)
    assert flop(config, 1) == 2 * (2 * (4 * 100 + 2 * 400) + 40)
