"""A larger model teaches a smaller one: on every batch the answers of the one are drawn to those of the other.

Knowledge distillation (Hinton, Vinyals and Dean 2015) over all targets that a batch asks about; where both have
vectors of one width, over those of the text's tokens, too (DistilBERT, Sanh et al. 2019).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from stance.encoder import load_tokenizer
from stance.train.retain import divergence

if TYPE_CHECKING:
    from stance.heads import TwoWays

ALIKE = 4.0
"""Weight of a row's vectors of its tokens, against its answers."""


class Teacher(nn.Module):
    """A trained stance model that is asked in the word pieces of another one.

    Args:
        model: the network.
        folder: its tokenizer's.
        asked_by: the tokenizer of the model that learns.

    Raises:
        KeyError: the other tokenizer has a word piece that this one lacks.
    """

    def __init__(self, model: TwoWays, folder: Path, asked_by: Any) -> None:
        super().__init__()
        self.model = model
        own = load_tokenizer(folder)
        pieces = own.get_vocab()
        special = {
            getattr(asked_by, f"{name}_token"): getattr(own, f"{name}_token")
            for name in ("cls", "sep", "pad", "unk", "mask")
        }
        table = torch.zeros(len(asked_by), dtype=torch.long)
        for piece, number in asked_by.get_vocab().items():
            table[number] = pieces[special.get(piece, piece)]
        self.register_buffer("table", table)

    def forward(self, **batch: torch.Tensor) -> Any:
        return self.model(**{name: self.table[x] if name.endswith("_ids") else x for name, x in batch.items()})


def lesson(said: Any, told: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """How far answers are from the teacher's, a row: Kullback-Leibler, and where widths agree the angle of vectors.

    Args:
        said, told: of `stance.heads.TwoWays`.
        batch: of `stance.train.stance_rows.Batcher`. Where statement and target were read together, the one-pass head
            learns the mean of both ways of the teacher.
    """
    mask = batch["text_mask"]
    many = told.many.float().log_softmax(-1)
    total = many.new_zeros(())
    if told.pairs is not None:
        pairs = told.pairs.float().log_softmax(-1)
        total = total + divergence(said.pairs, pairs).sum()
        row, column = batch["pair_at"].unbind(1)
        there = column < many.shape[1]
        row, column = row[there], column[there]
        many = many.index_put((row, column), (many[row, column] + pairs[there]) / 2)
    total = total + divergence(said.many, many).sum()
    if said.tokens.shape == told.tokens.shape:
        angle = 1 - nn.functional.cosine_similarity(said.tokens.float(), told.tokens.float(), dim=-1)
        total = total + ALIKE * ((angle * mask).sum(1) / mask.sum(1)).sum()
    return total / len(mask)
