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

from core.records import canonical, match, seal
from experts.draw import (
    BadPool,
    Candidate,
    Infeasible,
    Pool,
    Quota,
    Reveal,
    commit_draw,
    next_reserve,
    plan_draw,
    promise,
    public_record,
    record,
    run_draw,
    settle,
    verify_draw,
)
from experts.draw.entropy import BadEntropy, Stream
from experts.draw.seats import NoReserve, NotSeated, pick

SALT = "5a" * 32
ONE, TWO, THREE = "11" * 32, "22" * 32, "33" * 32


def _pool(seed=7, many=24):
    dice = random.Random(seed)
    return Pool(
        [
            Candidate(
                f"e{number:02d}",
                {"role": dice.choice(["绩效", "绩效", "行业", "财务"]), "senior": dice.choice("yn")},
                employer=f"u{dice.randrange(9)}",
                excluded="同一单位" if number % 8 == 3 else None,
            )
            for number in range(many)
        ]
    )


QUOTAS = [
    Quota("role", "绩效", 2, 3),
    Quota("role", "行业", 1, 2),
    Quota("role", "财务", 1, 1),
    Quota("senior", "y", 2, 5),
]


def _attempt(plan, secrets=(ONE, TWO), previous=None, holders=("甲", "乙"), reveal=None):
    commitment = commit_draw(plan, SALT)
    number, chain = (previous.number + 1, previous.digest) if previous else (1, None)
    roles = ("purchaser", "witness")
    promises = [
        promise(commitment, role, holder, secret, number=number, previous=chain)
        for role, holder, secret in zip(roles, holders, secrets, strict=True)
    ]
    reveals = [Reveal(role, secret) for role, secret in zip(roles, secrets, strict=True)]
    return settle(commitment, promises, reveals[:reveal], previous=previous)


def _drawn(reserves=3, caps=None):
    plan = plan_draw(_pool(), 5, QUOTAS, reserves, caps=caps, purpose="review-1")
    attempt = _attempt(plan)
    return plan, attempt, run_draw(plan, attempt)


def _keeps(pool, ids, quotas):
    chosen = [one for one in pool.candidates if one.id in ids]
    return all(q.minimum <= sum(one.value(q.feature) == q.value for one in chosen) <= q.maximum for q in quotas)


def _all_panels(pool, size, quotas):
    eligible = [one.id for one in pool.candidates if one.excluded is None]
    return [set(panel) for panel in itertools.combinations(eligible, size) if _keeps(pool, panel, quotas)]


def _plain_maximin(pool, size, quotas):
    """The same minimum by brute force: every panel a column, one linear program."""
    panels = _all_panels(pool, size, quotas)
    eligible = [one.id for one in pool.candidates if one.excluded is None]
    cost = np.append(np.zeros(len(panels)), -1.0)
    rows = np.array([[-float(name in panel) for panel in panels] + [1.0] for name in eligible])
    total = np.array([[1.0] * len(panels) + [0.0]])
    return -linprog(cost, A_ub=rows, b_ub=np.zeros(len(eligible)), A_eq=total, b_eq=[1.0]).fun


def test_chances_add_to_the_seats_and_the_excluded_have_none():
    plan, _, _ = _drawn()
    assert sum(plan.chances.values()) == 5
    assert all(plan.chances[one.id] == 0 for one in plan.pool.candidates if one.excluded)
    assert plan.gap < Fraction(1, 10**9)
    assert plan.gain < Fraction(1, 10**6)


def test_without_quotas_every_chance_is_the_same_exact_share():
    plan = plan_draw(Pool([Candidate(str(n)) for n in range(9)]), 3)
    assert set(plan.chances.values()) == {Fraction(1, 3)}
    assert len(plan.lottery) == 1


