"""A BERT or MPNet encoder on a processor, without padding, with linear layers that multiply in 8 or in 16 bits.

No number depends on what else is in the batch: the layers compute each token alone, and attention each sequence. So the
answer for a text is the same in any company, bit for bit.

It is read from the files without transformers, which takes longer to load than torch, and more memory.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor, nn
from torch.nn import functional

from stance import weights as files
from stance.attention import by_place, filled_up, groups
from stance.bf16 import STEP as ROWS
from stance.bf16 import Linear16
from stance.encoder import cpu_has
from stance.errors import ModelError
from stance.int8 import PLAIN, Fixed8, Linear8, Unit

Linear = Linear8 | Linear16

KERNELS = "50"
"""Prepared products that oneDNN keeps, each of one shape, in place of a thousand: with 160, a process held 40 MB more
and was no faster."""

THREADS = 2
"""That prepare layers side by side."""

LINEAR: dict[str, type[Linear]] = {"int8": Linear8, "bf16": Linear16}
"""By `stance.encoder.Precision`."""


class Rounded(nn.Module):
    """Takes the place of a linear layer of torch; it takes and gives the numbers that it is given."""

    def __init__(self, linear: Linear) -> None:
        super().__init__()
        self.linear = linear

    def forward(self, values: Tensor) -> Tensor:
        """As the layer that it stands for: [..., width in] to [..., width out]."""
        rows = values.reshape(-1, values.shape[-1]).to(self.linear.dtype)
        found = self.linear.of_rows(_filled(rows, self.linear.step))[: len(rows)]
        return found.view(*values.shape[:-1], -1).to(values.dtype)


def _filled(rows: Tensor, step: int) -> Tensor:
    return functional.pad(rows, (0, 0, 0, -len(rows) % step)) if len(rows) % step else rows


@torch.no_grad()
def convert(module: nn.Module, precision: str, keep: tuple[str, ...] = ()) -> None:
    """Let all linear layers within a module multiply in such numbers, but for those of the names in `keep`."""
    for parent in list(module.modules()):
        for name, child in parent.named_children():
            if isinstance(child, nn.Linear) and name not in keep:
                setattr(parent, name, Rounded(LINEAR[precision]((child.weight, child.bias))))


class Norm:
    """Layer normalisation.

    Args:
        weight, bias: [width].
        epsilon: what is added to the variance.
        gives: the unit of what goes.
    """

    def __init__(self, weight: Tensor, bias: Tensor, epsilon: float, gives: Unit) -> None:
        self.weight, self.bias = weight.float() / gives.step, bias.float() / gives.step + gives.shift
        self.epsilon = epsilon

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


class Weights:
    """The weights of a model, by their names in transformers; each is read when it is asked for.

    Args:
        file: of `stance.weights`, open.
        config: of the model.
        linear: what its linear layers become.
    """

    def __init__(self, file: Any, config: Any, linear: type[Linear]) -> None:
        self.file = file
        self.make = linear
        self.epsilon = config.layer_norm_eps
        self.names = set(file.keys())
        body = f"{config.model_type}."
        self.body = body if any(name.startswith(body) for name in self.names) else ""

    def of(self, name: str) -> tuple[Tensor, Tensor]:
        """Weight and bias of a layer."""
        return files.tensor(self.file, f"{name}.weight"), self.file.get_tensor(f"{name}.bias")

    def linear(self, *names: str, **options: Any) -> Linear:
        return self.make(*map(self.of, names), **options)

    def fixed(self, *names: str, **options: Any) -> Fixed8:
        return Fixed8(*map(self.of, names), **options)

    def any_linear(self, *names: str) -> Rounded | None:
        """The first of these layers that there is."""
        return next((Rounded(self.linear(name)) for name in names if f"{name}.weight" in self.names), None)

    def norm(self, name: str, gives: Unit = PLAIN) -> Norm:
        return Norm(*self.of(name), self.epsilon, gives)

    def table(self, name: str) -> Tensor | None:
        """Vectors by number, if there are, in 16 bits: so they take half the memory, and processes may share it."""
        name = f"{self.body}{name}.weight"
        return files.tensor(self.file, name).to(torch.float16) if name in self.names else None


class Layer:
    """One layer of an encoder.

    Args:
        weights: of the model.
        name: of the layer.
        family: what its parts are called.
        size: of an attention head.
    """

    takes = PLAIN
    ask: Linear
    answer: Linear
    widen: Linear
    narrow: Linear

    def __init__(self, weights: Weights, name: str, family: Family, size: int) -> None:
        query, key, value = (f"{name}.{part}" for part in (family.query, family.key, family.value))
        self.first_norm = weights.norm(f"{name}.{family.norm}")
        self.second_norm = weights.norm(f"{name}.output.LayerNorm")
        self.ask = weights.linear(query, key, value, scales=(1 / math.sqrt(size), 1.0, 1.0))
        self.answer = weights.linear(f"{name}.{family.answer}")
        self.widen = weights.linear(f"{name}.intermediate.dense")
        self.narrow = weights.linear(f"{name}.output.dense")

    def finish(self, hidden: Tensor, found: Tensor) -> Tensor:
        """What comes after attention, for some tokens."""
        hidden = self.first_norm(self.answer.plus(found, hidden))
        return self.second_norm(self.narrow.plus(self.widen.gelu(hidden), hidden))


class FixedLayer(Layer):
    """A layer whose inputs have known ranges: scales and shifts that rounding would take are in the weights already.

    Args:
        weights, name, family, size: as of `Layer`.
        ranges: of its inputs.
        gives: the unit that the next layer takes.
        attention: in which numbers attention is computed.
    """

    def __init__(
        self,
        weights: Weights,
        name: str,
        family: Family,
        size: int,
        ranges: Ranges,
        gives: Unit,
        attention: torch.dtype,
    ) -> None:
        query, key, value = (f"{name}.{part}" for part in (family.query, family.key, family.value))
        self.takes = asked = Unit.of_ranges(*ranges["ask"])
        mixed, wide = Unit.of_mixtures(*ranges["answer"]), Unit.of_ranges(*ranges["widen"])
        self.first_norm = weights.norm(f"{name}.{family.norm}", wide)
        self.second_norm = weights.norm(f"{name}.output.LayerNorm", gives)
        self.ask = weights.fixed(
            query, key, value, unit=asked, scales=(1 / math.sqrt(size), 1.0, 1 / mixed.step),
            shifts=(0.0, 0.0, mixed.shift), gives=attention,
        )  # fmt: skip
        self.answer = weights.fixed(f"{name}.{family.answer}", unit=mixed, adds=asked)
        self.widen = weights.fixed(f"{name}.intermediate.dense", unit=wide)
        self.narrow = weights.linear(f"{name}.output.dense", adds=wide)


class LeanModel:
    """Takes the place of a model of transformers, with its head for tokens or for sequences if it has one.

    Args:
        folder: of the model.
        precision: "int8" or "bf16"; `fits` says whether it can be read and run so.

    Raises:
        OSError, SafetensorError: the weights cannot be read, or lack some.
    """

    def __init__(self, folder: Path, precision: str) -> None:
        os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", KERNELS)  # heeded where no product was computed yet
        self.config = config = _config(folder)
        self.heads, self.size = config.num_attention_heads, config.hidden_size // config.num_attention_heads
        linear = LINEAR[precision]
        self.dtype, self.step = linear.dtype, linear.step
        self.attention = torch.bfloat16 if cpu_has("bf16") else torch.float32
        """In which numbers the products within attention are computed."""
        family = FAMILIES[config.model_type]
        self.first = family.first
        with safe_open(files.file(folder), "pt") as file, torch.no_grad():
            weights = Weights(file, config, linear)
            vectors = (f"embeddings.{kind}_embeddings" for kind in ("word", "position", "token_type"))
            self.words, self.places, self.types = map(weights.table, vectors)
            distances = weights.table("encoder.relative_attention_bias")
            self.by_distance = None if distances is None else distances.to(self.attention)
            """Of MPNet, [buckets, heads]: what is added to scores by the distance of two tokens."""
            self.layers = self._layers(weights, family, read_ranges(folder, config) if precision == "int8" else [])
            self.norm = weights.norm(f"{weights.body}embeddings.LayerNorm", gives=self.layers[0].takes)
            self.pooler = weights.any_linear(f"{weights.body}pooler.dense", "classifier.dense")
            self.classifier = weights.any_linear("classifier", "classifier.out_proj")

    def _layers(self, weights: Weights, family: Family, ranges: Sequence[Ranges]) -> list[Layer]:
        names = [f"{weights.body}encoder.layer.{number}" for number in range(self.config.num_hidden_layers)]
        # each gives what the next one takes
        gives = [*(Unit.of_ranges(*own["ask"]) for own in ranges[1:]), PLAIN]

        def layer(number: int) -> Layer:
            own = (weights, names[number], family, self.size)
            return FixedLayer(*own, ranges[number], gives[number], self.attention) if ranges else Layer(*own)

        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(layer, range(len(names))))

    @staticmethod
    def fits(folder: Path, precision: str) -> bool:
        """Whether the model of a folder is such a one."""
        config = _config(folder)
        return (
            config.model_type in FAMILIES
            and not config.is_decoder
            and config.hidden_act == "gelu"
            and files.file(folder).is_file()
            and precision in LINEAR
            and LINEAR[precision].fits()
        )

    @property
    def base_model(self) -> LeanModel:
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
        rows = self._rows(_filled(self.norm(tokens).to(self.dtype), self.step), attention_mask.sum(1).tolist())
        hidden = torch.zeros((*kept.shape, rows.shape[1]), dtype=self.dtype)
        hidden[kept] = rows[: len(tokens)]
        return SimpleNamespace(last_hidden_state=hidden, logits=self._logits(hidden) if self.classifier else None)

    def _logits(self, hidden: Tensor) -> Tensor:
        return self.classifier(torch.tanh(self.pooler(hidden[:, 0])) if self.pooler else hidden)

    def _rows(self, rows: Tensor, lengths: Sequence[int]) -> Tensor:
        """The last layer's vectors [tokens, width] of sequences of such lengths, from their embeddings."""
        found = torch.zeros_like(rows, dtype=self.attention)
        bias = None if self.by_distance is None else by_place(self.by_distance, filled_up(max(lengths)))
        alike = list(groups(lengths, self.heads, self.size, self.attention))
        parts = [slice(start, start + ROWS) for start in range(0, len(rows), ROWS)]
        for layer in self.layers:
            asked = layer.ask.of_rows(rows).to(self.attention)
            for group in alike:
                group.attend(asked, bias, found)
            for part in parts:  # so few at once that the widened ones stay near the processor
                rows[part] = layer.finish(rows[part], found[part])
        return rows


Ranges = Mapping[str, tuple[Tensor, Tensor]]
"""Of one layer, by the names in `FIXED`: the least and the greatest numbers that the linear layer is given, [width]."""

FIXED = ("ask", "answer", "widen")
"""The linear layers whose inputs have ranges; those of "narrow" are too uneven for one scale."""

RANGES = "ranges.json"
"""In a model's folder: `Ranges` of each layer, as `stance.train.ranges` measured them."""


def read_ranges(folder: Path, config: Any) -> list[Ranges]:
    """The ranges of a model's layers; none if its folder has none: then each token is rounded by its own.

    Raises:
        ModelError: they are another model's, or another version's.
    """
    file = folder / RANGES
    stored = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
    ranges = [{name: tuple(map(torch.tensor, own[name])) for name in FIXED} for own in stored]
    shapes = {tuple(numbers.shape) for own in ranges for both in own.values() for numbers in both}
    if ranges and (len(ranges), shapes) != (config.num_hidden_layers, {(config.hidden_size,)}):
        raise ModelError(
            f"{file} belongs to another model, or was made by another version of stance. Copy the whole folder again, "
            "or remove this file."
        )
    return ranges


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
