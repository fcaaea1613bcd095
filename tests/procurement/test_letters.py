"""Letters to bidders, low prices, corrected prices and deductions: R-EVAL-04, R-ALP-01/02, R-PRICE-04/05."""

from __future__ import annotations

import dataclasses
import io
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.errors import Forbidden, Refused
from core.identity.models import User
from core.identity.roles import Role
from procurement.models import BidInquiry, PriceCorrection
from procurement.queries.standings import seats_of, standings_of
from procurement.scoring import SmallBusiness, StatedPrices, verify_award
from procurement.services.awarding import awards_of
from procurement.services.bid_inquiries import answer_inquiry, clarify
from procurement.services.concluding import concluding_refusals, results_of
from procurement.services.low_prices import PriceReview, ask_about_price, review_price
from procurement.services.price_corrections import answer_correction, propose_correction
from procurement.services.price_deductions import verify_deduction
from procurement.services.scoring_sheets import lock_sheet
from procurement.states import Outcome, SmeReservation
from procurement.tasks.letters import letter_tasks
from tests.factories.awards import (
    acting,
    awarded_tender,
    bids_of,
    conforming,
    opened_by_rows,
    scored_tender,
    under_evaluation,
)
from tests.factories.identity import make_user


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


def chair_of(uow, tender):
    return next(seat for seat in seats_of(uow, tender) if seat.is_chair)


def as_chair(uow, tender):
    seat = chair_of(uow, tender)
    return acting(uow, seat.user), seat


def as_bidder(uow, bid):
    return acting(uow, uow.get(User, bid.submitted_by_id))


