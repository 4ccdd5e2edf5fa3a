"""Metrics after published definitions: other systems' rules, alpha, risk and coverage, positions of reports."""

from __future__ import annotations

import itertools

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metrics_fake import BRANDT, QUIST, STATEMENTS, doc, said, stance

from stance.metrics import (
    PRF,
    Alpha,
    RiskCoverage,
    Share,
    articles,
    attribution,
    interval,
    krippendorff_alpha,
    labels,
)
from stance.types import LABELS, Speaker

# -- GenderGapTracker, Citron -----------------------------------------------------------------------------------------


def test_gender_gap_tracker_by_hand():
    gold = doc(
        said([(0, 10)], (12, 16), (17, 20)),
        said([(30, 35), (45, 50)], (36, 40), (41, 44)),
        said([(60, 70)]),
        said([(80, 90)], (92, 95), (96, 99)),
    )
    predicted = doc(
        said([(5, 30)], (12, 16), (18, 25)),  # covers 5 of 10: matched at 0.3; the speakers share a character
        said([(30, 50)], (36, 39), (51, 54)),  # covers all of the stretch; another speaker, another verb
        said([(60, 69)]),  # 9 of 10; both without source, and the prediction floats: right
        said([(88, 99)]),  # 2 of 10
    )
    scores = attribution([gold], [predicted])
    assert scores.total("ggt.quotes30") == PRF(3, 4, 4)
    assert scores.total("ggt.quotes80") == PRF(2, 4, 4)
    assert scores.total("ggt.speaker") == Share(2, 3)
    assert scores.total("ggt.verb") == Share(2, 3)


def test_gender_gap_tracker_takes_quotes_in_turn():
    """Greedy as it is: the first gold quote takes the prediction that the second would have needed."""
    gold = doc(said([(0, 10)]), said([(4, 12)]))
    predicted = doc(said([(0, 4)]), said([(4, 12)]))
    assert attribution([gold], [predicted]).total("ggt.quotes30") == PRF(1, 2, 2)


def test_citron_by_hand():
    gold = doc(
        said([(0, 10)], (12, 16), (17, 20)),
        said([(30, 35), (45, 50)], (36, 40), (41, 44)),
    )
    predicted = doc(
        said([(0, 10)], (12, 15), (17, 20)),  # the cue only overlaps: source and content count, all three do not
        said([(30, 35), (45, 50)], (36, 40), (41, 43)),
        said([(0, 10)], (100, 104), (17, 20)),  # another cue: nothing counts
    )
    scores = attribution([gold], [predicted])
    assert scores.total("citron.cue") == PRF(1, 3, 2)
    assert scores.total("citron.source") == PRF(1, 3, 2)
    assert scores.total("citron.content") == PRF(2, 3, 2)
    assert scores.total("citron.all") == PRF(0, 3, 2)


def test_citron_counts_each_side_for_itself():
    one = said([(0, 10)], (12, 16), (17, 20))
    assert attribution([doc(one)], [doc(one, one)]).total("citron.all") == PRF(2, 2, 1 + 1)


def test_citron_overlap_counts_tokens():
    gold, predicted = doc(said([(0, 14)])), doc(said([(6, 19)]))  # "Mayor Ada Quist" and "Ada Quist said"
    assert attribution([gold], [predicted]).total("citron.content.overlap") == PRF(2, 3, 3)


# -- alpha ------------------------------------------------------------------------------------------------------------

VALUES = st.sampled_from("abc")


@settings(deadline=None)
@given(st.lists(st.lists(st.none() | VALUES, min_size=3, max_size=3), min_size=2, max_size=12))
def test_alpha_equals_the_krippendorff_package(units):
    ours = krippendorff_alpha([[value for value in unit if value is not None] for unit in units])
    pairable = [value for unit in units if sum(v is not None for v in unit) > 1 for value in unit if value is not None]
    if len(set(pairable)) < 2:
        assert np.isnan(ours)
        return
    codes = [[np.nan if value is None else "abc".index(value) for value in unit] for unit in units]
    theirs = krippendorff.alpha(np.array(codes, dtype=float).T, level_of_measurement="nominal")
    assert ours == pytest.approx(theirs)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1, max_size=20))
def test_alpha_of_a_table_is_alpha_of_its_units_whoever_is_gold(pairs):
    first, second = zip(*pairs, strict=True)
    value = labels(first, second).value("stance.alpha")
    assert value == pytest.approx(krippendorff_alpha(pairs), nan_ok=True)
    assert value == pytest.approx(labels(second, first).value("stance.alpha"), nan_ok=True)


def test_alpha_adds_up_over_articles():
    first, second = Alpha.of([("favor", "favor"), ("against", "favor")]), Alpha.of([("neutral", "neutral")])
    total = first + second
    pairs = [("favor", "favor"), ("against", "favor"), ("neutral", "neutral")]
    assert float(Alpha.values(np.array(total.vector()))) == pytest.approx(krippendorff_alpha(pairs))


def test_words_have_roles():
    gold = doc(said([(23, 42)], (16, 20), (0, 15)))  # Mayor Ada Quist | said | the harbour is full
    assert attribution([gold], [gold]).value("words.alpha") == 1
    found = attribution([gold], [doc(said([(23, 42)], (16, 20)))]).total("words.alpha")
    table = np.array(found.vector()).reshape(4, 4)
    assert table[0].tolist() == [0, 0, 0, 3] and table[1, 1] == 1 and table[2, 2] == 3


