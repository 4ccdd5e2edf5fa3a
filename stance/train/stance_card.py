"""What the model card of a stance model says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stance.train.card import Card
from stance.train.stance_recipe import Recipe

OWN = "written for training"
PUBLISHERS = "none stated; the articles belong to their publishers"
OPEN = "none stated, or for research"
SETS = {
    "train": ("news articles annotated by the codebook", PUBLISHERS),
    "statements": ("single statements of news articles annotated by the codebook", PUBLISHERS),
    "wire_style": ("invented articles in the style of news agencies", OWN),
    "contrast": ("contrast groups: same topic and wording, another cue, negation or object", OWN),
    "marked": ("statements of unlabelled news articles, annotated by a language model under the codebook", PUBLISHERS),
    "composed": ("statements composed by rule from phrases, each target with every side", OWN),
    "own": ("invented statements, in groups that differ in what turns the stance, and on rare targets", OWN),
    "plover": ("PLOVER: news events with source and target", OPEN),
    "mpqa": ("MPQA: attitudes and their targets in the world press", OPEN),
    "newsmtsc": ("NewsMTSC: sentiment toward targets in political news", "MIT-style"),
    "dse": ("DSE: directed sentiment between entities", OPEN),
    "vast": ("VAST: stance toward many topics", OPEN),
    "argkp": ("ArgKP: arguments and key points", "Apache-2.0"),
    "perspectrum": ("Perspectrum: claims and perspectives", "CC BY-SA"),
    "ibm_claim": ("IBM claim stance", "CC BY-SA"),
    "iam": ("IAM: claims and their stance", OPEN),
    "gwsd": ("GWSD: stance on global warming", OPEN),
    "semeval16": ("SemEval-2016 task 6: stance in tweets", OPEN),
    **{f"nli_{name}": (f"natural language inference ({name})", OPEN) for name in ("litl", "conj", "cad", "sick")},
}
"""Name in a recipe to what it is and its terms."""


def stance_card(recipe: Recipe, path: Path, numbers: Mapping[str, float]) -> Card:
    """The card of a model that `recipe`, read from `path`, made."""
    names = dict.fromkeys(name for phase in recipe.phases for name in phase.mix)
    return Card(
        name="Stance toward targets",
        summary=(
            "Judges which targets (propositions) a reported statement bears on, and whether its speaker is for, "
            "against or neutral. A statement, with its speaker, cue and a little context, is encoded once; the text of "
            "every target asks its question of it in the same pass, so a target of your own needs no training. Texts "
            "that come with one target each are read together with it."
        ),
        pipeline="text-classification",
        recipe=path.name,
        base=recipe.base,
        data=[SETS.get(name, (name, "see the recipe")) for name in names],
        numbers=numbers,
        limits=(
            "English news. Trained on reports of international politics; other fields are harder for it.",
            "Targets of your own, which training did not know, are found and judged less well than the shipped ones; "
            "aliases help.",
            "It reads one statement with a little of what stands before: irony and what the speaker is known to think "
            "escape it.",
            "Several sets state no licence or are for research: look at their terms before commercial use.",
            "Probabilities are calibrated on articles of the kind that it was trained on.",
        ),
    )
