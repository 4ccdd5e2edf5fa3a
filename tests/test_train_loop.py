"""Training as every model shares it: order, early stopping, and a SIGKILL that makes no difference."""

import json
import signal
import subprocess
import sys
import time

import finetune_fake
import torch

from stance.train.curve import LOG, curve
from stance.train.loop import BEST, Schedule, evaluated, fit
from stance.train.order import ByLength, Numbered, drawn


class Line(torch.nn.Module):
    """Two numbers."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor([0.0, 0.0]))

    def forward(self, x):
        return x * self.weight[0] + self.weight[1]


def collate(rows):
    return {"x": torch.tensor([row["x"] for row in rows]), "y": torch.tensor([row["y"] for row in rows])}


def loss(model, batch):
    return (model(x=batch["x"]) - batch["y"]).square().mean()


ROWS = [{"input_ids": [0] * (n % 5 + 1), "x": n / 10, "y": n / 5 + 1} for n in range(20)]


def test_every_row_comes_once_an_epoch_in_an_order_of_its_own():
    sampler = ByLength([len(row["input_ids"]) for row in ROWS], 4, 13)
    first = list(sampler)
    assert sorted(first) == list(range(20))
    assert first == list(ByLength(sampler.lengths, 4, 13)), "the same seed and epoch give the same order"
    sampler.epoch = 2
    second = list(sampler)
    assert sorted(second) == list(range(40, 60))
    assert [draw - 40 for draw in second] != first
    assert Numbered(ROWS)[43] == (43, ROWS[3])


def test_rows_of_like_length_stand_together():
    lengths = [n % 10 for n in range(80)]
    order = list(ByLength(lengths, 8, 1))
    assert all(len({lengths[place] for place in order[at : at + 8]}) == 1 for at in range(0, 80, 8))


def test_chance_is_decided_by_what_is_drawn():
    noisy = drawn(lambda rows: {"x": torch.randn(len(rows))}, 13)
    torch.manual_seed(1)
    first = noisy([(7, {}), (8, {})])["x"]
    torch.manual_seed(2)
    assert torch.equal(noisy([(7, {}), (9, {})])["x"], first)
    assert not torch.equal(noisy([(27, {}), (8, {})])["x"], first), "another epoch"


def test_training_stops_where_it_no_longer_helps_and_keeps_the_best(tmp_path):
    told = iter([5.0, 3.0, 1.0, 2.0, 2.5, 9.0])
    weights = []

    def watch(model):
        weights.append(model.weight.detach().clone())
        return next(told)

    schedule = Schedule(epochs=5, learning_rate=0.1, batch_size=5, patience=2)
    model = fit(Line(), ROWS, collate, loss, schedule, tmp_path, watch)
    assert [epoch.held_out for epoch in curve(tmp_path)] == [5.0, 3.0, 1.0, 2.0, 2.5], "before the first, and four"
    assert curve(tmp_path)[0].loss is None and curve(tmp_path)[1].loss > 0
    assert torch.equal(model.weight.detach().cpu(), weights[2].cpu())


def test_a_model_that_only_gets_worse_is_given_back_as_it_was(tmp_path):
    told = iter([1.0, 2.0, 3.0, 4.0])
    model = fit(Line(), ROWS, collate, loss, Schedule(epochs=3, batch_size=5), tmp_path, lambda model: next(told))
    assert model.weight.tolist() == [0.0, 0.0]


def test_accumulated_batches_make_one_step(tmp_path):
    schedule = Schedule(epochs=1, batch_size=4, accumulate=3, warmup=0)
    assert schedule.steps(20) == 2
    fit(Line(), ROWS, collate, loss, schedule, tmp_path)
    rows = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    assert max(row["step"] for row in rows) == 2
    # the losses logged are means of batches, not sums
    assert max(row["loss"] for row in rows if "loss" in row) < 2 * evaluated(Line(), ROWS, collate, loss, 20)


def test_the_loss_of_rows_is_the_same_each_time_and_leaves_chance_alone():
    noisy = lambda rows: {**collate(rows), "x": torch.randn(len(rows))}  # noqa: E731
    torch.manual_seed(4)
    first = evaluated(Line(), ROWS, noisy, loss, 6)
    torch.randn(7)
    state = torch.get_rng_state()
    assert evaluated(Line(), ROWS, noisy, loss, 6) == first
    assert torch.equal(torch.get_rng_state(), state)


def test_killed_and_started_again_training_ends_as_if_uninterrupted(tmp_path):
    """A real SIGKILL, as soon as the log has come so far that there is a checkpoint, and steps after it."""
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    process = subprocess.Popen([sys.executable, finetune_fake.__file__, str(killed)])
    ends = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < ends:
        steps = [json.loads(line)["step"] for line in lines(killed) if line.endswith("}")]
        if max(steps, default=0) > 47:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    assert process.wait(timeout=60) == -signal.SIGKILL, "it was killed while it ran"
    assert list(killed.glob("checkpoint-*")), "and left something to go on from"
    assert finetune_fake.small_training(killed) == finetune_fake.small_training(whole)
    assert lines(killed) == lines(whole)


def lines(folder):
    return (folder / LOG).read_text().splitlines() if (folder / LOG).is_file() else []


def test_a_checkpoint_that_a_kill_cut_short_is_passed_over(tmp_path):
    broken = tmp_path / "checkpoint-900"
    broken.mkdir()
    (broken / "model.safetensors").write_bytes(b"half")
    model = fit(Line(), ROWS, collate, loss, Schedule(epochs=1, batch_size=5), tmp_path)
    assert model.weight.abs().sum() > 0
    assert not broken.exists()


def test_a_training_that_had_stopped_is_not_taken_up_again(tmp_path):
    schedule = Schedule(epochs=9, learning_rate=0.1, batch_size=5, patience=1)
    told = iter([1.0, 0.5, 0.7])
    first = fit(Line(), ROWS, collate, loss, schedule, tmp_path, lambda model: next(told))
    assert (tmp_path / BEST).is_file()

    def never(model):
        raise AssertionError("nothing is left to do")

    again = fit(Line(), ROWS, collate, loss, schedule, tmp_path, never)
    assert torch.equal(again.weight.detach().cpu(), first.weight.detach().cpu())
