"""From the report to the decision and the notice: R-AWARD-01…04, R-SUSP-01, R-TENDER-08."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import Clock, shanghai
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from procurement import suspensions
from procurement.drafting.record import frozen_record
from procurement.models import AwardProcedure
from procurement.queries.award_procedure import procedure_of, refunds_of, tender_clocks
from procurement.scoring import verify_award
from procurement.services.award_procedure import (
    deliver_report,
    explain_delay,
    register_result_notice,
    silent_tenders,
    take_first_ranked,
)
from procurement.services.awarding import Choice, award, awards_of
from procurement.services.concluding import results_of
from procurement.services.deposits import refund_deposits
from procurement.states import DepartureGround, TenderState
from procurement.suspensions import Suspension
from tests.factories.awards import acting, awarded_tender, bids_of, opened_by_rows, scored_tender, under_evaluation
from tests.factories.identity import make_user


@pytest.fixture
def open_case(monkeypatch):
    """A source of open cases as the remedies' room will be one: `cases.append(tender)` suspends it."""
    cases = []
    monkeypatch.setattr(suspensions, "_sources", [])
    suspensions.add_suspensions(
        lambda _uow, tender: [
            Suspension(one.id, "投诉〔2026〕1号处理期间暂停采购活动", "R-SUSP-01", stops_everything=True)
            for one in cases
            if one is tender
        ]
    )
    return cases


def later(uow, **by) -> UnitOfWork:
    """The system at work some time from now."""
    return UnitOfWork(uow.session, uow.actor, uow.house, clock=Clock(now=uow.now + timedelta(**by)))


def by_agent(uow, tender):
    """Make the tender's officer an agent's, so that the report has to be delivered first."""
    row = procedure_of(uow, tender)
    row.by_agent, row.report_received_at = True, None
    uow.session.flush()
    return row


def test_the_purchasers_own_officer_has_the_report_at_once(uow):
    tender = scored_tender(uow)
    row = procedure_of(uow, tender)
    assert (row.by_agent, row.report_received_at) == (False, tender.evaluated_at)
    assert [one.duty.key for one in tender_clocks(uow, tender)] == ["decision"]


def test_an_agents_report_starts_the_decision_and_only_once(uow):
    tender = scored_tender(uow)
    by_agent(uow, tender)
    assert [one.duty.key for one in tender_clocks(uow, tender)] == ["report"]
    officer = acting(uow, tender.drafted_by)
    with pytest.raises(Refused) as refused:
        award(officer, tender, {})
    assert refused.value.refusals[0].rule_id == "R-AWARD-01"
    deliver_report(officer, tender)
    assert [one.duty.key for one in tender_clocks(uow, tender)] == ["report", "decision"]
    with pytest.raises(Refused):
        deliver_report(officer, tender)
    with pytest.raises(Forbidden):
        deliver_report(acting(uow, make_user(uow, Role.OBSERVER)), tender)


@pytest.mark.parametrize("reason", ["对样品进行检测后发现不合格", "实地考察供应商后认为规模小", "a site visit said no"])
def test_tests_and_visits_never_change_the_result(uow, reason):
    """R-AWARD-04."""
    tender = scored_tender(uow)
    result = results_of(uow, tender)[0]
    choice = {result.lot.id: Choice(result.ranked[1].bid.id, reason, DepartureGround.UNLAWFUL)}
    with pytest.raises(Refused) as refused:
        award(acting(uow, tender.drafted_by), tender, choice)
    assert [one.rule_id for one in refused.value.refusals] == ["R-AWARD-04"]
    assert tender.state is TenderState.EVALUATED


def test_an_open_case_holds_the_award_up(uow, open_case):
    tender = scored_tender(uow)
    open_case.append(tender)
    with pytest.raises(Refused) as refused:
        award(acting(uow, tender.drafted_by), tender, {})
    assert [one.rule_id for one in refused.value.refusals] == ["R-SUSP-01"]
    open_case.clear()
    assert award(acting(uow, tender.drafted_by), tender, {})


def test_silence_over_five_working_days_takes_the_first_ranked(uow):
    """R-AWARD-02: by the system, with its reason in the record, once."""
    tender = scored_tender(uow)
    assert silent_tenders(later(uow, days=3)) == []
    assert not take_first_ranked(later(uow, days=3), tender)
    future = later(uow, days=25)
    assert tender in silent_tenders(future)
    assert take_first_ranked(future, tender)
    won = awards_of(uow, tender)[0]
    assert won.decided_by_id is None
    assert "R-AWARD-02" in won.public_record["award"]["reason"]
    assert verify_award(won.record) == []
    assert uow.get(AwardProcedure, tender.id).is_by_default
    assert not take_first_ranked(future, tender)


def test_a_lawful_reason_an_open_case_or_another_method_keeps_silence_from_deciding(uow, open_case, monkeypatch):
    tender = scored_tender(uow)
    future = later(uow, days=25)
    open_case.append(tender)
    assert tender not in silent_tenders(future)
    open_case.clear()
    assert tender in silent_tenders(future)
    monkeypatch.setattr(type(uow.house.rules), "value", lambda *_args, **_named: "quotation")
    assert tender not in silent_tenders(future)
    monkeypatch.undo()
    explain_delay(acting(uow, tender.drafted_by), tender, "正在核实第一名的信用记录")
    assert tender not in silent_tenders(future)
    with pytest.raises(Refused):
        explain_delay(acting(uow, tender.drafted_by), tender, "  ")


def test_only_the_system_takes_silence_for_a_decision(uow):
    tender = scored_tender(uow)
    with pytest.raises(Forbidden):
        take_first_ranked(acting(uow, tender.drafted_by), tender)


