"""What a file does not hold of the articles written to it, found out by reading it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from stance.annotate.notation import speaker_text, stance_text
from stance.types import LABELS, Doc, Stance, Statement


def missing(docs: Iterable[Doc], back: Mapping[str, Doc]) -> Counter[str]:
    """How often what was lost or changed, in the words of a message."""
    lost: Counter[str] = Counter()
    for doc in docs:
        other = back.get(doc.article.id)
        if other is None:
            lost["articles"] += 1
            lost["statements"] += len(doc.statements)
            continue
        own = {s.id: s for s in other.statements}
        for s in doc.statements:
            if s.id in own:
                lost.update(_differences(s, own[s.id]))
            else:
                lost["statements"] += 1
    return lost


def _differences(one: Statement, other: Statement) -> list[str]:
    names = [
        name for name in ("content", "cue", "source", "kind", "parent") if getattr(one, name) != getattr(other, name)
    ]
    found = [f"statements' {name}" for name in names]
    if [*map(speaker_text, one.speakers)] != [*map(speaker_text, other.speakers)]:
        found.append("statements' speakers")
    if sorted(map(stance_text, one.stances)) != sorted(map(stance_text, other.stances)):
        found.append("statements' stances")
    return found + _unsure(one.stances)


def _unsure(stances: Sequence[Stance]) -> list[str]:
    """A model's probabilities: what people annotate is certain, so they are not read back."""
    return ["stances' probabilities" for s in stances if s.probs[LABELS.index(s.label)] < 1]
