"""Committees drawn from the bureau's own pool: R-POOL-01, R-COMM-04/05/06/07/10/14, R-EXP-02, R-SEC-01, R-SEC-03."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Mail
from experts.draw.verify import verify_draw
from experts.exclusions import Exclusion
from experts.models import Conflict
from experts.services.conflicts import declare_conflict
from experts.services.draw_steps import promise_entropy, reveal_entropy, role_for, void_draw
from experts.states import Category, ConflictKind, DrawState
from procurement.queries.pool_draw import invitees_of, matter_of
from procurement.queries.standings import seats_of
from procurement.services.committee import composition_refusals, start_evaluation, unseat
from procurement.services.pool_draw import cancel_call, lock_call, outlook_of, plan_call, still_wanted
from procurement.services.pool_invitations import (
    PoolAnswer,
    accept,
    decline,
    lapse_overdue_invitations,
    replace,
)
from procurement.services.pool_papers import archived_draws
from procurement.services.pool_screening import draws_of_call, screened_for
from procurement.services.requirements import note_author
from procurement.services.scoring_sheets import declare, recuse
from procurement.states import CallState, InviteeState, SeatSource, SeatState, TenderState
from procurement.tasks.pool_draw import pool_draw_tasks
from procurement.workflow import TENDER
from tests.factories.awards import acting, bid_row, examined, opened_by_rows
from tests.factories.experts import make_expert, pool_of
from tests.factories.identity import make_user
from tests.factories.pool_draw import CONFIRMED, PHRASES, PoolHall, call_entry, published_by_rows

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def rules_of(refused) -> set[str | None]:
    return {refusal.rule_id for refusal in refused.value.refusals}


class TestPlanning:
    def test_above_the_limit_only_a_selection_with_consent_is_lawful_r_pool_01_r_comm_04(self, uow):
        tender = published_by_rows(uow, budget=Decimal(2000000))
        officer = acting(uow, tender.drafted_by)
        with pytest.raises(Refused) as refused:
            plan_call(officer, tender, call_entry(uow))
        assert {(one.field, one.rule_id) for one in refused.value.refusals} == {
            (field, "R-COMM-04") for field in ("ground", "consenting", "consent")
        }
        paper = FileStorage(io.BytesIO(PNG), filename="同意函.png")
        grounds = {"ground": "涉及生态价值核算，省库无此专业", "consenting": "区生态环境局"}
        hall = PoolHall(uow, tender, consent=paper, **grounds)
        hall.draw().accept_all()
        assert {seat.source for seat in seats_of(uow, tender)} == {SeatSource.SELF_SELECTED}

    def test_what_is_wrong_is_said_at_its_field_and_one_call_runs_at_a_time(self, uow):
        hall = PoolHall(uow)
        officer = acting(uow, hall.officer)
        wrong = call_entry(
            uow, size=0, reserves=31, minimums={"law": 9}, place=" ", fee=Decimal(-1), answer_hours=0, starts_at=uow.now
        )
        with pytest.raises(Refused) as refused:
            plan_call(officer, hall.tender, wrong)
        fields = {one.field for one in refused.value.refusals}
        assert fields == {None, "size", "reserves", "least-law", "place", "fee", "answer_hours", "starts_at"}
        assert "R-POOL-01" in rules_of(refused)
        cancel_call(officer, hall.call, "改由省库抽取")
        assert plan_call(officer, hall.tender, call_entry(uow)).number.endswith("-抽2")

    def test_only_the_purchasers_officers_plan_and_supervision_gives_no_entropy_r_sec_01(self, uow):
        hall = PoolHall(uow).lock()
        for role in (Role.PROCUREMENT_SUPERVISOR, Role.EXPERT, Role.PROCUREMENT_APPROVER):
            with pytest.raises(Forbidden):
                plan_call(acting(uow, make_user(uow, role)), hall.tender, call_entry(uow))
        draw = draws_of_call(uow, hall.call)[-1]
        with pytest.raises(Forbidden):
            promise_entropy(acting(uow, make_user(uow, Role.PROCUREMENT_SUPERVISOR)), draw, phrase=PHRASES[0])

    def test_nobody_draws_earlier_than_two_working_days_before_the_review_r_comm_05(self, uow):
        hall = PoolHall(uow, published_by_rows(uow, due_in=timedelta(days=9)), starts_at=uow.now + timedelta(days=9))
        with pytest.raises(Refused) as refused:
            lock_call(acting(uow, hall.officer), hall.call)
        assert rules_of(refused) == {"R-COMM-05"}
        assert hall.call.state is CallState.PLANNED

    def test_no_combination_is_said_before_locking(self, uow):
        hall = PoolHall(uow, minimums={Category.LAW.value: 1})
        assert outlook_of(uow, hall.call).infeasible is not None
        with pytest.raises(Refused) as refused:
            lock_call(acting(uow, hall.officer), hall.call)
        assert rules_of(refused) == {"R-COMM-04"}


class TestScreening:
    def test_each_ground_keeps_somebody_out_with_its_reason(self, uow):
        tender = published_by_rows(uow)
        unit = tender.lots[0].projects[0].unit
        tied, wrote, young, holder, free = (make_expert(uow) for _one in range(5))
        declare_conflict(uow, tied, unit, kind=ConflictKind.KINSHIP, reason="配偶任职")
        note_author(uow, tender, wrote.user)
        young.professional_title, young.field_since = "会计师", uow.today.year - 2
        tender.keyholders[0].user_id = holder.user_id
        uow.session.flush()
        uow.session.expire(tender, ["keyholders"])
        found = {one.expert.id: one.exclusion for one in screened_for(uow, tender)}
        assert [found[one.id] for one in (tied, wrote, young, holder, free)] == [
            Exclusion.KINSHIP,
            Exclusion.PREPARED,
            Exclusion.CONDITIONS,
            Exclusion.KEYHOLDER,
            None,
        ]
        rules = {one.rule_id for one in found.values() if one}
        assert rules == {"R-COMM-06", "R-COMM-07", "R-COMM-14", "R-OPEN-01"}

    def test_bidders_count_only_once_the_bids_are_open_r_sec_03(self, uow):
        tender = opened_by_rows(uow)
        opened = matter_of(uow, tender)
        assert len(opened.agencies) == 3
        tender.opened_at = None
        closed = matter_of(uow, tender)
        assert closed.agencies == frozenset()
        assert closed.parties == opened.parties - opened.agencies


class TestDrawing:
    def test_two_sides_draw_a_committee_that_verifies_from_its_record_alone_r_pool_01(self, uow):
        hall = PoolHall(uow).draw()
        assert hall.call.state is CallState.INVITING
        invited = hall.in_state(InviteeState.INVITED)
        assert len(invited) == 5
        assert sum(Category.PERFORMANCE in one.expert.category_labels for one in invited) >= 2
        draw = draws_of_call(uow, hall.call)[-1]
        assert verify_draw(json.loads(json.dumps(draw.record, default=str))) == []
        assert verify_draw(json.loads(json.dumps(draw.public_record, default=str))) == []
        assert hall.call.register.record == draw.record
        assert [verify_draw(json.loads(one.data)) for one in archived_draws(uow, hall.tender)] == [[]]

    def test_officer_and_agent_are_one_side_and_one_person_gives_once(self, uow):
        hall = PoolHall(uow).lock()
        draw = draws_of_call(uow, hall.call)[-1]
        promise_entropy(acting(uow, hall.officer), draw, phrase=PHRASES[0])
        assert role_for(acting(uow, hall.officer), draw) is None
        assert role_for(acting(uow, make_user(uow, Role.AGENT_OFFICER)), draw) is None
        assert role_for(acting(uow, make_user(uow, Role.PROCUREMENT_APPROVER)), draw) is Role.PROCUREMENT_APPROVER

    def test_a_withheld_reveal_voids_the_attempt_and_bars_whoever_withheld(self, uow):
        hall = PoolHall(uow).lock()
        draw = draws_of_call(uow, hall.call)[-1]
        for user, phrase in zip((hall.officer, hall.observer), PHRASES, strict=True):
            promise_entropy(acting(uow, user), draw, phrase=phrase)
        reveal_entropy(acting(uow, hall.officer), draw, PHRASES[0])
        again = void_draw(acting(uow, hall.officer), draw)
        assert (draw.state, again.attempt, again.barred) == (DrawState.VOID, 2, [str(hall.observer.id)])
        assert role_for(acting(uow, hall.observer), again) is None

    def test_names_reach_the_mails_of_those_invited_only_r_comm_12(self, uow):
        hall = PoolHall(uow).draw()
        names = {one.expert.user.name for one in invitees_of(uow, hall.call)}
        for mail in uow.session.scalars(select(Mail)):
            assert not any(name in mail.body for name in names if name != mail.body.split("：")[0])


class TestAnswers:
    def test_accepting_seats_and_declining_calls_the_next_r_comm_10(self, uow):
        hall = PoolHall(uow).draw()
        first, second = hall.in_state(InviteeState.INVITED)[:2]
        accept(hall.as_expert(first), first, CONFIRMED)
        seat = seats_of(uow, hall.tender)[0]
        assert (seat.user_id, seat.source, seat.draw_id) == (
            first.expert.user_id,
            SeatSource.OWN_DRAW,
            hall.call.register_id,
        )
        decline(hall.as_expert(second), second, "当日在外地")
        assert len(hall.in_state(InviteeState.INVITED)) == 4
        record = draws_of_call(uow, hall.call)[-1].record
        assert [one["reason"] for one in record["replacements"]] == ["当日在外地"]
        assert verify_draw(json.loads(json.dumps(record, default=str))) == []
        with pytest.raises(Refused):
            decline(hall.as_expert(second), second, "再说一次")

    def test_nobody_answers_for_another_or_without_the_declaration_r_comm_06(self, uow):
        hall = PoolHall(uow).draw()
        first, second = hall.in_state(InviteeState.INVITED)[:2]
        with pytest.raises(Refused) as refused:
            accept(hall.as_expert(first), first, PoolAnswer())
        assert rules_of(refused) == {"R-COMM-06"}
        with pytest.raises(Forbidden):
            accept(hall.as_expert(second), first, CONFIRMED)

    def test_a_declared_relation_recuses_and_stays_in_the_pool_r_comm_06(self, uow):
        hall = PoolHall(uow).draw()
        first = hall.in_state(InviteeState.INVITED)[0]
        answer = PoolAnswer([ConflictKind.PAST_WORK], hall.tender.purchaser_id, details="去年受托做过课题")
        accept(hall.as_expert(first), first, answer)
        assert first.state is InviteeState.RECUSED
        assert uow.session.scalars(select(Conflict)).one().organisation_id == hall.tender.purchaser_id
        assert len(hall.in_state(InviteeState.INVITED)) == 5

    def test_part_in_the_preparation_recuses_without_a_conflict_r_comm_07(self, uow):
        hall = PoolHall(uow).draw()
        first = hall.in_state(InviteeState.INVITED)[0]
        accept(hall.as_expert(first), first, PoolAnswer(prepared=True, details="参加过需求论证会"))
        assert first.state is InviteeState.RECUSED
        assert uow.session.scalars(select(Conflict)).all() == []

    def test_silence_lapses_and_the_next_is_asked_until_nobody_is_left_r_exp_02(self, uow):
        hall = PoolHall(uow, pool=8, minimums={}).draw()
        for one in hall.in_state(InviteeState.INVITED):
            one.answer_by = uow.now - timedelta(minutes=1)
        uow.session.flush()
        assert lapse_overdue_invitations(uow) == 5
        assert len(hall.in_state(InviteeState.LAPSED)) == 5
        assert len(hall.in_state(InviteeState.INVITED)) == 3
        assert still_wanted(hall.call, invitees_of(uow, hall.call)) == 2
        assert lapse_overdue_invitations(uow) == 0

    def test_a_seat_that_was_drawn_is_followed_never_struck_off_r_comm_10(self, uow):
        hall = PoolHall(uow).draw().accept_all()
        assert composition_refusals(uow, hall.tender) == []
        officer, seat = acting(uow, hall.officer), seats_of(uow, hall.tender)[0]
        with pytest.raises(Refused) as refused:
            unseat(officer, seat)
        assert rules_of(refused) == {"R-COMM-04"}
        invitee = next(one for one in invitees_of(uow, hall.call) if one.seat_id == seat.id)
        with pytest.raises(Refused):
            replace(officer, invitee, " ")
        replace(officer, invitee, "来电说明突发疾病")
        assert (invitee.state, seat.state) == (InviteeState.REPLACED, SeatState.RECUSED)
        assert len(hall.in_state(InviteeState.INVITED)) == 1


class TestOpening:
    def test_whoever_is_tied_to_a_bidder_is_replaced_as_the_bids_open_r_comm_06(self, uow):
        hall = PoolHall(uow).draw().accept_all()
        bid = bid_row(uow, hall.tender.lots[0], "150000", arrived=hall.tender.deadline)
        uow.session.flush()
        member = hall.in_state(InviteeState.ACCEPTED)[0]
        declare_conflict(uow, member.expert, bid.bidder, kind=ConflictKind.EMPLOYMENT, reason="兼职顾问")
        hall.tender.deadline = uow.now - timedelta(hours=1)
        TENDER.fire(uow, hall.tender, "open", as_system=True)
        assert member.state is InviteeState.REPLACED
        assert member.seat.state is SeatState.RECUSED
        assert len(hall.in_state(InviteeState.INVITED)) == 1
        assert bid.bidder.name not in member.reason

    def test_a_member_who_recuses_in_the_review_is_followed_by_the_next_r_comm_10(self, uow):
        hall = PoolHall(uow, opened_by_rows(uow)).draw().accept_all()
        start_evaluation(acting(uow, hall.officer), examined(uow, hall.tender))
        seat = seats_of(uow, hall.tender)[0]
        recuse(acting(uow, seat.user), seat, "看到名单后发现是老同事")
        follower = hall.in_state(InviteeState.INVITED)[0]
        accept(hall.as_expert(follower), follower, CONFIRMED)
        assert len(seats_of(uow, hall.tender)) == 5
        fresh = next(one for one in seats_of(uow, hall.tender) if one.user_id == follower.expert.user_id)
        declare(acting(uow, fresh.user), fresh)
        assert fresh.state is SeatState.DECLARED


class TestPages:
    def test_from_the_plan_to_the_committee_by_browser(self, uow, client_as):
        tender = published_by_rows(uow)
        pool_of(uow, 12)
        officer, observer = client_as(tender.drafted_by), make_user(uow, Role.OBSERVER)
        page = f"/tenders/{tender.id}/committee/own-draw"
        assert "采购限额标准以下" in officer.get(page).get_data(as_text=True)
        starts = (uow.now + timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M")
        data = {"size": "3", "reserves": "3", "starts_at": starts, "place": "三楼", "fee": "800", "answer_hours": "6"}
        assert officer.post(page, data=data | {"least-performance": "x"}).status_code == 422
        assert officer.post(page, data=data | {"least-performance": "1"}).status_code == 302
        text = officer.get(page).get_data(as_text=True)
        action = re.search(r'action="(/tenders/[^"]+/lock)"', text).group(1)
        where = officer.post(action).headers["Location"]
        people = ((officer, PHRASES[0]), (client_as(observer), PHRASES[1]))
        for browser, phrase in people:
            assert browser.get(where).status_code == 200
            assert browser.post(f"{where}/promise", data={"phrase": phrase}).status_code == 302
        for browser, phrase in people:
            assert browser.post(f"{where}/reveal", data={"phrase": phrase}).status_code == 302
        drawn = officer.get(page).get_data(as_text=True)
        assert drawn.count("已邀请") == 3
        names = re.findall(r"专家\d+", drawn)
        seen = people[1][0].get(where).get_data(as_text=True)
        assert not any(name in seen for name in names)
        full = officer.get(re.search(r'href="(/tenders/[^"]+/record\.json)"', drawn).group(1))
        assert verify_draw(json.loads(full.data)) == []
        assert people[1][0].get(f"{where}/public-record.json").status_code == 200
        assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(f"{where}/public-record.json").status_code in (
            403,
            404,
        )

    def test_an_invitation_is_its_experts_own_and_answered_once(self, app, uow, client_as):
        hall = PoolHall(uow).draw()
        first, second = hall.in_state(InviteeState.INVITED)[:2]
        page = f"/committee-invitations/{first.id}"
        browser = client_as(first.expert.user)
        assert hall.tender.title in browser.get("/evaluations").get_data(as_text=True)
        assert browser.get(page).status_code == 200
        assert client_as(second.expert.user).get(page).status_code == 404
        reserve = hall.in_state(InviteeState.RESERVE)[0]
        hidden = f"/committee-invitations/{reserve.id}"
        assert client_as(reserve.expert.user).get(hidden).status_code == 404
        assert browser.post(f"{page}/accept", data={}).status_code == 422
        assert browser.post(f"{page}/decline", data={"no-reason": " "}).status_code == 422
        assert browser.post(f"{page}/accept", data={"confirmed": "y"}).status_code == 302
        assert first.state is InviteeState.ACCEPTED
        assert browser.post(f"{page}/decline", data={"no-reason": "改主意"}).status_code == 422
        with app.test_request_context():
            assert [str(one.title) for one in pool_draw_tasks(acting(uow, second.expert.user))] == ["答复评标邀请"]
            assert list(pool_draw_tasks(acting(uow, first.expert.user))) == []

    def test_others_neither_plan_nor_see(self, uow, client_as):
        hall = PoolHall(uow).lock()
        page, calls = f"/tenders/{hall.tender.id}/committee/own-draw", f"/committee-calls/{hall.call.id}"
        for role in (Role.PROCUREMENT_SUPERVISOR, Role.AGENCY_MANAGER, Role.EXPERT):
            browser = client_as(make_user(uow, role))
            assert browser.get(page).status_code in (403, 404)
            assert browser.get(calls).status_code in (403, 404)
        assert client_as(hall.observer).get(page).status_code in (403, 404)

    def test_the_officers_page_asks_no_more_for_a_larger_pool(self, uow, client_as, count_queries):
        counts = []
        for size in (8, 24):
            hall = PoolHall(uow, pool=size)
            browser = client_as(hall.officer)
            browser.get("/evaluations")
            with count_queries() as statements:
                assert browser.get(f"/tenders/{hall.tender.id}/committee/own-draw").status_code == 200
            counts.append(len(statements))
        assert counts[1] <= counts[0]

    def test_a_draw_stays_open_to_nobody_once_the_purchase_is_over(self, uow):
        hall = PoolHall(uow).draw()
        first = hall.in_state(InviteeState.INVITED)[0]
        hall.tender.state = TenderState.CANCELLED
        uow.session.flush()
        with pytest.raises(Refused) as refused:
            accept(hall.as_expert(first), first, CONFIRMED)
        assert rules_of(refused) == {"R-EXP-02"}
