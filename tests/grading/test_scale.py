from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import canonical, match, seal
from grading.grade_record import (
    GradedTask,
    RecordedLoss,
    combined,
    grade,
    grade_record,
    public_grade_record,
    verify_grade,
)
from grading.scale import (
    BadRating,
    Grade,
    GradeRules,
    HonestyLoss,
    Loss,
    Misconduct,
    YearTask,
    combine,
    grade_of,
    task_score,
    year_score,
)

RULES = GradeRules()
RATING = st.decimals(0, 100, places=2)
TASKS = st.lists(st.tuples(RATING, st.decimals("0.01", "1000000", places=2)), min_size=1, max_size=6)


def _years(pairs):
    return [YearTask(str(n), score, weight) for n, (score, weight) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("score", "honest", "expected"),
    [
        ("100", True, "A"), ("90", True, "A"), ("89.99", True, "B"), ("90", False, "B"), ("100", False, "B"), ("80", True, "B"),
        ("79.99", True, "C"), ("60", True, "C"), ("59.99", True, "D"), ("0", True, "D"), ("85", False, "B"), ("60", False, "C"),
    ],
)  # fmt: skip
def test_bands_are_half_open(score, honest, expected):
    assert grade_of(Decimal(score), RULES, honest=honest) == expected
    assert grade_of(Decimal(score), RULES, honest=honest, vetoed=True) == Grade.D


@given(RATING, RATING, st.booleans())
def test_a_higher_score_never_has_a_lower_grade(one, other, honest):
    low, high = sorted((one, other))
    assert grade_of(high, RULES, honest=honest) <= grade_of(low, RULES, honest=honest)


def test_task_score_weighs_the_six_elements():
    ratings = {
        "plan": Decimal(80),
        "team": Decimal(100),
        "process": Decimal(90),
        "report": Decimal(70),
        "timeliness": Decimal(100),
        "archive": Decimal(0),
    }
    result = task_score(ratings, RULES)
    assert result.total == Decimal("79.00")
    assert result.points["report"] == Fraction(49, 2)
    assert task_score(ratings, RULES, vetoed=True).total == 0


@given(st.lists(RATING, min_size=6, max_size=6), st.integers(0, 5), RATING)
def test_task_scores_are_bounded_and_rise_with_each_rating(values, place, other):
    before = dict(zip(RULES.elements, values, strict=True))
    name = list(RULES.elements)[place]
    after = {**before, name: max(before[name], other)}
    low, high = task_score(before, RULES).total, task_score(after, RULES).total
    assert 0 <= low <= high <= 100


def test_weights_of_missing_raters_are_redistributed_and_shown():
    every = combine(
        {"unit": [Decimal(60)], "bureau": [Decimal(80)], "experts": [Decimal(90), Decimal(100)]},
        RULES.raters,
        RULES.spread,
    )
    assert (every.score, every.missing) == (Fraction(80), ())
    without = combine({"unit": [Decimal(60)], "experts": [Decimal(90), Decimal(100)]}, RULES.raters, RULES.spread)
    assert without.weights == {"unit": Fraction(3, 7), "experts": Fraction(4, 7)}
    assert (without.score, without.missing) == (Fraction(80), ("bureau",))
    assert (without.lowest, without.highest) == (Decimal(60), Decimal(100))


def test_a_rater_more_than_20_points_from_the_median_owes_a_reason():
    found = combine(
        {"unit": [Decimal(60)], "bureau": [Decimal(80)], "experts": [Decimal(80), Decimal(100), Decimal("100.0")]},
        RULES.raters,
        RULES.spread,
    )
    assert found.reasons_due == ()
    found = combine(
        {"unit": [Decimal("59.99")], "bureau": [Decimal(80)], "experts": [Decimal(80), Decimal(100)]},
        RULES.raters,
        RULES.spread,
    )
    assert found.reasons_due == (("unit", 0),)


