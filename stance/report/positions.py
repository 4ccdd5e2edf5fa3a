"""Who stands where: a run's statements added up to one position for each speaker and target."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from stance.errors import InputError
from stance.rows import Row
from stance.store import NAMED, read_info, read_run
from stance.yamlfile import did_you_mean

FEW = 3
"""Positions that rest on fewer articles are marked: they may say more about one article than about a speaker."""

SAME_ARTICLE = 0.2
"""How much statements of one article repeat each other (intraclass correlation), from 0 to 1. On annotated news, labels
of one country toward one target correlate at 0.15 within an article beyond what they do across articles."""

Grouping = Literal["speaker", "affiliation"]

Z = 1.96
"""For intervals that hold the true mean in 95 of 100 cases."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One statement behind a position."""

    article_id: str
    statement_id: str
    date: str | None
    outlet: str | None
    title: str | None
    cue: str
    """ "" where the text has none, as in a floating quotation."""
    quote: str
    content: tuple[tuple[int, int], ...]
    """Offsets of the quote in the article's text."""
    label: str
    confidence: float
    abstained: bool

    @property
    def place(self) -> str:
        """`article:start-end`, where the quote stands."""
        return f"{self.article_id}:{','.join(f'{start}-{end}' for start, end in self.content)}"


@dataclass
class Position:
    """Where one speaker stands on one target."""

    topic: str
    target: str | None
    """None for statements that bear on the topic without bearing on one of its targets; they have no sides."""
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.target or f"{self.topic} (topic only)"

    @property
    def counts(self) -> dict[str, int]:
        """Statements in favor, against, neutral, and unsure (below the model's threshold, counted nowhere else)."""
        found = Counter("unsure" if e.abstained else e.label for e in self.evidence)
        return {name: found[name] for name in ("favor", "against", "neutral", "unsure")}

    @property
    def articles(self) -> int:
        """Different articles among the statements that count."""
        return len({e.article_id for e in self.evidence if not e.abstained})

    @property
    def mean(self) -> float | None:
        """(favor - against) / (favor + against + neutral), from -1 to 1; None where there is nothing sure to count."""
        if self.target is None:
            return None
        counts = self.counts
        n = counts["favor"] + counts["against"] + counts["neutral"]
        return (counts["favor"] - counts["against"]) / n if n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95% interval of the mean, after Wilson (1927).

        Statements of one article are no independent votes: their number is cut down by the design effect for
        `SAME_ARTICLE`. It tells how far the counts can be trusted, not whether the labels are right.
        """
        if self.mean is None:
            return None
        sizes = Counter(e.article_id for e in self.evidence if not e.abstained).values()
        return wilson(self.mean, effective(sizes))

    @property
    def few(self) -> bool:
        return self.articles < FEW


@dataclass
class SpeakerPositions:
    """A speaker, over all articles of a run."""

    id: str
    names: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    affiliations: Counter[str] = field(default_factory=Counter)
    statements: int = 0
    article_ids: set[str] = field(default_factory=set)
    positions: dict[str, Position] = field(default_factory=dict)
    """By their name."""

    @property
    def name(self) -> str:
        return _commonest(self.names) or self.id

    @property
    def about(self) -> str:
        """Role and affiliation, as far as known."""
        affiliation = _commonest(self.affiliations)
        return ", ".join(p for p in (_commonest(self.roles), affiliation if affiliation != self.name else "") if p)

    def add(self, row: Row, speaker: Mapping[str, Any]) -> None:
        self.statements += 1
        self.article_ids.add(row["article_id"])
        self.names[speaker["name"]] += 1
        self.kinds[speaker["kind"]] += 1
        self.roles[speaker["role"]] += 1
        self.affiliations[speaker["affiliation"]] += 1
        for stance in row["stances"]:
            position = Position(stance["topic"], stance["target"])
            position = self.positions.setdefault(position.name, position)
            position.evidence.append(_evidence(row, stance))


@dataclass
class Positions:
    """A run's speakers, those with most statements first, and the unknown ones summed apart."""

    info: dict[str, Any]
    speakers: list[SpeakerPositions]
    unknown: SpeakerPositions

    def topic_label(self, topic_id: str) -> str:
        return next((t["label"] for t in _topics(self.info) if t["id"] == topic_id), topic_id)

    def proposition(self, target_id: str | None) -> str:
        """What a position toward this target is for or against; "" for none."""
        targets = (target for topic in _topics(self.info) for target in topic["targets"])
        return next((t["proposition"] for t in targets if t["id"] == target_id), target_id or "")