@given(st.integers(0, 10_000))
def test_the_smallest_chance_equals_brute_force_over_all_panels(seed):
    dice = random.Random(seed)
    pool = Pool(
        [Candidate(f"{n}", {"a": dice.choice("xy"), "b": dice.choice("uvw"), "c": dice.choice("mn")}) for n in range(9)]
    )
    quotas = [Quota("a", "x", dice.randint(0, 2), dice.randint(2, 3)), Quota("b", "u", 0, 1), Quota("c", "m", 1, 2)]
    if not _all_panels(pool, 4, quotas):
        with pytest.raises(Infeasible):
            plan_draw(pool, 4, quotas)
        return
    plan = plan_draw(pool, 4, quotas)
    assert float(min(plan.chances.values())) == pytest.approx(_plain_maximin(pool, 4, quotas), abs=1e-6)


def _odd_cycle():
    """Three pairs of which each may give one seat at most: fractional panels of 1.5 seats, whole ones of 1 and 0."""
    rows = {"甲": "yyn", "乙": "yny", "丙": "nyy", "丁": "nnn", "戊": "nnn"}
    pool = Pool([Candidate(name, dict(zip("abc", row, strict=True))) for name, row in rows.items()])
    return pool, [Quota(feature, "y", 0, 1) for feature in "abc"]


def test_where_whole_panels_have_less_room_the_optimum_is_still_reached_and_the_gap_is_stated():
    pool, quotas = _odd_cycle()
    plan = plan_draw(pool, 2, quotas)
    assert float(min(plan.chances.values())) == pytest.approx(_plain_maximin(pool, 2, quotas), abs=1e-6)
    attempt = _attempt(plan)
    assert verify_draw(record(plan, SALT, [attempt], run_draw(plan, attempt))) == []


def test_every_panel_of_the_lottery_and_the_pick_keep_the_quotas():
    plan, _, result = _drawn(caps={"employer": 1})
    assert _keeps(plan.pool, result.seats, plan.quotas)
    employers = [one.employer for one in plan.pool.candidates if one.id in result.seats]
    assert len(set(employers)) == 5
    assert not set(result.seats) & set(result.reserves)
    assert len(result.reserves) == 3


def test_the_same_reveals_give_the_same_pick_and_others_another():
    plan, attempt, result = _drawn()
    assert run_draw(plan, attempt) == result
    others = {run_draw(plan, _attempt(plan, (f"{n:064x}", TWO))).seats for n in range(12)}
    assert len(others) > 6


def test_draws_follow_the_stated_chances():
    plan = plan_draw(_pool(), 5, QUOTAS)
    times, counts = 1500, dict.fromkeys(plan.chances, 0)
    for number in range(times):
        picked = pick(number.to_bytes(32, "big"), plan.kinds, plan.quotas, plan.lottery, 0)
        for position in picked.seats:
            counts[plan.pool.candidates[position].id] += 1
    for name, chance in plan.chances.items():
        p = float(chance)
        assert abs(counts[name] - times * p) <= 4.5 * (times * p * (1 - p)) ** 0.5


@given(st.binary(min_size=32, max_size=32), st.integers(1, 2**63))
def test_stream_stays_below_its_bound(seed, bound):
    assert 0 <= Stream(seed, "x").below(bound) < bound


def test_stream_known_answer():
    stream = Stream(bytes(32), "order")
    assert [stream.below(1000) for _ in range(6)] == [715, 725, 247, 689, 862, 462]


def test_full_and_public_records_verify_and_match():
    plan, attempt, result = _drawn(caps={"employer": 1})
    full = record(plan, SALT, [attempt], result, [next_reserve(result, result.seats[0], "出差")])
    public = public_record(full)
    assert verify_draw(full) == []
    assert verify_draw(public) == []
    assert match(full, public) == []
    text = canonical(public).decode()
    assert "出差" not in text
    assert '"e00' not in text
    assert "同一单位" not in text
    assert '"u1"' not in text
    assert {(*one["value"], one["maximum"]) for one in public["plan"]["caps"]} == {("$sealed", 1)}


