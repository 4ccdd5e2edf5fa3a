"""The part of training that every model shares: a thin layer over transformers' Trainer.

It fixes what a laptop needs (bf16 where the processor has it, batches of like length, early stopping) and what a
reproducible run needs (seed, going on after a kill, a log), and leaves data and loss to the caller. Several GPUs are
the Trainer's business: `accelerate launch -m stance.cli train ...`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.train.curve import LOG, forget_after, read_log, write_log

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, TrainerCallback, TrainingArguments

log = logging.getLogger(__name__)

Row = Mapping[str, Any]
Collate = Callable[[list[Row]], "dict[str, torch.Tensor]"]
Loss = Callable[["PreTrainedModel", "dict[str, torch.Tensor]"], "torch.Tensor"]
BEST = "best.safetensors"
CURVE = 40
"""Times that the loss is logged in a whole training."""
SAVES = 6
"""Checkpoints in a whole training."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to train."""

    epochs: float = 4
    learning_rate: float = 3e-4
    batch_size: int = 32
    warmup: float = 0.06
    """Share of the steps over which the learning rate rises."""
    weight_decay: float = 0.01
    seed: int = 13
    accumulate: int = 1
    """Batches whose gradients make one step: larger batches in the same memory."""
    patience: int | None = None
    """Epochs without a lower loss on the development part after which training stops."""

    def steps(self, rows: int) -> int:
        """Steps that so many rows take at the most."""
        an_epoch = ceil(ceil(rows / self.batch_size) / self.accumulate)
        return max(1, round(self.epochs * an_epoch))


def fit(
    model: PreTrainedModel,
    rows: Sequence[Row],
    collate: Collate,
    loss: Loss,
    schedule: Schedule,
    folder: Path,
    watch: Callable[[PreTrainedModel], float] | None = None,
) -> PreTrainedModel:
    """Train `model` on `rows` and return it.

    Args:
        model: changed in place.
        rows: mappings with "input_ids"; whatever else `collate` and `loss` need.
        collate: a list of rows into a batch of tensors.
        loss: model and batch into a scalar.
        schedule: how long and how fast.
        folder: where checkpoints (removed by the caller when done) and `log.jsonl` go. A run that was
            killed goes on from its last checkpoint when `fit` is called again with the same arguments.
        watch: the loss on development rows. It is asked before the first epoch and after each, and the model is
            returned as it was when it was lowest; with `schedule.patience` training stops where it no longer falls.
    """
    from transformers import set_seed

    set_seed(schedule.seed)
    keeper = _Keeper(folder, watch, schedule.patience)
    if leads():
        folder.mkdir(parents=True, exist_ok=True)
    trainer = _trainer(model, rows, collate, loss, schedule, folder, keeper)
    begun = (keeper.stopped(read_log(folder / LOG)), _last_whole_checkpoint(folder)) if leads() else None
    stopped, checkpoint = _from_first(begun)
    if not stopped:
        trainer.train(resume_from_checkpoint=checkpoint)
    if watch is not None and leads():
        from safetensors.torch import load_model

        load_model(model, folder / BEST, device=str(next(model.parameters()).device))
    return model


def leads() -> bool:
    """Whether this is the first of several processes that train together (`accelerate launch`), or the only one."""
    return os.environ.get("RANK", "0") == "0"


def evaluated(model: PreTrainedModel, rows: Sequence[Row], collate: Collate, loss: Loss, batch: int) -> float:
    """Mean loss of a row, without dropout; the same chance each time."""
    import random

    import torch

    device = next(model.parameters()).device
    training, total = model.training, 0.0
    model.eval()
    chance = random.getstate()
    with torch.no_grad(), torch.random.fork_rng(), precision(device):
        for at in range(0, len(rows), batch):
            own = list(rows[at : at + batch])
            random.seed(at)
            torch.manual_seed(at)
            tensors = {name: value.to(device) for name, value in collate(own).items()}
            total += float(loss(model, tensors)) * len(own)
    random.setstate(chance)
    model.train(training)
    return total / max(len(rows), 1)


class _Keeper:
    """Writes the log, and keeps the best weights. All it knows stands in the log: a killed run loses nothing.

    Of several processes (`accelerate launch`) the first asks, decides and writes.
    """

    def __init__(self, folder: Path, watch: Callable[[PreTrainedModel], float] | None, patience: int | None) -> None:
        self.folder = folder
        self.watch = watch
        self.patience = patience

    def begin(self, model: PreTrainedModel, state: Any) -> None:
        done, due = round(state.epoch or 0, 2), False
        if state.is_world_process_zero:
            forget_after(self.folder / LOG, state.global_step)
            seen = {row["epoch"] for row in read_log(self.folder / LOG) if "epoch" in row}
            due = self.watch is not None and done == int(done) and done not in seen
        if _from_first(due):
            self.end_epoch(model, state)

    def end_epoch(self, model: PreTrainedModel, state: Any) -> bool:
        """Log an epoch; whether training shall stop."""
        return bool(_from_first(self._ended(model, state) if state.is_world_process_zero else False))

    def _ended(self, model: PreTrainedModel, state: Any) -> bool:
        row: dict[str, Any] = {"epoch": round(state.epoch or 0, 2), "step": state.global_step}
        past = read_log(self.folder / LOG)
        if self.watch is not None:
            row["held_out"] = round(self.watch(model), 5)
            lowest = min((other["held_out"] for other in past if "held_out" in other), default=float("inf"))
            if row["held_out"] < lowest:
                _save_weights(model, self.folder / BEST)
        write_log(self.folder / LOG, row)
        return self.stopped([*past, row])

    def stopped(self, rows: Sequence[Row]) -> bool:
        """Whether the development loss has not fallen for as many epochs as are waited."""
        told = [row["held_out"] for row in rows if "held_out" in row]
        if self.patience is None or not told:
            return False
        return len(told) - 1 - told.index(min(told)) >= self.patience


