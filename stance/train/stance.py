"""Trains the stance model: targets and stance, in one pass and in pairs, on one encoder.

The recipe says in phases what is learned from: inference sets, public stance sets, then annotated articles.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.train.loop import Schedule, fit
from stance.train.refuse import Guard, evaluation_files
from stance.train.stance_recipe import Asked, Recipe, load_asked, load_recipe, load_wordings
from stance.train.stance_rows import (
    ABOUT,
    NEUTRAL_OR_UNRELATED,
    UNKNOWN,
    UNRELATED,
    Batcher,
    Example,
    held_out,
    of_articles,
    of_contrast,
    of_public,
    of_statements,
    read_rows,
    tokenized,
    usable,
)

if TYPE_CHECKING:
    import torch
    from torch import nn

    from stance.view import Composer

log = logging.getLogger(__name__)

DSE_NEUTRALS = 0.45
"""Share of that set's neutral rows that is kept; they are two thirds of it."""

RARELY = 4.0
"""Logit of "unrelated" that the head for many targets begins with: of all targets asked, few are meant."""


def load_examples(data: Path, recipe: Recipe, asked: Asked, root: Path) -> dict[str, list[Example]]:
    """The training examples of every set in the recipe, without what is held out, by set name.

    Public rows that repeat a text of gold/dev.jsonl, on which models are scored, are left out.

    Raises:
        InputError: a set holds a text that the project's evaluation is done with, or nearly that.
    """
    gold, apart = Guard.of(evaluation_files()), Guard.of([data / "gold" / "dev.jsonl"])
    names = {name for phase in recipe.phases for name in phase.mix}
    readers = {
        "train": lambda rows: of_articles(rows, asked.topic_of, "train"),
        "wire_style": lambda rows: of_articles(rows, asked.topic_of, "wire_style"),
        "statements": lambda rows: of_statements(rows, asked.topic_of),
        "contrast": lambda rows: of_contrast(rows, asked.topic_of),
    }
    found: dict[str, list[Example]] = {}
    for name in sorted(names):
        if name == "own":
            rows = [row for file in recipe.rows if (root / file).is_file() for row in read_rows(root / file)]
            gold.check(rows, "the recipe's own rows")
            examples = list(of_contrast(rows, asked.topic_of))
        elif name in readers:
            rows = apart.without(read_rows(data / "gold" / f"{name}.jsonl"), f"{name}.jsonl")
            gold.check(rows, f"{name}.jsonl")
            examples = list(readers[name](rows))
        else:
            rows = [
                r for r in read_rows(data / "stance" / f"{name}.jsonl") if r["split"] in ("train", "all") and usable(r)
            ]
            if name == "dse":
                chance = random.Random(recipe.seed)
                rows = [r for r in rows if r["label"] != "neutral" or chance.random() < DSE_NEUTRALS]
            rows = apart.without(rows, f"{name}.jsonl")
            gold.check(rows, f"{name}.jsonl")
            examples = list(of_public(rows))
        found[name] = [e for e in examples if not (e.group and name in ("train", "statements") and held_out(e.group))][
            : recipe.limit
        ]
    return found


def mixed(examples: Mapping[str, Sequence[Any]], mix: Mapping[str, float], seed: int) -> list[Any]:
    """The rows of an epoch: each set as often as the mix says."""
    chance = random.Random(seed)
    out: list[Any] = []
    for name, times in mix.items():
        rows = list(examples[name])
        out += rows * int(times)
        out += chance.sample(rows, round((times - int(times)) * len(rows)))
    chance.shuffle(out)
    return out


def build(base: Path, known: int) -> nn.Module:
    """The network to train: from a plain encoder, or from a stance model's folder to go on with."""
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForSequenceClassification

    from stance.heads import ManyTargets, TwoWays
    from stance.judge import CLASSES

    encoder = AutoModelForSequenceClassification.from_pretrained(
        base,
        dtype=torch.float32,
        id2label=dict(enumerate(CLASSES)),
        label2id={name: number for number, name in enumerate(CLASSES)},
        attention_probs_dropout_prob=0.0,
    )
    many = ManyTargets(encoder.config.hidden_size, known)
    with torch.no_grad():
        many.label.bias[0] = RARELY
    if (base / "many.safetensors").is_file():
        many.load_state_dict({name: value.float() for name, value in load_file(base / "many.safetensors").items()})
    return TwoWays(encoder, many)


def freeze(model: Any, layers: int) -> None:
    """Keep the word vectors and the lowest layers as they are: a third less to compute where time is short."""
    if not layers:
        return
    body = model.encoder.base_model
    for part in (body.embeddings, *body.encoder.layer[:layers]):
        part.requires_grad_(False)


