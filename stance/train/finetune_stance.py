"""The stance model learns from articles of a user's own: targets and stances, in one pass over all targets."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.config import Topics, load_topics
from stance.errors import InputError
from stance.judge import Judge, load_calibration, save_calibration
from stance.shipped import shipped
from stance.targets import Aliases
from stance.train.ranges import write_ranges_of_views
from stance.train.retain import divergence
from stance.train.stance import build, freeze, judged, save
from stance.train.stance_recipe import Asked, asked_of, load_wordings
from stance.train.stance_rows import ABOUT, OF_NAME, UNKNOWN, UNRELATED, Batcher, Example, tokenized
from stance.types import LABELS, Doc
from stance.view import Composer, view_of

if TYPE_CHECKING:
    import torch
    from torch import nn

    from stance.train.finetune_recipe import FinetuneRecipe
    from stance.train.loop import Row

ENOUGH = 300
"""Annotated targets of held-out articles from which on probabilities and thresholds are fitted anew."""
SOME = 30
"""Those from which on probabilities are, near the model's own, and thresholds stay: fewer would fit noise."""
CALIBRATION = "calibration.json"


class StancePart:
    """As `stance.train.part.Part` says.

    Args:
        start: the folder of a stance model, or of a plain encoder.
        topics: what the articles are annotated with.
        recipe: how to learn.
        labels: of the articles to learn from, for class weights.
    """

    role = "stance"
    metrics = ("end_to_end",)
    given = ("targets_stances", "targets", "stance")

    def __init__(self, start: Path, topics: Topics, recipe: FinetuneRecipe) -> None:
        from stance.encoder import load_tokenizer

        self.start, self.topics, self.recipe = start, topics, recipe
        self.parent = (start / "many.safetensors").is_file()
        self.batch = recipe.schedule.batch_size
        self.pairs = self.parent and load_calibration(start).asks_pairs
        self.asked = asked_of(topics)
        self.composer = Composer(load_tokenizer(start))
        self.known: list[str] = json.loads((start / "targets.json").read_text("utf-8")) if self.parent else []
        batcher = Batcher(
            self.composer, self.asked.texts, wordings_of(topics), self.asked.topics, self.asked.topic_of,
            pairs=self.pairs,
            reworded=recipe.reworded,
        )  # fmt: skip
        self.collate = _Blind(batcher)
        self.plain = _Blind(replace(batcher, reworded=0.0))
        self.weights: list[float] | None = None

    def rows(self, docs: Sequence[Doc]) -> list[Row]:
        examples = list(examples_of(docs, self.asked))
        if self.recipe.class_weights:
            self.weights = balanced([label for e in examples for label in e.labels.values()])
        return tokenized(examples, self.composer)

    def unlabelled(self, docs: Sequence[Doc]) -> list[Row]:
        bare = [doc.with_statements(replace(s, stances=()) for s in doc.statements) for doc in docs]
        return [{**row, "blind": True} for row in tokenized(list(examples_of(bare, self.asked)), self.composer)]

    def replayed(self, folder: Path | None, held_out: Sequence[Doc]) -> list[Row]:
        from stance.train.refuse import Guard
        from stance.train.stance import in_hand, load_examples
        from stance.train.stance_recipe import load_recipe

        path = shipped("configs") / "train" / "stance.yaml"
        recipe = in_hand(load_recipe(path), folder)
        old = asked_of(load_topics(path.parent / recipe.topics))
        same = {i for i, text in old.texts.items() if self.asked.texts.get(i) == text}
        if folder is None and not same:
            return []
        guard = Guard((doc.article.id, doc.article.text) for doc in held_out)
        found = load_examples(folder, recipe, old, path.parent)
        examples = [e for name in sorted(found) for e in found[name]]
        examples = [e for e in examples if guard.like(f"{e.view.context} {e.view.content}") is None]
        kept = [
            e if e.public else replace(e, labels={i: x for i, x in e.labels.items() if i in same}) for e in examples
        ]
        unasked = [place for place, i in enumerate(self.asked.texts) if i not in same]
        return [{**row, "unasked": unasked} for row in tokenized(kept, self.composer)]

    def build(self) -> nn.Module:
        import torch

        texts = self._texts()
        model = build(self.start, len(self.known) or len(texts))
        if self.known:
            old = model.many.known.weight.detach()
            new = torch.nn.Embedding(len(texts), old.shape[1])
            place = {text: row for row, text in enumerate(self.known)}
            with torch.no_grad():
                new.weight.zero_()
                for row, text in enumerate(texts):
                    if text in place:
                        new.weight[row] = old[place[text]]
            model.many.known = new
        freeze(model, self.recipe.frozen)
        return model

    def encoder(self, model: Any) -> Any:
        return model.encoder

    def loss(self, model: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        many, pairs = model(**{name: value for name, value in batch.items() if not name.endswith("labels")})
        total = judged(many.float(), batch["labels"], 1.0, self.weights)
        if pairs is not None:
            total = total + judged(pairs.float(), batch["pair_labels"], 1.0, self.weights)
        return total / len(batch["labels"])

    def divergence(self, said: Any, told: Any, batch: Mapping[str, torch.Tensor]) -> torch.Tensor:
        total = _kept(said[0], told[0], batch["labels"])
        if said[1] is not None:
            total = total + _kept(said[1], told[1], batch["pair_labels"])
        return total / len(batch["labels"])

    def save(self, model: Any, out: Path, learned: Sequence[Doc]) -> None:
        save(model, self.composer, self._texts(), out)
        write_ranges_of_views(out, self.composer, [e.view for e in examples_of(learned, self.asked)])
        if self.parent and (self.start / CALIBRATION).is_file():
            shutil.copyfile(self.start / CALIBRATION, out / CALIBRATION)

    def calibrate(self, out: Path, held_out: Sequence[Doc]) -> str:
        from stance.train.rescale import rescaled
        from stance.train.stance_calibration import Use, fit_best
        from stance.train.stance_scores import score_examples

        examples = list(examples_of(held_out, self.asked))
        targets = sum(i in e.labels for e in examples for i in self.asked.topic_of)
        fitted = f"fitted on {targets} annotated targets of the held-out articles"
        if self.parent and targets < SOME:
            return (
                f"Probabilities and thresholds are those of the model begun with: {targets} annotated targets in the "
                "held-out articles are too few to fit them."
            )
        if not targets:
            raise InputError("No held-out article has a stance toward a target, so no threshold can be fitted.")
        judge = Judge(out)
        scored = score_examples(judge, examples, self.asked, Aliases(self.topics.targets), pairs=self.pairs)
        if self.parent and targets < ENOUGH:
            save_calibration(rescaled(scored, load_calibration(out)), out)
            return f"Probabilities were {fitted}, near the old ones; thresholds are those of the model begun with."
        uses: tuple[Use, ...] = ("many", "pairs", "both") if self.pairs else ("many",)
        save_calibration(fit_best(scored, uses), out)
        return f"Probabilities and thresholds were {fitted}."

    def _texts(self) -> list[str]:
        """What the rows of the head's corrections are for: what is asked now, then what only the parent knew."""
        return list(dict.fromkeys([*self.asked.texts.values(), *self.known]))


def _kept(said: torch.Tensor, told: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Summed divergence of logits [..., 4], but for where labels [...] correct what was told."""
    own = told.argmax(-1)
    corrected = (labels != own) & (labels != UNKNOWN) & ((labels != ABOUT) | (own == UNRELATED))
    return (divergence(said, told) * ~corrected).sum()


class _Blind:
    """Batches in which rows teach nothing of what they were never annotated with.

    A row with "blind" has no labels at all; "unasked" are places of targets that its annotators did not know.
    """

    def __init__(self, batcher: Batcher) -> None:
        self.batcher = batcher

    def __call__(self, rows: list[Any]) -> dict[str, torch.Tensor]:
        batch = self.batcher(rows)
        sighted = [row for row in rows if not row.get("blind") and not row.get("unasked")]
        if "pair_labels" in batch and len(sighted) < len(rows):
            pairs = self.batcher(sighted) if sighted else {}
            batch = {name: value for name, value in batch.items() if not name.startswith("pair")}
            batch |= {name: value for name, value in pairs.items() if name.startswith("pair")}
        for number, row in enumerate(rows):
            if row.get("blind"):
                batch["labels"][number] = UNKNOWN
            elif row.get("unasked") and not row["example"].public:
                batch["labels"][number, row["unasked"]] = UNKNOWN
        return batch


def wordings_of(topics: Topics) -> dict[str, tuple[list[str], list[str]]]:
    """The shipped other wordings of those targets that are the shipped ones."""
    own = {target.id: target.proposition for target in topics.targets}
    same = {t.id for t in load_topics().targets if own.get(t.id) == t.proposition}
    known = load_wordings(shipped("configs") / "train" / "wordings.yaml")
    return {identifier: words for identifier, words in known.items() if identifier in same}


def examples_of(docs: Sequence[Doc], asked: Asked) -> Iterator[Example]:
    """One example a statement of annotated articles; a target that is not annotated is one it does not bear on."""
    for doc in docs:
        for statement in doc.statements:
            labels = {s.target: OF_NAME[s.label] for s in statement.stances if s.target in asked.topic_of}
            mere = {f"topic/{s.topic}": ABOUT for s in statement.stances if not s.target}
            topics = {asked.topic_of[target]: ABOUT for target in labels if target} | mere
            written = statement.source.text(doc.article.text) if statement.source else ""
            known = {i: label for i, label in {**labels, **topics}.items() if i in asked.texts}
            yield Example(view_of(doc, statement), written, known, group=doc.article.id, source="own")


def balanced(labels: Sequence[int]) -> list[float]:
    """A weight for each of favor, against and neutral, so that they count alike; their mean over the labels is one."""
    counts = [max(1, sum(label == OF_NAME[name] for label in labels)) for name in LABELS]
    return [sum(counts) / (len(counts) * count) for count in counts]
