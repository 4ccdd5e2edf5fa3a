"""Fits the calibration of a stance model on held-out articles, scores it on the dev articles, writes its card."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from stance.config import load_topics
from stance.judge import CANDIDATES, Judge, about_logit, save_calibration
from stance.pieces import load_pieces
from stance.targets import Aliases
from stance.train.card import write_card
from stance.train.ranges import write_ranges_of_views
from stance.train.stance_calibration import Scored, Use, fit_best, measure
from stance.train.stance_card import stance_card
from stance.train.stance_recipe import Asked, asked_of, load_recipe
from stance.train.stance_rows import (
    UNRELATED,
    Example,
    held_out,
    of_articles,
    of_statements,
    read_rows,
)
from stance.view import Composer

log = logging.getLogger(__name__)


def score_examples(
    judge: Judge, examples: Sequence[Example], asked: Asked, aliases: Aliases, pairs: bool = True
) -> Scored:
    """Ask the model about every example: every target in one pass, and the likeliest and the true ones in pairs."""
    import numpy as np

    ids = [i for i in asked.texts if i not in asked.topics]
    topics = [i for i in asked.texts if i in asked.topics]
    views = [e.view for e in examples]
    logits = judge.ask(views, [asked.texts[i] for i in (*ids, *topics)])
    many = logits[:, : len(ids)]
    gold = np.array([[e.labels.get(i, UNRELATED) for i in ids] for e in examples])
    named = aliases.table(views)
    candidates = (np.argsort(np.argsort(-about_logit(many), axis=1), axis=1) < CANDIDATES) | named
    paired = np.zeros_like(many)
    if pairs:
        parts = judge.composer.parts(views)
        wanted = np.argwhere(candidates | (gold != UNRELATED))
        said = judge.pairs([(parts[row], asked.texts[ids[column]]) for row, column in wanted])
        paired[wanted[:, 0], wanted[:, 1]] = said
    topic_of = np.array([topics.index(asked.topic_of[i]) for i in ids])
    mere = np.array([_mere(e, topics, asked) for e in examples])
    return Scored(many, paired, named, gold, candidates, logits[:, len(ids) :], mere, topic_of)


def _mere(example: Example, topics: Sequence[str], asked: Asked) -> list[int]:
    """For each topic: is it meant without any of its targets? -1 where the annotation does not say."""
    if not example.topics_known:
        return [-1] * len(topics)
    covered = {asked.topic_of[i] for i in example.labels if i in asked.topic_of}
    return [int(topic in example.labels and topic not in covered) for topic in topics]


def finish(folder: Path, recipe_path: Path, data: Path) -> None:
    """Fit the calibration of a trained model on held-out articles, score it on the dev articles, write its card.

    Args:
        folder: the model, as `stance.train.stance.train` left it.
        recipe_path: what it was trained by.
        data: holds gold/.
    """
    recipe = load_recipe(recipe_path)
    topics = load_topics(recipe_path.parent / recipe.topics)
    asked, aliases = asked_of(topics), Aliases(topics.targets)
    known = [
        *of_articles(read_rows(data / "gold/train.jsonl"), asked.topic_of, "train"),
        *of_statements(read_rows(data / "gold/statements.jsonl"), asked.topic_of),
    ]
    write_ranges_of_views(folder, Composer(load_pieces(folder)), [e.view for e in known if not held_out(e.group)])
    judge, pairs = Judge(folder), recipe.pairs > 0
    fit_on = score_examples(judge, [e for e in known if held_out(e.group)], asked, aliases, pairs)
    dev = list(of_articles(read_rows(data / "gold/dev.jsonl"), asked.topic_of, "dev"))
    uses: tuple[Use, ...] = ("many", "pairs", "both") if pairs else ("many",)
    judge.calibration = fit_best(fit_on, uses)
    save_calibration(judge.calibration, folder)
    scored = score_examples(judge, dev, asked, aliases, judge.calibration.asks_pairs)
    measured = measure(scored, judge.calibration)
    numbers = {f"dev {name}": round(value, 4) for name, value in measured.items()}
    log.info("%s %s %s", folder.name, judge.calibration, numbers)
    write_card(folder, stance_card(recipe, recipe_path, numbers))
