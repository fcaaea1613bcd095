"""Framework agreements: the list, one framework, what is noted of it, and the agency's own."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.errors import Refused
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.identity.models import Organisation
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.frameworks import AgreementForm, FilingForm, InformForm, RemoveForm
from procurement.methods import WAYS, ways_named
from procurement.models import Framework, FrameworkMember, Tender
from procurement.permissions import BIDDER_SIDE, FrameworkPermission
from procurement.queries.frameworks import (
    call_offs_of,
    calls_of,
    framework_terms,
    frameworks_matching,
    load_framework,
    load_member,
    members_of,
    own_frameworks,
    shares_of,
)
from procurement.services.call_off_turns import turns_of_type
from procurement.services.framework_drafting import draft_top_up, top_up_refusals
from procurement.services.frameworks import (
    duties_of,
    end_framework,
    file_agreements,
    inform_users,
    remove_supplier,
    sign_agreement,
    signing_deadline,
)
from procurement.states import FrameworkState, MemberState, Method, RemovalGround

frameworks = Blueprint("frameworks", __name__)
P = FrameworkPermission
SORTABLE = {
    "title": Tender.title,
    "number": Tender.number,
    "admitted": Framework.admitted_at,
    "ends": Framework.ends_on,
}


@frameworks.get("/frameworks")
@requires(P.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the framework agreements."""
    filters = (Filter("state", _l("状态"), [(one.value, one.label) for one in FrameworkState]),)
    page = listing(
        uow,
        frameworks_matching(text=asked("q"), state=asked("state")),
        sortable=SORTABLE,
        default="-admitted",
        filters=filters,
    )
    return render_template(
        "procurement/framework/index.html", page=page, today=uow.today, own=False, crumbs=[(_("框架协议"), None)]
    )


@frameworks.get("/my-frameworks")
@requires(P.BROWSE_OWN)
def own(uow: UnitOfWork) -> ResponseReturnValue:
    """List the framework agreements the reader's organisations were admitted to."""
    page = listing(uow, own_frameworks(uow.actor, text=asked("q")), sortable=SORTABLE, default="-admitted")
    return render_template(
        "procurement/framework/index.html", page=page, today=uow.today, own=True, crumbs=[(_("框架协议"), None)]
    )


