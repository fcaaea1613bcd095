"""The expert's papers: certificate of appointment (聘书, R-EXP-06) and record of service."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from flask_babel import get_locale

from core.audit.chain import canonical
from core.clock import SHANGHAI
from core.i18n import Language, _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.unit_of_work import UnitOfWork
from experts.appraisal import Mark, average
from experts.models import Appointment, Expert
from experts.queries import services_of, years_of

CERTIFIED = "hengping/expert-appointment"


def certificate_pdf(uow: UnitOfWork, appointment: Appointment) -> bytes:
    """Return the certificate of one term."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    language, bureau, expert = _language(), _bureau(uow), appointment.expert
    facts = [CERTIFIED, appointment.number, str(expert.user_id), appointment.begins_on, appointment.ends_on]
    body = [
        Paragraph(
            _(
                "兹聘请%(name)s（%(employer)s，%(title)s）为本局绩效评价专家库评审专家，聘期自%(begins)s至%(ends)s。",
                name=expert.user.name,
                employer=expert.employer,
                title=expert.professional_title,
                begins=_day(appointment.begins_on, language),
                ends=_day(appointment.ends_on, language),
            )
        ),
        Paragraph(_("专家类别：%(names)s。", names=_joined(expert.category_labels))),
        Paragraph(_("请独立、客观、公正地参加评审，严守纪律，依法回避，对评审内容保密，单位等信息变化时及时告知。")),
    ]
    return build_pdf(
        OfficialDocument(
            kind="letter",
            issuer=bureau,
            number=appointment.number,
            title=_("聘书"),
            addressee=expert.user.name,
            body=body,
            signatory=bureau,
            date=_day(appointment.decided_at.astimezone(SHANGHAI).date(), language),
            record_hash=hashlib.sha256(canonical(facts)).hexdigest(),
            language=language,
        )
    )


def record_pdf(uow: UnitOfWork, expert: Expert) -> bytes:
    """Return an expert's record of service up to today."""
    from core.pdf.layout import build_pdf  # see above

    language, bureau = _language(), _bureau(uow)
    services = [one for one in services_of(uow, expert) if one.took_part]
    marks = [Mark(one.day, one.duty.points) for one in services if one.duty and one.duty.points is not None]
    mean = average(marks)
    years = [
        [str(one.year), str(one.served), "—" if one.average is None else str(one.average)] for one in years_of(services)
    ]
    rows = [
        [
            one.day.isoformat(),
            str(one.kind.label),
            f"{one.title} {one.number}",
            str(one.duty.rating.label) if one.duty else "—",
        ]
        for one in services
    ]
    intro = _(
        "%(name)s（%(employer)s，%(title)s），聘期至%(ends)s，截至%(today)s参加评审%(count)s次。",
        name=expert.user.name,
        employer=expert.employer,
        title=expert.professional_title,
        ends=_day(expert.appointed_until, language),
        today=_day(uow.today, language),
        count=len(services),
    )
    rated = _("履职评分平均%(points)s分，共评%(count)s次。", points=mean, count=len(marks)) if mean is not None else ""
    return build_pdf(
        OfficialDocument(
            kind="plain",
            issuer=bureau,
            number="",
            title=_("评审专家履职记录"),
            body=[Paragraph(f"{intro}{rated}"), *(_tables(years, rows) if rows else ())],
            signatory=bureau,
            date=_day(uow.today, language),
            record_hash=hashlib.sha256(canonical([str(expert.user_id), years, rows])).hexdigest(),
            language=language,
        )
    )


def _tables(years: Sequence[Sequence[str]], rows: Sequence[Sequence[str]]) -> list[Block]:
    return [
        Heading(_("一、历年情况")),
        Table([_("年度"), _("参加次数"), _("平均评分")], years, widths=(1, 1, 1), numeric=frozenset({1, 2})),
        Heading(_("二、评审经历")),
        Table([_("日期"), _("种类"), _("评审"), _("履职评价")], rows, widths=(2, 2, 6, 2)),
    ]


def _joined(members: object) -> str:
    return "、".join(str(one.label) for one in members)  # type: ignore[attr-defined]  # members of an enum with words


def _language() -> Language:
    locale = get_locale()
    return "zh" if locale is None or locale.language == "zh" else "en"


def _bureau(uow: UnitOfWork) -> str:
    settings = uow.house.settings
    return settings.bureau_name_zh if _language() == "zh" else settings.bureau_name_en


def _day(day: date, language: Language) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%B} {day.year}"
