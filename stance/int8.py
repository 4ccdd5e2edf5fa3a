"""A BERT or MPNet encoder with 8-bit multiplications: four times as fast as in 32 bits on processors with VNNI.

Weights are rounded when the model is loaded, one scale an output channel; activations as they come, one scale a token,
but for the few channels that are far wider than all others: these stay in 32 bits.
No number depends on what else is in the batch: tokens are quantised alone, sums of integers are exact, and attention is
computed for each sequence without padding. So the answer for a text is the same in any company, bit for bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from stance.encoder import cpu_has

WEIGHTS, VALUES = (127, 255) if cpu_has("vnni") else (90, 180)
"""Weights go from -WEIGHTS to WEIGHTS, activations from 0 to VALUES. Without VNNI two products are added in 16 bits."""

ROWS = 256
"""Tokens that go through a layer at once: what they need fits the cache of a core."""

STEP = 64
"""Rows are filled up to a multiple of this, so that the library prepares its kernels for few shapes."""


class Linear8(nn.Module):
    """A linear layer (or several that read the same input) with 8-bit weights.

    Args:
        layers: their outputs come side by side.
        scales: what the output of each is multiplied with.
        apart: columns of the input that are multiplied in 32 bits, so that they do not widen the steps of the others.
    """

    def __init__(self, *layers: nn.Linear, scales: tuple[float, ...] = (), apart: Tensor | None = None) -> None:
        super().__init__()
        scales = scales or (1.0,) * len(layers)
        weight = torch.cat([own.weight.float() * s for own, s in zip(layers, scales, strict=True)])
        self.bias = torch.cat([own.bias.float() * s for own, s in zip(layers, scales, strict=True)])
        self.scales = weight.abs().amax(1).clamp(min=1e-8) / WEIGHTS
        rounded = (weight / self.scales[:, None]).round().to(torch.int8)
        self.sums = rounded.float().sum(1) * self.scales
        """What a constant added to every input would add to the outputs."""
        self.packed = torch.ops.onednn.qlinear_prepack(rounded, None)
        self.zeros = torch.zeros(len(self.bias), dtype=torch.int64)
        self.apart = apart
        self.exact = None if apart is None else weight[:, apart].T.contiguous()

    def forward(self, values: Tensor) -> Tensor:
        """As the layer that it stands for: [..., width in] to [..., width out]."""
        rows = values.reshape(-1, values.shape[-1])
        return self.of_rows(_filled(rows))[: len(rows)].view(*values.shape[:-1], -1)

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out], both in 32 bits; `tokens` is a multiple of `STEP`."""
        if self.exact is None:
            return self._rounded(rows)
        found = self._rounded(rows.index_fill(1, self.apart, 0.0))
        # in blocks of one shape, which are computed in one way: sums in 32 bits depend on their order
        for block, own in zip(found.split(STEP), rows[:, self.apart].split(STEP), strict=True):
            block.addmm_(own, self.exact)
        return found

    def _rounded(self, rows: Tensor) -> Tensor:
        low, high = rows.amin(-1, keepdim=True), rows.amax(-1, keepdim=True)
        step = (high - low).clamp_(min=1e-8) / VALUES
        signed = (rows * (1 / step)).add_(-low / step - 128).round_().to(torch.int8)
        rounded = signed.view(torch.uint8).bitwise_xor_(128)  # plus 128, without a slow conversion
        product = multiply(rounded, self.packed, self.scales, self.zeros)
        return torch.addcmul(self.bias, low, self.sums).addcmul_(product, step)


def multiply(rounded: Tensor, packed: Tensor, scales: Tensor, zeros: Tensor) -> Tensor:
    """[tokens, width in] of 0 to `VALUES`, times packed weights with the scales of their outputs; in 32 bits."""
    return torch.ops.onednn.qlinear_pointwise(
        rounded, 1.0, 0, packed, scales, zeros, None, 1.0, 0, torch.float32, "none", [], ""
    )


def _filled(rows: Tensor) -> Tensor:
    return functional.pad(rows, (0, 0, 0, -len(rows) % STEP))


@dataclass(frozen=True, slots=True)
class Family:
    """What a family of models calls the parts of attention in a layer; what comes after has the same names in all."""

    query: str
    key: str
    value: str
    answer: str
    norm: str


FAMILIES = {
    "bert": Family(
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "attention.output.LayerNorm",
    ),
    "mpnet": Family(
        "attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "attention.LayerNorm"
    ),
}
"""By `model_type` of transformers."""

APART = 8
"""Columns of a normalised input that are multiplied in 32 bits: a few are up to 40 times as wide as the others."""

POWER = math.log2(math.e)
"""Goes into the scores, so that attention can use powers of two, which are faster."""


def widest(norm: nn.LayerNorm) -> Tensor:
    """The columns in which a normalisation's output is widest, as its weights have it."""
    return (2 * norm.weight.abs() + norm.bias.abs()).topk(APART).indices


