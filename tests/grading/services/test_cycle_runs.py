"""A year computed in chunks: frozen, resumable to the byte, by one person at a time, and plain about what is lacking."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from agencies.models import AgencyGrade, CreditRecord
from core.errors import Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import written
from grading import jobs
from grading.grade_record import verify_grade
from grading.models import CycleChunk, CycleEntry, CycleRun, CycleTask, TaskRating
from grading.queries import score_of
from grading.queries.cycle_run import running
from grading.services import cycle_course, cycle_runs, grading_cycle
from grading.services.cycle_course import announce_cycle
from grading.services.grading_cycle import ask_cycle, compute_cycle, drop_cycle, give_up_run, resume_run
from grading.services.task_ratings import GivenRating, write_ratings
from grading.states import CycleState
from tests.factories.grading import publish_year, rated_desk
from tests.factories.identity import make_user


@pytest.fixture
def large(monkeypatch):
    """So small are the chunks and so few tasks computed at once that any year is a large one."""
    monkeypatch.setattr(cycle_runs, "CHUNK", 1)
    monkeypatch.setattr(grading_cycle, "AT_ONCE", 0)


@pytest.fixture
def desks(uow):
    """Three tasks of two agencies."""
    first = rated_desk(uow, "0.8")
    return [first, rated_desk(uow, "0.9", agency=first.agency), rated_desk(uow, "0.7")]


def work(uow, run) -> None:
    """Do what the worker does with a computation that was asked for."""
    jobs.start_cycle.run(uow, run_id=run.id)
    for number in cycle_runs.chunks_left(uow, run):
        jobs.compute_chunk.run(uow, run_id=run.id, number=number)
    jobs.finish_cycle.run(uow, run_id=run.id)


def marks(uow, cycle) -> list[tuple]:
    """Everything that a computation leaves, records to the byte."""
    uow.session.expire_all()
    entries = uow.session.scalars(select(CycleEntry).where(CycleEntry.cycle_id == cycle.id).order_by(CycleEntry.id))
    return [(one.id, one.grade, one.score, one.mean, one.deducted, written(one.record)) for one in entries]


def queued(uow) -> list[str]:
    return list(
        uow.session.scalars(text("SELECT task_name FROM procrastinate_jobs WHERE task_name LIKE 'grading.cycle%'"))
    )


def test_a_large_year_is_computed_by_jobs_and_told_in_the_inbox(uow, desks, large):
    run = ask_cycle(desks[0].acting(desks[0].quality), uow.today.year)
    assert (run.finished_at, queued(uow)) == (None, ["grading.cycle-start"])
    work(uow, run)
    assert [chunk.tasks for chunk in run.chunks] == [1, 1, 1]
    assert (run.stands, run.tasks) == (True, 3)
    by_agency = {one.agency_id: one for one in run.cycle.entries}
    assert by_agency[desks[0].agency.id].score == Decimal("85.00")
    assert by_agency[desks[2].agency.id].score is None
    kinds = uow.session.scalars(select(Notification.kind).where(Notification.user_id == desks[0].quality.id))
    assert "cycle.computed" in set(kinds)


def test_a_worker_that_breaks_off_leaves_whole_chunks_and_the_same_result(uow, desks, large, monkeypatch):
    officer, year = desks[0].acting(desks[0].quality), uow.today.year
    cycle = compute_cycle(officer, year)
    before = marks(uow, cycle)
    run = ask_cycle(officer, year)
    jobs.start_cycle.run(uow, run_id=run.id)
    first, second, third = cycle_runs.chunks_left(uow, run)
    jobs.compute_chunk.run(uow, run_id=run.id, number=first)
    with monkeypatch.context() as broken:
        broken.setattr(cycle_runs, "chunk_statement", lambda *_rules: "SELECT 1 / 0, NULL, NULL")
        with pytest.raises(DBAPIError), uow.session.begin_nested():
            jobs.compute_chunk.run(uow, run_id=run.id, number=second)
    uow.session.expire_all()
    assert cycle_runs.chunks_left(uow, run) == [second, third]
    assert marks(uow, cycle) == before, "what stood before stands until the end"
    resume_run(officer, run)
    work(uow, run)
    assert marks(uow, cycle) == before
    work(uow, run)
    assert marks(uow, cycle) == before, "a job that ran twice changes nothing"
    standing = uow.session.scalars(select(CycleRun.id).where(CycleRun.stands)).all()
    assert (standing, set(uow.session.scalars(select(CycleTask.run_id)))) == ([run.id], {run.id})


def test_a_second_grader_is_told_who_is_computing(uow, desks, large):
    year, other = uow.today.year, make_user(uow, Role.QUALITY_OFFICER)
    run = ask_cycle(desks[0].acting(desks[0].quality), year)
    with pytest.raises(Refused, match=desks[0].quality.name) as caught:
        ask_cycle(desks[0].acting(other), year)
    assert caught.value.refusals[0].rule_id == "R-GRADE.year"
    with pytest.raises(Refused, match="正在测算"):
        drop_cycle(desks[0].acting(other), run.cycle, "重来")
    with pytest.raises(Refused):
        announce_cycle(desks[0].acting(other), run.cycle)
    with pytest.raises(Refused, match="中途不能更换"):
        ask_cycle(desks[0].acting(desks[0].quality), year, "zhuhai")
    give_up_run(desks[0].acting(other), run)
    assert running(uow, run.cycle) is None
    work(uow, run)
    assert (run.stands, run.failure, run.cycle.entries) == (False, {"kind": "given-up"}, [])
    with pytest.raises(Refused):
        resume_run(desks[0].acting(other), run)


def test_nothing_that_changes_later_changes_a_record(uow, desks):
    desk = desks[0]
    loss = uow.add(
        CreditRecord(
            agency_id=desk.agency.id,
            happened_on=uow.today,
            description="底稿不全",
            points=Decimal(10),
            expires_on=uow.today + timedelta(days=365),
        )
    )
    uow.session.flush()
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    before = marks(uow, cycle)
    rated_desk(uow, "0.1", agency=desk.agency)
    desk.engagement.amount = Decimal(1)
    desk.agency.organisation.name = "改名后的机构"
    loss.points = loss.points + 5
    uow.session.flush()
    assert marks(uow, cycle) == before
    score = score_of(uow, desk.engagement.id)
    more = {"task": score.seq, "measure": 1, "kind": 3, "position": 9, "value": Decimal(1)}
    for statement in (
        update(TaskRating).where(TaskRating.task == score.seq).values(value=Decimal(1)),
        delete(TaskRating).where(TaskRating.task == score.seq),
        TaskRating.__table__.insert().values(more),
        text(f"UPDATE task_score SET veto = '泄密' WHERE seq = {score.seq}"),
        text(f"DELETE FROM task_score WHERE seq = {score.seq}"),
    ):
        with pytest.raises(DBAPIError, match=r"R-GRADE\.year"), uow.session.begin_nested():
            uow.session.execute(statement)


def test_a_rating_that_the_rules_need_and_nobody_gave_ends_the_run_with_its_task(uow, desks, large):
    officer = desks[0].acting(desks[0].quality)
    with pytest.raises(Refused, match=desks[0].engagement.number) as caught:
        compute_cycle(officer, uow.today.year, "jiading")
    assert caught.value.refusals[0].rule_id == "R-GRADE.raters"


def test_a_job_that_lacks_a_rating_says_so_on_the_page(uow, desks, large, client_as, monkeypatch):
    run = ask_cycle(desks[0].acting(desks[0].quality), uow.today.year, "jiading")
    monkeypatch.setattr(type(uow), "rollback", lambda _self: None)  # the test's own transaction goes on
    work(uow, run)
    assert (run.failure["kind"], run.failure["number"]) == ("lacking", desks[0].engagement.number)
    page = client_as(desks[0].quality).page(f"/grading/{run.cycle_id}").get_text()
    assert desks[0].engagement.number in page
    assert "没有得出结果" in page


def test_more_raters_than_the_statement_is_written_for_are_computed_by_the_scale(uow, desks):
    score = score_of(uow, desks[2].engagement.id)
    write_ratings(uow, score, [GivenRating("report", "experts", Decimal(60 + n)) for n in range(17)])
    write_ratings(uow, score_of(uow, rated_desk(uow, "0.7", agency=desks[2].agency).engagement.id), [])
    cycle = compute_cycle(desks[0].acting(desks[0].quality), uow.today.year)
    mine = next(one for one in cycle.entries if one.agency_id == desks[2].agency.id)
    assert str(mine.score) == mine.record["result"]["score"]
    assert verify_grade(mine.record) == []


def test_the_page_shows_how_far_a_computation_has_come(uow, desks, large, client_as):
    run = ask_cycle(desks[0].acting(desks[0].quality), uow.today.year)
    jobs.start_cycle.run(uow, run_id=run.id)
    jobs.compute_chunk.run(uow, run_id=run.id, number=0)
    officer, watcher = client_as(desks[0].quality), client_as(make_user(uow, Role.OBSERVER))
    address = f"/grading/{run.cycle_id}"
    assert "1 / 3" in watcher.page(address).get_text()
    page = officer.page(address)
    assert page.select("form[action$=give-up]")
    assert not page.select("button[formaction$=resume], form[action$=compute]")
    run.moved_at = uow.now - timedelta(minutes=10)
    uow.session.flush()
    assert officer.page(address).select("button[formaction$=resume]")
    assert watcher.post(f"{address}/give-up").status_code == 403
    assert officer.post(f"{address}/resume", data={}).status_code == 302
    assert officer.post(f"{address}/give-up", data={}).status_code == 302
    assert "已放弃" in officer.page(address).get_text()
    assert client_as(desks[0].manager).post(f"{address}/resume").status_code == 404


def test_a_year_is_fixed_when_its_computation_begins(uow, desks, large):
    run = ask_cycle(desks[0].acting(desks[0].quality), uow.today.year)
    jobs.start_cycle.run(uow, run_id=run.id)
    late = rated_desk(uow, "0.1", agency=desks[0].agency)
    work(uow, run)
    mine = next(one for one in run.cycle.entries if one.agency_id == desks[0].agency.id)
    assert late.engagement.number not in {task["id"] for task in mine.record["tasks"]}
    with pytest.raises(Refused, match="又有 1 项"):
        announce_cycle(desks[0].acting(desks[0].quality), run.cycle)
    assert uow.session.scalar(select(CycleChunk.tasks).where(CycleChunk.run_id == run.id).limit(1)) == 1


def test_many_grades_are_published_by_jobs_and_told_when_all_are_recorded(uow, desks, monkeypatch):
    monkeypatch.setattr(cycle_course, "AT_ONCE", 1)
    cycle = compute_cycle(desks[0].acting(desks[0].quality), uow.today.year)
    publish_year(desks[0], cycle)
    told = text(
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'grading.tell-agencies'"
        " AND args->>'state' = 'published'"
    )
    recorded = select(func.count()).select_from(AgencyGrade).where(AgencyGrade.year == cycle.year)
    assert (cycle.state, uow.session.scalar(recorded), uow.session.scalar(told)) == (CycleState.PUBLISHED, 1, 0)
    entries = sorted(uow.session.scalars(select(CycleEntry.id).where(CycleEntry.cycle_id == cycle.id)))
    for after in (None, *entries):
        jobs.record_grades.run(uow, cycle_id=str(cycle.id), after=str(after) if after else None)
    assert (uow.session.scalar(recorded), uow.session.scalar(told)) == (2, 1)
    grade = uow.session.scalars(select(AgencyGrade).where(AgencyGrade.agency_id == desks[0].agency.id)).one()
    assert (grade.score, verify_grade(grade.record)) == (Decimal("85.00"), [])
