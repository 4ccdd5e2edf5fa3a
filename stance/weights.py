"""Weights in files of a quarter of the size: matrices in 8 bits, and a plain transformers model from them.

A matrix is rounded as `stance.int8` rounds it: to whole numbers of -127 to 127, with one scale a row (a linear layer's
output, a word's vector). The scale has 8 bits of precision, so that a number times its scale is exact in 32 bits, and
rounding what was read gives the same numbers and scales again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

FILE = "model8.safetensors"
"""In place of model.safetensors; by another name, since transformers would read the numbers without their scales."""

SCALES = ".scales"
"""Ends the name of a matrix's scales."""

LONG = 32
"""Numbers that a row has at least in a matrix that is rounded; in shorter ones the scales would weigh too much."""


def write(tensors: Mapping[str, Tensor], file: Path) -> None:
    """Write a safetensors file: matrices in 8 bits, all else in 16."""
    from safetensors.torch import save_file

    stored = {}
    for name, value in tensors.items():
        if value.ndim == 2 and value.shape[1] >= LONG:
            stored[name], stored[name + SCALES] = rounded(value.float())
        else:
            stored[name] = value.to(torch.float16).contiguous()
    save_file(stored, file, metadata={"format": "pt"})


def rounded(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """A matrix [rows, columns] in 32 bits as whole numbers of that shape, and the scales [rows] that they are times."""
    scales = (matrix.abs().amax(1).clamp(min=1e-8) / 127).to(torch.bfloat16)
    return (matrix / scales.float()[:, None]).round().clamp(-127, 127).to(torch.int8), scales


def tensor(file: Any, name: str) -> Tensor:
    """A tensor of an open safetensors file; one that `write` rounded in 32 bits, any other as it is."""
    value: Tensor = file.get_tensor(name)
    return value.float() * file.get_tensor(name + SCALES).float()[:, None] if value.dtype == torch.int8 else value


def read(file: Path) -> dict[str, Tensor]:
    """All tensors of a safetensors file by name, each as `tensor` gives it."""
    from safetensors import safe_open

    with safe_open(file, "pt") as opened:
        return {name: tensor(opened, name) for name in opened.keys() if not name.endswith(SCALES)}


def file(folder: Path) -> Path:
    """The file of a model's weights, in 8 bits if there is such a one; it may be missing."""
    return folder / (FILE if (folder / FILE).is_file() else "model.safetensors")


def save(model: Any, folder: Path) -> None:
    """Write a transformers model's settings and its weights, matrices in 8 bits."""
    folder.mkdir(parents=True, exist_ok=True)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    write(model.state_dict(), folder / FILE)


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
