"""The ranker of pronouns learns from articles of a user's own: a few weights, fitted near those that are shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from stance.config import Config
from stance.errors import InputError
from stance.evaluate import Comparison
from stance.metrics import Scores, Share, paired
from stance.pipeline import speakers_path
from stance.resolve.rank import WEIGHTS, load_ranker, shipped_ranker
from stance.resolve.registry import Registry
from stance.train.card import Card, write_card
from stance.train.refuse import refuse_evaluated
from stance.train.speaker import Example, accuracy, examples, fit, write_weights
from stance.types import Doc

PENALTY = 10.0
"""Of the squared distance from the weights begun with."""
FOLDS = 5
METRIC = "speakers.pronoun"


def learn_pronouns(docs: Sequence[Doc], files: Sequence[Path], config: Config, out: Path) -> list[Comparison]:
    """Fit the ranker, write its folder, and compare it with the one begun with.

    The comparison is by cross-validation over articles; the weights written are of all articles.

    Args:
        docs: annotated articles.
        files: where they come from.
        config: its `pronouns` is the ranker to begin with.
        out: the folder to write.

    Raises:
        InputError: the articles are evaluated on, or have too few pronouns, or the folder holds something else.
    """
    refuse_evaluated(files)
    if out.is_dir() and any(out.iterdir()) and not (out / WEIGHTS).is_file():
        raise InputError(f"{out} holds no ranker, so it is not overwritten. Give another folder with -o.")
    ranker = load_ranker(Path(config.pronouns)) if config.pronouns else shipped_ranker()
    begun = np.array(ranker.weights)
    rows = examples(docs, Registry.load(speakers_path(config)))
    articles = sorted({row.article for row in rows})
    if len(articles) < 2:
        raise InputError(
            f"{len(rows)} pronouns in {len(articles)} articles can be learned from: at least two articles are needed "
            "in which “he” or “she” is a source with a person named before."
        )
    found = _compared(rows, articles, begun)
    weights = fit(rows, PENALTY, begun=begun)
    out.mkdir(parents=True, exist_ok=True)
    write_weights(weights, out / WEIGHTS)
    write_card(out, _card(rows, articles, found))
    return [found]


def _compared(rows: Sequence[Example], articles: Sequence[str], begun: np.ndarray) -> Comparison:
    """Pronouns right, each article judged by weights that have not seen it, beside the weights begun with."""
    after: defaultdict[str, Share] = defaultdict(Share)
    before: defaultdict[str, Share] = defaultdict(Share)
    for number in range(min(FOLDS, len(articles))):
        asked = set(articles[number::FOLDS])
        weights = fit([row for row in rows if row.article not in asked], PENALTY, begun=begun)
        for row in rows:
            if row.article in asked:
                after[row.article] += Share(accuracy([row], weights), 1)
                before[row.article] += Share(accuracy([row], begun), 1)
    x, y = (Scores(tuple(articles), {METRIC: tuple(s[a] for a in articles)}) for s in (before, after))
    return Comparison(METRIC, x.value(METRIC), y.value(METRIC), len(articles), paired(y, x, METRIC))


def _card(rows: Sequence[Example], articles: Sequence[str], found: Comparison) -> Card:
    test = found.paired
    return Card(
        name="Pronouns, fine-tuned",
        summary="Ranks the persons whom “he” or “she” may mean. A conditional logit over features of each candidate.",
        pipeline="other",
        recipe="stance/train/finetune_speaker.py",
        data=[(f"{len(rows)} pronouns in {len(articles)} articles annotated by the user", "the user's")],
        numbers={f"{METRIC}, cross-validated": round(found.b, 4), f"{METRIC}, before": round(found.a, 4)},
        limits=[
            f"Difference, cross-validated by article: {100 * test.difference:+.1f} "
            f"({100 * test.low:+.1f} to {100 * test.high:+.1f}, p {test.p:.3f})."
        ],
        base="stance",
    )
