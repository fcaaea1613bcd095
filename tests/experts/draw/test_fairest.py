"""Large draws: caps set aside while chances are worked out, and kept by the timetable."""

from __future__ import annotations

import itertools
import json
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.records import canonical, seal
from experts.draw import Candidate, Infeasible, Pool, Quota, fairest, plan_draw, verify_draw
from experts.draw.certificate import seat_mass
from experts.draw.lottery import Panel
from experts.draw.pool import Family, Kind
from experts.draw.spread import Stuck, spread
from experts.draw_tables import draw_from_seed


@pytest.fixture
def _aside(monkeypatch):
    """Set every cap aside, however small the pool."""
    monkeypatch.setattr(fairest, "FEW_FAMILIES", 0)
    monkeypatch.setattr(fairest, "MANY_CAPS", 1)
    monkeypatch.setattr(fairest, "MANY_CAPS", 1)


def _people(seed, many, employers, roles="xyz"):
    dice = random.Random(seed)
    return Pool(
        [
            Candidate(
                f"e{number:05d}",
                {"role": dice.choice(roles), "senior": dice.choice("yn")},
                f"u{dice.randrange(employers)}",
            )
            for number in range(many)
        ]
    )


QUOTAS = [Quota("role", "x", 1, 2), Quota("role", "y", 1, 2), Quota("senior", "y", 1, 3)]


def _best_smallest_chance(pool, size, quotas, cap):
    """The largest smallest chance by brute force: every lawful panel a column; None when there is none."""
    people = pool.candidates
    panels = [
        panel
        for panel in itertools.combinations(range(len(people)), size)
        if len({people[one].employer for one in panel}) == size
        and all(q.minimum <= sum(people[o].value(q.feature) == q.value for o in panel) <= q.maximum for q in quotas)
    ]
    assert cap == 1
    if not panels:
        return None
    rows = np.array([[-float(one in panel) for panel in panels] + [1.0] for one in range(len(people))])
    cost = np.append(np.zeros(len(panels)), -1.0)
    total = np.array([[1.0] * len(panels) + [0.0]])
    return -linprog(cost, A_ub=rows, b_ub=np.zeros(len(people)), A_eq=total, b_eq=[1.0]).fun


@pytest.mark.usefixtures("_aside")
@given(st.integers(0, 10_000), st.integers(3, 9))
def test_with_caps_set_aside_the_smallest_chance_equals_brute_force(seed, employers):
    pool = _people(seed, 10, employers)
    best = _best_smallest_chance(pool, 3, QUOTAS, 1)
    if best is None:
        with pytest.raises(Infeasible):
            plan_draw(pool, 3, QUOTAS, caps={"employer": 1})
        return
    plan = plan_draw(pool, 3, QUOTAS, caps={"employer": 1})
    assert float(min(plan.chances.values())) == pytest.approx(best, abs=1e-6)
    assert verify_draw(draw_from_seed(plan, "01")[1]) == []


@pytest.mark.parametrize("employers", [16, 40, 200])
def test_caps_set_aside_give_the_same_chances_as_caps_solved_for(employers, monkeypatch):
    pool = _people(employers, 200, employers)
    exact = plan_draw(pool, 5, QUOTAS, caps={"employer": 1})
    assert exact.relaxed == ()
    monkeypatch.setattr(fairest, "FEW_FAMILIES", 0)
    monkeypatch.setattr(fairest, "MANY_CAPS", 1)
    plan = plan_draw(pool, 5, QUOTAS, caps={"employer": 1})
    assert plan.relaxed
    assert [float(chance) for chance in plan.kind_chances] == pytest.approx(
        [float(chance) for chance in exact.kind_chances], abs=1e-6
    )
    employer_of = {one.id: one.employer for one in pool.candidates}
    for seed in range(8):
        result, full = draw_from_seed(plan, f"{seed:02x}")
        assert len({employer_of[name] for name in result.seats}) == 5
        assert verify_draw(full) == []


def test_a_price_for_a_cap_set_aside_proves_nothing(monkeypatch):
    monkeypatch.setattr(fairest, "FEW_FAMILIES", 0)
    monkeypatch.setattr(fairest, "MANY_CAPS", 1)
    plan = plan_draw(_people(1, 200, 40), 5, QUOTAS, caps={"employer": 1})
    full = json.loads(canonical(draw_from_seed(plan, "02")[1]))
    full["plan"]["certificates"][0]["rows"].append([plan.relaxed[0] + 1, -1])
    assert ("certificate", "/plan/certificates") in [(one.code, one.path) for one in verify_draw(seal(full))]


def test_a_panel_of_two_from_one_employer_is_caught_where_the_cap_was_set_aside(monkeypatch):
    monkeypatch.setattr(fairest, "FEW_FAMILIES", 0)
    monkeypatch.setattr(fairest, "MANY_CAPS", 1)
    plan = plan_draw(_people(1, 200, 40), 5, QUOTAS, caps={"employer": 1})
    full = json.loads(canonical(draw_from_seed(plan, "03")[1]))
    row = plan.relaxed[0]
    twice = [[number, 1] for number, kind in enumerate(plan.kinds) if row in kind.quotas][:2]
    full["plan"]["lottery"][4]["seats"][:2] = twice
    assert ("panel-quota", "/plan/lottery/4") in [(one.code, one.path) for one in verify_draw(seal(full))]


@given(st.integers(0, 10_000), st.integers(1, 3))
def test_a_timetable_gives_every_type_its_share_and_keeps_the_caps(seed, cap):
    dice = random.Random(seed)
    kinds = [Kind((row,), tuple(range(dice.randint(1, 3)))) for row in range(12)] * 2
    groups = [Family((), tuple(half), sum(kinds[kind].count for kind in half)) for half in (range(12), range(12, 24))]
    parts = [Panel(10**6, ((0, 2), (1, 1))), Panel(10**6 + seed, ((0, 1), (1, 2)))]
    found = spread(parts, groups, kinds, dict.fromkeys(range(12), cap))
    assert sum(panel.weight for panel in found) == 2 * 10**6 + seed
    for panel in found:
        assert sum(seats for _kind, seats in panel.seats) == 3
        assert all(seats <= kinds[kind].count for kind, seats in panel.seats)
        used = [kind % 12 for kind, seats in panel.seats for _ in range(seats)]
        assert max(used.count(row) for row in used) <= cap
    mass = seat_mass(kinds, found)
    for group in groups:
        due = Fraction(sum(mass[kind] for kind in group.kinds), group.count)
        assert all(abs(mass[kind] - due * kinds[kind].count) < 1 for kind in group.kinds)


def test_caps_that_no_timetable_can_keep_are_named():
    kinds = [Kind((0,), (0,)), Kind((0,), (1,))]
    groups = [Family((), (0,), 1), Family((), (1,), 1)]
    with pytest.raises(Stuck) as caught:
        spread([Panel(7, ((0, 1), (1, 1)))], groups, kinds, {0: 1})
    assert caught.value.rows == {0}
