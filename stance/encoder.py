"""The one place that runs a transformer.

Callers hand over token-id sequences and get one float32 array a sequence, in the order given. Inside,
sequences are sorted by length and packed into batches that hold a bounded number of tokens, so padding
is rare and memory does not depend on how many texts there are.
"""

from __future__ import annotations

import contextlib
import functools
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from stance.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    import torch

TOKENS_PER_BATCH = 4096
"""Padded tokens a batch holds at most on a CPU; half as many took 2% longer."""

Precision = Literal["int8", "bf16", "fp32"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """One input: token ids with their segment marks (`types`, 0 or 1)."""

    ids: Sequence[int]
    types: Sequence[int]


def load_tokenizer(folder: str | Path) -> Any:
    """The fast tokenizer of a model folder (it must give character offsets), by transformers."""
    from transformers import AutoTokenizer

    folder = _checked(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if not tokenizer.is_fast:
        raise ModelError(
            f"The tokenizer in {folder} gives no character offsets. Use a model with a fast tokenizer (tokenizer.json)."
        )
    return tokenizer


class Encoder:
    """A transformer with its head, ready to run.

    Args:
        folder: a model folder as `save_pretrained` or `stance.weights` writes it.
        loader: the class of transformers that shall load it, e.g. "AutoModelForTokenClassification".
        device: "cpu", "cuda", "mps", or None for the best there is.
        precision: the numbers that it multiplies; None for the fastest that the processor has hardware for.

    Raises:
        ModelError: there is no model in the folder, or the device cannot multiply in these numbers.
    """

    def __init__(
        self, folder: str | Path, loader: str, device: str | None = None, precision: Precision | None = None
    ) -> None:
        import torch

        folder = _checked(folder)
        self.device = torch.device(device or _best_device())
        self.precision = precision = precision or _best_precision(self.device)
        if precision == "int8" and self.device.type != "cpu":
            raise ModelError(
                f"Models multiply in 8 bits on processors only, not on {self.device}. Leave `precision` out, set it to "
                "bf16, or give --device cpu."
            )
        self.dtype = _dtype(self.device, precision)
        self.model = self._lean(folder) or self._loaded(folder, loader)
        self.config = self.model.config
        self.pad_id = self.config.pad_token_id or 0

    def _lean(self, folder: Path) -> Any:
        """The model without padding and without transformers, or None if `stance.lean` cannot run it."""
        from stance.lean import LeanModel

        self.lean = self.device.type == "cpu" and LeanModel.fits(folder, self.precision)
        return LeanModel(folder, self.precision) if self.lean else None

    def _loaded(self, folder: Path, loader: str) -> Any:
        """The model by transformers."""
        import transformers

        from stance.weights import load

        if self.precision == "int8":
            self.precision = "fp32"
        model_class = getattr(transformers, loader)
        return load(model_class, folder, self.dtype).to(self.device).eval()

    def run(
        self,
        sequences: Sequence[Tokens],
        pick: Callable[[Any, torch.Tensor], torch.Tensor] | None = None,
        done: Callable[[int], None] | None = None,
    ) -> list[np.ndarray]:
        """Run the model over every sequence.

        Args:
            sequences: the inputs; any number.
            pick: takes the model's output and the attention mask, gives a tensor [batch, ...]; logits by default.
            done: called with the number of sequences finished, after each batch.

        Returns:
            One float32 array a sequence, in the order given. A first axis of the batch's length
            (token-level output) is cut back to the sequence's own length.
        """
        import torch

        results: list[np.ndarray | None] = [None] * len(sequences)
        with torch.inference_mode(), self.threads():
            for batch in _batches([len(s.ids) for s in sequences], self._budget()):
                width = max(len(sequences[i].ids) for i in batch)
                ids = torch.full((len(batch), width), self.pad_id)
                types = torch.zeros((len(batch), width), dtype=torch.long)
                mask = torch.zeros((len(batch), width), dtype=torch.long)
                for row, i in enumerate(batch):
                    n = len(sequences[i].ids)
                    ids[row, :n] = torch.tensor(sequences[i].ids)
                    types[row, :n] = torch.tensor(sequences[i].types)
                    mask[row, :n] = 1
                inputs = {"input_ids": ids.to(self.device), "attention_mask": mask.to(self.device)}
                if getattr(self.config, "type_vocab_size", 0) > 1:
                    inputs["token_type_ids"] = types.to(self.device)
                output = self.model(**inputs)
                values = output.logits if pick is None else pick(output, inputs["attention_mask"])
                array = values.float().cpu().numpy()
                for row, i in enumerate(batch):
                    own = array[row]
                    results[i] = own[: len(sequences[i].ids)] if own.ndim > 1 and own.shape[0] == width else own
                if done:
                    done(len(batch))
        return results  # type: ignore[return-value]

    @contextlib.contextmanager
    def threads(self) -> Iterator[None]:
        """The threads that it works with: one where matrices are multiplied so fast that two would wait."""
        import torch

        before = torch.get_num_threads()
        if self.lean:
            torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def _budget(self) -> int:
        return TOKENS_PER_BATCH if self.device.type == "cpu" else 8 * TOKENS_PER_BATCH


def _batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Indices grouped by length, longest first, so that rows × longest stays within the budget."""
    order = sorted(range(len(lengths)), key=lambda i: (-lengths[i], i))
    batch: list[int] = []
    for i in order:
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _checked(folder: str | Path) -> Path:
    folder = Path(folder)
    if not (folder / "config.json").is_file():
        raise ModelError(
            f"There is no model in {folder}: config.json is missing. "
            "Give a folder that `stance train` wrote, or leave the option out to use the shipped model."
        )
    return folder


def _best_device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _best_precision(device: torch.device) -> Precision:
    if device.type != "cpu":
        return "bf16"
    return "bf16" if cpu_has("amx") else "int8" if cpu_has("int8") else "fp32"


def _dtype(device: torch.device, precision: Precision) -> torch.dtype:
    """Of the weights as loaded."""
    import torch

    if device.type == "cuda" and precision != "fp32":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return torch.bfloat16 if device.type == "cpu" and precision == "bf16" else torch.float32


FLAGS = {
    "amx": ("amx_bf16",),
    "bf16": ("avx512_bf16", "amx_bf16"),
    "int8": ("avx2",),
    "vnni": ("avx512_vnni", "avx_vnni", "amx_int8"),
}


@functools.cache
def cpu_has(kind: str) -> bool:
    """Whether this processor multiplies `bf16` (`amx`: on tiles) or 8-bit integers (`int8`; `vnni`: in one step)."""
    if platform.system() != "Linux":
        return False
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="ignore")
    except OSError:
        return False
    return any(flag in flags for flag in FLAGS[kind])
