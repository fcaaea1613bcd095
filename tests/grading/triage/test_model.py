"""The model as the checker uses it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from grading.checks.finding import Evidence, Finding, Severity
from grading.reading.document import Paragraph, Report
from grading.triage import ModelRefused, estimate
from grading.triage.features import CODES, NAMES, matrix
from grading.triage.model import ABOUT, ARITHMETIC, MODEL, floored, load

REPORT = Report("某项目绩效评价报告", "docx", None, tuple(Paragraph(i, None, "正文" * 40) for i in range(60)), ())


def finding(code: str = "money-sum", severity: Severity = Severity.ERROR, **signals: float) -> Finding:
    told = {"residual": 40.0, "relative": 0.1, "confidence": 0.95, "table": 0.0, "parts": 4.0, "agree": 3.0} | signals
    return Finding(
        code, severity, {"zh": "不符", "en": "differs"}, (Evidence("其中", paragraph=3),), "12.00", "13.00", told
    )


def test_nothing_found_needs_no_model() -> None:
    assert estimate([], REPORT) == []


def test_estimate_is_a_probability_for_each_finding_in_order_and_the_same_twice() -> None:
    findings = [finding(code) for code in CODES]
    first = estimate(findings, REPORT)
    assert first == estimate(findings, REPORT)
    assert len(first) == len(findings)
    assert all(0 <= value <= 1 for value in first)


@pytest.mark.parametrize("code", ["money-sum", "score-sum", "grade-band", "missing-section"])
@pytest.mark.parametrize("signal", ["confidence", "agree"])
def test_probability_never_falls_as_reading_is_surer_or_more_relations_hold(code: str, signal: str) -> None:
    steps = [0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0] if signal == "confidence" else [0, 1, 2, 5, 10, 40]
    values = [estimate([finding(code, **{signal: step})], REPORT)[0] for step in steps]
    assert values == sorted(values)


def test_surely_read_arithmetic_error_never_falls_below_one_half() -> None:
    for code in ARITHMETIC:
        assert floored(finding(code, confidence=0.9), 0.01) == 0.5
        assert floored(finding(code, confidence=0.89), 0.01) == 0.01
    assert floored(finding("money-sum", Severity.WARNING), 0.01) == 0.01
    assert floored(finding("fact-conflict"), 0.01) == 0.01
    assert floored(finding("money-sum"), 0.8) == 0.8


def test_a_finding_of_an_unknown_class_or_without_signals_still_gets_a_probability() -> None:
    odd = replace(finding("house-rule"), signals={}, evidence=())
    (value,) = estimate([odd], REPORT)
    assert 0 <= value <= 1


def test_matrix_has_a_named_column_for_every_figure_and_marks_the_class() -> None:
    rows = matrix([finding("unit"), finding("unit")], REPORT)
    assert rows.shape == (2, len(NAMES))
    assert rows[0, NAMES.index("is_unit")] == 1
    assert rows[0, NAMES.index("is_period")] == 0
    assert np.isnan(rows[0, NAMES.index("repeats")])
    assert rows[0, NAMES.index("same_class")] == pytest.approx(np.log1p(2))


def test_committed_model_is_small() -> None:
    assert MODEL.stat().st_size < 300_000


def test_absent_model_is_refused(tmp_path) -> None:
    with pytest.raises(ModelRefused, match="absent"):
        load(tmp_path / "model.skops", ABOUT)


def test_changed_model_is_refused(tmp_path) -> None:
    (tmp_path / "model.skops").write_bytes(MODEL.read_bytes() + b" ")
    with pytest.raises(ModelRefused, match="not the file that was trained"):
        load(tmp_path / "model.skops", ABOUT)


@pytest.mark.parametrize(
    ("key", "value", "words"), [("sklearn", "0.1", "scikit-learn 0.1"), ("features", ["other"], "other features")]
)
def test_model_of_another_library_or_other_features_is_refused(key: str, value, words: str, tmp_path) -> None:
    record = json.loads(ABOUT.read_text(encoding="utf-8")) | {key: value}
    (tmp_path / "model.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelRefused, match=words):
        load(MODEL, tmp_path / "model.json")


def test_model_with_a_foreign_type_is_refused(tmp_path) -> None:
    import hashlib

    from sklearn.preprocessing import FunctionTransformer
    from skops.io import dumps

    data = dumps(FunctionTransformer(func=json.loads))
    (tmp_path / "model.skops").write_bytes(data)
    record = json.loads(ABOUT.read_text(encoding="utf-8")) | {"sha256": hashlib.sha256(data).hexdigest()}
    (tmp_path / "model.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelRefused, match="not trusted: json"):
        load(tmp_path / "model.skops", tmp_path / "model.json")