def loss_of(recipe: Recipe) -> Any:
    """The loss of a batch: bearing on the target (yes or no) over everything asked, stance where it bears on it."""

    def loss(model: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        labels, pair_labels = batch["labels"], batch.get("pair_labels")
        inputs = {name: value for name, value in batch.items() if not name.endswith("labels")}
        if not recipe.many:
            inputs = {name: value for name, value in inputs.items() if name.startswith("pair")}
        many, pairs = model(**inputs)
        total = 0.0
        if many is not None:
            total = recipe.many * judged(many.float(), labels, recipe.stance_weight)
        if pairs is not None:
            total = total + recipe.pairs * judged(pairs.float(), pair_labels, recipe.stance_weight)
        return total / len(labels)

    return loss


def judged(
    logits: torch.Tensor, labels: torch.Tensor, stance_weight: float, weights: Sequence[float] | None = None
) -> torch.Tensor:
    """Summed loss of logits [..., 4] under labels [...] of `stance_rows`; `weights` are of favor, against, neutral."""
    import torch
    from torch.nn import functional

    about = torch.logsumexp(logits[..., 1:], -1) - logits[..., 0]
    decided = (labels != UNKNOWN) & (labels != NEUTRAL_OR_UNRELATED)
    bears = functional.binary_cross_entropy_with_logits(
        about[decided], (labels[decided] != UNRELATED).float(), reduction="sum"
    )
    sided = (labels != UNKNOWN) & (labels != UNRELATED) & (labels != ABOUT)
    side = labels[sided].clamp(max=3) - 1
    weight = logits.new_tensor(weights) if weights else None
    stance = functional.cross_entropy(logits[..., 1:][sided], side, weight, reduction="sum")
    return bears + stance_weight * stance


def hard_negatives(
    rows: Sequence[dict[str, Any]], base: Path, composer: Composer, asked: Asked, count: int = 8
) -> None:
    """Give every statement row its "near": the ids of the targets that the untrained encoder finds most alike."""
    import numpy as np
    from transformers import AutoModel

    from stance.encoder import Encoder
    from stance.heads import pooled

    encoder = Encoder(base, AutoModel)

    def vectors(sequences: list[Any]) -> np.ndarray:
        return np.stack(encoder.run(sequences, pick=lambda output, mask: pooled(output.last_hidden_state, mask)))

    ids = [identifier for identifier in asked.texts if identifier not in asked.topics]
    targets = vectors([composer.alone(composer.target(asked.texts[i])) for i in ids])
    own = [row for row in rows if not row["example"].public]
    if own:
        texts = vectors([composer.statement(row["parts"]) for row in own])
        for row, near in zip(own, np.argsort(-(texts @ targets.T), axis=1)[:, :count], strict=True):
            row["near"] = [ids[i] for i in near]


def train_recipe(path: Path, data: Path, base: Path, out: Path) -> Path:
    """Train by a recipe file and write the whole model folder: weights, tokenizer, calibration, card."""
    from stance.train.stance_scores import finish

    train(load_recipe(path), base, data, out, path.parent)
    finish(out, path, data)
    return out


def train(recipe: Recipe, base: Path, data: Path, out: Path, root: Path, retriever: Path | None = None) -> Path:
    """Train and write the model folder.

    Args:
        recipe: what to learn from, and how.
        base: an encoder's folder, or a stance model's to go on from.
        data: holds gold/ and stance/.
        out: the model folder to write.
        root: what the paths in the recipe are relative to.
        retriever: a plain sentence encoder that finds look-alike targets; `base` where that is one itself.
    """
    from stance.encoder import load_tokenizer
    from stance.view import Composer

    asked = load_asked(root / recipe.topics)
    wordings = load_wordings(root / recipe.wordings if recipe.wordings else None)
    composer = Composer(load_tokenizer(base))
    rows = {name: tokenized(e, composer) for name, e in load_examples(data, recipe, asked, root).items()}
    if recipe.pairs and recipe.hard:
        hard_negatives([row for group in rows.values() for row in group], retriever or base, composer, asked)
    batcher = Batcher(
        composer, asked.texts, wordings, asked.topics, recipe.hard, recipe.easy, bool(recipe.pairs),
        recipe.corrections, recipe.title, recipe.context, recipe.reworded,
    )  # fmt: skip
    import torch

    torch.manual_seed(recipe.seed)
    model = build(base, len(asked.texts))
    freeze(model, recipe.frozen)
    for number, phase in enumerate(recipe.phases):
        own = mixed(rows, phase.mix, recipe.seed)
        log.info("%s: %d rows", phase.name, len(own))
        schedule = Schedule(phase.epochs, phase.learning_rate, phase.batch_size, seed=recipe.seed + number)
        folder = out / f"checkpoints-{phase.name}"
        model = fit(model, own, batcher, loss_of(recipe), schedule, folder)
    save(model, composer, asked, out)
    for folder in out.glob("checkpoints-*"):
        shutil.rmtree(folder)
    return out


def save(model: Any, composer: Composer, asked: Asked, out: Path) -> None:
    """Write the model folder, weights in 16 bits."""
    import torch
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    model.to("cpu", torch.float16)
    model.encoder.save_pretrained(out)
    composer.tokenizer.save_pretrained(out)
    save_file({name: value.contiguous() for name, value in model.many.state_dict().items()}, out / "many.safetensors")
    (out / "targets.json").write_text(json.dumps(list(asked.texts.values()), indent=1) + "\n", encoding="utf-8")
