"""Trains the stance model: targets and stance, in one pass and in pairs, on one encoder.

The recipe says in phases what is learned from: inference sets, public stance sets, then annotated articles.
"""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.config import load_topics
from stance.train.compose import compose
from stance.train.loop import Row, Schedule, fit
from stance.train.marked import articles, of_marked, with_text
from stance.train.refuse import Guard, evaluation_files
from stance.train.stance_recipe import Asked, Phase, Recipe, asked_of, load_recipe, load_wordings
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

    from stance.heads import TwoWays
    from stance.view import Composer
    from stance.weights import Bits

log = logging.getLogger(__name__)

DSE_NEUTRALS = 0.45
"""Share of that set's neutral rows that is kept; they are two thirds of it."""

GOLD = ("train", "statements", "wire_style", "contrast")
"""Sets in gold/ of the data folder."""
ANNOTATED = ("train", "statements")
"""Sets of which some articles are held out, to fit the calibration on."""

RARELY = 4.0
"""Logit of "unrelated" that the head for many targets begins with: of all targets asked, few are meant."""


def load_examples(data: Path | None, recipe: Recipe, asked: Asked, root: Path) -> dict[str, list[Example]]:
    """The training examples of every set in the recipe, without what is held out, by set name.

    Rows that repeat a text of gold/dev.jsonl, on which models are scored, are left out.

    Raises:
        InputError: a set holds a text that the project's evaluation is done with, or nearly that.
    """
    gold, apart = Guard.of(evaluation_files()), Guard.of([data / "gold" / "dev.jsonl"] if data else [])
    known = articles(data) if data and recipe.marked else {}
    readers: dict[str, Callable[[list[Row]], Iterable[Example]]] = {
        "train": lambda rows: of_articles(rows, asked.topic_of, "train"),
        "wire_style": lambda rows: of_articles(rows, asked.topic_of, "wire_style"),
        "statements": lambda rows: of_statements(rows, asked.topic_of),
        "contrast": lambda rows: of_contrast(rows, asked.topic_of),
        "own": lambda rows: of_contrast(rows, asked.topic_of),
        "composed": lambda rows: of_contrast(rows, asked.topic_of),
        "marked": lambda rows: of_marked(rows, known, asked.topic_of),
    }
    found: dict[str, list[Example]] = {}
    for name in sorted({name for phase in recipe.phases for name in phase.mix}):
        rows = [row for row in _rows(name, data, recipe, root, known) if row.get("outlet") not in recipe.outlets_out]
        gold.check(rows, f"{name}.jsonl")
        examples = readers.get(name, of_public)(apart.without(rows, f"{name}.jsonl"))
        found[name] = [e for e in examples if _kept(e, name, recipe, asked)]
    return found


def in_hand(recipe: Recipe, data: Path | None) -> Recipe:
    """The last phase of a recipe, with those of its sets that come with it, or hold labels and are in a data folder."""
    last = recipe.phases[-1]

    def held(name: str) -> bool:
        if name in ("own", "composed"):
            return True
        if data is None:
            return False
        folder = data / ("gold" if name in GOLD else "stance")
        return (data / "articles").is_dir() if name == "marked" else (folder / f"{name}.jsonl").is_file()

    mix = {name: times for name, times in last.mix.items() if held(name)}
    return replace(
        recipe,
        phases=[replace(last, mix=mix)],
        marked=recipe.marked if "marked" in mix else (),
        composed=round(recipe.composed * mix.get("composed", 0)),  # no more than an epoch takes
    )


def _rows(name: str, data: Path | None, recipe: Recipe, root: Path, known: Mapping[str, Row]) -> list[Row]:
    """The rows of one set of the recipe."""
    if name == "own":
        return [row for file in recipe.rows for row in read_rows(root / file)]
    if name == "composed":
        return list(compose(root / str(recipe.phrases), recipe.composed, recipe.seed))
    if name == "marked":
        return list(with_text((row for file in recipe.marked for row in read_rows(root / file)), known))
    assert data is not None, f"{name} does not come with the recipe"
    if name in GOLD:
        return read_rows(data / "gold" / f"{name}.jsonl")
    rows = [r for r in read_rows(data / "stance" / f"{name}.jsonl") if r["split"] in ("train", "all") and usable(r)]
    if name == "plover":  # it has no development part, so a tenth of it is never learned from
        rows = [r for r in rows if not held_out(r["text"])]
    if name == "dse":
        chance = random.Random(recipe.seed)
        rows = [r for r in rows if r["label"] != "neutral" or chance.random() < DSE_NEUTRALS]
    return rows


def _kept(example: Example, name: str, recipe: Recipe, asked: Asked) -> bool:
    """Whether training may see an example: it is not held out, and no target of it is left out."""
    if example.group and name in (*ANNOTATED, "marked") and held_out(example.group):
        return False
    return example.public or not any(label not in asked.texts for label in example.labels)


def mixed(examples: Mapping[str, Sequence[Any]], mix: Mapping[str, float], seed: int) -> list[Any]:
    """The rows of a phase: each set as often as the mix says."""
    chance = random.Random(seed)
    out: list[Any] = []
    for name, times in mix.items():
        rows = list(examples[name])
        out += rows * int(times)
        out += chance.sample(rows, round((times - int(times)) * len(rows)))
    chance.shuffle(out)
    return out