class TestClarification:
    @pytest.fixture
    def tender(self, uow):
        return under_evaluation(uow)

    def test_only_the_chair_asks_and_only_its_bidder_answers_once_and_signed_r_eval_04(self, uow, tender):
        bid, other = bids_of(uow, tender)[:2]
        plain = next(one for one in seats_of(uow, tender) if not one.is_chair)
        with pytest.raises(Forbidden):
            clarify(acting(uow, plain.user), plain, bid, "请说明人员安排", 60)
        letter = clarify(*as_chair(uow, tender), bid, "请说明人员安排", 60)
        with pytest.raises(Forbidden):
            answer_inquiry(as_bidder(uow, other), letter, "答", "某人", keeps_substance=True)
        bidder = as_bidder(uow, bid)
        with pytest.raises(Refused) as refused:
            answer_inquiry(bidder, letter, " ", "", keeps_substance=False)
        assert {one.field for one in refused.value.refusals} == {"answer", "signed_name", "keeps_substance"}
        answer_inquiry(bidder, letter, "人员见投标文件第12页", "沈嘉禾", keeps_substance=True)
        with pytest.raises(Refused) as refused:
            answer_inquiry(bidder, letter, "改口", "沈嘉禾", keeps_substance=True)
        assert rules_of(refused) == {"R-EVAL-04"}

    def test_after_its_time_it_is_too_late(self, uow, tender, clock):
        bid = bids_of(uow, tender)[0]
        letter = clarify(*as_chair(uow, tender), bid, "请说明", 30)
        clock.advance(minutes=30)
        with pytest.raises(Refused) as refused:
            answer_inquiry(as_bidder(uow, bid), letter, "答", "某人", keeps_substance=True)
        assert rules_of(refused) == {"R-EVAL-04"}

    def test_an_open_letter_keeps_the_totals_back(self, uow):
        tender = conforming(uow)
        clarify(*as_chair(uow, tender), bids_of(uow, tender)[0], "请说明", 30)
        for seat in seats_of(uow, tender):
            seat.state = type(seat.state).LOCKED
        found = concluding_refusals(uow, tender, standings_of(uow, tender))
        assert "R-EVAL-04" in {one.rule_id for one in found}

    def test_a_bidder_answers_on_its_page_and_never_learns_who_sits(self, app, uow, tender, client_as):
        bid = bids_of(uow, tender)[0]
        letter = clarify(*as_chair(uow, tender), bid, "请说明项目负责人的证书", 60)
        bidder = uow.get(User, bid.submitted_by_id)
        with app.test_request_context():
            urls = [task.url for task in letter_tasks(as_bidder(uow, bid))]
        assert urls == [f"/letters/{letter.id}"]
        browser = client_as(bidder)
        page = text_of(browser.get(f"/letters/{letter.id}"))
        assert "请说明项目负责人的证书" in page
        assert not any(seat.name in page for seat in seats_of(uow, tender))
        assert browser.post(f"/letters/{letter.id}", data={"answer": "见附件"}).status_code == 422
        data = {
            "answer": "证书见附件",
            "signed_name": "沈嘉禾",
            "keeps_substance": "y",
            "files": (io.BytesIO(b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF"), "x.exe"),
        }
        assert browser.post(f"/letters/{letter.id}", data=data).status_code == 422
        del data["files"]
        assert browser.post(f"/letters/{letter.id}", data=data).status_code == 302
        chair = chair_of(uow, tender)
        assert "证书见附件" in text_of(client_as(chair.user).get(f"/evaluations/{chair.id}"))
        for stranger in (make_user(uow, Role.AGENCY_MANAGER), tender.drafted_by, chair.user):
            assert client_as(stranger).get(f"/letters/{letter.id}").status_code in (403, 404)

    def test_the_chair_writes_by_form(self, uow, tender, client_as):
        bid, chair = bids_of(uow, tender)[0], chair_of(uow, tender)
        address = f"/evaluations/{chair.id}/clarify/{bid.id}"
        browser = client_as(chair.user)
        assert browser.get(address).status_code == 200
        assert browser.post(address, data={"question": "", "minutes": "5"}).status_code == 422
        assert browser.post(address, data={"question": "请说明", "minutes": "45"}).status_code == 302
        assert uow.session.scalar(select(BidInquiry)).minutes == 45


class TestLowPrices:
    REVIEW = PriceReview(True, "低于均值 50%", "书面说明", "同类项目均价", "能够证明")

    @pytest.fixture
    def low(self, uow):
        tender = opened_by_rows(uow, prices=("60000", "150000", "171000", "160000"))
        return conforming(uow, under_evaluation(uow, tender))

    def test_a_low_price_holds_the_sheets_until_the_chair_has_reviewed_it_r_alp_02(self, uow, low):
        flagged = standings_of(uow, low).unreviewed
        assert [one.price for one in flagged] == [Decimal("60000.00")]
        assert {flag.test.value for flag in flagged[0].flags} == {"mean", "next_lowest", "ceiling"}
        member, seat = as_chair(uow, low)
        with pytest.raises(Refused) as refused:
            lock_sheet(member, seat)
        assert rules_of(refused) == {"R-ALP-02"}
        letter = ask_about_price(member, seat, flagged[0].bid, "请说明报价并提交成本测算", 30)
        answer_inquiry(as_bidder(uow, flagged[0].bid), letter, "成本测算见附件", "沈嘉禾", keeps_substance=True)
        assert review_price(member, seat, flagged[0].bid, self.REVIEW).minutes == 30
        assert standings_of(uow, low).unreviewed == []

    @pytest.mark.parametrize("minutes", [0, 29])
    def test_less_than_half_an_hour_is_refused(self, uow, low, minutes):
        with pytest.raises(Refused) as refused:
            ask_about_price(*as_chair(uow, low), bids_of(uow, low)[0], "请说明", minutes)
        assert "R-ALP-02" in rules_of(refused)

    def test_it_is_not_concluded_unasked_nor_while_the_time_runs(self, uow, low, clock):
        member, seat = as_chair(uow, low)
        bid = bids_of(uow, low)[0]
        with pytest.raises(Refused) as refused:
            review_price(member, seat, bid, self.REVIEW)
        assert rules_of(refused) == {"R-ALP-02"}
        ask_about_price(member, seat, bid, "请说明", 30)
        rejected = dataclasses.replace(self.REVIEW, accepted=False, conclusion="不能证明报价合理")
        clock.advance(minutes=29)
        member, seat = as_chair(uow, low)
        with pytest.raises(Refused):
            review_price(member, seat, bid, rejected)
        clock.advance(minutes=1)
        member, seat = as_chair(uow, low)
        review_price(member, seat, bid, rejected)
        assert standings_of(uow, low).bids[0].outcome is Outcome.TOO_LOW

    def test_all_four_texts_are_needed_and_only_the_chair_records(self, uow, low):
        member, seat = as_chair(uow, low)
        bid = bids_of(uow, low)[0]
        answer_inquiry(
            as_bidder(uow, bid), ask_about_price(member, seat, bid, "说明", 30), "答", "某", keeps_substance=True
        )
        with pytest.raises(Refused) as refused:
            review_price(member, seat, bid, PriceReview(True, " ", "", "", ""))
        assert {one.field for one in refused.value.refusals} == {"ground", "course", "basis", "conclusion"}
        plain = next(one for one in seats_of(uow, low) if not one.is_chair)
        with pytest.raises(Forbidden):
            review_price(acting(uow, plain.user), plain, bid, self.REVIEW)

    def test_the_committee_itself_may_find_a_price_too_low_r_alp_01(self, uow):
        tender = conforming(uow)
        member, seat = as_chair(uow, tender)
        bid = bids_of(uow, tender)[1]
        ask_about_price(member, seat, bid, "报价低于同类项目，请说明", 40)
        flagged = standings_of(uow, tender).unreviewed
        assert [(one.bid.id, one.flags[0].test.value) for one in flagged] == [(bid.id, "judgement")]

    def test_the_page_leads_from_the_question_to_the_conclusion(self, uow, low, client_as):
        chair, bid = chair_of(uow, low), bids_of(uow, low)[0]
        browser = client_as(chair.user)
        page = text_of(browser.get(f"/evaluations/{chair.id}"))
        assert f"/price/{bid.id}/ask" in page
        assert browser.get(f"/evaluations/{chair.id}/price/{bid.id}/ask").status_code == 200
        asked = browser.post(
            f"/evaluations/{chair.id}/price/{bid.id}/ask", data={"question": "请说明", "minutes": "30"}
        )
        assert asked.status_code == 302
        early = {"ground": "低", "course": "问", "basis": "均价", "conclusion": "否", "outcome": "rejected"}
        assert browser.post(f"/evaluations/{chair.id}/price/{bid.id}", data=early).status_code == 422


class TestCorrectedPrices:
    @pytest.fixture
    def tender(self, uow):
        return under_evaluation(uow)

    def propose(self, uow, tender, **stated):
        bid = bids_of(uow, tender)[1]
        places = StatedPrices(**{"sheet": bid.price, **stated})
        return bid, propose_correction(*as_chair(uow, tender), bid, places, 30)

    def test_it_counts_once_confirmed_and_the_award_records_it_r_price_04(self, uow, tender):
        bid, row = self.propose(uow, tender, words=Decimal(152000))
        assert standings_of(uow, tender).unconfirmed[0].bid.id == bid.id
        answer_correction(as_bidder(uow, bid), row, "沈嘉禾", confirmed=True)
        assert {one.bid.id: one.price for one in standings_of(uow, tender).bids}[bid.id] == Decimal("152000.00")
        awarded_tender(uow, tender)
        record = awards_of(uow, tender)[0].record
        assert [one["corrected"] for one in record["corrections"]] == ["152000.00"]
        assert verify_award(record) == []

    @pytest.mark.parametrize("refuses", [True, False])
    def test_refused_or_not_confirmed_in_time_the_bid_is_invalid(self, uow, tender, clock, refuses):
        bid, row = self.propose(uow, tender, unit_price=Decimal(40000), quantity=Decimal(4))
        assert row.corrected == Decimal("160000.00")
        if refuses:
            answer_correction(as_bidder(uow, bid), row, "沈嘉禾", confirmed=False)
        else:
            clock.advance(minutes=30)
        found = {one.bid.id: one.outcome for one in standings_of(uow, tender).bids}
        assert found[bid.id] is Outcome.PRICE_UNCONFIRMED

    def test_where_all_places_agree_nothing_is_corrected(self, uow, tender):
        with pytest.raises(Refused) as refused:
            self.propose(uow, tender)
        assert rules_of(refused) == {"R-PRICE-04"}

    def test_the_wizard_reads_capitals_and_the_bidder_signs_on_its_page(self, uow, tender, client_as):
        chair, bid = chair_of(uow, tender), bids_of(uow, tender)[1]
        address = f"/evaluations/{chair.id}/correct/{bid.id}"
        browser = client_as(chair.user)
        assert browser.get(address).status_code == 200
        assert browser.post(address, data={"words": "壹拾伍个", "minutes": "30"}).status_code == 422
        assert browser.post(address, data={"words": "壹拾伍万贰仟元整", "minutes": "30"}).status_code == 302
        row = uow.session.scalar(select(PriceCorrection))
        assert row.corrected == Decimal("152000.00")
        bidder = client_as(uow.get(User, bid.submitted_by_id))
        assert "大写" in text_of(bidder.get(f"/price-corrections/{row.id}"))
        assert bidder.post(f"/price-corrections/{row.id}", data={"signed_name": "沈"}).status_code == 422
        data = {"signed_name": "沈嘉禾", "outcome": "confirmed"}
        assert bidder.post(f"/price-corrections/{row.id}", data=data).status_code == 302
        assert bidder.post(f"/price-corrections/{row.id}", data=data).status_code == 422
        assert client_as(chair.user).get(f"/price-corrections/{row.id}").status_code in (403, 404)


class TestDeductions:
    def test_points_use_the_deducted_price_and_the_contract_keeps_the_bid_r_price_05(self, uow):
        tender = opened_by_rows(uow)
        officer = acting(uow, tender.drafted_by)
        bid = bids_of(uow, tender)[0]
        verify_deduction(officer, bid, SmallBusiness.SMALL_OR_MICRO, declared=True)
        scored_tender(uow, under_evaluation(uow, tender))
        ranked = results_of(uow, tender)[0].ranked
        first = next(one for one in ranked if one.bid.id == bid.id)
        assert (first.offer.evaluated, first.score.price) == (Decimal(144000), Decimal("10.00"))
        assert first.offer.price == Decimal("160000.00")

    @pytest.mark.parametrize(
        ("ground", "declared", "share"),
        [
            (SmallBusiness.SMALL_OR_MICRO, False, None),
            (SmallBusiness.PARTNER, True, Decimal("29.99")),
            (SmallBusiness.PARTNER, True, None),
        ],
    )
    def test_without_its_letter_or_for_too_small_a_share_nothing_is_deducted(self, uow, ground, declared, share):
        tender = opened_by_rows(uow)
        with pytest.raises(Refused) as refused:
            verify_deduction(
                acting(uow, tender.drafted_by), bids_of(uow, tender)[0], ground, declared=declared, partner_share=share
            )
        assert rules_of(refused) == {"R-PRICE-05"}

    def test_never_in_a_reserved_purchase_and_taken_back_by_none(self, uow):
        tender = opened_by_rows(uow, sme_reservation=SmeReservation.WHOLE)
        officer, bid = acting(uow, tender.drafted_by), bids_of(uow, tender)[0]
        with pytest.raises(Refused):
            verify_deduction(officer, bid, SmallBusiness.SMALL_OR_MICRO, declared=True)
        tender = opened_by_rows(uow)
        officer, bid = acting(uow, tender.drafted_by), bids_of(uow, tender)[0]
        verify_deduction(officer, bid, SmallBusiness.SMALL_OR_MICRO, declared=True)
        verify_deduction(officer, bid, SmallBusiness.NONE, declared=False)
        assert standings_of(uow, tender).prices.deduction_of(bid) == 0

    def test_once_a_sheet_is_locked_nothing_changes_r_eval_05(self, uow):
        tender = under_evaluation(uow)
        officer, bid = acting(uow, tender.drafted_by), bids_of(uow, tender)[0]
        verify_deduction(officer, bid, SmallBusiness.SMALL_OR_MICRO, declared=True)
        seat = seats_of(uow, tender)[0]
        seat.state = type(seat.state).LOCKED
        with pytest.raises(Refused):
            verify_deduction(officer, bid, SmallBusiness.NONE, declared=False)
