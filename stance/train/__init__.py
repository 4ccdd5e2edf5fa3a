"""Training of the shipped models, by recipes in configs/train that anyone can run again."""

from __future__ import annotations

from pathlib import Path

from stance.errors import ConfigError

TASKS = ("encoder", "attribution", "stance")


def train(recipe: Path, data: Path, base: Path, out: Path) -> Path:
    """Train the model that a recipe is for and write its folder.

    Args:
        recipe: a YAML file with its `task`, as in configs/train.
        data: folder with the data that the recipe names.
        base: folder of the encoder to begin with.
        out: the model's folder; a training that was killed goes on from its last checkpoint there.

    Raises:
        ConfigError: the recipe names no known task.
    """
    import yaml

    task = (yaml.safe_load(recipe.read_text(encoding="utf-8")) or {}).get("task")
    if task == "encoder":
        from stance.train import pretrain

        return pretrain.train(recipe, data, base, out)
    if task == "attribution":
        from stance.train import attribution

        return attribution.train(recipe, data, base, out)
    if task == "stance":
        from stance.train import stance

        return stance.train_recipe(recipe, data, base, out)
    raise ConfigError(f"{recipe}: `task` is {task!r}, but must be one of: {', '.join(TASKS)}.")