CHANGES = {
    "weight": (
        lambda r: r["plan"]["lottery"][0].update(weight=r["plan"]["lottery"][0]["weight"] - 1),
        "commitment",
        "/commitment",
    ),
    "quota": (lambda r: r["plan"]["quotas"][2].update(maximum=0), "panel-quota", "/plan/lottery/0"),
    "feature": (
        lambda r: r["plan"]["candidates"][0]["features"].update(role="其他"),
        "type",
        "/plan/candidates/0/type",
    ),
    "exclusion": (lambda r: r["plan"]["candidates"][3].update(excluded=None), "exclusion", "/plan/candidates/3"),
    "price": (lambda r: r["plan"]["certificates"][0].update(types=[]), "certificate", "/plan/certificates/0"),
    "secret": (lambda r: r["attempts"][0]["reveals"][0].update(secret=THREE), "reveal", "/attempts/0/reveals/0"),
    "seat": (lambda r: r["result"]["seats"].reverse(), "seats", "/result/seats"),
    "reserve": (lambda r: r["result"]["reserves"].pop(), "reserves", "/result/reserves"),
    "ticket": (lambda r: r["result"].update(ticket=0), "ticket", "/result/ticket"),
    "one-role": (lambda r: r["attempts"][0]["promises"].pop(), "roles", "/attempts/0"),
    "holder": (lambda r: r["attempts"][0]["promises"][0].update(holder="乙"), "holder", "/attempts/0/promises"),
    "replacement": (
        lambda r: r["replacements"][0].update(replaced_by=r["result"]["seats"][1]),
        "replacement",
        "/replacements/0",
    ),
    "lost part": (lambda r: r["plan"].pop("lottery"), "malformed", ""),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_altered_record_is_caught_with_its_place_even_when_sealed_anew(name):
    change, code, path = CHANGES[name]
    plan, attempt, result = _drawn()
    full = json.loads(canonical(record(plan, SALT, [attempt], result, [next_reserve(result, result.seats[0], "出差")])))
    change(full)
    assert "digest" in [fault.code for fault in verify_draw(full)]
    assert (code, path) in [(fault.code, fault.path) for fault in verify_draw(seal(full))]


def test_settling_everything_early_is_not_taken_for_leximin():
    plan, attempt, result = _drawn()
    full = json.loads(canonical(record(plan, SALT, [attempt], result)))
    certificates = full["plan"]["certificates"]
    assert len(certificates) > 1
    certificates[0]["settled"] = sorted(kind for one in certificates for kind in one["settled"])
    del certificates[1:]
    assert "/plan/certificates/0/settled" in [
        fault.path for fault in verify_draw(seal(full)) if fault.code == "certificate"
    ]


def test_a_withheld_reveal_voids_the_attempt_names_the_role_and_the_next_chains_to_it():
    plan = plan_draw(_pool(), 5, QUOTAS, 3)
    void = _attempt(plan, reveal=1)
    assert void.missing == ("witness",)
    with pytest.raises(BadEntropy, match="witness"):
        run_draw(plan, void)
    assert verify_draw(record(plan, SALT, [void], None)) == []
    with pytest.raises(BadEntropy, match="须换人"):
        _attempt(plan, previous=void)
    second = _attempt(plan, (ONE, THREE), previous=void, holders=("甲", "丙"))
    full = record(plan, SALT, [void, second], run_draw(plan, second))
    assert verify_draw(full) == []
    assert verify_draw(public_record(full)) == []
    full["attempts"][0]["reveals"] = []
    assert ("chain", "/attempts/1") in [(fault.code, fault.path) for fault in verify_draw(seal(full))]


def test_a_draw_that_stands_cannot_be_drawn_again():
    plan, attempt, _ = _drawn()
    with pytest.raises(BadEntropy, match="不得再次抽取"):
        settle(commit_draw(plan, SALT), attempt.promises, (), previous=attempt)


@pytest.mark.parametrize(
    ("promises", "reveals"),
    [
        ([("a", "甲", ONE)], [("a", ONE)]),
        ([("a", "甲", ONE), ("a", "乙", TWO)], [("a", ONE)]),
        ([("a", "甲", ONE), ("b", "甲", TWO)], [("a", ONE), ("b", TWO)]),
        ([("a", "甲", ONE), ("b", "乙", TWO)], [("a", TWO), ("b", TWO)]),
        ([("a", "甲", ONE), ("b", "乙", TWO)], [("c", TWO)]),
        ([("a", "甲", ONE), ("b", "乙", TWO)], [("a", ONE), ("a", ONE)]),
    ],
)
def test_entropy_that_does_not_fit_is_refused(promises, reveals):
    given_promises = [promise("c" * 64, role, holder, secret) for role, holder, secret in promises]
    with pytest.raises(BadEntropy):
        settle("c" * 64, given_promises, [Reveal(role, secret) for role, secret in reveals])


@pytest.mark.parametrize("secret", ["", "zz" * 32, "11" * 31, "AA" * 32])
def test_a_secret_of_another_form_is_refused(secret):
    with pytest.raises(BadEntropy):
        promise("c" * 64, "a", "甲", secret)


def test_declines_are_replaced_in_order_and_late_conflicts_are_passed_over_with_reason():
    plan, attempt, result = _drawn()
    first = next_reserve(result, result.seats[0], "出差")
    second = next_reserve(result, first.replaced_by, "生病", [first])
    assert second.replaced_by not in {*result.seats, first.replaced_by}
    avoided = next_reserve(result, first.replaced_by, "生病", [first], {second.replaced_by: "新发现的关联"})
    assert avoided.passed == ((second.replaced_by, "新发现的关联"),)
    seats = [avoided.replaced_by, *result.seats[1:]]
    assert _keeps(plan.pool, seats, QUOTAS)
    assert verify_draw(record(plan, SALT, [attempt], result, [first, avoided])) == []


def test_a_replacement_needs_a_seat_a_reason_and_somebody_left():
    plan, _, result = _drawn()
    with pytest.raises(NotSeated):
        next_reserve(result, "nobody", "出差")
    with pytest.raises(NotSeated):
        next_reserve(result, result.seats[0], " ")
    everyone = {one.id: "无法联系" for one in plan.pool.candidates}
    with pytest.raises(NoReserve):
        next_reserve(result, result.seats[0], "出差", (), everyone)


def test_infeasible_quotas_name_what_blocks_and_the_least_relaxation():
    quotas = [*QUOTAS, Quota("role", "法律", 1, 1)]
    with pytest.raises(Infeasible) as caught:
        plan_draw(_pool(), 5, quotas)
    assert [quota.value for quota in caught.value.blocking] == ["法律"]
    assert [(step.quota.value, step.minimum, step.maximum) for step in caught.value.relaxation] == [("法律", 0, 1)]
    assert "法律" in caught.value.en


def test_infeasible_by_exclusion_names_the_reason():
    people = [
        Candidate("a", {"role": "财务"}, excluded="曾任职"),
        Candidate("b", {"role": "行业"}),
        Candidate("c", {"role": "行业"}),
    ]
    with pytest.raises(Infeasible) as caught:
        plan_draw(Pool(people), 2, [Quota("role", "财务", 1, 1)])
    assert caught.value.readmit == {"曾任职": 1}


def test_too_few_eligible_experts_is_said():
    with pytest.raises(Infeasible) as caught:
        plan_draw(Pool([Candidate("a"), Candidate("b", excluded="回避")]), 2)
    assert (caught.value.eligible, caught.value.blocking, caught.value.readmit) == (1, (), {"回避": 1})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Pool([]),
        lambda: Pool([Candidate("a"), Candidate("a")]),
        lambda: plan_draw(_pool(), 0),
        lambda: plan_draw(_pool(), 5, [Quota("role", "绩效", 3, 2)]),
        lambda: plan_draw(_pool(), 5, [Quota("role", "绩效", -1, 2)]),
        lambda: plan_draw(_pool(), 5, [QUOTAS[0], QUOTAS[0]]),
    ],
)
def test_bad_input_is_refused_in_words(make):
    with pytest.raises(BadPool):
        make()
