"""What the card of a fine-tuned model says: what it began as and learned from, before and after, the learning curve."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from stance.evaluate.names import number
from stance.models import CARD, read_card
from stance.train.card import Card
from stance.train.curve import Epoch
from stance.train.finetune_recipe import FinetuneRecipe
from stance.train.hold_out import Split
from stance.train.part import Part
from stance.train.proof import Proof

PIPELINES = {"stance": "text-classification", "attribution": "token-classification"}
FEW = 20
"""Held-out articles under which a test says little."""


def finetune_card(
    part: Part,
    start: Path,
    split: Split,
    recipe: FinetuneRecipe,
    proof: Proof,
    epochs: Sequence[Epoch],
    notes: Sequence[str],
    replayed: int,
) -> Card:
    """The card.

    Args:
        part: what was trained.
        start: the folder it began with.
        split: articles learned from and held out.
        recipe: how.
        proof: the scores before and after.
        epochs: the learning curve.
        notes: sentences on calibration and the like.
        replayed: rows of the original data that were trained on again.
    """
    header, text = read_card(start / CARD)
    outlets = Counter(doc.article.outlet or "no outlet named" for doc in split.train)
    own = (
        f"{len(split.train)} articles annotated by the user, {sum(len(d.statements) for d in split.train)} statements: "
        + ", ".join(f"{name} {count}" for name, count in outlets.most_common(6))
    )
    data = [(own, "the user's; the articles belong to their publishers")]
    if replayed:
        data.append((f"{replayed} rows of the original training data, once more", "as below"))
    name = header.get("base_model") or start.name
    begun = f"the {part.role} model in `{start.name}`" if part.parent else f"the encoder {start.name}"
    return Card(
        name=f"{part.role.capitalize()}, fine-tuned",
        summary=f"Fine-tuned from {begun} on {len(split.train)} annotated articles. {_first(text)}".strip(),
        pipeline=PIPELINES[part.role],
        recipe=f"finetune_{part.role}.yaml",
        data=[*data, *_trained_on(text)],
        numbers=proof.numbers(),
        limits=[*_limits(split), *_limits_of(text)],
        base=str(name),
        licence=str(header.get("license") or "other"),
        sections=[
            ("Before and after", _comparison(proof, split)),
            ("Learning curve", _curve(epochs)),
            ("How it was trained", _how(recipe, notes)),
        ],
    )


def _comparison(proof: Proof, split: Split) -> str:
    lines = [
        f"On {split.how}; paired bootstrap over articles, 95% interval of the difference. The number of "
        "epochs was chosen on the same articles, so expect a little less on others.",
        "",
        "| measure | before | after | difference | p |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, row in proof.rows:
        test = row.paired
        spread = f"{100 * test.difference:+.1f} [{100 * test.low:+.1f}, {100 * test.high:+.1f}]"
        before, after = number(row.a, row.metric), number(row.b, row.metric)
        lines.append(f"| {name} | {before} | {after} | {spread} | {test.p:.3f} |")
    return "\n".join(lines)


def _curve(epochs: Sequence[Epoch]) -> str:
    lines = ["| epoch | loss, training | loss, held out |", "|--:|--:|--:|"]
    lowest = min((e.held_out for e in epochs if e.held_out is not None), default=None)
    for epoch in epochs:
        loss = "" if epoch.loss is None else f"{epoch.loss:.3f}"
        held = "" if epoch.held_out is None else f"{epoch.held_out:.3f}"
        mark = " (kept)" if epoch.held_out is not None and epoch.held_out == lowest else ""
        lines.append(f"| {epoch.epoch:g} | {loss} | {held}{mark} |")
    return "\n".join(lines)


def _how(recipe: FinetuneRecipe, notes: Sequence[str]) -> str:
    values = recipe.values()
    schedule = values.pop("schedule")
    told = [f"{k} {v:g}" for k, v in {**values, **schedule}.items() if isinstance(v, int | float)]
    return " ".join(notes) + "\n\nOptions: " + ", ".join(told) + "."


def _limits(split: Split) -> list[str]:
    limits = ["It knows the articles above best: measure it on others before you label them."]
    if len(split.held_out) < FEW:
        limits.append(
            f"Only {len(split.held_out)} articles were held out: the interval is wide, and its p is too small."
        )
    limits.append("`training/held_out.jsonl` holds articles; delete it before you pass the model on.")
    return limits


def _first(text: str) -> str:
    """The first sentence of a card's own summary; of a fine-tuned one, that of what it began as."""
    paragraph = next((p for p in text.split("\n\n") if p.strip() and not p.startswith(("#", "|"))), "")
    sentences = [s for s in re.split(r"(?<=\.)\s+", paragraph.strip()) if not s.startswith("Fine-tuned from")]
    return sentences[0] if sentences else ""


def _section(text: str, title: str) -> list[str]:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return found.group(1).strip().splitlines() if found else []


def _trained_on(text: str) -> list[tuple[str, str]]:
    rows = [line.strip("| ").split(" | ") for line in _section(text, "Trained on") if line.startswith("| ")]
    return [(row[0], row[1]) for row in rows if len(row) == 2 and row[0] != "data"]


def _limits_of(text: str) -> list[str]:
    """The parent's limits but for those that held for its own fine-tuning."""
    own = [line.removeprefix("- ") for line in _section(text, "Limits") if line.startswith("- ")]
    return [line for line in own if not line.startswith(("It knows the articles", "Only ", "`training/"))]
