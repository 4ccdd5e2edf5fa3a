"""In which order rows are trained on, and with which chance: decided by seed, epoch and row alone.

So a training that was killed and goes on from a checkpoint sees the same batches, hidden words and other wordings as
one that was not, whatever the checkpoint.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    Collate = Callable[[list[Mapping[str, Any]]], dict[str, torch.Tensor]]

POOL = 50
"""Batches out of which rows of like length are put together."""


class Numbered(torch.utils.data.Dataset):
    """Rows that know which draw they are: the draw of a row in epoch `e` is `e` times the rows, plus its place."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, draw: int) -> tuple[int, Mapping[str, Any]]:
        return draw, self.rows[draw % len(self.rows)]


class ByLength(torch.utils.data.Sampler):
    """Shuffled draws of `Numbered` in which rows of like length stand together, so that little is padded.

    Args:
        lengths: of every row.
        batch: rows of a batch.
        seed: with the epoch it decides the order.
    """

    def __init__(self, lengths: Sequence[int], batch: int, seed: int) -> None:
        self.lengths = lengths
        self.batch = batch
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        chance = random.Random(f"{self.seed} {self.epoch}")
        places = list(range(len(self.lengths)))
        chance.shuffle(places)
        pool = self.batch * POOL
        batches = []
        for at in range(0, len(places), pool):
            part = sorted(places[at : at + pool], key=lambda place: -self.lengths[place])
            batches += [part[i : i + self.batch] for i in range(0, len(part), self.batch)]
        whole = [batch for batch in batches if len(batch) == self.batch]
        rest = [place for batch in batches if len(batch) < self.batch for place in batch]
        chance.shuffle(whole)
        for place in (*(place for batch in whole for place in batch), *rest):
            yield self.epoch * len(places) + place


def drawn(collate: Collate, seed: int) -> Callable[[list[tuple[int, Mapping[str, Any]]]], dict[str, torch.Tensor]]:
    """`collate` over rows of `Numbered`, its chance fixed by what is drawn."""

    def seeded(items: list[tuple[int, Mapping[str, Any]]]) -> dict[str, torch.Tensor]:
        number = random.Random(f"{seed} {items[0][0]}").getrandbits(32)
        random.seed(number)
        torch.manual_seed(number)
        return collate([row for _, row in items])

    return seeded
