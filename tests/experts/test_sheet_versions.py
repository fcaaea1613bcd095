"""The bureau's versions of the score sheet (R-IND.sheet)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.identity.roles import Role
from experts.services.sheet_versions import TypedLine, keep_sheet
from experts.terms import Line, read_lines, terms_in_force, terms_of
from tests.factories.experts import Hall, as_user
from tests.factories.identity import make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def test_the_bureaus_sheet_goes_for_later_reviews_only(uow):
    """R-IND.sheet: frozen when convened; the rule book's words stay in both languages where nothing was changed."""
    before = Hall(uow)
    officer = as_user(uow, before.quality)
    lines = [TypedLine(one.key, str(one.label), str(one.says), one.maximum) for one in terms_in_force(uow).lines]
    typed = [*lines[:5], replace(lines[5], maximum=Decimal(5)), TypedLine("", "同类可比", "", Decimal(5))]
    version = keep_sheet(officer, typed)
    assert version.number == 1
    assert [one["title"] for one in version.lines] == [""] * 6 + ["同类可比"]
    after = Hall(uow)
    assert "line1" not in terms_of(uow, before.review).sheet
    assert terms_of(uow, after.review).sheet["line1"] == 5
    assert terms_of(uow, after.review).body() == after.review.terms


@pytest.mark.parametrize(
    "typed",
    [
        [],
        [TypedLine("fit", "目标契合", "", Decimal(99))],
        [TypedLine("fit", "", "", Decimal(100))],
        [TypedLine("fit", "甲", "", Decimal(50)), TypedLine("", "甲", "", Decimal(50))],
        [TypedLine("fit", "甲", "", Decimal("99.8")), TypedLine("", "乙", "", Decimal("0.2"))],
        [TypedLine("", str(number), "", Decimal(4)) for number in range(25)],
    ],
)
def test_a_sheet_that_does_not_add_up_is_refused(uow, typed):
    with pytest.raises(Refused) as refused:
        keep_sheet(as_user(uow, make_user(uow, Role.QUALITY_OFFICER)), typed)
    assert rules_of(refused) == {"R-IND.sheet"}


@given(st.decimals("0.5", 100, places=1))
def test_a_line_reads_back_as_it_was_stored(points):
    line = Line("fit", "", "", points)
    assert read_lines([line.body()]) == (line,)
