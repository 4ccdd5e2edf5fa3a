"""Weights in files of a quarter of the size or less: matrices in 8 or 6 bits, and a plain transformers model from them.

A matrix is rounded as `stance.int8` rounds it: to whole numbers (of -127 to 127, or -31 to 31), with one scale a row (a
linear layer's output, a word's vector). The scale has 8 bits of precision, so that a number times its scale is exact in
32 bits, and rounding what was read gives the same numbers and scales again. Of numbers of 6 bits, four stand in three
bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from stance.errors import ConfigError

FILE = "small.safetensors"
"""In place of model.safetensors; by another name, since transformers would read the numbers without their scales."""

SCALES = ".scales"
"""Ends the name of a matrix's scales."""

LONG = 32
"""Numbers that a row has at least in a matrix that is rounded; in shorter ones the scales would weigh too much."""


Bits = Literal[6, 8, 16]
"""Of each number of a matrix; 16: as transformers itself stores them."""


def write(tensors: Mapping[str, Tensor], file: Path, bits: Literal[6, 8] = 8) -> None:
    """Write a safetensors file: matrices in 8 or 6 bits, all else in 16."""
    from safetensors.torch import save_file

    stored = {}
    for name, value in tensors.items():
        if value.ndim == 2 and value.shape[1] >= LONG:
            numbers, stored[name + SCALES] = rounded(value.float(), 2 ** (bits - 1) - 1)
            stored[name] = packed(numbers) if bits == 6 and value.shape[1] % 4 == 0 else numbers
        else:
            stored[name] = value.to(torch.float16).contiguous()
    save_file(stored, file, metadata={"format": "pt"})


def rounded(matrix: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """A matrix [rows, columns] in 32 bits as whole numbers of that shape, and the scales [rows] that they are times."""
    scales = (matrix.abs().amax(1).clamp(min=1e-8) / most).to(torch.bfloat16)
    return (matrix / scales.float()[:, None]).round().clamp(-most, most).to(torch.int8), scales


def packed(numbers: Tensor) -> Tensor:
    """Whole numbers of -32 to 31, [rows, columns], as bytes [rows, 3 * columns / 4]."""
    a, b, c, d = (numbers + 32).to(torch.uint8).unflatten(1, (-1, 4)).unbind(2)
    return torch.stack((a | b << 6, b >> 2 | c << 4, c >> 4 | d << 2), 2).flatten(1)


def unpacked(stored: Tensor) -> Tensor:
    """The whole numbers that `packed` packed."""
    a, b, c = stored.unflatten(1, (-1, 3)).unbind(2)
    four = (a & 63, a >> 6 | (b & 15) << 2, b >> 4 | (c & 3) << 4, c >> 2)
    return torch.stack(four, 2).flatten(1).to(torch.int8) - 32


def tensor(file: Any, name: str) -> Tensor:
    """A tensor of an open safetensors file; one that `write` rounded in 32 bits, any other as it is."""
    value: Tensor = file.get_tensor(name)
    if value.dtype == torch.uint8:
        value = unpacked(value)
    return value.float() * file.get_tensor(name + SCALES).float()[:, None] if value.dtype == torch.int8 else value


def read(file: Path) -> dict[str, Tensor]:
    """All tensors of a safetensors file by name, each as `tensor` gives it."""
    from safetensors import safe_open

    with safe_open(file, "pt") as opened:
        return {name: tensor(opened, name) for name in opened.keys() if not name.endswith(SCALES)}


def file(folder: Path) -> Path:
    """The file of a model's weights, rounded if there is such a one; it may be missing."""
    return folder / (FILE if (folder / FILE).is_file() else "model.safetensors")


def save(model: Any, folder: Path, bits: Bits = 8) -> None:
    """Write a transformers model's settings and its weights: all in 16 bits as it does, or matrices in 8 or 6.

    Raises:
        ConfigError: in no other numbers can they be stored.
    """
    if bits not in get_args(Bits):
        raise ConfigError(f"Matrices are stored in {', '.join(map(str, get_args(Bits)))} bits, not in {bits}.")
    folder.mkdir(parents=True, exist_ok=True)
    for old in (FILE, "model.safetensors"):
        (folder / old).unlink(missing_ok=True)
    if bits == 16:
        model.half().save_pretrained(folder)
        return
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    write(model.state_dict(), folder / FILE, bits)


def load(model_class: Any, folder: Path, dtype: torch.dtype, **changes: Any) -> Any:
    """A transformers model from a folder, whether `save` or `save_pretrained` wrote it.

    Args:
        model_class: how transformers shall load it, e.g. `AutoModelForTokenClassification`.
        folder: of the model.
        dtype: of the weights in memory.
        changes: to its settings.

    Raises:
        OSError: the folder holds no weights in safetensors.
    """
    from transformers import AutoConfig

    if not (folder / FILE).is_file():
        return model_class.from_pretrained(folder, local_files_only=True, use_safetensors=True, dtype=dtype, **changes)
    config = AutoConfig.from_pretrained(folder, local_files_only=True, **changes)
    with torch.device("meta"):  # only to learn which class it is
        own = type(model_class.from_config(config))
    return own.from_pretrained(None, config=config, state_dict=read(folder / FILE), dtype=dtype)
