"""The steps of a year's course: to the agencies, back, to the public, given up."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from grading.forms import ReasonForm
from grading.models import GradingCycle
from grading.permissions import GradePermission
from grading.queries import load_cycle
from grading.services.cycle_course import announce_cycle, publish_cycle, recall_cycle
from grading.services.grading_cycle import drop_cycle
from grading.views.cycles import location_of, show_cycle

course = Blueprint("cycle_course", __name__, url_prefix="/grading")


@course.post("/<uuid:cycle_id>/announce")
@requires(GradePermission.ANNOUNCE, load_cycle, see=GradePermission.READ)
def announce(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Send every agency its own sheet."""
    form = Form()
    form.check_revision(cycle)
    done = acted(
        uow,
        form,
        lambda: announce_cycle(uow, cycle),
        location_of(cycle),
        lambda: _("评级表已送各机构，申诉期限到 %(day)s", day=cycle.appeals_due_on),
    )
    return done or show_cycle(uow, cycle, form, 422)


@course.post("/<uuid:cycle_id>/recall")
@requires(GradePermission.RECALL, load_cycle, see=GradePermission.READ)
def recall(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Take the sheets back, with the reason."""
    form = ReasonForm(prefix="recall")
    done = acted(
        uow,
        form,
        lambda: recall_cycle(uow, cycle, form.text("reason")),
        location_of(cycle),
        lambda: _("已撤回，各机构会收到通知；重新测算后可以再次征求意见"),
    )
    return done or show_cycle(uow, cycle, Form(formdata=None, obj=cycle), 422, recall_form=form)


@course.post("/<uuid:cycle_id>/publish")
@requires(GradePermission.PUBLISH, load_cycle, see=GradePermission.READ)
def publish(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Publish the year."""
    form = Form()
    form.check_revision(cycle)
    done = acted(
        uow,
        form,
        lambda: publish_cycle(uow, cycle),
        location_of(cycle),
        lambda: _("%(year)s 年度评级已公布", year=cycle.year),
    )
    return done or show_cycle(uow, cycle, form, 422)


@course.post("/<uuid:cycle_id>/drop")
@requires(GradePermission.DROP, load_cycle, see=GradePermission.READ)
def drop(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Give the preview up, so that the year may be computed by another rule set."""
    form = ReasonForm(prefix="drop")
    done = acted(
        uow,
        form,
        lambda: drop_cycle(uow, cycle, form.text("reason")),
        url_for("cycles.index"),
        lambda: _("本轮测算已作废，可以另选规则重新测算"),
    )
    return done or show_cycle(uow, cycle, Form(formdata=None, obj=cycle), 422, drop_form=form)
