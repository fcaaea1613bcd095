"""Whether somebody may be lead evaluator on a day (R-LEAD-01, art. 7), each condition explained; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.periods import Period, later, service
from agencies.states import Answer, Degree, Licence, Offence, TitleRank
from core.i18n import Text, _l

RULE = "R-LEAD-01"
RECORD_RULE = "R-AGENCY-03"


@dataclass(frozen=True)
class Limits:
    """The rule's numbers: years of work, of performance evaluation, and until a negligent offence stops counting."""

    work_years: int
    evaluation_years: int
    offence_years: int


@dataclass(frozen=True)
class Certificate:
    """A certificate that may stand in for a title; without an expiry it does not run out."""

    licence: Licence
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None

    def is_valid(self, on: date) -> bool:
        """Whether it holds on a day, the day of expiry included."""
        return (self.issued_on is None or self.issued_on <= on) and (self.expires_on is None or on <= self.expires_on)


@dataclass(frozen=True)
class LeadFacts:
    """What is recorded of somebody, as far as the rule asks for it."""

    rank: TitleRank = TitleRank.NONE
    title: str = ""
    degree: Degree | None = None
    certificates: Sequence[Certificate] = ()
    work: Sequence[Period] = ()
    evaluation: Sequence[Period] = ()
    contract: Period | None = None
    offence: Offence | None = None
    served_on: date | None = None


@dataclass(frozen=True)
class Point:
    """One condition, how it is answered and why."""

    key: str
    title: Text
    answer: Answer
    reason: Text
    rule_id: str = RULE


@dataclass(frozen=True)
class Verdict:
    """All conditions on a day. Somebody qualifies where none is broken."""

    on: date
    points: tuple[Point, ...]

    @property
    def qualifies(self) -> bool:
        """Whether they may lead."""
        return all(one.answer is not Answer.BROKEN for one in self.points)

    @property
    def broken(self) -> tuple[Point, ...]:
        """What stands against it."""
        return tuple(one for one in self.points if one.answer is Answer.BROKEN)

    @property
    def answer(self) -> Answer:
        """The whole in one word."""
        if not self.qualifies:
            return Answer.BROKEN
        return Answer.DOUBTFUL if any(one.answer is Answer.DOUBTFUL for one in self.points) else Answer.KEPT


def verdict(facts: LeadFacts, limits: Limits, on: date) -> Verdict:
    """Return the verdict on a day."""
    return Verdict(
        on,
        (
            _standing(facts, on),
            _years("work", _l("工作经验"), facts.work, limits.work_years, on),
            _years("evaluation", _l("从事绩效评价"), facts.evaluation, limits.evaluation_years, on),
            _record(facts, limits, on),
            _schooling(facts),
            _contract(facts, on),
        ),
    )


def facts_of(entries: Mapping[str, Any]) -> LeadFacts:
    """Read the facts out of a record entry (see `agencies.record_parts`)."""
    contract = _day(entries.get("contract_from"))
    return LeadFacts(
        rank=TitleRank(entries["rank"]) if entries.get("rank") else TitleRank.NONE,
        title=entries.get("title") or "",
        degree=Degree(entries["degree"]) if entries.get("degree") else None,
        certificates=tuple(
            Certificate(
                Licence(row["licence"]),
                row.get("number") or "",
                _day(row.get("issued_on")),
                _day(row.get("expires_on")),
            )
            for row in entries.get("certificates") or ()
        ),
        work=_periods(entries.get("work")),
        evaluation=_periods(entries.get("evaluation")),
        contract=Period(contract, _day(entries.get("contract_until"))) if contract else None,
        offence=Offence(entries["offence"]) if entries.get("offence") else None,
        served_on=_day(entries.get("served_on")),
    )


def ran_out(facts: LeadFacts, on: date) -> list[tuple[Text, date]]:
    """Return what ran out before a day by itself, with its last day: certificates and the labour contract.

    Each is a change that the record must show within the time of R-AGENCY-03, counted from that last day.
    """
    found: list[tuple[Text, date]] = [
        (one.licence.label, one.expires_on) for one in facts.certificates if one.expires_on and one.expires_on < on
    ]
    if facts.contract and facts.contract.ends_on and facts.contract.ends_on < on:
        found.append((_l("劳动合同"), facts.contract.ends_on))
    return found


