"""A BERT or MPNet encoder with 8-bit multiplications: four times as fast as in 32 bits on processors with VNNI, else
twice.

Weights are rounded when the model is loaded, one scale an output channel; activations as they come, one scale a token,
but for the few channels that are far wider than all others: these stay in 32 bits.
No number depends on what else is in the batch: tokens are quantised alone, sums of integers are exact, and attention is
computed for each sequence without padding. So the answer for a text is the same in any company, bit for bit.

It is read from the files without transformers, which takes longer to load than torch, and more memory.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from stance import weights as files
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
        apart: columns of the input that are multiplied in 32 bits, so that they do not widen the steps of the others.
    """

    def __init__(
        self, *layers: tuple[Tensor, Tensor], scales: tuple[float, ...] = (), apart: Tensor | None = None
    ) -> None:
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
        self.apart = apart
        self.exact = None if apart is None else weight[:, apart].T.contiguous()

    def forward(self, values: Tensor) -> Tensor:
        """As the layer that it stands for: [..., width in] to [..., width out]."""
        rows = values.reshape(-1, values.shape[-1])
        parts = [self.of_rows(_filled(part)) for part in rows.split(ROWS)]
        return torch.cat(parts)[: len(rows)].view(*values.shape[:-1], -1)

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


@dataclass(frozen=True, slots=True)
class Family:
    """What a family of models calls the parts of attention in a layer; what comes after has the same names in all."""

    first: int
    """Place of a sequence's first token."""

    query: str
    key: str
    value: str
    answer: str
    norm: str


FAMILIES = {
    "bert": Family(
        0,
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "attention.output.LayerNorm",
    ),
    "mpnet": Family(
        2,
        "attention.attn.q",
        "attention.attn.k",
        "attention.attn.v",
        "attention.attn.o",
        "attention.LayerNorm",
    ),
}
"""By `model_type` of transformers."""

APART = 8
"""Columns of a normalised input that are multiplied in 32 bits: a few are up to 40 times as wide as the others."""

POWER = math.log2(math.e)
"""Goes into the scores, so that attention can use powers of two, which are faster."""


def widest(norm: Norm) -> Tensor:
    """The columns in which a normalisation's output is widest, as its weights have it."""
    return (2 * norm.weight.abs() + norm.bias.abs()).topk(APART).indices


class Weights:
    """The weights of a model, by their names in transformers; each is read when it is asked for.

    Args:
        file: of `stance.weights`, open.
        config: of the model.
    """

    def __init__(self, file: Any, config: Any) -> None:
        self.file = file
        self.epsilon = config.layer_norm_eps
        self.names = set(file.keys())
        body = f"{config.model_type}."
        self.body = body if any(name.startswith(body) for name in self.names) else ""

    def of(self, name: str) -> tuple[Tensor, Tensor]:
        """Weight and bias of a layer."""
        return files.tensor(self.file, f"{name}.weight"), self.file.get_tensor(f"{name}.bias")

    def linear(self, *names: str, scales: tuple[float, ...] = (), apart: Tensor | None = None) -> Linear8:
        return Linear8(*map(self.of, names), scales=scales, apart=apart)

    def any_linear(self, *names: str) -> Linear8 | None:
        """The first of these layers that there is."""
        return next((self.linear(name) for name in names if f"{name}.weight" in self.names), None)

    def norm(self, name: str) -> Norm:
        return Norm(*self.of(name), self.epsilon)

    def table(self, name: str) -> Tensor | None:
        """Vectors by number, if there are, in 16 bits: so they take half the memory, and processes may share it."""
        name = f"{self.body}{name}.weight"
        return files.tensor(self.file, name).to(torch.float16) if name in self.names else None


class Layer8:
    """One layer of an encoder."""

    def __init__(self, weights: Weights, name: str, family: Family, size: int, before: Norm) -> None:
        query, key, value = (f"{name}.{part}" for part in (family.query, family.key, family.value))
        scales = (POWER / math.sqrt(size), 1.0, 1.0)
        self.first_norm = weights.norm(f"{name}.{family.norm}")
        self.second_norm = weights.norm(f"{name}.output.LayerNorm")
        self.ask = weights.linear(query, key, value, scales=scales, apart=widest(before))
        self.answer = weights.linear(f"{name}.{family.answer}")
        self.widen = weights.linear(f"{name}.intermediate.dense", apart=widest(self.first_norm))
        self.narrow = weights.linear(f"{name}.output.dense")

    def finish(self, hidden: Tensor, found: Tensor) -> Tensor:
        """What comes after attention, for some tokens."""
        hidden = self.first_norm(hidden + self.answer.of_rows(found))
        return self.second_norm(hidden + self.narrow.of_rows(functional.gelu(self.widen.of_rows(hidden))))


class Model8:
    """Takes the place of a model of transformers, with its head for tokens or for sequences if it has one.

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
        family = FAMILIES[config.model_type]
        self.first = family.first
        with safe_open(files.file(folder), "pt") as file, torch.no_grad():
            weights = Weights(file, config)
            vectors = (f"embeddings.{kind}_embeddings" for kind in ("word", "position", "token_type"))
            self.words, self.places, self.types = map(weights.table, vectors)
            distances = weights.table("encoder.relative_attention_bias")
            self.by_distance = None if distances is None else distances.float() * POWER
            """Of MPNet, [buckets, heads]: what is added to scores by the distance of two tokens."""
            self.norm = before = weights.norm(f"{weights.body}embeddings.LayerNorm")
            self.layers = []
            for number in range(config.num_hidden_layers):
                name = f"{weights.body}encoder.layer.{number}"
                self.layers.append(Layer8(weights, name, family, config.hidden_size // self.heads, before))
                before = self.layers[-1].second_norm
            self.pooler = weights.any_linear(f"{weights.body}pooler.dense", "classifier.dense")
            self.classifier = weights.any_linear("classifier", "classifier.out_proj")

    @staticmethod
    def fits(folder: Path) -> bool:
        """Whether the model of a folder is such a one."""
        config = _config(folder)
        return (
            config.model_type in FAMILIES
            and not config.is_decoder
            and config.hidden_act == "gelu"
            and files.file(folder).is_file()
        )

    @property
    def base_model(self) -> Model8:
        return self

    def __call__(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor | None = None) -> Any:
        """`last_hidden_state` [batch, length, width], zeros beyond a sequence's end, and `logits` if it has a head.

        Args:
            input_ids, attention_mask, token_type_ids: [batch, length] each.
        """
        kept = attention_mask.bool()
        places = attention_mask.cumsum(1)[kept] - 1 + self.first
        tokens = self.words[input_ids[kept]].float() + self.places[places].float()
        if self.types is not None:
            tokens += self.types[torch.zeros_like(places) if token_type_ids is None else token_type_ids[kept]].float()
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
        longest = max(end - start for start, end in zip([0, *ends], ends, strict=False))
        bias = None if self.by_distance is None else by_place(self.by_distance, longest)
        parts = [slice(start, start + ROWS) for start in range(0, len(rows), ROWS)]
        for layer in self.layers:
            for part in parts:
                asked[part] = layer.ask.of_rows(rows[part])
            self._attend(asked, ends, bias, found)
            for part in parts:
                rows[part] = layer.finish(rows[part], found[part])
        return rows

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
