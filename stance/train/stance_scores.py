"""Fits the calibration of a stance model on held-out articles, scores it on the dev splits, and writes its card.

    python -m stance.train.stance_scores --model FOLDER --data FOLDER [--recipe FILE] [--pairs no] [--public no]

Without pairs (for a model that did not learn to read them) the head for many targets decides alone.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stance.classify import classify_pairs
from stance.config import load_topics
from stance.judge import CANDIDATES, Judge, about_logit, save_calibration
from stance.targets import Aliases
from stance.train.card import write_card
from stance.train.stance_calibration import Scored, Use, fit, fit_best, macro_f1, measure
from stance.train.stance_card import stance_card
from stance.train.stance_recipe import Asked, load_asked, load_recipe
from stance.train.stance_rows import (
    NEUTRAL,
    UNRELATED,
    Example,
    held_out,
    of_articles,
    of_public,
    of_statements,
    read_rows,
    usable,
)

log = logging.getLogger(__name__)

PUBLIC = (("vast", "dev"), ("newsmtsc", "dev_rw"), ("newsmtsc", "dev_mt"), ("mpqa", "dev"))
"""Public sets and the splits of them that are scored."""


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


def score_public(judge: Judge, rows: Sequence[Mapping[str, Any]]) -> float:
    """Macro-F1 over favor, against and neutral on a public set; unrelated counts as neutral."""
    import numpy as np

    examples = list(of_public(rows))
    about, share = classify_pairs(judge, [e.view for e in examples], [next(iter(e.labels)) for e in examples])
    share = share * about[:, None]
    share[:, NEUTRAL - 1] += 1 - about
    true = np.array([min(next(iter(e.labels.values())), NEUTRAL) for e in examples])
    return macro_f1(share.argmax(1) + 1, np.where(true == UNRELATED, NEUTRAL, true), (1, 2, 3))


def main(arguments: Sequence[str]) -> None:
    """The command in the module's docstring."""
    options = {arguments[i][2:]: arguments[i + 1] for i in range(0, len(arguments), 2)}
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    folder, data, pairs = Path(options["model"]), Path(options["data"]), options.get("pairs") != "no"
    topics = Path("configs/topics.yaml")
    asked, aliases = load_asked(topics), Aliases(load_topics(topics).targets)
    judge = Judge(folder)
    held = [
        *of_articles(read_rows(data / "gold/train.jsonl"), asked.topic_of, "train"),
        *of_statements(read_rows(data / "gold/statements.jsonl"), asked.topic_of),
    ]
    fit_on = score_examples(judge, [e for e in held if held_out(e.group)], asked, aliases, pairs)
    dev = list(of_articles(read_rows(data / "gold/dev.jsonl"), asked.topic_of, "dev"))
    dev_scores = score_examples(judge, dev, asked, aliases, pairs)
    uses: tuple[Use, ...] = ("many", "pairs", "both") if pairs else ("many",)
    for use in uses:
        log.info("%s %s %s", folder.name, use, measure(dev_scores, fit(fit_on, use)))
    judge.calibration = fit_best(fit_on, uses)
    save_calibration(judge.calibration, folder)
    log.info("%s %s", folder.name, judge.calibration)
    numbers = {f"dev {name}": value for name, value in measure(dev_scores, judge.calibration).items()}
    if options.get("public") != "no":
        for name, split in PUBLIC:
            rows = [r for r in read_rows(data / "stance" / f"{name}.jsonl") if r["split"] == split and usable(r)]
            numbers[f"{name} {split} macro_f1"] = score_public(judge, rows)
    numbers = {name: round(value, 4) for name, value in numbers.items()}
    log.info("%s %s", folder.name, numbers)
    path = Path(options.get("recipe", "configs/train/stance.yaml"))
    write_card(folder, stance_card(load_recipe(path), path, numbers))


if __name__ == "__main__":
    main(sys.argv[1:])
