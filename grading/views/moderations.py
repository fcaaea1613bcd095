"""The moderation of a report's ratings: asked for, opened, revised in, concluded."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms.rating import DeclineForm, DissentForm, GroundForm, points_form, points_of
from grading.models import Moderation, Submission
from grading.permissions import ModerationPermission, SubmissionPermission
from grading.queries import load_submission, own_sheet, score_of, sheets_of
from grading.queries.moderation import load_moderation
from grading.queries.rubric import rubric_for
from grading.services.moderation import (
    agree,
    ask_moderation,
    decline_moderation,
    leave_mean,
    mean_of,
    note_dissent,
    open_moderation,
    revise_sheet,
)
from grading.services.rating import locked_total, quality_total
from grading.states import ModerationState, SheetState
from grading.views.scores import RATER_TITLES

moderations = Blueprint("moderations", __name__)

KIND_TITLES = {"unit": RATER_TITLES["unit"], "bureau": RATER_TITLES["bureau"], "expert": RATER_TITLES["experts"]}


def _location(session: Moderation) -> str:
    return url_for("moderations.show", moderation_id=session.id)


@moderations.post("/submissions/<uuid:submission_id>/moderations")
@requires(SubmissionPermission.RATE, load_submission, see=SubmissionPermission.READ)
def begin(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Open a session as quality staff, or ask for one as a rater."""
    form = GroundForm(prefix="session")
    opens = policy.allows(uow.actor, ModerationPermission.OPEN, submission)
    back = url_for("scores.show", submission_id=submission.id)
    made: list[Moderation] = []

    def deed() -> None:
        made.append((open_moderation if opens else ask_moderation)(uow, submission, form.text("ground")))

    said = _l("合议已召集，各方收到通知") if opens else _l("已提出，由质量管理人员决定")
    done = acted(uow, form, deed, lambda: _location(made[0]) if opens else back, said)
    if done is not None:
        return done
    page = render_template(
        "grading/moderation/begin.html",
        submission=submission,
        form=form,
        opens=opens,
        back=back,
        crumbs=[(_("报告评分"), back), (_("评分合议"), None)],
    )
    return page, 422


@moderations.get("/moderations/<uuid:moderation_id>")
@requires(ModerationPermission.READ, load_moderation, see=ModerationPermission.READ)
def show(uow: UnitOfWork, session: Moderation) -> ResponseReturnValue:
    """Show every locked sheet side by side, and what this reader may do."""
    return _page(uow, session)