@given(st.lists(RATING, min_size=1, max_size=5), st.randoms())
def test_combining_is_bounded_and_does_not_depend_on_order(values, dice):
    mixed = values[:]
    dice.shuffle(mixed)
    one = combine({"experts": values, "unit": [Decimal(50)]}, RULES.raters, RULES.spread)
    other = combine({"unit": [Decimal(50)], "experts": mixed}, RULES.raters, RULES.spread)
    assert one.score == other.score
    assert min(*values, Decimal(50)) <= one.score <= max(*values, Decimal(50))


@pytest.mark.parametrize(
    "given_",
    [
        {},
        {"unit": []},
        {"someone": [Decimal(1)]},
        {"unit": [Decimal(101)]},
        {"unit": [Decimal(-1)]},
        {"unit": [Decimal("NaN")]},
    ],
)
def test_ratings_that_cannot_be_combined_are_refused(given_):
    with pytest.raises(BadRating):
        combine(given_, RULES.raters, RULES.spread)


@pytest.mark.parametrize(
    ("pairs", "losses", "score", "expected"),
    [
        ([("90", "1"), ("90", "3")], [], "90.00", "A"),
        ([("100", "1"), ("80", "3")], [], "85.00", "B"),
        ([("100", "1"), ("100", "1")], [("minor", False)], "90.00", "B"),
        ([("100", "1"), ("100", "1")], [("major", False)], "85.00", "B"),
        ([("100", "1"), ("100", "1")], [("minor", True)], "80.00", "B"),
        ([("100", "1"), ("100", "1")], [("major", True)], "70.00", "C"),
        ([("10", "1"), ("10", "1")], [("major", False)], "0.00", "D"),
        ([("95", "1")], [], "95.00", "none"),
        ([], [], "0.00", "none"),
        ([("89.99", "1"), ("90", "1")], [], "90.00", "A"),
        ([("89.98", "1"), ("90", "1")], [], "89.99", "B"),
    ],
)
def test_year_scores_table(pairs, losses, score, expected):
    found = year_score(
        _years([(Decimal(a), Decimal(b)) for a, b in pairs]),
        [Loss(str(n), HonestyLoss(k), r) for n, (k, r) in enumerate(losses)],
        RULES,
    )
    assert (str(found.score), found.grade.value, found.sample) == (score, expected, len(pairs))


def test_a_veto_makes_the_year_zero_and_d_whatever_the_sample():
    found = year_score([YearTask("1", Decimal(0), Decimal(1), vetoed=True)], [], RULES)
    assert (found.score, found.grade) == (0, Grade.D)


@given(TASKS, st.permutations(range(6)))
def test_the_year_does_not_depend_on_order_nor_on_the_unit_of_weights(pairs, order):
    mixed = [pairs[place] for place in order if place < len(pairs)]
    scaled = [(score, weight * 10000) for score, weight in mixed]
    assert year_score(_years(scaled), [], RULES) == year_score(_years(pairs), [], RULES)


@given(TASKS, st.data())
def test_the_year_is_bounded_and_rises_with_each_task(pairs, data):
    place = data.draw(st.integers(0, len(pairs) - 1))
    better = list(pairs)
    better[place] = (max(pairs[place][0], data.draw(RATING)), pairs[place][1])
    low, high = year_score(_years(pairs), [], RULES), year_score(_years(better), [], RULES)
    assert min(score for score, _ in pairs) <= low.score <= high.score <= 100


@pytest.mark.parametrize(("score", "weight"), [("50", "0"), ("50", "-1"), ("101", "1"), ("50", "NaN")])
def test_impossible_tasks_are_refused(score, weight):
    with pytest.raises(BadRating):
        year_score([YearTask("1", Decimal(score), Decimal(weight))], [], RULES)