class Layer8:
    """One layer of an encoder."""

    def __init__(self, layer: nn.Module, family: Family, heads: int, before: nn.LayerNorm) -> None:
        part: Any = layer.get_submodule
        query, key, value = part(family.query), part(family.key), part(family.value)
        scales = (POWER / math.sqrt(query.out_features // heads), 1.0, 1.0)
        self.ask = Linear8(query, key, value, scales=scales, apart=widest(before))
        self.answer = Linear8(part(family.answer))
        self.widen = Linear8(part("intermediate.dense"), apart=widest(part(family.norm)))
        self.narrow = Linear8(part("output.dense"))
        self.activation = part("intermediate.intermediate_act_fn")
        self.first_norm, self.second_norm = part(family.norm), part("output.LayerNorm")

    def finish(self, hidden: Tensor, found: Tensor) -> Tensor:
        """What comes after attention, for some tokens."""
        hidden = self.first_norm(hidden + self.answer.of_rows(found))
        return self.second_norm(hidden + self.narrow.of_rows(self.activation(self.widen.of_rows(hidden))))


class Encoder8(nn.Module):
    """Takes the place of the `encoder` of a transformers BertModel or MPNetModel.

    Args:
        encoder: that encoder, in 32 bits.
        before: the normalisation that its input comes from.
        config: of the model.
        attention: in which numbers the products within attention are computed.
    """

    def __init__(self, encoder: Any, before: nn.LayerNorm, config: Any, attention: torch.dtype) -> None:
        super().__init__()
        self.heads = config.num_attention_heads
        self.layers = []
        for layer in encoder.layer:
            self.layers.append(Layer8(layer, FAMILIES[config.model_type], self.heads, before))
            before = self.layers[-1].second_norm
        table = getattr(encoder, "relative_attention_bias", None)
        self.by_distance = None if table is None else table.weight.float() * POWER
        """Of MPNet, [buckets, heads]: what is added to scores by the distance of two tokens."""
        self.attention = attention

    def forward(self, hidden_states: Tensor, attention_mask: Tensor | None = None, **_: Any) -> Any:
        """As the encoder that it stands for; places beyond a sequence's end come out as zeros."""
        from transformers.modeling_outputs import BaseModelOutputWithPastAndCrossAttentions

        count, length, width = hidden_states.shape
        kept = torch.ones((count, length), dtype=torch.bool) if attention_mask is None else attention_mask[:, 0, 0] >= 0
        if attention_mask is not None and attention_mask.dtype == torch.bool:
            kept = attention_mask[:, 0, 0]
        ends = kept.sum(1).cumsum(0).tolist()
        tokens = hidden_states[kept]
        rows = _filled(tokens)
        asked = torch.empty((len(rows), 3 * width), dtype=self.attention)
        found = torch.zeros_like(rows)
        parts = [slice(start, start + ROWS) for start in range(0, len(rows), ROWS)]
        bias = None if self.by_distance is None else by_place(self.by_distance, length)
        for layer in self.layers:
            for part in parts:
                asked[part] = layer.ask.of_rows(rows[part])
            self._attend(asked, ends, bias, found)
            for part in parts:
                rows[part] = layer.finish(rows[part], found[part])
        output = torch.zeros_like(hidden_states)
        output[kept] = rows[: len(tokens)]
        return BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=output)

    def _attend(self, asked: Tensor, ends: list[int], bias: Tensor | None, found: Tensor) -> None:
        """Each token's mixture of its own sequence: from [tokens, 3 * width] into [tokens, width]."""
        start = 0
        for end in ends:
            query, key, value = asked[start:end].view(end - start, 3, self.heads, -1).permute(1, 2, 0, 3)
            power = torch.bmm(query, key.transpose(1, 2)).float()
            if bias is not None:
                power += bias[:, : end - start, : end - start]
            power.sub_(power.amax(-1, keepdim=True)).exp2_()
            mixed = torch.bmm(power.to(self.attention), value).float().div_(power.sum(-1, keepdim=True))
            found[start:end].view(end - start, self.heads, -1).copy_(mixed.transpose(0, 1))
            start = end


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


@torch.no_grad()  # else the new weights hold on to the old ones
def convert(model: Any, attention: torch.dtype) -> bool:
    """Let a transformers model of a known family, loaded in 32 bits, run in 8 bits; any other is left as it is.

    Returns whether it runs in 8 bits now.
    """
    if model.config.model_type not in FAMILIES or getattr(model.config, "is_decoder", False):
        return False
    body = model.base_model
    body.encoder = Encoder8(body.encoder, body.embeddings.LayerNorm, model.config, attention)
    for parent in list(model.modules()):  # of the pooler and of the head
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear):
                setattr(parent, name, Linear8(child))
    return True
