"""Measures between which numbers the inputs of an encoder's layers lie, so that in use nobody need look (`Fixed8`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stance.encoder import Encoder, Tokens
from stance.lean import FIXED, RANGES, LeanModel

if TYPE_CHECKING:
    from torch import Tensor

    from stance.int8 import Linear8
    from stance.train.loop import Row
    from stance.view import Composer, View

TEXTS = 400
"""Enough to know them by; what lies beyond is cut off."""


def write_ranges(folder: Path, loader: str, sequences: Sequence[Tokens]) -> None:
    """Write `stance.lean.RANGES` into a model's folder, unless it is a model that `stance.lean` cannot run in 8 bits.

    Args:
        folder: of the model.
        loader: as `stance.encoder.Encoder` takes it.
        sequences: texts that the model learned from; `TEXTS` of them are read.
    """
    file = folder / RANGES
    file.unlink(missing_ok=True)
    if not sequences or not LeanModel.fits(folder, "int8"):
        return
    encoder = Encoder(folder, loader, "cpu", "int8")
    layers = [{name: _Watched(getattr(layer, name)) for name in FIXED} for layer in encoder.model.layers]
    for layer, watched in zip(encoder.model.layers, layers, strict=True):
        for name, own in watched.items():
            setattr(layer, name, own)
    encoder.run(sequences[:: -(-len(sequences) // TEXTS)])
    found = [{name: own.ranges() for name, own in layer.items()} for layer in layers]
    lines = ",\n".join(json.dumps(layer, separators=(",", ":")) for layer in found)
    file.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def write_ranges_of_views(folder: Path, composer: Composer, views: Sequence[View]) -> None:
    """As `write_ranges`, for a stance model."""
    sequences = [composer.statement(parts) for parts in composer.parts(views)]
    write_ranges(folder, "AutoModelForSequenceClassification", sequences)


def write_ranges_of_rows(folder: Path, rows: Sequence[Row]) -> None:
    """As `write_ranges`, for an attribution model and the rows that it learned from."""
    sequences = [Tokens(row["input_ids"], row["types"]) for row in rows]
    write_ranges(folder, "AutoModelForTokenClassification", sequences)


class _Watched:
    """Takes the place of a linear layer, and remembers the least and the greatest number of each column given to it."""

    def __init__(self, linear: Linear8) -> None:
        self.linear = linear
        self.seen: Tensor | None = None

    def of_rows(self, rows: Tensor) -> Tensor:
        return self.linear.of_rows(self._seen(rows))

    def plus(self, rows: Tensor, others: Tensor) -> Tensor:
        return self.linear.plus(self._seen(rows), others)

    def gelu(self, rows: Tensor) -> Tensor:
        return self.linear.gelu(self._seen(rows))

    def _seen(self, rows: Tensor) -> Tensor:
        import torch

        both = rows.float() if self.seen is None else torch.cat((rows.float(), self.seen))
        self.seen = torch.stack(both.aminmax(dim=0))
        return rows

    def ranges(self) -> tuple[list[float], list[float]]:
        """Least and greatest numbers, a column each, to three digits."""
        assert self.seen is not None
        low, high = ([float(f"{number:.3g}") for number in row] for row in self.seen.tolist())
        return low, high
