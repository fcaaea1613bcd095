"""Training of the score model: agencies apart, the same twice, and an interval that rises with better words."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from grading.triage.score_corpus import examples, spoilt
from grading.triage.score_model import ABOUT, MODEL, plausible
from grading.triage.score_rows import NAMES, ScoredRow, completion, grams
from grading.triage.score_train import PARTS, part_of, train

ROW = ScoredRow("健全", "基本健全", "尚未制定资金核拨细则，扣1.00分", 5.0, 5.0, 0.93)


def test_training_twice_gives_the_same_bytes_and_keeps_agencies_apart() -> None:
    first, known = train(5, 40)
    assert (first, known) == train(5, 40)
    assert sum(known["rows"].values()) == len(list(examples(5, 40)))
    assert {part_of(one.agency) for one in examples(5, 40)} == set(PARTS)


def test_the_committed_model_was_silent_on_right_rows_and_is_small() -> None:
    known = json.loads(ABOUT.read_text(encoding="utf-8"))
    told, rows = known["outside"]
    assert told / rows < 0.002
    assert MODEL.stat().st_size < 400_000


def test_the_interval_does_not_depend_on_the_row_s_own_score() -> None:
    assert plausible([ROW]) == plausible([replace(ROW, score=1.0)])
    (known,) = plausible([ROW])
    assert 0 <= known.low <= known.high < 1
    assert known.too_high(1.0)
    assert not known.too_high(0.8)


def test_less_is_better_turns_the_completion_around() -> None:
    assert completion(replace(ROW, target="≤5.00元", actual="4.00元")) == (1.25, 1.0, 1.0)
    assert completion(replace(ROW, target="≥90%", actual="45%")) == (0.5, 0.0, 0.0)
    assert all(np.isnan(completion(ROW)))


def test_words_count_the_same_with_other_figures() -> None:
    assert grams(ROW) == grams(replace(ROW, note="尚未制定资金核拨细则，扣2.50分"))
    assert len(NAMES) == len(set(NAMES))


def test_a_spoilt_row_contradicts_its_words() -> None:
    rng = np.random.default_rng(3)
    for one in examples(3, 5):
        row = spoilt(rng, one)
        assert row is None or (row.share == 1) == one.short
