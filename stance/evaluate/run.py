"""Runs an evaluation: gold in, each system over the same articles, scores out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stance import metrics
from stance.config import Config, load_topics
from stance.errors import InputError
from stance.evaluate import chain, coref, pairs
from stance.evaluate.data import fingerprint, gold_docs, kind_of
from stance.evaluate.errors import write_errors
from stance.evaluate.mistakes import Mistake, mistakes, wrong_labels
from stance.evaluate.predictions import read_labels
from stance.evaluate.result import Result, System
from stance.evaluate.task import Task, checked, load_task
from stance.evaluate.tfidf import tfidf
from stance.pipeline import Pipeline, speakers_path
from stance.types import LABELS, Doc

ROLES = {
    "articles": ("attribution", "stance"),
    "attribution": ("attribution",),
    "speakers": (),
    "coref": (),
    "pairs": ("stance",),
}
"""Models that a kind of task asks."""


@dataclass
class _Ran:
    """The systems of a task after they ran, the product first."""

    systems: list[System]
    counts: Mapping[str, int]
    wrong: list[Mistake] = field(default_factory=list)
    problems: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """What an evaluation includes."""

    baselines: bool = True
    """Also run the baselines, and the chain with gold statements given."""
    abstained: bool = False
    """Count stances that the model abstained from."""
    limit: int | None = None
    """Only the first articles or rows."""
    predictions: Path | None = None
    """What another system has said; it takes the product's place."""


def run_evaluate(
    task: str | Path | Task,
    config: Config,
    data: str | Path | None = None,
    pipeline: Pipeline | None = None,
    predictor: pairs.Predictor | None = None,
    choices: Choices | None = None,
    errors: str | Path | None = None,
    others: Sequence[Config] = (),
) -> Result:
    """Evaluate the product on a task, beside baselines.

    Args:
        task: a Task, a task's name or YAML, or annotated data.
        config: models, topics and all other options.
        data: takes the place of the task's own data.
        pipeline: takes the place of the configured stages (articles, attribution, speakers).
        predictor: takes the place of the configured stance model (pairs).
        choices: what to include; everything by default.
        errors: a folder to write the product's mistakes to, as HTML and CSV.
        others: configurations with other models of the same kind (seeds), for mean and standard deviation.

    Raises:
        ConfigError, InputError, ModelError: task, data or models cannot be used.
    """
    task = checked(task if isinstance(task, Task) else load_task(task, data))
    choices = choices or Choices()
    if task.kind == "coref" and (errors is not None or choices.predictions):
        raise InputError(
            "Mistakes and saved predictions: of articles, attribution, speakers and pairs only, not of coref."
        )
    began = time.monotonic()
    ran = _run(task, config, choices, pipeline, predictor)
    alone = Choices(False, choices.abstained, choices.limit)
    seeds = [_run(task, other, alone).systems[0] for other in others]
    if errors is not None:
        write_errors(errors, ran.wrong, f"{task.name}: {ran.systems[0].name}")
    own = pipeline or predictor or choices.predictions
    main, *rest = ran.systems
    named = [System(f"model {n}", s.scores, s.metrics, s.seconds) for n, s in enumerate(seeds, 2)]
    spread = {m: [s.scores.value(m) for s in (main, *seeds)] for m in main.metrics} if seeds else {}
    return Result(
        task,
        (main, *named, *rest),
        fingerprint(Path(task.data or "")),
        ran.counts,
        {} if own else _models(task, (config, *others)),
        ran.problems,
        time.monotonic() - began,
        _settings(config, choices),
        spread,
    )


def _settings(config: Config, choices: Choices) -> dict[str, Any]:
    """What decides the scores beside models and data, so that a kept result can be made again."""
    return {
        **config.model_dump(include={"scope", "min_score", "any_language"}),
        "topics": load_topics(config.topics).hash,
        "speakers": fingerprint(speakers_path(config)),
        "limit": choices.limit,
        "abstained": choices.abstained,
    }


