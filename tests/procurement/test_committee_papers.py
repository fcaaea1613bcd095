"""Papers of a committee, terms and item-wise examination: R-COMM-04/08/09/13/15/16, R-POOL-01, R-QUAL-01, R-ALP-01."""

from __future__ import annotations

import dataclasses
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.drafting.record import frozen_record, readable
from procurement.models import DutyRecord, EvaluationTerms, Lot
from procurement.queries.price_matters import default_terms, terms_of
from procurement.queries.standings import seats_of, standings_of
from procurement.scoring import LowBidThresholds, verify_award
from procurement.services.awarding import Choice, award, awards_of
from procurement.services.committee_conduct import void_opinion
from procurement.services.committee_papers import (
    DrawEntry,
    SessionEntry,
    keep_session,
    register_draw,
    write_duty,
)
from procurement.services.concluding import conclude, results_of
from procurement.services.evaluation_terms import set_terms
from procurement.services.examination import ItemVerdict, examine_items
from procurement.services.scoring_sheets import lock_sheet, save_scores
from procurement.states import DisciplineCode, DutyRating, Outcome, SeatSource, TenderState, TieMethod
from procurement.tasks.awards import duty_tasks
from tests.factories.awards import (
    acting,
    bid_row,
    bids_of,
    conforming,
    entries_for,
    opened_by_rows,
    scored_tender,
    under_evaluation,
    with_committee,
)
from tests.factories.identity import make_user
from tests.factories.projects import make_project

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def paper(name="抽取记录.png") -> FileStorage:
    return FileStorage(io.BytesIO(PNG), filename=name)


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


