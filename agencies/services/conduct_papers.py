"""Official papers: notice and decision of a case, each measure's paper, a decision about the standing (R-AGENCY-16).

Made from rows that no longer change when they may be printed; the same row gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import get_locale

from agencies.models import ConductCase, ConductMeasure, StandingDecision
from agencies.states import MeasureKind, StandingKind
from core.clock import SHANGHAI
from core.i18n import Language, _
from core.pdf import Block, Heading, OfficialDocument, Paragraph
from core.records import digest
from core.unit_of_work import UnitOfWork


def case_notice(uow: UnitOfWork, case: ConductCase) -> bytes:
    """Return what the agency is told before anything is recorded, and until when it may speak."""
    body: list[Block] = [
        Paragraph(
            _(
                "经查，贵单位涉嫌“%(code)s”（%(rule)s）。本局拟作如下处理，现予告知。",
                code=case.code.label,
                rule=case.code.rule_id,
            )
        ),
        Heading(_("一、查明的事实")),
        Paragraph(case.facts),
        Heading(_("二、拟作处理")),
        Paragraph(_("记入诚信档案：%(step)s。", step=case.step.label)),
        Heading(_("三、陈述申辩")),
        Paragraph(
            _(
                "贵单位可以在%(day)s前登录系统提交陈述和申辩。逾期不提交的，不影响认定。",
                day=_day(case.statement_due),
            )
        ),
    ]
    return _letter(uow, case.number, _("违规事项告知书"), _name(case), body, case.opened_at, [case.number, case.facts])


def case_decision(uow: UnitOfWork, case: ConductCase) -> bytes:
    """Return the decision with its reason, whether recorded or not."""
    body: list[Block] = [
        Paragraph(_("本局对%(number)s（%(code)s）审查终结，决定如下。", number=case.number, code=case.code.label)),
        Heading(_("一、查明的事实")),
        Paragraph(case.facts),
        Heading(_("二、陈述申辩")),
        Paragraph(case.statement or _("贵单位未在期限内提交陈述申辩。")),
        Heading(_("三、决定和理由")),
        Paragraph(_("%(state)s；失信程度：%(step)s。", state=case.state.label, step=case.step.label)),
        Paragraph(case.decision),
    ]
    if case.withdrawn_reason:
        body += [Heading(_("四、撤销")), Paragraph(case.withdrawn_reason)]
    facts = [case.number, case.state.value, case.step.value, case.decision, case.withdrawn_reason]
    at = case.withdrawn_at or case.decided_at or case.opened_at
    return _letter(uow, case.number, _("违规事项处理决定书"), _name(case), body, at, facts)


def measure_paper(uow: UnitOfWork, measure: ConductMeasure) -> bytes:
    """Return a signed measure as its paper: to the agency, to its regulator, or to procurement supervision."""
    case = measure.case
    titles = {
        MeasureKind.CORRECTION: _("责令改正通知书"),
        MeasureKind.ADMONITION: _("约谈通知书"),
        MeasureKind.REGULATOR: _("关于第三方机构违规情况的通报函"),
        MeasureKind.TRANSFER: _("违规线索移送函"),
    }
    until = _day(measure.due_on) if measure.due_on else ""
    asked = {
        MeasureKind.CORRECTION: _("请于%(day)s前改正，并登录系统报告整改情况。", day=until),
        MeasureKind.ADMONITION: _("请贵单位负责人于%(day)s前到本局接受约谈，具体时间另行联系。", day=until),
        MeasureKind.REGULATOR: _("现将有关情况通报贵单位，请依职责处理，并于%(day)s前函告结果。", day=until),
        MeasureKind.TRANSFER: _("现将线索移送贵单位，请依法处理，并于%(day)s前函告受理情况。", day=until),
    }
    to_agency = measure.kind in (MeasureKind.CORRECTION, MeasureKind.ADMONITION)
    body: list[Block] = [
        Paragraph(
            _(
                "经认定（%(number)s），%(agency)s存在“%(code)s”的情形：%(facts)s",
                number=case.number,
                agency=_name(case),
                code=case.code.label,
                facts=case.facts,
            )
        ),
        Paragraph(measure.words),
        Paragraph(asked[measure.kind]),
    ]
    addressee = _name(case) if to_agency else measure.recipient
    at = measure.issued_at or measure.proposed_at
    facts = [measure.number, case.number, measure.words, measure.due_on]
    return _letter(uow, measure.number, titles[measure.kind], addressee, body, at, facts)


def standing_paper(uow: UnitOfWork, row: StandingDecision) -> bytes:
    """Return a decision about the standing with its period, rule and reason."""
    begins, ends = _day(row.begins_on), _day(row.ends_on) if row.ends_on else ""
    said = {
        StandingKind.SUSPENSION: _("自%(begins)s起暂停，至%(ends)s止。", begins=begins, ends=ends)
        if ends
        else _("自%(begins)s起暂停，整改后可以申请恢复。", begins=begins),
        StandingKind.REMOVAL: _("自%(begins)s起移出机构库，%(ends)s后可以重新申请。", begins=begins, ends=ends),
        StandingKind.LEAVE: _("自%(begins)s起退出机构库。", begins=begins),
        StandingKind.RETURN: _("自%(begins)s起恢复在库。", begins=begins),
    }
    body: list[Block] = [
        Paragraph(said[row.kind]),
        Paragraph(_("依据：%(rule)s。理由：%(reason)s", rule=row.rule_id, reason=row.reason)),
        Paragraph(_("本决定不影响贵单位参加法定方式的政府采购（R-GRADE.scope）。")),
    ]
    name, at = row.agency.organisation.name, row.decided_at or row.proposed_at
    facts = [row.number, row.kind.value, row.begins_on, row.ends_on, row.reason]
    return _letter(uow, row.number, _("机构库管理决定"), name, body, at or uow.now, facts)


def _letter(  # noqa: PLR0917 - what stands on a letter
    uow: UnitOfWork,
    number: str,
    title: str,
    addressee: str,
    body: Sequence[Block],
    at: datetime,
    facts: Sequence[object],
) -> bytes:
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    settings = uow.house.settings
    bureau = settings.bureau_name_zh if _language() == "zh" else settings.bureau_name_en
    return build_pdf(
        OfficialDocument(
            kind="letter",
            issuer=bureau,
            number=number,
            title=title,
            addressee=addressee,
            body=body,
            signatory=bureau,
            date=_day(at.astimezone(SHANGHAI).date()),
            record_hash=digest({"paper": title, "facts": [str(one) for one in facts]}),
            language=_language(),
        )
    )


def _name(case: ConductCase) -> str:
    return case.agency.organisation.name


def _language() -> Language:
    locale = get_locale()
    return "zh" if locale is None or locale.language == "zh" else "en"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if _language() == "zh" else f"{day.day} {day:%B} {day.year}"
