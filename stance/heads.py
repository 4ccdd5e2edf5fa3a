"""The head that judges many targets in one pass over a statement.

It holds no transformer of its own: a target's text, encoded once and cached, asks its question of the
statement's token vectors. Whatever the number of targets, a statement is encoded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from stance.judge import CLASSES

WIDTH = 384
"""Of the head, where the encoder's cannot be shared between the attention heads."""


class ManyTargets(nn.Module):
    """Logits over `CLASSES` for every (statement, target).

    Args:
        width: of the encoder's vectors.
        known: number of targets (and topics) known at training time, each with a learned correction of its query.
        looks: how often a target looks at the statement; a later look asks with what the earlier ones found.
        heads: attention heads.
        inner: width that the head works in, a multiple of `heads`, where it is not the encoder's.
    """

    def __init__(self, width: int, known: int, looks: int = 2, heads: int = 6, inner: int | None = None) -> None:
        super().__init__()
        if inner is None:
            inner = width if width % heads == 0 else WIDTH
        self.enter = nn.Linear(width, inner) if inner != width else None
        width = inner
        self.known = nn.Embedding(max(known, 1), width)
        self.looks = nn.ModuleList(Look(width, heads) for _ in range(looks))
        self.hidden = nn.Linear(2 * width, width)
        self.label = nn.Linear(width, len(CLASSES))
        self.dropout = nn.Dropout(0.1)
        nn.init.zeros_(self.known.weight)

    @classmethod
    def of(cls, weights: Mapping[str, torch.Tensor]) -> ManyTargets:
        """The head that such weights belong to, with them in it, in 32 bits."""
        known, inner = weights["known.weight"].shape
        width = weights["enter.weight"].shape[1] if "enter.weight" in weights else inner
        looks = len({name.split(".")[1] for name in weights if name.startswith("looks.")})
        head = cls(width, known, looks, inner=inner)
        head.load_state_dict({name: value.float() for name, value in weights.items()})
        return head

    def forward(
        self, tokens: torch.Tensor, mask: torch.Tensor, targets: torch.Tensor, known: torch.Tensor
    ) -> torch.Tensor:
        """Judge. In use (not in training) no answer depends on the company: each statement is attended alone.

        Args:
            tokens: [statements, length, width], the encoder's last layer.
            mask: [statements, length], 1 where there is a token.
            targets: [targets, width], from `pooled`.
            known: [targets], row of the learned correction, or -1 for a target that training did not know.

        Returns:
            [statements, targets, 4] logits.
        """
        if self.enter is not None:
            tokens, targets = self.enter(tokens), self.enter(targets)
        learned = self.known(known.clamp(min=0)) * (known >= 0).unsqueeze(-1).to(targets.dtype)
        asked = targets + learned.to(targets.dtype)
        about = asked.unsqueeze(0)
        for look in self.looks:
            about = look(about, tokens, mask)
        alike = asked.unsqueeze(0) * (pooled if self.training else pooled_alone)(tokens, mask).unsqueeze(1)
        found = torch.cat((about, alike), dim=-1)
        parts = found.split(len(found) if self.training else 1)
        return torch.cat([self.label(self.dropout(functional.gelu(self.hidden(own)))) for own in parts])


class Look(nn.Module):
    """One look of every target at every statement: attention over its tokens, then a layer of its own.

    Args:
        width: of the vectors.
        heads: attention heads.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.wide = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)
        self.last = nn.LayerNorm(width)
        self.dropout = nn.Dropout(0.1)

    def forward(self, asked: torch.Tensor, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Asked [statements or 1, targets, w] of tokens [statements, length, w]: [statements, targets, w]."""
        query = self._split(self.query(asked)).expand(len(tokens), -1, -1, -1)
        key, value = self._split(self.key(tokens)), self._split(self.value(tokens))
        attend = functional.scaled_dot_product_attention
        if self.training:
            found = attend(query, key, value, attn_mask=mask[:, None, None, :].bool())
        else:
            ends = [(slice(i, i + 1), slice(n)) for i, n in enumerate(mask.sum(1).tolist())]
            found = torch.cat([attend(query[own], key[own, :, end], value[own, :, end]) for own, end in ends])
        found = self.out(found.transpose(1, 2).flatten(2))
        seen = self.norm(asked + self.dropout(found))
        return self.last(seen + self.dropout(self.narrow(functional.gelu(self.wide(seen)))))

    def _split(self, vectors: torch.Tensor) -> torch.Tensor:
        return vectors.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class Answers(NamedTuple):
    """What a batch's rows are answered, None where its inputs do not ask."""

    many: torch.Tensor | None
    """Logits [rows, targets, 4] of judging all targets in one pass."""
    pairs: torch.Tensor | None
    """Logits [pairs, 4] of reading statement and target together."""


class TwoWays(nn.Module):
    """What is trained: an encoder with a pair head, and the head for many targets on the same encoder.

    Its inputs are those that `stance.train.stance_rows.Batcher` makes: of the text, the targets and the pairs, each
    "ids", "types" and "mask".
    """

    def __init__(self, encoder: nn.Module, many: ManyTargets) -> None:
        super().__init__()
        self.encoder = encoder
        self.many = many

    def forward(self, **batch: torch.Tensor) -> Answers:
        many = pairs = None
        if "text_ids" in batch:
            asked = pooled(self._run(self.encoder.base_model, batch, "target").last_hidden_state, batch["target_mask"])
            tokens = self._run(self.encoder.base_model, batch, "text").last_hidden_state
            many = self.many(tokens, batch["text_mask"], asked, batch["known"])
        if "pair_ids" in batch:
            pairs = self._run(self.encoder, batch, "pair").logits
        return Answers(many, pairs)

    def _run(self, model: Any, batch: Mapping[str, torch.Tensor], name: str) -> Any:
        inputs = {"input_ids": batch[f"{name}_ids"], "attention_mask": batch[f"{name}_mask"]}
        if getattr(self.encoder.config, "type_vocab_size", 0) > 1:
            inputs["token_type_ids"] = batch[f"{name}_types"]
        return model(**inputs)


def pooled(tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of the token vectors, scaled to length sqrt(width): [batch, length, width] to [batch, width]."""
    weight = mask.unsqueeze(-1).to(tokens.dtype)
    mean = (tokens * weight).sum(1) / weight.sum(1).clamp(min=1)
    return functional.normalize(mean, dim=-1) * tokens.shape[-1] ** 0.5


def pooled_alone(tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """As `pooled`, and the same bit for bit however long the others are."""
    return torch.cat([pooled(tokens[i : i + 1, :n], mask[i : i + 1, :n]) for i, n in enumerate(mask.sum(1).tolist())])
