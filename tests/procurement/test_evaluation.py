from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from procurement.queries.standings import seats_of, standings_of
from procurement.services.committee import committee_refusals, seat_members, start_evaluation, unseat
from procurement.services.concluding import conclude, concluding_refusals, results_of
from procurement.services.conformity import Vote, vote
from procurement.services.examination import examine, fail_tender
from procurement.services.re_reviews import reopen_sheets
from procurement.services.scoring_sheets import declare, lock_sheet, recuse, save_scores
from procurement.states import CorrectionGround, FailureGround, Outcome, SeatCategory, SeatState, TenderState
from tests.factories.awards import (
    acting,
    bids_of,
    conforming,
    entries_for,
    examined,
    member_entry,
    opened_by_rows,
    scored_tender,
    under_evaluation,
    unmet,
    with_committee,
)
from tests.factories.identity import make_user


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


@pytest.fixture
def tender(uow):
    return opened_by_rows(uow)


@pytest.fixture
def officer(uow, tender):
    return acting(uow, tender.drafted_by)


def seat_at(uow, tender, place=0):
    return seats_of(uow, tender)[place]


def chair_of(uow, tender):
    return next(seat for seat in seats_of(uow, tender) if seat.is_chair)


class TestExamination:
    def test_a_failure_without_its_reason_is_refused(self, uow, tender, officer):
        with pytest.raises(Refused) as refused:
            examine(officer, bids_of(uow, tender)[0], passed=False)
        assert rules_of(refused) == {"R-AWARD-03"}

    def test_only_the_purchasers_officers_examine(self, uow, uow_as, tender):
        with pytest.raises(Forbidden):
            examine(uow_as(make_user(uow, Role.EXPERT)), bids_of(uow, tender)[0], passed=True)

    def test_it_may_be_changed_until_the_evaluation_begins(self, uow):
        tender = under_evaluation(uow)
        with pytest.raises(Refused) as refused:
            examine(acting(uow, tender.drafted_by), bids_of(uow, tender)[0], passed=True)
        assert rules_of(refused) == {"R-QUAL-01"}

    def test_with_two_qualified_bidders_there_is_no_evaluation(self, uow, tender, officer):
        with_committee(uow, examined(uow, tender, failing=[0]))
        with pytest.raises(Refused) as refused:
            start_evaluation(officer, tender)
        assert rules_of(refused) == {"R-OPEN-04"}
        assert tender.state is TenderState.OPENED

    @pytest.mark.parametrize(
        ("price", "outcome"), [("180000.00", Outcome.PENDING), ("180000.01", Outcome.ABOVE_CEILING)]
    )
    def test_a_price_above_the_budget_is_invalid_to_the_fen(self, uow, price, outcome):
        tender = opened_by_rows(uow, prices=(price, "150000", "160000"))
        assert standings_of(uow, tender).bids[0].outcome is outcome

    def test_the_approver_declares_it_failed_and_the_officer_cannot(self, uow, tender, officer):
        with pytest.raises(Forbidden):
            fail_tender(officer, tender, FailureGround.TOO_FEW_VALID, "合格投标人只有两家")
        approver = acting(uow, tender.approved_by)
        with pytest.raises(Refused):
            fail_tender(approver, tender, FailureGround.TOO_FEW_VALID, " ")
        fail_tender(approver, tender, FailureGround.TOO_FEW_VALID, "合格投标人只有两家")
        assert (tender.state, tender.failure_ground) == (TenderState.FAILED, FailureGround.TOO_FEW_VALID)


