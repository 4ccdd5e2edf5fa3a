"""Does a model that never saw an outlet get better on it from thirty of its annotated articles, and does it forget?

    python eval/benchmarks/finetune.py MODEL DATA -o OUT --outlet Kremlin --outlet "White House"

MODEL is a stance model (or, with --part, an attribution model) that was trained without the outlets' articles: see
outlets_out in configs/train/stance.yaml. DATA holds train.jsonl and dev.jsonl of annotated articles. For each outlet
the model learns from some articles of it (drawn by a seed) with `stance train` as it is shipped. Before and after are
compared in the whole chain on the outlet's dev articles, on all articles of the outlet that it did not learn from, and
on the dev articles of outlets that were not left out; the first two also over all outlets together, for one outlet has
too few articles to prove anything.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stance.config import load_config
from stance.evaluate import Comparison, Result
from stance.gold import slug
from stance.metrics import Scores
from stance.shipped import recipe_file
from stance.train.finetune import Order, finetune, prepare
from stance.train.finetune_recipe import FinetuneRecipe, given
from stance.train.proof import compared, evaluated

DEV, REST = "dev", "all that it did not learn from"
HEAD = """
| articles | score | before | after | difference | p |
|---|---|--:|--:|--:|--:|
"""


def main() -> None:
    options = _options()
    lines: list[str] = []

    def say(text: str) -> None:
        lines.append(text)
        sys.stdout.write(text)
        sys.stdout.flush()
        (options.out / "result.md").write_text("".join(lines), encoding="utf-8")

    found: defaultdict[str, list[tuple[Result, Result]]] = defaultdict(list)
    for outlet in options.outlet:
        out: Path = options.out / slug(outlet)
        sets = _sets(options.data, outlet, options.outlet, options.articles, options.seed, out)
        recipe = FinetuneRecipe.load(
            recipe_file(f"finetune_{options.part}"), given(options.set, None, options.seed, False)
        )
        order = Order(options.part, [sets.pop("learn")], options.model, recipe, load_config())
        began, busy = time.monotonic(), time.process_time()
        material = prepare(order)
        outcome = finetune(material, out / "model", overwrite=True)
        minutes, cpu = (time.monotonic() - began) / 60, (time.process_time() - busy) / 60
        say(
            f"\n{outlet}: {options.articles} articles, seed {options.seed}: {minutes:.1f} minutes ({cpu:.1f} of "
            f"processor time), {len(outcome.epochs) - 1} epochs. 95% intervals, paired bootstrap by article.\n{HEAD}"
        )
        for name, file in sets.items():
            both = tuple(evaluated(file, order.role, folder, order.config) for folder in (options.model, out / "model"))
            found[name].append(both)
            say("".join(_line(name, score, row) for score, row in compared(*both, material.part).rows))
    if len(options.outlet) > 1:
        say(f"\nAll {len(options.outlet)} outlets:\n{HEAD}")
        for name in (DEV, REST):
            before, after = (pooled(own) for own in zip(*found[name], strict=True))
            say("".join(_line(name, score, row) for score, row in compared(before, after, material.part).rows))


def pooled(results: Sequence[Result]) -> Result:
    """Evaluations of the same systems on several sets of articles as one."""
    systems = []
    for several in zip(*(result.systems for result in results), strict=True):
        scores = [system.scores for system in several]
        names = [name for name in scores[0].counts if all(name in own.counts for own in scores)]
        articles = tuple(article for own in scores for article in own.articles)
        counts = {name: tuple(count for own in scores for count in own.counts[name]) for name in names}
        systems.append(replace(several[0], scores=Scores(articles, counts)))
    return replace(results[0], systems=tuple(systems))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--outlet", action="append", required=True, help="once for each outlet")
    parser.add_argument("--part", choices=["stance", "attribution"], default="stance")
    parser.add_argument("-n", "--articles", type=int, default=30)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="as `stance train --set`")
    return parser.parse_args()


def _sets(data: Path, outlet: str, apart: Sequence[str], articles: int, seed: int, out: Path) -> dict[str, Path]:
    """The articles of an outlet to learn from, and those to compare on, each as a file; `apart`: all outlets asked."""
    train, dev = (_rows(data / f"{name}.jsonl") for name in ("train", "dev"))
    own = [row for row in train if row["outlet"] == outlet]
    random.Random(seed).shuffle(own)
    own_dev = [row for row in dev if row["outlet"] == outlet]
    sets = {
        "learn": own[:articles],
        DEV: own_dev,
        REST: [*own[articles:], *own_dev],
        "other outlets, dev": [row for row in dev if row["outlet"] not in apart],
    }
    out.mkdir(parents=True, exist_ok=True)
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
    return f"| {name} ({row.articles}) | {score} | {100 * row.a:.1f} | {100 * row.b:.1f} | {spread} | {test.p:.3f} |\n"


if __name__ == "__main__":
    main()
