"""Trains the attribution model: cues, and each cue's source and content."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import gold
from stance.encoder import load_tokenizer
from stance.link import Linker
from stance.metrics import articles, attribution
from stance.tag import CALIBRATION, CUES, LABEL_NAMES, ROLES, SCOPES, TAGS, AttributionModel, Scope, Tagger
from stance.train.attribution_calibration import cue_rates, fit_weights
from stance.train.attribution_rows import IGNORED, Corpus, rows
from stance.train.card import Card, write_card
from stance.train.loop import Schedule, fit
from stance.train.marked import articles as articles_by_id
from stance.train.marked import documents
from stance.train.ranges import write_ranges_of_rows
from stance.train.recipe import made, options_in
from stance.train.refuse import Guard, refuse_evaluated, whole
from stance.train.stance_rows import read_rows
from stance.types import Doc
from stance.windows import MARKED, TYPES

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

    from stance.weights import Bits

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what training gives; explained in configs/train/attribution.yaml."""

    corpora: Sequence[Mapping[str, Any]]
    calibration: Mapping[Scope, str]
    schedule: Schedule
    masked: float = 0.0
    bits: Bits = 16

    @classmethod
    def load(cls, path: Path) -> Recipe:
        """Read a recipe file.

        Raises:
            ConfigError: an option is unknown or missing.
        """
        options = options_in(path)
        schedule = made(Schedule, options.get("schedule", {}), path)
        return made(cls, {**options, "schedule": schedule}, path)


@dataclass(frozen=True, slots=True)
class Batcher:
    """Rows into tensors.

    Args:
        mask_id: the tokenizer's mask.
        masked: share of the words hidden, other than marked ones, so that no single word decides.
    """

    mask_id: int
    masked: float = 0.0

    def __call__(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, torch.Tensor]:
        import torch

        width = max(len(row["input_ids"]) for row in rows)
        ids = torch.zeros((len(rows), width), dtype=torch.long)
        types, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        labels = torch.full((len(rows), width, len(ROLES)), IGNORED)
        for i, row in enumerate(rows):
            n = len(row["input_ids"])
            ids[i, :n] = torch.tensor(row["input_ids"])
            types[i, :n] = torch.tensor(row["types"])
            labels[i, :n] = torch.tensor(row["labels"])
            mask[i, :n] = 1
        inner = (labels != IGNORED).any(-1) & (types < MARKED)
        ids[inner & (torch.rand(ids.shape) < self.masked)] = self.mask_id
        scope = torch.tensor([row["scope"] for row in rows])
        return {"input_ids": ids, "token_type_ids": types, "attention_mask": mask, "labels": labels, "scope": scope}


def loss(
    model: PreTrainedModel, batch: Mapping[str, torch.Tensor], weights: Sequence[float] | None = None
) -> torch.Tensor:
    """Cross-entropy over each row's own scope, summed over roles; `weights` are of `TAGS`."""
    import torch

    inputs = {k: batch[k] for k in ("input_ids", "token_type_ids", "attention_mask")}
    logits = model(**inputs).logits.float()
    logits = logits.unflatten(-1, (len(SCOPES), len(ROLES), len(TAGS)))
    own = logits[torch.arange(len(logits), device=logits.device), :, batch["scope"]]
    weight = logits.new_tensor(weights) if weights else None
    parts = [
        torch.nn.functional.cross_entropy(
            own[:, :, r].flatten(0, 1), batch["labels"][:, :, r].flatten(), weight, ignore_index=IGNORED
        )
        for r in range(len(ROLES))
    ]
    return torch.stack(parts).sum()


def new_model(base: str | Path) -> PreTrainedModel:
    """A token classifier from a base encoder, with the segment marks that `windows.py` uses."""
    import torch
    from transformers import AutoModelForTokenClassification

    from stance.weights import load

    model = load(
        AutoModelForTokenClassification,
        Path(base),
        torch.float32,
        num_labels=len(LABEL_NAMES),
        id2label=dict(enumerate(LABEL_NAMES)),
        label2id={name: i for i, name in enumerate(LABEL_NAMES)},
    )
    embeddings = model.base_model.embeddings
    old = getattr(embeddings, "token_type_embeddings", None)
    if old is not None and old.num_embeddings < TYPES:
        new = torch.nn.Embedding(TYPES, old.embedding_dim)
        with torch.no_grad():
            new.weight.normal_(0, 0.02).add_(old.weight[0])
            new.weight[0] = old.weight[0]
        embeddings.token_type_embeddings = new
        model.config.type_vocab_size = TYPES
    return model


