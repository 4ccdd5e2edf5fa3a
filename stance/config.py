"""The configuration of a run, and the topics it asks about: YAML in, checked, frozen objects out.

Every default stands in the shipped `configs/default.yaml` and nowhere else; a user's file and `--set` options are laid
over it. An unknown key is refused with the line it stands in and the key that was probably meant.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stance.errors import ConfigError
from stance.shipped import shipped
from stance.yamlfile import Place, YamlFile, did_you_mean


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ReadConfig(_Strict):
    """How input files are read; see the comments in configs/default.yaml."""

    id_column: str | None
    text_column: str | None
    title_column: str | None
    date_column: str | None
    outlet_column: str | None
    url_column: str | None
    encoding: str | None
    max_chars: Annotated[int, Field(ge=1)]


class ModelsConfig(_Strict):
    """Shipped names or folders of the two trained models."""

    attribution: str
    stance: str


class Config(_Strict):
    """Everything that decides what a run gives; each option is explained in configs/default.yaml."""

    read: ReadConfig
    models: ModelsConfig
    topics: str | None
    speakers: str | None
    pronouns: str | None
    decisions: str | None
    scope: Literal["statements", "attributions"]
    min_score: Annotated[float, Field(ge=0, le=1)]
    any_language: bool
    device: str | None
    precision: Literal["int8", "bf16", "fp32"] | None
    workers: Annotated[int, Field(ge=1)] | None
    batch: Annotated[int, Field(ge=1)]
    strict: bool

    def with_values(self, values: Mapping[str, Any]) -> Config:
        """The same configuration with some dotted options changed, e.g. `{"read.encoding": "cp1252"}`."""
        data = self.model_dump()
        for key, value in values.items():
            _put(data, key, value)
        return _checked(data, "the options given", None)


def load_config(path: str | Path | None = None, settings: Sequence[str] = ()) -> Config:
    """The shipped defaults, a user's YAML file over them, and `key=value` settings over both.

    Raises:
        ConfigError: a file cannot be read, or a key or value is wrong.
    """
    data: dict[str, Any] = YamlFile(shipped("configs") / "default.yaml").data
    source = None
    if path is not None:
        source = YamlFile(path)
        if not isinstance(source.data, dict | None):
            raise ConfigError(
                f"{source.path}: a configuration is a list of `option: value` lines. See `stance config show`."
            )
        _overlay(data, source.data or {})
    config = _checked(data, str(path or "the shipped configuration"), source)
    return config.with_values(dict(_setting(text) for text in settings)) if settings else config


def _setting(text: str) -> tuple[str, Any]:
    import yaml

    key, equals, value = text.partition("=")
    if not equals:
        raise ConfigError(f"--set {text}: write it as key=value, for example --set min_score=0.5.")
    try:
        return key.strip(), yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {text}: the value is not valid YAML. Put it in quotes.") from error


def _overlay(base: dict[str, Any], over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(base.get(key), dict) and isinstance(value, Mapping):
            _overlay(base[key], value)
        else:
            base[key] = value


def _put(data: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = key.split(".")
    for parent in parents:
        if not isinstance(data.get(parent), dict):
            raise ConfigError(f"There is no option {key!r}.{did_you_mean(key, _option_names())}")
        data = data[parent]
    data[last] = value


def _option_names() -> list[str]:
    names: list[str] = []
    for name, field in Config.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            names += [f"{name}.{sub}" for sub in inner.model_fields]
        else:
            names.append(name)
    return names


def _checked(data: Any, what: str, source: YamlFile | None) -> Config:
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_explain(error, what, source, _option_names())) from error


def _explain(error: ValidationError, what: str, source: YamlFile | None, known: Iterable[str]) -> str:
    """All faults that pydantic found, one sentence each, with the line where the file has it."""
    sentences = []
    for fault in error.errors():
        place: Place = fault["loc"]
        where = source.where(place) if source else what
        name = ".".join(str(part) for part in place)
        if fault["type"] == "extra_forbidden":
            prefix = ".".join(str(part) for part in place[:-1] if isinstance(part, str))
            same = [k.rsplit(".", 1)[-1] for k in known if k.rpartition(".")[0] == prefix]
            same = same or [k.rsplit(".", 1)[-1] for k in known]
            sentences.append(f"{where}: there is no option {name!r}.{did_you_mean(str(place[-1]), same)}")
        elif fault["type"] == "missing":
            sentences.append(f"{where}: {name!r} is missing.")
        else:
            sentences.append(
                f"{where}: {name!r} cannot be {fault['input']!r}: {fault['msg'][:1].lower()}{fault['msg'][1:]}."
            )
    return " ".join(sentences)


def commented(config: Config) -> str:
    """A configuration as YAML, every option with the comment that explains it."""
    import yaml

    default = YamlFile(shipped("configs") / "default.yaml")
    lines = default.path.read_text(encoding="utf-8").splitlines()
    for name in _option_names():
        place = tuple(name.split("."))
        value: Any = config.model_dump()
        for part in place:
            value = value[part]
        text = (
            yaml.safe_dump(value, default_flow_style=True, allow_unicode=True).removesuffix("\n").removesuffix("\n...")
        )
        number = default.line(place) - 1
        lines[number] = f"{lines[number].partition(':')[0]}: {text}"
    return "\n".join(lines) + "\n"


def check(path: str | Path) -> str:
    """Check a configuration or a topics file; one sentence on what it holds.

    Raises:
        ConfigError: it is wrong; the message names the line.
    """
    data = YamlFile(path).data
    if isinstance(data, dict) and isinstance(data.get("topics"), list):
        topics = load_topics(path)
        return f"{path}: {len(topics.topics)} topics with {len(topics.targets)} targets."
    config = load_config(path)
    if config.topics:
        load_topics(config.topics)
    return f"{path}: a good configuration that sets {len(data or {})} options."


@dataclass(frozen=True, slots=True)
class Target:
    """A proposition that one can be for or against."""

    id: str
    topic: str
    """The topic's id."""
    label: str
    """A short name for tables; made from the id where the file gives none."""
    proposition: str
    aliases: tuple[str, ...] = ()
    phrase: str = ""
    """A noun phrase that fits after "supports" and "opposes", for reports; the models never see it."""
    varies: bool = False
    """Whether each statement fills in the object anew, so that labels of two speakers cannot be compared."""


