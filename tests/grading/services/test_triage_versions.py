"""Which model is in use: shipped until one trained from decisions is better, and back again when wished."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import Refused
from grading.models import ReportFinding
from grading.services import triage_versions
from grading.services.disposal import dismiss, uphold
from grading.services.triage_versions import (
    ask_for_training,
    decisions,
    model_name,
    retrain_if_due,
    retrain_now,
    triage_in_use,
    use_again,
    version_in_use,
    versions,
)
from grading.states import DismissalGround
from grading.triage.retraining import Retrained
from tests.factories.grading import checked_submission
from tests.grading.triage.test_retraining import generated


@pytest.fixture
def decided(uow):
    """A report whose findings were answered: one upheld, one dismissed, one only repeated."""
    desk = checked_submission(uow)
    rows = uow.session.scalars(select(ReportFinding).order_by(ReportFinding.position)).all()
    officer = desk.acting(desk.quality)
    uphold(officer, rows[0])
    dismiss(officer, rows[1], "", DismissalGround.SCOPE)
    for one in rows[2:]:
        dismiss(officer, one, "", DismissalGround.REPEATED)
    uow.session.flush()
    return desk


def training(monkeypatch, *, better):
    """Let the next training give the shipped model's bytes as its result."""
    from grading.triage.model import ABOUT, MODEL, json

    known = json.loads(ABOUT.read_text(encoding="utf-8"))
    figures = {"brier": 0.2, "calibration_error": 0.1, "measure": known["held_unfloored"], "reliability": []}
    about = {
        **known,
        "before": figures,
        "after": {**figures, "brier": 0.1},
        "decisions": {"learnt": 60, "held": 30},
        "agencies": {"learnt": 6, "held": 2},
        "generated": 100,
    }
    made = Retrained(MODEL.read_bytes(), about, better)
    monkeypatch.setattr(triage_versions, "trained_anew", lambda _decided, _generated, _before: made)


def test_decisions_become_rows_and_repetitions_teach_nothing(uow, decided):
    found = decisions(uow)
    assert found.upheld.tolist() == [1, 0]
    assert set(found.agencies) == {decided.engagement.agency.name}


def test_too_few_decisions_are_refused_and_the_job_does_nothing(uow, decided):
    with pytest.raises(Refused, match="至少"):
        ask_for_training(decided.acting(decided.quality))
    assert retrain_now(uow, asked_by=None, generated=generated()) is None
    assert retrain_if_due(uow) is None
    assert version_in_use(uow).number == 0


def test_a_better_version_is_used_the_shipped_one_kept_and_used_again_when_wished(uow, decided, monkeypatch):
    assert model_name(uow).startswith("0·")
    training(monkeypatch, better=True)
    first = retrain_now(uow, asked_by=decided.quality.id, generated=generated())
    assert version_in_use(uow) is first
    assert triage_in_use(uow) is not None
    officer = decided.acting(decided.quality)
    with pytest.raises(Refused, match="正在使用"):
        use_again(officer, first)
    use_again(officer, next(one for one in versions(uow) if one.number == 0))
    assert triage_in_use(uow) is None
    assert [one.number for one in versions(uow)] == [1, 0]


def test_a_version_that_is_not_better_is_kept_and_never_used(uow, decided, monkeypatch):
    training(monkeypatch, better=False)
    held = retrain_now(uow, asked_by=None, generated=generated())
    assert held.in_use_from is None
    assert version_in_use(uow).number == 0
    with pytest.raises(Refused, match="没有通过"):
        use_again(decided.acting(decided.quality), held)