def build(base: Path, known: int, looks: int = 2, inner: int | None = None) -> TwoWays:
    """The network to train: from a plain encoder, or from a stance model's folder to go on with.

    Args:
        base: the folder.
        known: number of targets and topics.
        looks, inner: of the head, see `stance.heads.ManyTargets`.
    """
    import torch
    from transformers import AutoModelForSequenceClassification

    from stance.heads import ManyTargets, TwoWays
    from stance.judge import CLASSES
    from stance.weights import load, read

    encoder = load(
        AutoModelForSequenceClassification,
        base,
        torch.float32,
        id2label=dict(enumerate(CLASSES)),
        label2id={name: number for number, name in enumerate(CLASSES)},
        attention_probs_dropout_prob=0.0,
    )
    if (base / "many.safetensors").is_file():
        return TwoWays(encoder, ManyTargets.of(read(base / "many.safetensors")))
    many = ManyTargets(encoder.config.hidden_size, known, looks, inner=inner)
    with torch.no_grad():
        many.label.bias[0] = RARELY
    return TwoWays(encoder, many)


def freeze(model: Any, layers: int) -> None:
    """Keep the word vectors and the lowest layers as they are: a third less to compute where time is short."""
    body = model.encoder.base_model
    for number, part in enumerate((body.embeddings, *body.encoder.layer)):
        part.requires_grad_(number > layers or not layers)


def loss_of(recipe: Recipe, phase: Phase) -> Any:
    """The loss of a batch: bearing on the target (yes or no) over everything asked, stance where it bears on it."""

    def loss(model: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        labels, pair_labels = batch["labels"], batch.get("pair_labels")
        inputs = {name: value for name, value in batch.items() if not name.endswith("labels")}
        if not recipe.many:
            inputs = {name: value for name, value in inputs.items() if name.startswith("pair")}
        many, pairs = model(**inputs)
        total = 0.0
        if many is not None:
            total = recipe.many * judged(many.float(), labels, phase.stance_weight, phase.side_weights)
        if pairs is not None:
            total = total + recipe.pairs * judged(pairs.float(), pair_labels, phase.stance_weight, phase.side_weights)
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


def train_recipe(path: Path, data: Path, base: Path, out: Path) -> Path:
    """Train by a recipe file and write the whole model folder: weights, tokenizer, calibration, card."""
    from stance.train.stance_scores import finish

    train(load_recipe(path), base, data, out, path.parent)
    finish(out, path, data)
    return out


def train(recipe: Recipe, base: Path, data: Path, out: Path, root: Path) -> Path:
    """Train and write the model folder.

    Args:
        recipe: what to learn from, and how.
        base: an encoder's folder, or a stance model's to go on from.
        data: holds gold/ and stance/.
        out: the model folder to write.
        root: what the paths in the recipe are relative to.

    Raises:
        InputError: a set holds what models are evaluated on.
    """
    from stance.encoder import load_tokenizer
    from stance.view import Composer

    asked = asked_of(load_topics(root / recipe.topics)).without(recipe.topics_out)
    wordings = load_wordings(root / recipe.wordings if recipe.wordings else None)
    examples = load_examples(data, recipe, asked, root)
    import torch

    torch.manual_seed(recipe.seed)
    model = build(base, len(asked.texts), recipe.looks, recipe.inner)
    composer = Composer(load_tokenizer(base))
    if recipe.pieces:
        composer = shrunk(model, composer, (e for own in examples.values() for e in own), recipe.pieces)
    rows = {name: tokenized(own, composer) for name, own in examples.items()}
    batcher = Batcher(
        composer, asked.texts, wordings, asked.topics, asked.topic_of, recipe.hard, recipe.easy, bool(recipe.pairs),
        recipe.corrections, recipe.title, recipe.context, recipe.reworded,
    )  # fmt: skip
    for number, phase in enumerate(recipe.phases):
        # all epochs as one, so that a set taken in part is taken in other parts every time
        own = mixed(rows, {name: times * phase.epochs for name, times in phase.mix.items()}, recipe.seed)
        log.info("%s: %d rows", phase.name, len(own))
        freeze(model, phase.frozen)
        batcher.paired = phase.paired
        schedule = Schedule(1, phase.learning_rate, phase.batch_size, seed=recipe.seed + number)
        folder = out / f"checkpoints-{phase.name}"
        model = fit(model, own, batcher, loss_of(recipe, phase), schedule, folder)
    save(model, composer, [*asked.texts.values()], out, recipe.bits)
    for folder in out.glob("checkpoints-*"):
        shutil.rmtree(folder)
    return out


def shrunk(model: TwoWays, composer: Composer, examples: Iterable[Example], pieces: int) -> Composer:
    """Cut a model's word pieces to those that texts like its own use most, and give the composer for these.

    Args:
        model: changed in place.
        composer: of all word pieces.
        examples: what the model will read.
        pieces: how many are kept, beside those of single characters; see `stance.train.vocabulary`.
    """
    from stance.train import vocabulary
    from stance.view import Composer

    views = (example.view for example in examples)
    kept = vocabulary.used(composer.tokenizer, (f"{v.title} {v.context} {v.content}" for v in views), pieces)
    vocabulary.cut(model.encoder, kept)
    return Composer(vocabulary.smaller(composer.tokenizer, kept))


def save(model: Any, composer: Composer, known: Sequence[str], out: Path, bits: Bits = 16) -> None:
    """Write the model folder.

    Args:
        model: on any device; it is moved.
        composer: with its tokenizer.
        known: what the rows of the head's corrections are for.
        out: the folder.
        bits: that the encoder's matrices are stored in, see `stance.weights`; the head's take 8 at the least.
    """
    import torch
    from safetensors.torch import save_file

    from stance import weights

    model.to("cpu", torch.float32)
    weights.save(model.encoder, out, bits)
    head = {name: value.contiguous() for name, value in model.many.state_dict().items()}
    if bits == 16:
        save_file({name: value.half() for name, value in head.items()}, out / "many.safetensors")
    else:
        weights.write(head, out / "many.safetensors")
    composer.tokenizer.save_pretrained(out)
    (out / "targets.json").write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
