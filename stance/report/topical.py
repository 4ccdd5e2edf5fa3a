"""Sentences on a topic: for each of its targets who is for it, who is against, and in which words."""

from __future__ import annotations

from collections.abc import Sequence

from stance.report.claims import Claim, Sentence
from stance.report.holding import LIKELY, SIDES, Book, Holding
from stance.report.quotes import typical
from stance.report.saying import saying
from stance.report.wording import crowd, listed, number, period, sentence, some

PAST = {"favor": "supported", "against": "opposed"}


def opening(book: Book, topic: str, targets: Sequence[str]) -> tuple[list[Sentence], list[str]]:
    """Where a topic has several targets, who took them up; and its targets, that with most statements first."""
    order = sorted((t for t in targets if t in book.on), key=lambda t: (-sum(h.sure for h in book.on[t]), t))
    if len(order) < 2:
        return [], order
    holdings = [h for target in order for h in book.on[target]]
    evidence = [e for h in holdings for e in h.position.evidence]
    ids = tuple(sorted({e.statement_id for e in evidence}))
    speakers = some(len({h.holder.id for h in holdings}), "speaker")
    text = f"on the topic “{book.data.topic_label(topic)}”, {speakers} took up {some(len(order), 'issue')}"
    text += f" in {some(len(ids), 'statement')} {period(e.date for e in evidence)}"
    return [Sentence(sentence(text), tuple(claim for h in holdings for claim in h.claims()))], order


def on_target(book: Book, target: str) -> list[Sentence]:
    """Who takes which side on one target."""
    clear = [h for h in book.on[target] if h.clear]
    sides = {side: [h for h in clear if h.side == side] for side in (*SIDES, "divided", "neutral")}
    for side in SIDES:
        sides[side].sort(key=lambda h: (-len(h.lead), h.holder.row.name, h.holder.id))
    plain = {side: [h for h in sides[side] if h.confidence >= LIKELY] for side in SIDES}
    vague = {side: [h for h in sides[side] if h.confidence < LIKELY] for side in SIDES}
    made = [_sides(book, target, plain)] if any(plain.values()) else []
    for side in SIDES:
        made += [found for h in plain[side][:1] if (found := _voice(book, h, bool(plain["against"])))]
    if any(vague.values()):
        made.append(_vague(book, target, vague, not made))
    if sides["divided"] or sides["neutral"]:
        made.append(_undecided(book, target, sides["divided"], sides["neutral"], not made))
    if unclear := [h for h in book.on[target] if not h.clear]:
        names, verb = crowd([h.holder.full for h in unclear]), "takes" if len(unclear) == 1 else "take"
        text = f"it is unclear which side {names} {verb} on {'it' if made else book.phrase(target)}"
        made.append(Sentence(sentence(text), tuple(h.claim() for h in unclear), (), target))
    return [*made, *_unnamed(book, target, not made)]


def _sides(book: Book, target: str, plain: dict[str, list[Holding]]) -> Sentence:
    """Those on either side, by what the labels leave little doubt of."""
    phrase = book.phrase(target)
    chosen = [h for side in SIDES for h in plain[side]]
    when = period(e.date for h in chosen for e in h.lead)
    claims = tuple(claim for h in chosen for claim in h.claims(h.side))
    if len(chosen) == 1:
        (own,) = chosen
        text = f"only {own.holder.full} clearly {PAST[own.side]} {phrase}, in {some(len(own.lead), 'statement')} {when}"
    elif all(plain.values()):
        told = "; ".join(f"{_counted(plain[side])} {PAST[side]} it" for side in SIDES)
        start = f"speakers disagree over {phrase}"
        if book.data.varies(target):
            start = f"what is meant by {phrase} differs by statement"
        text = f"{start}: {told}{f' ({when})' if when else ''}"
    else:
        side, other = SIDES if plain["favor"] else reversed(SIDES)
        text = f"{_counted(chosen)} {PAST[side]} {phrase}{f' {when}' if when else ''}; nobody clearly {PAST[other]} it"
    return Sentence(sentence(text), claims, (), target)


def _counted(holdings: Sequence[Holding]) -> str:
    """Names, the first with their numbers of statements."""
    names = [
        f"{h.holder.full} ({some(len(h.lead), 'statement') if not n else number(len(h.lead))})"
        for n, h in enumerate(holdings)
    ]
    return crowd(names)


def _voice(book: Book, own: Holding, contrast: bool) -> Sentence | None:
    """The words of the one who says most on a side."""
    for said in typical(own.lead, book.likeness, 1):
        one = saying(said, own.holder.id)
        start = ("for it, " if own.side == "favor" else "against it, ") if contrast else ""
        if one.told:
            text = f"{start}{one.when + ', ' if one.when else ''}{one.clause(own.holder.short)}"
        else:
            text = f"{start}one statement by {one.by(own.holder.short)}{one.of} reads {one.shown}"
        return Sentence(sentence(text), own.claims(own.side), (one.quote,), own.target)
    return None


def _vague(book: Book, target: str, vague: dict[str, list[Holding]], first: bool) -> Sentence:
    parts = [f"{crowd([h.holder.full for h in vague[side]])} {PAST[side]}" for side in SIDES if vague[side]]
    parts[0] += f" {book.phrase(target) if first else 'it'}"
    parts[1:] = [f"{part} it" for part in parts[1:]]
    claims = tuple(claim for side in SIDES for h in vague[side] for claim in h.claims(side))
    return Sentence(sentence(f"by less sure labels, {listed(parts)}"), claims, (), target)


def _undecided(
    book: Book, target: str, divided: Sequence[Holding], neutral: Sequence[Holding], first: bool
) -> Sentence:
    what = f" on {book.phrase(target)}" if first else ""
    parts = [f"{crowd([h.holder.full for h in divided])} spoke both ways{what}"] if divided else []
    parts += [f"{crowd([h.holder.full for h in neutral])} took no side{'' if divided else what}"] if neutral else []
    claims = [claim for h in divided for claim in h.claims(*SIDES)]
    claims += [claim for h in neutral for claim in h.claims("neutral")]
    return Sentence(sentence("; ".join(parts)), tuple(claims), (), target)


def _unnamed(book: Book, target: str, first: bool) -> list[Sentence]:
    """What nobody in particular said."""
    position = book.data.unknown.positions.get(target)
    if position is None or not position.sure:
        return []
    ids = {
        state: tuple(sorted(e.statement_id for e in position.sure if e.state == state)) for state in (*SIDES, "neutral")
    }
    words = {"favor": "for it", "against": "against it", "neutral": "without a side"}
    n = len(position.sure)
    counts = [f"{number(len(own))} {words[state]}" for state, own in ids.items() if own]
    what = f"{some(n, 'statement')}: {listed(counts)}"
    if len(counts) == 1:
        what = f"{some(n, 'statement')} {next(words[state] for state, own in ids.items() if own)}"
    start = f"on {book.phrase(target)}, " if first else ""
    text = f"{start}{'a speaker without a name adds' if n == 1 else 'speakers without a name add'} {what}"
    claims = tuple(Claim(book.data.unknown.id, target, state, own) for state, own in ids.items() if own)
    return [Sentence(sentence(text), claims, (), target)]
