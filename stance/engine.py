"""Labels a stream of articles into a run folder, a batch at a time: memory does not depend on how many there are."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

from stance.config import Config
from stance.labeller import Labeller
from stance.pipeline import settings
from stance.pool import Label, Pool, on_processors, processes
from stance.progress import Silence
from stance.read import ReadOptions, read
from stance.rows import doc_from_rows
from stance.store import Counts, RunFolder
from stance.task import Part, Task
from stance.types import Article, Problem

CHARACTERS = 200_000
"""A batch holds no more than this, but for a single article that is longer: memory does not depend on their length."""

FIRST = (8, 8)
"""Articles that the first batches hold at the most: all processes soon have work, and results come soon."""

LEAST = 2
"""Articles that batches hold even when they get smaller towards the end, so that all processes end together."""


class Engine(Protocol):
    """Whoever labels: this process, several, or many machines."""

    def run(self, batches: Iterable[list[Task]]) -> Iterator[list[Part]]:
        """Label batches, taken as they are needed, in any order."""
        ...


class Results(Protocol):
    """Whoever takes what an engine gives: a run folder, or the writer of a shard."""

    def claim(self, article: Article) -> Task | None:
        """What is to be done with an article of the input, if anything."""
        ...

    def refuse(self, problem: Problem) -> None:
        """Note an input that could not be read."""
        ...

    def keep(self, parts: Iterable[Part]) -> None:
        """Store labelled articles."""
        ...


class Here:
    """Labels in this process."""

    def __init__(self, label: Label) -> None:
        self.label = label

    def run(self, batches: Iterable[list[Task]]) -> Iterator[list[Part]]:
        return map(self.label, batches)


class Local:
    """Labels in this process where there is one batch only, else in as many as the configuration says.

    Args:
        config: all options.
        plan: as of `Labeller`.
    """

    def __init__(self, config: Config, plan: str) -> None:
        self.config = config
        self.label = Labeller(config, plan)

    def run(self, batches: Iterable[list[Task]]) -> Iterator[list[Part]]:
        batches = iter(batches)
        first = list(islice(batches, 2))
        workers = processes(self.config.workers, self.config.device) if len(first) == 2 else 1
        return self._engine(workers).run(chain(first, batches))

    def _engine(self, workers: int) -> Engine:
        if workers == 1:
            return Here(self.label)
        return Pool(self.label, workers, self.label.warming if on_processors(self.config.device) else "")


def label_articles(
    paths: Sequence[str],
    out: str | Path,
    config: Config,
    overwrite: bool = False,
    limit: int | None = None,
    progress: Silence | None = None,
) -> Counts:
    """What `stance label` does: read, label, store.

    A run that was stopped goes on where it was. In a finished one, only new and changed articles are labelled, articles
    that are gone are dropped, and what depends on a changed setting is done anew.

    Args:
        paths: folders, files, globs, or "-" for standard input.
        out: the run folder.
        config: all options.
        overwrite: start anew in a folder that holds a run.
        limit: take this many articles at the most.
        progress: is told how it goes; nobody by default.

    Raises:
        StanceError: wrong paths, options, models, or a folder that cannot be used.
    """
    began = time.monotonic()
    progress = progress or Silence()
    options = ReadOptions(**config.read.model_dump())
    inputs = islice(read(paths, options), limit)
    plan = settings(config)
    with RunFolder(out, plan, overwrite) as run:
        if progress.wants_total and "-" not in paths:
            progress.expect(_articles(islice(read(paths, options), limit)))
        with progress:
            label(inputs, Local(config, plan["hash"]), run, config.batch, progress.advance)
        return run.finish(time.monotonic() - began)


def label(
    inputs: Iterable[Article | Problem],
    engine: Engine,
    run: Results,
    batch: int,
    watch: Callable[[Article, bool], Any] = lambda article, fresh: None,
) -> None:
    """Label what is not there yet.

    Args:
        inputs: articles, and what could not be read.
        engine: labels; it is given nothing where there is nothing to do.
        run: takes the results after each batch, so that a killed run loses the batches in work at the most.
        batch: articles worked on at a time.
        watch: is told of every article that is finished, and whether it was now (or by an earlier start).
    """
    for parts in engine.run(_batches(_tasks(inputs, run, watch), batch)):
        run.keep(parts)
        for part in parts:
            watch(doc_from_rows(part["article"], ()).article, True)


def _tasks(inputs: Iterable[Article | Problem], run: Results, watch: Callable[[Article, bool], Any]) -> Iterator[Task]:
    for item in inputs:
        if isinstance(item, Problem):
            run.refuse(item)
        elif task := run.claim(item):
            yield task
        else:
            watch(item, False)


def _batches(tasks: Iterator[Task], most: int) -> Iterator[list[Task]]:
    first = iter(FIRST)
    ahead: deque[Task] = deque()
    while True:
        while len(ahead) < 2 * most and _characters(ahead) < CHARACTERS and (task := next(tasks, None)):
            ahead.append(task)
        if not ahead:
            return
        ending = len(ahead) < 2 * most and _characters(ahead) < CHARACTERS
        limit = min(most, next(first, max(LEAST, len(ahead) // 4) if ending else most))
        batch = [ahead.popleft()]
        while ahead and len(batch) < limit and _characters([*batch, ahead[0]]) <= CHARACTERS:
            batch.append(ahead.popleft())
        yield batch


def _characters(tasks: Iterable[Task]) -> int:
    return sum(len(task.article.text) for task in tasks)


def _articles(inputs: Iterable[Article | Problem]) -> Iterable[Article]:
    return (item for item in inputs if isinstance(item, Article))
