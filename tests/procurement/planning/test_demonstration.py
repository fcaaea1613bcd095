"""The demonstration's planning, acted out on the libraries alone."""

from __future__ import annotations

from sqlalchemy import select

from procurement.demonstration.planning import populate_planning
from procurement.drafting.preparation_checks import preparation_lines
from procurement.models import ApprovalGrant, Intention, Plan, Tender
from procurement.states import Method, PlanState
from web.demo.seed import seed_libraries


def test_a_year_of_planning_shows_its_interesting_states(uow):
    world = seed_libraries(7)
    populate_planning(world)
    plans = uow.session.scalars(select(Plan).order_by(Plan.year)).all()
    assert [(one.state, one.edition) for one in plans] == [(PlanState.APPROVED, 2), (PlanState.IN_APPROVAL, 0)]
    assert {one.method for one in plans[0].items} >= {
        Method.BELOW_LIMIT,
        Method.CONSULTATION,
        Method.SINGLE_SOURCE,
    }
    assert len(uow.session.scalars(select(Intention)).all()) == 2
    assert sorted(one.level for one in uow.session.scalars(select(ApprovalGrant))) == [2, 3]
    tender = uow.session.scalars(select(Tender)).one()
    assert len(tender.lots) == 2
    lines = [one for one in preparation_lines(uow, tender) if one.level == "block"]
    assert [(one.rule_id, str(one.words)) for one in lines] == [("R-TENDER-19", "缺少采购需求的重点审查记录")]
