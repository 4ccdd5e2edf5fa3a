"""Recipe files: YAML with a `task`, and options that are the fields of a dataclass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar

from stance.errors import ConfigError
from stance.yamlfile import YamlFile, did_you_mean

T = TypeVar("T")


def options_in(path: Path) -> dict[str, Any]:
    """The options of a recipe file.

    Raises:
        ConfigError: the file cannot be read, or holds no options.
    """
    data = YamlFile(path).data
    if not isinstance(data, dict):
        raise ConfigError(f"{path} is no recipe: it must hold options. Those in configs/train show how.")
    return {key: value for key, value in data.items() if key != "task"}


def made(kind: type[T], options: Mapping[str, Any], path: Path) -> T:
    """A recipe, or a part of one, of its options.

    Raises:
        ConfigError: an option is unknown or missing.
    """
    own = fields(kind)  # type: ignore[arg-type]
    names, what = [field.name for field in own], kind.__name__.lower()
    for key in options:
        if key not in names:
            raise ConfigError(f"{path}: there is no option {key!r} in a {what}.{did_you_mean(key, names)}")
    needed = [field.name for field in own if field.default is MISSING and field.default_factory is MISSING]
    if missing := [name for name in needed if name not in options]:
        raise ConfigError(f"{path}: a {what} needs {', '.join(missing)}. Those in configs/train show every option.")
    return kind(**options)
