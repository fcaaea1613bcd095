"""The evidence bundle of a purchase: its records, and an extract of the log with proof, as one ZIP (docs/verify.md)."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC

from sqlalchemy import select

from core.audit.chain import canonical as audit_canonical
from core.audit.heads import head_statement_of
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.records import canonical, written
from core.unit_of_work import UnitOfWork
from procurement.evidence import evidence_record, extract_statement
from procurement.models import Award, Opening, Tender
from procurement.permissions import SupervisionPermission
from procurement.queries.supervision import entries_about, subjects_of

README = """证据包 / evidence bundle

flask verify evidence manifest.json    清单与日志摘录 / the manifest and the log's extract
flask verify award award-*.json        评标记录 / awards        flask verify opening opening.json
flask audit verify --anchor head.json  与系统日志核对 / against the system's own log
sha256sum -c SHA256SUMS                文件校验 / the files
"""


def evidence_bundle(uow: UnitOfWork, tender: Tender) -> bytes:
    """Return the ZIP of an opened purchase; the export itself is recorded.

    Raises `Forbidden` for others than supervision and observers, `Refused` before the opening (R-SEC-03).
    """
    decision = policy.decide(uow.actor, SupervisionPermission.EXPORT)
    if not decision:
        raise Forbidden(decision.reason)
    if tender.opened_at is None:
        raise Refused(Refusal(_l("开标之前不能导出证据包"), rule_id="R-SEC-03"))
    files = {"README.txt": README.encode(), "notice.json": canonical(tender.record)}
    opening = uow.session.scalar(select(Opening).where(Opening.tender_id == tender.id))
    if opening is not None and opening.record is not None:
        files["opening.json"] = written(opening.record)
    for award in uow.session.scalars(select(Award).where(Award.tender_id == tender.id)):
        files[f"award-{award.lot.position}.json"] = written(award.record)
    head = head_statement_of(uow)
    if head is None:
        raise Refused(Refusal(_l("日志还是空的")))
    entries = [
        {
            "seq": one.seq,
            "at": one.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "tag": one.tag,
            "actor": str(one.actor_id) if one.actor_id else None,
            "about": one.about,
            "body": audit_canonical(one.body).decode(),
            "personal": audit_canonical(one.personal).decode(),
            "previous": bytes(one.previous).hex(),
            "hash": bytes(one.hash).hex(),
        }
        for one in entries_about(uow, list(subjects_of(uow, tender)))
    ]
    files["head.json"] = json.dumps(head, indent=1).encode()
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    signature = uow.house.signing_key.sign(extract_statement(entries, head))
    about = {"tender": tender.number, "title": tender.title, "made_at": uow.now.astimezone(UTC).isoformat()}
    files["manifest.json"] = written(evidence_record(about, hashes, entries, head, signature))
    hashes["manifest.json"] = hashlib.sha256(files["manifest.json"]).hexdigest()
    files["SHA256SUMS"] = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items())).encode()
    uow.record("evidence.export", tender, detail={"manifest": hashes["manifest.json"], "entries": len(entries)})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in files.items():
            bundle.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), data)
    return packed.getvalue()
