"""Goes on training a base encoder on unlabelled text before it learns a task (Gururangan et al. 2020).

Masked words are guessed from their surroundings, as BERT was trained, on the articles and sentences of the data
folder; no label is read. What comes out is a plain encoder, the base of the other recipes.
"""

from __future__ import annotations

import logging
import random
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.train.loop import Schedule, fit
from stance.train.recipe import made, options_in
from stance.train.refuse import Guard, evaluation_files
from stance.train.stance_rows import read_rows

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

log = logging.getLogger(__name__)

IGNORED = -100
KEPT, SWAPPED = 0.1, 0.1
"""Shares of the words to guess that are left as they are, and that another word stands in for."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to read and how long; explained in configs/train/encoder.yaml."""

    texts: Sequence[str]
    schedule: Schedule
    masked: float = 0.2
    length: int = 256

    @classmethod
    def load(cls, path: Path) -> Recipe:
        """Read a recipe file.

        Raises:
            ConfigError: an option is unknown or missing.
        """
        options = options_in(path)
        schedule = made(Schedule, options.get("schedule", {}), path)
        return made(cls, {**options, "schedule": schedule}, path)


def texts(data: Path, files: Sequence[str]) -> list[str]:
    """The distinct texts of files of rows, without what models are scored on."""
    apart = Guard.of([*evaluation_files(), data / "gold" / "dev.jsonl"])
    found: dict[str, None] = {}
    for file in files:
        rows = [row for row in read_rows(data / file) if row.get("split", "train") in ("train", "all", "")]
        for row in apart.without(rows, file):
            found[row["text"]] = None
    return list(found)


def blocks(written: Sequence[str], tokenizer: Any, length: int, seed: int) -> list[dict[str, Any]]:
    """Rows {"input_ids"} of at most `length` pieces: long texts cut, short ones joined, in mixed order."""
    order = list(written)
    random.Random(seed).shuffle(order)
    size = length - 2
    rows: list[dict[str, Any]] = []
    current: list[int] = []
    for pieces in tokenizer(order, add_special_tokens=False, verbose=False)["input_ids"]:
        for start in range(0, len(pieces), size):
            part = pieces[start : start + size]
            if len(current) + len(part) > size:
                rows.append({"input_ids": [tokenizer.cls_token_id, *current, tokenizer.sep_token_id]})
                current = []
            current += part
    return [*rows, {"input_ids": [tokenizer.cls_token_id, *current, tokenizer.sep_token_id]}]


@dataclass(frozen=True, slots=True)
class Batcher:
    """Rows into tensors with words hidden.

    Args:
        mask_id, pad_id: of the tokenizer.
        special: ids that are never hidden.
        words: size of the vocabulary.
        masked: share of the pieces to guess.
    """

    mask_id: int
    pad_id: int
    special: frozenset[int]
    words: int
    masked: float

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        import torch

        width = max(len(row["input_ids"]) for row in rows)
        ids = torch.full((len(rows), width), self.pad_id)
        for i, row in enumerate(rows):
            ids[i, : len(row["input_ids"])] = torch.tensor(row["input_ids"])
        mask = (ids != self.pad_id).long()
        free = ~torch.isin(ids, torch.tensor(sorted(self.special)))
        chosen = free & (torch.rand(ids.shape) < self.masked)
        labels = torch.where(chosen, ids, IGNORED)
        draw = torch.rand(ids.shape)
        ids = torch.where(chosen & (draw >= KEPT + SWAPPED), self.mask_id, ids)
        swapped = chosen & (draw < SWAPPED)
        ids = torch.where(swapped, torch.randint(self.words, ids.shape), ids)
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def loss(model: PreTrainedModel, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Cross-entropy at the hidden places; words are scored there alone."""
    from torch.nn import functional

    hidden = model.base_model(batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    asked = batch["labels"] != IGNORED
    return functional.cross_entropy(model.cls(hidden[asked]).float(), batch["labels"][asked])


def train(recipe_path: Path, data: Path, base: Path, out: Path) -> Path:
    """Train by a recipe and write a plain encoder with its tokenizer.

    Args:
        data: what the paths in the recipe are relative to.
        base: a BERT encoder.
    """
    import torch
    from transformers import AutoModelForMaskedLM

    from stance.encoder import load_tokenizer
    from stance.weights import load

    recipe = Recipe.load(recipe_path)
    tokenizer = load_tokenizer(base)
    rows = blocks(texts(data, recipe.texts), tokenizer, recipe.length, recipe.schedule.seed)
    log.info("%d rows of at most %d pieces", len(rows), recipe.length)
    model = load(AutoModelForMaskedLM, base, torch.float32)
    special = frozenset(tokenizer.all_special_ids)
    batcher = Batcher(tokenizer.mask_token_id, tokenizer.pad_token_id, special, len(tokenizer), recipe.masked)
    model = fit(model, rows, batcher, loss, recipe.schedule, out / "checkpoints")
    model.base_model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    shutil.rmtree(out / "checkpoints")
    return out