def _page(
    uow: UnitOfWork,
    session: Moderation,
    *,
    revise_form: Form | None = None,
    agree_form: Form | None = None,
    dissent_form: DissentForm | None = None,
    decline_form: DeclineForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    submission = session.submission
    rubric, sheets, own = rubric_for(uow, submission), sheets_of(uow, submission), own_sheet(uow, submission)
    concludes = policy.allows(uow.actor, ModerationPermission.CONCLUDE, session)
    rater = own is not None and own.state is SheetState.LOCKED
    is_open, open_to_dissent = session.state is ModerationState.OPEN, score_of(uow, submission.engagement_id) is None
    if is_open and rater and revise_form is None and own is not None:
        revise_form = points_form(rubric.quality, "revised", "reason", formdata=None, prefix="mine")
        counts = {line.key: line.counts for line in own.lines}
        for line in rubric.quality:
            revise_form[f"revised_{line.key}"].data = counts.get(line.key)
        revise_form.reason.data = own.revised_reason
    if is_open and concludes and agree_form is None:
        agree_form = points_form(rubric.quality, "agreed", "note", formdata=None, prefix="result")
        means = mean_of(sheets)
        for line in rubric.quality:
            agree_form[f"agreed_{line.key}"].data = means.get(line.key)
    waiting = session.state is ModerationState.ASKED and concludes
    page = render_template(
        "grading/moderation/show.html",
        session=session,
        submission=submission,
        rubric=rubric,
        sheets=sheets,
        points={sheet.id: {line.key: line for line in sheet.lines} for sheet in sheets},
        own=own if rater else None,
        kinds=KIND_TITLES,
        total_of=quality_total,
        locked_total=locked_total,
        mean=mean_of(sheets),
        revise_form=revise_form if is_open and rater else None,
        agree_form=agree_form if is_open and concludes else None,
        dissent_form=_dissent(dissent_form, own.dissent)
        if rater and own is not None and open_to_dissent and not waiting and session.state is not ModerationState.ASKED
        else None,
        decline_form=(decline_form or DeclineForm(formdata=None, prefix="answer")) if waiting else None,
        entries=timeline(uow, session) if concludes else [],
        crumbs=[
            (_("报告评分"), url_for("scores.show", submission_id=submission.id)),
            (_("评分合议"), None),
        ],
    )
    return page, status


def _dissent(form: DissentForm | None, kept: str) -> DissentForm:
    return form if form is not None else DissentForm(formdata=None, prefix="kept", data={"dissent": kept})


@moderations.post("/moderations/<uuid:moderation_id>/revise")
@requires(ModerationPermission.REVISE, load_moderation, see=ModerationPermission.READ)
def revise(uow: UnitOfWork, session: Moderation) -> ResponseReturnValue:
    """Put other points in the place of the own locked ones."""
    lines = rubric_for(uow, session.submission).quality
    form = points_form(lines, "revised", "reason", prefix="mine")
    done = acted(
        uow,
        form,
        lambda: revise_sheet(uow, session, points_of(form, lines, "revised"), form.text("reason")),
        _location(session),
        _l("修改已记入，原评分保留"),
    )
    return done or _page(uow, session, revise_form=form, status=422)


@moderations.post("/moderations/<uuid:moderation_id>/dissent")
@requires(ModerationPermission.REVISE, load_moderation, see=ModerationPermission.READ)
def dissent(uow: UnitOfWork, session: Moderation) -> ResponseReturnValue:
    """Keep a dissent with the result."""
    form = DissentForm(prefix="kept")
    done = acted(
        uow, form, lambda: note_dissent(uow, session, form.text("dissent")), _location(session), _l("保留意见已记入")
    )
    return done or _page(uow, session, dissent_form=form, status=422)


@moderations.post("/moderations/<uuid:moderation_id>/decline")
@requires(ModerationPermission.CONCLUDE, load_moderation, see=ModerationPermission.READ)
def decline(uow: UnitOfWork, session: Moderation) -> ResponseReturnValue:
    """Open what a rater asked for, or decline it with a reason."""
    form = DeclineForm(prefix="answer")
    opens = request.form.get("deed") == "open"

    def deed() -> None:
        if opens:
            open_moderation(uow, session.submission, session.ground)
        else:
            decline_moderation(uow, session, form.text("reason"))

    said = _l("合议已召集，各方收到通知") if opens else _l("已告知提出人不予合议")
    done = acted(uow, form, deed, _location(session), said)
    return done or _page(uow, session, decline_form=form, status=422)


@moderations.post("/moderations/<uuid:moderation_id>/conclude")
@requires(ModerationPermission.CONCLUDE, load_moderation, see=ModerationPermission.READ)
def conclude(uow: UnitOfWork, session: Moderation) -> ResponseReturnValue:
    """Record the points agreed on, or leave the mean."""
    lines = rubric_for(uow, session.submission).quality
    form = points_form(lines, "agreed", "note", prefix="result")
    agrees = request.form.get("deed") == "agree"

    def deed() -> None:
        if agrees:
            agree(uow, session, points_of(form, lines, "agreed"), form.text("note"))
        else:
            leave_mean(uow, session, form.text("note"))

    said = _l("一致分数已记录，按它计分") if agrees else _l("已记录：维持平均")
    done = acted(uow, form, deed, _location(session), said)
    return done or _page(uow, session, agree_form=form, status=422)