@frameworks.get("/frameworks/<uuid:framework_id>")
@requires(P.READ, load_framework, see=P.READ)
def show(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Show a framework: its terms, its members in their order, its duties, what was called off and for how much."""
    return _page(uow, framework)


def _page(uow: UnitOfWork, framework: Framework, refused: Refused | None = None) -> str:
    members, terms = members_of(uow, framework), framework_terms(uow, framework)
    call_offs = call_offs_of(uow, framework)
    inside = policy.allows(uow.actor, P.BROWSE)
    mine = set(uow.actor.organisations_as(*BIDDER_SIDE))
    may_keep, may_call = (policy.allows(uow.actor, one, framework) for one in (P.KEEP, P.CALL))
    open_now = framework.is_open_on(uow.today)
    top_up = top_up_refusals(uow, framework) if may_call and terms.top_up_foreseen and open_now else None
    documents = {one.id: documents_of(uow, one) for one in members if inside or one.supplier_id in mine}
    return render_template(
        "procurement/framework/show.html",
        framework=framework,
        tender=framework.tender,
        terms=terms,
        ways=ways_named(terms.ways),
        way_of=WAYS,
        types=[(lot, [one for one in members if one.lot_id == lot.id]) for lot in framework.tender.lots],
        call_offs=call_offs if inside else [one for one in call_offs if _falls_to(one.member, mine)],
        turns={lot.id: turns_of_type(uow, lot) for lot in framework.tender.lots}
        if Method.CALL_OFF_ROTATION.value in terms.ways
        else {},
        shares=shares_of(uow, framework),
        calls=calls_of(uow, framework),
        duties=duties_of(uow, framework) if inside else [],
        files=_files(documents, members),
        mine=mine,
        inside=inside,
        may_keep=may_keep,
        may_file=may_keep and any(one.state is MemberState.SIGNED and one.filed_on is None for one in members),
        may_inform=may_keep and framework.begins_on is not None and framework.informed_on is None,
        may_call=may_call and open_now,
        may_end=framework.is_over_on(uow.today) and policy.allows(uow.actor, P.END, framework),
        removable={one.id for one in members if policy.allows(uow.actor, P.REMOVE, one)},
        top_up=top_up,
        is_over=framework.is_over_on(uow.today),
        refusals=refused.refusals if refused else (),
        form=Form(formdata=None),
        entries=timeline(uow, framework) if inside else [],
        crumbs=[
            (_("框架协议"), url_for("frameworks.index" if inside else "frameworks.own")),
            (framework.tender.number, None),
        ],
    )


@frameworks.route("/frameworks/<uuid:framework_id>/agreements/<uuid:supplier_id>", methods=["GET", "POST"])
@requires(P.KEEP, load_framework, see=P.READ)
def sign(uow: UnitOfWork, framework: Framework, supplier_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a supplier signed, with the signed copy."""
    form = AgreementForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    members = [one for one in members_of(uow, framework) if one.supplier_id == supplier_id]
    if not members:
        abort(404)
    if not any(one.state is MemberState.ADMITTED for one in members):
        return redirect(_location(framework))
    if not form.is_submitted():
        form.signed_on.data = uow.today
    if form.validate_on_submit():
        supplier = members[0].supplier
        try:
            day = form.signed_on.data or uow.today
            sign_agreement(uow, framework, supplier, day, form.file.data, form.text("late_reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(framework))
            in_force = framework.state is FrameworkState.IN_FORCE
            flash(_("已登记签订，框架协议生效") if in_force else _("已登记签订"), "success")
            return redirect(_location(framework))
    return _form_page(
        form,
        framework,
        _("登记签订框架协议"),
        members=members,
        deadline=signing_deadline(uow, members[0]),
        template="procurement/framework/sign.html",
    )


@frameworks.route("/frameworks/<uuid:framework_id>/filing", methods=["GET", "POST"])
@requires(P.KEEP, load_framework, see=P.READ)
def file(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Note the filing of the signed agreements."""
    form = FilingForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.filed_on.data = uow.today
    if form.validate_on_submit():
        try:
            file_agreements(uow, framework, form.filed_on.data, form.text("number"))  # type: ignore[arg-type]  # required by the form
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(framework))
            flash(_("已登记备案"), "success")
            return redirect(_location(framework))
    return _form_page(form, framework, _("登记备案"))


@frameworks.route("/frameworks/<uuid:framework_id>/informing", methods=["GET", "POST"])
@requires(P.KEEP, load_framework, see=P.READ)
def inform(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Note that the users were told."""
    form = InformForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if not form.is_submitted():
        form.informed_on.data = uow.today
    if form.validate_on_submit():
        try:
            inform_users(uow, framework, form.informed_on.data)  # type: ignore[arg-type]  # required by the form
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(framework))
            flash(_("已登记告知"), "success")
            return redirect(_location(framework))
    return _form_page(form, framework, _("登记告知采购人"))


@frameworks.route("/framework-members/<uuid:member_id>/removal", methods=["GET", "POST"])
@requires(P.REMOVE, load_member, see=P.REMOVE)
def remove(uow: UnitOfWork, member: FrameworkMember) -> ResponseReturnValue:
    """Remove a supplier on a lawful ground."""
    framework, form = member.framework, RemoveForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if member.state is MemberState.REMOVED:
        return redirect(_location(framework))
    if form.validate_on_submit():
        supplier = uow.session.get_one(Organisation, member.supplier_id)
        try:
            remove_supplier(uow, framework, supplier, RemovalGround(form.ground.data), form.text("reason"))
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, _location(framework))
            flash(_("已清退，供应商已收到通知"), "success")
            return redirect(_location(framework))
    return _form_page(form, framework, _("清退%(name)s", name=member.supplier.name))


@frameworks.post("/frameworks/<uuid:framework_id>/end")
@requires(P.END, load_framework, see=P.READ)
def end(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Sum up and end a framework whose term is over."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        end_framework(uow, framework)
    except Refused as refused:
        return _page(uow, framework, refused), 422
    form.mark_used(uow, _location(framework))
    flash(_("成交结果汇总公告已发布，框架协议已结束"), "success")
    return redirect(_location(framework))


@frameworks.post("/frameworks/<uuid:framework_id>/top-up")
@requires(P.CALL, load_framework, see=P.READ)
def top_up(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Begin the call that adds suppliers."""
    form = Form()
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    try:
        tender = draft_top_up(uow, framework)
    except Refused as refused:
        return _page(uow, framework, refused), 422
    location = url_for("tenders.show", tender_id=tender.id)
    form.mark_used(uow, location)
    flash(_("已建立补充征集 %(number)s，条件与首次征集相同", number=tender.number), "success")
    return redirect(location)


def _form_page(
    form: Form, framework: Framework, title: str, *, template: str = "procurement/framework/form.html", **more: Any
) -> ResponseReturnValue:
    page = render_template(
        template,
        form=form,
        framework=framework,
        title=title,
        crumbs=[
            (_("框架协议"), url_for("frameworks.index")),
            (framework.tender.number, _location(framework)),
            (title, None),
        ],
        **more,
    )
    return page, 422 if form.is_submitted() else 200


def _files(documents: dict[uuid.UUID, Any], members: list[FrameworkMember]) -> list[dict[str, Any]]:
    names = {one.id: one.supplier.name for one in members}
    return [
        {
            "name": one.name,
            "size": one.size,
            "at": one.added_at,
            "note": names[member],
            "url": url_for("documents.download", document_id=one.id),
        }
        for member, found in documents.items()
        for one in found
    ]


def _falls_to(member: FrameworkMember | None, own: set[uuid.UUID]) -> bool:
    return member is not None and member.supplier_id in own


def _location(framework: Framework) -> str:
    return url_for("frameworks.show", framework_id=framework.id)
