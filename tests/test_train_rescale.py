"""Probabilities of a fine-tuned model are fitted near the old ones; thresholds stay."""

import numpy as np
import pytest
from test_train_stance import scored

from stance.judge import Calibration
from stance.train.rescale import rescaled
from stance.train.stance_calibration import fit, measure


@pytest.mark.parametrize("use", ["many", "both"])
def test_a_model_that_became_too_sure_is_calibrated_again(use):
    old = fit(scored(), use)
    surer = scored(seed=1)
    surer.many[...] *= 3
    surer.pairs[...] *= 3
    new = rescaled(surer, old)
    assert measure(surer, new)["calibration_error"] < measure(surer, old)["calibration_error"]
    assert new.stance[0] < old.stance[0] / 1.5
    assert (new.threshold, new.abstain, new.asks_pairs) == (old.threshold, old.abstain, old.asks_pairs)


def test_a_few_statements_hardly_move_it():
    old = Calibration(about=(1.0, 0.0, 0.0), alias=0.5)
    new = rescaled(scored(statements=6), old)
    assert np.abs(np.subtract(new.about, old.about)).max() < 1.5
    assert new.about[1] == new.stance[1] == 0, "pairs are not asked where they were not"
