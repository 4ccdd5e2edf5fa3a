"""The function that labels articles, the same for one process, many, and many machines."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence

from stance.config import Config
from stance.pipeline import Pipeline
from stance.task import STEPS, Part, Task, part_of
from stance.types import Article

WARMING = "“We welcome the talks,” the minister said on Monday. She added that sanctions would not bring peace."
"""Of no event; every stage has something to do."""


class Labeller:
    """Labels batches of articles. It travels to other processes as its configuration; models are loaded when called.

    Args:
        config: all options.
        plan: the hash of the run's `stance.pipeline.settings`, with what stands in the files that `config` names.

    >>> label = Labeller(load_config())  # doctest: +SKIP
    >>> label([Task(article)])[0]["statements"]  # doctest: +SKIP
    """

    def __init__(self, config: Config, plan: str = "") -> None:
        self.config = config
        self.plan = plan
        self._pipeline: Pipeline | None = None

    def __reduce__(self) -> tuple[Callable[..., Labeller], tuple[Config, str]]:
        return labeller, (self.config, self.plan)

    @property
    def warming(self) -> str:
        """What `warm` needs to know, for the environment of the process that workers are forked from."""
        return json.dumps([self.config.model_dump(), self.plan])

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


_ready: Labeller | None = None
"""With its models, in processes forked from one that called `warm`."""


def labeller(config: Config, plan: str) -> Labeller:
    """The one that was loaded before this process was forked, if it is for the same; else a new one."""
    same = _ready and (_ready.config, _ready.plan) == (config, plan)
    return _ready if _ready and same else Labeller(config, plan)


def warm(warming: str) -> None:
    """Load the models, and label a little text, so that processes forked from this one share what that takes."""
    global _ready
    use_threads(1)  # threads of a library do not survive a fork
    values, plan = json.loads(warming)
    label = Labeller(Config(**values), plan)
    label([Task(Article("", WARMING))])
    gc.freeze()  # what is collected is written to, and no longer shared then
    _ready = label


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
