"""A year computed by the database is exactly the one that `grading.scale` computes, ties and edges included."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from agencies.states import Grade as Standing
from grading.computing.statements import scores_query, years_query
from grading.computing.task_statement import MOST, task_statement
from grading.grade_record import GradedTask, RecordedLoss, grade, scored
from grading.models.task_rating import KIND_CODES
from grading.scale import BadRating, Grade, GradeRules, HonestyLoss, Misconduct
from grading.services.grading_cycle import GRADES

TABLES = """
CREATE TEMP TABLE organisation (id int, name text);
CREATE TEMP TABLE agency (id int, organisation_id int);
CREATE TEMP TABLE task_score (seq int, agency_id int, amount numeric(16,2), year int, difficulty text, urgent bool,
    veto text, parts jsonb);
CREATE TEMP TABLE task_rating (task int, measure smallint, kind smallint, position smallint, value smallint, rater_id int);
CREATE TEMP TABLE cycle_rater (run_id int, rater_id int, severity numeric(5,2));
CREATE TEMP TABLE credit_record (id int, agency_id int, happened_on date, expires_on date, points numeric(5,2),
    description text);
"""
NAMES = ("plan", "team", "process", "report", "timeliness", "archive")
YEAR = 2025
ALL = "{task} BETWEEN :first AND :last"


@pytest.fixture(scope="module")
def connection(test_server):
    """A connection on which small tables hide the real ones."""
    engine = create_engine("postgresql+psycopg://", creator=test_server.admin)
    with engine.connect() as made:
        made.execute(text(TABLES))
        yield made
    engine.dispose()


def decimals(low: int, high: int, places: int = 0) -> st.SearchStrategy[Decimal]:
    return st.integers(low * 10**places, high * 10**places).map(lambda number: Decimal(number).scaleb(-places))


@st.composite
def rule_sets(draw) -> GradeRules:
    honesty = Decimal(draw(st.sampled_from((0, 0, 50))))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6, unique=True))
    places = draw(st.sampled_from((0, 0, 1, 5)))  # with five places the numbers outgrow 63 bits
    left, worth = 100 - honesty, {}
    for place, name in enumerate(names):
        rest = len(names) - place - 1
        worth[name] = left if not rest else min(draw(decimals(1, 40, places)), left - rest)
        left -= worth[name]
    weights = st.dictionaries(st.sampled_from(tuple(KIND_CODES)), decimals(1, 60, places).filter(bool), min_size=1)
    c, b, a = draw(st.lists(decimals(0, 100, 1), min_size=3, max_size=3, unique=True).map(sorted))
    return GradeRules(
        elements=worth,
        measures={
            name: tuple(f"{name}-{number}" for number in range(draw(st.integers(2, 3))))
            for name in draw(st.sets(st.sampled_from(names), max_size=2))
        },
        full_from={name: draw(decimals(0, 100, 1)) for name in draw(st.sets(st.sampled_from(names), max_size=2))},
        raters=draw(weights),
        element_raters={name: draw(weights) for name in draw(st.sets(st.sampled_from(names), max_size=3))},
        bands={Grade.A: a, Grade.B: b, Grade.C: c},
        above=frozenset(draw(st.sets(st.sampled_from((Grade.A, Grade.B, Grade.C))))),
        losses={HonestyLoss.MINOR: draw(decimals(1, 9)), HonestyLoss.MAJOR: draw(decimals(10, 20, 1))},
        repeat_factor=draw(decimals(1, 3, 1)),
        honesty=honesty,
        losses_from=draw(st.sampled_from(("year", "standing"))),
        weigh_by=draw(st.sampled_from(("amount", "difficulty", "equal"))),
        difficulty={key: draw(decimals(1, 3, 1)) for key in ("simple", "usual", "complex")},
        urgent=draw(st.sampled_from((Decimal(0), Decimal(2), Decimal("1.5")))),
        minimum_sample=draw(st.integers(0, 3)),
        counts=draw(st.sampled_from(("raw", "raw", "adjusted"))),
        places=draw(st.sampled_from((2, 2, 1, 0))),
    )


@st.composite
def years(draw):
    """A rule set, the tasks of two agencies with who rated, how strict each rater is, and credit entries."""
    rules = draw(rule_sets())
    measures = [one for name in rules.elements for one in rules.measures_of(name)]
    # Coarse ratings make ties at the rounding edge; fine ones everything between.
    value = st.one_of(st.integers(0, 20).map(lambda n: n * 500), st.integers(0, 10_000))
    many = draw(st.sampled_from((2, 2, 3, MOST + 1)))
    tasks = [
        (
            draw(st.integers(1, 2)),
            {
                measure: {
                    kind: [(draw(value), draw(st.integers(1, 5))) for _ in range(draw(st.integers(0, many)))]
                    for kind in KIND_CODES
                }
                for measure in measures
            },
            draw(decimals(0, 900_000, 2)),
            draw(st.sampled_from((None, None, None, "泄密"))),
            draw(st.sampled_from(("simple", "usual", "complex"))),
            draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    severity = {rater: draw(decimals(-9, 9, 2)) for rater in range(1, 6)}
    first = date(YEAR - 2, 1, 1)
    losses = [
        (
            draw(st.integers(1, 2)),
            first + timedelta(days=draw(st.integers(0, 1200))),
            draw(st.integers(30, 500)),
            draw(st.sampled_from((Decimal(0), Decimal(5), Decimal(15), Decimal(20)))),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    return rules, tasks, severity, losses


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(years())
def test_the_database_computes_what_the_scale_computes(connection, year):
    rules, tasks, severity, losses = year
    measures = {key: number for number, key in enumerate(dict.fromkeys(m for one in tasks for m in one[1]), start=1)}
    load(connection, measures, tasks, severity, losses)
    expected = [as_task(number, one, severity, rules) for number, one in enumerate(tasks, start=1)]
    values = {"first": 1, "last": len(tasks), "year": YEAR, "run": 1, "adjusted": measures.get("report", 0)}
    found = {row.task: row for row in connection.execute(text(scores_query(rules, measures, ALL)), values)}
    assert set(found) == set(range(1, len(tasks) + 1))
    whole = True
    for number, task in enumerate(expected, start=1):
        row = found[number]
        if row.many:
            whole = False
            continue
        try:
            total = scored(task, rules).total
        except BadRating:
            assert row.score is None
            whole = False
            continue
        assert Decimal(row.score).scaleb(-2) == total
    if not whole:
        return
    query = years_query(rules, YEAR, f"SELECT task, score FROM ({scores_query(rules, measures, ALL)}) s")
    rows = {row.agency_id: row for row in connection.execute(text(query), values)}
    for agency in (1, 2):
        own = [task for one, task in zip(tasks, expected, strict=True) if one[0] == agency]
        recorded = [as_loss(number, one, rules) for number, one in enumerate(losses) if one[0] == agency and one[3] > 0]
        result, row = grade(own, recorded, rules, YEAR), rows[agency]
        standing = GRADES[result.grade.value]
        assert (row.grade, row.n) == (standing.value, result.sample)
        assert Decimal(row.mean) / 100 == result.mean
        assert row.deducted == result.deducted
        if standing is not Standing.UNGRADED:
            assert Decimal(row.points) / 100 == result.score


def load(connection, measures, tasks, severity, losses):
    connection.execute(text("TRUNCATE organisation, agency, task_score, task_rating, cycle_rater, credit_record"))
    connection.execute(text("INSERT INTO organisation VALUES (11, '甲'), (12, '乙')"))
    connection.execute(text("INSERT INTO agency VALUES (1, 11), (2, 12)"))
    for number, (agency, ratings, amount, veto, difficulty, urgent) in enumerate(tasks, start=1):
        connection.execute(
            text(
                "INSERT INTO task_score (seq, agency_id, amount, year, difficulty, urgent, veto) VALUES (:seq, :agency, :amount, :year, :difficulty, :urgent, :veto)"
            ),
            {
                "seq": number,
                "agency": 10 + agency,
                "amount": amount,
                "year": YEAR,
                "difficulty": difficulty,
                "urgent": urgent,
                "veto": veto,
            },
        )
        rows = [
            {
                "task": number,
                "measure": measures[measure],
                "kind": KIND_CODES[kind],
                "position": place,
                "value": value,
                "rater": rater,
            }
            for measure, by_kind in ratings.items()
            for kind, values in by_kind.items()
            for place, (value, rater) in enumerate(values)
        ]
        if rows:
            connection.execute(
                text("INSERT INTO task_rating VALUES (:task, :measure, :kind, :position, :value, :rater)"), rows
            )
    connection.execute(
        text("INSERT INTO cycle_rater VALUES (1, :rater, :severity)"),
        [{"rater": rater, "severity": one} for rater, one in severity.items()],
    )
    for number, (agency, happened_on, days, points) in enumerate(losses):
        connection.execute(
            text("INSERT INTO credit_record VALUES (:id, :agency, :happened_on, :expires_on, :points, '事由')"),
            {
                "id": number,
                "agency": agency,
                "happened_on": happened_on,
                "expires_on": happened_on + timedelta(days=days),
                "points": points,
            },
        )


def as_task(number, one, severity, rules) -> GradedTask:
    _agency, ratings, amount, veto, difficulty, urgent = one
    adjusted = rules.counts == "adjusted" and "report" in ratings
    return GradedTask(
        str(number),
        {
            measure: {kind: [Decimal(value).scaleb(-2) for value, _who in values] for kind, values in by_kind.items()}
            for measure, by_kind in ratings.items()
        },
        amount,
        veto,
        difficulty,
        urgent,
        effects={
            "report": {kind: [severity[who] for _value, who in values] for kind, values in ratings["report"].items()}
        }
        if adjusted
        else {},
    )


def as_loss(number, one, rules) -> RecordedLoss:
    _agency, happened_on, days, points = one
    kind = HonestyLoss.MAJOR if points >= rules.losses[HonestyLoss.MAJOR] else HonestyLoss.MINOR
    return RecordedLoss(Misconduct(f"{number:02d}", kind, happened_on, happened_on + timedelta(days=days)), "事由", "")


@pytest.mark.parametrize(
    ("ratings", "score", "standing"),
    [
        ((100, 100), "100.00", "A"),  # exactly full marks have a grade
        ((90, 90), "90.00", "A"),  # the lower end belongs to its band
        (("89.99", 90), "90.00", "A"),  # 89.995 is printed half up, and graded as printed
        (("89.98", 90), "89.99", "B"),
        (("79.99", 80), "80.00", "B"),
        (("59.98", 60), "59.99", "D"),
        ((0, 0), "0.00", "D"),
    ],
)
def test_edges_of_bands_are_on_their_side(connection, ratings, score, standing):
    one = GradeRules(elements={"plan": Decimal(100)}, element_raters={}, raters={"bureau": Decimal(1)})
    tasks = [
        (1, {"plan": {"bureau": [(int(Decimal(value) * 100), 1)]}}, Decimal(1), None, "usual", False)
        for value in ratings
    ]
    load(connection, {"plan": 1}, tasks, {1: Decimal(0)}, [])
    values = {"first": 1, "last": 2, "year": YEAR, "run": 1, "adjusted": 0}
    query = years_query(one, YEAR, f"SELECT task, score FROM ({scores_query(one, {'plan': 1}, ALL)}) s")
    row = next(row for row in connection.execute(text(query), values) if row.agency_id == 1)
    assert (Decimal(row.points) / 100, row.grade) == (Decimal(score), standing)


def test_rule_sets_with_long_numbers_are_computed_in_numeric():
    rules = GradeRules(
        elements={"plan": Decimal("33.333333"), "team": Decimal("66.666667")},
        raters={"unit": Decimal("33.3331"), "bureau": Decimal("33.3337"), "experts": Decimal("33.3339")},
        element_raters={},
    )
    assert "numeric" in task_statement(rules, {"plan": 1, "team": 2}).score
    assert "numeric" not in task_statement(GradeRules(), {"plan": 1}).score
