"""YAML files read so that an error can name the line: plain values plus where each key stands."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stance.errors import ConfigError

MOST = 50
"""Known words that a message lists at the most."""

Place = tuple[str | int, ...]
"""The way to a value: mapping keys and list indices from the root."""


class YamlFile:
    """A YAML file's plain `data`, and the line of every value.

    >>> YamlFile("default.yaml").where(("read", "encoding"))  # doctest: +SKIP
    'default.yaml:12'
    """

    def __init__(self, path: str | Path) -> None:
        import yaml

        self.path = Path(path)
        self._lines: dict[Place, int] = {}
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise ConfigError(f"Cannot read {self.path}: {reason}. Give the path of a YAML file.") from error
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            self.data: Any = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f":{mark.line + 1}" if mark else ""
            problem = getattr(error, "problem", None) or str(error)
            raise ConfigError(
                f"{self.path}{line}: this is not valid YAML: {problem}. Check indentation and quotes there."
            ) from error
        if root is not None:
            self._walk(root, ())

    def _walk(self, node: Any, place: Place) -> None:
        import yaml

        self._lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                inner = (*place, key.value)
                if inner in self._lines:
                    raise ConfigError(
                        f"{self.path}:{key.start_mark.line + 1}: the key {key.value!r} is given twice "
                        f"(first in line {self._lines[inner]}). Keep one of them."
                    )
                self._lines[inner] = key.start_mark.line + 1
                self._walk(value, inner)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._walk(value, (*place, index))

    def where(self, place: Place) -> str:
        """`file:line` of a value, or of the nearest thing around it that the file has."""
        return f"{self.path}:{self.line(place)}"

    def line(self, place: Place) -> int:
        """The line (from 1) of a value, or of the nearest thing around it that the file has."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that begins with a space: the nearest known word, or all of them where none is near.

    >>> did_you_mean("enconding", ["encoding", "device"])
    ' Did you mean "encoding"?'
    """
    options = list(known)
    folded = {option.casefold(): option for option in options}
    near = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if near:
        return f' Did you mean "{folded[near[0]]}"?'
    shown = ", ".join(options[:MOST]) + (f" and {len(options) - MOST} more" if len(options) > MOST else "")
    return f" Known: {shown}." if options else ""
