"""What the demonstration district starts from: enough of everything, all of it well-formed, the same from one seed."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from agencies.models import Agency
from core.identity.models import Organisation, User
from core.identity.roles import OrganisationKind, Role, clash
from core.identity.uscc import check_character
from projects.models import CommonIndicator, Project
from web.demo.seed import is_empty, seed_libraries
from web.demo.world import DOMAIN


@pytest.fixture
def world(uow):
    assert is_empty()
    return seed_libraries(7)


def test_the_libraries_are_full(uow, world):
    projects = uow.session.scalars(select(Project)).all()
    assert sorted(Counter(one.sector for one in projects).values()) == [8, 8, 8, 8, 8]
    assert len(uow.session.scalars(select(Agency)).all()) == 24
    assert len(uow.session.scalars(select(CommonIndicator)).all()) >= 17
    kinds = Counter(uow.session.scalars(select(Organisation.kind)))
    assert kinds[OrganisationKind.BUDGET_UNIT] == 8
    assert not is_empty()


def test_every_role_but_the_experts_is_held_and_nobody_holds_two_that_the_law_separates(uow, world):
    users = uow.session.scalars(select(User)).all()
    assert all(user.email.endswith(f"@{DOMAIN}") and user.password_hash is None for user in users)
    held = {one.role for user in users for one in user.memberships}
    assert held == set(Role) - {Role.EXPERT}
    assert all(clash(frozenset(one.role for one in user.memberships)) is None for user in users)
    keyholders = [user for user in users if any(one.role is Role.KEYHOLDER for one in user.memberships)]
    assert len(keyholders) == 3


def test_credit_codes_are_well_formed_and_of_nobody(uow, world):
    codes = [code for code in uow.session.scalars(select(Organisation.uscc)) if code]
    assert len(codes) == len(set(codes)) == 24
    assert all(len(code) == 18 and check_character(code[:17]) == code[17] for code in codes)
    assert all(code[2:8] == "310199" for code in codes), "a registration area that does not exist"


def test_every_project_can_be_bought_for_its_fee(uow, world):
    for project in uow.session.scalars(select(Project)):
        assert project.evaluation_fee
        assert 0 < project.evaluation_fee <= project.budget
        assert project.objective
