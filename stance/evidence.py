"""How likely a found statement is right: what is known of it, in a few numbers, and their weights.

The first look finds most cues and misses few, but how sure it is depends on the company: a lone sentence gets less
than the same one amid other reports. So a statement's probability is a logistic regression on what both looks, the
cue's word and the place in the text say. Training fits the weights (`stance/train/attribution_calibration.py`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields

UNSEEN = 0.05
"""How often a word that was no cue in training is taken for one."""

_WORD = re.compile(r"[^\W\d_]+(?:['’]\w+)?")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one statement."""

    first_look: float
    """Log-odds that the words are a cue, as the first look sees them."""
    edges: float
    """Log-odds of the least sure edge of the content."""
    source: float
    """Log-odds of the source; 0 where there is none."""
    no_source: float
    """1 where there is no source."""
    cue_word: float
    """Log-odds of the cue's most telling word to be one in the training articles; 0 where that is not known."""
    quoted: float
    """Share of the content that stands in quotation marks."""
    in_quotation: float
    """1 where the cue stands in quotation marks: somebody quoted reports somebody else."""
    nested: float
    """1 where the cue stands in the content of another likely statement."""


FEATURES = tuple(field.name for field in fields(Evidence))

WEIGHTS: Mapping[str, float] = {
    "first_look": 0.2,
    "edges": 0.2,
    "source": 0.2,
    "no_source": 0.0,
    "cue_word": 0.35,
    "quoted": 0.7,
    "in_quotation": -0.6,
    "nested": 0.0,
    "intercept": -1.8,
}
"""For a model without a calibration of its own."""


def probability(evidence: Evidence, weights: Mapping[str, float]) -> float:
    """How likely a statement with this evidence is right."""
    odds = weights["intercept"] + sum(
        weights[name] * value for name, value in zip(FEATURES, astuple(evidence), strict=True)
    )
    return 1 / (1 + math.exp(-odds))


def log_odds(certainty: float, least: float = 1e-3) -> float:
    """Log-odds, bounded, so that a rounded certainty of one does not outweigh all others."""
    certainty = min(max(certainty, least), 1 - least)
    return math.log(certainty / (1 - certainty))


def cue_words(text: str) -> list[str]:
    """The words by which a cue is known, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def stem(word: str) -> str:
    """A word without its inflection, marked as such: "accuses" and "accusing" give "accus-"."""
    return re.sub(r"(?:ing|ed|es|s|e)$", "", word) + "-" if len(word) > 4 else word


def cue_rate(text: str, rates: Mapping[str, float]) -> float:
    """How often the most telling word of a cue is one: by its form, or by its stem where the form is too rare."""
    return max((rates.get(word, rates.get(stem(word), UNSEEN)) for word in cue_words(text)), default=UNSEEN)