@pytest.mark.parametrize(
    "changes",
    [
        {"elements": {"plan": Decimal(99)}},
        {"raters": {"unit": Decimal(0)}},
        {"bands": {Grade.A: Decimal(80), Grade.B: Decimal(80), Grade.C: Decimal(60)}},
        {"bands": {Grade.A: Decimal(90)}},
        {"honesty": Decimal(10)},
        {"measures": {"plan": ("report",)}},
        {"weigh_by": "whim"},
    ],
)
def test_rules_that_do_not_hold_are_refused(changes):
    with pytest.raises(BadRating):
        GradeRules(**changes)


@pytest.mark.parametrize(
    "ratings",
    [
        {},
        {"plan": Decimal(1)},
        dict.fromkeys(RULES.elements, Fraction(101)),
        dict.fromkeys([*RULES.elements, "x"], Decimal(1)),
    ],
)
def test_missing_or_unknown_elements_are_refused(ratings):
    with pytest.raises(BadRating):
        task_score(ratings, RULES)


def _task(name, level, veto=None):
    ratings = {
        element: {
            "unit": [Decimal(level)],
            "bureau": [Decimal(level) + 2],
            "experts": [Decimal(level), Decimal(level) + 3],
        }
        for element in RULES.elements
    }
    ratings["process"] = {"unit": [Decimal(level)], "bureau": [Decimal(level) + 5]}
    ratings["timeliness"] = {"bureau": [Decimal(100)]}
    return GradedTask(name, ratings, Decimal(350000), veto)


LOSSES = [
    RecordedLoss(Misconduct("L1", HonestyLoss.MINOR, date(2025, 5, 6), date(2025, 8, 6)), "迟报变更", "信用记录第 7 号")
]
SALT = "42" * 32


def test_a_task_is_graded_from_its_raters():
    assert combined(_task("t", 80), RULES)["timeliness"].missing == ("unit", "experts")
    result = grade([_task("t1", 90), _task("t2", 95)], [], RULES, 2025)
    assert result.grade is Grade.A
    # 75 points at 90 + 0.3*2 + 0.4*1.5, process at 90 + 0.4*5, timeliness 100; the same five higher.
    assert result.mean == Decimal("94.45")


def test_grade_records_verify_and_match_and_hide_raters():
    full = grade_record("澄湖评价", 2025, [_task("t1", 80), _task("t2", 85, "转包")], LOSSES, RULES, master_salt=SALT)
    public = public_grade_record(full)
    assert verify_grade(full) == []
    assert verify_grade(public) == []
    assert match(full, public) == []
    text = canonical(public).decode()
    assert "转包" not in text
    assert "信用记录" not in text
    assert "experts" not in json.dumps(public["tasks"])


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (lambda r: r["tasks"][0]["ratings"]["plan"]["unit"].__setitem__(0, "99"), "points", "/tasks/0/points"),
        (lambda r: r["tasks"][0].update(score="99.00"), "task-score", "/tasks/0/score"),
        (lambda r: r["tasks"][0].update(vetoed=True), "veto", "/tasks/0/vetoed"),
        (lambda r: r["losses"].clear(), "deducted", "/result/deducted"),
        (lambda r: r["rules"]["bands"].update(B="70"), "grade", "/result/grade"),
        (lambda r: r["rules"]["elements"].update(plan="30"), "rating", "/tasks"),
        (lambda r: r["result"].update(grade="A"), "grade", "/result/grade"),
        (lambda r: r["tasks"][1].update(id="t1"), "repeated", "/tasks"),
        (lambda r: r.pop("rules"), "malformed", ""),
    ],
)
def test_an_altered_grade_is_caught_with_its_place(change, code, path):
    full = json.loads(
        canonical(grade_record("澄湖评价", 2025, [_task("t1", 85), _task("t2", 86)], LOSSES, RULES, master_salt=SALT))
    )
    change(full)
    assert "digest" in [fault.code for fault in verify_grade(full)]
    assert (code, path) in [(fault.code, fault.path) for fault in verify_grade(seal(full))]
