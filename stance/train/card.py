"""Model cards: written next to the weights whenever a model is saved, from what training itself knows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from stance.models import CARD, METRICS

_TEMPLATE = """---
language: en
license: {{ card.licence }}
base_model: {{ card.base }}
library_name: transformers
pipeline_tag: {{ card.pipeline }}
---

# {{ card.name }}

{{ card.summary }}

## Trained on

| data | terms |
|---|---|
{% for data, terms in card.data -%}
| {{ data }} | {{ terms }} |
{% endfor %}
Recipe: `{{ card.recipe }}`.

## Numbers

Scores between 0 and 1, F1 unless the name says otherwise; `stance evaluate` gives them with intervals.

| measure | value |
|---|---|
{% for measure, value in numbers.items() -%}
| {{ measure }} | {{ "%.3f"|format(value) }} |
{% endfor %}
{% for title, text in card.sections -%}
## {{ title }}

{{ text }}

{% endfor -%}
## Limits

{% for limit in card.limits -%}
- {{ limit }}
{% endfor -%}
"""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says besides its numbers."""

    name: str
    summary: str
    """One paragraph; its first sentence is what `stance models` shows."""
    pipeline: str
    recipe: str
    data: Sequence[tuple[str, str]]
    limits: Sequence[str]
    base: str = "sentence-transformers/all-MiniLM-L6-v2"
    licence: str = "apache-2.0"
    numbers: Mapping[str, float] = field(default_factory=dict)
    sections: Sequence[tuple[str, str]] = ()
    """Further sections, each a title and Markdown."""


def write_card(folder: Path, card: Card) -> None:
    """Write README.md and metrics.json into a model folder."""
    template = Environment(undefined=StrictUndefined, autoescape=False).from_string(_TEMPLATE)
    (folder / CARD).write_text(template.render(card=card, numbers=card.numbers), encoding="utf-8")
    (folder / METRICS).write_text(json.dumps(dict(card.numbers), indent=1) + "\n", encoding="utf-8")
