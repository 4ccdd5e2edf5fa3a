"""Position summaries in prose, written from the rows alone: of a speaker, of a topic, of a whole run.

Each sentence carries the statements that it rests on and what it claims of them, so that it can be checked. The words
come from what was found (how many, which side, when, with whom), never from chance: the same run gives the same prose.

    Summaries(positions(run)).speaker("mara-venn").text
"""

from __future__ import annotations

from collections.abc import Sequence

from stance.errors import InputError
from stance.report.claims import Dropped, Sentence, Summary
from stance.report.holding import LIKELY, SIDES, Book, Holder, Holding
from stance.report.overview import overview
from stance.report.positions import Positions, SpeakerPositions
from stance.report.standing import stand
from stance.report.summarizer import Writer, write
from stance.report.topical import on_target, opening
from stance.report.wording import listed, number, period, sentence, some

DETAILED = 5
"""Targets of a speaker told at length; the others are listed."""

MOST = 8
"""Issues named in a list; the others are counted."""

LISTED = {"favor": "supported", "against": "opposed", "divided": "spoke both ways on"}


class Summaries:
    """All summaries of one report; what they share is made once.

    Args:
        data: the positions. Those of one speaker alone are completed by the others', to tell who agrees.
        writer: a language model that writes on each target in place of the rules, see `stance.report.summarizer`.
            Sentences that their statements do not support are dropped; where none is left, the rules write.
    """

    def __init__(self, data: Positions, writer: Writer | None = None) -> None:
        self.book = Book(data)
        self.writer = writer

    def speaker(self, speaker: str | SpeakerPositions, topic: str | None = None) -> Summary:
        """What a speaker holds; empty where it is nothing on any target.

        Args:
            speaker: a row of the positions, or its id.
            topic: only this topic or target.

        Raises:
            InputError: there is no such row.
        """
        holder = self.book.holder(speaker)
        holdings = [h for h in self.book.holdings[holder.id] if topic in (None, h.target, h.position.topic)]
        sided = [h for h in holdings if h.clear and h.side in LISTED]
        made = _opening(holder, holdings) if len(holdings) > 1 else []
        dropped: list[Dropped] = []
        before, told = None, set[str]()
        for holding in sided[:DETAILED]:
            written = self._written([holding], dropped)
            name = holder.short if made else holder.introduced
            made += written or stand(self.book, holding, before, name, told)
            before = None if written else holding
        made += _listed(self.book, holder, sided[DETAILED:])
        made += _sideless(
            self.book, holder.short if made else holder.introduced, [h for h in holdings if h not in sided]
        )
        return Summary(tuple(made), tuple(dropped))

    def topic(self, topic: str) -> Summary:
        """Who is for and who is against each target of a topic; empty where nobody speaks on any.

        Args:
            topic: id of a topic or a target of the run.

        Raises:
            InputError: there is no such topic or target.
        """
        topics = self.book.data.corpus.topics
        targets = [t["id"] for entry in topics for t in entry["targets"] if topic in (entry["id"], t["id"])]
        if not targets:
            raise InputError(f"The run has no topic or target {topic!r}. Its run.json lists them.")
        made, order = opening(self.book, topic, targets)
        dropped: list[Dropped] = []
        for target in order:
            made += self._written(self.book.on[target], dropped) or on_target(self.book, target)
        return Summary(tuple(made), tuple(dropped))

    def _written(self, holdings: Sequence[Holding], dropped: list[Dropped]) -> list[Sentence]:
        if self.writer is None:
            return []
        kept, lost = write(self.book, holdings, self.writer)
        dropped += lost
        return kept

    def run(self) -> Summary:
        """What was read, who speaks most, where they clash, where all agree, what changed, what is thin."""
        return Summary(tuple(overview(self.book)))


def _opening(holder: Holder, holdings: Sequence[Holding]) -> list[Sentence]:
    """Who speaks, how often and when."""
    evidence = [e for h in holdings for e in h.position.evidence]
    amount = some(len({e.statement_id for e in evidence}), "statement")
    text = f"{holder.introduced} spoke on {some(len(holdings), 'issue')} in {amount} {period(e.date for e in evidence)}"
    return [Sentence(sentence(text), tuple(h.claim() for h in holdings))]


def _listed(book: Book, holder: Holder, holdings: Sequence[Holding]) -> list[Sentence]:
    """Positions with a side that rest on fewer statements: the surer ones first."""
    vague = [h for h in holdings if h.side in SIDES and h.confidence < LIKELY]
    made, start = [], f"beyond that, {holder.short}"
    for side, words in LISTED.items():
        if own := [h for h in holdings if h.side == side and h not in vague]:
            claims = tuple(claim for h in own for claim in h.claims(*(SIDES if side == "divided" else (side,))))
            made.append(Sentence(sentence(f"{start} {words} {_targets(book, own)}"), claims))
            start = f"{holder.short} also"
    if vague:
        parts = [f"{LISTED[s]} {_targets(book, own)}" for s in SIDES if (own := [h for h in vague if h.side == s])]
        claims = tuple(claim for h in vague for claim in h.claims(h.side))
        made.append(Sentence(sentence(f"by less sure labels, {start.split(', ')[-1]} {'; and '.join(parts)}"), claims))
    return made


def _sideless(book: Book, name: str, holdings: Sequence[Holding]) -> list[Sentence]:
    """Targets on which a speaker surely takes no side, and those on which the labels are too unsure to say."""
    made = []
    if neutral := [h for h in holdings if h.clear]:
        told = [(h, len(h.lead)) for h in neutral]
        claims = tuple(claim for h in neutral for claim in h.claims("neutral"))
        made.append(Sentence(sentence(f"{name} took no side on {_amounts(book, told)}"), claims))
    if unclear := [h for h in holdings if not h.clear]:
        told = [(h, len(h.position.evidence)) for h in unclear]
        text = f"it is unclear which side {name} takes on {_amounts(book, told)}"
        made.append(Sentence(sentence(text), tuple(h.claim() for h in unclear)))
    return made


def _amounts(book: Book, told: Sequence[tuple[Holding, int]]) -> str:
    """Targets with the given numbers of statements; of a single one with its dates."""
    (first, amount), *rest = told
    if not rest:
        when = period(e.date for e in (first.lead if first.clear else first.position.evidence))
        return f"{book.phrase(first.target)}, in {some(amount, 'statement')} {when}"
    counts = [f"{book.phrase(first.target)} ({some(amount, 'statement')})"]
    return _first([*counts, *(f"{book.phrase(h.target)} ({number(n)})" for h, n in rest)])


def _first(told: Sequence[str]) -> str:
    """A list of issues, and how many more there are."""
    more = len(told) - MOST
    return listed([*told[:MOST], some(more, "more issue")] if more > 0 else told)


def _targets(book: Book, holdings: Sequence[Holding]) -> str:
    """Targets with their numbers of statements; those of one statement last, without it."""
    several = [h for h in holdings if len(h.position.evidence) > 1]
    once = [book.phrase(h.target) for h in holdings if h not in several]
    told = [f"{book.phrase(h.target)} ({_counted(h)})" for h in several]
    if len(holdings) > MOST:
        return _first([*told, *once])
    each = f"in one statement{' each' if len(once) > 1 else ''}"
    if told and once:
        return f"{'; '.join(told)}; and, {each}, {listed(once)}"
    return listed(told) or f"{listed(once)} {each}"


def _counted(own: Holding) -> str:
    amount = len(own.lead)
    return number(amount) if amount == own.sure else f"{number(amount)} of {number(own.sure)}"
