"""Labelling processes: the same parts whatever the number, and nothing lost but the article that kills."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from stance import pool as module
from stance.errors import ModelError, StanceError
from stance.pool import Pool, processes
from stance.task import Task, part_of
from stance.types import Article


@dataclass
class Fake:
    """Pretends to label in another process; a text may tell it what to do."""

    folder: Path

    def __call__(self, tasks):
        for task in tasks:
            (self.folder / f"{task.article.id}.{os.getpid()}.{time.monotonic_ns()}").touch()
            order, _, name = task.article.text.partition(" ")
            if order == "die" or (order == "once" and not (self.folder / name).exists()):
                (self.folder / name).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            if order == "raise":
                raise ModelError("no weights")
            if order == "sleep":
                time.sleep(3)
        return [part_of(task.doc) for task in tasks]


@pytest.fixture
def label(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PRELOAD", [])
    return Fake(tmp_path)


def batches(*texts):
    """One batch a group of texts, named a0, a1, ..., b0, ..."""
    return [
        [Task(Article(f"{letter}{number}", text)) for number, text in enumerate(group)]
        for letter, group in zip("abcdefgh", texts, strict=False)
    ]


def run(label, given, workers=2):
    parts = [part for batch in Pool(label, workers).run(given) for part in batch]
    return {part["article"]["article_id"]: part["problems"] for part in parts}


def tried(folder, name):
    return len(list(folder.glob(f"{name}.*")))


@pytest.mark.parametrize("workers", [1, 3])
def test_every_batch_is_labelled_once(label, tmp_path, workers):
    found = run(label, batches(["x", "y"], ["z"], ["u", "v"], ["w"]), workers)
    assert found == {"a0": [], "a1": [], "b0": [], "c0": [], "c1": [], "d0": []}
    assert all(tried(tmp_path, name) == 1 for name in found)


def test_batches_are_taken_as_they_are_needed(label):
    taken = []

    def given():
        for batch in batches(*[["x"]] * 8):
            taken.append(batch)
            yield batch

    results = Pool(label, 2).run(given())
    next(results)
    assert len(taken) <= 4
    results.close()


def test_only_the_article_that_kills_is_lost_and_it_is_tried_twice(label, tmp_path):
    found = run(label, batches(["x", "die now", "y"], ["z"]))
    assert [name for name, problems in found.items() if problems] == ["a1"]
    (problem,) = found["a1"]
    assert (problem["stage"], problem["kind"]) == ("label", "killed")
    assert "tries it again" in problem["reason"]
    assert (tried(tmp_path, "a1"), tried(tmp_path, "b0")) == (2, 1)


def test_an_article_whose_worker_is_killed_once_is_not_lost(label, tmp_path):
    assert run(label, batches(["x", "once mark"])) == {"a0": [], "a1": []}
    assert tried(tmp_path, "a1") == 2


def test_a_fault_that_is_no_articles_stops_the_run(label):
    with pytest.raises(ModelError, match="no weights"):
        run(label, batches(["x"], ["raise"]))


def test_workers_that_keep_dying_end_the_run(label):
    with pytest.raises(StanceError, match=r"4 times in a row \(exit code -9\).*--workers 1"):
        run(label, batches(["die a", "die b", "die c"]), workers=1)


SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from stance import pool
from test_pool import Fake, batches
if __name__ == "__main__":
    pool.PRELOAD = []
    list(pool.Pool(Fake(Path({folder!r})), 2).run(batches(["sleep"], ["sleep"])))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_is_left_when_the_main_one_ends(tmp_path, number):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(tests=str(Path(__file__).parent), folder=str(tmp_path)))
    main = subprocess.Popen([sys.executable, str(script)], stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    workers: set[int] = set()
    until = time.monotonic() + 60
    while len(workers) < 2 and time.monotonic() < until:
        workers = {int(file.name.split(".")[1]) for file in tmp_path.glob("?0.*")}
        time.sleep(0.05)
    assert len(workers) == 2
    main.send_signal(number)
    main.wait(20)
    until = time.monotonic() + 20
    # after SIGKILL, a worker ends when it is done with its batch and finds nobody to give it to
    while any(map(alive, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, workers))


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1][:3]
    except FileNotFoundError:
        return False


def test_how_many_processes(monkeypatch):
    monkeypatch.setattr(module, "cores", lambda: 8)
    monkeypatch.setattr(module, "_has_accelerator", lambda: False)
    monkeypatch.setattr(module, "_free_memory", lambda: 3 * module.MEMORY)
    assert processes(None, None) == 3
    assert processes(None, "cpu") == 3
    assert processes(12, None) == 12
    assert processes(None, "cuda") == 1
    monkeypatch.setattr(module, "_free_memory", lambda: 0)
    assert processes(None, None) == 1
    monkeypatch.setattr(module, "_has_accelerator", lambda: True)
    assert processes(None, None) == 1
