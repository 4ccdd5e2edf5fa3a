"""A BERT encoder with 8-bit multiplications, for processors that have them (VNNI): four times as fast as in 32 bits.

Weights are rounded when the model is loaded, one scale an output channel; activations as they come, one scale a token.
No number depends on what else is in the batch: tokens are quantised alone, sums of integers are exact, and attention is
computed for each sequence without padding. So the answer for a text is the same in any company, bit for bit.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

ROWS = 256
"""Tokens that go through a layer at once: what they need fits the cache of a core."""

STEP = 64
"""Rows are filled up to a multiple of this, so that the library prepares its kernels for few shapes."""


class Linear8(nn.Module):
    """A linear layer (or several that read the same input) with 8-bit weights.

    Args:
        layers: their outputs come side by side.
        scales: what the output of each is multiplied with.
    """

    def __init__(self, *layers: nn.Linear, scales: tuple[float, ...] = ()) -> None:
        super().__init__()
        scales = scales or (1.0,) * len(layers)
        weight = torch.cat([own.weight.float() * s for own, s in zip(layers, scales, strict=True)])
        self.bias = torch.cat([own.bias.float() * s for own, s in zip(layers, scales, strict=True)])
        self.scales = weight.abs().amax(1).clamp(min=1e-8) / 127
        rounded = (weight / self.scales[:, None]).round().to(torch.int8)
        self.sums = rounded.float().sum(1) * self.scales
        """What a constant added to every input would add to the outputs."""
        self.packed = torch.ops.onednn.qlinear_prepack(rounded, None)
        self.zeros = torch.zeros(len(self.bias), dtype=torch.int64)

    def forward(self, values: Tensor) -> Tensor:
        """As the layer that it stands for: [..., width in] to [..., width out]."""
        rows = values.reshape(-1, values.shape[-1])
        return self.of_rows(_filled(rows))[: len(rows)].view(*values.shape[:-1], -1)

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out], both in 32 bits; best where `tokens` is a multiple of `STEP`."""
        low, high = rows.amin(-1, keepdim=True), rows.amax(-1, keepdim=True)
        step = (high - low).clamp_(min=1e-8) / 255
        signed = (rows * (1 / step)).add_(-low / step - 128).round_().to(torch.int8)
        rounded = signed.view(torch.uint8).bitwise_xor_(128)  # plus 128, without a slow conversion
        product = multiply(rounded, self.packed, self.scales, self.zeros)
        return torch.addcmul(self.bias, low, self.sums).addcmul_(product, step)


def multiply(rounded: Tensor, packed: Tensor, scales: Tensor, zeros: Tensor) -> Tensor:
    """[tokens, width in] of 0 to 255, times packed weights with the scales of their outputs; in 32 bits."""
    return torch.ops.onednn.qlinear_pointwise(
        rounded, 1.0, 0, packed, scales, zeros, None, 1.0, 0, torch.float32, "none", [], ""
    )


def _filled(rows: Tensor) -> Tensor:
    return functional.pad(rows, (0, 0, 0, -len(rows) % STEP))


class Layer8:
    """One layer of BERT."""

    def __init__(self, layer: Any, heads: int) -> None:
        own = layer.attention.self
        size = own.query.out_features // heads
        # with log2(e), so that attention can use powers of two, which are faster
        self.ask = Linear8(own.query, own.key, own.value, scales=(math.log2(math.e) / math.sqrt(size), 1.0, 1.0))
        self.answer = Linear8(layer.attention.output.dense)
        self.widen = Linear8(layer.intermediate.dense)
        self.narrow = Linear8(layer.output.dense)
        self.activation = layer.intermediate.intermediate_act_fn
        self.first_norm, self.second_norm = layer.attention.output.LayerNorm, layer.output.LayerNorm

    def finish(self, hidden: Tensor, found: Tensor) -> Tensor:
        """What comes after attention, for some tokens."""
        hidden = self.first_norm(hidden + self.answer.of_rows(found))
        return self.second_norm(hidden + self.narrow.of_rows(self.activation(self.widen.of_rows(hidden))))


class Encoder8(nn.Module):
    """Takes the place of the `encoder` of a transformers BertModel.

    Args:
        encoder: that encoder, in 32 bits.
        config: of the model.
        attention: in which numbers the products within attention are computed.
    """

    def __init__(self, encoder: Any, config: Any, attention: torch.dtype) -> None:
        super().__init__()
        self.heads = config.num_attention_heads
        self.layers = [Layer8(layer, self.heads) for layer in encoder.layer]
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
        for layer in self.layers:
            for part in parts:
                asked[part] = layer.ask.of_rows(rows[part])
            self._attend(asked, ends, found)
            for part in parts:
                rows[part] = layer.finish(rows[part], found[part])
        output = torch.zeros_like(hidden_states)
        output[kept] = rows[: len(tokens)]
        return BaseModelOutputWithPastAndCrossAttentions(last_hidden_state=output)

    def _attend(self, asked: Tensor, ends: list[int], found: Tensor) -> None:
        """Each token's mixture of its own sequence: from [tokens, 3 * width] into [tokens, width]."""
        start = 0
        for end in ends:
            query, key, value = asked[start:end].view(end - start, 3, self.heads, -1).permute(1, 2, 0, 3)
            power = torch.bmm(query, key.transpose(1, 2)).float()
            power.sub_(power.amax(-1, keepdim=True)).exp2_()
            mixed = torch.bmm(power.to(self.attention), value).float().div_(power.sum(-1, keepdim=True))
            found[start:end].view(end - start, self.heads, -1).copy_(mixed.transpose(0, 1))
            start = end


@torch.no_grad()  # else the new weights hold on to the old ones
def convert(model: Any, attention: torch.dtype) -> bool:
    """Let a transformers model of the BERT family, loaded in 32 bits, run in 8 bits; any other is left as it is.

    Returns whether it runs in 8 bits now.
    """
    if model.config.model_type != "bert" or model.config.is_decoder:
        return False
    body = model.base_model
    body.encoder = Encoder8(body.encoder, model.config, attention)
    if getattr(body, "pooler", None) is not None:
        body.pooler.dense = Linear8(body.pooler.dense)
    if hasattr(model, "classifier"):
        model.classifier = Linear8(model.classifier)
    return True