def train(recipe_path: Path, data: Path, base: Path, out: Path) -> Path:
    """Train by a recipe and write the model folder: weights, tokenizer, calibration, card.

    Args:
        data: what the paths in the recipe are relative to.
        base: the encoder to begin with, any BERT-like one.

    Raises:
        InputError: an article to train on is evaluated on, or nearly the same as one that is.
    """
    from stance import weights

    recipe = Recipe.load(recipe_path)
    tokenizer = load_tokenizer(base)
    refuse_evaluated(
        [data / c["path"] for c in recipe.corpora if "path" in c], [data / path for path in recipe.calibration.values()]
    )
    corpora = [Corpus(annotated(c, data, recipe_path), c["scope"], c.get("times", 1)) for c in recipe.corpora]
    made = rows(corpora, tokenizer, recipe.schedule.seed)
    batcher = Batcher(tokenizer.mask_token_id, recipe.masked)
    model = fit(new_model(base), made, batcher, loss, recipe.schedule, out / "checkpoints")
    weights.save(model, out, recipe.bits)
    tokenizer.save_pretrained(out)
    finish(out, recipe, corpora, recipe_path, data)
    shutil.rmtree(out / "checkpoints")
    return out


def annotated(corpus: Mapping[str, Any], data: Path, recipe_path: Path) -> list[Doc]:
    """The articles of a recipe's corpus: a file of the data folder, or annotation by place beside the recipe."""
    if "path" in corpus:
        return gold.load(data / corpus["path"])
    rows = read_rows(recipe_path.parent / corpus["marked"])
    known = articles_by_id(data)
    evaluated = Guard.of([data / "gold" / "dev.jsonl"])
    evaluated.check([known[row["article"]] for row in rows], corpus["marked"], whole)
    return documents(rows, known)


def finish(folder: Path, recipe: Recipe, corpora: Sequence[Corpus], recipe_path: Path, data: Path) -> None:
    """Fit the calibration of a trained model, score it, and write its card."""
    scopes: dict[Scope, list[Doc]] = {}
    for corpus in corpora:
        scopes.setdefault(corpus.scope, []).extend(corpus.docs)
    write_json(folder / CUES, cue_rates(scopes))
    (folder / CALIBRATION).unlink(missing_ok=True)
    write_ranges_of_rows(folder, rows(corpora, load_tokenizer(folder), recipe.schedule.seed))
    fitted, numbers = {}, {}
    for scope, path in recipe.calibration.items():
        docs = gold.load(data / path)
        blank = [Doc(d.article, d.paragraphs, d.sentences) for d in docs]
        raw = AttributionModel.load(folder, scope)
        tagged = Tagger(raw)(blank)
        fitted[scope] = fit_weights(docs, Linker(raw).propose(tagged))
        found = Linker(replace(raw, weights=fitted[scope]), MIN_SCORE)(tagged)
        scores = (articles if scope == "codebook" else attribution)(docs, found)
        numbers |= {f"{Path(path).name} {name}": round(scores.value(name), 4) for name in NUMBERS[scope]}
    write_json(folder / CALIBRATION, fitted)
    log.info("%s %s", folder.name, numbers)
    write_card(folder, Card(numbers=numbers, recipe=recipe_path.name, **ABOUT))


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write a small file of a model folder."""
    path.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


MIN_SCORE = 0.3
"""About where F1 is best in both scopes; `min_score` of configs/default.yaml."""

NUMBERS: dict[Scope, tuple[str, ...]] = {
    "codebook": ("statements", "exact", "kind", "statements.chars"),
    "polnear": ("source.exact", "cue.exact", "content.exact", "content.chars", "relation.overlap"),
}

ABOUT: dict[str, Any] = {
    "name": "attribution",
    "summary": (
        "Finds who said what in English news: cues, and the source and content of each. "
        "One token classifier asked twice, first for all cues of a window, then for the source and content of each "
        "marked cue; it knows two scopes, the project's codebook (said, written or officially held) and PolNeAR's "
        "(beliefs and intentions too)."
    ),
    "pipeline": "token-classification",
    "data": [
        (
            "PolNeAR, 840 articles of US political news",
            "none stated; the articles belong to seven US publishers",
        ),
        ("275 articles of international news annotated by the codebook", "the articles belong to their publishers"),
        (
            "270 more, found by an earlier model and corrected by a language model under the codebook",
            "the articles belong to their publishers",
        ),
        ("42 articles written for training in the style of news agencies", "the project's own"),
    ],
    "limits": [
        "English only, and edited news: not tested on social media, court records or fiction.",
        "Six in ten of the training articles are US political news of 2016.",
        "Probabilities of statements and the threshold were fitted on the dev articles whose scores stand above; "
        "expect a little less on others.",
        "A content that ends more than about seventy words after its cue, or begins in an earlier sentence more than "
        "about fifty words before it, is cut, and so is what goes on in another paragraph without quotation "
        "marks.",
    ],
}
