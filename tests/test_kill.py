"""A run that is killed at any moment and repeated ends as one that was left alone, byte for byte."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = """
import sys, time
from pathlib import Path
from stance import pool
from stance.engine import label
from stance.store import RunFolder
from stance.task import part_of
from stance.types import Article, Problem, Span, Statement

class Slow:
    def __call__(self, tasks):
        time.sleep(0.03)
        return [part_of(task.doc.with_statements([one(task.article)])) for task in tasks]

def one(article):
    return Statement(article.id + ":1", (Span(0, 4),), None, None, "direct", 0.5)

if __name__ == "__main__":
    pool.PRELOAD = []
    inputs = [Article(f"n{number:02}", f"Text {number}.") for number in range(40)]
    inputs.insert(7, Problem(None, "x.txt", "read", "empty", "x.txt is empty."))
    run = RunFolder(sys.argv[1], {"hash": "h"})
    label(inputs, pool.Pool(Slow(), 2), run, 2)
    run.finish(1)
"""


@pytest.fixture
def script(tmp_path):
    file = tmp_path / "script.py"
    file.write_text(SCRIPT)
    return file


def start(script, out):
    return subprocess.Popen([sys.executable, str(script), str(out)], cwd=Path(__file__).parents[1])


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}


def test_a_killed_run_ends_as_one_left_alone(script, tmp_path):
    assert start(script, tmp_path / "whole").wait(60) == 0
    for number, lines in enumerate((1, 12, 30)):
        out = tmp_path / f"killed{number}"
        process = start(script, out)
        until = time.monotonic() + 60
        while time.monotonic() < until and done(out) < lines:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it was killed before its end"
        assert not (out / "articles.jsonl").exists()
        assert start(script, out).wait(60) == 0
        assert content(out) == content(tmp_path / "whole")


def done(folder):
    parts = folder / "unfinished.parts"
    return len(parts.read_bytes().splitlines()) if parts.exists() else 0
