"""Issuing the certificates of published grades, and letting them end when the grade no longer stands so."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from calendar import month_name
from datetime import datetime

from sqlalchemy import func, select

from agencies.events import GradeRecorded
from agencies.models import Agency, AgencyGrade
from agencies.states import Grade
from core.clock import SHANGHAI
from core.documents.accept import documents_of, keep_bytes
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import _l
from core.pdf.signing import Signing, paper_key, sign_pdf
from core.rules import Words
from core.unit_of_work import UnitOfWork
from grading.certificate.holding import attachment, digest_of
from grading.certificate.text import CertificateText
from grading.events import CertificateEnded
from grading.grade_record import public_grade_record
from grading.models import GradeCertificate
from grading.queries.certificate import ALPHABET, certificate_of, shown_code
from grading.rule_sets import rule_sets

PURPOSE = "grade-certificate"
NUMBERING = 0x434552
CHUNK = 25
CORRECTED, WITHDRAWN = "corrected", "withdrawn"
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def may_have(grade: AgencyGrade) -> bool:
    """Whether a grade has a certificate: published, and a grade at all."""
    return grade.published_at is not None and grade.grade is not Grade.UNGRADED


def issue_certificate(uow: UnitOfWork, grade: AgencyGrade) -> GradeCertificate:
    """Return the certificate of a published grade, signed and kept on first use.

    Raises `Refused` for a grade that is not published, and for a year without a grade (R-GRADE.min).
    """
    if grade.published_at is None:
        raise Refused(Refusal(_l("评级公布后才有证书"), rule_id="R-GRADE.publish"))
    if grade.grade is Grade.UNGRADED:
        raise Refused(Refusal(_l("不参评的年度没有证书"), rule_id="R-GRADE.min"))
    uow.session.execute(select(func.pg_advisory_xact_lock(NUMBERING)))  # one number and one certificate for each
    digest = digest_of(public_grade_record(grade.record))
    known = certificate_of(uow, grade)
    if known is not None and known.digest == digest:
        return known
    if known is not None:
        _end(uow, known, CORRECTED)
    return _issue(uow, grade, digest)


def _issue(uow: UnitOfWork, grade: AgencyGrade, digest: str) -> GradeCertificate:
    from grading.certificate.paper import (
        certificate_pdf,  # ReportLab takes long to load and most requests print nothing
    )

    settings, key = uow.house.settings, paper_key(uow.house.settings, uow.now)
    code = "".join(secrets.choice(ALPHABET) for _sign in range(12))
    row = uow.add(
        GradeCertificate(
            grade_id=grade.id,
            number=_next_number(uow),
            code=code,
            agency=grade.record["agency"],
            grade=grade.grade,
            score=grade.score,
            digest=digest,
            sha256="",
            signer=key.fingerprint,
            issued_at=uow.now,
            issued_by_id=uow.actor.user_id,
            superseded_at=None,
        )
    )
    uow.session.flush()
    page = certificate_pdf(_text(uow, row, grade))
    signing = Signing(
        at=uow.now,
        reason="签发评级证书 Certificate of grade",
        place=settings.bureau_name_zh,
        attachments=attachment(grade.record),
    )
    data = sign_pdf(page, key, signing)
    row.sha256 = hashlib.sha256(data).hexdigest()
    keep_bytes(uow, data, owner=row, purpose=PURPOSE, name=f"{row.number}.pdf", media_type="application/pdf")
    uow.record(
        "grade_certificate.issue", row, about=(grade.agency,), after={"number": row.number, "sha256": row.sha256}
    )
    uow.session.flush()
    return row


def _text(uow: UnitOfWork, row: GradeCertificate, grade: AgencyGrade) -> CertificateText:
    settings, rules = uow.house.settings, grade.record["rules"]
    chosen = rule_sets().get(rules["key"])
    title = chosen.title if chosen else Words(rules["key"], rules["key"])
    own = rules.get("titles", {}).get(grade.grade.value)
    words = Words(*own) if own else Words(f"{grade.grade.value} 级", f"Grade {grade.grade.value}")
    bureau = Words(settings.bureau_name_zh, settings.bureau_name_en)
    published = grade.published_at or uow.now
    return CertificateText(
        number=row.number,
        issuer=bureau,
        agency=row.agency,
        agency_en=grade.agency.organisation.name_en or "",
        year=grade.year,
        grade=grade.grade.value,
        grade_words=words,
        says=Words(
            f"经评定，该机构 {grade.year} 年度绩效评价服务质量等级为",
            f"For the year {grade.year} the quality of its evaluation services is graded",
        ),
        facts=(
            (Words("年度得分", "Score of the year"), f"{grade.score}（{grade.tasks} 项任务 tasks）"),
            (Words("评级方法", "Method"), f"{title.zh} {title.en}"),
            (Words("规则版本", "Rules as of"), rules["version"]),
            (Words("公布日期", "Published"), published.astimezone(SHANGHAI).date().isoformat()),
        ),
        digest=row.digest,
        address=f"{settings.public_address}/check/{shown_code(row.code)}",
        code=shown_code(row.code),
        signer=bureau,
        date=_date(uow.now),
    )


def _date(at: datetime) -> Words:
    day = at.astimezone(SHANGHAI).date()
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {month_name[day.month]} {day.year}")


def _end(uow: UnitOfWork, row: GradeCertificate, because: str) -> None:
    row.superseded_at, row.superseded_because = uow.now, because
    uow.session.flush()
    uow.record("grade_certificate.end", row, after={"because": because})


def end_outdated(uow: UnitOfWork, event: GradeRecorded) -> None:
    """End the certificate of a grade that was recorded anew with another result, and ask for a new one."""
    grade = event.grade
    known = certificate_of(uow, grade)
    if known is None or (may_have(grade) and known.digest == digest_of(public_grade_record(grade.record))):
        return
    _end(uow, known, CORRECTED if may_have(grade) else WITHDRAWN)
    if may_have(grade):
        publish(uow, CertificateEnded(grade))


def issue_next(uow: UnitOfWork, year: int, after: uuid.UUID | None) -> uuid.UUID | None:
    """Issue the next certificates of a published year; return where to go on, None at the end."""
    query = (
        select(AgencyGrade)
        .join(Agency, Agency.id == AgencyGrade.agency_id)
        .where(AgencyGrade.year == year, AgencyGrade.published_at.is_not(None), AgencyGrade.grade != Grade.UNGRADED)
        .order_by(AgencyGrade.id)
        .limit(CHUNK)
    )
    rows = uow.session.scalars(query.where(AgencyGrade.id > after) if after else query).all()
    for grade in rows:
        issue_certificate(uow, grade)
    return rows[-1].id if len(rows) == CHUNK else None


def file_of(uow: UnitOfWork, row: GradeCertificate) -> Document:
    """Return the certificate's file."""
    return documents_of(uow, row, PURPOSE)[0]


def _next_number(uow: UnitOfWork) -> str:
    """Return the next free number of the year, e.g. 评级证〔2026〕12号."""
    year = uow.today.year
    taken = uow.session.scalar(select(func.count()).where(GradeCertificate.number.like(f"评级证〔{year}〕%"))) or 0
    return f"评级证〔{year}〕{taken + 1}号"
