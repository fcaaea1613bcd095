"""Organisations and people for tests, each with a telling name and unlike any other."""

from __future__ import annotations

import itertools

from core.identity.models import Membership, Organisation, User
from core.identity.roles import ROLES_OF_KIND, OrganisationKind, Role
from core.unit_of_work import UnitOfWork

_count = itertools.count(1)
KIND_OF_ROLE = {role: kind for kind, roles in ROLES_OF_KIND.items() for role in roles}


def make_organisation(uow: UnitOfWork, kind: OrganisationKind = OrganisationKind.AGENCY, **values) -> Organisation:
    """An organisation of a kind."""
    number = next(_count)
    organisation = uow.add(Organisation(**{"name": f"{kind.label}{number}", "kind": kind, "uscc": None, **values}))
    uow.session.flush()
    return organisation


def make_user(uow: UnitOfWork, *roles: Role, organisation: Organisation | None = None, **values) -> User:
    """A user with these roles in one organisation (made to fit the first role unless given)."""
    number = next(_count)
    user = uow.add(
        User(
            **{
                "email": f"person{number}@test.example",
                "name": f"测试人员{number}",
                "password_hash": None,
                "totp_secret": None,
                "totp_last_step": None,
                "created_at": uow.now,
                **values,
            }
        )
    )
    uow.session.flush()
    if roles and organisation is None:
        organisation = make_organisation(uow, KIND_OF_ROLE[roles[0]])
    for position, role in enumerate(roles):
        uow.add(
            Membership(user_id=user.id, organisation_id=organisation.id, role=role, position=position, ended_at=None)
        )
    uow.session.flush()
    uow.session.expire(user, ["memberships"])
    return user
