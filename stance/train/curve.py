"""The learning curve: a line of JSON for each loss logged and each epoch ended, kept beside the checkpoints."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

LOG = "log.jsonl"


@dataclass(frozen=True, slots=True)
class Epoch:
    """A line of a learning curve."""

    epoch: float
    loss: float | None
    """On the training rows, over the epoch; None before the first."""
    held_out: float | None
    """On the development rows; None where there are none."""


def curve(folder: Path) -> list[Epoch]:
    """The learning curve that `fit` logged in a folder, an epoch a line."""
    found: list[Epoch] = []
    losses: list[float] = []
    for row in read_log(folder / LOG):
        if "epoch" in row:
            loss = sum(losses) / len(losses) if losses else None
            found.append(Epoch(row["epoch"], loss, row.get("held_out")))
            losses = []
        else:
            losses.append(row["loss"])
    return found


def read_log(path: Path) -> list[dict[str, Any]]:
    """The lines of a log; none where there is no file."""
    if not path.is_file():
        return []
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(ValueError):  # a line that a kill cut short
            rows.append(json.loads(line))
    return rows


def forget_after(path: Path, step: int) -> None:
    """Drop what a killed run logged after its last checkpoint: those steps run again."""
    if path.is_file():
        kept = [row for row in read_log(path) if row["step"] <= step]
        path.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")


def write_log(path: Path, row: Mapping[str, Any]) -> None:
    """Add a line, and say it."""
    log.info("%s", ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in row.items()))
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