def _run(
    task: Task,
    config: Config,
    choices: Choices,
    pipeline: Pipeline | None = None,
    predictor: pairs.Predictor | None = None,
) -> _Ran:
    if task.kind == "pairs":
        if choices.predictions:
            predictor = read_labels(choices.predictions)
        return _pairs(task, predictor or pairs.judge(config), choices)
    if task.kind == "coref":
        alias = chain.registry_alias(config)
        return _Ran(*coref.evaluate(task, config, alias, choices.baselines, choices.limit))
    return _articles(task, config, choices, pipeline)


def _articles(task: Task, config: Config, choices: Choices, pipeline: Pipeline | None) -> _Ran:
    topics = load_topics(config.topics)
    if task.kind != "attribution" and kind_of(Path(task.data or "")) == "attribution":
        raise InputError(
            f"{task.data} holds spans without speakers and stances, so nothing else can be measured on it. Evaluate it "
            f"with: stance evaluate attribution --data {task.data}"
        )
    gold = gold_docs(Path(task.data or ""), {t.id: t.topic for t in topics.targets}, task.where)[: choices.limit]
    alias = chain.registry_alias(config)
    if choices.predictions:
        own = [chain.predicted_way(choices.predictions, gold), *chain.rules(task, gold, topics)]
    else:
        own = chain.ways(task, gold, pipeline or _pipeline(task, config), topics)
    systems: list[System] = []
    labelled: list[Doc] = []
    for way in own if choices.baselines else own[:1]:
        docs, seconds = _labelled(way, config.batch)
        labelled = labelled or docs
        scores = chain.score(task, way, gold, docs, alias, choices.abstained)
        systems.append(chain.system(way, scores, seconds))
    if task.coders and choices.baselines and (second := chain.coder_way(task.coders, gold)):
        way, both = second
        systems.append(chain.system(way, chain.score(task, way, both, way.docs, alias, True), 0.0))
    wrong = mistakes(gold, labelled, alias, task.kind)
    counts = {"articles": len(gold), "statements": sum(len(doc.statements) for doc in gold)}
    return _Ran(systems, counts, wrong, sum(bool(doc.problems) for doc in labelled))


def _pipeline(task: Task, config: Config) -> Pipeline:
    if task.kind == "attribution":
        return chain.attribution_model(task, config)
    return chain.resolver(config) if task.kind == "speakers" else Pipeline.load(config)


def _labelled(way: chain.Way, batch: int) -> tuple[list[Doc], float]:
    """What a system makes of its Docs, and the seconds that took."""
    began = time.monotonic()
    docs = [doc for at in range(0, len(way.docs), batch) for doc in way.label(way.docs[at : at + batch])]
    return docs, time.monotonic() - began


def _pairs(task: Task, predictor: pairs.Predictor, choices: Choices) -> _Ran:
    rows = pairs.read_pairs(task)[: choices.limit]
    known = rows
    if task.train and choices.baselines:
        texts = {row.text for row in rows}  # a text that is evaluated on is never learned from, whatever the files say
        known = [row for row in pairs.read_pairs(task, train=True) if row.text not in texts]
    ways = {choices.predictions.stem if choices.predictions else chain.PRODUCT: predictor}
    if choices.baselines:
        ways["most frequent label"] = pairs.majority(known)
        if task.train:
            ways["TF-IDF, logistic regression"] = tfidf(known)
    systems, wrong = [], []
    for number, (name, predict) in enumerate(ways.items()):
        began = time.monotonic()
        probs = predict(rows)
        seconds = time.monotonic() - began
        chosen = [LABELS[max(range(len(p)), key=p.__getitem__)] for p in probs]
        groups = [row.group for row in rows]
        scores = metrics.labels([row.label for row in rows], chosen, pairs.clusters(rows), probs, groups, task.contrast)
        systems.append(System(name, scores, tuple(scores.counts), seconds))
        if not number:
            wrong = wrong_labels(rows, chosen, probs)
    return _Ran(systems, {"rows": len(rows)}, wrong)


def _models(task: Task, configs: Sequence[Config]) -> dict[str, str]:
    from stance.models import model_folder, model_hash

    found = {}
    for number, config in enumerate(configs, 1):
        for role in ROLES[task.kind]:
            name = role if number == 1 else f"{role} {number}"
            found[name] = model_hash(model_folder(getattr(config.models, role)))
    return found
