"""The systems of an evaluation before they run: the product, with more and more of gold given, and its rivals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stance import metrics
from stance.evaluate.baselines import CueVerbs, Quotes, keyword_stances
from stance.evaluate.coref import nearest_name
from stance.evaluate.data import gold_docs
from stance.evaluate.predictions import read_predictions
from stance.evaluate.result import System
from stance.evaluate.tfidf import WordStances
from stance.pipeline import Pipeline, load_resolver, speakers_path
from stance.types import Doc

if TYPE_CHECKING:
    from stance.config import Config, Topics
    from stance.evaluate.task import Task
    from stance.metrics import Alias, Scores

Labeller = Callable[[list[Doc]], list[Doc]]
SPEAKER_METRICS = ("speakers", *(f"speakers.{m}" for m in ("name", "pronoun", "noun", "joint", "none")))
SPEAKER_METRICS += ("speaker_kind", "affiliation")
STANCE_METRICS = (
    *("targets", "targets_stances", "stance", "stance.favor", "stance.against", "stance.neutral", "stance.alpha"),
    *("stance.brier", "stances.ece", "stances.aurc", "stances.coverage", "stances.risk", "end_to_end"),
    *("positions", "positions.r", "positions.cells"),
)
CONFIDENCE = ("statements.ece", "stance.brier", "stances.ece", "stances.aurc", "stances.coverage", "stances.risk")
"""Metrics that mean nothing for who has no confidence: rules and people."""
PRODUCT, CODER = "stance", "second coder"


@dataclass(frozen=True, slots=True)
class Way:
    """A system before it ran: from prepared Docs to labelled ones, and the metrics that then mean something."""

    name: str
    label: Labeller
    docs: list[Doc]
    metrics: tuple[str, ...] | None = None
    rules: bool = False
    """Whether it has no confidence that could be calibrated."""


def ways(task: Task, gold: list[Doc], pipeline: Pipeline, topics: Topics) -> list[Way]:
    """The product first, then what it is laid beside."""
    if task.kind == "articles":
        return [*_article_ways(gold, pipeline), *rules(task, gold, topics)]
    if task.kind == "speakers":
        given = _only(pipeline, "resolve")
        return [Way(PRODUCT, given, _stripped(gold), SPEAKER_METRICS), *rules(task, gold, topics)]
    found = _only(pipeline, "tag", "link")
    return [Way(PRODUCT, found, [doc.with_statements(()) for doc in gold]), *rules(task, gold, topics)]


def predicted_way(path: Path, gold: list[Doc]) -> Way:
    """What some system has said before."""
    return Way(path.stem or path.name, list, read_predictions(path, gold))


def coder_way(path: Path, gold: Sequence[Doc]) -> tuple[Way, list[Doc]] | None:
    """A second coder as a system, and the articles both have coded; None where there is no such article."""
    second = {doc.article.id: doc for doc in gold_docs(path)}
    both = [doc for doc in gold if doc.article.id in second]
    return (Way(CODER, list, [second[doc.article.id] for doc in both], rules=True), both) if both else None


def rules(task: Task, gold: list[Doc], topics: Topics) -> list[Way]:
    """The baselines that need no model."""
    if task.kind == "speakers":
        return [Way("nearest name", nearest_name, _stripped(gold), SPEAKER_METRICS, rules=True)]
    if task.kind == "attribution":
        docs = [doc.with_statements(()) for doc in gold]
        return [Way(kind.name, kind(), docs, rules=True) for kind in (CueVerbs, Quotes)]
    from stance.segment import segment

    def keywords(docs: list[Doc]) -> list[Doc]:
        return [keyword_stances(doc, topics) for doc in docs]

    docs = segment([Doc(doc.article) for doc in gold])
    given = _stripped(gold, keep_speakers=True)
    return [
        Way("gold speakers, keywords", keywords, given, STANCE_METRICS, rules=True),
        *_learned(task, gold, given, topics),
        *(Way(kind.name, kind(topics), docs, rules=True) for kind in (CueVerbs, Quotes)),
    ]


def _learned(task: Task, gold: list[Doc], given: list[Doc], topics: Topics) -> list[Way]:
    """What words alone give, where the task has articles to learn from; one that is evaluated on is never one."""
    if task.train is None:
        return []
    texts = {doc.article.text for doc in gold}
    known = [doc for doc in gold_docs(task.train, None, task.train_where) if doc.article.text not in texts]
    return [Way(WordStances.name, WordStances(known, topics), given, STANCE_METRICS)]


def score(task: Task, way: Way, gold: list[Doc], docs: list[Doc], alias: Alias, abstained: bool) -> Scores:
    if task.kind == "attribution":
        return metrics.attribution(gold, docs)
    return metrics.articles(gold, docs, alias, abstained=abstained)


def system(way: Way, scores: Scores, seconds: float) -> System:
    """The scored system, with the metrics that mean something for it."""
    names = way.metrics or tuple(scores.counts)
    return System(way.name, scores, tuple(n for n in names if not (way.rules and n in CONFIDENCE)), seconds)


def attribution_model(task: Task, config: Config) -> Pipeline:
    """Tagger and linker under the task's annotation rules."""
    from stance.link import Linker
    from stance.models import model_folder
    from stance.tag import AttributionModel, Tagger

    model = AttributionModel.load(model_folder(config.models.attribution), task.scope, config.device)
    return Pipeline([("tag", Tagger(model)), ("link", Linker(model, config.min_score))])


def resolver(config: Config) -> Pipeline:
    """The stage that finds out who speaks, alone."""
    return Pipeline([("resolve", load_resolver(config).resolve)])


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


def _article_ways(gold: list[Doc], pipeline: Pipeline) -> list[Way]:
    """The whole chain; the later stages with gold statements, and with gold speakers, given."""
    later = _only(pipeline, "resolve", "targets", "classify")
    last = _only(pipeline, "targets", "classify")
    return [
        Way(PRODUCT, pipeline.run, [Doc(doc.article) for doc in gold]),
        Way("gold statements given", later, _stripped(gold), SPEAKER_METRICS + STANCE_METRICS),
        Way("gold speakers given", last, _stripped(gold, keep_speakers=True), STANCE_METRICS),
    ]


def _only(pipeline: Pipeline, *names: str) -> Labeller:
    """The pipeline's stages of these names."""
    return Pipeline([stage for stage in pipeline.stages if stage[0] in names], pipeline.strict).run


def _stripped(gold: list[Doc], keep_speakers: bool = False) -> list[Doc]:
    """Gold without what is to be found."""
    return [
        doc.with_statements(
            replace(s, speakers=s.speakers if keep_speakers else (), stances=()) for s in doc.statements
        )
        for doc in gold
    ]
