"""Who stands where: a run's statements added up to one position for each speaker and target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from stance.report.corpus import ArticleInfo, Corpus, Said
from stance.report.estimate import FEW, effective, interval, shrunken
from stance.report.evidence import Evidence
from stance.report.filters import Filters
from stance.types import Speaker

Grouping = Literal["speaker", "affiliation", "role", "kind", "outlet"]
"""Whose positions they are: each speaker's; those of the country or body that speakers speak for, of all in one role,
of one kind of speakers; or those that one outlet prints."""

INITIALS = 6
"""Letters of a role up to which capitals stay capitals (CEO); transcripts write PRESIDENT."""

STATES = ("favor", "against", "neutral", "unsure")


@dataclass
class Position:
    """Where one speaker stands on one target."""

    topic: str
    target: str | None
    """None for statements that bear on the topic without bearing on one of its targets; they have no sides."""
    evidence: list[Evidence] = field(default_factory=list)
    """The sure ones first, by confidence."""

    @property
    def name(self) -> str:
        return self.target or f"{self.topic} (topic only)"

    @property
    def counts(self) -> dict[str, int]:
        """Statements in favor, against, neutral, and unsure (below the model's threshold, counted nowhere else)."""
        found = Counter(e.state for e in self.evidence)
        return {state: found[state] for state in STATES}

    @property
    def sure(self) -> list[Evidence]:
        """The statements that count."""
        return [e for e in self.evidence if not e.abstained]

    @property
    def articles(self) -> int:
        """Different articles among the statements that count."""
        return len({e.article_id for e in self.sure})

    @property
    def few(self) -> bool:
        """Whether it rests on fewer articles than `FEW`."""
        return self.articles < FEW

    @property
    def mean(self) -> float | None:
        """(favor - against) / (favor + against + neutral), from -1 to 1; None where there is nothing sure to count."""
        favor, against, n = self._votes
        return (favor - against) / n if n else None

    @property
    def shrunken(self) -> float | None:
        """The mean drawn toward 0, the more the less was said; for ranking and for comparing."""
        favor, against, n = self._votes
        return shrunken(favor * self._weight, against * self._weight, n * self._weight) if n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95% interval of the mean, see `stance.report.estimate`.

        Statements of one article are no independent votes: their number is cut down by the design effect for
        `SAME_ARTICLE`. It tells how far the counts can be trusted, not whether the labels are right.
        """
        favor, against, n = self._votes
        return interval(favor * self._weight, against * self._weight, n * self._weight) if n else None

    @property
    def _votes(self) -> tuple[int, int, int]:
        """In favor, against, all; none where there are no sides."""
        counts = self.counts
        n = counts["favor"] + counts["against"] + counts["neutral"]
        return (counts["favor"], counts["against"], n) if self.target else (0, 0, 0)

    @property
    def _weight(self) -> float:
        """What a statement is worth of an independent one."""
        sizes = Counter(e.article_id for e in self.sure)
        return effective(sizes.values()) / sizes.total()


@dataclass
class SpeakerPositions:
    """One row's worth of a report: a speaker, or whatever else statements are grouped by."""

    id: str
    names: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    affiliations: Counter[str] = field(default_factory=Counter)
    said: list[Said] = field(default_factory=list)
    """All its statements, also those without a stance, in the order of the run."""
    positions: dict[str, Position] = field(default_factory=dict)
    """By their name; those with most statements first, mere topics last."""

    @property
    def name(self) -> str:
        return _commonest(self.names) or self.id

    @property
    def kind(self) -> str:
        return _commonest(self.kinds)

    @property
    def role(self) -> str:
        role = _commonest(self.roles)
        return role.capitalize() if role.isupper() and len(role) > INITIALS else role

    @property
    def affiliation(self) -> str:
        return _commonest(self.affiliations)

    @property
    def about(self) -> str:
        """Role and affiliation, as far as known."""
        affiliation = self.affiliation
        return ", ".join(p for p in (self.role, affiliation if affiliation != self.name else "") if p)

    @property
    def statements(self) -> int:
        return len(self.said)

    @property
    def article_ids(self) -> set[str]:
        return {said.article_id for said in self.said}

    @property
    def evidence(self) -> list[Evidence]:
        """That of all its positions."""
        return [e for position in self.positions.values() for e in position.evidence]

    def add(self, said: Said, found: Iterable[Evidence], name: str, speaker: Speaker | None = None) -> None:
        """Count a statement.

        Args:
            said: the statement.
            found: its stances.
            name: what the row is called there.
            speaker: the speaker whose row it is, if it is one's.
        """
        self.said.append(said)
        self.names[name] += 1
        if speaker:
            self.kinds[speaker.kind] += 1
            self.roles[speaker.role] += 1
            self.affiliations[speaker.affiliation] += 1
        for own in found:
            position = Position(own.topic, own.target)
            self.positions.setdefault(position.name, position).evidence.append(own)

    def sort(self) -> None:
        """Bring positions and their evidence into the order in which they are shown."""
        for position in self.positions.values():
            position.evidence.sort(key=lambda e: (e.abstained, -e.confidence, e.statement_id))
        ranked = sorted(self.positions.items(), key=lambda p: (p[1].target is None, -len(p[1].evidence), p[0]))
        self.positions = dict(ranked)


@dataclass
class Positions:
    """A run's positions: a row for each speaker (or group of them), those with most statements first."""

    corpus: Corpus
    by: Grouping
    """What rows are."""
    filters: Filters
    speakers: list[SpeakerPositions]
    unknown: SpeakerPositions
    """Statements that belong to no row, as those of unknown and unnamed speakers."""
    total: SpeakerPositions
    """Everything in the rows and in `unknown`, a joint statement once."""
    copies: int = 0
    """Further printings of the statements in `total`, counted nowhere."""
    undated: int = 0
    """Statements left out because a date was asked for and they have none."""

    @property
    def info(self) -> Mapping[str, Any]:
        """The content of run.json."""
        return self.corpus.info

    @property
    def articles(self) -> Mapping[str, ArticleInfo]:
        """All articles of the run by their ids; `corpus.texts(ids)` reads their texts."""
        return self.corpus.articles

    @cached_property
    def _topics(self) -> dict[str, dict[str, Any]]:
        return {topic["id"]: topic for topic in self.corpus.topics}

    @cached_property
    def _targets(self) -> dict[str, dict[str, Any]]:
        return {target["id"]: target for topic in self.corpus.topics for target in topic["targets"]}

    def topic_label(self, topic_id: str) -> str:
        return str(self._topics.get(topic_id, {}).get("label") or topic_id)

    def proposition(self, target_id: str | None) -> str:
        """What a position toward this target is for or against; "" for none."""
        return str(self._targets.get(target_id or "", {}).get("proposition") or target_id or "")

    def title(self, name: str) -> str:
        """What to call a topic or target, by its id in whatever case."""
        own = name.casefold()
        return self.topic_label(own) if own in self._topics else self.proposition(own)

    def phrase(self, target_id: str) -> str:
        """The target as a noun phrase that fits after "supports"; "" where neither the run nor the shipped topics
        have one.
        """
        return str(self._targets.get(target_id, {}).get("phrase") or self._known(target_id)[0])

    def varies(self, target_id: str) -> bool:
        """Whether each statement fills in the target's object anew (whose ties?), so that speakers are not alike."""
        return bool(self._targets.get(target_id, {}).get("varies") or self._known(target_id)[1])

    def _known(self, target_id: str) -> tuple[str, bool]:
        """Phrase and `varies` of the same target in the shipped topics, for topics that leave them out."""
        return _shipped().get((target_id, self.proposition(target_id)), ("", False))


@cache
def _shipped() -> dict[tuple[str, str], tuple[str, bool]]:
    from stance.config import load_topics

    return {(t.id, t.proposition): (t.phrase, t.varies) for t in load_topics().targets}


def _commonest(counter: Counter[str]) -> str:
    """The most frequent non-empty value; of several the longest."""
    values = [(number, len(value), value) for value, number in counter.items() if value]
    return max(values)[2] if values else ""
