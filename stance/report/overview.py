"""Sentences on a whole run: what was read, who speaks most, where they clash, where all agree, what is thin."""

from __future__ import annotations

from collections import Counter

from stance.report.change import contradictions
from stance.report.claims import Claim, Sentence
from stance.report.estimate import FEW
from stance.report.holding import LIKELY, SIDES, Book, Holding
from stance.report.standing import shifted
from stance.report.wording import crowd, every, listed, number, period, sentence, some

MOST = 3
"""Speakers, issues or quarrels named at the most."""

CLASHES = ("speakers clash over", "another dispute is over", "a third is over")

ALL = 3
"""Speakers from which one side can be called everybody's."""


Sides = dict[str, dict[str, list[Holding]]]
"""By target and side: those who take it by labels that leave little doubt."""


def overview(book: Book) -> list[Sentence]:
    """The sentences; none where the run has no statement on any target."""
    if not book.on:
        return []
    sides = {
        target: {side: [h for h in own if h.side == side and h.confidence >= LIKELY] for side in SIDES}
        for target, own in book.on.items()
        if not book.data.varies(target)
    }
    told = [_read(book), _loudest(book), _issues(book), *_clashes(book, sides), *_agreed(book, sides)]
    return [*told, *_changed(book), *_both_ways(book), *_thin(book)]


def _read(book: Book) -> Sentence:
    data = book.data
    outlets = Counter(article.outlet for article in data.articles.values() if article.outlet)
    if len(outlets) <= MOST:
        sources = f" from {listed([name for name, _ in outlets.most_common()])}" if outlets else ""
    else:
        sources = f" from {number(len(outlets))} outlets"
    evidence = [e for e in data.total.evidence if e.target]
    ids = tuple(sorted({e.statement_id for e in evidence}))
    read, found = some(len(data.articles), "article"), some(data.total.statements, "statement")
    text = f"{read}{sources} {'was' if len(data.articles) == 1 else 'were'} read; "
    if data.total.statements == 1:
        text += "the one statement there"
    else:
        text += f"{number(len(ids))} of the {found} in {'it' if len(data.articles) == 1 else 'them'}"
    text += f" {'bears' if len(ids) == 1 else 'bear'} on {some(len(_statements(book)), 'issue')}"
    return Sentence(sentence(f"{text}, {period(e.date for e in evidence)}".rstrip(", ")), (Claim("", "", "", ids),))


def _loudest(book: Book) -> Sentence:
    """Who speaks most on targets."""
    found = []
    for holder in book.holders:
        ids = {e.statement_id for h in book.holdings[holder.id] for e in h.position.evidence}
        found.append((-len(ids), holder.row.name, holder.full, Claim(holder.id, "", "", tuple(sorted(ids)))))
    first = sorted(found, key=lambda item: item[:2])[:MOST]
    names = [f"{name} ({number(-n)})" for n, _, name, _ in first]
    most = " most" if len(found) > len(names) else ""
    what = "it" if len(_statements(book)) == 1 else "them"
    return Sentence(sentence(f"{listed(names)} spoke{most} on {what}"), tuple(claim for *_, claim in first))


def _issues(book: Book) -> Sentence:
    found = sorted((-len(ids), target, ids) for target, ids in _statements(book).items())
    first = found[:MOST]
    names = [f"{book.phrase(target)} ({number(-n)})" for n, target, _ in first]
    start = "what was spoken of most: " if len(found) > len(names) else "this was spoken of: "
    return Sentence(sentence(start + listed(names)), tuple(Claim("", target, "", ids) for _, target, ids in first))


def _statements(book: Book) -> dict[str, tuple[str, ...]]:
    """Ids of all statements on each target, whoever speaks."""
    positions = book.data.total.positions.values()
    return {p.target: tuple(sorted(e.statement_id for e in p.evidence)) for p in positions if p.target}


