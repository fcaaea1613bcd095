"""Which reminders are due: each deadline once for each wish, never too early, never late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ports import Task
from core.reminders.due import due_reminders, key_of

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


def task(hours, **values) -> Task:
    return Task("签订合同", "社区卫生", "/contracts/1", NOW + timedelta(hours=hours), **values)


@pytest.mark.parametrize(("hours", "days"), [(73, []), (72, [3]), (25, [3]), (24, [1]), (0.5, [1]), (0, []), (-5, [])])
def test_a_reminder_comes_when_its_days_are_reached(hours, days):
    assert [one.days_before for one in due_reminders([task(hours)], NOW, (3, 1), set())] == days


def test_what_waits_for_others_or_has_no_deadline_is_not_reminded_of():
    assert due_reminders([task(5, group="waiting"), Task("随时", "x", "/x")], NOW, (3, 1), set()) == []


def test_zero_means_never():
    assert due_reminders([task(5)], NOW, (0, 0), set()) == []


def test_a_moved_deadline_is_reminded_of_again():
    first, moved = task(20), task(23)
    assert key_of(first) != key_of(moved)
    assert due_reminders([moved], NOW, (1,), {(key_of(first), 1)})


@given(
    hours=st.lists(st.integers(-48, 24 * 9), min_size=1, max_size=12),
    days=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    start=st.integers(0, 48),
)
def test_over_the_hours_each_deadline_is_sent_at_most_once_for_each_wish(hours, days, start):
    tasks = [Task("t", f"{n}", f"/t/{n}", NOW + timedelta(hours=at)) for n, at in enumerate(hours)]
    sent: set = set()
    for hour in range(start, 24 * 10, 5):
        now = NOW + timedelta(hours=hour)
        for one in due_reminders(tasks, now, days, sent):
            assert (one.key, one.days_before) not in sent
            assert now < one.task.due_at <= now + timedelta(days=one.days_before)
            sent.add((one.key, one.days_before))
    assert all(wish in days and wish > 0 for _key, wish in sent)