def positions(
    run: str | Path, speaker: str | None = None, topic: str | None = None, by: Grouping = "speaker"
) -> Positions:
    """Add up a finished run.

    Args:
        run: its folder.
        speaker: only speakers with this name, surname or id, in whatever case.
        topic: only this topic, or this target.
        by: whose positions they are: each speaker's, or those of the country or body that speakers speak for.

    Raises:
        InputError: no finished run, no such speaker or topic; the message names near ones.
    """
    info = read_info(run)
    wanted = _wanted_targets(info, topic)
    speakers: dict[str, SpeakerPositions] = {}
    unknown = SpeakerPositions("unknown", Counter({"Unknown and unnamed speakers, groups": 1}))
    for _, rows in read_run(run):
        for row in rows:
            row["stances"] = [s for s in row["stances"] if wanted is None or (s["target"] or s["topic"]) in wanted]
            if wanted is not None and not row["stances"]:
                continue
            named = _affiliations(row) if by == "affiliation" else _named(row)
            for own in named:
                speakers.setdefault(own["id"], SpeakerPositions(own["id"])).add(row, own)
            if not named:
                unknown.add(row, {"name": unknown.name, "kind": "unnamed", "role": "", "affiliation": ""})
    found = list(speakers.values())
    if speaker is not None:
        found = _matching(found, speaker)
        unknown = SpeakerPositions("unknown")
    found.sort(key=lambda s: (-s.statements, s.name, s.id))
    for own in (*found, unknown):
        own.positions = dict(sorted(own.positions.items(), key=_rank))
        for position in own.positions.values():
            position.evidence.sort(key=lambda e: (e.abstained, -e.confidence, e.statement_id))
    return Positions(info, found, unknown)


def _rank(item: tuple[str, Position]) -> tuple[bool, int, str]:
    name, position = item
    return position.target is None, -len(position.evidence), name


def _named(row: Row) -> list[dict[str, Any]]:
    return [speaker for speaker in row["speakers"] if speaker["kind"] in NAMED]


def _affiliations(row: Row) -> list[dict[str, Any]]:
    """Whom a statement's speakers speak for, each once; an unnamed official speaks for a country, too."""
    names = {s["affiliation"] or (s["name"] if s["kind"] in NAMED else "") for s in row["speakers"]}
    return [
        {"id": name.casefold(), "name": name, "kind": "organization", "role": "", "affiliation": ""}
        for name in sorted(names)
        if name
    ]


def wilson(mean: float, n: float) -> tuple[float, float]:
    """95% interval of a mean of values in [-1, 1] over `n` independent ones (Wilson's score interval, rescaled).

    >>> tuple(round(x, 2) for x in wilson(1.0, 4))
    (0.02, 1.0)
    """
    p = (mean + 1) / 2
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return max(-1.0, 2 * (centre - half) - 1), min(1.0, 2 * (centre + half) - 1)


def effective(sizes: Iterable[int]) -> float:
    """How many independent statements there are, given the number in each article (Kish's design effect)."""
    sizes = list(sizes)
    n = sum(sizes)
    return n / (1 + SAME_ARTICLE * (sum(size * size for size in sizes) / n - 1))


def _evidence(row: Row, stance: Mapping[str, Any]) -> Evidence:
    return Evidence(
        row["article_id"],
        row["statement_id"],
        row["date"],
        row["outlet"],
        row["title"],
        _one_line(row["cue"]["text"]) if row["cue"] else "",
        _one_line(row["text"]),
        tuple((start, end) for start, end in row["content"]),
        stance["label"],
        stance["confidence"],
        stance["abstained"],
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _topics(info: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(info.get("topics", {}).get("topics", []))


def _wanted_targets(info: Mapping[str, Any], topic: str | None) -> set[str] | None:
    if topic is None:
        return None
    known: dict[str, set[str]] = defaultdict(set)
    for entry in _topics(info):
        known[entry["id"]] |= {entry["id"], *(target["id"] for target in entry["targets"])}
        for target in entry["targets"]:
            known[target["id"]].add(target["id"])
    if topic.casefold() not in known:
        raise InputError(f"The run has no topic or target {topic!r}.{did_you_mean(topic, known)}")
    return known[topic.casefold()]


def _matching(speakers: Sequence[SpeakerPositions], wanted: str) -> list[SpeakerPositions]:
    folded = wanted.casefold().strip()
    exact = [s for s in speakers if folded in {s.id.casefold(), *(name.casefold() for name in s.names)}]
    found = exact or [s for s in speakers if any(folded in name.casefold().split() for name in s.names)]
    if not found:
        names = [s.name for s in sorted(speakers, key=lambda s: -s.statements)]
        raise InputError(f"Nobody called {wanted!r} speaks in this run.{did_you_mean(wanted, names[:200])}")
    return found


def _commonest(counter: Counter[str]) -> str:
    """The most frequent non-empty value; of several the longest."""
    values = [(number, len(value), value) for value, number in counter.items() if value]
    return max(values)[2] if values else ""
