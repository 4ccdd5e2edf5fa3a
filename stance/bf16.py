"""Linear layers that multiply in bfloat16, for processors that do so on tiles (AMX): faster there than 8 bits, for
which everything has to be rounded anew in every layer.

What comes after the product (bias, activation, addition) is done with it, in 32 bits, before its only rounding.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from stance.encoder import cpu_has
from stance.int8 import side_by_side

STEP = 256
"""Rows that are multiplied at once, always. Products of one shape are computed in one way, so that no number depends on
what else is in the batch; other shapes sum up in another order."""


class Linear16:
    """A linear layer (or several that read the same input) with weights in 16 bits; it takes and gives 16 bits.

    Args:
        layers: the weights [out, in] and biases [out] of each; their outputs come side by side.
        scales: what the output of each is multiplied with, a number or [out].
    """

    dtype, step = torch.bfloat16, STEP

    def __init__(self, *layers: tuple[Tensor, Tensor], scales: Sequence[Tensor | float] = ()) -> None:
        weight, self.bias = (whole.to(self.dtype) for whole in side_by_side(layers, scales))
        self.packed = torch.ops.mkldnn._reorder_linear_weight(weight, STEP)

    @staticmethod
    def fits() -> bool:
        """Whether this processor can."""
        return cpu_has("bf16") and torch.backends.mkldnn.is_available()

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out]; `tokens` is a multiple of `STEP`."""
        multiply = torch.ops.mkldnn._linear_pointwise
        return torch.cat([multiply(part, self.packed, self.bias, "none", [], "") for part in rows.split(STEP)])

    def plus(self, rows: Tensor, others: Tensor) -> Tensor:
        """As `of_rows`, added to others [tokens, width out]."""
        return torch.ops.mkldnn._linear_pointwise.binary(rows, others, self.packed, self.bias, "add")

    def gelu(self, rows: Tensor) -> Tensor:
        """As `of_rows`, then the activation."""
        return torch.ops.mkldnn._linear_pointwise(rows, self.packed, self.bias, "gelu", [], "none")