class TestCommittee:
    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"drawn_at": timedelta(days=6)}, "R-COMM-05"),
            ({"drawn_at": timedelta(hours=-1)}, "R-POOL-01"),
            ({"category": SeatCategory.PURCHASER, "is_chair": True}, "R-COMM-08"),
            ({"draw_number": " "}, None),
        ],
    )
    def test_a_line_that_breaks_a_rule_is_refused_with_its_id(self, uow, tender, officer, changes, rule):
        if "drawn_at" in changes:
            changes = {**changes, "drawn_at": uow.now - changes["drawn_at"]}
        with pytest.raises(Refused) as refused:
            seat_members(officer, tender, [member_entry(uow, **changes)])
        assert rule in rules_of(refused)
        assert seats_of(uow, tender) == []

    def test_whoever_works_for_a_bidder_or_supervises_or_holds_a_key_may_not_sit(self, uow, tender, officer):
        bid = bids_of(uow, tender)[0]
        tied = make_user(uow, Role.AGENCY_STAFF, organisation=bid.bidder)
        supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
        holder = tender.keyholders[0].user
        entries = [
            member_entry(uow, number, email=one.email) for number, one in enumerate((tied, supervisor, holder), 2)
        ]
        with pytest.raises(Refused) as refused:
            seat_members(officer, tender, entries)
        assert rules_of(refused) == {"R-COMM-06", "R-OPEN-01"}

    def test_the_purchasers_own_people_sit_only_as_its_representative(self, uow, tender, officer):
        with pytest.raises(Refused) as refused:
            seat_members(officer, tender, [member_entry(uow, email=tender.approved_by.email)])
        assert rules_of(refused) == {"R-COMM-06"}
        entry = member_entry(uow, 2, email=tender.approved_by.email, category=SeatCategory.PURCHASER)
        assert seat_members(officer, tender, [entry])[0].category is SeatCategory.PURCHASER

    def test_four_members_one_employer_twice_and_no_chair_are_told_at_once(self, uow, tender, officer):
        users = [make_user(uow, Role.EXPERT) for _one in range(4)]
        seat_members(
            officer,
            tender,
            [
                member_entry(uow, n, email=user.email, employer="同一单位", is_chair=False)
                for n, user in enumerate(users)
            ],
        )
        rules = {one.rule_id for one in committee_refusals(uow, tender)}
        assert rules == {"R-COMM-01", "R-COMM-07", "R-COMM-08"}

    @pytest.mark.parametrize(("members", "rule"), [(5, "R-COMM-02"), (7, None)])
    def test_a_complex_project_needs_seven(self, uow, members, rule):
        tender = with_committee(uow, opened_by_rows(uow, is_complex=True), members)
        assert [one.rule_id for one in committee_refusals(uow, tender)] == ([rule] if rule else [])

    def test_the_evaluation_begins_only_with_everything_in_place(self, uow, tender, officer):
        with pytest.raises(Refused) as refused:
            start_evaluation(officer, tender)
        assert rules_of(refused) == {"R-QUAL-01", "R-COMM-01"}
        start_evaluation(officer, with_committee(uow, examined(uow, tender)))
        assert tender.state is TenderState.UNDER_EVALUATION

    def test_nobody_is_struck_off_once_it_began(self, uow):
        tender = under_evaluation(uow)
        with pytest.raises(Refused):
            unseat(acting(uow, tender.drafted_by), seat_at(uow, tender))


class TestMembers:
    def test_nothing_is_judged_before_the_declaration(self, uow):
        tender = under_evaluation(uow, declared=False)
        seat = seat_at(uow, tender)
        with pytest.raises(Forbidden):
            vote(acting(uow, seat.user), seat, [])
        declare(acting(uow, seat.user), seat)
        assert seat.declared_at is not None

    def test_nobody_acts_in_anothers_seat(self, uow):
        tender = under_evaluation(uow, declared=False)
        one, other = seats_of(uow, tender)[:2]
        with pytest.raises(Forbidden):
            declare(acting(uow, other.user), one)

    def test_conformity_is_decided_by_the_majority(self, uow):
        tender = under_evaluation(uow, opened_by_rows(uow, prices=("160000", "150000", "171000", "165000")))
        first, second = bids_of(uow, tender)[:2]
        for number, seat in enumerate(seats_of(uow, tender)):
            votes = [Vote(one.bid.id) for one in standings_of(uow, tender).candidates[2:]]
            votes += [
                Vote(first.id, {} if number >= 3 else unmet(tender, "缺项")),
                Vote(second.id, {} if number >= 2 else unmet(tender, "缺项")),
            ]
            vote(acting(uow, seat.user), seat, votes)
        outcomes = {one.bid.id: one.outcome for one in standings_of(uow, tender).bids}
        assert (outcomes[first.id], outcomes[second.id]) == (Outcome.NONCONFORMING, Outcome.VALID)

    def test_a_bid_found_wanting_needs_its_reason_and_closed_votes_stand(self, uow):
        tender = under_evaluation(uow)
        seat = seat_at(uow, tender)
        member = acting(uow, seat.user)
        votes = [Vote(one.bid.id, unmet(tender, " ")) for one in standings_of(uow, tender).candidates]
        with pytest.raises(Refused) as refused:
            vote(member, seat, votes)
        assert len(refused.value.refusals) == 3
        conforming(uow, tender)
        with pytest.raises(Refused) as refused:
            vote(member, seat, [])
        assert rules_of(refused) == {"R-EVAL-05"}

    def test_scores_wait_for_everybodys_conformity(self, uow):
        tender = under_evaluation(uow)
        seat = seat_at(uow, tender)
        with pytest.raises(Refused) as refused:
            save_scores(acting(uow, seat.user), seat, [])
        assert rules_of(refused) == {"R-EVAL-03"}

    @pytest.mark.parametrize("points", ["15", "40", "30.01"])
    def test_points_outside_the_bands_are_refused_at_their_place(self, uow, points):
        tender = conforming(uow)
        seat = seat_at(uow, tender)
        entry = dataclasses.replace(entries_for(uow, seat)[0], points=Decimal(points))
        with pytest.raises(Refused) as refused:
            save_scores(acting(uow, seat.user), seat, [entry])
        assert refused.value.refusals[0].field == f"{entry.bid_id}/{entry.criterion_id}"

    def test_an_unfinished_sheet_is_not_locked_and_a_locked_one_not_changed(self, uow):
        tender = conforming(uow)
        seat = seat_at(uow, tender)
        member = acting(uow, seat.user)
        entries = entries_for(uow, seat)
        save_scores(member, seat, entries[1:])
        with pytest.raises(Refused) as refused:
            lock_sheet(member, seat)
        assert [one.field for one in refused.value.refusals] == [f"{entries[0].bid_id}/{entries[0].criterion_id}"]
        save_scores(member, seat, entries[:1])
        lock_sheet(member, seat, dissent="对第二家的业绩认定有异议：合同未盖章")
        assert seat.state is SeatState.LOCKED
        with pytest.raises(Refused) as refused:
            save_scores(member, seat, entries)
        assert rules_of(refused) == {"R-EVAL-05"}

    def test_a_recused_member_no_longer_counts_and_a_substitute_starts_from_nothing(self, uow):
        tender = conforming(uow)
        seat = next(one for one in seats_of(uow, tender) if not one.is_chair)
        recuse(acting(uow, seat.user), seat, "与投标人负责人是同学")
        assert len(seats_of(uow, tender)) == 4
        user = make_user(uow, Role.EXPERT)
        entry = member_entry(uow, 9, email=user.email)
        seat_members(acting(uow, tender.drafted_by), tender, [dataclasses.replace(entry, is_chair=False)])
        assert not standings_of(uow, tender).conformity_closed


