"""Does a run that is killed at any moment end as one that was left alone, byte for byte?

    python eval/benchmarks/kill.py ARTICLES [--times 20] [--seed 0] [-- OPTIONS OF stance label]

Labels the articles once. Then, for each of some random moments: starts anew in an empty folder, kills the main process
at that moment (SIGKILL; its workers find out by themselves), repeats the command, kills that too at a moment of the
rest, repeats it again to the end, and compares every file with those of the first run (of run.json, all but "seconds").
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path


def main() -> int:
    options = _options()
    draw = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch, "whole")
        seconds = _label(options.articles, whole, options.rest)
        sys.stdout.write(f"left alone: {seconds:.1f} s\n")
        wrong = 0
        for number in range(options.times):
            folder = Path(scratch, f"killed{number}")
            moments = [draw.uniform(0, seconds), draw.uniform(0, seconds)]
            states = []
            for moment in moments:
                _label(options.articles, folder, options.rest, moment)
                states.append(_state(folder))
            _label(options.articles, folder, options.rest)
            differing = differences(whole, folder)
            wrong += bool(differing)
            told = ", ".join(f"{moment:.1f} s ({state})" for moment, state in zip(moments, states, strict=True))
            sys.stdout.write(f"killed after {told}: {'differs: ' + ', '.join(differing) if differing else 'same'}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{options.times - wrong} of {options.times} runs end as the one that was left alone\n")
    return 1 if wrong else 0


def differences(one: Path, other: Path) -> list[str]:
    """Files of two runs that differ, or that only one of them has."""
    names = sorted({path.name for folder in (one, other) for path in folder.iterdir()})
    return [name for name in names if _content(one / name) != _content(other / name)]


def _content(path: Path) -> bytes | None:
    if not path.exists():
        return None
    if path.name != "run.json":
        return path.read_bytes()
    info = {key: value for key, value in json.loads(path.read_text()).items() if key != "seconds"}
    return json.dumps(info).encode()


def _label(articles: Sequence[str], out: Path, rest: Sequence[str], until: float | None = None) -> float:
    """Run the command to its end, or until it is killed; the seconds it took."""
    command = [sys.executable, "-m", "stance.cli", "label", *articles, "-o", str(out), "--quiet", *rest]
    began = time.monotonic()
    process = subprocess.Popen(command)
    try:
        code = process.wait(until)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    else:
        if code not in (0, 1):
            raise SystemExit(f"{' '.join(command)} failed with code {code}")
    return time.monotonic() - began


def _state(folder: Path) -> str:
    """How far a killed run had come."""
    parts = folder / "unfinished.parts"
    if parts.exists():
        return f"{len(parts.read_bytes().splitlines())} articles done"
    return "finished" if (folder / "articles.jsonl").exists() else "nothing done"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("articles", nargs="+")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = [*sys.argv[1:], "--"]
    end = given.index("--")
    options = parser.parse_args(given[:end])
    options.rest = given[end + 1 : -1]
    return options


if __name__ == "__main__":
    raise SystemExit(main())