WORDING = ("phrase", "varies")
"""Fields of a target that reports alone read: a run can go on, and its labels stay, when they change."""


@dataclass(frozen=True, slots=True)
class Topic:
    """An area that holds targets."""

    id: str
    label: str
    aliases: tuple[str, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Topics:
    """All topics of a run, in the order of the file.

    >>> load_topics()["brics"].proposition
    'BRICS cooperation should be strengthened and expanded.'
    """

    topics: tuple[Topic, ...]

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every target of every topic."""
        return tuple(target for topic in self.topics for target in topic.targets)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of what decides labels; two files that say the same have the same hash."""
        topics = [asdict(topic) for topic in self.topics]
        for topic in topics:
            topic["targets"] = [{k: v for k, v in t.items() if k not in WORDING} for t in topic["targets"]]
        text = json.dumps(topics, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def __getitem__(self, target_id: str) -> Target:
        for target in self.targets:
            if target.id == target_id:
                return target
        raise KeyError(target_id)


Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, Field(pattern=r"\S")]


class _TargetEntry(_Strict):
    id: Slug
    proposition: Words
    label: Words | None = None
    aliases: list[Words] = []
    phrase: Words | None = None
    varies: bool = False


class _TopicEntry(_Strict):
    id: Slug
    label: Words | None = None
    aliases: list[Words] = []
    targets: list[_TargetEntry] = []


class _TopicsFile(_Strict):
    extends: Annotated[str, Field(pattern="^default$")] | None = None
    topics: Annotated[list[_TopicEntry], Field(min_length=1)]


def load_topics(path: str | Path | None = None) -> Topics:
    """The topics of a file, or the shipped ones.

    A file that says `extends: default` is laid over the shipped topics: its topics and targets are added, those whose
    id is known replace the shipped ones. Any other file stands alone.

    Raises:
        ConfigError: the file cannot be read, or breaks the format; the message names the line.
    """
    default = shipped("configs") / "topics.yaml"
    source = YamlFile(path or default)
    entries, extends = _topic_entries(source)
    topics = {topic.id: topic for topic in (load_topics().topics if extends else ())}
    owner = {target.id: topic.id for topic in topics.values() for target in topic.targets}
    for number, entry in enumerate(entries):
        for index, target in enumerate(entry.targets):
            if owner.get(target.id, entry.id) != entry.id:
                where = source.where(("topics", number, "targets", index, "id"))
                raise ConfigError(
                    f"{where}: the target {target.id!r} already belongs to the topic {owner[target.id]!r}. "
                    "Target ids are unique over all topics; give it another id."
                )
            owner[target.id] = entry.id
        topics[entry.id] = _merged(topics.get(entry.id), entry)
    for number, entry in enumerate(entries):
        if not topics[entry.id].targets:
            raise ConfigError(
                f"{source.where(('topics', number))}: the topic {entry.id!r} has no targets. Give it at least one."
            )
    return Topics(tuple(topics.values()))


def _topic_entries(source: YamlFile) -> tuple[list[_TopicEntry], bool]:
    try:
        file = _TopicsFile.model_validate(source.data)
    except ValidationError as error:
        known = ["extends", "topics", *(f"topics.{k}" for k in _TopicEntry.model_fields)]
        known += [f"topics.targets.{k}" for k in _TargetEntry.model_fields]
        raise ConfigError(_explain(error, str(source.path), source, known)) from error
    for place, identifier in _duplicates(file.topics):
        raise ConfigError(
            f"{source.where(place)}: the id {identifier!r} is used twice. Each topic and each target needs its own."
        )
    return file.topics, file.extends is not None


def _duplicates(entries: Sequence[_TopicEntry]) -> Iterator[tuple[Place, str]]:
    topics: set[str] = set()
    targets: set[str] = set()
    for number, entry in enumerate(entries):
        if entry.id in topics:
            yield ("topics", number, "id"), entry.id
        topics.add(entry.id)
        for index, target in enumerate(entry.targets):
            if target.id in targets:
                yield ("topics", number, "targets", index, "id"), target.id
            targets.add(target.id)


def _merged(old: Topic | None, entry: _TopicEntry) -> Topic:
    targets = {target.id: target for target in (old.targets if old else ())}
    for new in entry.targets:
        label = new.label or new.id.replace("-", " ")
        targets[new.id] = Target(
            new.id, entry.id, label, new.proposition.strip(), tuple(new.aliases), (new.phrase or "").strip(), new.varies
        )
    label = entry.label or (old.label if old else entry.id.replace("-", " "))
    aliases = tuple(dict.fromkeys([*(old.aliases if old else ()), *entry.aliases]))
    return Topic(entry.id, label, aliases, tuple(targets.values()))
