"""Linear layers with 8-bit multiplications: four times as fast as in 32 bits on processors with VNNI, else twice.

Weights are rounded when the model is loaded, one scale an output channel. Activations are rounded as they come: with
one scale a token (`Linear8`) or, where their ranges are known from training (`Fixed8`), with one scale an input channel
that stands in the weights already, so that they need only be rounded. Tokens are rounded alone and sums of integers are
exact, so that no number depends on what else is in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from stance.encoder import cpu_has

VALUES = 255
"""Activations are rounded to 0..VALUES."""

WEIGHTS = 127 if cpu_has("vnni") else 62
"""Weights are rounded to -WEIGHTS..WEIGHTS. Without VNNI two products must fit 16 bits; of what allows that, 62 keeps
weights exactly that are stored in 6 bits."""

STEP = 64
"""Rows are filled up to a multiple of this, so that the library prepares its kernels for few shapes."""

EVEN = 0.6
"""How far wide and narrow ranges are made alike before they are rounded (0: not; 1: wholly). What activations of a wide
range lose in steps, their weights take on; between the two errors, as in Xiao et al. 2023, "SmoothQuant"."""

ROOM = 1.1
"""Of a range that was measured, for what other texts bring."""


class Unit(NamedTuple):
    """In what numbers a layer takes what it is given: as `value / step + shift`; one for all columns, or [width]."""

    step: Tensor | float = 1.0
    shift: Tensor | float = 0.0

    @classmethod
    def of_ranges(cls, low: Tensor, high: Tensor) -> Unit:
        """That in which values from `low` to `high`, [width] each, lie within -128 to 127."""
        spread = (high - low).clamp(min=1e-3) * ROOM
        step = spread**EVEN * (spread ** (1 - EVEN)).max() / VALUES
        return cls(step, -(low + high) / 2 / step - 0.5)

    @classmethod
    def of_mixtures(cls, low: Tensor, high: Tensor) -> Unit:
        """As `of_ranges`, with zero in the middle: so that they keep most digits in 16 bits."""
        most = torch.maximum(-low, high)
        return cls.of_ranges(-most, most)


PLAIN = Unit()


class Linear8:
    """A linear layer (or several that read the same input) with 8-bit weights; it takes and gives 32 bits.

    Args:
        layers: the weights [out, in] and biases [out] of each; their outputs come side by side.
        scales: what the output of each is multiplied with, a number or [out].
        adds: the unit of what `plus` adds.
    """

    dtype, step = torch.float32, STEP

    def __init__(
        self, *layers: tuple[Tensor, Tensor], scales: Sequence[Tensor | float] = (), adds: Unit = PLAIN
    ) -> None:
        weight, self.bias = side_by_side(layers, scales)
        rounded = self._pack(weight)
        self.sums = rounded.sum(1) * self.scales
        """What a constant added to every input would add to the outputs."""
        self._add(adds)

    def _pack(self, weight: Tensor) -> Tensor:
        """Keep weights [out, in] for multiplication; gives them as rounded, without their scales."""
        self.scales = weight.abs().amax(1).clamp(min=1e-8) / WEIGHTS
        rounded = (weight / self.scales[:, None]).round()
        self.packed = torch.ops.onednn.qlinear_prepack(rounded.to(torch.int8), None)
        self.zeros = torch.zeros(len(weight), dtype=torch.int64)
        return rounded

    def _add(self, unit: Unit) -> None:
        self.added = torch.as_tensor(unit.step)
        self.bias -= self.added * unit.shift

    @staticmethod
    def fits() -> bool:
        """Whether torch can here."""
        return "onednn" in torch.backends.quantized.supported_engines

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out] in 32 bits; `tokens` is a multiple of `STEP`."""
        width = rows.shape[1]
        # each row in bytes, then its step and its least number, in four bytes each: a table's vectors are packed so
        packed = torch.ops.quantized.embedding_bag_byte_prepack(rows.float())
        step, low = packed[:, width:].contiguous().view(torch.float32).split(1, 1)
        product = multiply(packed[:, :width].contiguous(), self.packed, self.scales, self.zeros)
        return torch.addcmul(torch.addcmul(self.bias, low, self.sums), product, step)

    def plus(self, rows: Tensor, others: Tensor) -> Tensor:
        """As `of_rows`, added to others [tokens, width out]."""
        return self.of_rows(rows).addcmul_(others, self.added)

    def gelu(self, rows: Tensor) -> Tensor:
        """As `of_rows`, then the activation."""
        return functional.gelu(self.of_rows(rows))


