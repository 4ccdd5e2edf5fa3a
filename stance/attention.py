"""Attention within one sequence, and what MPNet adds to its scores by distance."""

from __future__ import annotations

import math

import torch
from torch import Tensor

HELD = 1e30
"""Sums of exponents up to it, and from its inverse on, leave room in 16 or 32 bits for products with values."""


def attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None) -> Tensor:
    """Mixtures [heads, length, size] of values, in 32 bits, by the softmax of scores; the three are of such shape.

    The greatest score is not taken off before: it seldom is so great, or all so small, that exponents do not hold it.

    Args:
        query, key, value: [heads, length, size].
        bias: what is added to scores, [heads, length, length].
    """

    def scores() -> Tensor:
        return torch.bmm(query, key.mT) if bias is None else torch.baddbmm(bias, query, key.mT)

    shares = scores().exp_()
    total = shares.sum(-1, keepdim=True, dtype=torch.float32)
    least, most = total.aminmax()
    if not 1 / HELD < least or not most < HELD:
        shares, total = scores().softmax(-1, torch.float32).to(value.dtype), torch.ones(())
    return torch.bmm(shares, value) / total


NEAR, FURTHEST = 8, 128
"""Tokens less than NEAR apart have a bucket for each distance; then buckets widen, until FURTHEST and beyond."""


def by_place(table: Tensor, length: int) -> Tensor:
    """What MPNet adds to scores: from [buckets, heads] to [heads, length asking, length asked]."""
    half = len(table) // 2
    distance = torch.arange(1 - length, length)
    apart = distance.abs()
    wide = (apart.clamp(min=NEAR) / NEAR).log() / math.log(FURTHEST / NEAR) * (half - NEAR)
    bucket = torch.where(apart < NEAR, apart, (NEAR + wide.long()).clamp(max=half - 1)) + half * (distance > 0)
    # a row for each token that asks: the same line of distances, from one further on for each token before
    return table[bucket].T.contiguous().unfold(1, length, 1).flip(1)
