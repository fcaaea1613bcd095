from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from agencies.models import Engagement
from core.documents.accept import documents_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.records import match, open_part
from procurement.models import Bid
from procurement.scoring import verify_award
from procurement.services.award_papers import own_proof, own_score
from procurement.services.awarding import Choice, award, awards_of
from procurement.services.concluding import results_of
from procurement.states import DepartureGround, TenderState
from projects.models import Project
from tests.factories.awards import acting, awarded_tender, bids_of, scored_tender
from tests.factories.identity import make_user


@pytest.fixture
def awarded(uow):
    return awarded_tender(uow)


def test_the_first_ranked_wins_at_its_price_and_an_engagement_is_opened(uow, awarded):
    won = awards_of(uow, awarded)[0]
    assert (awarded.state, won.amount) == (TenderState.AWARDED, Decimal("160000.00"))
    engagement = uow.session.scalars(select(Engagement).where(Engagement.source == f"tender:{awarded.id}")).one()
    assert (engagement.agency_id, engagement.amount) == (won.bid.bidder_id, won.amount)
    assert engagement.project_id == awarded.lots[0].projects[0].id


def test_the_price_of_a_lot_with_two_projects_is_shared_to_the_fen(uow):
    tender = scored_tender(uow)
    first = tender.lots[0].projects[0]
    values = {name: getattr(first, name) for name in ("unit_id", "year", "sector", "industry", "created_at")}
    second = uow.add(
        Project(code="2026-T-PAIR", name="第二个项目", budget=Decimal(1), evaluation_fee=Decimal(90000), **values)
    )
    tender.lots[0].projects.append(second)
    uow.session.flush()
    award(acting(uow, tender.drafted_by), tender, {})
    rows = uow.session.scalars(select(Engagement).where(Engagement.source == f"tender:{tender.id}")).all()
    assert {row.project_id: row.amount for row in rows} == {
        first.id: Decimal("106666.67"),
        second.id: Decimal("53333.33"),
    }


def test_both_records_verify_and_agree(uow, awarded):
    won = awards_of(uow, awarded)[0]
    uow.session.expire(won)
    assert verify_award(won.record) == []
    assert verify_award(won.public_record) == []
    assert match(won.record, won.public_record) == []


def test_a_changed_price_is_found_in_the_public_record(uow, awarded):
    record = awards_of(uow, awarded)[0].public_record
    offers = [{**one, "price": "159999.00"} if one["price"] == "160000.00" else one for one in record["offers"]]
    assert verify_award({**record, "offers": offers}) != []


def test_the_public_record_hides_the_losers_scores_and_each_can_prove_its_own(uow, awarded):
    won = awards_of(uow, awarded)[0]
    loser = next(bid for bid in bids_of(uow, awarded) if bid.id != won.bid_id)
    public = {one["bid"]: one for one in won.public_record["scores"]}
    own = own_score(won, loser)
    assert own is not None
    assert own["total"] not in str(public[str(loser.id)])
    for proof in own_proof(won, loser):
        place, part = proof["path"].split("/")[2:]
        sealed = won.public_record["scores"][int(place)][part]
        assert open_part(sealed, proof["path"], proof["value"], proof["salt"]) == []
    assert len(own_proof(won, loser)) == 2
    assert own_proof(won, won.bid) == []


@pytest.mark.parametrize(("reason", "awarded"), [("", False), ("第一名书面放弃中标", True)])
def test_a_lower_rank_wins_only_with_a_reason(uow, reason, awarded):
    tender = scored_tender(uow)
    result = results_of(uow, tender)[0]
    second = result.ranked[1].bid
    choice = {result.lot.id: Choice(second.id, reason, DepartureGround.DECLINED)}
    officer = acting(uow, tender.drafted_by)
    if not awarded:
        with pytest.raises(Refused) as refused:
            award(officer, tender, choice)
        assert [one.rule_id for one in refused.value.refusals] == ["R-AWARD-01"]
        assert tender.state is TenderState.EVALUATED
        return
    won = award(officer, tender, choice)[0]
    assert won.bid_id == second.id
    assert verify_award(won.record) == []


def test_nobody_but_the_officers_awards_and_only_once(uow, uow_as, awarded):
    with pytest.raises(Forbidden):
        award(uow_as(make_user(uow, Role.OBSERVER)), scored_tender(uow), {})
    with pytest.raises(Refused):
        award(acting(uow, awarded.drafted_by), awarded, {})


def test_every_bidder_is_told_and_has_its_letter(uow, awarded):
    won = awards_of(uow, awarded)[0]
    for bid in bids_of(uow, awarded):
        kinds = uow.session.scalars(select(Notification.kind).where(Notification.user_id == bid.submitted_by_id)).all()
        assert ("tender.won" if bid.id == won.bid_id else "tender.not-won") in kinds
        letters = documents_of(uow, bid, "result-letter")
        assert len(letters) == 1
        with uow.house.store.open(letters[0].sha256) as file:
            assert file.read(5) == b"%PDF-"


def test_bids_keep_their_state(uow, awarded):
    assert {bid.state.value for bid in uow.session.scalars(select(Bid).where(Bid.tender_id == awarded.id))} == {
        "opened"
    }
