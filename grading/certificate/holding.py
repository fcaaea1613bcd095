"""What a certificate's file holds beside its page: the public record of the grade, under the same signature. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from core.pdf.signing import Inspection, NoPaper, inspect
from core.record_files import Unreadable, read
from core.records import Fault, Record, written
from grading.grade_record import public_grade_record, verify_grade

ATTACHED = "grade-public.json"
"""The attachment's name."""


@dataclass(frozen=True)
class Held:
    """A certificate's file as it was read: its signature, and the public record in it (None where there is none)."""

    seen: Inspection
    record: Record | None

    @property
    def digest(self) -> str:
        """The digest that the record in the file states, empty where there is none."""
        return digest_of(self.record) if self.record is not None else ""


def digest_of(record: Record) -> str:
    """Return the digest a record states of itself."""
    digests = record.get("digests")
    return str(digests.get("record", "")) if isinstance(digests, dict) else ""


def attachment(full: Record) -> dict[str, bytes]:
    """Return what is attached to the certificate of a full record."""
    return {ATTACHED: written(public_grade_record(full))}


def held_in(data: bytes) -> Held:
    """Read a certificate's file. Raises NoPaper for what is no readable PDF."""
    seen = inspect(data)
    try:
        record = read(seen.attachments[ATTACHED])
    except (KeyError, Unreadable):
        record = None
    return Held(seen, record)


def certificate_faults(data: bytes, record: Record) -> tuple[list[Fault], dict[str, str]]:
    """Return every fault of a certificate's file beside a grade's record, full or public, and what it states.

    Checked: its signature covers the whole file and nothing in it was changed; the record it holds verifies; and that
    record is the public form of the one given. Who signed is stated, to be compared with what the bureau publishes.
    """
    try:
        held = held_in(data)
    except NoPaper:
        return [Fault("certificate", "", "证书不是可以读取的 PDF。", "The certificate is no readable PDF.")], {}
    faults = []
    if not held.seen.signed:
        faults.append(Fault("unsigned", "", "证书没有数字签名。", "The certificate carries no signature."))
    elif not held.seen.unchanged:
        faults.append(
            Fault("altered", "", "证书在签署之后被改动。", "The certificate was changed after it was signed.")
        )
    if held.record is None:
        faults.append(Fault("no-record", "", "证书里没有公开记录。", "The certificate holds no public record."))
    else:
        faults += verify_grade(held.record)
        public = public_grade_record(record) if record.get("form") == "full" else record
        if digest_of(public) != held.digest:
            faults.append(
                Fault("other", "", "证书所附的不是这份记录。", "The certificate was issued for another record.")
            )
    seen = held.seen
    signed = seen.signed_at.isoformat() if seen.signed_at is not None else ""
    return faults, {"signer": seen.signer, "certificate": seen.fingerprint, "signed": signed}