class TestConcluding:
    def test_points_follow_the_formula_and_the_order_the_totals(self, uow):
        ranked = results_of(uow, tender := scored_tender(uow))[0].ranked
        assert tender.state is TenderState.EVALUATED
        found = {one.bid.price: (one.score.price, one.score.merit, one.score.rank) for one in ranked}
        assert found == {
            Decimal("160000.00"): (Decimal("9.38"), Decimal("72.00"), 1),
            Decimal("150000.00"): (Decimal("10.00"), Decimal("68.00"), 2),
            Decimal("171000.00"): (Decimal("8.77"), Decimal("64.00"), 3),
        }

    def test_an_open_sheet_keeps_it_from_being_added_up(self, uow):
        tender = conforming(uow)
        with pytest.raises(Refused) as refused:
            conclude(acting(uow, tender.drafted_by), tender)
        assert rules_of(refused) == {"R-COMM-11"}

    def test_unequal_objective_points_are_refused_before_locking_and_corrected_on_a_lawful_ground(self, uow):
        tender = conforming(uow)
        officer = acting(uow, tender.drafted_by)
        first, second = seats_of(uow, tender)[:2]
        save_scores(acting(uow, first.user), first, entries_for(uow, first, objective="10"))
        lock_sheet(acting(uow, first.user), first)
        save_scores(acting(uow, second.user), second, entries_for(uow, second))
        with pytest.raises(Refused) as refused:
            lock_sheet(acting(uow, second.user), second)
        assert rules_of(refused) == {"R-EVAL-05"}
        assert not any("10" in str(one.reason) for one in refused.value.refusals)
        reopen_sheets(officer, tender, CorrectionGround.OBJECTIVE_DIFFERS, "业绩数量认定不一致")
        for seat in seats_of(uow, tender):
            assert seat.state is SeatState.DECLARED
            save_scores(acting(uow, seat.user), seat, entries_for(uow, seat))
            lock_sheet(acting(uow, seat.user), seat)
        conclude(officer, tender)
        assert tender.state is TenderState.EVALUATED

    def test_without_a_chair_nothing_is_added_up(self, uow):
        tender = conforming(uow)
        chair_of(uow, tender).is_chair = False
        assert "R-COMM-08" in {one.rule_id for one in concluding_refusals(uow, tender, standings_of(uow, tender))}

    def test_after_the_totals_nothing_is_reopened(self, uow):
        tender = scored_tender(uow)
        with pytest.raises(Refused) as refused:
            reopen_sheets(acting(uow, tender.drafted_by), tender, CorrectionGround.EXTREME, "畸高")
        assert rules_of(refused) == {"R-EVAL-05"}

    def test_with_two_valid_bids_the_tender_can_only_fail(self, uow):
        tender = conforming(uow, failing=[0])
        for seat in seats_of(uow, tender):
            save_scores(acting(uow, seat.user), seat, entries_for(uow, seat))
            lock_sheet(acting(uow, seat.user), seat)
        with pytest.raises(Refused) as refused:
            conclude(acting(uow, tender.drafted_by), tender)
        assert rules_of(refused) == {"R-OPEN-05"}
