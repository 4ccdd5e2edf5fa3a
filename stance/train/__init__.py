"""Training: the shipped models by recipes that anyone can run again, and models that learn from one's own articles.

Models from nothing: `pretrain` (the encoder), `attribution`, `stance`, each by its recipe in configs/train and with its
`_rows`, `_calibration` and so on; `marked` and `compose` (`scene`, `phrases`) make further rows; `vocabulary` keeps
fewer word pieces; `speaker` (pronouns).

Learning from corrections: `finetune` trains a `part` (`finetune_stance`, `finetune_attribution`) from a `start`, with
articles `hold_out` and a `proof` of before and after; `retain` and `rescale` keep what it knew, `adapters` change few
weights. `rehearse` tells beforehand what it takes, `doubts` and `noise` what looks wrong in the articles. Pronouns go
their own way, `finetune_speaker`.

Shared: `loop` trains (rows in `order`, learning `curve`), `recipe` reads options, `refuse` keeps out what is evaluated
on, `card` writes the model card.
"""

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
    from stance.yamlfile import YamlFile

    options = YamlFile(recipe).data
    task = options.get("task") if isinstance(options, dict) else None
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
