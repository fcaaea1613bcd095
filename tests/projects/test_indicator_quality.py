from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.identity.roles import Role
from projects.indicator_quality import doubts
from projects.services.systems import set_indicators
from tests.factories.identity import make_user
from tests.factories.projects import entries, make_system


def test_what_cannot_be_measured_or_says_the_same_is_told():
    """R-IND-04: measurable, clear, representative; a warning only."""
    rows = entries()
    vague = replace(rows[0], target="依据充分", scoring="依据充分")
    twin = replace(rows[3], third="居民满意度A", target="不低于 90%")
    told = doubts([vague, *rows[1:3], replace(rows[3], target="90%"), twin])
    assert [one.third for one in told if one.third == vague.third] == [vague.third] * 2
    assert [one.third for one in told if "居民满意度" in str(one.words)] == [twin.third]


@given(st.integers(0, 100))
def test_a_target_with_a_figure_can_be_measured(figure):
    rows = [replace(one, target=f"不低于 {figure}%") for one in entries()]
    assert doubts(rows) == []


def test_the_agency_reads_the_doubts_before_submitting(uow, client_as):
    manager = make_user(uow, Role.AGENCY_MANAGER)
    system = make_system(uow, agency=manager.memberships[0].organisation)
    set_indicators(uow, system, [replace(entries()[0], target="充分", scoring="看情况"), *entries()[1:]])
    page = client_as(manager).get(f"/indicator-systems/{system.id}").text
    assert "目标值和评分标准都没有可衡量的标准" in page
    assert "R-IND-04" in page
