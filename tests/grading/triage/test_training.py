"""Labels, measures, deterministic training, and a card that is not stale."""

from __future__ import annotations

import json

import numpy as np
import pytest

from grading.synthesis import LAYOUTS, inject, make_report
from grading.synthesis.decoys import add_decoys
from grading.triage.card import PLOT, plot, render
from grading.triage.corpus import checked, label, labelled, plant, relabel
from grading.triage.features import NAMES
from grading.triage.measuring import Measure, calibration_error, reliability
from grading.triage.model import ABOUT, TRUSTED
from grading.triage.practice import as_read, misread
from grading.triage.score_model import ABOUT as SCORES
from grading.triage.train import CARD, dumped, fit, held_out


def test_model_card_is_the_one_that_the_record_gives() -> None:
    known = json.loads(ABOUT.read_text(encoding="utf-8"))
    scoring = json.loads(SCORES.read_text(encoding="utf-8"))
    assert CARD.read_text(encoding="utf-8") == render(known, scoring)
    assert (CARD.parent / PLOT).read_text(encoding="utf-8") == plot(known)


def test_same_seed_gives_the_same_labelled_findings() -> None:
    first, again = labelled(3, 2), labelled(3, 2)
    assert first.codes == again.codes
    assert np.array_equal(first.rows, again.rows, equal_nan=True)
    assert first.truth.tolist() == again.truth.tolist()
    assert first.truth.any()
    assert sum(first.slips.values()) > 0


def test_right_report_read_without_fault_brings_no_false_label() -> None:
    rng = np.random.default_rng(9)
    report = make_report(rng, "merged", 6)
    slip = inject(rng, report, "grade-band")
    before = checked(as_read(report))
    after = checked(as_read(slip.report))
    truths = label(after, before, [slip])
    assert any(truths)
    assert {finding.code for finding, truth in zip(after, truths, strict=True) if truth} <= {
        "grade-band",
        "fact-conflict",
    }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_checker_is_silent_on_right_reports_and_their_look_alikes(layout: str) -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        report = add_decoys(rng, make_report(rng, layout, 6), 6)
        assert [(finding.code, finding.stated) for finding in checked(as_read(report))] == []


def test_misreading_changes_the_reading_but_not_the_number_of_tables() -> None:
    rng = np.random.default_rng(1)
    sound = as_read(make_report(rng, "seven", 6))
    poor = misread(rng, sound, 3)
    assert poor != sound
    assert len(poor.tables) == len(sound.tables)


def test_as_read_keeps_every_cell_of_a_merged_table_once() -> None:
    report = make_report(np.random.default_rng(2), "merged", 6)
    blocks = [block for block in report.blocks if block.form == "table"]
    for block, table in zip(blocks, as_read(report).tables, strict=True):
        assert [cell.text for row in table.rows for cell in row.cells if cell.text] == [
            text for row in block.rows for text in row if text
        ]
        assert all(cell is not None for row in table.grid for cell in row)


def _points():
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(240, len(NAMES)))
    truth = (rows[:, 0] + 0.3 * rng.normal(size=240) > 0).astype(np.int64)
    return rows, truth, np.array([f"agency {number % 9}" for number in range(240)])


def test_training_twice_gives_the_same_bytes_of_trusted_types() -> None:
    from skops.io import get_untrusted_types, loads

    rows, truth, agencies = _points()
    first = dumped(fit(rows, truth, agencies))
    assert first == dumped(fit(rows, truth, agencies))
    assert set(get_untrusted_types(data=first)) <= set(TRUSTED)
    loaded = loads(first, trusted=list(TRUSTED))
    assert np.allclose(loaded.predict_proba(rows), fit(rows, truth, agencies).predict_proba(rows))


def test_a_whole_layout_and_whole_agencies_are_held_out() -> None:
    assert held_out("任何机构", "landscape")
    assert {held_out(f"机构{number}", "four") for number in range(40)} == {True, False}
    assert held_out("某机构", "four") == held_out("某机构", "seven")


def test_measures_count_hits_false_alarms_and_misses() -> None:
    measure = Measure.of(np.array([1, 1, 0, 0, 1]), np.array([True, False, True, False, True]))
    assert (measure.hits, measure.false_alarms, measure.misses) == (2, 1, 1)
    assert measure.precision == pytest.approx(2 / 3)
    assert Measure(0, 0, 0).precision is None
    assert Measure(0, 3, 0).recall is None


def test_calibration_error_is_zero_for_right_probabilities_and_large_for_wrong_ones() -> None:
    truth = np.array([1] * 9 + [0])
    assert calibration_error(truth, np.full(10, 0.9)) == pytest.approx(0)
    assert calibration_error(truth, np.full(10, 0.1)) == pytest.approx(0.8)
    assert reliability(truth, np.full(10, 0.95)) == [[0.9, 10, 0.95, 0.9]]


def test_slips_planted_one_after_another_all_stand_in_the_last_report() -> None:
    rng = np.random.default_rng(21)
    report = make_report(rng, "merged", 6)
    slips = plant(rng, report, ["growth-rate", "money-sum", "grade-missing"])
    assert {slip.code for slip in slips} == {"growth-rate", "money-sum", "grade-missing"}
    text = slips[-1].report.text
    assert all(slip.stated in text for slip in slips)
    assert not [slot for slot in slips[-1].report.slots if slot.key.startswith("grade.")]


def test_faulty_reading_keeps_the_truth_of_what_the_sound_reading_found() -> None:
    rng = np.random.default_rng(9)
    report = make_report(rng, "merged", 6)
    slip = inject(rng, report, "grade-band")
    after = checked(as_read(slip.report))
    truths = label(after, [], [slip])
    assert relabel(after, after, truths) == truths
    assert relabel(after, [], []) == [False] * len(after)
