"""What may go wrong in a review: R-COMM-08, R-COMM-10, R-COMM-11, R-COMM-16, R-EVAL-05, R-EVAL-06."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.documents.models import Document
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Notification
from core.permissions import policy
from procurement.models import IrregularityReport
from procurement.permissions import TenderPermission
from procurement.queries.awards import may_read_report
from procurement.queries.standings import seats_of, standings_of
from procurement.services.chair_election import vote_for_chair
from procurement.services.committee import seat_members
from procurement.services.committee_conduct import (
    mark_absent,
    open_pause,
    report_irregularity,
    resume_review,
    stop_for_breach,
    suspend_review,
    void_opinion,
)
from procurement.services.concluding import conclude, results_of
from procurement.services.conformity import vote
from procurement.services.evaluation_report import report_parts
from procurement.services.re_review_report import corrections_of
from procurement.services.re_reviews import request_re_review
from procurement.services.scoring_sheets import ScoreEntry, lock_sheet, save_scores, sign_report
from procurement.states import (
    CorrectionGround,
    DisciplineCode,
    PauseGround,
    SeatCategory,
    SeatState,
    TenderState,
)
from tests.factories.awards import (
    acting,
    bids_of,
    conforming,
    entries_for,
    member_entry,
    scored_tender,
    under_evaluation,
)
from tests.factories.identity import make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


@pytest.fixture
def tender(uow):
    return under_evaluation(uow)


@pytest.fixture
def officer(uow, tender):
    return acting(uow, tender.drafted_by)


def chair_of(uow, tender):
    return next(seat for seat in seats_of(uow, tender) if seat.is_chair)


def others_of(uow, tender):
    return [seat for seat in seats_of(uow, tender) if not seat.is_chair]


class TestElection:
    @pytest.fixture
    def leaderless(self, uow, tender):
        chair_of(uow, tender).is_chair = False
        uow.session.flush()
        return tender

    def test_more_than_half_of_the_votes_make_the_chair_r_comm_08(self, uow, leaderless):
        seats = seats_of(uow, leaderless)
        for number, voter in enumerate(seats[:3]):
            assert not any(one.is_chair for one in seats)
            found = vote_for_chair(acting(uow, voter.user), voter, seats[1])
            assert (found is not None) == (number == 2)
        assert seats[1].is_chair
        with pytest.raises(Refused):
            vote_for_chair(acting(uow, seats[3].user), seats[3], seats[0])

    def test_a_vote_may_be_changed_and_nobody_votes_twice(self, uow, leaderless):
        seats = seats_of(uow, leaderless)
        member = acting(uow, seats[0].user)
        for candidate in (seats[0], seats[1], seats[0]):
            assert vote_for_chair(member, seats[0], candidate) is None
        assert not any(one.is_chair for one in seats)

    def test_the_purchasers_representative_and_strangers_are_no_candidates(self, uow, leaderless):
        seats = seats_of(uow, leaderless)
        seats[4].category = SeatCategory.PURCHASER
        elsewhere = seats_of(uow, under_evaluation(uow))[0]
        for candidate in (seats[4], elsewhere):
            with pytest.raises(Refused) as refused:
                vote_for_chair(acting(uow, seats[0].user), seats[0], candidate)
            assert rules_of(refused) == {"R-COMM-08"}

    def test_it_is_done_on_the_members_page(self, uow, leaderless, client_as):
        seats = seats_of(uow, leaderless)
        for voter in seats[:3]:
            browser = client_as(voter.user)
            assert "推选组长" in browser.get(f"/evaluations/{voter.id}").get_data(as_text=True)
            assert browser.post(f"/evaluations/{voter.id}/chair-vote", data={}).status_code == 422
            data = {"candidate": str(seats[2].id)}
            assert browser.post(f"/evaluations/{voter.id}/chair-vote", data=data).status_code == 302
        assert seats[2].is_chair


class TestMissingMembers:
    def test_a_substitute_starts_from_nothing_and_the_missing_ones_votes_are_gone_r_comm_10(self, uow):
        tender = conforming(uow)
        officer = acting(uow, tender.drafted_by)
        missing = others_of(uow, tender)[0]
        mark_absent(officer, missing, "突发疾病，无法继续")
        assert missing not in seats_of(uow, tender)
        user = make_user(uow, Role.EXPERT)
        entry = dataclasses.replace(member_entry(uow, 9, email=user.email), is_chair=False)
        seat = seat_members(officer, tender, [entry])[0]
        assert seat.state is SeatState.NAMED
        assert not standings_of(uow, tender).conformity_closed

    def test_when_nobody_can_be_found_the_review_stops_and_the_files_are_sealed(self, uow, tender, officer):
        bid, member = bids_of(uow, tender)[0], others_of(uow, tender)[0]
        mark_absent(officer, others_of(uow, tender)[1], "失联")
        suspend_review(officer, tender, "补抽两次均无人应答")
        assert tender.state is TenderState.REVIEW_SUSPENDED
        assert open_pause(uow, tender).ground is PauseGround.MEMBER_MISSING
        assert not policy.allows(officer.actor, TenderPermission.READ_BID, bid)
        with pytest.raises(Refused) as refused:
            vote(acting(uow, member.user), member, [])
        assert rules_of(refused) == {"R-COMM-10"}
        with pytest.raises(Refused) as refused:
            resume_review(officer, tender, "继续")
        assert rules_of(refused) == {"R-COMM-01"}
        user = make_user(uow, Role.EXPERT)
        seat_members(officer, tender, [dataclasses.replace(member_entry(uow, 9, email=user.email), is_chair=False)])
        resume_review(officer, tender, "已补抽一名专家")
        assert (tender.state, open_pause(uow, tender)) == (TenderState.UNDER_EVALUATION, None)
        assert policy.allows(officer.actor, TenderPermission.READ_BID, bid)

    def test_a_stopped_review_shows_its_members_nothing(self, uow, tender, officer, client_as):
        suspend_review(officer, tender, "无法补足")
        seat = others_of(uow, tender)[0]
        page = client_as(seat.user).get(f"/evaluations/{seat.id}").get_data(as_text=True)
        assert "资料封存" in page
        assert not any(bid.bidder.name in page for bid in bids_of(uow, tender))

    def test_a_breach_of_discipline_voids_the_opinion_r_comm_16(self, uow, tender, officer):
        seat = chair_of(uow, tender)
        with pytest.raises(Refused):
            void_opinion(officer, seat, DisciplineCode.CONTACT, " ")
        void_opinion(officer, seat, DisciplineCode.CONTACT, "评审期间与投标人通话")
        assert (seat.state, seat.is_chair, seat.void_code) == (SeatState.VOIDED, False, DisciplineCode.CONTACT)
        told = uow.session.scalars(select(Notification.kind).where(Notification.user_id == seat.user_id)).all()
        assert "evaluation.voided" in told

    def test_only_officers_replace_and_only_during_the_review(self, uow, tender):
        seat = others_of(uow, tender)[0]
        with pytest.raises(Forbidden):
            mark_absent(acting(uow, chair_of(uow, tender).user), seat, "x")
        done = scored_tender(uow)
        with pytest.raises(Refused):
            mark_absent(acting(uow, done.drafted_by), seats_of(uow, done)[0], "x")

    def test_the_officer_does_it_all_by_form(self, uow, tender, client_as):
        browser = client_as(tender.drafted_by)
        base = f"/tenders/{tender.id}/committee"
        first, second = others_of(uow, tender)[:2]
        for address, more in (
            (f"{base}/{first.id}/absent", {}),
            (f"{base}/{second.id}/void", {"code": "left"}),
            (f"{base}/suspend", {}),
        ):
            assert browser.get(address).status_code == 200
            assert browser.post(address, data=more).status_code == 422
            assert browser.post(address, data={"reason": "事实清楚", **more}).status_code == 302
        assert browser.post(f"{base}/resume", data={"reason": "补足"}).status_code == 422
        page = browser.get(base).get_data(as_text=True)
        assert "评标中擅离职守影响评标" in page
        member = client_as(chair_of(uow, tender).user)
        assert member.get(f"{base}/suspend").status_code in (403, 404)


class TestStops:
    def test_documents_that_break_the_law_stop_the_review_for_good(self, uow, tender, officer):
        with pytest.raises(Forbidden):
            stop_for_breach(acting(uow, others_of(uow, tender)[0].user), others_of(uow, tender)[0], "x")
        chair = chair_of(uow, tender)
        stop_for_breach(acting(uow, chair.user), chair, "资格条件限定本地企业")
        assert tender.state is TenderState.REVIEW_SUSPENDED
        with pytest.raises(Refused) as refused:
            resume_review(officer, tender, "继续")
        assert rules_of(refused) == {"R-COMM-11"}

    def test_an_unlawful_act_is_reported_to_the_finance_authority(self, uow, tender, client_as):
        supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
        chair = chair_of(uow, tender)
        with pytest.raises(Refused):
            report_irregularity(acting(uow, chair.user), chair, " ")
        browser = client_as(chair.user)
        address = f"/evaluations/{chair.id}/irregularity"
        assert browser.get(address).status_code == 200
        data = {"facts": "两家投标文件错误一致", "bid": str(bids_of(uow, tender)[0].id)}
        assert browser.post(address, data=data).status_code == 302
        assert uow.session.scalar(select(IrregularityReport)).facts == "两家投标文件错误一致"
        told = uow.session.scalars(select(Notification.kind).where(Notification.user_id == supervisor.id)).all()
        assert told == ["evaluation.irregularity"]
        stop = f"/evaluations/{chair.id}/stop"
        assert browser.get(stop).status_code == 200
        assert browser.post(stop, data={"reason": "违反强制性规定"}).status_code == 302


class TestSigning:
    def test_silence_agrees_and_dissent_stands_in_the_report_r_comm_11(self, uow):
        tender = scored_tender(uow)
        first, second = seats_of(uow, tender)[:2]
        sign_report(acting(uow, first.user), first)
        sign_report(acting(uow, second.user), second, dissent="业绩认定依据不足")
        table = report_parts(uow, tender)[-1].blocks[0]
        opinions = {row[0]: row[3] for row in table.rows}
        assert opinions[first.name] == "同意"
        assert opinions[second.name] == "业绩认定依据不足"
        assert set(opinions.values()) == {"同意", "业绩认定依据不足", "未签署，视为同意"}

    def test_it_is_signed_on_the_members_page_after_the_totals_only(self, uow, client_as):
        tender = conforming(uow)
        seat = seats_of(uow, tender)[0]
        browser = client_as(seat.user)
        assert browser.post(f"/evaluations/{seat.id}/sign", data={}).status_code == 422
        tender = scored_tender(uow)
        seat = seats_of(uow, tender)[0]
        assert client_as(seat.user).post(f"/evaluations/{seat.id}/sign", data={"dissent": ""}).status_code == 302
        assert seat.signed_at is not None


class TestOutliers:
    def test_points_far_from_the_locked_ones_need_a_reason_before_locking_r_eval_05(self, uow):
        tender = conforming(uow)
        seats = seats_of(uow, tender)
        for seat in seats[:2]:
            save_scores(acting(uow, seat.user), seat, entries_for(uow, seat))
            lock_sheet(acting(uow, seat.user), seat)
        odd, member = seats[2], acting(uow, seats[2].user)
        entries = entries_for(uow, odd)
        low = dataclasses.replace(entries[1], points=Decimal(5))
        save_scores(
            member,
            odd,
            [low if one.criterion_id == low.criterion_id and one.bid_id == low.bid_id else one for one in entries],
        )
        with pytest.raises(Refused) as refused:
            lock_sheet(member, odd)
        assert [one.field for one in refused.value.refusals] == [f"{low.bid_id}/{low.criterion_id}"]
        save_scores(member, odd, [dataclasses.replace(low, rationale="方案照抄采购需求，无实质内容")])
        lock_sheet(member, odd)
        assert odd.state is SeatState.LOCKED


class TestReReview:
    def rescored(self, uow, tender, *, best: int):
        """Every sheet corrected and locked again; the bid at the place `best` gets the most points."""
        for seat in seats_of(uow, tender):
            entries = entries_for(uow, seat)
            order = list(dict.fromkeys(one.bid_id for one in entries))
            changed = [
                ScoreEntry(one.bid_id, one.criterion_id, Decimal(58), "")
                if order.index(one.bid_id) == best and one.points != Decimal(20)
                else one
                for one in entries
            ]
            save_scores(acting(uow, seat.user), seat, changed)
            lock_sheet(acting(uow, seat.user), seat)

    @pytest.mark.parametrize(("best", "changed"), [(2, True), (0, True)])
    def test_a_changed_result_is_reported_in_writing_r_eval_06(self, uow, best, changed):
        tender = scored_tender(uow)
        officer = acting(uow, tender.drafted_by)
        request_re_review(officer, tender, CorrectionGround.ARITHMETIC, "合计漏加一项")
        assert all(seat.state is SeatState.DECLARED for seat in seats_of(uow, tender))
        self.rescored(uow, tender, best=best)
        conclude(officer, tender)
        row = corrections_of(uow, tender)[0]
        assert row.changed is changed
        papers = uow.session.scalars(select(Document).where(Document.owner_id == row.id)).all()
        assert [one.purpose for one in papers] == ["re-review-report"]
        assert may_read_report(officer, papers[0])

    def test_an_unchanged_result_needs_no_report(self, uow):
        tender = scored_tender(uow)
        officer = acting(uow, tender.drafted_by)
        before = [one.bid.id for one in results_of(uow, tender)[0].ranked]
        request_re_review(officer, tender, CorrectionGround.EXTREME, "核对")
        for step, seat in enumerate(seats_of(uow, tender)):
            save_scores(acting(uow, seat.user), seat, entries_for(uow, seat, step=step))
            lock_sheet(acting(uow, seat.user), seat)
        conclude(officer, tender)
        row = corrections_of(uow, tender)[0]
        assert (row.changed, [one.bid.id for one in results_of(uow, tender)[0].ranked]) == (False, before)
        assert uow.session.scalars(select(Document).where(Document.owner_id == row.id)).all() == []

    def test_it_needs_its_reason_and_is_for_officers_by_form(self, uow, client_as):
        tender = scored_tender(uow)
        with pytest.raises(Refused):
            request_re_review(acting(uow, tender.drafted_by), tender, CorrectionGround.EXTREME, " ")
        address = f"/tenders/{tender.id}/results/re-review"
        assert client_as(tender.approved_by).post(address, data={"reason": "x"}).status_code == 403
        browser = client_as(tender.drafted_by)
        assert browser.get(address).status_code == 200
        assert browser.post(address, data={"ground": "arithmetic", "reason": "漏加"}).status_code == 302
        assert tender.state is TenderState.UNDER_EVALUATION
        assert "重新评审中" in browser.get(f"/tenders/{tender.id}/results").get_data(as_text=True)
