"""Runs an evaluation: gold in, each system over the same articles, scores out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from stance import metrics
from stance.config import Config, Topics, load_topics
from stance.errors import InputError
from stance.evaluate import coref, pairs
from stance.evaluate.baselines import CueVerbs, Quotes, keyword_stances
from stance.evaluate.mistakes import write_mistakes
from stance.evaluate.result import Result, System
from stance.evaluate.task import Task, load_task
from stance.gold import load
from stance.pipeline import Pipeline, speakers_path
from stance.types import LABELS, Doc

if TYPE_CHECKING:
    from stance.metrics import Alias

Labeller = Callable[[list[Doc]], list[Doc]]
SPEAKER_METRICS = ("speakers", *(f"speakers.{m}" for m in ("name", "pronoun", "noun", "joint", "none")))
SPEAKER_METRICS += ("speaker_kind", "affiliation")
STANCE_METRICS = ("targets", "targets_stances", "stance", "stances.ece", "end_to_end")
PRODUCT = "stance"


@dataclass(frozen=True, slots=True)
class _Way:
    """A system before it ran: from prepared Docs to labelled ones, and the metrics that then mean something."""

    name: str
    label: Labeller
    docs: list[Doc]
    metrics: tuple[str, ...] | None = None
    rules: bool = False
    """Rules have no confidence that could be calibrated."""


def run_evaluate(
    task: str | Path | Task,
    config: Config,
    data: str | Path | None = None,
    pipeline: Pipeline | None = None,
    predictor: pairs.Predictor | None = None,
    baselines: bool = True,
    abstained: bool = False,
    limit: int | None = None,
    errors: str | Path | None = None,
) -> Result:
    """Evaluate the product on a task, beside baselines.

    Args:
        task: a Task, a task's name or YAML, or a data file of annotated rows.
        config: models, topics and all other options.
        data: takes the place of the task's own data.
        pipeline: takes the place of the configured stages (articles, attribution).
        predictor: takes the place of the configured stance model (pairs).
        baselines: also run the baselines, and the chain with gold statements given.
        abstained: count stances that the model abstained from.
        limit: only the first articles or rows.
        errors: write the product's mistakes there, as CSV.

    Raises:
        ConfigError, InputError, ModelError: task, data or models cannot be used.
    """
    task = task if isinstance(task, Task) else load_task(task, data)
    began = time.monotonic()
    problems = 0
    if task.kind in ("pairs", "coref") and errors is not None:
        raise InputError(f"Mistakes are written for articles and attribution, not for a task of the kind {task.kind}.")
    if task.kind == "pairs":
        systems, counts = _pairs(task, predictor or pairs.judge(config), baselines, limit)
    elif task.kind == "coref":
        systems, counts = coref.evaluate(task, config, registry_alias(config), baselines, limit)
    else:
        topics = load_topics(config.topics)
        gold = load(task.data or "", {t.id: t.topic for t in topics.targets})[:limit]
        if not gold:
            raise InputError(f"{task.data} holds no articles.")
        alias = registry_alias(config)
        if task.kind == "articles":
            ways = _article_ways(gold, pipeline or Pipeline.load(config), topics)
        else:
            ways = _attribution_ways(gold, pipeline or _attribution_model(task, config))
        ran = [_run(way, config.batch) for way in (ways if baselines else ways[:1])]
        systems = [
            _scored(task, way, gold, docs, seconds, alias, abstained)
            for way, (docs, seconds) in zip(ways, ran, strict=False)
        ]
        labelled = ran[0][0]
        problems = sum(bool(doc.problems) for doc in labelled)
        counts = {"articles": len(gold), "statements": sum(len(doc.statements) for doc in gold)}
        if errors is not None:
            write_mistakes(errors, gold, labelled, alias, task.kind == "articles")
    digest = sha256(Path(task.data or "").read_bytes()).hexdigest()
    models = {} if pipeline or predictor else _models(task, config)
    return Result(task, tuple(systems), digest, counts, models, problems, time.monotonic() - began)


def registry_alias(config: Config) -> Alias:
    """What a country's or organisation's name stands for, by the speakers file and the table of countries."""
    from stance.resolve import Registry, countries
    from stance.resolve.registry import plain

    registry = Registry.load(speakers_path(config))
    states = {plain(form): name for form, name in {**countries.seats(), **countries.names()}.items()}

    def alias(name: str) -> str | None:
        known = registry.organization(name)
        return known.id if known else registry.metonym(name) or states.get(plain(name))

    return alias


def _article_ways(gold: list[Doc], pipeline: Pipeline, topics: Topics) -> list[_Way]:
    """The whole chain; the later stages with gold statements, and with gold speakers, given; baselines."""
    from stance.segment import segment

    raw = [Doc(doc.article) for doc in gold]
    statements = [_stripped(doc, keep_speakers=False) for doc in gold]
    speakers = [_stripped(doc, keep_speakers=True) for doc in gold]

    def keywords(docs: list[Doc]) -> list[Doc]:
        return [keyword_stances(doc, topics) for doc in docs]

    return [
        _Way(PRODUCT, pipeline.run, raw),
        _Way(
            "gold statements given",
            _only(pipeline, "resolve", "targets", "classify"),
            statements,
            SPEAKER_METRICS + STANCE_METRICS,
        ),
        _Way("gold speakers given", _only(pipeline, "targets", "classify"), speakers, STANCE_METRICS),
        _Way("gold speakers, keywords", keywords, speakers, STANCE_METRICS, rules=True),
        _Way(CueVerbs.name, CueVerbs(topics), segment(raw), rules=True),
        _Way(Quotes.name, Quotes(topics), segment(raw), rules=True),
    ]


def _attribution_ways(gold: list[Doc], pipeline: Pipeline) -> list[_Way]:
    """The tagger and linker over the annotated text; baselines."""
    docs = [doc.with_statements(()) for doc in gold]
    return [
        _Way(PRODUCT, _only(pipeline, "tag", "link"), docs),
        _Way(CueVerbs.name, CueVerbs(), docs, rules=True),
        _Way(Quotes.name, Quotes(), docs, rules=True),
    ]


def _attribution_model(task: Task, config: Config) -> Pipeline:
    """Tagger and linker under the task's annotation rules."""
    from stance.link import Linker
    from stance.models import model_folder
    from stance.tag import AttributionModel, Tagger

    model = AttributionModel.load(model_folder(config.models.attribution), task.scope, config.device)
    return Pipeline([("tag", Tagger(model)), ("link", Linker(model, config.min_score))])


