"""The part of training that every model shares: a thin layer over transformers' Trainer.

It fixes what a laptop needs (bf16 where the processor has it, batches of like length) and what a
reproducible run needs (seed, resume after a kill, a log), and leaves data and loss to the caller.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

log = logging.getLogger(__name__)

Row = Mapping[str, Any]


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


def fit(
    model: PreTrainedModel,
    rows: Sequence[Row],
    collate: Callable[[list[Row]], dict[str, torch.Tensor]],
    loss: Callable[[PreTrainedModel, dict[str, torch.Tensor]], torch.Tensor],
    schedule: Schedule,
    folder: Path,
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
    """
    import torch
    from transformers import Trainer, TrainerCallback, TrainingArguments, set_seed
    from transformers.trainer_utils import get_last_checkpoint

    set_seed(schedule.seed)
    folder.mkdir(parents=True, exist_ok=True)
    steps = max(1, round(schedule.epochs * -(-len(rows) // schedule.batch_size)))

    class OwnLoss(Trainer):
        def compute_loss(self, model: Any, inputs: Any, return_outputs: bool = False, **_: Any) -> torch.Tensor:
            return loss(model, inputs)

    class Log(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            _forget_after(folder / "log.jsonl", state.global_step)

        def on_epoch_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            _write(folder / "log.jsonl", {"epoch": round(state.epoch, 2), "step": state.global_step})

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kwargs: Any) -> None:
            if logs and "loss" in logs:
                _write(folder / "log.jsonl", {"step": state.global_step, "loss": round(float(logs["loss"]), 4)})

    cuda = torch.cuda.is_available()
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=schedule.epochs,
        learning_rate=schedule.learning_rate,
        per_device_train_batch_size=schedule.batch_size,
        warmup_steps=round(schedule.warmup * steps),
        weight_decay=schedule.weight_decay,
        seed=schedule.seed,
        use_cpu=not cuda and not torch.backends.mps.is_available(),
        bf16=_has_bf16(),
        train_sampling_strategy="group_by_length",
        remove_unused_columns=False,
        logging_steps=max(1, steps // 40),
        save_strategy="steps",
        save_steps=max(1, steps // 6),
        save_total_limit=1,
        dataloader_num_workers=4 if cuda else 0,
        disable_tqdm=True,
        report_to="none",
    )
    trainer = OwnLoss(model=model, args=arguments, train_dataset=list(rows), data_collator=collate, callbacks=[Log()])
    trainer.train(resume_from_checkpoint=get_last_checkpoint(str(folder)))
    return model


def _has_bf16() -> bool:
    import torch

    if torch.cuda.is_available():
        return torch.cuda.is_bf16_supported()
    from stance.encoder import cpu_has_bf16

    return cpu_has_bf16()


def _forget_after(path: Path, step: int) -> None:
    """Drop what a killed run logged after its last checkpoint: those steps run again."""
    if path.is_file():
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if json.loads(line)["step"] <= step), encoding="utf-8")


def _write(path: Path, row: Mapping[str, Any]) -> None:
    log.info("%s", row)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
