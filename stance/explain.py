"""Why a statement got its label: each word left out in turn, and what that does to the label's probability.

Leaving parts out ("occlusion", Li, Monroe and Jurafsky 2016, arXiv:1612.08220) asks the model itself and needs no
gradients: a word carries the decision when the label becomes less likely without it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from stance.errors import InputError
from stance.types import LABELS, Doc
from stance.yamlfile import did_you_mean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from stance.config import Topics
    from stance.judge import Judge
    from stance.view import View

WHOLE = ("speaker", "cue", "title", "context")
"""Parts that are left out as a whole; the content is left out word by word."""

CLEAR = 0.25
"""Change in the logit from which on a word is marked: a probability of 0.50 becomes 0.44."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one part of a statement adds to the logit of its label; negative where it speaks against the label."""

    part: str
    """speaker, cue, content, title or context."""
    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One stance of a statement, with the weight of every part, the content's words in order."""

    statement_id: str
    target: str
    label: str
    probability: float
    """That the statement bears on the target with this label, as the model says now."""
    weights: tuple[Weight, ...]


def explain(doc: Doc, statement_id: str, judge: Judge, topics: Topics) -> list[Explanation]:
    """Explain every stance (toward a target) of one labelled statement.

    Args:
        doc: the article, labelled.
        statement_id: which of its statements.
        judge: the stance model that labelled it.
        topics: the topics that it was labelled with.

    Raises:
        InputError: the article has no such statement, or it has no stance toward a target.
    """
    from stance.view import view_of

    statement = next((s for s in doc.statements if s.id == statement_id), None)
    if statement is None:
        known = [s.id for s in doc.statements]
        raise InputError(f"There is no statement {statement_id!r}.{did_you_mean(statement_id, known)}")
    stances = [stance for stance in statement.stances if stance.target]
    if not stances:
        raise InputError(f"The statement {statement_id} has no stance toward a target; there is nothing to explain.")
    view = view_of(doc, statement)
    parts = list(_parts(view))
    views = [view, *(without for _, _, without in parts)]
    found = []
    for stance in stances:
        full, *rest = _probabilities(judge, topics, views, str(stance.target), stance.label)
        weights = [
            Weight(part, text, round(_logit(full) - _logit(p), 3))
            for (part, text, _), p in zip(parts, rest, strict=True)
        ]
        found.append(Explanation(statement_id, str(stance.target), stance.label, round(full, 4), tuple(weights)))
    return found


def _parts(view: View) -> Iterator[tuple[str, str, View]]:
    """Every part that can be left out: its name, its text, and the view without it."""
    for name in WHOLE:
        if text := getattr(view, name):
            yield name, text, replace(view, **{name: ""})
    for word in re.finditer(r"\S+", view.content):
        rest = f"{view.content[: word.start()]} {view.content[word.end() :]}"
        yield "content", word[0], replace(view, content=rest)


def _probabilities(judge: Judge, topics: Topics, views: Sequence[View], target: str, label: str) -> list[float]:
    """P(bears on the target with this label) for every view."""
    import numpy as np

    from stance.judge import probabilities, target_text
    from stance.targets import Aliases

    wanted = topics[target]
    parts, texts = judge.composer.parts(views), [target_text(wanted)]
    many = judge.many(parts, texts)[:, 0]
    pairs = np.zeros_like(many)
    if judge.calibration.asks_pairs:
        pairs = judge.pairs([(part, texts[0]) for part in parts])
    about, sides = probabilities(many, pairs, Aliases([wanted]).table(views)[:, 0], judge.calibration)
    return [float(p) for p in about * sides[:, LABELS.index(label)]]


def _logit(probability: float) -> float:
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def as_json(found: Sequence[Explanation]) -> str:
    """A JSON list."""
    return json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2)


def render(found: Sequence[Explanation], console: Console) -> None:
    """Write explanations to a console: the statement with its words coloured, and the parts that weigh most."""
    from rich.text import Text

    for one in found:
        console.print(Text.assemble((one.label, "bold"), f" {one.probability:.2f} toward ", (one.target, "bold")))
        console.print(_coloured(one))
        ranked = sorted(one.weights, key=lambda weight: -abs(weight.weight))
        for weight in [weight for weight in ranked if abs(weight.weight) >= CLEAR][:8]:
            short = weight.text if len(weight.text) < 60 else f"{weight.text[:59]}…"
            console.print(
                Text.assemble(f"  {weight.weight:+.2f} ", (short, _style(weight)), (f"  {weight.part}", "dim"))
            )
        console.print()


def _coloured(one: Explanation) -> Text:
    """The statement as it is read: speaker, cue and content, words that carry the label green, others red."""
    from rich.text import Text

    shown = [weight for part in ("speaker", "cue", "content") for weight in one.weights if weight.part == part]
    return Text(" ").join(Text(weight.text, _style(weight)) for weight in shown)


def _style(weight: Weight) -> str:
    if abs(weight.weight) < CLEAR:
        return ""
    return "bold green" if weight.weight > 0 else "bold red"
