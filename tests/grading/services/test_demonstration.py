"""The demonstration's past years verify, and its stories reach their states."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from agencies.models import AgencyGrade
from grading.demonstration import ratings, reports
from grading.grade_record import verify_grade
from grading.models import GradeAppeal, GradeCertificate, GradingCycle, Submission, TaskScore
from grading.states import CycleState
from web.demo import seed


def test_the_district_has_reports_in_every_state_and_grades_that_verify(uow, monkeypatch):
    monkeypatch.setattr(seed, "PACKAGES", ("grading",))
    stories = reports.STORIES
    monkeypatch.setattr(reports, "STORIES", (stories[1], stories[3], stories[5], stories[9]))
    monkeypatch.setattr(ratings, "RATED", ratings.RATED[6:7])
    world = seed.seed_district(1)
    states = Counter(one.state.value for one in uow.session.scalars(select(Submission)))
    followed = {"received": 4, "superseded": 1}  # the engagements that are followed from their plan on
    assert states == Counter({"disposed": 3, "checked": 1, "received": 1}) + Counter(followed)
    scores = uow.session.scalars(select(TaskScore)).all()
    assert len(scores) == 2
    assert any(one.parts["moderation"] for one in scores), "one of them was moderated"
    grades = uow.session.scalars(select(AgencyGrade)).all()
    assert len(grades) == 3 * len(world.agencies) == 72
    assert [fault for one in grades[::6] for fault in verify_grade(one.record)] == []
    assert len({one.grade for one in grades}) >= 4
    appeals = Counter(one.state.value for one in uow.session.scalars(select(GradeAppeal)))
    assert appeals == {"rejected": 1, "partly": 1, "filed": 1}
    year = uow.session.scalars(select(GradingCycle).order_by(GradingCycle.year.desc())).first()
    assert year.state is CycleState.ANNOUNCED
    certificates = uow.session.scalars(select(GradeCertificate)).all()
    assert sorted(bool(one.superseded_at) for one in certificates) == [False] * 4 + [True]