def _only(pipeline: Pipeline, *names: str) -> Labeller:
    """The pipeline's stages of these names."""
    return Pipeline([stage for stage in pipeline.stages if stage[0] in names], pipeline.strict).run


def _stripped(doc: Doc, keep_speakers: bool) -> Doc:
    """Gold without what is to be found."""
    kept = [replace(s, speakers=s.speakers if keep_speakers else (), stances=()) for s in doc.statements]
    return doc.with_statements(kept)


def _run(way: _Way, batch: int) -> tuple[list[Doc], float]:
    """What a system makes of its Docs, and the seconds that took."""
    began = time.monotonic()
    docs = [doc for at in range(0, len(way.docs), batch) for doc in way.label(way.docs[at : at + batch])]
    return docs, time.monotonic() - began


def _scored(
    task: Task, way: _Way, gold: list[Doc], docs: list[Doc], seconds: float, alias: Alias, abstained: bool
) -> System:
    full = task.kind == "articles"
    scores = metrics.articles(gold, docs, alias, abstained=abstained) if full else metrics.attribution(gold, docs)
    names = way.metrics or tuple(scores.counts)
    return System(way.name, scores, tuple(n for n in names if not (way.rules and n.endswith(".ece"))), seconds)


def _pairs(
    task: Task, predictor: pairs.Predictor, baselines: bool, limit: int | None
) -> tuple[list[System], Mapping[str, int]]:
    rows = pairs.read_pairs(task)[:limit]
    ways = {PRODUCT: predictor, "most frequent label": pairs.majority}
    systems = []
    for name, predict in ways.items() if baselines else [(PRODUCT, predictor)]:
        began = time.monotonic()
        probs = predict(rows)
        seconds = time.monotonic() - began
        chosen = [LABELS[max(range(len(p)), key=p.__getitem__)] for p in probs]
        scores = metrics.labels([row.label for row in rows], chosen, pairs.clusters(rows), probs)
        systems.append(System(name, scores, tuple(scores.counts), seconds))
    return systems, {"rows": len(rows)}


def _models(task: Task, config: Config) -> dict[str, str]:
    from stance.models import model_folder, model_hash

    roles = {"articles": ("attribution", "stance"), "attribution": ("attribution",), "pairs": ("stance",), "coref": ()}
    return {role: model_hash(model_folder(getattr(config.models, role))) for role in roles[task.kind]}
