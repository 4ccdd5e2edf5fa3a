"""Deliberately broken predictions: every metric that should see a fault sees it, and no other one does."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from metrics_fake import BRANDT, QUIST, doc, said, stance

from stance.metrics import articles, attribution, labels, paired
from stance.types import LABELS, Doc, Span, Speaker, Statement

AMT = Speaker("karl-amt", "Karl Amt", "person", affiliation="Norway")
BETTER_LOW = {"statements.ece", "stance.brier", "stances.ece", "stances.aurc", "stances.risk", "positions"}
SPANS = {"exact", "statements.chars"}
SPEAKERS = {"speakers", "speakers.noun", "end_to_end", "positions", "positions.r"}
LABELLED = {
    *("targets_stances", "stance", "stance.favor", "stance.against", "stance.neutral", "stance.alpha", "stance.brier"),
    *("stances.ece", "stances.aurc", "stances.risk", "end_to_end", "positions", "positions.r"),
}
TARGETED = {"targets", "targets_stances", "stances.ece", "stances.aurc", "stances.risk", "end_to_end"}
TARGETED |= {"positions", "positions.r"}


def corpus() -> list[Doc]:
    """Twelve articles of seven statements; each speaker leans to one side of each target."""
    chance = random.Random(7)
    docs = []
    for number in range(12):
        statements = []
        for at in range(0, 280, 40):
            who = chance.choice((BRANDT, QUIST, AMT))
            sides = {t: LABELS[(len(who.name) + ord(t) + (chance.random() < 0.2)) % 3] for t in "vwxyz"}
            chosen = [stance(t, sides[t]) for t in chance.sample("vwxyz", 2)]
            source = (at + 1, at + 7)
            statements.append(said([(at + 14, at + 34)], (at + 9, at + 12), source, "direct", [who], chosen, f"s{at}"))
        docs.append(doc(*statements, id=str(number)))
    return docs


GOLD = corpus()


def changed(change: Callable[[Statement], Statement]) -> list[Doc]:
    return [d.with_statements(change(s) for s in d.statements) for d in GOLD]


def shifted(by: int) -> list[Doc]:
    def shift(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    return changed(lambda s: replace(s, content=tuple(map(shift, s.content)), cue=shift(s.cue), source=shift(s.source)))


def permuted() -> list[Doc]:
    following = {BRANDT: QUIST, QUIST: AMT, AMT: BRANDT}
    return changed(lambda s: replace(s, speakers=tuple(following[x] for x in s.speakers)))


def shuffled(of: str) -> list[Doc]:
    """Labels, or targets, dealt out anew over all statements."""
    chance = random.Random(3)
    values = [getattr(x, of) for d in GOLD for s in d.statements for x in s.stances]
    chance.shuffle(values)
    dealt = iter(values)

    def change(s: Statement) -> Statement:
        made = {}
        for x in s.stances:
            new = replace(x, **{of: next(dealt)})
            made[new.target] = replace(new, probs=tuple(float(new.label == label) for label in LABELS))
        return replace(s, stances=tuple(made.values()))

    return changed(change)


def names_that_fell(broken: list[Doc]) -> set[str]:
    before, after = articles(GOLD, GOLD), articles(GOLD, broken)
    fell = set()
    for name in before.counts:
        old, new = before.value(name), after.value(name)
        if not np.isnan(old) and ((new > old + 1e-9) if name in BETTER_LOW else (new < old - 1e-9)):
            fell.add(name)
    return fell


@pytest.mark.parametrize(
    ("broken", "fall"),
    [
        (shifted(1), {"statements.chars"}),
        (shifted(3), SPANS),
        (permuted(), SPEAKERS),
        (shuffled("label"), LABELLED),
        (shuffled("target"), TARGETED),
    ],
    ids=["spans by one", "spans by three", "speakers", "labels", "targets"],
)
def test_a_fault_is_seen_by_the_metrics_that_look_at_it_and_by_no_other(broken, fall):
    seen = names_that_fell(broken)
    assert fall - seen == set(), "these should have fallen"
    unlooked = {"statements", "kind", "speakers", "targets", "exact", "affiliation"} - fall
    assert not seen & (unlooked - ({"exact"} if fall == {"statements.chars"} else set()))


@pytest.mark.parametrize("by", [1, 3])
def test_shifted_spans_are_seen_by_every_exact_metric_of_attribution(by):
    scores = attribution(GOLD, shifted(by))
    for name in ("source.exact", "cue.exact", "content.exact", "relation.exact"):
        assert scores.value(name) < (1 if by == 1 else 0.4), name
    for name in ("citron.cue", "citron.source", "citron.content", "citron.all"):
        assert scores.value(name) == 0, name
    for name in ("source.chars", "cue.chars", "content.chars", "words.alpha", "citron.content.overlap"):
        assert scores.value(name) < 1, name
    for name in ("content.overlap", "content.jaccard50", "ggt.quotes30", "ggt.quotes80", "ggt.speaker"):
        assert scores.value(name) == 1, name
    assert scores.value("relation.overlap") == (by == 1)  # by three, no cue shares a character


def test_a_broken_model_is_significantly_worse():
    whole, broken = articles(GOLD, GOLD), articles(GOLD, shuffled("label"))
    for name in ("stance", "end_to_end", "stances.aurc"):
        assert paired(whole, broken, name).p < 0.01, name
    assert paired(whole, broken, "statements").p == 1


def test_shuffled_labels_of_pairs_are_seen():
    chance = random.Random(5)
    gold = [chance.choice(LABELS) for _ in range(300)]
    said_instead = chance.sample(gold, len(gold))
    sure = [tuple(0.8 if label == own else 0.1 for label in LABELS) for own in said_instead]
    scores = labels(gold, said_instead, probs=sure, groups=["zero", "few"] * 150)
    for name in ("stance", "stance.favor", "stance.zero", "stance.few", "favor_against", "accuracy"):
        assert scores.value(name) < 0.45, name
    assert abs(scores.value("stance.alpha")) < 0.15
    assert scores.value("brier") > 0.8 and scores.value("ece") > 0.3 and scores.value("aurc") > 0.5
