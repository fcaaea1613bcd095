"""A purchase's remedies page with every last day, the lists of cases, and the public list of outcomes."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import public, requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Challenge, Inquiry, Tender
from procurement.permissions import BIDDER_SIDE, RemedyPermission, TenderPermission
from procurement.queries.remedies import (
    answered_challenges,
    cases_of,
    challenge_periods,
    documents_received_on,
    may_challenge_documents,
    remedy_days,
    running_clocks,
    visible_challenges,
    visible_inquiries,
)
from procurement.queries.tenders import load_tender
from procurement.remedy_periods import ChallengePeriod
from procurement.states import ChallengeState, InquiryState
from procurement.suspensions import suspensions

remedies = Blueprint("remedies", __name__)


@remedies.get("/challenges")
@requires(RemedyPermission.BROWSE)
def challenges(uow: UnitOfWork) -> ResponseReturnValue:
    """List the challenges the reader may see."""
    page = listing(
        uow,
        visible_challenges(uow.actor, text=asked("q"), state=asked("state")),
        sortable={"filed": Challenge.filed_at, "number": Challenge.number},
        default="-filed",
        filters=(Filter("state", _l("状态"), [(one.value, one.label) for one in ChallengeState]),),
    )
    return render_template(
        "procurement/remedy/index.html",
        page=page,
        kind="challenge",
        clocks=running_clocks(uow, "challenge", [one.id for one in page.rows]),
        known=_known(uow, page.rows),
        crumbs=[(_("询问和质疑"), None)],
    )


@remedies.get("/inquiries")
@requires(RemedyPermission.BROWSE)
def inquiries(uow: UnitOfWork) -> ResponseReturnValue:
    """List the inquiries the reader may see."""
    page = listing(
        uow,
        visible_inquiries(uow.actor, text=asked("q"), state=asked("state")),
        sortable={"filed": Inquiry.asked_at, "number": Inquiry.number},
        default="-filed",
        filters=(Filter("state", _l("状态"), [(one.value, one.label) for one in InquiryState]),),
    )
    return render_template(
        "procurement/remedy/index.html",
        page=page,
        kind="inquiry",
        clocks=running_clocks(uow, "inquiry", [one.id for one in page.rows]),
        known=_known(uow, page.rows),
        crumbs=[(_("询问和质疑"), None)],
    )


@remedies.get("/tenders/<uuid:tender_id>/remedies")
@requires(TenderPermission.READ_NOTICE, load_tender, see=TenderPermission.READ_NOTICE)
def of_tender(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show what of a purchase may be challenged until when, for everybody, and the cases the reader may see."""
    inquiries_, challenges_ = cases_of(uow, tender)
    own = uow.actor.organisations_as(*BIDDER_SIDE)
    return render_template(
        "procurement/remedy/tender.html",
        tender=tender,
        periods=challenge_periods(uow, tender, own),
        received_on=documents_received_on(uow, tender, own),
        has_documents=any(may_challenge_documents(uow, tender, one) for one in own),
        inquiries=inquiries_,
        challenges=challenges_,
        suspensions=suspensions(uow, tender),
        may_ask=policy.allows(uow.actor, RemedyPermission.ASK, tender),
        may_file=policy.allows(uow.actor, RemedyPermission.FILE, tender),
        may_register=tender.opened_at is not None and policy.allows(uow.actor, RemedyPermission.REGISTER, tender),
        may_read=policy.allows(uow.actor, TenderPermission.READ, tender),
        today=uow.today,
        days=remedy_days(uow),
        target_of=target_of,
        crumbs=[(tender.number, url_for("notices.show", tender_id=tender.id)), (_("询问和质疑"), None)],
    )


@remedies.get("/remedy-decisions")
@public
def decisions(uow: UnitOfWork) -> ResponseReturnValue:
    """List for everybody what became of the challenges; no supplier is named."""
    page = listing(
        uow,
        answered_challenges(text=asked("q")),
        sortable={"answered": Challenge.answered_at},
        default="-answered",
    )
    return render_template("procurement/remedy/decisions.html", page=page, crumbs=[(_("质疑答复结果"), None)])


def target_of(period: ChallengePeriod) -> str:
    """Return how the form names one thing that may be challenged: `process:opening`, `result:`."""
    return f"{period.basis.value}:{period.step.value if period.step else ''}"


def _known(uow: UnitOfWork, rows: object) -> set[object]:
    """Return the ids of the cases whose supplier the reader may know (R-SEC-03)."""
    cases: list[Challenge | Inquiry] = list(rows)  # type: ignore[call-overload]  # one page of either noun
    return {one.id for one in cases if policy.allows(uow.actor, RemedyPermission.KNOW_WHO, one)}
