"""How much faster is stance than the plain way with the same weights, and does its time an article stay the same?

    python eval/benchmarks/speed.py plain ARTICLES.jsonl [--articles 100] [--plain-articles 5] [--repeats 5]
    python eval/benchmarks/speed.py flat ARTICLES.jsonl [--sizes 100,1000,10000]
    python eval/benchmarks/speed.py targets ARTICLES.jsonl [--articles 50] [--repeats 5]

plain: side by side with two pipelines of transformers as its documentation shows them: token-classification over each
article with a stride, and text-classification over every pair of a statement and a target, in 32 bits, 8 a batch. They
are given the statements that stance finds, and do less: they link no cue with its source and content, and resolve no
speaker. Loading their models is not counted; starting stance is.

flat: the articles repeated with changed ids, in runs of several sizes: seconds an article, and the most memory held.

targets: with the topics as shipped, and with twice as many targets.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

from stance.config import Config, load_config, load_topics
from stance.hardware import Memory, machine
from stance.judge import target_text
from stance.models import model_folder
from stance.read import ReadOptions, read
from stance.store import read_run
from stance.types import Article
from stance.view import speaker_name
from stance.weights import load


def main() -> None:
    options = _options()
    config = load_config(None, options.set)
    articles = [
        item for item in read([options.file], ReadOptions(**config.read.model_dump())) if isinstance(item, Article)
    ]
    lines = [f"{machine()}", "", *options.measure(options, config, articles)]
    sys.stdout.write("\n".join(lines) + "\n")


def plain(options: argparse.Namespace, config: Config, articles: list[Article]) -> Iterator[str]:
    """Both ways in turn, several times."""
    ours, few = articles[: options.articles], articles[: options.plain_articles]
    with tempfile.TemporaryDirectory() as scratch:
        _label(few, config, Path(scratch, "few"))
        statements = [(row, article) for article, rows in read_run(Path(scratch, "few")) for row in rows]
        pipelines = Plain.load(config)
        rates: dict[str, list[float]] = {"stance": [], "plain": []}
        for number in range(options.repeats):
            rates["stance"].append(len(ours) / _label(ours, config, Path(scratch, f"ours{number}")))
            rates["plain"].append(len(few) / _seconds(lambda: pipelines.run(few, statements)))
    middle = {name: median(values) for name, values in rates.items()}
    ratio = median(a / b for a, b in zip(rates["stance"], rates["plain"], strict=True))
    words = sum(len(article.text.split()) for article in ours) / len(ours)
    yield f"{len(ours)} articles of {words:.0f} words on average; the plain way: {len(few)} of them"
    for name, values in rates.items():
        yield f"{name}: {middle[name]:.2f} articles a second (of {len(values)}: {min(values):.2f} to {max(values):.2f})"
    yield f"ratio, median of {options.repeats}: {ratio:.1f}"


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain way."""

    tag: Any
    judge: Any
    targets: list[str]

    @classmethod
    def load(cls, config: Config) -> Plain:
        import torch
        from transformers import (
            AutoModelForSequenceClassification,
            AutoModelForTokenClassification,
            AutoTokenizer,
            pipeline,
        )

        attribution, stance = model_folder(config.models.attribution), model_folder(config.models.stance)
        tag = pipeline(
            "token-classification",
            model=load(AutoModelForTokenClassification, attribution, torch.float32),
            tokenizer=AutoTokenizer.from_pretrained(attribution, model_max_length=322),
            stride=96,
            aggregation_strategy="simple",
            device="cpu",
            batch_size=8,
        )
        judge = pipeline(
            "text-classification",
            model=load(AutoModelForSequenceClassification, stance, torch.float32),
            tokenizer=AutoTokenizer.from_pretrained(stance, model_max_length=322),
            device="cpu",
            batch_size=8,
        )
        return cls(tag, judge, [target_text(target) for target in load_topics(config.topics).targets])

    def run(self, articles: Sequence[Article], statements: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> None:
        for article in articles:
            self.tag(article.text)
        for row, article in statements:
            names = " and ".join(speaker_name(own["name"], own["affiliation"]) for own in row["speakers"])
            said = f"{names}: {row['cue']['text'] if row['cue'] else ''}: {row['text']}"
            about = [{"text": f"{said} {article['title'] or ''}", "text_pair": target} for target in self.targets]
            self.judge(about, truncation=True)


def flat(options: argparse.Namespace, config: Config, articles: list[Article]) -> Iterator[str]:
    """Runs of several sizes."""
    for size in map(int, options.sizes.split(",")):
        many = [replace(own, id=f"{own.id}-{number}") for number, own in enumerate(islice(cycle(articles), size))]
        with tempfile.TemporaryDirectory() as scratch:
            command = _command(many, config, Path(scratch, "run"))
            began = time.perf_counter()
            with subprocess.Popen(command) as process, Memory(process.pid) as memory:
                _check(process.wait())
            seconds = time.perf_counter() - began
        each = 1000 * seconds / size
        held = f"{memory.peak / 1e9:.2f} GB at most ({memory.resident / 1e9:.2f} GB, shared ones each time)"
        yield f"{size} articles: {seconds:.0f} s, {each:.0f} ms each, {held}"


def targets(options: argparse.Namespace, config: Config, articles: list[Article]) -> Iterator[str]:
    """The shipped topics, and twice as many targets, in turn."""
    articles = articles[: options.articles]
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch, "twice.yaml")
        file.write_text(json.dumps(_twice(config)))
        configs = {"as shipped": config, "twice": config.with_values({"topics": str(file)})}
        seconds: dict[str, list[float]] = {name: [] for name in configs}
        for number in range(options.repeats):
            for name, own in configs.items():
                seconds[name].append(_label(articles, own, Path(scratch, f"{name}{number}")))
        counts = {name: len(load_topics(own.topics).targets) for name, own in configs.items()}
    for name, count in counts.items():
        yield f"{count} targets: {1000 * median(seconds[name]) / len(articles):.0f} ms an article"
    more = median(b / a for a, b in zip(*seconds.values(), strict=True)) - 1
    yield f"more, median of {options.repeats}: {more:.0%}"


