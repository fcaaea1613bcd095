"""Trying other weights: the same weights move nobody, others move whom they must, nothing is changed."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from agencies.models import CreditRecord
from grading.grade_record import GradedTask, grade_record
from grading.grade_rules import grade_rules
from grading.scale import GradeRules
from grading.services import trials
from grading.services.grading_cycle import compute_cycle
from grading.services.trials import try_rules
from grading.what_if import what_if
from tests.factories.grading import rated_desk, scored_engagement

RULES = GradeRules()


def record(name: str, report: str, other: str):
    ratings = {key: {"bureau": [Decimal(report if key == "report" else other)]} for key in RULES.elements}
    tasks = [GradedTask(number, ratings, Decimal(1000)) for number in ("a", "b")]
    return grade_record(name, 2025, tasks, [], RULES, master_salt="7" * 64)


def test_the_same_rules_move_nobody_and_others_whom_they_must():
    records = [record("甲", "95", "88"), record("乙", "70", "92")]
    assert [(one.moves, one.change) for one in what_if(records, RULES)] == [(False, 0), (False, 0)]
    heavy = dataclasses.replace(RULES, elements={**RULES.elements, "report": Decimal(54), "plan": Decimal(1)})
    first, second = what_if(records, heavy)
    # 甲: 88 + 7 × 0.54 = 91.78, from 90.45; 乙: 92 − 22 × 0.54 = 80.12, from 84.30.
    assert (first.agency, first.change, first.moves) == ("乙", Decimal("-4.18"), False)
    assert (second.agency, second.other_score) == ("甲", Decimal("91.78"))
    strict = dataclasses.replace(heavy, bands={**RULES.bands, "B": Decimal(81)})
    assert [(one.agency, one.moves) for one in what_if(records, strict)] == [("乙", True), ("甲", False)]


def test_the_page_takes_weights_from_its_address_and_changes_nothing(uow, client_as):
    desk = scored_engagement(uow)
    scored_engagement(uow, agency=desk.agency)
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    before = [entry.record for entry in cycle.entries]
    client, address = client_as(desk.quality), f"/grading/{cycle.id}/what-if"
    assert "试算" in client.page(address).get_text()
    assert client.page(f"{address}?plan=10&report=45").select("table")
    assert client.page(f"{address}?plan=99").select("[role=alert]")
    assert client.page(f"{address}?plan=abc").select("[role=alert]")
    assert client.page(f"{address}?rule_set=jiading").select("#w-skill")
    assert client_as(desk.manager).get(address).status_code == 404
    assert [entry.record for entry in cycle.entries] == before


@pytest.mark.parametrize("key", ["house", "zhuhai", "credit", "adjusted", "jiading"])
def test_trying_in_the_database_gives_what_the_records_give(uow, key, monkeypatch):
    desk = rated_desk(uow, "0.8")
    rated_desk(uow, "0.95", agency=desk.agency)
    other = rated_desk(uow, "0.7")
    loss = {"happened_on": uow.today, "description": "底稿不全", "points": Decimal(10)}
    uow.add(CreditRecord(agency_id=desk.agency.id, expires_on=uow.today + timedelta(days=90), **loss))
    uow.session.flush()
    cycle = compute_cycle(desk.acting(desk.quality), uow.today.year)
    rules = grade_rules(uow, key)
    expected = what_if([entry.record for entry in cycle.entries], rules)
    trial = try_rules(uow, cycle, rules)
    assert (list(trial.moves), trial.tried, trial.agencies) == (expected, len(expected), len(expected))
    assert {one.agency for one in trial.moves} >= {desk.agency.organisation.name, other.agency.organisation.name}
    monkeypatch.setattr(trials, "MOST", 1)
    sample = try_rules(uow, cycle, rules)
    assert (sample.tried, sample.agencies) == (1, len(expected))
    assert sample.moves[0] in expected
