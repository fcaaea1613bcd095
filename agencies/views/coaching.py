"""The coaching list: who is on it by grade, by whom they are coached, what was done (R-GRADE.C)."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.forms.standing import CoachForm, ConclusionForm, SessionForm
from agencies.models import Agency, AgencyListing, Coaching
from agencies.permissions import StandingPermission
from agencies.queries import load_agency
from agencies.queries.coaching import STATES, coached_matching, coachings_of, load_coaching
from agencies.services.coaching import begin_coaching, close_coaching, note_session
from agencies.states import CoachingState
from agencies.views.parts import desk_tabs
from core.audit.timeline import timeline
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

coaching = Blueprint("coaching", __name__, url_prefix="/agencies")
P = StandingPermission
CLOSING = "close-"


@coaching.get("/conduct/coaching")
@requires(P.BROWSE_COACHING)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List who is to be coached, who coaches them, and how many sessions were held."""
    page = listing(
        uow,
        coached_matching(text=asked("q"), state=asked("state")),
        sortable={"name": AgencyListing.name, "year": AgencyListing.year},
        default="name",
        filters=(Filter("state", _l("状态"), STATES),),
    )
    return render_template(
        "agencies/coaching/index.html",
        page=page,
        coachings=coachings_of(uow, page.rows),
        may_coach=policy.allows(uow.actor, P.COACH),
        tabs_shown=desk_tabs(uow, "coaching.index"),
        crumbs=[(_("机构监管"), None)],
    )


@coaching.route("/<uuid:agency_id>/coaching/new", methods=["GET", "POST"])
@requires(P.COACH, load_agency)
def new(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Name a coach."""
    form, begun = CoachForm(), list[Coaching]()

    def deed() -> None:
        begun.append(begin_coaching(uow, agency, form.text("coach"), form.text("topics")))

    answer = acted(uow, form, deed, lambda: _location(begun[0]), _l("已安排辅导，机构已收到通知"))
    if answer is not None:
        return answer
    page = render_template(
        "agencies/coaching/new.html",
        form=form,
        agency=agency,
        crumbs=[(_("辅导名单"), url_for("coaching.index")), (_("安排辅导"), None)],
    )
    return page, 422 if form.is_submitted() else 200


@coaching.get("/conduct/coaching/<uuid:coaching_id>")
@requires(P.READ_COACHING, load_coaching, see=P.READ_COACHING)
def show(uow: UnitOfWork, row: Coaching) -> ResponseReturnValue:
    """Show a coaching with its sessions."""
    return _page(uow, row)


def _page(uow: UnitOfWork, row: Coaching, **forms: Form) -> str:
    browse = url_for("coaching.index") if policy.allows(uow.actor, P.BROWSE_COACHING) else None
    return render_template(
        "agencies/coaching/show.html",
        coaching=row,
        may_keep=row.state is CoachingState.RUNNING and policy.allows(uow.actor, P.COACH),
        session_form=forms.get("session") or SessionForm(formdata=None, held_on=uow.today),
        close_form=forms.get("close") or ConclusionForm(formdata=None, prefix=CLOSING),
        entries=timeline(uow, row),
        crumbs=[(_("辅导名单"), browse), (row.agency.organisation.name, None)],
    )


@coaching.post("/conduct/coaching/<uuid:coaching_id>/sessions")
@requires(P.COACH, load_coaching, see=P.READ_COACHING)
def session(uow: UnitOfWork, row: Coaching) -> ResponseReturnValue:
    """Note a session."""
    form = SessionForm()
    answer = acted(
        uow, form, lambda: note_session(uow, row, form.held_on.data, form.text("notes")), _location(row), _l("已记录")
    )
    return answer if answer is not None else (_page(uow, row, session=form), 422)


@coaching.post("/conduct/coaching/<uuid:coaching_id>/close")
@requires(P.COACH, load_coaching, see=P.READ_COACHING)
def close(uow: UnitOfWork, row: Coaching) -> ResponseReturnValue:
    """Close a coaching with its conclusion."""
    form = ConclusionForm(prefix=CLOSING)
    answer = acted(
        uow, form, lambda: close_coaching(uow, row, form.text("conclusion")), _location(row), _l("辅导已结束")
    )
    return answer if answer is not None else (_page(uow, row, close=form), 422)


def _location(row: Coaching) -> str:
    return url_for("coaching.show", coaching_id=row.id)
