"""Labels with several processes on one machine, and gets over it when one of them is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from stance.errors import StanceError
from stance.labeller import use_threads
from stance.task import Part, Task, failed

Label = Callable[[Sequence[Task]], list[Part]]
"""What labels a batch: a `Labeller`."""

MOST_DEATHS = 4
"""Workers that die one after the other, without one batch done between, until the run is given up."""

PRELOAD = ["stance.warm", "stance.lean", "stance.pieces"]
"""What the process that workers are forked from loads once for all; with the first, Ctrl-C is no longer for it."""

WARMING = "STANCE_WARMING"
"""The variable of that process's environment with `stance.labeller.Labeller.warming`."""

MEMORY = 900 << 20
"""Bytes that a worker is reckoned with: what one alone holds. Forked ones share half of it."""


def processes(wanted: int | None, device: str | None) -> int:
    """How many workers to use: as many as wanted, else one a core as far as memory allows; one for a graphics card."""
    if wanted:
        return wanted
    if not on_processors(device):
        return 1
    return max(1, min(cores(), _free_memory() // MEMORY))


def on_processors(device: str | None) -> bool:
    """Whether models run on processors, not on a graphics card, if that is the device wished."""
    return device == "cpu" or (device is None and not _has_accelerator())


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class _Batch:
    tasks: list[Task]
    retried: bool = False


class Pool:
    """Labelling processes.

    A script that uses it must guard its own start with `if __name__ == "__main__":`, as for any multiprocessing.

    Args:
        label: what each of them does with a batch; it travels there pickled.
        workers: how many processes; they share the cores.
        warming: of the labeller, if the models shall be loaded before workers are forked, where the system can do that.
    """

    def __init__(self, label: Label, workers: int, warming: str = "") -> None:
        self.label = label
        self.workers = workers
        self.warming = warming
        self._idle: list[_Worker] = []
        self._busy: dict[Connection, _Worker] = {}
        self._again: deque[_Batch] = deque()
        self._deaths = 0

    def run(self, batches: Iterable[list[Task]]) -> Iterator[list[Part]]:
        """Label batches, in whatever order they are finished; no more are taken than there are workers.

        Raises:
            StanceError: a fault that is not an article's, or workers keep dying.
        """
        waiting = map(_Batch, batches)
        done: list[list[Part]] = []
        try:
            while True:
                while len(self._busy) < self.workers and (batch := self._next(waiting)):
                    worker = self._idle.pop() if self._idle else self._worker()
                    worker.give(batch)
                    self._busy[worker.pipe] = worker
                yield from done  # with the workers busy
                if not self._busy:
                    return
                ready = [self._busy.pop(pipe) for pipe in wait(list(self._busy))]
                done = [parts for worker in ready if (parts := self._taken(worker))]
        finally:
            for worker in (*self._idle, *self._busy.values()):
                worker.stop()

    def _worker(self) -> _Worker:
        """A new one; the first one starts the process that all are forked from, too."""
        os.environ[WARMING] = self.warming
        try:
            return _Worker(self.label, max(1, cores() // self.workers))
        finally:
            del os.environ[WARMING]

    def _next(self, waiting: Iterator[_Batch]) -> _Batch | None:
        return self._again.popleft() if self._again else next(waiting, None)

    def _taken(self, worker: _Worker) -> list[Part] | None:
        """What a worker made of its batch.

        Of one that died nothing is known but that one of its articles, or something outside, killed it: each is tried
        again alone, and what kills again is given up.
        """
        result = worker.take()
        if isinstance(result, StanceError):
            worker.stop()
            raise result
        if result is not None:
            self._deaths = 0
            self._idle.append(worker)
            return result
        self._deaths += 1
        code, batch = worker.process.exitcode, worker.batch
        if self._deaths == MOST_DEATHS:
            raise StanceError(_dying(code))
        if batch.retried:
            return [_lost(task, code) for task in batch.tasks]
        self._again.extend(_Batch([task], retried=True) for task in batch.tasks)
        return None


class _Worker:
    """One process, and the end of the pipe to it."""

    def __init__(self, label: Label, threads: int) -> None:
        context = _context()
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, label, threads), daemon=True)
        self.process.start()
        theirs.close()
        self.batch = _Batch([])

    def give(self, batch: _Batch) -> None:
        self.batch = batch
        with suppress(BrokenPipeError):  # dead already: `take` will find out
            self.pipe.send(batch.tasks)

    def take(self) -> list[Part] | StanceError | None:
        """What the process made of its batch, or None where it died of it."""
        try:
            return self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            return None

    def stop(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def _work(pipe: Connection, label: Label, threads: int) -> None:
    """What a worker does, until the other end of the pipe is closed, which the death of its process does, too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which stops the workers
    use_threads(threads)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            tasks = pipe.recv()
            try:
                result: list[Part] | StanceError = label(tasks)
            except StanceError as error:
                result = error
            pipe.send(result)


def _context() -> Any:
    """How processes are started: forked from one that has loaded the libraries, where the system can."""
    if "forkserver" not in multiprocessing.get_all_start_methods() or sys.platform == "darwin":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return context


def _has_accelerator() -> bool:
    if sys.platform == "linux" and not any(map(os.path.exists, ("/dev/nvidia0", "/dev/kfd", "/dev/dxg"))):
        return False  # without loading torch into the main process
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


def _free_memory() -> int:
    import psutil

    return int(psutil.virtual_memory().available)


def _lost(task: Task, code: int | None) -> Part:
    reason = (
        f"The process that labelled the article was killed twice (exit code {code}), most likely for want of memory. "
        "The same command tries it again."
    )
    return failed(task.article, "label", "killed", reason)


def _dying(code: int | None) -> str:
    return (
        f"Labelling processes were killed {MOST_DEATHS} times in a row (exit code {code}), most likely for want of "
        "memory. The same command goes on where this one was; use fewer processes (--workers 1) or smaller batches "
        "(--batch 4)."
    )