def _from_first(value: Any) -> Any:
    """What the first of several processes says; the value itself where there is one."""
    import torch.distributed as processes

    if not (processes.is_available() and processes.is_initialized()):
        return value
    told = [value]
    processes.broadcast_object_list(told, src=0)
    return told[0]


def _callback(keeper: _Keeper, sampler: Any, schedule: Schedule) -> TrainerCallback:
    import torch
    from transformers import TrainerCallback

    class Log(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
            keeper.begin(model, state)

        def on_epoch_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            sampler.epoch = int(state.epoch or 0)

        def on_step_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            torch.manual_seed(schedule.seed * 1_000_003 + state.global_step * 97 + args.process_index)

        def on_epoch_end(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
            if keeper.end_epoch(model, state):
                control.should_training_stop = True

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
            if logs and "loss" in logs and state.is_world_process_zero:
                write_log(keeper.folder / LOG, {"step": state.global_step, "loss": round(float(logs["loss"]), 4)})

    return Log()


def _trainer(
    model: PreTrainedModel,
    rows: Sequence[Row],
    collate: Collate,
    loss: Loss,
    schedule: Schedule,
    folder: Path,
    keeper: _Keeper,
) -> Any:
    from transformers import PrinterCallback, Trainer

    from stance.train.order import ByLength, Numbered, drawn

    sampler = ByLength([len(row["input_ids"]) for row in rows], schedule.batch_size, schedule.seed)

    class OwnLoss(Trainer):
        def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any) -> torch.Tensor:
            return loss(model, inputs)

        def _get_train_sampler(self, train_dataset: Any = None) -> Any:
            return sampler

    trainer = OwnLoss(
        model=model,
        args=_arguments(schedule, folder, schedule.steps(len(rows))),
        train_dataset=Numbered(rows),
        data_collator=drawn(collate, schedule.seed),
        callbacks=[_callback(keeper, sampler, schedule)],
    )
    trainer.remove_callback(PrinterCallback)  # what it prints is logged
    # The losses here are means of a batch, whatever arguments a model takes: accumulated ones have to be divided.
    trainer.model_accepts_loss_kwargs = False
    return trainer


def _arguments(schedule: Schedule, folder: Path, steps: int) -> TrainingArguments:
    import torch
    from transformers import TrainingArguments

    cuda = torch.cuda.is_available()
    logged = max(1, steps // CURVE)
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=schedule.epochs,
        learning_rate=schedule.learning_rate,
        per_device_train_batch_size=schedule.batch_size,
        gradient_accumulation_steps=schedule.accumulate,
        warmup_steps=round(schedule.warmup * steps),
        weight_decay=schedule.weight_decay,
        seed=schedule.seed,
        use_cpu=not cuda and not torch.backends.mps.is_available(),
        bf16=_has_bf16(),
        optim="adamw_torch_fused" if cuda else "adamw_torch",
        remove_unused_columns=False,
        logging_steps=logged,
        save_strategy="steps",
        save_steps=logged * max(1, steps // (SAVES * logged)),  # where a loss is logged, so that none is cut in two
        save_total_limit=1,
        dataloader_num_workers=4 if cuda else 0,
        dataloader_pin_memory=cuda,
        disable_tqdm=True,
        report_to="none",
    )


def _last_whole_checkpoint(folder: Path) -> str | None:
    """The last checkpoint that was written to its end; one that a kill cut short is removed."""
    found = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    whole = None
    for path in found:
        try:  # the Trainer writes this file last
            json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
            whole = str(path)
        except (OSError, ValueError):
            shutil.rmtree(path, ignore_errors=True)
    return whole


def _save_weights(model: PreTrainedModel, path: Path) -> None:
    from safetensors.torch import save_model

    part = path.with_suffix(".part")
    save_model(getattr(model, "module", model), part)
    part.replace(path)


def precision(device: torch.device) -> contextlib.AbstractContextManager[Any]:
    """Half precision where the hardware has it."""
    import torch

    return torch.autocast(device.type, torch.bfloat16) if _has_bf16() else contextlib.nullcontext()


def _has_bf16() -> bool:
    import torch

    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    from stance.encoder import cpu_has

    return cpu_has("bf16")
