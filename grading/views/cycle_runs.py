"""The computation of a year as it goes on: setting it going again, giving it up."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import Text, _l
from core.unit_of_work import UnitOfWork
from grading.models import CycleRun, GradingCycle
from grading.permissions import GradePermission
from grading.queries import load_cycle
from grading.queries.cycle_run import last_run
from grading.services.grading_cycle import give_up_run, resume_run
from grading.views.cycles import location_of, show_cycle

cycle_runs = Blueprint("cycle_runs", __name__, url_prefix="/grading")


@cycle_runs.post("/<uuid:cycle_id>/resume")
@requires(GradePermission.COMPUTE, load_cycle, see=GradePermission.READ)
def resume(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """Set a computation going again that stands still."""
    return _with_run(uow, cycle, resume_run, _l("已重新排队；已完成的部分不会重做"))


@cycle_runs.post("/<uuid:cycle_id>/give-up")
@requires(GradePermission.COMPUTE, load_cycle, see=GradePermission.READ)
def give_up(uow: UnitOfWork, cycle: GradingCycle) -> ResponseReturnValue:
    """End a computation without a result."""
    return _with_run(uow, cycle, give_up_run, _l("已放弃这次测算，之前的结果不变"))


def _with_run(
    uow: UnitOfWork, cycle: GradingCycle, deed: Callable[[UnitOfWork, CycleRun], None], said: Text
) -> ResponseReturnValue:
    form, run = Form(), last_run(uow, cycle)
    if run is None:
        abort(404)
    done = acted(uow, form, lambda: deed(uow, run), location_of(cycle), said)
    return done or show_cycle(uow, cycle, form, 422)