class Fixed8(Linear8):
    """As `Linear8`, for inputs of known ranges that come in units of their own; what lies beyond a range is cut off.

    Args:
        layers: the weights [out, in] and biases [out] of each; their outputs come side by side.
        unit: of the inputs.
        scales: what the output of each is multiplied with, a number or [out].
        shifts: what is added to the output of each after that, a number or [out].
        adds: the unit of what `plus` adds.
        gives: in which numbers the output comes.
    """

    def __init__(
        self,
        *layers: tuple[Tensor, Tensor],
        unit: Unit,
        scales: Sequence[Tensor | float] = (),
        shifts: Sequence[Tensor | float] = (),
        adds: Unit = PLAIN,
        gives: torch.dtype = torch.float32,
    ) -> None:
        self.gives = gives
        weight, self.bias = side_by_side(layers, scales)
        rounded = self._pack(weight * unit.step)
        shifts = [torch.as_tensor(shift) for shift in shifts or (0.0,) * len(layers)]
        self.bias += torch.cat([shift.expand(len(own)) for (_, own), shift in zip(layers, shifts, strict=True)])
        self.bias -= (rounded * (unit.shift + 128)).sum(1) * self.scales
        self._add(adds)

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out]; `tokens` is a multiple of `STEP`."""
        return multiply(self._rounded(rows), self.packed, self.scales, self.zeros, self.bias, self.gives)

    def gelu(self, rows: Tensor) -> Tensor:
        """As `of_rows`, then the activation."""
        return multiply(self._rounded(rows), self.packed, self.scales, self.zeros, self.bias, self.gives, "gelu")

    @staticmethod
    def _rounded(rows: Tensor) -> Tensor:
        return bytes_of(rows.round().clamp_(-128, VALUES - 128))


def side_by_side(
    layers: Sequence[tuple[Tensor, Tensor]], scales: Sequence[Tensor | float] = ()
) -> tuple[Tensor, Tensor]:
    """Weights [out of all, in] and biases [out of all] of layers as of one, the output of each times its scale."""
    factors = [torch.as_tensor(scale) for scale in scales or (1.0,) * len(layers)]
    weights = [own.float() * factor.view(-1, 1) for (own, _), factor in zip(layers, factors, strict=True)]
    biases = [own.float() * factor for (_, own), factor in zip(layers, factors, strict=True)]
    return torch.cat(weights), torch.cat(biases)


def bytes_of(whole: Tensor) -> Tensor:
    """Whole numbers of -128 to 127, plus 128, in unsigned bytes: without the slow conversion to these."""
    return whole.to(torch.int8).view(torch.uint8).bitwise_xor_(128)


def multiply(
    rounded: Tensor,
    packed: Tensor,
    scales: Tensor,
    zeros: Tensor,
    bias: Tensor | None = None,
    gives: torch.dtype = torch.float32,
    after: str = "none",
) -> Tensor:
    """[tokens, width in] of 0 to `VALUES`, times packed weights with the scales of their outputs; then `after`."""
    return torch.ops.onednn.qlinear_pointwise(
        rounded, 1.0, 0, packed, scales, zeros, bias, 1.0, 0, gives, after, [], "none" if after == "gelu" else ""
    )
