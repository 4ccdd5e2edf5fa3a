"""The function that labels articles, the same for one process, many, and many machines."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Sequence

from stance.config import Config
from stance.pipeline import Pipeline
from stance.task import STEPS, Part, Task, part_of


class Labeller:
    """Labels batches of articles. It travels to other processes as its configuration; models are loaded when called.

    >>> label = Labeller(load_config())  # doctest: +SKIP
    >>> label([Task(article)])[0]["statements"]  # doctest: +SKIP
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self._pipeline: Pipeline | None = None

    def __reduce__(self) -> tuple[type[Labeller], tuple[Config]]:
        return Labeller, (self.config,)

    def __call__(self, tasks: Sequence[Task]) -> list[Part]:
        """One Part a task, in order.

        Raises:
            StanceError: a fault that is not an article's, such as a missing model; with `strict`, any fault.
        """
        self._pipeline = self._pipeline or Pipeline.load(self.config)
        parts: dict[int, Part] = {}
        for first in STEPS:
            places = [place for place, task in enumerate(tasks) if task.first == first]
            docs = self._pipeline.run([tasks[place].doc for place in places], first)
            parts |= zip(places, map(part_of, docs), strict=True)
        trim_memory()
        return [parts[place] for place in range(len(tasks))]


def trim_memory() -> None:
    """Give back to the system what was freed, where the C library would keep it (glibc): a quarter of what is held."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def use_threads(number: int) -> None:
    """Let the models of this process use so many threads."""
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if number > 1 else "false"
    os.environ["OMP_NUM_THREADS"] = str(number)  # heeded where the library is loaded later
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(number)
