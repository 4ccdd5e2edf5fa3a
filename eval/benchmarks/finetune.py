"""Does a model that never saw an outlet get better on it from thirty of its annotated articles, and does it forget?

    python eval/benchmarks/finetune.py MODEL DATA -o OUT --outlet Kremlin

MODEL is a stance model that was trained without the outlet's articles; DATA holds train.jsonl and dev.jsonl of
annotated articles. The model learns from some articles of the outlet (drawn by a seed) with `stance train stance` as it
is shipped. Before and after are compared in the whole chain on the outlet's dev articles, on all articles of the outlet
that it did not learn from, and on the dev articles of other outlets.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from pathlib import Path

from stance.config import load_config
from stance.evaluate import Comparison
from stance.shipped import recipe_file
from stance.train.finetune import Order, finetune, prepare
from stance.train.finetune_recipe import FinetuneRecipe, given
from stance.train.proof import compared, evaluated


def main() -> None:
    options = _options()
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    sets = _sets(options.data, options.outlet, options.articles, options.seed, out)
    recipe = FinetuneRecipe.load(recipe_file("finetune_stance"), given(options.set, None, options.seed, False))
    order = Order("stance", [sets.pop("learn")], options.model, recipe, load_config())
    began, busy = time.monotonic(), time.process_time()
    material = prepare(order)
    outcome = finetune(material, out / "model", overwrite=True)
    minutes, cpu = (time.monotonic() - began) / 60, (time.process_time() - busy) / 60
    lines = [
        f"{options.articles} articles of {options.outlet}, seed {options.seed}: {minutes:.1f} minutes ({cpu:.1f} of "
        f"processor time), {len(outcome.epochs) - 1} epochs. 95% intervals, paired bootstrap by article.\n",
        "| articles | score | before | after | difference | p |",
        "|---|---|--:|--:|--:|--:|",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    for name, file in sets.items():
        before, after = (evaluated(file, order.role, folder, order.config) for folder in (options.model, out / "model"))
        own = [_line(name, score, row) for score, row in compared(before, after, material.part).rows]
        lines += own
        sys.stdout.write("\n".join(own) + "\n")
        sys.stdout.flush()
        (out / "result.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--outlet", default="Kremlin")
    parser.add_argument("-n", "--articles", type=int, default=30)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="as `stance train --set`")
    return parser.parse_args()


def _sets(data: Path, outlet: str, articles: int, seed: int, out: Path) -> dict[str, Path]:
    """The articles to learn from, and those to compare on, each as a file."""
    train, dev = (_rows(data / f"{name}.jsonl") for name in ("train", "dev"))
    own = [row for row in train if row["outlet"] == outlet]
    random.Random(seed).shuffle(own)
    own_dev = [row for row in dev if row["outlet"] == outlet]
    sets = {
        "learn": own[:articles],
        f"{outlet}, dev": own_dev,
        f"{outlet}, all that it did not learn from": [*own[articles:], *own_dev],
        "other outlets, dev": [row for row in dev if row["outlet"] != outlet],
    }
    files = {}
    for number, (name, rows) in enumerate(sets.items()):
        files[name] = out / f"articles-{number}.jsonl"
        files[name].write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return files


def _rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _line(name: str, score: str, row: Comparison) -> str:
    test = row.paired
    spread = f"{100 * test.difference:+.1f} [{100 * test.low:+.1f}, {100 * test.high:+.1f}]"
    return f"| {name} ({row.articles}) | {score} | {100 * row.a:.1f} | {100 * row.b:.1f} | {spread} | {test.p:.3f} |"


if __name__ == "__main__":
    main()
