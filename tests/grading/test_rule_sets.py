"""Rule sets as data: every one that ships holds, keeps its form in a record, and grades by its own bands and ladder."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import canonical, plain
from core.rules import RuleBook
from grading.grade_record import GradedTask, grade_record, public_grade_record, scored, verify_grade
from grading.rule_sets import body, from_body, rule_sets
from grading.scale import (
    BadRating,
    Grade,
    GradeRules,
    HonestyLoss,
    Misconduct,
    YearTask,
    counted,
    grade_of,
    sector_grades,
    year_score,
)

BOOK, DAY = RuleBook.load(), date(2026, 11, 26)
MEASURES = ("plan", "team", "process", "report", "timeliness", "archive", "data", "problems", "advice")


def rules_of(key: str, **changed: str) -> GradeRules:
    def number(rule: str, name: str) -> Decimal:
        return Decimal(changed.get(name, BOOK.number(rule, name, on=DAY)))

    return rule_sets()[key].rules(number, "2026-11-26")


def task(level: str, name: str = "t", **more) -> GradedTask:
    ratings = {measure: {"unit": [Decimal(level)], "bureau": [Decimal(level)]} for measure in MEASURES}
    return GradedTask(name, ratings, Decimal(100000), **more)


def test_the_proposal_comes_first_and_the_sets_of_other_places_ship():
    assert list(rule_sets()) == ["house", "adjusted", "credit", "jiading", "zhuhai"]
    assert all(one.title.zh and one.title.en and one.says.zh and one.says.en for one in rule_sets().values())


@pytest.mark.parametrize("key", list(rule_sets()))
def test_every_rule_set_that_ships_holds_and_survives_its_record(key):
    rules = rules_of(key)
    assert sum(rules.elements.values()) + rules.honesty == 100
    kept = plain(body(rules))
    assert plain(body(from_body(kept))) == kept
    assert set(rules.elements) <= set(rules.titles)


@pytest.mark.parametrize("key", list(rule_sets()))
def test_full_marks_in_everything_have_the_best_grade_and_the_record_verifies(key):
    """Exactly 100 points has a grade; so has exactly 0."""
    rules = rules_of(key)
    for level, score, grade in (("100", "100.00", "A"), ("0", str(rules.honesty.quantize(Decimal("0.01"))), None)):
        full = grade_record("澄湖评价", 2025, [task(level, "a"), task(level, "b")], [], rules, master_salt="7" * 64)
        assert full["result"]["score"] == score
        assert grade is None or full["result"]["grade"] == grade
        assert verify_grade(full) == []
        assert verify_grade(public_grade_record(full)) == []


def test_the_house_set_is_the_design_of_the_rulebook():
    assert plain(body(rules_of("house"))) == {
        **plain(body(GradeRules(version="2026-11-26"))),
        "titles": plain(rules_of("house").titles),
    }


def test_weights_that_do_not_add_to_a_hundred_are_refused():
    with pytest.raises(BadRating):
        rules_of("zhuhai", control="20")
    assert rules_of("zhuhai", control="20", archive="5").elements["control"] == 20


@pytest.mark.parametrize(
    ("key", "edge", "at", "below"),
    [
        ("house", "90", "A", "B"), ("house", "80", "B", "C"), ("house", "60", "C", "D"),
        ("zhuhai", "90", "A", "B"), ("jiading", "60", "C", "D"),
        ("credit", "90", "B", "B"), ("credit", "70", "B", "C"), ("credit", "0", "C", "D"),
    ],
)  # fmt: skip
def test_a_score_on_a_band_s_edge_belongs_to_one_grade(key, edge, at, below):
    rules, score = rules_of(key), Decimal(edge)
    assert grade_of(score, rules) == at
    assert grade_of(score - Decimal("0.01"), rules) == below
    if key == "credit" and edge == "90":
        assert grade_of(Decimal("90.01"), rules) is Grade.A


def test_two_agencies_with_the_same_printed_score_have_the_same_grade():
    """89.995 and 90.004 both print as 90.00: a tie on the edge is decided by what is printed."""
    rules = rules_of("house")
    one = year_score(
        [YearTask("a", Decimal("89.99"), Decimal(1)), YearTask("b", Decimal("90.00"), Decimal(1))], [], rules
    )
    other = year_score(
        [YearTask("a", Decimal("90.00"), Decimal(1)), YearTask("b", Decimal("90.00"), Decimal(1))], [], rules
    )
    assert (one.score, one.grade) == (other.score, other.grade) == (Decimal("90.00"), Grade.A)


def test_jiading_gives_stability_all_or_nothing():
    rules = rules_of("jiading")
    whole, changed = task("100"), task("100")
    changed = GradedTask("t", {**changed.ratings, "team": {"bureau": [Decimal(99)]}}, Decimal(1))
    assert scored(whole, rules).total == 100
    assert scored(changed, rules).total == 85
    assert scored(changed, rules).points["staff"] == Fraction(0)


def test_jiading_asks_the_unit_and_leaves_the_bureau_s_ratings_out():
    rules = rules_of("jiading")
    split = GradedTask("t", {m: {"unit": [Decimal(80)], "bureau": [Decimal(100)]} for m in MEASURES}, Decimal(1))
    # Plan and team stand on the bureau's sheet: 15 + 15; the other 70 points at 80.
    assert scored(split, rules).total == 86


def test_zhuhai_weighs_by_difficulty_and_rewards_urgent_tasks():
    rules = rules_of("zhuhai")
    assert scored(task("80", urgent=True), rules).total == 82
    assert scored(task("99", urgent=True), rules).total == 100
    easy, hard = task("60", "a", difficulty="simple"), task("90", "b", difficulty="complex")
    full = grade_record("甲", 2025, [easy, hard], [], rules, master_salt="7" * 64)
    assert full["result"]["score"] == "78.00"
    assert rules.titles["A"] == ("优", "Excellent")


def _entry(name, kind, happened, expires):
    return Misconduct(name, kind, date.fromisoformat(happened), date.fromisoformat(expires))


def test_a_loss_is_doubled_while_another_stands_and_counts_in_its_year():
    rules = rules_of("house")
    entries = [
        _entry("a", HonestyLoss.MINOR, "2024-11-01", "2025-02-01"),
        _entry("b", HonestyLoss.MAJOR, "2025-01-15", "2025-07-15"),
        _entry("c", HonestyLoss.MINOR, "2025-09-01", "2025-12-01"),
    ]
    assert [(one.id, one.repeated) for one in counted(entries, 2025, rules)] == [("b", True), ("c", False)]
    assert [one.id for one in counted(entries, 2024, rules)] == ["a"]


def test_under_the_credit_set_points_come_back_when_they_expire():
    rules = rules_of("credit")
    gone = _entry("a", HonestyLoss.MAJOR, "2025-03-01", "2025-09-01")
    stands = _entry("b", HonestyLoss.MINOR, "2025-11-01", "2026-02-01")
    last_day = _entry("c", HonestyLoss.MINOR, "2025-09-30", "2025-12-31")
    assert [one.id for one in counted([gone, stands, last_day], 2025, rules)] == ["c", "b"]
    tasks = [YearTask("t", Decimal(50), Decimal(1))]
    assert year_score(tasks, counted([gone], 2025, rules), rules).grade is Grade.A
    lost = year_score(tasks, counted([stands], 2025, rules), rules)
    assert (lost.score, lost.grade) == (Decimal("90.00"), Grade.B)


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(1, 400), st.booleans()), max_size=6))
def test_each_entry_counts_at_most_once_and_the_first_is_never_repeated(rows):
    begin = date(2024, 6, 1).toordinal()
    entries = [
        Misconduct(
            str(n),
            HonestyLoss.MAJOR if major else HonestyLoss.MINOR,
            date.fromordinal(begin + at),
            date.fromordinal(begin + at + length),
        )
        for n, (at, length, major) in enumerate(rows)
    ]
    found = counted(entries, 2025, rules_of("house"))
    assert len({one.id for one in found}) == len(found)
    if entries:
        first = min(entries, key=lambda one: one.happened_on).happened_on
        firsts = {one.id for one in entries if one.happened_on == first}
        assert not any(one.repeated for one in found if one.id in firsts)


def test_grades_by_sector_keep_the_minimum_sample():
    tasks = [
        YearTask("a", Decimal(95), Decimal(1), sector="education"),
        YearTask("b", Decimal(91), Decimal(1), sector="education"),
        YearTask("c", Decimal(40), Decimal(1), sector="health"),
    ]
    found = sector_grades(tasks, [], rules_of("house"))
    assert {name: one.grade.value for name, one in found.items()} == {"education": "A", "health": "none"}


def test_a_second_record_from_the_same_data_is_the_same_to_the_byte():
    rules = rules_of("house")
    one, other = (grade_record("甲", 2025, [task("88")], [], rules, master_salt="7" * 64) for _n in range(2))
    assert canonical(one) == canonical(other)