def _twice(config: Config) -> dict[str, Any]:
    """A topics file that has every target twice, the second time in other words."""
    return {
        "topics": [
            {
                "id": f"{topic.id}{suffix}",
                "targets": [
                    {
                        "id": f"{target.id}{suffix}",
                        "label": target.label,
                        "proposition": ("It is true that: " if suffix else "") + target.proposition,
                        "aliases": list(target.aliases),
                    }
                    for target in topic.targets
                ],
            }
            for suffix in ("", "-again")
            for topic in load_topics(config.topics).topics
        ]
    }


def _label(articles: Sequence[Article], config: Config, out: Path) -> float:
    """Seconds that the command takes, from its start to its end."""
    command = _command(articles, config, out)
    return _seconds(lambda: _check(subprocess.run(command).returncode))


def _command(articles: Sequence[Article], config: Config, out: Path) -> list[str]:
    """`stance label` for these articles, once they are written beside the run folder."""
    file, options = out.with_suffix(".jsonl"), out.with_suffix(".yaml")
    rows = (
        {"id": own.id, "title": own.title, "date": own.date, "outlet": own.outlet, "text": own.text} for own in articles
    )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    options.write_text(json.dumps(config.model_dump()))
    return [sys.executable, "-m", "stance.cli", "label", str(file), "-o", str(out), "-q", "--config", str(options)]


def _check(code: int) -> None:
    if code > 1:  # 1: some articles have problems
        raise SystemExit(code)


def _seconds(function: Callable[[], Any]) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("measure", choices=["plain", "flat", "targets"])
    parser.add_argument("file")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--plain-articles", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--sizes", default="100,1000,10000")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="an option of stance label")
    options = parser.parse_args()
    options.measure = {"plain": plain, "flat": flat, "targets": targets}[options.measure]
    return options


if __name__ == "__main__":
    main()