def test_the_notice_in_the_designated_medium_starts_the_periods(uow):
    tender = awarded_tender(uow)
    officer = acting(uow, tender.drafted_by)
    with pytest.raises(Refused) as refused:
        register_result_notice(officer, tender, "not an address", uow.now)
    assert refused.value.refusals[0].field == "url"
    with pytest.raises(Refused):
        register_result_notice(officer, tender, "https://www.ccgp.example/1", uow.now + timedelta(hours=1))
    with pytest.raises(Refused):
        register_result_notice(officer, tender, "https://www.ccgp.example/1", tender.awarded_at - timedelta(days=2))
    later_officer = UnitOfWork(
        uow.session, officer.actor, uow.house, clock=Clock(now=shanghai(uow.today + timedelta(days=1), 12))
    )
    register_result_notice(later_officer, tender, "https://www.ccgp.example/1", later_officer.now)
    found = {one.duty.key: one for one in tender_clocks(later_officer, tender)}
    assert found["notice"].done_at == later_officer.now
    assert found["notice-period"].begun_on == uow.today + timedelta(days=1)
    assert found["challenge"].begun_on == found["notice-period"].deadline.last_day


def test_deposits_are_refunded_once_and_the_losers_clock_ends_with_the_last(uow):
    """R-TENDER-08."""
    tender = awarded_tender(uow, with_deposit(uow))
    officer, won = acting(uow, tender.drafted_by), awards_of(uow, tender)[0]
    losers = [bid.id for bid in bids_of(uow, tender) if bid.id != won.bid_id]
    assert refund_deposits(officer, tender, losers[:1]) == 1
    assert clock_of(uow, tender, "losers-deposits").done_at is None
    with pytest.raises(Refused):
        refund_deposits(officer, tender, losers[:1])
    refund_deposits(officer, tender, losers[1:])
    assert clock_of(uow, tender, "losers-deposits").done_at is not None
    assert set(refunds_of(uow, tender)) == {*losers}
    with pytest.raises(Forbidden):
        refund_deposits(acting(uow, make_user(uow, Role.QUALITY_OFFICER)), tender, losers)
    with pytest.raises(Refused):
        refund_deposits(officer, awarded_tender(uow), losers)


def with_deposit(uow):
    return under_evaluation(uow, opened_by_rows(uow, deposit=Decimal("2000.00")))


def clock_of(uow, tender, key):
    return next(one for one in tender_clocks(uow, tender) if one.duty.key == key)


def test_the_page_shows_who_must_act_until_when_and_marks_what_is_overdue(uow, client_as, clock):
    tender = scored_tender(uow)
    browser = client_as(tender.drafted_by)
    page = browser.page(f"/tenders/{tender.id}/procedure")
    assert "R-AWARD-01" in page.text
    assert "R-AWARD-02" in page.text
    assert "is-late" not in str(page)
    clock.advance(days=25)
    page = browser.page(f"/tenders/{tender.id}/procedure")
    assert page.select(".is-late")
    assert browser.post(f"/tenders/{tender.id}/procedure/delay", data={"reason": ""}).status_code == 422
    answer = browser.post(f"/tenders/{tender.id}/procedure/delay", data={"reason": "正在核实信用记录"})
    assert answer.status_code == 302
    assert "正在核实信用记录" in browser.page(f"/tenders/{tender.id}/procedure").text
    tender.record = frozen_record(uow, tender)
    assert "定标与合同期限" in browser.page(f"/tenders/{tender.id}").text


def test_who_may_not_know_the_tender_sees_no_deadlines(uow, client, client_as):
    tender = scored_tender(uow)
    address = f"/tenders/{tender.id}/procedure"
    assert client.get(address).status_code == 302
    assert client_as(make_user(uow, Role.UNIT_OFFICER)).get(address).status_code == 404
    assert client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR)).get(address).status_code == 200
    assert (
        client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR)).post(f"/tenders/{tender.id}/deposits").status_code == 403
    )


def test_the_form_registers_notice_refunds_and_report(uow, client_as):
    tender = awarded_tender(uow, with_deposit(uow))
    browser = client_as(tender.drafted_by)
    address = f"/tenders/{tender.id}/procedure"
    data = {
        "url": "https://www.ccgp.example/2",
        "at": uow.clock.now.astimezone(shanghai(uow.today).tzinfo).strftime("%Y-%m-%dT%H:%M"),
    }
    tender.awarded_at -= timedelta(hours=1)
    assert browser.post(f"{address}/notice", data=data).status_code == 302
    assert browser.post(f"{address}/notice", data={"url": "x", "at": "y"}).status_code == 422
    waiting = scored_tender(uow)
    by_agent(uow, waiting)
    assert client_as(waiting.drafted_by).post(f"/tenders/{waiting.id}/procedure/report").status_code == 302


def test_losers_learn_why_and_the_winner_gets_a_letter(uow, client_as):
    """R-AWARD-03."""
    from core.identity.models import User
    from procurement.queries.standings import standings_of
    from procurement.services.award_papers import letter_lines

    tender = awarded_tender(uow)
    won = awards_of(uow, tender)[0]
    lines = {one.bid.id: "".join(letter_lines(uow, tender, won, one)) for one in standings_of(uow, tender).bids}
    loser = next(bid for bid in bids_of(uow, tender) if bid.id != won.bid_id)
    assert "贵单位未中标的原因：综合得分排序第" in lines[loser.id]
    assert "未中标的原因" not in lines[won.bid_id]
    assert client_as(uow.get(User, loser.submitted_by_id)).get(f"/bids/{loser.id}/result").status_code == 200
