"""Accounts kept encrypted, lists with tax withheld, approved by another: R-EXP.fee/tax/month, R-EXP-05, R-SEC-02."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import delete, select, text

from core.audit.models import PersonKey
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from experts.models import ExpertDuty, PayAccount, PaymentItem, PaymentList
from experts.services.pay_accounts import PayData, account_of, enter_account, is_identity_number, opened
from experts.services.payments import approve, cancel, draw_up, due_fees, mark_paid, payment_sheet
from experts.states import DutyRating, PaymentState
from experts.tasks import payment_tasks
from tests.factories.experts import make_expert
from tests.factories.identity import make_user

IDENTITY = "11010519491231002X"
ACCOUNT = "6222021001112223334"


def rules_of(refused) -> set[str | None]:
    return {one.rule_id for one in refused.value.refusals}


def paid_expert(uow, *fees: int, account: bool = True):
    """An expert with these fees, and an account."""
    expert = make_expert(uow)
    for number, fee in enumerate(fees):
        uow.add(
            ExpertDuty(
                expert_id=expert.id,
                source=f"seat:{expert.id}:{number}",
                number=f"评审{number}",
                title="项目",
                held_on=uow.today - timedelta(days=number),
                rating=DutyRating.GOOD,
                fee=Decimal(fee),
                recorded_at=uow.now,
            )
        )
    if account:
        data = PayData(IDENTITY, expert.user.name, "澄湖银行景明支行", ACCOUNT)
        enter_account(uow, expert, data, repeated=ACCOUNT)
    uow.session.flush()
    return expert


def all_due(uow):
    return [one.duty.id for one in due_fees(uow)]


@pytest.fixture
def approver(uow):
    return make_user(uow, Role.PROCUREMENT_APPROVER)


class TestAccounts:
    @pytest.mark.parametrize(
        ("number", "good"),
        [(IDENTITY, True), ("110105194912310021", False), ("1101051949123100", False), ("", False), ("é" * 18, False)],
    )
    def test_an_identity_number_has_its_check_sign(self, number, good):
        assert is_identity_number(number) is good

    def test_the_database_holds_no_number_and_the_log_neither(self, uow):
        expert = paid_expert(uow)
        row = account_of(uow, expert)
        assert (row.account_tail, ACCOUNT in row.sealed, IDENTITY in row.sealed) == ("3334", False, False)
        assert ACCOUNT not in str([one.body for one in uow._pending])
        assert opened(uow, expert, row).account == ACCOUNT

    def test_another_persons_seal_or_a_deleted_key_opens_nothing(self, uow):
        one, other = paid_expert(uow), paid_expert(uow)
        swapped = account_of(uow, other)
        assert opened(uow, one, swapped) is None
        uow.session.execute(delete(PersonKey).where(PersonKey.person_id == one.user_id))
        uow.session.expire_all()
        assert opened(uow, one, account_of(uow, one)) is None

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"identity": "110105194912310021"}, "身份证号码"),
            ({"holder": "别人"}, "户名"),
            ({"account": "12345", "repeated": "12345"}, "12 至 21 位"),
            ({"repeated": "6222021001112223335"}, "两次填写"),
            ({"bank": ""}, "开户银行"),
        ],
    )
    def test_the_page_tells_what_is_wrong_and_keeps_nothing(self, uow, client_as, changes, field):
        expert = make_expert(uow)
        data = {
            "identity": IDENTITY,
            "holder": expert.user.name,
            "bank": "澄湖银行",
            "account": ACCOUNT,
            "repeated": ACCOUNT,
        }
        browser = client_as(expert.user)
        answer = browser.post("/my-file/account", data={**data, **changes})
        assert answer.status_code == 422
        assert field in answer.text
        assert ACCOUNT not in answer.text
        assert uow.session.scalar(select(PayAccount)) is None
        assert browser.post("/my-file/account", data=data).status_code == 302
        page = browser.get("/my-file").text
        assert "3334" in page
        assert ACCOUNT not in page


class TestLists:
    def test_a_persons_fees_are_taxed_together_r_exp_tax(self, uow, uow_as, quality):
        expert = paid_expert(uow, 800, 700)
        row = draw_up(uow_as(quality), all_due(uow), uow.today)
        (line,) = row.lines
        assert (line.expert_id, line.gross, line.taxable, line.rate, line.tax, line.net) == (
            expert.id,
            Decimal(1500),
            Decimal(700),
            20,
            Decimal(140),
            Decimal(1360),
        )
        assert due_fees(uow) == []

    def test_a_second_list_of_the_month_takes_the_first_into_account_r_exp_month(self, uow, uow_as, quality):
        paid_expert(uow, 800, 700)
        acting = uow_as(quality)
        first = draw_up(acting, all_due(uow)[:1], uow.today)
        second = draw_up(acting, all_due(uow), uow.today)
        assert [one.lines[0].tax for one in (first, second)] == [Decimal(0), Decimal(140)]
        with pytest.raises(Refused) as refused:
            cancel(acting, first, "金额有误")
        assert rules_of(refused) == {"R-EXP.month"}
        cancel(acting, second, "金额有误")
        cancel(acting, first, "一并重做")
        assert len(due_fees(uow)) == 2

    def test_nothing_chosen_twice_or_without_account_is_refused(self, uow, uow_as, quality):
        paid_expert(uow, 800, account=False)
        acting = uow_as(quality)
        for chosen in ([], all_due(uow), [quality.id]):
            with pytest.raises(Refused) as refused:
                draw_up(acting, chosen, uow.today)
            assert rules_of(refused) == {"R-EXP.fee"}
        assert uow.session.scalar(select(PaymentItem)) is None

    def test_whoever_draws_up_does_not_approve_r_sec_02(self, uow, uow_as, quality, approver):
        paid_expert(uow, 800)
        row = draw_up(uow_as(quality), all_due(uow), uow.today)
        with pytest.raises(Forbidden):
            approve(uow_as(quality), row)
        with pytest.raises(Refused):
            payment_sheet(uow_as(quality), row, "zh")
        approve(uow_as(approver), row)
        with pytest.raises(Refused):
            mark_paid(uow_as(quality), row, uow.today + timedelta(days=1))
        mark_paid(uow_as(quality), row, uow.today)
        assert (row.state, row.paid_on) == (PaymentState.PAID, uow.today)

    def test_the_database_itself_keeps_the_two_apart(self, uow, uow_as, quality):
        paid_expert(uow, 800)
        row = draw_up(uow_as(quality), all_due(uow), uow.today)
        with pytest.raises(Exception, match="second_person_approves"), uow.session.begin_nested():
            uow.session.execute(
                text("UPDATE payment_list SET approved_by_id = prepared_by_id WHERE id = :id"), {"id": row.id}
            )

    def test_the_finance_office_gets_everything_it_needs(self, uow, client_as, quality, approver):
        expert = paid_expert(uow, 5000)
        officer, boss = client_as(quality), client_as(approver)
        assert "评审0" in officer.get("/expert-payments/new").text
        answer = officer.post("/expert-payments/new", data={"duty": [str(one) for one in all_due(uow)]})
        assert answer.status_code == 302
        page = answer.location
        assert ACCOUNT not in officer.get(page).text
        assert officer.get(f"{page}/list.xlsx").status_code == 422
        assert officer.post(f"{page}/approve").status_code == 403
        assert boss.post(f"{page}/approve").status_code == 302
        table = officer.get(f"{page}/list.xlsx")
        assert "no-store" in table.headers["Cache-Control"]
        row = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(table.data)).active[2]]
        assert row[1:5] == [expert.user.name, IDENTITY, "澄湖银行景明支行", ACCOUNT]
        assert [Decimal(str(one)) for one in (row[5], row[7], row[9], row[10])] == [5000, 4000, 800, 4200]
        assert officer.post(f"{page}/paid", data={"paid-paid_on": uow.today.isoformat()}).status_code == 302
        assert officer.post(f"{page}/cancel", data={"cancel-reason": "迟了"}).status_code == 422
        assert "4,200.00" in client_as(expert.user).get("/my-file").text

    def test_the_approver_has_a_task_and_the_preparer_none(self, uow, uow_as, client, quality, approver):
        paid_expert(uow, 800)
        row = draw_up(uow_as(quality), all_due(uow), uow.today)
        with client.application.test_request_context():
            assert [one.subject for one in payment_tasks(uow_as(approver))] == [row.number]
            assert list(payment_tasks(uow_as(quality))) == []

    @pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROCUREMENT_OFFICER, Role.EXPERT, Role.AGENCY_MANAGER])
    def test_nobody_else_sees_a_list(self, uow, uow_as, client_as, quality, role):
        paid_expert(uow, 800)
        row = draw_up(uow_as(quality), all_due(uow), uow.today)
        browser = client_as(make_user(uow, role))
        assert browser.get("/expert-payments").status_code == 403
        for path in ("", "/list.xlsx"):
            assert browser.get(f"/expert-payments/{row.id}{path}").status_code == 404

    def test_two_presses_draw_up_one_list(self, uow, client_as, quality):
        paid_expert(uow, 800)
        data = {"duty": [str(one) for one in all_due(uow)], "once": "5f0c6d0c-6d0c-4d0c-8d0c-5f0c6d0c6d0c"}
        locations = {client_as(quality).post("/expert-payments/new", data=data).location for _press in range(2)}
        assert len(locations) == 1
        assert len(uow.session.scalars(select(PaymentList)).all()) == 1
