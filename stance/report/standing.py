"""Sentences on one speaker's stand on one target: what, how firmly, on what conditions, since when, with whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from stance.report.change import Shift
from stance.report.claims import Quote, Sentence
from stance.report.cues import Force, force
from stance.report.evidence import Evidence
from stance.report.holding import CERTAIN, SIDES, Book, Holding, shared
from stance.report.quotes import condition, latest, typical
from stance.report.saying import PARTNERS, Saying, saying
from stance.report.wording import crowd, day, every, listed, number, period, sentence, some

VERB = {"favor": "support", "against": "oppose"}
PAST = {"favor": "supported", "against": "opposed"}
NOUN = {"favor": "support", "against": "opposition"}
TOWARD = {"favor": "support for", "against": "opposition to"}
MANY = 4
"""Statements from which two typical ones are quoted, and firmness may be a matter of emphasis."""

TELLING = 0.1
"""Share of the statements from which forceful words, or a mere "if", tell something of a position."""

RARE = 0.02
"""Share of them below which even plain conditions are an exception."""

LONG = 110
"""Characters of a quotation from which what it means is told apart from it."""

EXAMPLES = 3
"""Cues and conditions named at the most."""

Join = Literal["", "also", "but"]


def stand(book: Book, own: Holding, before: Holding | None, name: str, told: set[str]) -> list[Sentence]:
    """The sentences on one position that takes a side, or both.

    Args:
        book: the run.
        own: the position.
        before: the one told just before, to join on to; None for the first.
        name: how the speaker is named in the first of them.
        told: ids of statements that were quoted before, which are not again; those quoted here are added.
    """
    join = _join(own, before)
    if own.side == "divided":
        made = [_divided(book, own, name), *_both_ways(book, own, told)]
    elif len(own.position.evidence) == 1:
        made = [_single(book, own, join, name, told)]
        made += _conditions(own, made, told)
    else:
        quoted = _quoted(book, own, told)
        made = [_hold(book, own, join, name), *_conditions(own, quoted, told), *quoted]
        made += _dissent(book, own, told)
    told.update(quote.statement_id for sentence in made for quote in sentence.quotes if not quote.cue)
    if shift := book.shifts.get((own.holder.id, own.target)):
        made.append(shifted(own, shift, f"the position of {own.holder.short} on it"))
    return [*made, *_company(book, own)]


def _join(own: Holding, before: Holding | None) -> Join:
    if before is None or before.side not in SIDES or own.side not in SIDES:
        return ""
    return "also" if before.side == own.side else "but"


def _single(book: Book, own: Holding, join: Join, name: str, told: set[str]) -> Sentence:
    """The words of the only statement, and what they are read as."""
    one, side, target = saying(own.lead[0], own.holder.id), own.side, book.phrase(own.target)
    when = f", {one.when}," if one.when else ""
    but, also = "but" if join == "but" else "", "also" if join == "also" else ""
    certain, quote = own.confidence >= CERTAIN, one.quote
    reading = f"{also} {VERB[side]}s {target}" if certain else f"{also} reads as {TOWARD[side]} {target}"
    if one.said.statement_id in told:
        quote = one.start
        text = f"{but} the statement by {name} that begins “{quote.text} …” {reading}"
    elif one.told:
        apart = "; this" if len(quote.text) > LONG else ", which"
        text = f"{but} in one statement{when} {one.clause(name)}{apart} {reading}"
    else:
        verb = PAST[side] if certain else f"seemed to {VERB[side]}"
        text = f"{but} in one statement{when} {one.by(name)} {also} {verb} {target}: {one.shown}"
    return Sentence(sentence(text), own.claims(), (quote,), own.target)


def _hold(book: Book, own: Holding, join: Join, name: str) -> Sentence:
    """Side, share and dates."""
    lead, sure, target, side = len(own.lead), own.sure, book.phrase(own.target), own.side
    but, also = "but" if join == "but" else "", "also" if join == "also" else ""
    certain, when = own.confidence >= CERTAIN, _when(own)
    firmly, cues = _firmness(own)
    if sure == 1:
        verb = PAST[side] if certain else f"seemed to {VERB[side]}"
        text = f"{but} {name} {also} {verb} {target} in one statement{when}"
    elif lead < sure:
        s = "s" if lead == 1 else ""
        verb = f"{VERB[side]}{s} it" if certain else f"read{s} as {NOUN[side]}"
        text = f"{but} of {some(sure, 'statement')} by {name} on {target}{when}, {number(lead)} {verb}"
    elif certain:
        text = f"{but} {name} {also} {PAST[side]} {target} in {every(sure, 'statement')} on it{when}"
    else:
        comma = "," if when else ""
        text = f"{but} {every(sure, 'statement')} by {name} on {target}{when}{comma} read as {NOUN[side]}"
    return Sentence(sentence(text + firmly + _rest(own)), own.claims(), cues, own.target)


def _when(own: Holding) -> str:
    """The dates of the statements that make the side, and whether one article has them all."""
    when = period(e.date for e in own.lead)
    if own.position.articles == 1 and own.sure > 1:
        return f", from one article{when.replace('on ', ' of ', 1)}"
    return f", {when}" if when else ""


def _rest(own: Holding) -> str:
    """The statements that do not take its side."""
    other = "against" if own.side == "favor" else "favor"
    against, neutral, unsure = (len(own.of[state]) for state in (other, "neutral", "unsure"))
    found = []
    if against:
        found.append(f"{number(against)} {VERB[other]}{'s' if against == 1 else ''} it")
    if neutral:
        found.append(f"{number(neutral)} {'takes' if neutral == 1 else 'take'} no side")
    return "".join(f"; {part}" for part in ([listed(found)] if found else []) + ([_unclear(unsure)] if unsure else []))


def _unclear(unsure: int) -> str:
    return f"{number(unsure)} more {'is' if unsure == 1 else 'are'} too unclear to label"


def _divided(book: Book, own: Holding, name: str) -> Sentence:
    favor, against, neutral, unsure = (len(own.of[state]) for state in own.of)
    counts = [f"{some(favor, 'statement')} for it", f"{number(against)} against it"]
    counts += [f"{number(neutral)} without a side"] if neutral else []
    differs = " (what is meant differs by statement)" if book.data.varies(own.target) else ""
    text = f"{name} spoke both ways on {book.phrase(own.target)}{differs}{_when(own)}: {listed(counts)}"
    return Sentence(sentence(text + (f"; {_unclear(unsure)}" if unsure else "")), own.claims(), (), own.target)


def _firmness(own: Holding) -> tuple[str, tuple[Quote, ...]]:
    """What the cues tell of the force behind the words, where they tell something."""
    by: dict[Force | None, list[Evidence]] = {"firm": [], "stressed": [], "mild": [], None: []}
    for said in own.lead:
        by[force(said.cue)].append(said)
    amount = len(own.lead)
    if (chosen := by["firm"]) and len(chosen) >= TELLING * amount:
        how = "in forceful words"
    elif amount >= MANY and len(by["stressed"]) * 2 >= amount:
        chosen, how = by["stressed"], "with emphasis"
    elif len(by["mild"]) * 2 > amount:
        chosen, how = by["mild"], "as a hope or a belief"
    else:
        return "", ()
    first = {said.cue.casefold(): said for said in reversed(chosen)}
    shown = sorted(first.values(), key=lambda e: (e.date or "", e.statement_id))[:EXAMPLES]
    which = f"{number(len(chosen))} of them " if len(chosen) < amount else ("all " if amount > 1 else "")
    cues = listed([f"“{said.cue.casefold()}”" for said in shown])
    return f", {which}{how} ({cues})", tuple(Quote(said.statement_id, said.cue, cue=True) for said in shown)


def _conditions(own: Holding, made: Sequence[Sentence], told: set[str]) -> list[Sentence]:
    """Clauses that make the position conditional, unless they have been told."""
    seen = " ".join([*told, *(quote.text for sentence in made for quote in sentence.quotes)])
    found = [(e, c) for e in own.lead if (c := condition(e.quote)) and c[0] not in seen]
    certain = [pair for pair in found if pair[1][1]]
    if len(certain or found) < (RARE if certain else TELLING) * len(own.lead):
        return []
    chosen = list({clause[0]: (said, clause) for said, clause in reversed(certain or found)}.values())[-EXAMPLES:][::-1]
    if not chosen:
        return []
    told.update(clause for _, (clause, _) in chosen)
    amount = len(certain or found)
    what = ("names a condition" if certain else "is conditional") if amount == 1 else "are conditional"
    which = "the statement" if len(own.lead) == 1 else f"{number(amount)} of the {some(len(own.lead), 'statement')}"
    text = f"{which} {what}: {listed([f'“{clause}”' for _, (clause, _) in chosen])}"
    quotes = tuple(Quote(said.statement_id, clause) for said, (clause, _) in chosen)
    return [Sentence(sentence(text), own.claims(own.side), quotes, own.target)]


def _quoted(book: Book, own: Holding, told: set[str]) -> list[Sentence]:
    """The most typical statements and the most recent one."""
    fresh = [e for e in own.lead if e.statement_id not in told]
    chosen = typical(fresh, book.likeness, 2 if len(own.lead) >= MANY else 1)
    recent = latest(own.lead, chosen, book.likeness)
    recent = recent if recent in fresh else None
    dates = len({e.date for e in own.lead}) > 1
    made = [_example(own, saying(said, own.holder.id), place, dates) for place, said in enumerate(chosen)]
    if recent:
        one = saying(recent, own.holder.id)
        if one.told:
            text = f"{'most recently' if len(own.lead) > 2 else 'later'}, {one.when}, {one.clause(own.holder.short)}"
        else:
            text = f"the most recent{one.of} reads {one.shown}"
        made.append(Sentence(sentence(text), own.claims(own.side), (one.quote,), own.target))
    return made


def _example(own: Holding, one: Saying, place: int, dates: bool) -> Sentence:
    """One statement that stands for the others; its date where they have different ones."""
    alone = len(own.lead) <= 2
    if one.told and alone:
        text = f"{one.when + ', ' if dates and one.when else ''}{one.clause(own.holder.short)}"
    elif one.told:
        text = f"{'' if place else 'typically, '}{one.clause(own.holder.short)} {one.dated if dates else ''}"
    else:
        which = "another" if place else ("one" if alone and len(own.lead) > 1 else "a typical statement")
        which = "it" if len(own.lead) == 1 else which
        text = f"{which}{one.of if dates else ''} reads {one.shown}"
    return Sentence(sentence(text), own.claims(own.side), (one.quote,), own.target)


def _dissent(book: Book, own: Holding, told: set[str]) -> list[Sentence]:
    """The words of those statements that surely take the other side than most."""
    other = "against" if own.side == "favor" else "favor"
    sure = [e for e in own.of[other] if e.confidence >= CERTAIN and e.statement_id not in told]
    made = []
    for said in [] if book.data.varies(own.target) else typical(sure, book.likeness, 1):
        one = saying(said, own.holder.id)
        when = f", {one.when}" if one.when else ""
        what = f"{one.clause(own.holder.short)}" if one.told else f"one statement reads {one.shown}"
        made.append(Sentence(sentence(f"on the other side{when}, {what}"), own.claims(other), (one.quote,), own.target))
    return made


def _both_ways(book: Book, own: Holding, told: set[str]) -> list[Sentence]:
    """The most typical statement of either side, the earlier one first."""
    found = [
        (said.date or "", side, saying(said, own.holder.id))
        for side in SIDES
        for said in typical([e for e in own.of[side] if e.statement_id not in told], book.likeness, 1)
    ]
    dates = len({when for when, *_ in found}) > 1
    parts = []
    for _, side, one in sorted(found, key=lambda item: item[:2]):
        when = f"{one.when}, " if dates and one.when else ""
        what = one.clause(own.holder.short) if one.told else f"one statement reads {one.shown}"
        parts.append(f"{'for' if side == 'favor' else 'against'} it, {when}{what}")
    quotes = tuple(one.quote for *_, one in found)
    return [Sentence(sentence("; ".join(parts)), own.claims(*SIDES), quotes, own.target)] if parts else []


def shifted(own: Holding, shift: Shift, what: str) -> Sentence:
    """A position before and after the day of its likeliest change.

    Args:
        own: the position.
        shift: its change.
        what: the position, as the subject of the sentence.
    """
    parts = []
    for position in (shift.before, shift.after):
        sides = {side: n for side in SIDES if (n := position.counts[side])}
        total = len(position.sure)
        if total > 1 and list(sides.values()) == [total]:
            parts.append(f"{every(total, 'statement')} {PAST[next(iter(sides))]} it")
        else:
            told = [f"{number(n)} {PAST[side]} it" for side, n in sides.items()]
            parts.append(f"of {some(total, 'statement')}, {listed(told) or 'none took a side'}")
    q = f"q = {shift.q:.3f}" if shift.q >= 0.001 else "q < 0.001"
    text = (
        f"{what} shifted about {day(shift.day)}: before it, {parts[0]}; from then on, {parts[1]} (Pettitt’s test, {q})"
    )
    return Sentence(sentence(text), own.claims(*SIDES, "neutral"), (), own.target)


def _company(book: Book, own: Holding) -> list[Sentence]:
    """Who agrees, in the same statements or in others, and who opposes."""
    same, opposed = book.others(own)
    joint = shared(own, same)
    same = [h for h in same if h not in joint]
    if len(own.lead) == 1 and len(joint) <= PARTNERS:
        joint = []  # The statement was told with their names.
    parts = []
    if joint:
        together = {e.statement_id for h in joint for e in h.lead}
        what = "it" if len(own.lead) == 1 else ("them" if len(together) == len(own.lead) else "some of them")
        parts.append(f"{crowd([h.holder.full for h in joint])} joined in {what}")
    if same:
        who = crowd([h.holder.full for h in same])
        also = "also" if own.confidence >= CERTAIN else ""
        parts.append(f"{who} {also} {PAST[own.side]} it")
    if opposed:
        other = "against" if own.side == "favor" else "favor"
        parts.append(f"{crowd([h.holder.full for h in opposed])} {PAST[other]} it")
    if not parts:
        return []
    claims = [claim for h in (own, *joint, *same, *opposed) for claim in h.claims(h.side)]
    text = "; ".join(parts)
    if opposed and len(parts) > 1:
        text = f"{'; '.join(parts[:-1])}, but {parts[-1]}"
    return [Sentence(sentence(text), tuple(claims), (), own.target)]
