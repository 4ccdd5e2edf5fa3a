"""What a stance model is trained on and how: the recipe file, the targets asked, and their other wordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from stance.errors import ConfigError


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
    wordings: str | None = None
    rows: Sequence[str] = ()
    phrases: str | None = None
    composed: int = 12_000
    marked: Sequence[str] = ()
    topics_out: Sequence[str] = ()
    outlets_out: Sequence[str] = ()
    looks: int = 2
    seed: int = 13
    many: float = 1.0
    pairs: float = 1.0
    hard: float = 1
    easy: float = 1
    corrections: bool = True
    title: bool = True
    context: bool = True
    reworded: float = 0.3
    limit: int | None = None


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


def load_recipe(path: Path, settings: Sequence[str] = ()) -> Recipe:
    """A recipe file with `key=value` settings over it; `phase.key=value` changes a phase.

    Raises:
        ConfigError: an unknown key.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data.pop("task", None)
    for setting in settings:
        key, _, text = setting.partition("=")
        phase, dot, inner = key.partition(".")
        target = next(p for p in data["phases"] if p["name"] == phase) if dot else data
        target[inner if dot else key] = yaml.safe_load(text)
    return _made(Recipe, {**data, "phases": [_made(Phase, phase, path) for phase in data["phases"]]}, path)


def _made(kind: type, data: Mapping[str, Any], path: Path) -> Any:
    known = {f.name for f in fields(kind)}
    for key in data:
        if key not in known:
            raise ConfigError(
                f"{path}: there is no option {key!r} in a {kind.__name__.lower()}. Known: {', '.join(sorted(known))}."
            )
    return kind(**data)


def load_asked(path: Path) -> Asked:
    """The targets, then the topics, of a topics file (read without the checks of `stance.config`)."""
    topics = yaml.safe_load(path.read_text(encoding="utf-8"))["topics"]
    texts, topic_of = {}, {}
    for topic in topics:
        for target in topic["targets"]:
            label = target.get("label") or target["id"].replace("-", " ")
            texts[target["id"]] = f"{label}: {target['proposition']}"
            topic_of[target["id"]] = f"topic/{topic['id']}"
    for topic in topics:
        texts[f"topic/{topic['id']}"] = f"topic: {topic.get('label') or topic['id'].replace('-', ' ')}"
    return Asked(texts, frozenset(topic_of.values()), topic_of)


def load_wordings(path: Path | None) -> dict[str, tuple[list[str], list[str]]]:
    """Target id to other texts that say the same, and texts that say the opposite."""
    data = yaml.safe_load(path.read_text(encoding="utf-8")) if path else {}
    return {identifier: (entry.get("same", []), entry.get("opposite", [])) for identifier, entry in data.items()}
