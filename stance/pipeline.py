"""The whole chain, language to stance: stages in order; and what becomes of an article that fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import stance
from stance.config import Config, Topics, load_topics
from stance.errors import ConfigError, MissingExtraError, ModelError, StanceError
from stance.models import model_folder, model_hash
from stance.shipped import shipped
from stance.task import STEPS, Step
from stance.types import Doc

if TYPE_CHECKING:
    from stance.resolve import Resolver
    from stance.tag import Scope

Stage = Callable[[list[Doc]], list[Doc]]
"""Takes Docs and gives new ones, in the same order and number."""

RULES: Mapping[str, Scope] = {"statements": "codebook", "attributions": "polnear"}
"""Whose annotation rules the attribution model follows, by the option `scope`."""

KEPT: Mapping[Step, tuple[str, ...]] = {
    "speakers": ("language", "tag", "link"),
    "stances": ("language", "segment", "tag", "link", "resolve"),
}
"""Stages that need not run again where what comes before a step is known."""

NOT_RESULTS = ("device", "workers", "batch", "strict", "decisions")
"""Options that do not decide what the models give, so that a run may go on with others."""


class Pipeline:
    """Stages that run one after the other over a batch of Docs.

    Args:
        stages: each with the name that its problems carry.
        strict: raise at the first article that fails, instead of putting a Problem on it.

    >>> pipeline = Pipeline.load(load_config())  # doctest: +SKIP
    >>> pipeline.run([Doc(article)])[0].statements  # doctest: +SKIP
    """

    def __init__(self, stages: Sequence[tuple[str, Stage]], strict: bool = False) -> None:
        self.stages = tuple(stages)
        self.strict = strict

    @classmethod
    def load(cls, config: Config) -> Pipeline:
        """All stages with their models.

        Raises:
            StanceError: a model, the topics or the speakers cannot be used.
        """
        from stance.classify import Classifier
        from stance.judge import Judge
        from stance.language import OnlyEnglish
        from stance.link import Linker
        from stance.segment import segment
        from stance.tag import AttributionModel, Tagger
        from stance.targets import Shortlister

        topics = load_topics(config.topics)
        numbers = (config.device, config.precision)
        attribution_folder, stance_folder = model_folder(config.models.attribution), model_folder(config.models.stance)
        with ThreadPoolExecutor() as threads:  # side by side
            loading = threads.submit(AttributionModel.load, attribution_folder, RULES[config.scope], *numbers)
            only_english = threads.submit(OnlyEnglish, config.any_language)
            judge = Judge(stance_folder, *numbers)
            attribution = loading.result()
        stages: list[tuple[str, Stage]] = [
            ("language", only_english.result()),
            ("segment", segment),
            ("tag", Tagger(attribution)),
            ("link", Linker(attribution, config.min_score)),
            ("resolve", load_resolver(config).resolve),
            ("targets", Shortlister(judge, topics)),
            ("classify", Classifier(judge, topics)),
        ]
        return cls(stages, config.strict)

    def run(self, docs: Sequence[Doc], first: Step = "statements") -> list[Doc]:
        """Label a batch.

        Args:
            docs: articles; with the results of earlier stages, where these are not to run.
            first: what is to be found out anew, with all that depends on it.

        Returns:
            One Doc for each one given, in order. A Doc with a problem went no further than the stage that failed.

        Raises:
            StanceError: a fault that is not an article's, such as a model that does not fit; with `strict`, any fault.
        """
        done = list(docs)
        for name, stage in self.stages:
            if name in KEPT.get(first, ()):
                continue
            places = [i for i, doc in enumerate(done) if not doc.problems]
            for place, doc in zip(places, self._guarded(name, stage, [done[i] for i in places]), strict=True):
                done[place] = doc
        return done

    def _guarded(self, name: str, stage: Stage, docs: list[Doc]) -> list[Doc]:
        """Run one stage; if it fails on a batch, article by article, so that only the faulty one is lost."""
        if not docs:
            return []
        try:
            results = stage(docs)
            if len(results) != len(docs):
                raise RuntimeError(f"the stage {name} was given {len(docs)} articles and gave {len(results)}")
        except (ModelError, ConfigError, MissingExtraError):
            raise
        except Exception as error:
            if len(docs) > 1:
                return [result for doc in docs for result in self._guarded(name, stage, [doc])]
            results = [docs[0].with_problem(name, error)]
            self._check(results, error)
        else:
            self._check(results, None)
        return results

    def _check(self, docs: Sequence[Doc], cause: Exception | None) -> None:
        """With `strict`, raise for the first article that has a problem, whoever noted it."""
        for doc in docs if self.strict else ():
            for problem in doc.problems:
                raise StanceError(
                    f"The article {doc.article.id!r} failed in the stage {problem.stage}: {problem.reason}. "
                    "Without --strict it is noted in problems.jsonl and the run goes on."
                ) from cause


def speakers_path(config: Config) -> Path:
    """The file of known speakers that a configuration names, or the shipped one."""
    return Path(config.speakers) if config.speakers else shipped("configs") / "speakers.yaml"


def load_resolver(config: Config) -> Resolver:
    """What finds out who speaks, by the known speakers and the ranker of pronouns that a configuration names.

    Raises:
        StanceError: one of them cannot be used.
    """
    from stance.resolve import Registry, Resolver
    from stance.resolve.rank import load_ranker

    ranker = load_ranker(Path(config.pronouns)) if config.pronouns else None
    return Resolver(Registry.load(speakers_path(config)), ranker)


def settings(config: Config) -> dict[str, Any]:
    """Everything that decides the results of a run, for run.json, with the models' and files' hashes.

    "steps" holds for each step a hash of what it depends on, the steps before it among that; "hash" is the last one's.

    Raises:
        StanceError: a model or file that the configuration names is not there.
    """
    topics = load_topics(config.topics)
    folders = {role: model_folder(name) for role, name in config.models.model_dump().items()}
    values: dict[str, Any] = {
        "version": stance.__version__,
        "config": config.model_dump(),
        "models": {role: {"folder": str(f), "sha256": model_hash(f)} for role, f in folders.items()},
        "speakers": {"file": str(speakers_path(config)), "sha256": _file_hash(speakers_path(config))},
        "decisions": _decisions(config),
        "topics": {"hash": topics.hash, "topics": topic_rows(topics)},
    }
    apart = (*NOT_RESULTS, "models", "topics", "speakers", "pronouns")
    deciding = {k: v for k, v in values["config"].items() if k not in apart}
    models = {role: model["sha256"] for role, model in values["models"].items()}
    depends = {
        "statements": [values["version"], deciding, models["attribution"]],
        "speakers": [values["speakers"]["sha256"], *_ranker_hash(config)],
        "stances": [models["stance"], topics.hash],
    }
    steps: dict[str, str] = {}
    for step in STEPS:
        text = json.dumps([list(steps.values()), depends[step]], sort_keys=True)
        steps[step] = hashlib.sha256(text.encode()).hexdigest()
    return {"hash": steps[STEPS[-1]], "steps": steps, **values}


def topic_rows(topics: Topics) -> list[dict[str, Any]]:
    """The topics as they stand in run.json, so that reports need no other file."""
    return [asdict(topic) for topic in topics.topics]


def _decisions(config: Config) -> str | None:
    path = Path(config.decisions).absolute() if config.decisions else None
    if path and not path.is_file():
        raise ConfigError(f"There is no file {path} with decisions about speakers. Give an existing one.")
    return str(path) if path else None


def _ranker_hash(config: Config) -> list[str]:
    """The hash of the ranker that is not the shipped one, if any."""
    from stance.resolve.rank import WEIGHTS

    return [_file_hash(Path(config.pronouns) / WEIGHTS)] if config.pronouns else []


def _file_hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ConfigError(
            f"Cannot read {path}: {error.strerror}. Give an existing one (speakers: --speakers)."
        ) from error
