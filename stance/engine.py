"""Labels a stream of articles into a run folder, a batch at a time: memory does not depend on how many there are."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from stance.config import Config
from stance.pipeline import Pipeline, settings
from stance.progress import Silence
from stance.read import ReadOptions, read
from stance.store import Counts, RunFolder
from stance.types import Article, Doc, Problem


def label_articles(
    paths: Sequence[str],
    out: str | Path,
    config: Config,
    overwrite: bool = False,
    limit: int | None = None,
    progress: Silence | None = None,
) -> Counts:
    """What `stance label` does: read, label, store. A run that was stopped goes on where it was.

    Args:
        paths: folders, files, globs, or "-" for standard input.
        out: the run folder.
        config: all options.
        overwrite: start anew in a folder that holds a run.
        limit: take this many articles at the most.
        progress: is told how it goes; nobody by default.

    Raises:
        StanceError: wrong paths, options, models, or a run folder made with other settings.
    """
    began = time.monotonic()
    progress = progress or Silence()
    options = ReadOptions(**config.read.model_dump())
    inputs = islice(read(paths, options), limit)
    with RunFolder(out, settings(config), overwrite) as run:
        if progress.wants_total and "-" not in paths:
            progress.expect(_articles(islice(read(paths, options), limit)))
        with progress:
            label(inputs, lambda: Pipeline.load(config), run, config.batch, progress.advance)
        return run.finish(time.monotonic() - began)


def label(
    inputs: Iterable[Article | Problem],
    load: Callable[[], Pipeline],
    run: RunFolder,
    batch: int,
    watch: Callable[[Article, bool], Any] = lambda article, fresh: None,
) -> None:
    """Label every article that the run folder does not hold yet.

    Args:
        inputs: articles, and what could not be read.
        load: gives the pipeline; called once there is something to do.
        run: takes the results after each batch, so that a killed run loses one batch at the most.
        batch: articles worked on at a time.
        watch: is told of every article that is finished, and whether it was now (or by an earlier start).
    """
    pipeline: Pipeline | None = None
    waiting: list[Article] = []

    def work() -> None:
        nonlocal pipeline
        pipeline = pipeline or load()
        run.add(pipeline.run([Doc(article) for article in waiting]))
        for article in waiting:
            watch(article, True)
        waiting.clear()

    for item in inputs:
        if isinstance(item, Problem):
            run.refuse(item)
        elif run.claim(item):
            waiting.append(item)
            if len(waiting) == batch:
                work()
        else:
            watch(item, False)
    if waiting:
        work()


def _articles(inputs: Iterable[Article | Problem]) -> Iterable[Article]:
    return (item for item in inputs if isinstance(item, Article))
