"""Public notices in the designated formats: page, text to paste, PDF; and where each stands outside (R-NOTICE-01)."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import Refused
from core.http.guard import requires
from core.i18n import _, _p
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.dates import deadline_day, notice_day, periods
from procurement.forms.public_notices import RegisterNoticeForm
from procurement.models import PublicNotice, Tender
from procurement.notices import NoticeText
from procurement.permissions import NoticePermission, TenderPermission
from procurement.queries.public_notices import load_notice, notices_of
from procurement.queries.tenders import load_tender
from procurement.services.notice_papers import notice_paper
from procurement.services.public_notices import register_external
from procurement.states import NoticeKind, TenderState

public_notices = Blueprint("public_notices", __name__)


@public_notices.get("/announcements/<uuid:notice_id>")
@requires(NoticePermission.READ, load_notice, see=NoticePermission.READ)
def show(uow: UnitOfWork, notice: PublicNotice) -> ResponseReturnValue:
    """Show a notice as it was frozen."""
    return _page(uow, notice)


@public_notices.get("/announcements/<uuid:notice_id>/notice.txt")
@requires(NoticePermission.READ, load_notice, see=NoticePermission.READ)
def text(_uow: UnitOfWork, notice: PublicNotice) -> ResponseReturnValue:
    """Hand out the notice as text, ready to paste into the provincial medium."""
    return _lasting(notice, "txt", NoticeText.of(notice.record).plain().encode(), "text/plain; charset=utf-8")


@public_notices.get("/announcements/<uuid:notice_id>/notice.pdf")
@requires(NoticePermission.READ, load_notice, see=NoticePermission.READ)
def paper(_uow: UnitOfWork, notice: PublicNotice) -> ResponseReturnValue:
    """Hand out the notice as an official paper."""
    if _tag(notice, "pdf") in request.if_none_match:
        return _lasting(notice, "pdf", b"", "application/pdf")
    return _lasting(notice, "pdf", notice_paper(notice), "application/pdf")


@public_notices.post("/announcements/<uuid:notice_id>/register")
@requires(NoticePermission.REGISTER, load_notice, see=NoticePermission.READ)
def register(uow: UnitOfWork, notice: PublicNotice) -> ResponseReturnValue:
    """Register where the notice stands in the designated medium; its periods run from then."""
    form = RegisterNoticeForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.validate_on_submit() or form.at.data is None:
        return _page(uow, notice, form), 422
    try:
        form.check_revision(notice)
        register_external(uow, notice, form.text("url"), form.at.data.replace(tzinfo=SHANGHAI))
    except Refused as refused:
        form.refuse(refused)
        return _page(uow, notice, form), 422
    location = url_for("public_notices.show", notice_id=notice.id)
    form.mark_used(uow, location)
    flash(_("已登记。本公告的期限自 %(at)s 起算", at=_moment(notice)), "success")
    return redirect(location)


@public_notices.get("/tenders/<uuid:tender_id>/announcements")
@requires(TenderPermission.READ, load_tender, see=TenderPermission.READ)
def of_tender(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """List a purchase's notices with where each stands outside, and what is still to be registered."""
    return render_template(
        "procurement/public_notice/of_tender.html",
        tender=tender,
        notices=notices_of(uow, tender),
        may_register=policy.allows(uow.actor, NoticePermission.BROWSE),
        late=is_late(uow, tender),
        crumbs=[
            (_p("list", "采购项目"), url_for("tenders.index")),
            (tender.number, url_for("tenders.show", tender_id=tender.id)),
            (_("公告"), None),
        ],
    )


def is_late(uow: UnitOfWork, tender: Tender) -> bool:
    """Say whether the notice stood outside so late that the deadline no longer leaves the least time (R-TENDER-04)."""
    closing = deadline_day(tender)
    if closing is None or tender.external_notice_at is None or tender.state is not TenderState.PUBLISHED:
        return False
    return closing < periods(uow, tender, notice_day(uow, tender)).deadline_at_least


def _page(uow: UnitOfWork, notice: PublicNotice, form: RegisterNoticeForm | None = None) -> str:
    may_register = policy.allows(uow.actor, NoticePermission.REGISTER, notice)
    tender = notice.tender
    sees_tender = tender is not None and policy.allows(uow.actor, TenderPermission.READ, tender)
    return render_template(
        "procurement/public_notice/show.html",
        notice=notice,
        text=NoticeText.of(notice.record),
        tender=tender,
        has_documents=notice.kind in (NoticeKind.TENDER, NoticeKind.AMENDMENT),
        sees_tender=sees_tender,
        late=may_register and tender is not None and is_late(uow, tender),
        form=(form or _filled(notice)) if may_register else None,
        others=[one for one in notices_of(uow, tender) if one.id != notice.id] if tender is not None else [],
        crumbs=[(_("公告"), url_for("notices.index")), (notice.number or notice.kind.label, None)],
    )


def _filled(notice: PublicNotice) -> RegisterNoticeForm:
    at = notice.external_at.astimezone(SHANGHAI) if notice.external_at else None
    form = RegisterNoticeForm(formdata=None, data={"url": notice.external_url, "at": at})
    form.revision.data = str(notice.revision)
    return form


def _moment(notice: PublicNotice) -> str:
    return notice.runs_from.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def _tag(notice: PublicNotice, form: str) -> str:
    return f"{notice.record_hash}-{form}"


def _lasting(notice: PublicNotice, form: str, content: bytes, kind: str) -> Response:
    """Answer with a form of a notice that never changes."""
    known = _tag(notice, form) in request.if_none_match
    answer = Response(status=304) if known else Response(content, content_type=kind)
    answer.set_etag(_tag(notice, form))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    name = f"notice-{notice.number or notice.id}-{notice.kind.value}.{form}"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
