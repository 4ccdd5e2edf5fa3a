"""What every format is: a name, how it is written and read, and what it cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stance.annotate.findings import Source
from stance.config import Topics
from stance.types import Doc

SOME = "An article of which it holds some statements only teaches stances and speakers, not where statements are."
"""What a format for single statements cannot say: that the others are none."""


@dataclass(frozen=True, slots=True)
class Export:
    """What an export needs besides the articles."""

    topics: Topics
    checked: bool = False
    """Whether statements are given as annotation that a person has made, not as a model's predictions."""
    model: str = "stance"
    """Name of what made the predictions, where a format has a place for it."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format. A new one is a file with one of these, listed in stance/annotate/__init__.py."""

    name: str
    tool: str
    """What reads it."""
    files: str
    """Pattern of the names of its files in a folder."""
    write: Callable[[Sequence[Doc], Export], dict[str, bytes]]
    """File names to contents. A single file may be given any name."""
    read: Callable[[Source], list[Doc]]
    losses: tuple[str, ...] = ()
    """What it cannot hold, a sentence each."""
    setup: Callable[[Export], str] | None = None
    """What the tool must be set up with: a labelling configuration, layers, a command."""
    folder: bool = False
    """Whether it is several files."""
    needs_texts: bool = False
    """Whether it has no texts, so that reading needs the run."""
    single: bool = False
    """Whether it can hold some statements of an article; the others need whole articles."""
