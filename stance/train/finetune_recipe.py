"""Everything that decides what fine-tuning gives, read from configs/train/finetune_*.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from stance.errors import ConfigError
from stance.train.loop import Schedule
from stance.train.recipe import made, options_in
from stance.yamlfile import did_you_mean


@dataclass(frozen=True, slots=True)
class FinetuneRecipe:
    """Explained in configs/train/finetune_stance.yaml."""

    schedule: Schedule = field(default_factory=Schedule)
    held_out: float = 0.2
    keep: float = 0.0
    near: float = 0.0
    replay: float = 0.0
    class_weights: bool = False
    lora: int = 0
    frozen: int = 0
    reworded: float = 0.3
    masked: float = 0.05

    @classmethod
    def load(cls, path: Path, settings: Mapping[str, Any]) -> FinetuneRecipe:
        """A recipe file with some options changed; those of the schedule are called `schedule.NAME`.

        Raises:
            ConfigError: an option is unknown, or its value cannot be.
        """
        data = options_in(path)
        schedule = dict(data.pop("schedule", {}))
        known = [*data, *(f"schedule.{f.name}" for f in fields(Schedule))]
        for key, value in settings.items():
            if key not in known:  # a file holds what its part has, so that no option is taken and then does nothing
                raise ConfigError(f"{path.name}: there is no option {key!r}.{did_you_mean(key, known)}")
            where = schedule if key.startswith("schedule.") else data
            where[key.removeprefix("schedule.")] = value
        recipe = made(cls, {**data, "schedule": made(Schedule, schedule, path)}, path)
        _check(recipe, path, "")
        _check(recipe.schedule, path, "schedule.")
        if not 0 < recipe.held_out < 1:
            raise ConfigError(f"held_out is {recipe.held_out}: it must be a share between 0 and 1, such as 0.2.")
        if recipe.lora and recipe.frozen:
            raise ConfigError(
                "frozen does nothing beside lora, under which every layer stays as it is but for its adapter. Set one."
            )
        return recipe

    def values(self) -> dict[str, Any]:
        """All options, for files that keep them."""
        return asdict(self)


LORA = {"lora": 16, "schedule.learning_rate": 5e-4}
"""Rank, and a rate at which so few weights learn something in a few epochs."""


def given(settings: Sequence[str], epochs: float | None, seed: int | None, lora: bool) -> dict[str, Any]:
    """The options of a command line as `FinetuneRecipe.load` takes them.

    Args:
        settings: `key=value` each.
        epochs, seed: None where they stay as the recipe has them.
        lora: whether to train low-rank adapters: `LORA`, unless the settings say otherwise.

    Raises:
        ConfigError: a setting is no `key=value`.
    """
    found: dict[str, Any] = dict(LORA) if lora else {}
    for text in settings:
        key, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"--set {text}: write it as key=value, for example --set schedule.epochs=10.")
        found[key.strip()] = _value(value)
    found |= {} if epochs is None else {"schedule.epochs": epochs}
    return found | ({} if seed is None else {"schedule.seed": seed})


def _value(text: str) -> Any:
    """A value as YAML reads it, and 3e-4, which it takes for a word, as a number."""
    try:
        return float(text) if "e" in text.lower() else yaml.safe_load(text)
    except ValueError:
        return yaml.safe_load(text)


def _check(options: FinetuneRecipe | Schedule, path: Path, prefix: str) -> None:
    for own in fields(options):
        kind, value = str(own.type), getattr(options, own.name)
        fits = isinstance(value, bool) if kind == "bool" else kind == "Schedule" or _number(value, kind)
        if not fits:
            raise ConfigError(f"{path.name}: {prefix}{own.name} cannot be {value!r}; it must be {kind}.")


def _number(value: Any, kind: str) -> bool:
    if value is None:
        return "None" in kind
    whole = isinstance(value, int) and not isinstance(value, bool)
    return (whole or ("float" in kind and isinstance(value, float))) and value >= 0
