"""Accounts come by invitation; forgotten passwords by mail; suppliers register themselves."""

from __future__ import annotations

from flask import url_for
from flask_babel import force_locale
from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.identity.credentials import OneTimeToken, TokenPurpose
from core.identity.models import Membership, Organisation, User
from core.identity.passwords import set_password
from core.identity.roles import OrganisationKind, Role
from core.identity.sessions import end_sessions
from core.identity.sign_in import is_email_taken, user_by_email
from core.identity.tokens import make_token
from core.identity.uscc import is_uscc
from core.notifications.send import queue_mail
from core.unit_of_work import UnitOfWork


def new_user(uow: UnitOfWork, *, email: str, name: str, telephone: str = "", language: str = "zh") -> User:
    """Add a user without a password. Raises `Refused` at `email` when the address is taken."""
    if is_email_taken(uow, email):
        raise Refused(Refusal(_l("这个邮箱已有账户"), field="email"))
    return uow.add(
        User(
            email=email.strip().lower(),
            name=name.strip(),
            telephone=telephone.strip(),
            language=language,
            password_hash=None,
            totp_secret=None,
            totp_last_step=None,
            created_at=uow.now,
        )
    )


def send_invitation(uow: UnitOfWork, user: User, organisation: Organisation) -> None:
    """Send the link by which an invited person sets their password."""
    token = make_token(uow, user, TokenPurpose.INVITATION)
    link = uow.house.settings.public_address + url_for("recovery.accept", token=token)
    with force_locale(user.language):
        queue_mail(
            uow,
            to=user.email,
            user_id=user.id,
            subject=_("邀请您加入衡评"),
            body=_(
                "%(name)s：\n\n%(organisation)s邀请您使用衡评。请在七天内打开下面的链接设定密码：\n\n%(link)s\n",
                name=user.name,
                organisation=organisation.name,
                link=link,
            ),
        )
    uow.record("user.invite", user, about=(organisation,))


def send_reset(uow: UnitOfWork, email: str) -> None:
    """Send a reset link if somebody active has this address; the caller says the same either way."""
    user = user_by_email(uow, email)
    if user is None:
        return
    link = uow.house.settings.public_address + url_for(
        "recovery.reset", token=make_token(uow, user, TokenPurpose.RESET)
    )
    with force_locale(user.language):
        queue_mail(
            uow,
            to=user.email,
            user_id=user.id,
            subject=_("重设衡评密码"),
            body=_(
                "%(name)s：\n\n请在一小时内打开下面的链接重设密码。如果不是您本人申请，请忽略本邮件。\n\n%(link)s\n",
                name=user.name,
                link=link,
            ),
        )
    uow.record("account.ask_reset", user)


def use_token(uow: UnitOfWork, row: OneTimeToken, password: str) -> User:
    """Set the password by a mailed token; the token is used up and every open session ends."""
    set_password(row.user, password)
    row.used_at = uow.clock.wall
    end_sessions(uow, row.user_id)
    uow.record(f"account.{row.purpose}", row.user)
    return row.user


def register_supplier(
    uow: UnitOfWork,
    *,
    organisation: str,
    uscc: str,
    address: str,
    name: str,
    email: str,
    telephone: str,
    password: str,
) -> User:
    """Register a supplier with its first manager, who may bid at once. Raises `Refused` with all that is wrong."""
    code = uscc.strip().upper()
    refusals = []
    if not is_uscc(code):
        refusals.append(Refusal(_l("统一社会信用代码的校验位不对，请核对（GB 32100）"), field="uscc"))
    elif uow.session.scalar(select(Organisation.id).where(Organisation.uscc == code)):
        refusals.append(Refusal(_l("这个单位已经注册，请联系其负责人邀请您加入"), field="uscc"))
    if refusals:
        raise Refused(*refusals)
    body = uow.add(
        Organisation(
            name=organisation.strip(),
            kind=OrganisationKind.AGENCY,
            uscc=code,
            address=address.strip(),
            telephone=telephone.strip(),
        )
    )
    user = new_user(uow, email=email, name=name, telephone=telephone)
    set_password(user, password)
    uow.session.flush()
    uow.add(Membership(user_id=user.id, organisation_id=body.id, role=Role.AGENCY_MANAGER, ended_at=None))
    uow.record("organisation.register", body, about=(user,), after={"uscc": code, "name": body.name})
    return user
