"""The reports behind the demonstration's past grades bear the analysis: plots of every part, numbers that agree."""

from __future__ import annotations

from sqlalchemy import func, select

from agencies.models import Engagement
from grading.demonstration import analysis, past_years, yearly_reports
from grading.models import CycleEntry, QualityReport, QuestionLetter, TaskScore
from grading.queries.analysis_scope import Scope
from grading.services import quality_report
from grading.services.analysis import SECTIONS
from grading.services.analysis_rules import analysis_rules
from grading.services.analysis_sources import Sources
from tests.factories.experts import make_expert
from web.demo import seed


def test_past_grades_have_their_reports_letters_and_raters(uow, app, monkeypatch):
    monkeypatch.setattr(analysis, "AGENCIES", 9)
    world = seed.seed_libraries(1)
    for _rater in range(4):
        make_expert(uow)
    past_years.publish_past(uow, world)
    assert analysis.remember(uow, world)
    monkeypatch.setattr(quality_report, "report_paper", lambda *_given: b"%PDF-1.4")
    counted = {task["id"]: task for one in uow.session.scalars(select(CycleEntry)) for task in one.record["tasks"]}
    scores = uow.session.scalars(select(TaskScore)).all()
    assert len(scores) > 15
    for one in scores:
        assert str(one.score) == counted[one.engagement.number]["score"]
    assert uow.session.scalar(select(func.count()).select_from(QuestionLetter)) > 5
    assert uow.session.scalar(select(func.count()).select_from(Engagement)) == len(scores)
    yearly_reports.write_reports(world)
    states = [one.state.value for one in uow.session.scalars(select(QualityReport).order_by(QualityReport.year))]
    assert states == ["released", "preparing"]
    this = uow.today.year
    with app.test_request_context():
        sources = Sources(uow, Scope(this - 3, this), analysis_rules(uow))
        made = {key: make(sources) for one in SECTIONS.values() for key, make in one.exhibits.items()}
    empty = [key for key, one in made.items() if not one.rows or (one.draw is None and key != "late-agencies")]
    assert empty == []
