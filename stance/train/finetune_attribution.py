"""The attribution model learns from articles of a user's own: cues, sources and contents."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.link import Linker
from stance.tag import CALIBRATION, CUES, LABEL_NAMES, ROLES, SCOPES, TAGS, AttributionModel, Tagger
from stance.train.attribution import Batcher, annotated, loss, new_model, write_json
from stance.train.attribution_calibration import cue_rates, fit_weights
from stance.train.attribution_rows import IGNORED, Corpus, rows
from stance.train.ranges import write_ranges_of_rows
from stance.train.retain import divergence
from stance.types import Doc

if TYPE_CHECKING:
    import torch
    from torch import nn

    from stance.train.finetune_recipe import FinetuneRecipe
    from stance.train.loop import Row

ENOUGH = 300
"""Statements of held-out articles from which on the weights of the evidence are fitted anew."""
SCOPE = "codebook"


class AttributionPart:
    """As `stance.train.part.Part` says.

    Args:
        start: the folder of an attribution model, or of a plain encoder.
        recipe: how to learn.
    """

    role = "attribution"
    metrics = ("statements", "exact", "kind", "end_to_end", "content.exact", "source.exact", "cue.exact")
    given = ()

    def __init__(self, start: Path, recipe: FinetuneRecipe) -> None:
        from stance.encoder import load_tokenizer

        self.start, self.recipe = start, recipe
        config = json.loads((start / "config.json").read_text(encoding="utf-8"))
        self.parent = [*config.get("id2label", {}).values()] == LABEL_NAMES
        self.batch = recipe.schedule.batch_size
        self.tokenizer = load_tokenizer(start)
        self.collate = Batcher(self.tokenizer.mask_token_id, recipe.masked)
        self.plain = Batcher(self.tokenizer.mask_token_id)
        self.weights: list[float] | None = None

    def rows(self, docs: Sequence[Doc]) -> list[Row]:
        made = rows([Corpus(docs, SCOPE)], self.tokenizer, self.recipe.schedule.seed)
        if self.recipe.class_weights:
            self.weights = _balanced(made)
        return list(made)

    def unlabelled(self, docs: Sequence[Doc]) -> list[Row]:
        return [{**row, "labels": [[IGNORED] * len(ROLES)] * len(row["labels"])} for row in self.rows(docs)]

    def replayed(self, folder: Path | None, held_out: Sequence[Doc]) -> list[Row]:
        if folder is None:  # what comes with the product says where in articles, and articles do not come with it
            return []
        from stance.shipped import shipped
        from stance.train.attribution import Recipe
        from stance.train.refuse import Guard, refuse_evaluated, whole

        path = shipped("configs") / "train" / "attribution.yaml"
        recipe = Recipe.load(path)
        refuse_evaluated([folder / corpus["path"] for corpus in recipe.corpora if "path" in corpus])
        guard = Guard((doc.article.id, doc.article.text) for doc in held_out)
        corpora = []
        for corpus in recipe.corpora:
            docs = [d for d in annotated(corpus, folder, path) if guard.like(d.article.text, whole) is None]
            corpora.append(Corpus(docs, corpus["scope"]))
        return list(rows(corpora, self.tokenizer, self.recipe.schedule.seed))

    def build(self) -> nn.Module:
        model = new_model(self.start)
        for layer in model.base_model.encoder.layer[: self.recipe.frozen]:
            layer.requires_grad_(False)
        return model

    def encoder(self, model: Any) -> Any:
        return model

    def loss(self, model: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        own = loss(model, batch, self.weights)
        return own if (batch["labels"] != IGNORED).any() else own.nan_to_num() * 0

    def divergence(self, said: Any, told: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        mask = batch["attention_mask"].bool()
        own, other = _by_tag(said.logits, mask), _by_tag(told.logits, mask)
        return (divergence(own, other) * ~_corrected(other, batch, mask)).mean(0).sum()

    def save(self, model: Any, out: Path, learned: Sequence[Doc]) -> None:
        model.half().save_pretrained(out)
        self.tokenizer.save_pretrained(out)
        write_ranges_of_rows(out, self.rows(learned))
        own = cue_rates({SCOPE: learned})
        if not self.parent:
            write_json(out / CUES, own)
            return
        if (self.start / CALIBRATION).is_file():
            shutil.copyfile(self.start / CALIBRATION, out / CALIBRATION)
        known = json.loads((self.start / CUES).read_text(encoding="utf-8")) if (self.start / CUES).is_file() else {}
        write_json(out / CUES, {**known, SCOPE: {**own[SCOPE], **known.get(SCOPE, {})}})

    def calibrate(self, out: Path, held_out: Sequence[Doc]) -> str:
        statements = sum(len(doc.statements) for doc in held_out)
        if self.parent and statements < ENOUGH:
            return (
                f"The weights of the evidence are those of the model begun with: {statements} held-out statements are "
                f"too few to fit them ({ENOUGH} are enough)."
            )
        raw = AttributionModel.load(out, SCOPE)
        blank = [Doc(doc.article, doc.paragraphs, doc.sentences) for doc in held_out]
        fitted = fit_weights(held_out, Linker(raw).propose(Tagger(raw)(blank)))
        path = out / CALIBRATION
        known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        write_json(path, {**known, SCOPE: fitted})
        return f"The weights of the evidence were fitted on {statements} statements of the held-out articles."


def _by_tag(logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Logits of the tokens that there are: [tokens, scopes * roles, tags]."""
    return logits[mask].unflatten(-1, (len(SCOPES) * len(ROLES), len(TAGS)))


def _corrected(told: torch.Tensor, batch: Mapping[str, torch.Tensor], mask: torch.Tensor) -> torch.Tensor:
    """Where the annotation says another tag than the model begun with: [tokens, scopes * roles]."""
    import torch

    labels = torch.full((*batch["labels"].shape[:2], len(SCOPES), len(ROLES)), IGNORED, device=told.device)
    labels[torch.arange(len(labels)), :, batch["scope"]] = batch["labels"]
    own = labels.flatten(2)[mask]
    return (own != IGNORED) & (own != told.argmax(-1))


def _balanced(made: Sequence[Row]) -> list[float]:
    """A weight for each tag: the root of how rare it is, for outside is nearly everything; one for outside."""
    counts = [1] * len(TAGS)
    for row in made:
        for labels in row["labels"]:
            for tag in labels:
                if tag != IGNORED:
                    counts[tag] += 1
    return [min(5.0, (counts[0] / count) ** 0.5) for count in counts]
