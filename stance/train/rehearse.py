"""What a training would take: a few real steps on this machine, timed, and everything that is doubtful in the data."""

from __future__ import annotations

import math
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from stance.train.doubts import KINDS, Doubt, doubts
from stance.train.finetune import Material, compared_with, objective

if TYPE_CHECKING:
    from stance.train.loop import Loss

STEPS = 3
"""Timed, after one that is not."""
SOME = 2
"""Held-out articles that the whole chain is timed on."""
SHOWN = 12
"""Doubts of a kind that are listed."""


@dataclass(frozen=True)
class Rehearsal:
    """What `rehearse` found."""

    rows: int
    steps: int
    """At the most: training stops earlier where it no longer helps."""
    seconds: float
    """For all of them, with what is asked between and before and after."""
    memory: int
    """Bytes: the most that this process, or its GPU, held."""
    device: str
    doubts: Sequence[Doubt]


def rehearse(material: Material) -> Rehearsal:
    """Time a few steps of a training, and look for what is wrong with its data. Nothing is written."""
    import torch

    order, part = material.order, material.part
    schedule = order.recipe.schedule
    device = (torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None) or torch.device(
        "cpu"
    )
    model = part.build().to(device)
    loss, _ = objective(material, model)
    model.to(device)  # adapters, too
    times = list(_timed(material, model, loss, device))
    step = statistics.median(times)
    steps = schedule.steps(len(material.rows))
    epochs = math.ceil(schedule.epochs)
    watching = (epochs + 1) * len(material.watched) / schedule.batch_size * step / 3  # forward alone
    seconds = steps * schedule.accumulate * step + watching + 2 * _chain_seconds(material)
    docs = [*material.split.train, *material.split.held_out]
    found = [*doubts(docs), *_by_model(material, docs)]
    memory = torch.cuda.max_memory_allocated() if device.type == "cuda" else _resident()
    return Rehearsal(len(material.rows), steps, seconds, memory, str(device), found)


def lines(rehearsal: Rehearsal, material: Material) -> Iterator[str]:
    """A rehearsal for a person to read."""
    parted, found = material.split, rehearsal.doubts
    statements = sum(len(doc.statements) for doc in (*parted.train, *parted.held_out))
    yield f"Articles   {len(parted.train) + len(parted.held_out)} with {statements} statements; held out: {parted.how}"
    epochs = material.order.recipe.schedule.epochs
    yield f"Training   {rehearsal.rows} rows, at most {rehearsal.steps} steps in {epochs:g} epochs"
    yield f"Time       about {_spoken(rehearsal.seconds)} on this machine ({rehearsal.device}), or less"
    yield f"Memory     {rehearsal.memory / 1e9:.1f} GB"
    yield f"Data       {len(found)} things to look at" if found else "Data       nothing to look at"
    for kind, told in KINDS.items():
        own = [doubt for doubt in found if doubt.kind == kind]
        if own:
            yield f"\n{told} ({len(own)})"
        for doubt in own[:SHOWN]:
            yield f"  {doubt.article + '  ' if doubt.article else ''}{doubt.what}"
        if len(own) > SHOWN:
            yield f"  and {len(own) - SHOWN} more"


def _timed(material: Material, model: Any, loss: Loss, device: Any) -> Iterator[float]:
    """Seconds of a batch, there and back."""
    import torch

    from stance.train.loop import precision
    from stance.train.order import ByLength

    schedule = material.order.recipe.schedule
    order = list(ByLength([len(row["input_ids"]) for row in material.rows], schedule.batch_size, schedule.seed))
    trained = [value for value in model.parameters() if value.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=0.0)
    model.train()
    for number in range(STEPS + 1):
        places = list(islice(order, number * schedule.batch_size, (number + 1) * schedule.batch_size)) or order[:1]
        began = time.monotonic()
        batch = material.part.collate([material.rows[place] for place in places])
        with precision(device):
            loss(model, {name: value.to(device) for name, value in batch.items()}).backward()
        optimiser.step()
        optimiser.zero_grad()
        if number:
            yield (time.monotonic() - began) * schedule.batch_size / len(places)


def _chain_seconds(material: Material) -> float:
    """Seconds of the whole chain on the held-out articles, from a few of them."""
    from stance.pipeline import Pipeline
    from stance.types import Doc

    order = material.order
    own = order.config.with_values({f"models.{material.part.role}": str(compared_with(material))})
    held = material.split.held_out
    began = time.monotonic()
    pipeline = Pipeline.load(own)
    loaded = time.monotonic() - began
    pipeline.run([Doc(doc.article) for doc in held[:SOME]])
    return loaded + (time.monotonic() - began - loaded) * len(held) / len(held[:SOME])


def _by_model(material: Material, docs: Sequence[Any]) -> Sequence[Doubt]:
    """What a model says against the annotation."""
    from stance.config import load_topics
    from stance.judge import Judge
    from stance.train.noise import noisy_labels, unmarked_statements

    folder = compared_with(material)
    if material.part.role == "stance":
        return noisy_labels(docs, Judge(folder), load_topics(material.order.config.topics))
    return unmarked_statements(docs, folder)


def _resident() -> int:
    """The most memory that this process has held, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} seconds"
    return f"{round(seconds / 60)} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