def summary(facts: LeadFacts) -> str:
    """Return title and certificates in one line, as lists show them."""
    words = [facts.title] if facts.title else []
    words += [str(one.licence.label) for one in facts.certificates if one.licence is not Licence.OTHER]
    return "、".join(dict.fromkeys(words)) or "—"


def _standing(facts: LeadFacts, on: date) -> Point:
    title = _l("职称或执业资格")
    valid = [one for one in facts.certificates if one.is_valid(on)]
    listed = [one for one in valid if one.licence is not Licence.OTHER]
    if facts.rank is not TitleRank.NONE:
        reason = _l("%(rank)s职称：%(title)s", rank=facts.rank.label, title=facts.title or "—")
        return Point("standing", title, Answer.KEPT, reason)
    if listed:
        return Point("standing", title, Answer.KEPT, _l("持有%(licence)s", licence=listed[0].licence.label))
    over = [one for one in facts.certificates if one.expires_on is not None and one.expires_on < on]
    if over:
        last = max(over, key=lambda one: one.expires_on or on)
        reason = _l("没有中高级职称，%(licence)s已于%(day)s到期", licence=last.licence.label, day=str(last.expires_on))
        return Point("standing", title, Answer.BROKEN, reason)
    if valid:
        reason = _l("没有中高级职称，所持证书不在列举之内，请核对是否相关")
        return Point("standing", title, Answer.DOUBTFUL, reason)
    return Point("standing", title, Answer.BROKEN, _l("没有中高级职称，也没有列举的执业资格"))


def _years(key: str, title: Text, periods: Sequence[Period], least: int, on: date) -> Point:
    total = service(periods, on)
    answer = Answer.KEPT if total.years >= least else Answer.BROKEN
    reason = _l(
        "截至%(day)s共%(years)s年零%(days)s天，要求满%(least)s年",
        day=str(on),
        years=total.years,
        days=total.days,
        least=least,
    )
    return Point(key, title, answer, reason)


def _record(facts: LeadFacts, limits: Limits, on: date) -> Point:
    title = _l("刑事处罚")
    if facts.offence is None:
        return Point("offence", title, Answer.BROKEN, _l("没有声明是否受过刑事处罚"))
    if facts.offence is Offence.NONE:
        return Point("offence", title, Answer.KEPT, facts.offence.label)
    if facts.offence is Offence.OTHER:
        return Point("offence", title, Answer.BROKEN, facts.offence.label)
    if facts.served_on is None or later(facts.served_on, limits.offence_years) >= on:
        reason = _l("因过失犯罪受过刑事处罚，执行完毕不满%(years)s年", years=limits.offence_years)
        return Point("offence", title, Answer.BROKEN, reason)
    reason = _l("过失犯罪，执行完毕已满%(years)s年", years=limits.offence_years)
    return Point("offence", title, Answer.KEPT, reason)


def _schooling(facts: LeadFacts) -> Point:
    title = _l("学历")
    if facts.degree is None:
        return Point("degree", title, Answer.DOUBTFUL, _l("没有登记学历"))
    if facts.degree in (Degree.COLLEGE, Degree.OTHER):
        reason = _l("%(degree)s，请核对是否胜任", degree=facts.degree.label)
        return Point("degree", title, Answer.DOUBTFUL, reason)
    return Point("degree", title, Answer.KEPT, facts.degree.label)


def _contract(facts: LeadFacts, on: date) -> Point:
    title = _l("劳动合同")
    one = facts.contract
    if one is None:
        return Point("contract", title, Answer.DOUBTFUL, _l("没有登记劳动合同，请核对是否为合伙人"), RECORD_RULE)
    if one.begins_on > on:
        reason = _l("劳动合同自%(day)s起", day=str(one.begins_on))
        return Point("contract", title, Answer.BROKEN, reason, RECORD_RULE)
    if one.ends_on is not None and one.ends_on < on:
        reason = _l("劳动合同已于%(day)s到期", day=str(one.ends_on))
        return Point("contract", title, Answer.BROKEN, reason, RECORD_RULE)
    return Point("contract", title, Answer.KEPT, _l("劳动合同有效"), RECORD_RULE)


def _periods(rows: Sequence[Mapping[str, Any]] | None) -> tuple[Period, ...]:
    found = ((_day(row.get("begins_on")), _day(row.get("ends_on"))) for row in rows or ())
    return tuple(Period(begins, ends) for begins, ends in found if begins is not None)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
