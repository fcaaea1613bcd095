"""Ratings of decided tasks as rows: one source, in their order, within their scale."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import Refused
from grading.models import Measure, TaskRating
from grading.queries import score_of
from grading.services.task_ratings import (
    GivenRating,
    measure_numbers,
    ratings_and_raters,
    ratings_in,
    stored_ratings,
    write_ratings,
)
from tests.factories.grading import scored_engagement


def test_a_decided_task_keeps_each_rating_with_its_rater(uow):
    desk = scored_engagement(uow, "0.8")
    score = score_of(uow, desk.engagement.id)
    ratings, raters = ratings_and_raters(uow, [score.seq])[score.seq]
    assert ratings == stored_ratings(uow, score)
    assert ratings["report"] == {"unit": [Decimal("80.00")], "bureau": [Decimal("80.00")]}
    assert raters["report"] == {"unit": [desk.unit.id], "bureau": [desk.quality.id]}
    assert (ratings["timeliness"], raters["timeliness"]) == ({"bureau": [Decimal(100)]}, {"bureau": [None]})
    assert (score.agency_id, score.amount) == (desk.engagement.agency_id, desk.engagement.amount)
    assert "ratings" not in score.parts


def test_ratings_keep_their_order_and_two_places(uow):
    score = score_of(uow, scored_engagement(uow).engagement.id)
    given = [GivenRating("new-line", "experts", Decimal(value)) for value in ("70", "100", "0", "70.125")]
    write_ratings(uow, score, given)
    assert stored_ratings(uow, score)["new-line"] == ratings_in(given)["new-line"]
    assert [str(one) for one in stored_ratings(uow, score)["new-line"]["experts"]] == [
        "70.00",
        "100.00",
        "0.00",
        "70.13",
    ]
    assert measure_numbers(uow, ["new-line", "never-rated"], make=False).keys() == {"new-line"}
    assert uow.session.scalar(select(Measure.id).where(Measure.key == "never-rated")) is None


@pytest.mark.parametrize("value", ["100.01", "-0.01", "NaN"])
def test_a_rating_outside_its_scale_is_refused(uow, value):
    score = score_of(uow, scored_engagement(uow).engagement.id)
    before = len(uow.session.scalars(select(TaskRating)).all())
    with pytest.raises(Refused) as caught:
        write_ratings(uow, score, [GivenRating("extra", "unit", Decimal(value))])
    assert caught.value.refusals[0].rule_id == "R-GRADE.task"
    assert len(uow.session.scalars(select(TaskRating)).all()) == before
