"""Attention within sequences, and what MPNet adds to its scores by distance."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

import torch
from torch import Tensor

STEP = 16
"""Sequences are filled up to a multiple of this, so that the library prepares its kernels for few shapes."""

TOGETHER, SHORT = 4, 192
"""So many sequences of one filled length are computed at once, where that is no more than SHORT: of longer ones the
scores would not stay near the processor."""

HELD = 1e30
"""Sums of exponents up to it, and from its inverse on, leave room in 16 or 32 bits for products with values."""


class Group:
    """Sequences whose attention is computed at once; no number of one depends on the others.

    Args:
        places: where their tokens stand in the batch.
        filled: the length that they are filled up to.
        heads, size: of attention.
        dtype: in which it is computed.
    """

    def __init__(self, places: Sequence[slice], filled: int, heads: int, size: int, dtype: torch.dtype) -> None:
        self.places = places
        self.lengths = [place.stop - place.start for place in places]
        self.parts = torch.zeros(3, len(places), heads, filled, size, dtype=dtype)
        """Queries, keys and values side by side in memory; zeros beyond the end of a sequence, in all layers."""
        kept = torch.arange(filled) < torch.tensor(self.lengths)[:, None]
        self.kept = kept.to(dtype).repeat_interleave(heads, 0).unsqueeze(-1)

    def attend(self, asked: Tensor, bias: Tensor | None, found: Tensor) -> None:
        """Each token's mixture of its own sequence.

        Args:
            asked: queries, keys and values, [tokens, 3 * heads * size].
            bias: what is added to scores, [heads, length, length], of the filled length at the least.
            found: takes the mixtures, [tokens, heads * size].
        """
        _, _, heads, filled, size = self.parts.shape
        for number, (place, length) in enumerate(zip(self.places, self.lengths, strict=True)):
            self.parts[:, number, :, :length] = asked[place].view(length, 3, heads, size).permute(1, 2, 0, 3)
        own_bias = None if bias is None else bias[:, :filled, :filled]
        mixed = attention(*self.parts.flatten(1, 2), self.kept, own_bias).view(-1, heads, filled, size)
        for place, length, own in zip(self.places, self.lengths, mixed, strict=True):
            found[place].view(length, heads, size).copy_(own[:, :length].transpose(0, 1))


def groups(lengths: Sequence[int], heads: int, size: int, dtype: torch.dtype) -> Iterator[Group]:
    """Sequences that stand one after the other in a batch, in groups of like length."""
    ends = torch.tensor(lengths).cumsum(0).tolist()
    places = [slice(end - length, end) for end, length in zip(ends, lengths, strict=True)]
    for filled, alike in groupby(places, key=lambda place: filled_up(place.stop - place.start)):
        own = list(alike)
        several = len(own) - len(own) % TOGETHER if filled <= SHORT else 0
        parts = [own[start : start + TOGETHER] for start in range(0, several, TOGETHER)]
        for part in (*parts, *([place] for place in own[several:])):
            yield Group(part, filled, heads, size, dtype)


def filled_up(length: int) -> int:
    """The length that a sequence is filled up to."""
    return -(-length // STEP) * STEP


def attention(query: Tensor, key: Tensor, value: Tensor, kept: Tensor, bias: Tensor | None) -> Tensor:
    """Mixtures [n * heads, length, size] of values by the softmax of scores; the three are of such shape.

    The greatest score is not taken off before: it seldom is so great, or all so small, that exponents do not hold it.

    Args:
        query, key, value: [n * heads, length, size], of n sequences.
        kept: [n * heads, length, 1], 1 for what takes part; for the rest 0, as all its values are.
        bias: what is added to the scores of each sequence, [heads, length, length].
    """

    def scores() -> Tensor:
        if bias is None:
            return torch.bmm(query, key.mT)
        return bias.repeat(len(query) // len(bias), 1, 1).baddbmm_(query, key.mT)

    shares = scores().exp_()
    total = torch.bmm(shares, kept)
    least, most = total.aminmax()
    if not 1 / HELD < least or not most < HELD:
        beyond = ~((total > 1 / HELD) & (total < HELD)).all(1).flatten()
        left_out = kept[beyond].mT == 0
        exact = scores()[beyond].masked_fill(left_out, -math.inf).softmax(-1, torch.float32)
        shares[beyond], total[beyond] = exact.to(shares.dtype), 1
    return torch.bmm(shares, value).div_(total)


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
