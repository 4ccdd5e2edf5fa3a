"""What is doubtful in a topics file that is formally right: targets that overlap, wordings that are read badly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.config import Target, Topics
    from stance.judge import Judge

ALIKE = 0.7
"""Cosine of two targets' vectors from which on they are taken to overlap. Among the shipped targets the nearest two
(ties of China with Russia, and with the EU) reach 0.56; the same proposition in other words reaches 0.86 and more."""

NEGATIONS = {"not", "no", "never", "nobody", "nothing", "without", "stop", "cannot"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to think about."""

    target: str
    reason: str
    """What is doubtful, and what to do."""


def doubts(topics: Topics, judge: Judge) -> list[Doubt]:
    """Everything doubtful in some topics, target by target in the order of the file.

    Args:
        topics: as loaded, so formally right.
        judge: the stance model that will read them.
    """
    found = [Doubt(target.id, reason) for target in topics.targets for reason in _wording(target, judge)]
    found += [Doubt(first.id, reason) for first, reason in _shared_aliases(topics.targets)]
    return found + [Doubt(first.id, reason) for first, reason in _alike(topics.targets, judge)]


def _wording(target: Target, judge: Judge) -> Iterator[str]:
    from stance.judge import target_text
    from stance.view import LIMITS

    words = target.proposition.casefold().rstrip(".!").split()
    if target.proposition.rstrip().endswith("?"):
        yield "The proposition is a question; nobody can be in favor of it. Turn it into a claim."
    elif len(words) < 4:
        yield "The proposition is hardly a sentence. Say in full what one is for or against."
    if negations := sorted(NEGATIONS & set(words)):
        yield (
            f"The proposition says {negations[0]!r}: favor and against are easily mixed up when a report is read. "
            "Say what is wanted in place of what is not."
        )
    pieces = len(judge.composer.tokenizer.encode(target_text(target), add_special_tokens=False))
    if pieces > LIMITS["target"]:
        yield f"The proposition has {pieces} word pieces; the model reads the first {LIMITS['target']}. Shorten it."
    if not target.aliases:
        yield "There are no aliases. Add the words by which articles name it, so that it is never overlooked."
    for alias in target.aliases:
        if len(alias) < 3:
            yield f"The alias {alias!r} is so short that it will be found where it is not meant."


def _shared_aliases(targets: Sequence[Target]) -> Iterator[tuple[Target, str]]:
    owner: dict[str, Target] = {}
    for target in targets:
        for alias in target.aliases:
            first = owner.setdefault(alias.casefold(), target)
            if first is not target:
                yield target, f"The alias {alias!r} belongs to {first.id!r}, too. Keep it where it is meant most often."


def _alike(targets: Sequence[Target], judge: Judge) -> Iterator[tuple[Target, str]]:
    import numpy as np

    from stance.judge import target_text

    vectors = judge.target_vectors([target_text(target) for target in targets])
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for row, column in zip(*np.triu_indices(len(targets), 1), strict=True):
        cosine = float(vectors[row] @ vectors[column])
        if cosine >= ALIKE:
            yield (
                targets[row],
                (
                    f"It reads like {targets[column].id!r} (similarity {cosine:.2f}): statements will bear on both. "
                    "Join them, or say in each what the other is not."
                ),
            )
