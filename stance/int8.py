"""A BERT encoder with 8-bit multiplications: four times as fast as in 32 bits where processors have them (VNNI), else
twice.

Weights are rounded when the model is loaded, one scale an output channel; activations as they come, one scale a token.
No number depends on what else is in the batch: tokens are quantised alone, sums of integers are exact, and attention is
computed for each sequence without padding. So the answer for a text is the same in any company, bit for bit.

It is read from the files without transformers, which takes longer to load than torch, and more memory.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from stance.encoder import cpu_has

WEIGHTS, VALUES = (127, 255) if cpu_has("vnni") else (90, 180)
"""Weights are rounded to -WEIGHTS..WEIGHTS, activations to 0..VALUES; without VNNI two products must fit 16 bits."""

ROWS = 256
"""Tokens that go through a layer at once: what they need fits the cache of a core."""

STEP = 64
"""Rows are filled up to a multiple of this, so that the library prepares its kernels for few shapes."""


class Linear8(nn.Module):
    """A linear layer (or several that read the same input) with 8-bit weights.

    Args:
        layers: the weights [out, in] and biases [out] of each; their outputs come side by side.
        scales: what the output of each is multiplied with.
    """

    def __init__(self, *layers: tuple[Tensor, Tensor], scales: tuple[float, ...] = ()) -> None:
        super().__init__()
        scales = scales or (1.0,) * len(layers)
        weight = torch.cat([own.float() * s for (own, _), s in zip(layers, scales, strict=True)])
        self.bias = torch.cat([own.float() * s for (_, own), s in zip(layers, scales, strict=True)])
        self.scales = weight.abs().amax(1).clamp(min=1e-8) / WEIGHTS
        rounded = (weight / self.scales[:, None]).round().to(torch.int8)
        self.sums = rounded.float().sum(1) * self.scales
        """What a constant added to every input would add to the outputs."""
        self.packed = torch.ops.onednn.qlinear_prepack(rounded, None)
        self.zeros = torch.zeros(len(self.bias), dtype=torch.int64)

    def forward(self, values: Tensor) -> Tensor:
        """As the layer that it stands for: [..., width in] to [..., width out]."""
        rows = values.reshape(-1, values.shape[-1])
        parts = [self.of_rows(_filled(part)) for part in rows.split(ROWS)]
        return torch.cat(parts)[: len(rows)].view(*values.shape[:-1], -1)

    def of_rows(self, rows: Tensor) -> Tensor:
        """[tokens, width in] to [tokens, width out], both in 32 bits; best where `tokens` is a multiple of `STEP`."""
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
    return functional.pad(rows, (0, 0, 0, -len(rows) % STEP)) if len(rows) % STEP else rows


@torch.no_grad()
def convert(module: nn.Module, keep: tuple[str, ...] = ()) -> None:
    """Let all linear layers within a module multiply in 8 bits, but for those of the names in `keep`."""
    for parent in list(module.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear) and name not in keep:
                setattr(parent, name, Linear8((child.weight, child.bias)))


class Norm:
    """Layer normalisation."""

    def __init__(self, weight: Tensor, bias: Tensor, epsilon: float) -> None:
        self.weight, self.bias, self.epsilon = weight.float(), bias.float(), epsilon

    def __call__(self, rows: Tensor) -> Tensor:
        return functional.layer_norm(rows, self.weight.shape, self.weight, self.bias, self.epsilon)


class Weights:
    """The weights of a BERT, by their names in transformers; each is read when it is asked for.

    Args:
        file: "model.safetensors"
        epsilon: of the normalisations.
    """

    def __init__(self, file: Any, epsilon: float) -> None:
        self.file = file
        self.epsilon = epsilon
        self.names = set(file.keys())
        self.body = "bert." if any(name.startswith("bert.") for name in self.names) else ""

    def of(self, name: str) -> tuple[Tensor, Tensor]:
        """Weight and bias of a layer."""
        return self.file.get_tensor(f"{name}.weight"), self.file.get_tensor(f"{name}.bias")

    def linear(self, *names: str, scales: tuple[float, ...] = ()) -> Linear8:
        return Linear8(*map(self.of, names), scales=scales)

    def norm(self, name: str) -> Norm:
        return Norm(*self.of(name), self.epsilon)

    def vectors(self, name: str) -> Tensor:
        """Embeddings as they lie in the file: in 16 bits they take half the memory, and processes share it."""
        return self.file.get_tensor(f"{self.body}embeddings.{name}_embeddings.weight")


class Layer8:
    """One layer of BERT."""

    def __init__(self, weights: Weights, name: str, size: int) -> None:
        own = f"{name}.attention.self"
        # with log2(e), so that attention can use powers of two, which are faster
        scales = (math.log2(math.e) / math.sqrt(size), 1.0, 1.0)
        self.ask = weights.linear(f"{own}.query", f"{own}.key", f"{own}.value", scales=scales)
        self.answer = weights.linear(f"{name}.attention.output.dense")
        self.widen = weights.linear(f"{name}.intermediate.dense")
        self.narrow = weights.linear(f"{name}.output.dense")
        self.first_norm = weights.norm(f"{name}.attention.output.LayerNorm")
        self.second_norm = weights.norm(f"{name}.output.LayerNorm")

    def finish(self, hidden: Tensor, found: Tensor) -> Tensor:
        """What comes after attention, for some tokens."""
        hidden = self.first_norm(hidden + self.answer.of_rows(found))
        return self.second_norm(hidden + self.narrow.of_rows(functional.gelu(self.widen.of_rows(hidden))))


class Bert8:
    """Takes the place of a BERT of transformers, with its head for tokens or for sequences if it has one.

    Args:
        folder: of the model; `fits` says whether it can be read.

    Raises:
        OSError, SafetensorError: the weights cannot be read, or lack some.
    """

    def __init__(self, folder: Path) -> None:
        self.config = config = _config(folder)
        self.heads = config.num_attention_heads
        self.attention = torch.bfloat16 if cpu_has("bf16") else torch.float32
        """In which numbers the products within attention are computed."""
        with safe_open(folder / WEIGHT_FILE, "pt") as file, torch.no_grad():
            weights = Weights(file, config.layer_norm_eps)
            self.words, self.types, self.places = map(weights.vectors, ("word", "token_type", "position"))
            self.norm = weights.norm(f"{weights.body}embeddings.LayerNorm")
            names = [f"{weights.body}encoder.layer.{number}" for number in range(config.num_hidden_layers)]
            self.layers = [Layer8(weights, name, config.hidden_size // self.heads) for name in names]
            pooler = f"{weights.body}pooler.dense"
            self.pooler = weights.linear(pooler) if f"{pooler}.weight" in weights.names else None
            self.classifier = weights.linear("classifier") if "classifier.weight" in weights.names else None

    @staticmethod
    def fits(folder: Path) -> bool:
        """Whether the model of a folder is such a one."""
        config = _config(folder)
        return (
            config.model_type == "bert"
            and not config.is_decoder
            and config.hidden_act == "gelu"
            and (folder / WEIGHT_FILE).is_file()
        )

    @property
    def base_model(self) -> Bert8:
        return self

    def __call__(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Any:
        """`last_hidden_state` [batch, length, width], zeros beyond a sequence's end, and `logits` if it has a head.

        Args:
            input_ids, attention_mask, token_type_ids: [batch, length] each.
        """
        kept = attention_mask.bool()
        places = attention_mask.cumsum(1)[kept] - 1
        types = torch.zeros_like(places) if token_type_ids is None else token_type_ids[kept]
        tokens = self.words[input_ids[kept]].float() + self.types[types].float() + self.places[places].float()
        rows = self._rows(_filled(self.norm(tokens)), attention_mask.sum(1).cumsum(0).tolist())
        hidden = torch.zeros((*kept.shape, rows.shape[1]))
        hidden[kept] = rows[: len(tokens)]
        return SimpleNamespace(last_hidden_state=hidden, logits=self._logits(hidden) if self.classifier else None)

    def _logits(self, hidden: Tensor) -> Tensor:
        return self.classifier(torch.tanh(self.pooler(hidden[:, 0])) if self.pooler else hidden)

    def _rows(self, rows: Tensor, ends: list[int]) -> Tensor:
        """The last layer's vectors [tokens, width] of sequences that end there, from their embeddings."""
        asked = torch.empty((len(rows), 3 * rows.shape[1]), dtype=self.attention)
        found = torch.zeros_like(rows)
        parts = [slice(start, start + ROWS) for start in range(0, len(rows), ROWS)]
        for layer in self.layers:
            for part in parts:
                asked[part] = layer.ask.of_rows(rows[part])
            self._attend(asked, ends, found)
            for part in parts:
                rows[part] = layer.finish(rows[part], found[part])
        return rows

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


WEIGHT_FILE = "model.safetensors"

DEFAULTS = {
    "model_type": "",
    "is_decoder": False,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
    "type_vocab_size": 2,
    "pad_token_id": 0,
    "id2label": {},
}
"""What holds where config.json says nothing."""


def _config(folder: Path) -> SimpleNamespace:
    return SimpleNamespace(**DEFAULTS | json.loads((folder / "config.json").read_text(encoding="utf-8")))
