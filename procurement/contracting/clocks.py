"""The clocks from the evaluation's end to the contract's filing: who must do what until when, by which rule.

Pure: the caller brings the days on which periods began and the instants at which duties were done. Counting is
`core.deadlines`: the first day is not counted, a last day on a holiday moves on (R-REMEDY-05).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.deadlines import DerivedDeadline, derive
from core.i18n import Text, _l
from core.rules import Overrides, RuleBook
from core.workdays import WorkCalendar


@dataclass(frozen=True)
class Duty:
    """One period of the law: `value` is the name of its length in the rule; a mere period binds nobody to act."""

    key: str
    rule_id: str
    value: str
    what: Text
    who: Text
    is_period: bool = False


@dataclass(frozen=True)
class Clock:
    """A duty with the day its period began (not counted), its deadline, and when it was done."""

    duty: Duty
    begun_on: date
    deadline: DerivedDeadline
    done_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Whether somebody should have acted by now and has not."""
        return not self.duty.is_period and self.done_at is None and self.deadline.passed(now)

    @property
    def was_late(self) -> bool:
        """Whether it was done, but after its last day."""
        return not self.duty.is_period and self.done_at is not None and self.deadline.passed(self.done_at)

    def is_running(self, now: datetime) -> bool:
        """Whether the period is not over yet and nothing has ended it."""
        return self.done_at is None and not self.deadline.passed(now)


PURCHASER, AGENT = _l("采购人"), _l("采购代理机构")
REPORT = Duty("report", "R-AWARD-01", "report_days", _l("送交评审报告"), AGENT)
DECISION = Duty("decision", "R-AWARD-01", "decision_days", _l("按排序确定中标人"), PURCHASER)
NOTICE = Duty("notice", "R-AWARD-01", "notice_days", _l("公告中标结果，发出中标通知书"), PURCHASER)
NOTICE_PERIOD = Duty("notice-period", "R-AWARD-03", "days", _l("中标结果公告期限"), _l("公告期"), is_period=True)
CHALLENGE = Duty("challenge", "R-REMEDY-02", "file_days", _l("供应商可以提出质疑"), _l("供应商"), is_period=True)
LOSERS_DEPOSITS = Duty("losers-deposits", "R-TENDER-08", "refund_days", _l("退还未中标人的投标保证金"), PURCHASER)
SIGNING = Duty("signing", "R-CONTRACT-01", "sign_days", _l("签订采购合同"), _l("采购人、中标人"))
PUBLICATION = Duty("publication", "R-CONTRACT-01", "publish_days", _l("公告采购合同"), PURCHASER)
FILING = Duty("filing", "R-CONTRACT-01", "file_days", _l("合同副本报财政部门备案"), PURCHASER)
WINNERS_DEPOSIT = Duty("winners-deposit", "R-TENDER-08", "refund_days", _l("退还中标人的投标保证金"), PURCHASER)
PAYING = Duty("paying", "R-CONTRACT-03", "pay_days", _l("支付合同款"), PURCHASER)

TENDER_DUTIES = (REPORT, DECISION, NOTICE, NOTICE_PERIOD, CHALLENGE, LOSERS_DEPOSITS)
CONTRACT_DUTIES = (SIGNING, PUBLICATION, FILING, WINNERS_DEPOSIT)


def reckon(
    duties: Sequence[Duty],
    begun: Mapping[str, date | None],
    *,
    done: Mapping[str, datetime | None],
    calendar: WorkCalendar,
    book: RuleBook,
    overrides: Overrides | None = None,
) -> list[Clock]:
    """Return a clock for each duty whose period has begun, in the order of the process."""
    clocks = []
    for duty in duties:
        start = begun.get(duty.key)
        if start is None:
            continue
        deadline = derive(duty.rule_id, start, calendar, book, name=duty.value, overrides=overrides)
        clocks.append(Clock(duty, start, deadline, done.get(duty.key)))
    return clocks


def falls_to_the_first(clock: Clock, now: datetime, *, delay_reason: str, is_suspended: bool, winners: int) -> bool:
    """Say whether the purchaser's silence makes the first-ranked candidate the winner (R-AWARD-02).

    Only after the decision's last day, without a lawful reason, with nothing suspended, and where exactly one
    candidate is first: a tie cannot decide itself.
    """
    return clock.is_overdue(now) and not delay_reason.strip() and not is_suspended and winners == 1
