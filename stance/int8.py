"""Linear layers with 8-bit multiplications: four times as fast as in 32 bits on processors with VNNI, else twice.

Weights are rounded when the model is loaded, one scale an output channel. Activations are rounded as they come: with
one scale a token (`Linear8`) or, where their range is known from training (`Fixed8`), with one for all, which is soon
done. Tokens are rounded alone and sums of integers are exact, so that no number depends on what else is in the batch.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from stance.encoder import cpu_has

WEIGHTS, VALUES = (127, 255) if cpu_has("vnni") else (90, 180)
"""Weights are rounded to -WEIGHTS..WEIGHTS, activations to 0..VALUES; without VNNI two products must fit 16 bits."""

STEP = 64
"""Rows are filled up to a multiple of this, so that the library prepares its kernels for few shapes."""


GELU_LOW = -0.17
"""What the activation gives at the least."""


class Unit(NamedTuple):
    """In what numbers a layer takes what it is given: as `value / step + shift`."""

    step: float = 1.0
    shift: float = 0.0

    @classmethod
    def of_range(cls, low: float, high: float) -> Unit:
        """That in which values from `low` to `high` are -128 to `VALUES` - 128."""
        step = max(high - low, 1e-8) / VALUES
        return cls(step, -low / step - 128)

    @classmethod
    def of_mixtures(cls, low: float, high: float) -> Unit:
        """As `of_range`, with zero in the middle: so that they keep most digits in 16 bits."""
        most = max(-low, high)
        return cls.of_range(-most, most * (VALUES // 2) / (VALUES - VALUES // 2))


class Linear8:
    """A linear layer (or several that read the same input) with 8-bit weights; it takes and gives 32 bits.

    Args:
        layers: the weights [out, in] and biases [out] of each; their outputs come side by side.
        scales: what the output of each is multiplied with.
        low: the least number that it can be given, where that is known.
    """

    dtype, step = torch.float32, STEP

    def __init__(
        self, *layers: tuple[Tensor, Tensor], scales: tuple[float, ...] = (), low: float | None = None
    ) -> None:
        scales = scales or (1.0,) * len(layers)
        weight = torch.cat([own.float() * s for (own, _), s in zip(layers, scales, strict=True)])
        self.bias = torch.cat([own.float() * s for (_, own), s in zip(layers, scales, strict=True)])
        self.scales = weight.abs().amax(1).clamp(min=1e-8) / WEIGHTS
        rounded = (weight / self.scales[:, None]).round().to(torch.int8)
        self.sums = rounded.float().sum(1) * self.scales
        """What a constant added to every input would add to the outputs."""
        self.packed = torch.ops.onednn.qlinear_prepack(rounded, None)
        self.zeros = torch.zeros(len(self.bias), dtype=torch.int64)
        self.low = None if low is None else torch.tensor(low)
        if low is not None:
            self.bias += low * self.sums

    @staticmethod
    def fits() -> bool:
        """Whether torch can here."""
        return "onednn" in torch.backends.quantized.supported_engines

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out] in 32 bits; `tokens` is a multiple of `STEP`."""
        rows = rows.float()
        low, bias = self.low, self.bias
        if low is None:
            low = rows.amin(-1, keepdim=True)
            bias = torch.addcmul(bias, low, self.sums)
        step = (rows.amax(-1, keepdim=True) - low).clamp_(min=1e-8) / VALUES
        rounded = bytes_of((rows * (1 / step)).add_(-low / step - 128).round_())
        return torch.addcmul(bias, multiply(rounded, self.packed, self.scales, self.zeros), step)

    def plus(self, rows: Tensor, others: Tensor) -> Tensor:
        """As `of_rows`, added to others [tokens, width out]."""
        return self.of_rows(rows).add_(others)

    def gelu(self, rows: Tensor) -> Tensor:
        """As `of_rows`, then the activation."""
        return functional.gelu(self.of_rows(rows))


class Fixed8(Linear8):
    """As `Linear8`, for inputs of a known range that come in units of their own; what lies beyond the range is cut off.

    Args:
        layers: the weights [out, in] and biases [out] of each; their outputs come side by side.
        unit: of the inputs.
        scales: what the output of each is multiplied with.
        shifts: what is added to the output of each after that.
        gives: in which numbers the output comes.
    """

    def __init__(
        self,
        *layers: tuple[Tensor, Tensor],
        unit: Unit,
        scales: tuple[float, ...] = (),
        shifts: tuple[float, ...] = (),
        gives: torch.dtype = torch.float32,
    ) -> None:
        super().__init__(*layers, scales=scales)
        self.gives = gives
        shifts = shifts or (0.0,) * len(layers)
        added = torch.cat([torch.full_like(bias, own) for (_, bias), own in zip(layers, shifts, strict=True)])
        self.bias += (-128 - unit.shift) * unit.step * self.sums + added
        self.scales = self.scales * unit.step

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out]; `tokens` is a multiple of `STEP`."""
        return multiply(self._rounded(rows), self.packed, self.scales, self.zeros, self.bias, self.gives)

    def gelu(self, rows: Tensor) -> Tensor:
        """As `of_rows`, then the activation."""
        return multiply(self._rounded(rows), self.packed, self.scales, self.zeros, self.bias, self.gives, "gelu")

    @staticmethod
    def _rounded(rows: Tensor) -> Tensor:
        return bytes_of(rows.round().clamp_(-128, VALUES - 128))


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