class TestDraws:
    @pytest.fixture
    def tender(self, uow):
        return with_committee(uow, opened_by_rows(uow))

    def entry(self, uow, **changes):
        drawn = uow.now - timedelta(hours=1)
        return dataclasses.replace(DrawEntry(SeatSource.PROVINCIAL_DRAW, "省抽〔2026〕88", drawn), **changes)

    def test_a_selection_needs_its_ground_the_consent_and_its_paper_r_comm_04(self, uow, tender):
        officer = acting(uow, tender.drafted_by)
        seats = [seat.id for seat in seats_of(uow, tender)]
        selected = self.entry(uow, source=SeatSource.SELF_SELECTED)
        with pytest.raises(Refused) as refused:
            register_draw(officer, tender, selected, seats, None)
        assert {one.field for one in refused.value.refusals} == {"ground", "consenting", "file"}
        whole = dataclasses.replace(selected, ground="涉及生态价值核算", consenting="区生态环境局")
        register_draw(officer, tender, whole, seats[:2], paper())
        assert [seat.source for seat in seats_of(uow, tender)].count(SeatSource.SELF_SELECTED) == 2

    def test_the_bureaus_own_pool_is_refused_for_a_statutory_tender_r_pool_01(self, uow, tender):
        with pytest.raises(Refused) as refused:
            register_draw(
                acting(uow, tender.drafted_by),
                tender,
                self.entry(uow, source=SeatSource.OWN_DRAW, drawn_at=uow.now + timedelta(hours=1)),
                [seats_of(uow, tender)[0].id],
                paper(),
            )
        assert {one.field for one in refused.value.refusals} == {"source", "drawn_at"}

    def test_it_is_registered_by_form_and_only_by_officers(self, uow, tender, client_as):
        address = f"/tenders/{tender.id}/committee/draw"
        browser = client_as(tender.drafted_by)
        assert browser.get(address).status_code == 200
        assert browser.post(address, data={"source": "provincial-draw"}).status_code == 422
        data = {
            "source": "provincial-draw",
            "number": "省抽88",
            "drawn_at": (uow.now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
            "seats": [str(seat.id) for seat in seats_of(uow, tender)],
            "file": (io.BytesIO(PNG), "记录.png"),
        }
        assert browser.post(address, data=data).status_code == 302
        assert all(seat.draw_id for seat in seats_of(uow, tender))
        assert client_as(make_user(uow, Role.EXPERT)).get(address).status_code in (403, 404)


class TestSession:
    def test_at_most_two_supervisors_and_no_briefing_once_a_sheet_is_locked(self, uow):
        tender = scored_tender(uow)
        with pytest.raises(Refused):
            keep_session(acting(uow, tender.drafted_by), tender, SessionEntry("一楼", [], True, ""))
        tender = under_evaluation(uow)
        officer = acting(uow, tender.drafted_by)
        with pytest.raises(Refused) as refused:
            keep_session(officer, tender, SessionEntry("一楼评标室", ["甲", "乙", "丙"], True, "L-1"))
        assert rules_of(refused) == {"R-COMM-08"}
        row = keep_session(
            officer, tender, SessionEntry("一楼评标室", ["甲", "乙"], True, "L-1"), briefing=paper("背景.png")
        )
        assert row.supervisors == ["甲", "乙"]
        seat = seats_of(uow, tender)[0]
        seat.state = type(seat.state).LOCKED
        with pytest.raises(Refused) as refused:
            keep_session(officer, tender, SessionEntry("一楼评标室", [], True, ""), briefing=paper())
        assert rules_of(refused) == {"R-COMM-09"}

    def test_it_is_kept_by_form(self, uow, client_as):
        tender = under_evaluation(uow)
        browser = client_as(tender.drafted_by)
        address = f"/tenders/{tender.id}/committee/session"
        assert browser.get(address).status_code == 200
        assert browser.post(address, data={}).status_code == 422
        assert browser.post(address, data={"place": "一楼评标室", "supervisors": "甲\n乙"}).status_code == 302
        assert "甲" in browser.get(address).get_data(as_text=True)


class TestDuty:
    def test_no_fee_for_a_void_opinion_r_comm_16_and_a_task_until_all_are_recorded_r_comm_13(self, app, uow):
        tender = under_evaluation(uow)
        officer = acting(uow, tender.drafted_by)
        voided = next(seat for seat in seats_of(uow, tender) if not seat.is_chair)
        void_opinion(officer, voided, DisciplineCode.LEFT, "中途离场")
        tender.state, tender.evaluated_at = TenderState.EVALUATED, uow.now
        uow.session.flush()
        with pytest.raises(Refused) as refused:
            write_duty(officer, voided, DutyRating.BREACH, "中途离场", Decimal(600))
        assert rules_of(refused) == {"R-COMM-16"}
        seats = seats_of(uow, tender, recused=True)
        with pytest.raises(Refused) as refused:
            write_duty(officer, seats_of(uow, tender)[0], DutyRating.GOOD, "", Decimal(600))
        assert rules_of(refused) == {"R-COMM-15"}
        with app.test_request_context():
            assert len(list(duty_tasks(officer))) == 1
            for seat in seats:
                write_duty(officer, seat, DutyRating.ORDINARY, "", Decimal(0))
            assert list(duty_tasks(officer)) == []

    def test_it_is_recorded_on_one_page(self, uow, client_as):
        tender = scored_tender(uow)
        browser = client_as(tender.drafted_by)
        address = f"/tenders/{tender.id}/committee/duty"
        assert "记录截止" in browser.get(address).get_data(as_text=True)
        seats = seats_of(uow, tender)
        wrong = {f"rating-{seats[0].id}": "poor", f"fee-{seats[0].id}": "abc"}
        assert browser.post(address, data=wrong).status_code == 422
        data = {f"rating-{seat.id}": "good" for seat in seats} | {f"fee-{seat.id}": "800" for seat in seats}
        assert browser.post(address, data=data).status_code == 302
        assert uow.session.scalars(select(DutyRecord.fee)).all() == [Decimal("800.00")] * 5


class TestItems:
    def test_one_condition_missed_fails_the_bidder_with_the_fact_r_qual_01(self, uow):
        tender = opened_by_rows(uow, qualifications=["营业执照有效", "近三年无重大违法记录"])
        officer, bid = acting(uow, tender.drafted_by), bids_of(uow, tender)[0]
        met = ItemVerdict("营业执照有效", True)
        with pytest.raises(Refused) as refused:
            examine_items(officer, bid, [met, ItemVerdict("近三年无重大违法记录", False)])
        assert [one.field for one in refused.value.refusals] == ["note-1"]
        with pytest.raises(Refused) as refused:
            examine_items(officer, bid, [met])
        assert rules_of(refused) == {"R-QUAL-01"}
        row = examine_items(officer, bid, [met, ItemVerdict("近三年无重大违法记录", False, "2025年被责令停业")])
        assert (row.passed, row.reason) == (False, "近三年无重大违法记录：2025年被责令停业")
        assert standings_of(uow, tender).bids[0].outcome is Outcome.DISQUALIFIED

    def test_the_page_keeps_both_parts_and_is_for_officers(self, uow, client_as):
        tender = opened_by_rows(uow)
        bid = bids_of(uow, tender)[0]
        address = f"/tenders/{tender.id}/examination/{bid.id}"
        browser = client_as(tender.drafted_by)
        assert browser.get(address).status_code == 200
        assert browser.post(address, data={"ground": "none"}).status_code == 422
        assert browser.post(address, data={"item-0": "met", "ground": "small_or_micro"}).status_code == 422
        data = {"item-0": "met", "ground": "small_or_micro", "declared": "y"}
        assert browser.post(address, data=data).status_code == 302
        assert standings_of(uow, tender).prices.deduction_of(bid) == Decimal("10.00")
        assert "价格扣除 10%" in browser.get(f"/tenders/{tender.id}/examination").get_data(as_text=True)
        assert client_as(tender.approved_by).get(address).status_code == 403


class TestTerms:
    @pytest.fixture
    def draft(self, uow):
        tender = opened_by_rows(uow)
        tender.state = TenderState.DRAFT
        uow.session.flush()
        return tender

    def test_triggers_only_rise_within_the_law_and_stand_in_the_record_r_alp_01(self, uow, draft):
        officer = acting(uow, draft.drafted_by)
        terms = default_terms(officer)
        wrong = dataclasses.replace(
            terms,
            thresholds=LowBidThresholds(Decimal(49), Decimal(66), Decimal(45)),
            minimum=Decimal(91),
            tie_method=TieMethod.DOCUMENT,
        )
        with pytest.raises(Refused) as refused:
            set_terms(officer, draft, wrong)
        assert {one.field for one in refused.value.refusals} == {"mean", "next_lowest", "minimum", "tie_rule"}
        right = dataclasses.replace(
            terms, thresholds=LowBidThresholds(Decimal(60), Decimal(60), Decimal(55)), minimum=Decimal(50)
        )
        set_terms(officer, draft, right)
        assert terms_of(uow, draft) == right
        shown = readable(frozen_record(uow, draft))["evaluation_terms"]
        assert (shown["low_price"]["mean"], shown["minimum"]) == (Decimal("60.00"), Decimal("50.00"))

    def test_published_terms_stand(self, uow):
        tender = opened_by_rows(uow)
        with pytest.raises(Refused):
            set_terms(acting(uow, tender.drafted_by), tender, default_terms(uow))
        with pytest.raises(Forbidden):
            set_terms(acting(uow, tender.approved_by), tender, default_terms(uow))

    def test_they_are_set_by_form(self, uow, draft, client_as):
        browser = client_as(draft.drafted_by)
        address = f"/tenders/{draft.id}/evaluation-terms"
        assert browser.get(address).status_code == 200
        data = {"mean": "65", "next_lowest": "50", "ceiling": "45", "small_percent": "20", "partner_percent": "6"}
        assert browser.post(address, data=data | {"mean": "70", "tie_method": "draw"}).status_code == 422
        assert browser.post(address, data=data | {"tie_method": "draw"}).status_code == 302
        assert uow.session.scalar(select(EvaluationTerms)).small_percent == Decimal(20)

    def test_a_bid_below_the_minimum_is_not_ranked(self, uow):
        tender = opened_by_rows(uow, prices=("160000", "150000", "171000", "165000"))
        uow.add(
            EvaluationTerms(
                tender_id=tender.id,
                mean=50,
                next_lowest=50,
                ceiling=45,
                small_percent=10,
                partner_percent=4,
                minimum_merit=Decimal(61),
            )
        )
        scored_tender(uow, under_evaluation(uow, tender))
        result = results_of(uow, tender)[0]
        assert [str(merit) for _one, merit in result.below] == ["60.00"]
        award(acting(uow, tender.drafted_by), tender, {})
        assert verify_award(awards_of(uow, tender)[0].record) == []


def test_parallel_first_bids_are_drawn_and_the_record_verifies_r_eval_07(uow):
    tender = conforming(uow, under_evaluation(uow, opened_by_rows(uow, prices=("150000", "150000", "171000"))))
    for seat in seats_of(uow, tender):
        entries = [
            dataclasses.replace(one, points=Decimal(40) if one.points > 30 else one.points)
            for one in entries_for(uow, seat)
        ]
        save_scores(acting(uow, seat.user), seat, entries)
        lock_sheet(acting(uow, seat.user), seat)
    officer = acting(uow, tender.drafted_by)
    conclude(officer, tender)
    result = results_of(uow, tender)[0]
    assert [one.score.rank for one in result.ranked] == [1, 1, 3]
    first, second = result.drawn
    with pytest.raises(Refused) as refused:
        award(officer, tender, {result.lot.id: Choice(second.bid.id)})
    assert rules_of(refused) == {"R-EVAL-07"}
    award(officer, tender, {})
    won = awards_of(uow, tender)[0]
    assert won.bid_id == first.bid.id
    assert verify_award(won.record) == verify_award(won.public_record) == []


def test_a_bidder_wins_no_more_lots_than_the_document_allows_r_tender_07(uow):
    tender = opened_by_rows(uow, lots_per_bidder=1, budget=Decimal(360000))
    first = tender.lots[0]
    first.budget = Decimal(180000)
    second = Lot(id=uow.ids.new(), position=2, title="第二包", budget=Decimal(180000), projects=[make_project(uow)])
    tender.lots.append(second)
    uow.session.flush()
    for bid, price in zip(bids_of(uow, tender), ("160000", "150000", "171000"), strict=True):
        bid_row(uow, second, price, arrived=bid.arrived_at, bidder=bid.bidder)
    uow.session.flush()
    uow.session.expire(tender)
    scored_tender(uow, under_evaluation(uow, tender))
    award(acting(uow, tender.drafted_by), tender, {})
    won = awards_of(uow, tender)
    assert len({one.bid.bidder_id for one in won}) == 2
    assert [one["bid"] for one in won[1].record["passed_over"]] != []
    assert all(verify_award(one.record) == verify_award(one.public_record) == [] for one in won)
