from __future__ import annotations

import json
from collections import Counter

import pytest
from sqlalchemy import select

from agencies.models import Engagement
from procurement.demonstration import populate
from procurement.demonstration.stories import OTHERS, STORIES
from procurement.methods import JUDGED, rules_of
from procurement.models import (
    Acceptance,
    AgentAppointment,
    Award,
    BidConfirmation,
    Challenge,
    CollusionSignal,
    Complaint,
    Contract,
    FinalOffer,
    Framework,
    Inspection,
    PublicNotice,
    Question,
    RedFlag,
    Tender,
    TenderVersion,
)
from procurement.open_data import records_json, releases_json
from procurement.queries.open_data import every_process
from procurement.scoring import verify_award
from procurement.scoring.selection_record import verify_selection
from procurement.states import (
    ChallengeState,
    ComplaintState,
    ContractState,
    Method,
    NoticeKind,
    OfferState,
    QuestionState,
    Sign,
    TenderState,
)
from tests.procurement.ocds_validation import findings
from web.demo.seed import seed_libraries


@pytest.mark.timeout(400)
def test_the_demonstration_has_a_tender_in_every_state_with_records_that_verify(app, uow):
    world = seed_libraries(7)
    populate(uow, world)
    states = Counter(world.session.scalars(select(Tender.state)))
    assert set(states) == set(TenderState)
    assert sum(states.values()) >= len(STORIES) + len(OTHERS) + 5
    assert {ChallengeState.DISMISSED, ChallengeState.UPHELD, ChallengeState.FILED} <= set(
        world.session.scalars(select(Challenge.state))
    )
    assert {ComplaintState.ACCEPTED, ComplaintState.DISMISSED} == set(world.session.scalars(select(Complaint.state)))
    assert len(world.session.scalars(select(Inspection)).all()) == 2
    signs = world.session.scalars(select(CollusionSignal)).all()
    assert {Sign.TEXT, Sign.AUTHOR, Sign.ITEMS, Sign.DEVICE, Sign.ADDRESS, Sign.FILE} <= {one.sign for one in signs}
    assert len({one.tender_id for one in signs}) == 1  # honest bids are not accused
    assert [one.sign for one in signs if one.finding] == [Sign.FILE]
    assert "R036" in set(world.session.scalars(select(RedFlag.code)))
    offers = world.session.scalars(select(FinalOffer)).all()
    assert [one.receipt["part"] for one in offers if one.state is OfferState.SEALED] == ["final-offer"]
    assert len(world.session.scalars(select(AgentAppointment)).all()) >= 2
    assert world.session.scalar(select(Tender.id).where(Tender.deposit > 0, Tender.awarded_at.is_not(None)).limit(1))
    methods = set(world.session.scalars(select(Tender.method)))
    assert methods == set(Method)
    awards = world.session.scalars(select(Award)).all()
    frameworks = world.session.scalars(select(Framework)).all()  # admit several instead of awarding to one
    standing = [one for one in awards if one.superseded_at is None]
    assert len(standing) + len(frameworks) == states[TenderState.AWARDED]
    for one in awards:
        verify = verify_award if one.tender.method in JUDGED else verify_selection
        assert verify(one.record) == verify(one.public_record) == []
    assert len(world.session.scalars(select(Engagement)).all()) == len(awards)
    _questions_and_versions_show_their_states(world)
    _all_of_it_is_valid_open_data(uow, world)
    _contracts_stand_in_every_state(world)


def _contracts_stand_in_every_state(world):
    contracts = world.session.scalars(select(Contract)).all()
    assert {one.state for one in contracts} >= set(ContractState) - {ContractState.DRAFT}
    unfiled = [one for one in contracts if one.state is ContractState.SIGNED and one.filed_on is None]
    assert len(unfiled) == 1
    assert any(one.published_at for one in world.session.scalars(select(Acceptance)))


def _questions_and_versions_show_their_states(world):
    asked = Counter(world.session.scalars(select(Question.state)))
    assert (asked[QuestionState.ANSWERED], asked[QuestionState.OPEN]) == (3, 1)
    amended = world.session.scalars(select(TenderVersion).where(TenderVersion.number == 2)).all()
    assert len(amended) == 2
    for one in amended:
        assert one.is_material
        assert one.deadline == one.tender.deadline
    assert len(world.session.scalars(select(BidConfirmation)).all()) == 1


def _all_of_it_is_valid_open_data(uow, world):
    processes = every_process(uow)
    every_tender = world.session.scalars(select(Tender)).all()
    published = [one for one in every_tender if one.published_at is not None and rules_of(one).public_notice]
    awarded = {one.id for one in every_tender if one.awarded_at is not None}  # some tell their result alone
    assert {rows[0].tender_id for rows in processes} == {one.id for one in published} | awarded
    house, now = uow.house, uow.now
    records = json.loads(records_json(processes, "https://example.org/records", house.settings, now))
    every = [row for rows in processes for row in rows]
    releases = json.loads(releases_json(every, "https://example.org/releases", house.settings, now))
    assert len(records["records"]) == len(processes)
    assert findings(records) == {}
    assert findings(releases) == {}
    waiting = {one.number for one in published if one.opened_at is None}
    for body in releases["releases"]:
        if body.get("tender", {}).get("id") in waiting:
            assert "bids" not in body
            assert {role for one in body.get("parties", ()) for role in one["roles"]} <= {"buyer", "procuringEntity"}
    kinds = Counter(world.session.scalars(select(PublicNotice.kind)))
    assert set(kinds) >= {NoticeKind.TENDER, NoticeKind.RESULT, NoticeKind.TERMINATION}
    assert kinds[NoticeKind.TENDER] == len(published)
    registered = world.session.scalars(select(PublicNotice).where(PublicNotice.external_at.is_not(None))).all()
    assert registered
    assert len(registered) < sum(kinds.values())
