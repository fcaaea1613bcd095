"""Whatever somebody's roles open is in the navigation: at most seven entries in sight, the rest folded under one."""

from __future__ import annotations

import pytest

from core.identity.roles import Role
from tests.factories.identity import make_user
from web.navigation import MOST_ENTRIES


def links(page, part):
    return [one["href"] for one in page.select(part)]


@pytest.mark.parametrize("role", [Role.QUALITY_OFFICER, Role.PROCUREMENT_OFFICER, Role.AGENCY_MANAGER])
def test_no_entry_is_lost_beyond_the_seventh(uow, client_as, role):
    page = client_as(make_user(uow, role)).page("/home")
    top = page.select("nav.sidebar > ul > li")
    assert len(top) <= MOST_ENTRIES
    every = links(page, "nav.sidebar a[href^='/']")
    assert len(every) == len(set(every))
    if role is Role.QUALITY_OFFICER:
        assert {"/grading", "/agencies", "/experts", "/submissions"} <= set(every)
        assert "/grading" in links(page, "nav.sidebar > ul > li > a"), "grades are the quality officer's daily work"
