"""Training anew from decisions: agencies held apart, promoted only if better."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from grading.triage.corpus import Labelled
from grading.triage.features import NAMES
from grading.triage.model import opened
from grading.triage.retraining import LEAST_HELD, LEAST_LEARNT, Decided, TooFewDecisions, measured, retrain
from grading.triage.train import held_out

CONFIDENCE = NAMES.index("confidence")
AGENCIES = tuple(f"机构{number}" for number in range(12))


class Fixed:
    """A model that gives everything the same chance."""

    def __init__(self, chance):
        self.chance = chance

    def predict_proba(self, rows):
        return np.column_stack([np.full(len(rows), 1 - self.chance), np.full(len(rows), self.chance)])


def decided(count, seed=1, *, random=False):
    """Decisions that follow from the confidence of the reading, or from nothing."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((count, len(NAMES)))
    rows[:, CONFIDENCE] = rng.random(count)
    upheld = (rng.random(count) < 0.5 if random else rows[:, CONFIDENCE] > 0.5).astype(np.int64)
    return Decided(rows, upheld, tuple(AGENCIES[number % len(AGENCIES)] for number in range(count)))


def generated(count=120):
    one = decided(count, seed=9)
    layouts = tuple("four" for _ in range(count))
    return Labelled(
        one.rows, one.upheld, ("unit",) * count, one.agencies, layouts, (False,) * count, Counter(), Counter(), 9, 0
    )


def test_agencies_are_held_apart_by_name():
    kept = [one for one in AGENCIES if held_out(one, "")]
    assert 0 < len(kept) < len(AGENCIES)
    assert decided(24).held.sum() == 2 * len(kept)


def test_a_model_that_knows_more_is_better_and_opens_again():
    made = retrain(decided(240), generated(), Fixed(0.5))
    assert made.better
    assert made.about["after"]["brier"] < made.about["before"]["brier"]
    assert made.about["decisions"]["held"] >= LEAST_HELD
    assert opened(made.model, made.about).predict_proba(decided(3).rows).shape == (3, 2)


def test_a_model_that_learnt_from_chance_is_not_used():
    rows = decided(240, random=True)
    best = Fixed(float(rows.upheld[rows.held].mean()))
    assert not retrain(rows, generated(), best).better


def test_too_few_decisions_train_nothing():
    with pytest.raises(TooFewDecisions) as caught:
        retrain(decided(LEAST_LEARNT), generated(), Fixed(0.5))
    assert caught.value.learnt < LEAST_LEARNT


def test_the_measure_is_that_of_the_probabilities():
    found = measured(np.array([1, 0]), np.array([0.9, 0.2]))
    assert found["brier"] == pytest.approx((0.01 + 0.04) / 2)
    assert found["measure"]["hits"] == 1
