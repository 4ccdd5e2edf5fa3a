"""Labels shards on many machines with Ray: every worker reads, labels and writes whole shards by itself.

Nothing but names and counts passes between the machines. A worker that is lost loses the shard that it was at; Ray
gives that to another one. The shards that are done stay done, whatever becomes of the rest.
"""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from stance.config import Config
from stance.engine import Here, label
from stance.errors import InputError, MissingExtraError, StanceError
from stance.labeller import Labeller, use_threads
from stance.pipeline import settings
from stance.pool import MEMORY
from stance.read import ReadOptions, Source, find_sources, read_sources
from stance.shards import Shard, ShardFolder, ShardWriter, plan
from stance.types import Problem

TRIES = 3
"""Workers that may be lost over one shard until it is left out."""

PER_GPU = 4
"""Workers that share a graphics card; not measured."""

Report = dict[str, Any]
"""What a worker says of a shard: its done marker, or {"error": ...}."""

Workers = Callable[[Sequence[Shard], Callable[[], "ShardLabeller"]], Iterator[Report]]
"""Whoever has shards labelled; takes them and what makes a labeller, gives reports in any order."""


@dataclass
class ShardCounts:
    """What a folder of shards holds."""

    shards: int = 0
    fresh: int = 0
    """Shards that this start has labelled."""
    articles: int = 0
    statements: int = 0
    stances: int = 0
    fresh_articles: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    """Problems by kind."""

    def add(self, report: Report) -> None:
        self.shards += 1
        for name in ("articles", "statements", "stances"):
            setattr(self, name, getattr(self, name) + report[name])
        self.problems.update(problem["kind"] for problem in report["problems"])


class ShardLabeller:
    """Labels shards, one after the other; lives in a worker.

    Args:
        config: of the run.
        out: where shards are written.
        hash: of the settings; this machine's must be the same.

    >>> ShardLabeller(config, "s3://bucket/run", settings(config)["hash"])(shard)  # doctest: +SKIP
    """

    def __init__(self, config: Config, out: str, hash: str) -> None:
        self.config, self.hash = config, hash
        self.folder = ShardFolder(out)
        self.options = ReadOptions(**config.read.model_dump())
        self.engine = Here(Labeller(config))
        self._checked = False

    def __call__(self, shard: Shard) -> Report:
        """Label a shard, if no other worker has done so.

        Returns:
            Its done marker; or an error that is no article's, which ends the run.
        """
        try:
            self._check()
            if self.folder.is_done(shard.name):
                return self.folder.markers([shard.name])[0]
            if self.folder.tries(shard.name, uuid.uuid4().hex) > TRIES:
                with ShardWriter(self.folder, shard.name) as writer:
                    writer.refuse(_lost(shard))
                    return writer.finish(seconds=0, given_up=True)
            return self._label(shard)
        except StanceError as error:
            return {"error": str(error)}
        except OSError as error:
            return {"error": f"{socket.gethostname()} cannot write to {self.folder.url}: {error}. Check your rights."}

    def _check(self) -> None:
        if self._checked:
            return
        if settings(self.config)["hash"] != self.hash:
            raise InputError(
                f"{socket.gethostname()} has another version of stance, of its models, or of the topics and speakers "
                "files. Install the same on every machine, and give files by paths that mean the same everywhere."
            )
        self._checked = True

    def _label(self, shard: Shard) -> Report:
        began = time.monotonic()
        with ShardWriter(self.folder, shard.name) as writer:
            label(read_sources(shard.sources, self.options), self.engine, writer, self.config.batch)
            return writer.finish(
                seconds=round(time.monotonic() - began, 2), host=socket.gethostname(), process=os.getpid()
            )


