"""From a run to positions: statements chosen, and gathered by who says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.errors import InputError
from stance.report.copies import words
from stance.report.corpus import Corpus, Said, read_corpus
from stance.report.evidence import Evidence, evidence
from stance.report.filters import Filters, known, wanted_targets
from stance.report.positions import Grouping, Positions, SpeakerPositions
from stance.speakers import NAMED
from stance.types import Speaker, Stance
from stance.yamlfile import did_you_mean

REST = {
    "speaker": "Unknown, unnamed and groups",
    "affiliation": "Speakers of unknown affiliation",
    "role": "Speakers of unknown role",
    "kind": "Unknown speakers",
    "outlet": "Unknown outlets",
}
EVERYTHING = Filters()
NEAR = 200
"""Speakers among which a misspelt name is looked for, those with most statements."""


def positions(run: str | Path | Corpus, by: Grouping = "speaker", filters: Filters = EVERYTHING) -> Positions:
    """Add up a finished run.

    Args:
        run: its folder, or what `read_corpus` made of it.
        by: what a row is.
        filters: which statements. A speaker is looked for among the rows first (`by="affiliation"`, "Norway"), then
            among those who speak.

    Raises:
        InputError: no finished run, no such speaker, topic or outlet; the message names near ones.
    """
    corpus = run if isinstance(run, Corpus) else read_corpus(run)
    outlets = {article.outlet for article in corpus.articles.values() if article.outlet}
    filters = replace(filters, outlets=known(filters.outlets, outlets, "outlet"))
    chosen = _chosen(corpus, filters)
    if filters.speaker:
        chosen = _spoken(chosen, by, filters.speaker)
    asked = len(chosen)
    if any(filters.days):
        chosen = [own for own in chosen if own.printings[0].date]
    rows, rest = _gather(chosen, by)
    if filters.speaker:
        rows = _matching(rows, filters.speaker) or rows
        rest = SpeakerPositions(rest.id, rest.names)
    total = SpeakerPositions("total")
    for own in chosen:
        total.add(own.printings[0], own.evidence(own.printings[0]), "All")
    for row in (*rows, rest, total):
        row.sort()
    rows.sort(key=lambda row: (-row.statements, row.name, row.id))
    copies = sum(len(own.copies) - 1 for own in chosen)
    return Positions(corpus, by, filters, rows, rest, total, copies, asked - len(chosen))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """An utterance, by those of its printings and voices that were asked for."""

    printings: tuple[Said, ...]
    """The one to count first."""
    voices: tuple[Speaker, ...]
    copies: tuple[Said, ...]
    """All its printings, also those not asked for."""
    topics: set[str] | None
    min_confidence: float

    def stances(self, said: Said) -> list[Stance]:
        return [s for s in said.stances if self.topics is None or (s.target or s.topic) in self.topics]

    def evidence(self, said: Said) -> list[Evidence]:
        return [evidence(said, stance, self.copies, self.min_confidence) for stance in self.stances(said)]


def _chosen(corpus: Corpus, filters: Filters) -> list[_Chosen]:
    """What was asked for, and what only lacks a date to be it."""
    topics = wanted_targets(corpus, filters.topic)
    chosen = []
    for copies in corpus.statements:
        if printings := tuple(filter(filters.printing, copies)):
            voices = tuple(filter(filters.voice, printings[0].speakers))
            own = _Chosen(printings, voices, copies, topics, filters.min_confidence)
            on_topic = topics is None or own.stances(printings[0])
            if on_topic and (voices or not filters.choosy) and filters.dated(printings[0]):
                chosen.append(own)
    return chosen


def _spoken(chosen: Sequence[_Chosen], by: Grouping, wanted: str) -> list[_Chosen]:
    """What belongs to the rows of a name, or else to the speakers of a name."""
    for grouping in dict.fromkeys((by, "speaker")):
        rows, _ = _gather(chosen, grouping)
        if ids := {row.id for row in _matching(rows, wanted)}:
            return [own for own in chosen if any(name in ids for name, *_ in _places(own, grouping))]
    names = [row.name for row in sorted(rows, key=lambda row: -row.statements)][:NEAR]
    raise InputError(f"Nobody called {wanted!r} speaks in what was asked for.{did_you_mean(wanted, names)}")


def _gather(chosen: Iterable[_Chosen], by: Grouping) -> tuple[list[SpeakerPositions], SpeakerPositions]:
    """The rows, and what belongs to none of them."""
    rows: dict[str, SpeakerPositions] = {}
    rest = SpeakerPositions("unknown")
    rest.names[REST[by]] += 1
    for own in chosen:
        found = {said.statement_id: own.evidence(said) for said in own.printings[: None if by == "outlet" else 1]}
        for row_id, said, name, speaker in _places(own, by):
            row = rows.setdefault(row_id, SpeakerPositions(row_id)) if row_id else rest
            row.add(said, found[said.statement_id], name, speaker)
    return list(rows.values()), rest


def _places(own: _Chosen, by: Grouping) -> Iterator[tuple[str, Said, str, Speaker | None]]:
    """The rows that an utterance counts in, each once: id ("" for the rest), printing, name, who speaks."""
    said = own.printings[0]
    named = [speaker for speaker in reversed(own.voices) if speaker.kind in NAMED]
    found: dict[str, tuple[Said, str, Speaker | None]] = {}
    if by == "speaker":
        found = {speaker.id: (said, speaker.name, speaker) for speaker in named}
    elif by == "affiliation":
        # An unnamed official speaks for a country, too.
        names = {s.affiliation or (s.name if s.kind in NAMED else "") for s in own.voices}
        found = {name.casefold(): (said, name, None) for name in sorted(names) if name}
    elif by == "role":
        found = {speaker.role.casefold(): (said, speaker.role, None) for speaker in named if speaker.role}
    elif by == "kind":
        found = {speaker.kind: (said, speaker.kind, None) for speaker in own.voices}
    else:
        found = {p.outlet.casefold(): (p, p.outlet, None) for p in reversed(own.printings) if p.outlet}
    for row_id, place in found.items():
        yield row_id, *place
    if not found:
        yield "", said, "", None


def _matching(rows: Sequence[SpeakerPositions], wanted: str) -> list[SpeakerPositions]:
    """The rows of that name or id, or else those whose name has all words of it; a surname finds all who bear it."""
    asked = words(wanted)
    slug = "-".join(asked)
    exact = [
        row
        for row in rows
        if wanted.casefold().strip() in (row.id, *map(str.casefold, row.names))
        or (len(asked) > 1 and row.id.partition("@")[0] == slug)
    ]
    if wanted in {row.id for row in exact}:
        return [row for row in exact if row.id == wanted]
    if exact and (len(asked) > 1 or any(row.kind != "person" for row in exact)):
        return exact
    found = [row for row in rows if asked and any(set(asked) <= set(words(name)) for name in row.names)]
    return [row for row in found if row.kind == "person"] or found
