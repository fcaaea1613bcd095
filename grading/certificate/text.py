"""What a certificate says, apart from how it is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.rules import Words


@dataclass(frozen=True)
class CertificateText:
    """What a certificate says. `facts` are lines of a name and a value; `digest` is the public record's, in full."""

    number: str
    issuer: Words
    agency: str
    agency_en: str
    year: int
    grade: str
    grade_words: Words
    says: Words
    facts: Sequence[tuple[Words, str]]
    digest: str
    address: str
    code: str
    signer: Words
    date: Words
