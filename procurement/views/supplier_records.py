"""Suppliers' ties and former services, which bar from bidding; kept by officers, read by supervision."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.errors import Refused
from core.http.choices import choices, choices_of
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.forms.supplier_records import RelationForm, ServiceForm
from procurement.models import ProjectService, SupplierRelation
from procurement.permissions import SupervisionPermission
from procurement.queries.bidder_conflicts import standing_relations
from procurement.services.supplier_records import end_relation, record_relation, record_service
from procurement.states import RelationKind, ServiceKind
from projects.models import Project

supplier_records = Blueprint("supplier_records", __name__, url_prefix="/supplier-relations")


def load_relation(uow: UnitOfWork, relation_id: uuid.UUID) -> SupplierRelation | None:
    """Return the tie with this id."""
    return uow.get(SupplierRelation, relation_id)


@supplier_records.get("")
@requires(SupervisionPermission.READ_RELATIONS)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the ties that stand and the services recorded."""
    return _page(uow, None)


@supplier_records.post("/relation")
@requires(SupervisionPermission.EDIT_RELATIONS)
def add_relation(uow: UnitOfWork) -> ResponseReturnValue:
    """Record a tie."""
    form = _relation_form(uow, RelationForm())
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            kind = RelationKind(form.relation_kind.data)
            record_relation(uow, uuid.UUID(form.one_id.data), uuid.UUID(form.other_id.data), kind, form.text("source"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, _("已登记关联关系；相关供应商不得参加同一合同项下的采购"))
    return _page(uow, form), 422


@supplier_records.post("/service")
@requires(SupervisionPermission.EDIT_RELATIONS)
def add_service(uow: UnitOfWork) -> ResponseReturnValue:
    """Record a former service."""
    form = _service_form(uow, ServiceForm())
    if earlier := form.earlier_use(uow):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            kind, owner = ServiceKind(form.service_kind.data), uuid.UUID(form.organisation_id.data)
            record_service(uow, owner, uuid.UUID(form.project_id.data), kind, form.text("service_source"))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _done(uow, form, _("已登记既往服务；该单位不得参加对这一项目的评价"))
    return _page(uow, form), 422


@supplier_records.post("/<uuid:relation_id>/end")
@requires(SupervisionPermission.EDIT_RELATIONS, load_relation, see=SupervisionPermission.READ_RELATIONS)
def end(uow: UnitOfWork, relation: SupplierRelation) -> ResponseReturnValue:
    """Close a tie that no longer holds."""
    end_relation(uow, relation)
    flash(_("已终止这一关联关系"), "success")
    return redirect(url_for("supplier_records.index"))


def _done(uow: UnitOfWork, form: Form, words: str) -> ResponseReturnValue:
    location = url_for("supplier_records.index")
    form.mark_used(uow, location)
    flash(words, "success")
    return redirect(location)


def _relation_form(uow: UnitOfWork, form: RelationForm) -> RelationForm:
    kinds = (OrganisationKind.AGENCY, OrganisationKind.BUDGET_UNIT)
    rows = uow.session.scalars(
        select(Organisation).where(Organisation.kind.in_(kinds), Organisation.is_active).order_by(Organisation.name)
    ).all()
    offered = choices([("", _("请选择")), *((str(one.id), one.name) for one in rows)])
    form.one_id.choices, form.other_id.choices = offered, offered
    form.relation_kind.choices = choices_of(RelationKind)
    return form


def _service_form(uow: UnitOfWork, form: ServiceForm) -> ServiceForm:
    agencies = uow.session.scalars(
        select(Organisation).where(Organisation.kind == OrganisationKind.AGENCY).order_by(Organisation.name)
    ).all()
    projects = uow.session.scalars(select(Project).where(~Project.is_archived).order_by(Project.code)).all()
    form.organisation_id.choices = choices([("", _("请选择")), *((str(one.id), one.name) for one in agencies)])
    form.project_id.choices = choices(
        [("", _("请选择")), *((str(one.id), f"{one.code} {one.name}") for one in projects)]
    )
    form.service_kind.choices = choices_of(ServiceKind)
    return form


def _page(uow: UnitOfWork, used: Form | None) -> str:
    may_edit = policy.allows(uow.actor, SupervisionPermission.EDIT_RELATIONS)
    relation_form = used if isinstance(used, RelationForm) else _relation_form(uow, RelationForm(formdata=None))
    service_form = used if isinstance(used, ServiceForm) else _service_form(uow, ServiceForm(formdata=None))
    return render_template(
        "procurement/supervision/relations.html",
        relations=uow.session.scalars(standing_relations().order_by(SupplierRelation.since.desc())).all(),
        services=uow.session.scalars(select(ProjectService).order_by(ProjectService.done_on.desc())).all(),
        relation_form=relation_form if may_edit else None,
        service_form=service_form if may_edit else None,
        crumbs=[(_("供应商关联关系"), None)],
    )
