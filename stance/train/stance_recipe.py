"""What a stance model is trained on and how: the recipe file, the targets asked, and their other wordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from stance.config import Topics
from stance.targets import questions
from stance.train.recipe import made, options_in

if TYPE_CHECKING:
    from stance.weights import Bits


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of training: which sets, how many times each in an epoch (below 1: a share), how long, how fast."""

    name: str
    mix: Mapping[str, float]
    epochs: float
    learning_rate: float
    batch_size: int
    frozen: int = 0
    paired: float = 1.0
    stance_weight: float = 1.0
    side_weights: tuple[float, float, float] = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what training gives; explained in configs/train/stance.yaml."""

    phases: Sequence[Phase]
    topics: str
    base: str = "not stated"
    wordings: str | None = None
    rows: Sequence[str] = ()
    phrases: str | None = None
    composed: int = 12_000
    marked: Sequence[str] = ()
    topics_out: Sequence[str] = ()
    outlets_out: Sequence[str] = ()
    looks: int = 2
    inner: int | None = None
    pieces: int | None = None
    bits: Bits = 16
    seed: int = 13
    many: float = 1.0
    pairs: float = 1.0
    hard: float = 1
    easy: float = 1
    corrections: bool = True
    title: bool = True
    context: bool = True
    reworded: float = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """The known targets and topics: texts as the model reads them, in the order of the head's corrections."""

    texts: Mapping[str, str]
    topics: frozenset[str]
    topic_of: Mapping[str, str]

    def without(self, topics: Sequence[str]) -> Asked:
        """What is asked when some topics' targets are unknown."""
        out = {f"topic/{topic}" for topic in topics}
        texts = {i: text for i, text in self.texts.items() if i not in out and self.topic_of.get(i) not in out}
        return Asked(texts, self.topics - out, {i: topic for i, topic in self.topic_of.items() if i in texts})


def load_recipe(path: Path) -> Recipe:
    """Read a recipe file.

    Raises:
        ConfigError: an option is unknown or missing.
    """
    recipe = made(Recipe, options_in(path), path)
    return replace(recipe, phases=[made(Phase, phase, path) for phase in recipe.phases])  # type: ignore[arg-type]


def asked_of(topics: Topics) -> Asked:
    """Targets, then topics, as the model is asked of them."""
    topic_of = {target.id: f"topic/{target.topic}" for target in topics.targets}
    ids = [*topic_of, *(f"topic/{topic.id}" for topic in topics.topics)]
    return Asked(dict(zip(ids, questions(topics), strict=True)), frozenset(topic_of.values()), topic_of)


def load_wordings(path: Path | None) -> dict[str, tuple[list[str], list[str]]]:
    """Target id to other texts that say the same, and texts that say the opposite."""
    data = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {}
    return {identifier: (entry.get("same", []), entry.get("opposite", [])) for identifier, entry in data.items()}
