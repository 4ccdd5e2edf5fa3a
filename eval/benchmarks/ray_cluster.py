"""Does a cluster give what one machine gives, whatever is lost on the way? A Ray cluster of two nodes on this machine.

    python eval/benchmarks/ray_cluster.py [--articles 96] [--shards 12] [-o ray_cluster.json]

The articles of eval/gold, repeated with changed ids, are labelled by the local engine and, in shards, by the cluster,
whose shards are then merged: undisturbed; with a worker killed (SIGKILL) when the first shards are done; with a node
taken away; with the command itself killed and given again. The tables of each merged run must be those of the local
run, byte for byte. Needs the extra [ray].
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
from ray.cluster_utils import Cluster

from stance.bench import repeated
from stance.shards import ShardFolder
from stance.tables import OUTPUTS

TABLES = (*OUTPUTS, "problems.jsonl")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=96)
    parser.add_argument("--shards", type=int, default=12)
    parser.add_argument("-o", "--out", type=Path)
    options = parser.parse_args()
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    show("what happens", "seconds", "shards done", "done twice", "as the local engine")
    results = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        for row in Trial(Path(scratch), options.articles, options.shards).run():
            results.append(row)
            show(row["what"], f"{row['seconds']:.1f}", row["shards"], row["again"], "yes" if row["same"] else "NO")
    if options.out:
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    sys.exit(not all(row["same"] for row in results))


def show(*cells: Any) -> None:
    sys.stdout.write("{:<24}{:>10}{:>14}{:>13}   {}\n".format(*cells))
    sys.stdout.flush()


class Trial:
    def __init__(self, scratch: Path, articles: int, shards: int) -> None:
        self.scratch, self.shards = scratch, shards
        self.input = scratch / "articles"
        self.input.mkdir()
        rows = [json.dumps(asdict(article), ensure_ascii=False) for article in repeated(articles)]
        for number in range(shards):
            (self.input / f"{number:04}.jsonl").write_text("\n".join(rows[number::shards]) + "\n", encoding="utf-8")

    def run(self) -> Iterator[dict[str, Any]]:
        began = time.monotonic()
        subprocess.run([*STANCE, "label", str(self.input), "-o", str(self.scratch / "local"), "-q"], check=True)
        seconds = time.monotonic() - began
        yield {"what": "the local engine", "seconds": seconds, "shards": 0, "again": 0, "same": True}
        yield self.on_cluster("undisturbed", lambda cluster, process: None)
        yield self.on_cluster("a worker killed", kill_worker)
        yield self.on_cluster("a node taken away", take_node_away)
        yield self.on_cluster("the command killed", lambda cluster, process: process.kill())

    def on_cluster(self, what: str, disturb: Callable[[Any, subprocess.Popen], Any]) -> dict[str, Any]:
        """Label in shards, disturb it when a quarter is done, give the command again where it was killed, and merge."""
        out = self.scratch / what.replace(" ", "-")
        folder = ShardFolder(str(out))
        node = {"num_cpus": 1, "object_store_memory": 100 << 20}
        cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        cluster.add_node(**node)
        try:
            began = time.monotonic()
            command = [*STANCE, "label", str(self.input), "-o", str(out), "--engine", "ray", "-q"]
            process = subprocess.Popen(command, env={**os.environ, "RAY_ADDRESS": cluster.address})
            while process.poll() is None and len(folder.done()) < self.shards // 4:
                time.sleep(0.1)
            early = stamps(out)
            disturb(cluster, process)
            if process.wait() == -signal.SIGKILL:
                early = stamps(out)
                subprocess.run(command, env={**os.environ, "RAY_ADDRESS": cluster.address}, check=True)
            seconds = time.monotonic() - began
        finally:
            cluster.shutdown()
        merged = self.scratch / f"{out.name}-merged"
        subprocess.run([*STANCE, "merge", str(out), "-o", str(merged), "-q"], check=True)
        same = all((merged / name).read_bytes() == (self.scratch / "local" / name).read_bytes() for name in TABLES)
        now = stamps(out)
        again = sum(now[name] != stamp for name, stamp in early.items())
        return {"what": what, "seconds": seconds, "shards": len(now), "again": again, "same": same}


STANCE = (sys.executable, "-m", "stance.cli")


def stamps(out: Path) -> dict[str, int]:
    """When each shard was finished."""
    return {path.name: path.stat().st_mtime_ns for path in (out / "done").glob("*.json")}


def take_node_away(cluster: Any, process: subprocess.Popen) -> None:
    cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)


def kill_worker(cluster: Any, process: subprocess.Popen) -> None:
    """Kill a process that is at a shard."""
    for child in psutil.Process().children(recursive=True):
        if "MapWorker" in " ".join(child.cmdline()) and "submit" in " ".join(child.cmdline()):
            child.kill()
            return
    raise SystemExit("There is no worker at work: give more articles.")


if __name__ == "__main__":
    main()