def label_shards(
    paths: Sequence[str],
    out: str,
    config: Config,
    workers: Workers | None = None,
    watch: Callable[[ShardCounts, int], Any] = lambda counts, shards: None,
) -> ShardCounts:
    """What `stance label --engine ray` does. Shards that are done already are not labelled again.

    Args:
        paths: folders, files, globs or URLs, the same on all machines.
        out: folder or URL for the shards; `stance merge` makes a run of them.
        config: all options.
        workers: who has them labelled; Ray by default.
        watch: is told after each shard what there is by now, and how many shards there are in all.

    Raises:
        StanceError: wrong paths, options or models, here or on another machine.
    """
    made = settings(config)
    if "-" in paths:
        raise InputError("Standard input cannot be read by many machines. Give files, folders or URLs.")
    found = find_sources(paths)
    shards = plan([item for item in found if isinstance(item, Source)], made["hash"])
    unread = [item for item in found if isinstance(item, Problem)]
    folder = ShardFolder(out)
    folder.begin(made, shards, unread)
    folder.forget_tries()
    names = [shard.name for shard in shards]
    before = folder.done()
    counts = ShardCounts(problems=Counter(problem.kind for problem in unread))
    done = set()
    for report in folder.markers([name for name in names if name in before]):
        if report.get("given_up"):
            folder.undo(report["shard"])
        else:
            done.add(report["shard"])
            counts.add(report)
    todo = [shard for shard in shards if shard.name not in done]
    watch(counts, len(shards))
    for report in (workers or partial(on_ray, config))(todo, partial(ShardLabeller, config, out, made["hash"])):
        if "error" in report:
            raise StanceError(report["error"])
        counts.add(report)
        counts.fresh += 1
        counts.fresh_articles += report["articles"]
        watch(counts, len(shards))
    folder.forget_tries()
    folder.sweep(names)
    return counts


def on_ray(config: Config, shards: Sequence[Shard], make: Callable[[], ShardLabeller]) -> Iterator[Report]:
    """Label shards on the Ray cluster that RAY_ADDRESS names or that this machine belongs to, else on a local one.

    Raises:
        MissingExtraError: Ray is not installed.
    """
    if not shards:
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # tells nobody that it is used
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # a lost worker is no fault; ours are told otherwise
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise MissingExtraError("--engine ray", "ray") from error
    with _connected(ray):
        number, processors, cards = _shares(config, ray.cluster_resources(), len(shards))
        reports = ray.data.from_items([{"shard": shard.to_json()} for shard in shards], override_num_blocks=len(shards))
        reports = reports.map_batches(
            _Worker,
            fn_constructor_args=(make, os.getcwd()),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=number, max_tasks_in_flight_per_actor=1),
            num_cpus=processors,
            num_gpus=cards,
            memory=MEMORY,
        )
        for row in reports.iter_rows():
            yield row["report"]


@contextmanager
def _connected(ray: Any) -> Iterator[None]:
    """A connection to the cluster, for as long as this lasts."""
    mine = not ray.is_initialized()
    try:
        if mine:
            ray.init(logging_level=logging.ERROR, log_to_driver=False)
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield
    except ConnectionError as error:
        raise StanceError(f"There is no Ray cluster: {error} Start one with `ray start --head`.") from error
    except ray.exceptions.RayError as error:
        raise StanceError(f"The Ray cluster failed: {error} The same command goes on where this one was.") from error
    finally:
        if mine:
            ray.shutdown()


class _Worker:
    """A ShardLabeller as Ray Data calls it: columns in, columns out."""

    def __init__(self, make: Callable[[], ShardLabeller], folder: str) -> None:
        with suppress(FileNotFoundError):  # where all paths are URLs or absolute, it need not be there
            os.chdir(folder)
        use_threads(1)
        self.label = make()

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[Report]]:
        return {"report": [self.label(Shard.from_json(text)) for text in batch["shard"]]}


def _shares(config: Config, resources: Mapping[str, float], shards: int) -> tuple[int, float, float]:
    """How many workers there are to be, and each one's share of processors and of graphics cards."""
    cards = resources.get("GPU", 0) if config.device in (None, "cuda") else 0
    most = min(resources.get("CPU", 1), resources.get("memory", MEMORY) // MEMORY, cards * PER_GPU or float("inf"))
    number = max(1, min(config.workers or int(most), shards))
    return number, 1, min(1.0, cards / number)


def _lost(shard: Shard) -> Problem:
    first, last = shard.sources[0].path, shard.sources[-1].path
    reason = (
        f"{TRIES} workers were lost while they labelled {first}" + (f" to {last}" if last != first else "") + ", most "
        "likely for want of memory. The same command tries it again; give each worker more, with fewer of them "
        "(--workers)."
    )
    return Problem(None, first, "label", "killed", reason)
