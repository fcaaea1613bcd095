"""The demonstration's past happened when offices were open, in the order it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from web.demo.world import office_moment

NOW = datetime(2026, 11, 26, 6, 20, tzinfo=UTC)
PAST = st.floats(min_value=0, max_value=200).map(lambda days: NOW - timedelta(days=days))
ANY_NOW = st.floats(min_value=0, max_value=365).map(lambda days: NOW - timedelta(days=days))


@given(PAST)
def test_it_falls_into_office_hours_of_a_weekday(moment):
    local = office_moment(moment, NOW).astimezone(SHANGHAI)
    assert local.weekday() < 5
    assert (8, 30) <= (local.hour, local.minute) <= (17, 30)


@given(ANY_NOW, st.floats(0, 200), st.floats(0, 200))
def test_what_came_first_comes_first_and_nothing_lies_ahead(now, one, other):
    earlier, later = now - timedelta(days=max(one, other)), now - timedelta(days=min(one, other))
    assert office_moment(earlier, now) <= office_moment(later, now) <= now


@pytest.mark.parametrize("day", [21, 22])
def test_a_weekend_goes_to_the_days_beside_it(day):
    local = office_moment(datetime(2026, 11, day, 4, tzinfo=UTC), NOW).astimezone(SHANGHAI)
    assert local.day == {21: 20, 22: 23}[day]
