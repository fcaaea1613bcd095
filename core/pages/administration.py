"""Organisations, people and their roles."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from core.audit.timeline import timeline
from core.errors import NotVisible, Refused
from core.http.choices import choices, choices_of
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.i18n import _, _l
from core.identity.administration import end_role, grant_role, invite, save_organisation, set_active
from core.identity.invitations import send_invitation
from core.identity.models import Membership, Organisation, User
from core.identity.permissions import HousePermission
from core.identity.roles import ROLES_OF_KIND, OrganisationKind, Role
from core.pages.administration_forms import InviteForm, OrganisationForm, RoleForm
from core.unit_of_work import UnitOfWork

administration = Blueprint("administration", __name__, url_prefix="/administration")
HOME = (_l("系统管理"), "/administration/")


def load_organisation(uow: UnitOfWork, organisation_id: uuid.UUID) -> Organisation | None:
    """Return the organisation, or None."""
    return uow.get(Organisation, organisation_id)


def load_user(uow: UnitOfWork, user_id: uuid.UUID) -> User | None:
    """Return the user, or None."""
    return uow.get(User, user_id)


@administration.get("/")
@requires(HousePermission.ADMINISTER)
def index(_uow: UnitOfWork) -> ResponseReturnValue:
    """Lead to everything an administrator looks after."""
    return render_template("core/administration/index.html")


@administration.get("/organisations")
@requires(HousePermission.ADMINISTER)
def organisations(uow: UnitOfWork) -> ResponseReturnValue:
    """List organisations."""
    query = select(Organisation)
    if asked("q"):
        text = asked("q")
        query = query.where(or_(Organisation.name.icontains(text, autoescape=True), Organisation.uscc == text.upper()))
    if asked("kind") in [one.value for one in OrganisationKind]:
        query = query.where(Organisation.kind == OrganisationKind(asked("kind")))
    page = listing(
        uow,
        query,
        sortable={"name": Organisation.name},
        default="name",
        filters=(Filter("kind", _l("类别"), [(one.value, one.label) for one in OrganisationKind]),),
    )
    return render_template("core/administration/organisations.html", listing=page, crumbs=[HOME])


@administration.route("/organisations/new", methods=["GET", "POST"])
@requires(HousePermission.ADMINISTER)
def new_organisation(uow: UnitOfWork) -> ResponseReturnValue:
    """Add an organisation."""
    return _organisation_form(uow, None)


@administration.route("/organisations/<uuid:organisation_id>", methods=["GET", "POST"])
@requires(HousePermission.ADMINISTER, load_organisation)
def organisation(uow: UnitOfWork, organisation: Organisation) -> ResponseReturnValue:
    """Show and change an organisation."""
    return _organisation_form(uow, organisation)


def _organisation_form(uow: UnitOfWork, found: Organisation | None) -> ResponseReturnValue:
    form = OrganisationForm(obj=found)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        if found is not None:
            form.check_revision(found)
        try:
            saved = save_organisation(
                uow,
                found,
                name=form.text("name"),
                name_en=form.text("name_en"),
                kind=OrganisationKind(form.kind.data),
                uscc=form.text("uscc"),
                address=form.text("address"),
                telephone=form.text("telephone"),
                is_active=form.is_active.data,
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("administration.organisation", organisation_id=saved.id)
            form.mark_used(uow, location)
            flash(_("已保存“%(name)s”。", name=saved.name), "success")
            return redirect(location)
    members: Sequence[Membership] = ()
    if found is not None:
        members = uow.session.scalars(
            select(Membership)
            .where(Membership.organisation_id == found.id, Membership.ended_at.is_(None))
            .options(selectinload(Membership.user))
        ).all()
    status = 422 if request.method == "POST" else 200
    return render_template(
        "core/administration/organisation.html",
        form=form,
        organisation=found,
        members=members,
        history=timeline(uow, found) if found else [],
        crumbs=[HOME, (_l("单位"), url_for("administration.organisations"))],
    ), status


@administration.route("/organisations/<uuid:organisation_id>/invite", methods=["GET", "POST"])
@requires(HousePermission.ADMINISTER, load_organisation)
def invite_person(uow: UnitOfWork, organisation: Organisation) -> ResponseReturnValue:
    """Invite somebody into an organisation."""
    form = InviteForm()
    form.role.choices = choices_of(one for one in Role if one in ROLES_OF_KIND[organisation.kind])
    here = url_for("administration.organisation", organisation_id=organisation.id)
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            user = invite(
                uow,
                email=form.text("email"),
                name=form.text("name"),
                organisation=organisation,
                role=Role(form.role.data),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            form.mark_used(uow, here)
            flash(_("邀请已发往 %(email)s，七天内有效。", email=user.email), "success")
            return redirect(here)
    status = 422 if request.method == "POST" else 200
    return render_template(
        "core/administration/invite.html",
        form=form,
        organisation=organisation,
        crumbs=[HOME, (organisation.name, here)],
    ), status


@administration.get("/users")
@requires(HousePermission.ADMINISTER)
def users(uow: UnitOfWork) -> ResponseReturnValue:
    """List people."""
    query = select(User).options(selectinload(User.memberships).selectinload(Membership.organisation))
    if asked("q"):
        text = asked("q")
        query = query.where(
            or_(User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
        )
    if asked("role") in [one.value for one in Role]:
        query = query.where(
            User.memberships.any((Membership.role == Role(asked("role"))) & Membership.ended_at.is_(None))
        )
    page = listing(
        uow,
        query,
        sortable={"name": User.name, "email": User.email, "created": User.created_at},
        default="name",
        filters=(Filter("role", _l("角色"), [(one.value, one.label) for one in Role]),),
    )
    return render_template("core/administration/users.html", listing=page, crumbs=[HOME])


@administration.route("/users/<uuid:user_id>", methods=["GET", "POST"])
@requires(HousePermission.ADMINISTER, load_user)
def user(uow: UnitOfWork, user: User) -> ResponseReturnValue:
    """Show a person with their roles; give a further one."""
    form = RoleForm()
    bodies = uow.session.scalars(select(Organisation).where(Organisation.is_active).order_by(Organisation.name)).all()
    form.organisation_id.choices = choices((str(one.id), one.name) for one in bodies)
    if form.validate_on_submit():
        chosen = next(one for one in bodies if str(one.id) == form.organisation_id.data)
        try:
            grant_role(uow, user, chosen, Role(form.role.data))
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已授予角色。"), "success")
            return redirect(url_for("administration.user", user_id=user.id))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "core/administration/user.html",
        form=form,
        user=user,
        history=timeline(uow, user),
        crumbs=[HOME, (_l("用户"), url_for("administration.users"))],
    ), status


@administration.post("/users/<uuid:user_id>/<deed>")
@requires(HousePermission.ADMINISTER, load_user)
def change_user(uow: UnitOfWork, user: User, deed: str) -> ResponseReturnValue:
    """Close or open an account, or send its invitation again."""
    if deed == "deactivate":
        set_active(uow, user, active=False)
        flash(_("账户已停用，其登录已全部退出。"), "success")
    elif deed == "activate":
        set_active(uow, user, active=True)
        flash(_("账户已启用。"), "success")
    elif deed == "invite" and user.memberships:
        send_invitation(uow, user, user.memberships[0].organisation)
        flash(_("邀请已再次发出，以前的链接失效。"), "success")
    else:
        raise NotVisible
    return redirect(url_for("administration.user", user_id=user.id))


@administration.post("/users/<uuid:user_id>/roles/<uuid:membership_id>/end")
@requires(HousePermission.ADMINISTER, load_user)
def end_membership(uow: UnitOfWork, user: User, membership_id: uuid.UUID) -> ResponseReturnValue:
    """Take a role away."""
    membership = next((one for one in user.memberships if one.id == membership_id and one.ended_at is None), None)
    if membership is None:
        raise NotVisible
    end_role(uow, membership)
    flash(_("已取消角色。"), "success")
    return redirect(url_for("administration.user", user_id=user.id))
