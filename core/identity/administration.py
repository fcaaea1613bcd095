"""What an administrator does: organisations, people, roles. Separation of duties is asked here (R-SEC-01, R-SEC-02)."""

from __future__ import annotations

from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.invitations import new_user, send_invitation
from core.identity.models import Membership, Organisation, User
from core.identity.passwords import set_password
from core.identity.roles import ROLES_OF_KIND, OrganisationKind, Role, clash
from core.identity.sessions import end_sessions
from core.identity.uscc import is_uscc
from core.unit_of_work import UnitOfWork


def save_organisation(
    uow: UnitOfWork,
    organisation: Organisation | None,
    *,
    name: str,
    name_en: str,
    kind: OrganisationKind,
    uscc: str,
    address: str,
    telephone: str,
    is_active: bool = True,
) -> Organisation:
    """Add or change an organisation. Raises `Refused` for a wrong or taken credit code, or a kind its roles forbid."""
    code = uscc.strip().upper() or None
    refusals = []
    if code and not is_uscc(code):
        refusals.append(Refusal(_l("统一社会信用代码的校验位不对，请核对（GB 32100）"), field="uscc"))
    taken = uow.session.scalar(select(Organisation).where(Organisation.uscc == code)) if code else None
    if taken is not None and taken is not organisation:
        refusals.append(Refusal(_l("这个代码已属于“%(name)s”", name=taken.name), field="uscc"))
    held = {one.role for one in organisation.memberships if one.ended_at is None} if organisation else set()
    if held - ROLES_OF_KIND[kind]:
        refusals.append(Refusal(_l("还有人在这里担任的角色不属于这类单位"), field="kind"))
    if refusals:
        raise Refused(*refusals)
    values = {
        "name": name.strip(),
        "name_en": name_en.strip(),
        "kind": kind,
        "uscc": code,
        "address": address.strip(),
        "telephone": telephone.strip(),
        "is_active": is_active,
    }
    if organisation is None:
        created = uow.add(Organisation(**values))
        uow.record("organisation.create", created, after={"name": created.name, "kind": str(kind), "uscc": code})
        return created
    before = {name: getattr(organisation, name) for name in ("name", "kind", "uscc", "is_active")}
    for field, value in values.items():
        setattr(organisation, field, value)
    uow.record(
        "organisation.change",
        organisation,
        before=before,
        after={name: getattr(organisation, name) for name in before},
    )
    return organisation


def invite(uow: UnitOfWork, *, email: str, name: str, organisation: Organisation, role: Role) -> User:
    """Invite a person into an organisation. Raises `Refused` at `email` or `role`."""
    user = new_user(uow, email=email, name=name)
    uow.session.flush()
    grant_role(uow, user, organisation, role)
    uow.record("user.create", user, about=(organisation,), personal={user.id: {"name": user.name, "email": user.email}})
    send_invitation(uow, user, organisation)
    return user


def grant_role(uow: UnitOfWork, user: User, organisation: Organisation, role: Role) -> Membership:
    """Give a role. Raises `Refused` when this kind of organisation has no such role or the law forbids the pair."""
    if role not in ROLES_OF_KIND[organisation.kind]:
        raise Refused(
            Refusal(_l("“%(role)s”不属于%(kind)s的角色", role=role.label, kind=organisation.kind.label), field="role")
        )
    present = [one for one in user.memberships if one.ended_at is None]
    apart = clash(frozenset(one.role for one in present) | {role})
    if apart is not None:
        raise Refused(
            Refusal(
                _l("“%(one)s”与“%(other)s”不得由同一人担任", one=apart[0].label, other=apart[1].label),
                rule_id=apart[2],
                field="role",
            )
        )
    earlier = next(
        (one for one in user.memberships if one.organisation_id == organisation.id and one.role is role), None
    )
    if earlier is not None and earlier.ended_at is None:
        raise Refused(Refusal(_l("已经是这个角色"), field="role"))
    if earlier is not None:
        earlier.ended_at = None
        membership = earlier
    else:
        membership = uow.add(
            Membership(
                user_id=user.id,
                organisation_id=organisation.id,
                role=role,
                position=len(user.memberships),
                ended_at=None,
            )
        )
        uow.session.flush()
        uow.session.expire(user, ["memberships"])
    uow.record("user.grant_role", user, about=(organisation,), after={"role": str(role)})
    return membership


def end_role(uow: UnitOfWork, membership: Membership) -> None:
    """Take a role away; that it was held stays known. The last administrator stays."""
    if membership.role is Role.ADMINISTRATOR and not _other_administrators(uow, membership.user):
        raise Refused(Refusal(_l("这是最后一位管理员，不能取消")))
    membership.ended_at = uow.now
    uow.record(
        "user.end_role", membership.user, about=(membership.organisation,), before={"role": str(membership.role)}
    )


def set_active(uow: UnitOfWork, user: User, *, active: bool) -> None:
    """Close an account, ending its sessions at once, or open it again."""
    if not active and not _other_administrators(uow, user) and _is_administrator(user):
        raise Refused(Refusal(_l("这是最后一位管理员，不能停用")))
    user.is_active = active
    if not active:
        end_sessions(uow, user.id)
    uow.record("user.activate" if active else "user.deactivate", user)


def create_first_administrator(uow: UnitOfWork, *, email: str, name: str, password: str | None) -> User:
    """Create an administrator of the bureau, making the bureau's organisation if there is none yet.

    Without a password the account waits for an invitation link.
    """
    bureau = uow.session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.BUREAU).limit(1))
    if bureau is None:
        settings = uow.house.settings
        bureau = uow.add(
            Organisation(
                name=settings.bureau_name_zh, name_en=settings.bureau_name_en, kind=OrganisationKind.BUREAU, uscc=None
            )
        )
    user = new_user(uow, email=email, name=name)
    if password is not None:
        set_password(user, password)
    uow.session.flush()
    uow.add(Membership(user_id=user.id, organisation_id=bureau.id, role=Role.ADMINISTRATOR, ended_at=None))
    uow.record("user.create", user, about=(bureau,))
    return user


def _is_administrator(user: User) -> bool:
    return any(one.role is Role.ADMINISTRATOR and one.ended_at is None for one in user.memberships)


def _other_administrators(uow: UnitOfWork, user: User) -> bool:
    found = uow.session.scalar(
        select(Membership.id)
        .join(Membership.user)
        .where(
            Membership.role == Role.ADMINISTRATOR,
            Membership.ended_at.is_(None),
            Membership.user_id != user.id,
            User.is_active,
        )
        .limit(1)
    )
    return found is not None
