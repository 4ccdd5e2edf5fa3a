"""Linear layers with 8-bit multiplications: four times as fast as in 32 bits on processors with VNNI, else twice.

Weights are rounded when the model is loaded, one scale an output channel; activations as they come, one scale a token.
Tokens are quantised alone and sums of integers are exact, so that no number depends on what else is in the batch.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from stance.encoder import cpu_has

WEIGHTS, VALUES = (127, 255) if cpu_has("vnni") else (90, 180)
"""Weights are rounded to -WEIGHTS..WEIGHTS, activations to 0..VALUES; without VNNI two products must fit 16 bits."""

STEP = 64
"""Rows are filled up to a multiple of this, so that the library prepares its kernels for few shapes."""


class Linear8:
    """A linear layer (or several that read the same input) with 8-bit weights; it takes and gives 32 bits.

    Args:
        layers: the weights [out, in] and biases [out] of each; their outputs come side by side.
        scales: what the output of each is multiplied with.
    """

    dtype, step = torch.float32, STEP

    def __init__(self, *layers: tuple[Tensor, Tensor], scales: tuple[float, ...] = ()) -> None:
        scales = scales or (1.0,) * len(layers)
        weight = torch.cat([own.float() * s for (own, _), s in zip(layers, scales, strict=True)])
        self.bias = torch.cat([own.float() * s for (_, own), s in zip(layers, scales, strict=True)])
        self.scales = weight.abs().amax(1).clamp(min=1e-8) / WEIGHTS
        rounded = (weight / self.scales[:, None]).round().to(torch.int8)
        self.sums = rounded.float().sum(1) * self.scales
        """What a constant added to every input would add to the outputs."""
        self.packed = torch.ops.onednn.qlinear_prepack(rounded, None)
        self.zeros = torch.zeros(len(self.bias), dtype=torch.int64)

    @staticmethod
    def fits() -> bool:
        """Whether torch can here."""
        return "onednn" in torch.backends.quantized.supported_engines

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out], both in 32 bits; `tokens` is a multiple of `STEP`."""
        low, high = rows.amin(-1, keepdim=True), rows.amax(-1, keepdim=True)
        step = (high - low).clamp_(min=1e-8) / VALUES
        signed = (rows * (1 / step)).add_(-low / step - 128).round_().to(torch.int8)
        rounded = signed.view(torch.uint8).bitwise_xor_(128)  # plus 128, without a slow conversion
        product = multiply(rounded, self.packed, self.scales, self.zeros)
        return torch.addcmul(self.bias, low, self.sums).addcmul_(product, step)

    def plus(self, rows: Tensor, others: Tensor) -> Tensor:
        """As `of_rows`, added to others [tokens, width out]."""
        return others + self.of_rows(rows)

    def gelu(self, rows: Tensor) -> Tensor:
        """As `of_rows`, then the activation."""
        return functional.gelu(self.of_rows(rows))


def multiply(rounded: Tensor, packed: Tensor, scales: Tensor, zeros: Tensor) -> Tensor:
    """[tokens, width in] of 0 to `VALUES`, times packed weights with the scales of their outputs; in 32 bits."""
    return torch.ops.onednn.qlinear_pointwise(
        rounded, 1.0, 0, packed, scales, zeros, None, 1.0, 0, torch.float32, "none", [], ""
    )
