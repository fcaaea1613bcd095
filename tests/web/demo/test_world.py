"""The demonstration's past happened when offices were open, in the order it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from web.demo.world import office_moment

NOW = datetime(2026, 11, 26, 6, 20, tzinfo=UTC)
ANY_NOW = st.floats(min_value=0, max_value=365).map(lambda days: NOW - timedelta(days=days))


@given(ANY_NOW, st.floats(min_value=0, max_value=200))
def test_it_falls_into_office_hours_of_a_weekday(now, days):
    local = office_moment(now - timedelta(days=days), now).astimezone(SHANGHAI)
    assert local.weekday() < 5
    assert (9, 0) <= (local.hour, local.minute) <= (18, 0)


@given(ANY_NOW, st.floats(0, 200), st.floats(0, 200))
def test_what_came_first_comes_first_and_nothing_lies_ahead(now, one, other):
    earlier, later = now - timedelta(days=max(one, other)), now - timedelta(days=min(one, other))
    assert office_moment(earlier, now) <= office_moment(later, now) <= now


@pytest.mark.parametrize("day", [21, 22])
def test_a_weekend_is_worked_on_friday(day):
    local = office_moment(datetime(2026, 11, day, 4, tzinfo=UTC), NOW).astimezone(SHANGHAI)
    assert (local.day, local.hour) == (20, 17)