def _clashes(book: Book, sides: Sides) -> list[Sentence]:
    """The targets on which most speakers stand on either side."""
    found = [(-min(map(len, own.values())), -sum(map(len, own.values())), target) for target, own in sides.items()]
    made: list[Sentence] = []
    for smaller, _, target in sorted(found)[:MOST]:
        if smaller:
            favor, against = (sides[target][side] for side in SIDES)
            start = CLASHES[len(made)]
            text = f"{start} {book.phrase(target)}: {_names(favor)} for it; {_names(against)} against it"
            made.append(Sentence(sentence(text), _claims([*favor, *against]), (), target))
    return made


def _names(holdings: list[Holding]) -> str:
    return crowd([h.holder.full for h in holdings])


def _claims(holdings: list[Holding]) -> tuple[Claim, ...]:
    return tuple(claim for h in holdings for claim in h.claims(h.side))


def _agreed(book: Book, sides: Sides) -> list[Sentence]:
    """Targets on which all who take a side take the same one."""
    made = []
    for side, verb in zip(SIDES, ("supported", "opposed"), strict=True):
        found = [
            (-len(own[side]), target)
            for target, own in sides.items()
            if len(own[side]) >= ALL and all(h.side in (side, "neutral", "unsure") for h in book.on[target])
        ]
        if first := sorted(found)[:MOST]:
            names = listed([f"{book.phrase(target)} ({some(-n, 'speaker')})" for n, target in first])
            more = f"; so it is with {some(len(found) - MOST, 'more issue')}" if len(found) > MOST else ""
            claims = [claim for _, target in first for claim in _claims(sides[target][side])]
            text = f"all who took a side {verb} {names}{more}"
            made.append(Sentence(sentence(text), tuple(claims)))
    return made


def _changed(book: Book) -> list[Sentence]:
    """Positions that have shifted by a test, see `stance.report.change.shifts`."""
    made: list[Sentence] = []
    for shift in list(book.shifts.values())[:MOST]:
        own = next(h for h in book.holdings[shift.speaker.id] if h.position is shift.position)
        what = f"the position of {own.holder.full} on {book.phrase(own.target)}"
        made.append(shifted(own, shift, what))
    return made


def _both_ways(book: Book) -> list[Sentence]:
    """Speakers with sure statements on both sides of one target, the targets with most of them first."""
    found: dict[str, list[Holding]] = {}
    for own in contradictions(book.data):
        holding = next(h for h in book.holdings[own.speaker.id] if h.position is own.position)
        found.setdefault(holding.target, []).append(holding)
    made: list[Sentence] = []
    for target, holdings in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:MOST]:
        did = "did so on" if made else "took both sides on"
        text = f"{_names(holdings)} {did} {book.phrase(target)}"
        claims = tuple(claim for h in holdings for claim in h.claims(*SIDES))
        made.append(Sentence(sentence(text), claims, (), target))
    return made


def _thin(book: Book) -> list[Sentence]:
    """What rests on little."""
    holdings = [h for own in book.holdings.values() for h in own if h.sure]
    few = [h for h in holdings if h.position.few]
    thin = sorted((target, ids) for target, ids in _statements(book).items() if len(ids) == 1)
    made = []
    if few:
        rest = f"{'rests' if len(few) == 1 else 'rest'} on fewer than {number(FEW)} articles"
        which = f"{number(len(few))} of the {some(len(holdings), 'position')}"
        if len(few) == len(holdings):
            which = every(len(few), "position") if len(few) > 1 else "the position"
        claims = tuple(claim for h in few for claim in h.claims(*SIDES, "neutral"))
        made = [Sentence(sentence(f"{which} {rest}"), claims)]
    if thin and book.data.total.statements > 1:
        names = crowd([book.phrase(target) for target, _ in thin])
        claims = tuple(Claim("", target, "", ids) for target, ids in thin)
        made.append(Sentence(sentence(f"a single statement is all there is on {names}"), claims))
    unsure = tuple(sorted({e.statement_id for e in book.data.total.evidence if e.target and e.abstained}))
    if unsure:
        text = f"labels of {some(len(unsure), 'statement')} were too unsure to count"
        made.append(Sentence(sentence(text), (Claim("", "", "unsure", unsure),)))
    return made
