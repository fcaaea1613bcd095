"""Reads for certificates of grades."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection

from sqlalchemy import select

from agencies.models import AgencyGrade
from core.unit_of_work import UnitOfWork
from grading.models import GradeCertificate

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs of a check code: none that is taken for another."""


def plain_code(typed: str) -> str:
    """Return a check code as it is kept, however it was typed."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())[:40]


def shown_code(code: str) -> str:
    """Return a check code in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def certificate_with(uow: UnitOfWork, code: str) -> GradeCertificate | None:
    """Return the certificate with this check code."""
    return uow.session.scalar(select(GradeCertificate).where(GradeCertificate.code == plain_code(code)))


def certificate_of(uow: UnitOfWork, grade: AgencyGrade) -> GradeCertificate | None:
    """Return the certificate that stands for a grade."""
    return uow.session.scalar(
        select(GradeCertificate).where(GradeCertificate.grade_id == grade.id, GradeCertificate.superseded_at.is_(None))
    )


def certificate_of_file(uow: UnitOfWork, sha256: str) -> GradeCertificate | None:
    """Return the certificate whose file has this hash."""
    return uow.session.scalar(select(GradeCertificate).where(GradeCertificate.sha256 == sha256))


def certificate_of_record(uow: UnitOfWork, digest: str) -> GradeCertificate | None:
    """Return the latest certificate that was issued for the public record with this digest."""
    return uow.session.scalar(
        select(GradeCertificate)
        .where(GradeCertificate.digest == digest)
        .order_by(GradeCertificate.issued_at.desc())
        .limit(1)
    )


def is_known_signer(uow: UnitOfWork, fingerprint: str) -> bool:
    """Whether one of our certificates was signed with this one."""
    query = select(GradeCertificate.id).where(GradeCertificate.signer == fingerprint).limit(1)
    return uow.session.scalar(query) is not None


def load_certificate(uow: UnitOfWork, certificate_id: uuid.UUID) -> GradeCertificate | None:
    """Return the certificate with this id."""
    return uow.get(GradeCertificate, certificate_id)


def certificates_of(uow: UnitOfWork, grades: Collection[uuid.UUID]) -> dict[uuid.UUID, GradeCertificate]:
    """Return the certificates that stand for these grades."""
    query = select(GradeCertificate).where(
        GradeCertificate.grade_id.in_(grades), GradeCertificate.superseded_at.is_(None)
    )
    return {one.grade_id: one for one in uow.session.scalars(query)}
