"""The check address of certificates, open to everybody: genuine or not, still valid or not, for whom and what."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField

from agencies.models import AgencyGrade
from core.documents.models import Document
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import public, requires
from core.http.lists import asked
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.certificate.reading import LARGEST, Shown, TooMany, shown_in
from grading.models import GradeCertificate
from grading.permissions import GradePermission
from grading.queries import load_grade
from grading.queries.certificate import (
    certificate_of,
    certificate_of_file,
    certificate_of_record,
    certificate_with,
    is_known_signer,
    shown_code,
)
from grading.services.certificates import file_of, issue_certificate

check = Blueprint("check", __name__)


class Finding(enum.StrEnum):
    """What is to be said of a file that was shown."""

    GENUINE = "genuine"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    TOO_LARGE = "too-large"
    BUSY = "busy"


@dataclass(frozen=True)
class Looked:
    """What became of a file that was shown, and which certificate it is or was made from."""

    finding: Finding
    certificate: GradeCertificate | None = None
    signer: str = ""


class ShowForm(Form):
    """A file to be checked."""

    file = FileField(_l("证书文件（PDF，不超过 5 MB）"))


def may_read_certificate(uow: UnitOfWork, document: Document) -> bool:
    """The file is for the agency and the bureau; what it says is for everybody, at its check address."""
    row = uow.get(GradeCertificate, document.owner_id)
    return row is not None and policy.allows(uow.actor, GradePermission.READ_CERTIFICATE, row.standing_for)


def address_of(row: GradeCertificate) -> str:
    """Return the path of a certificate's check page."""
    return url_for("check.show", code=shown_code(row.code))


@check.get("/check")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """Ask for a code or a file."""
    if typed := asked("code"):
        return redirect(url_for("check.show", code=typed[:60]))
    return _page(uow)


@check.get("/check/<code>")
@public
def show(uow: UnitOfWork, code: str) -> ResponseReturnValue:
    """Say whether there is a certificate with this code and whether it stands."""
    row = certificate_with(uow, code)
    if row is None:
        return _page(uow, unknown=code[:60], status=404)
    return _page(uow, row=row)


@check.post("/check")
@public
def look(uow: UnitOfWork) -> ResponseReturnValue:
    """Look at a file that was shown as a certificate."""
    looked = _looked(uow)
    status = {Finding.MISSING: 422, Finding.TOO_LARGE: 413, Finding.BUSY: 503}.get(looked.finding, 200)
    return _page(uow, row=looked.certificate, looked=looked, status=status)


def _looked(uow: UnitOfWork) -> Looked:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return Looked(Finding.MISSING)
    with upload.stream:
        data = upload.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return Looked(Finding.TOO_LARGE)
    known = certificate_of_file(uow, hashlib.sha256(data).hexdigest())
    if known is not None:  # byte for byte what was issued
        return Looked(Finding.GENUINE, known)
    try:
        return _judged(uow, shown_in(data))
    except TooMany:
        return Looked(Finding.BUSY)


def _judged(uow: UnitOfWork, shown: Shown) -> Looked:
    """Say what a file is that is not byte for byte one of ours."""
    if not shown.readable:
        return Looked(Finding.UNREADABLE)
    if shown.signed and is_known_signer(uow, shown.fingerprint):
        origin = certificate_of_record(uow, shown.digest) if shown.digest else None
        return Looked(Finding.ALTERED, origin, shown.signer)
    return Looked(Finding.FOREIGN, None, shown.signer)


def _page(
    uow: UnitOfWork,
    *,
    row: GradeCertificate | None = None,
    looked: Looked | None = None,
    unknown: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    grade = row.standing_for if row is not None else None
    successor = certificate_of(uow, grade) if row is not None and row.superseded_at and grade is not None else None
    shown = render_template(
        "grading/check/show.html",
        row=row,
        grade=grade,
        code=shown_code(row.code) if row is not None else "",
        looked=looked,
        unknown=unknown,
        successor=address_of(successor) if successor is not None else None,
        form=ShowForm(formdata=None),
        crumbs=[(_("评级证书核验"), url_for("check.index") if row is not None or unknown else None)]
        + ([(row.number, None)] if row is not None else []),
    )
    return shown, status


@check.post("/grades/<uuid:grade_id>/certificate")
@requires(GradePermission.ISSUE_CERTIFICATE, load_grade, see=GradePermission.READ_GRADE)
def issue(uow: UnitOfWork, grade: AgencyGrade) -> ResponseReturnValue:
    """Issue the certificate where it was not yet."""
    form = Form()
    page = url_for("grades.show", grade_id=grade.id)
    done = acted(uow, form, lambda: issue_certificate(uow, grade), page, lambda: _("证书已生成，可以下载"))
    return done or redirect(page)


def certificate_parts(uow: UnitOfWork, grade: AgencyGrade) -> dict[str, object]:
    """Return what the page of a grade shows of its certificate."""
    row = certificate_of(uow, grade)
    may_read = row is not None and policy.allows(uow.actor, GradePermission.READ_CERTIFICATE, grade)
    return {
        "certificate": row,
        "certificate_file": file_of(uow, row) if row is not None and may_read else None,
        "check_address": address_of(row) if row is not None else None,
        "may_read_certificate": may_read,
        "issue_form": Form(formdata=None)
        if row is None and policy.allows(uow.actor, GradePermission.ISSUE_CERTIFICATE, grade)
        else None,
    }