# -- risk and coverage ------------------------------------------------------------------------------------------------


def area(cases: list[tuple[float, bool]]) -> float:
    """The mean of the risks after each case, from the surest on; over all orders of cases that are equally sure."""
    orders = [
        order for order in itertools.permutations(cases) if all(a[0] >= b[0] for a, b in itertools.pairwise(order))
    ]
    risks = [[sum(not right for _, right in order[:k]) / k for k in range(1, len(order) + 1)] for order in orders]
    return float(np.mean(risks))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.105, 0.305, 0.555, 0.905]), st.booleans()), min_size=1, max_size=6))
def test_area_under_risk_and_coverage_equals_all_orders(cases):
    value = float(RiskCoverage.values(np.array(RiskCoverage.of(cases).vector())))
    assert value == pytest.approx(area(cases))


def test_sure_mistakes_cost_more_than_unsure_ones():
    probs = [(0.9, 0.1, 0.0), (0.8, 0.2, 0.0), (0.6, 0.4, 0.0)]
    late = labels(["favor", "favor", "against"], ["favor"] * 3, probs=probs)
    early = labels(["against", "favor", "favor"], ["favor"] * 3, probs=probs)
    assert late.value("aurc") == pytest.approx((0 + 0 + 1 / 3) / 3)
    assert early.value("aurc") == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)
    assert np.array(late.total("aurc").curve()) == pytest.approx(
        np.array([(1 / 3, 0), (2 / 3, 0), (1, 1 / 3)]), abs=1e-4
    )


def test_abstention_is_counted_over_all_stances_given():
    gold = doc(said([(0, 10)], stances=[stance("x", "favor"), stance("y", "against")]))
    given = [stance("x", "favor"), stance("y", "favor", abstained=True), stance("z", "favor")]
    scores = articles([gold], [doc(said([(0, 10)], stances=given))])
    assert scores.total("stances.coverage") == Share(2, 3)
    assert scores.total("stances.risk") == Share(1, 2)  # z is kept and wrong; y would be wrong, but is not kept
    assert scores.value("stances.aurc") == pytest.approx(2 / 3, abs=1e-9)  # all equally sure: two of three are wrong


# -- positions --------------------------------------------------------------------------------------------------------


def voiced(speaker: Speaker, *labels: str, start: int = 0) -> list:
    return [
        said([(at, at + 8)], speakers=[speaker], stances=[stance("x", label)], id=f"s{at}")
        for at, label in ((start + 10 * n, label) for n, label in enumerate(labels))
    ]


def test_positions_by_hand():
    gold = [doc(*voiced(BRANDT, "favor", "favor"), *voiced(QUIST, "against", start=50), id="a"),
            doc(*voiced(BRANDT, "against", "neutral"), id="b")]  # fmt: skip
    predicted = [doc(*voiced(BRANDT, "favor", "neutral"), *voiced(QUIST, "favor", start=50), id="a"),
                 doc(*voiced(BRANDT, "against"), *voiced(QUIST, "favor", start=10), id="b")]  # fmt: skip
    scores = articles(gold, predicted)
    # Brandt: gold (1 + 1 - 1 + 0) / 4, predicted (1 + 0 - 1) / 3; Quist: gold -1 (one statement), predicted +1
    assert scores.value("positions") == pytest.approx((4 * 0.25 + 1 * 2) / 5)
    assert scores.value("positions.cells") == 1
    assert scores.value("positions.r") == pytest.approx(-1)  # two cells lie on a falling line
    assert scores.total("positions").numbers() == {"cells": 2, "statements": 5}


def test_a_surname_alone_is_the_same_row_and_unnamed_speakers_have_none():
    short = Speaker("brandt", "Brandt", "person")
    unnamed = Speaker("o", "a senior official", "unnamed")
    gold = doc(*voiced(BRANDT, "favor"), *voiced(unnamed, "against", start=50))
    scores = articles([gold], [doc(*voiced(short, "favor"), *voiced(unnamed, "against", start=50))])
    assert scores.total("positions.cells").numbers() == {"cells": 1, "statements": 1}
    assert scores.value("positions.cells") == 1 and scores.value("positions") == 0


def test_who_says_little_errs_little_but_covers_little():
    gold = doc(*voiced(BRANDT, "favor"), *voiced(QUIST, "against", start=50))
    scores = articles([gold], [doc(*voiced(BRANDT, "favor"))])
    assert scores.value("positions") == 0
    assert scores.value("positions.cells") == pytest.approx(2 / 3)
    assert np.isnan(scores.value("positions.r"))  # one cell correlates with nothing
    low, high = interval(scores, "positions.cells")
    assert low == high == pytest.approx(2 / 3)


@settings(deadline=None, max_examples=50)
@given(STATEMENTS, STATEMENTS)
def test_positions_are_bounded_and_perfect_for_gold_itself(gold, predicted):
    scores, same = articles([doc(*gold)], [doc(*predicted)]), articles([doc(*gold)], [doc(*gold)])
    for value, low, high in ((scores.value("positions"), 0, 2), (scores.value("positions.r"), -1.0001, 1.0001)):
        assert np.isnan(value) or low <= value <= high
    assert np.isnan(same.value("positions")) or same.value("positions") == 0
