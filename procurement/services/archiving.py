"""Collecting the archive of a purchase: every row and file that hangs on the tender (R-ARCH-01, R-ARCH-02)."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale
from sqlalchemy import Table, or_, select

from core.archives.package import ArchiveFile, made, unique
from core.audit.chain import canonical
from core.audit.models import AuditEntry
from core.database import Base
from core.documents.models import Document
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _, _l
from core.money import format_amount
from core.pdf import Heading, OfficialDocument, Paragraph
from core.permissions import policy
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.archive_sources import archive_files
from procurement.archiving.package import manifest_of, readme
from procurement.contract_basis import in_words
from procurement.models import Award, Contract, Tender
from procurement.permissions import ContractPermission
from procurement.queries.award_procedure import day_of, replaced_awards
from procurement.services.awarding import awards_of

HIDDEN_COLUMNS = frozenset({"token_hash", "password_hash", "totp_secret"})
LEFT_OUT = frozenset({"opening_share", "final_share"})
"""Tables that are no part of the file of a purchase: key material of the openings."""
OF_SUPERVISION = re.compile("complaint|supervis|inspection|signal|evidence|case")
"""What supervision keeps apart from the purchaser (R-SEC-01): tables, and deeds in the log."""
PART_OF = {
    "tender": "03-采购文件",
    "bid": "04-投标文件",
    "final_offer": "04-投标文件",
    "asked_supplier": "04-投标文件",
    "award": "07-定标文件",
    "contract": "08-合同文本",
    "acceptance": "09-验收证明",
    "challenge": "10-质疑答复",
    "inquiry": "10-质疑答复",
    "complaint": "11-投诉处理决定",
}
PART_OF_PURPOSE = {"result-letter": "07-定标文件", "award-notice": "07-定标文件", "opening-record": "06-评审报告"}


@dataclass(frozen=True)
class Archive:
    """An archive ready to be streamed."""

    files: list[ArchiveFile]
    manifest: dict[str, Any]
    words: str


def ended_on(uow: UnitOfWork, tender: Tender) -> date:
    """Return the day the purchase ended: the last contract's end, else the award's or the tender's own."""
    contracts = uow.session.scalars(select(Contract).where(Contract.tender_id == tender.id)).all()
    moments = [one.ended_at or one.accepted_at for one in contracts]
    days = [day_of(one) for one in (*moments, tender.awarded_at, tender.evaluated_at, tender.published_at)]
    return next((day for day in days if day is not None), uow.today)


def keep_until(uow: UnitOfWork, tender: Tender) -> date:
    """Return until when the files are kept at least: 15 years from the end of the purchase (R-ARCH-01)."""
    end = ended_on(uow, tender)
    years = uow.house.rules.whole("R-ARCH-01", "years_min", on=uow.today)
    last = 28 if (end.month, end.day) == (2, 29) else end.day
    return date(end.year + years, end.month, last)


def collect(uow: UnitOfWork, tender: Tender) -> list[ArchiveFile]:
    """Return every file of the archive, without reading the stored ones."""
    _ensure(uow, tender)
    rows = rows_of(uow, tender)
    with force_locale("zh"):
        files = [
            *_record(uow, tender),
            *_texts(tender),
            *_awards(uow, tender),
            *_documents(uow, rows),
            *_audit(uow, tender, rows),
            *_tables(rows),
            *archive_files(uow, tender),
        ]
    return unique(files)


def export(uow: UnitOfWork, tender: Tender) -> Archive:
    """Return the archive to stream; who took it and the digest of its manifest stand in the audit log."""
    files = collect(uow, tender)
    facts = {
        "tender": str(tender.id),
        "number": tender.number,
        "title": tender.title,
        "purchaser": tender.purchaser.name,
        "state": str(tender.state),
        "made_at": uow.now.isoformat(),
        "made_by": str(uow.actor.user_id or "system"),
        "keep_until": keep_until(uow, tender).isoformat(),
    }
    with force_locale("zh"):  # the archive itself is a Chinese record, whoever takes it out
        manifest, words = manifest_of(files, facts), readme(facts, files)
    detail = {"files": len(files), "digest": manifest["digest"]}
    uow.record("tender.export_archive", tender, detail=detail)
    return Archive(files, manifest, words)


def rows_of(uow: UnitOfWork, tender: Tender) -> dict[str, list[dict[str, Any]]]:
    """Return every row that hangs on the tender by table, followed through the keys that lead to it.

    A complaint's file stays with supervision: others do not get its rows or papers (R-SEC-01).
    """
    may_see_complaints = policy.allows(uow.actor, ContractPermission.EXPORT_COMPLAINTS, tender)
    found: dict[str, list[dict[str, Any]]] = {"tender": _select(uow, Base.metadata.tables["tender"], "id", {tender.id})}
    for table in Base.metadata.sorted_tables:
        if table.name in found or table.name in LEFT_OUT:
            continue
        if OF_SUPERVISION.search(table.name) and not may_see_complaints:
            continue
        for column in table.columns:
            parents = {key.column.table.name for key in column.foreign_keys} & (set(found) & set(PARENTS))
            if parents:
                ids = {row["id"] for row in found[next(iter(parents))]}
                found[table.name] = _select(uow, table, column.name, ids)
                break
    return {name: rows for name, rows in found.items() if rows}


PARENTS = (
    "tender",
    "lot",
    "bid",
    "committee_seat",
    "contract",
    "acceptance",
    "opening",
    "challenge",
    "inquiry",
    "complaint",
)


def _select(uow: UnitOfWork, table: Table, column: str, ids: set[Any]) -> list[dict[str, Any]]:
    if not ids:
        return []
    query = select(table).where(table.c[column].in_(ids)).order_by(*table.primary_key.columns)
    return [{name: value for name, value in row.items() if name not in HIDDEN_COLUMNS}
            for row in uow.session.execute(query).mappings()]  # fmt: skip


def _documents(uow: UnitOfWork, rows: dict[str, list[dict[str, Any]]]) -> Iterator[ArchiveFile]:
    for kind, owners in rows.items():
        ids = [row["id"] for row in owners if isinstance(row.get("id"), uuid.UUID)]
        if not ids:
            continue
        found = uow.session.scalars(
            select(Document)
            .where(Document.owner_kind == kind, Document.owner_id.in_(ids))
            .order_by(Document.owner_id, Document.purpose, Document.version)
        )
        for one in found:
            part = PART_OF_PURPOSE.get(one.purpose) or PART_OF.get(kind) or "06-评审报告"
            prefix = f"{one.owner_id.hex[:8]}-" if kind in ("bid", "challenge", "inquiry", "complaint") else ""
            name = f"{prefix}{one.version:02d}-{one.name}"
            yield ArchiveFile(part, name, f"{one.purpose} v{one.version}", one.sha256, one.size)


def _audit(uow: UnitOfWork, tender: Tender, rows: dict[str, list[dict[str, Any]]]) -> Iterator[ArchiveFile]:
    may_see_complaints = policy.allows(uow.actor, ContractPermission.EXPORT_COMPLAINTS, tender)
    references = [f"{name}:{row['id']}" for name, owners in rows.items() for row in owners if "id" in row]
    conditions = [AuditEntry.about.contains([one]) for one in references if not one.startswith("criterion:")]
    entries = uow.session.scalars(select(AuditEntry).where(or_(*conditions)).order_by(AuditEntry.seq)).all()
    listed = [
        {
            "seq": one.seq,
            "at": one.at,
            "tag": one.tag,
            "actor": one.actor_id,
            "about": one.about,
            "body": one.body,
            "previous": one.previous.hex(),
            "hash": one.hash.hex(),
        }
        for one in entries
        if may_see_complaints or not OF_SUPERVISION.search(one.tag)
    ]
    yield made("12-审计日志", f"审计日志-{tender.number}.json", "审计日志摘录", _json(listed))


def _tables(rows: dict[str, list[dict[str, Any]]]) -> Iterator[ArchiveFile]:
    for name, owners in rows.items():
        yield made("13-数据", f"{name}.json", name, _json(owners))


def _texts(tender: Tender) -> Iterator[ArchiveFile]:
    record = tender.record or {}
    yield made("03-采购文件", f"冻结记录-{tender.number}.json", "采购文件冻结记录", written(record))
    criteria = {"price_weight": str(tender.price_weight), "criteria": record.get("criteria", [])}
    yield made("05-评审标准", f"评审标准-{tender.number}.json", "评审因素和分值", _json(criteria))
    budget = {
        "budget": tender.budget,
        "ceiling": tender.ceiling,
        "deposit": tender.deposit,
        "lots": [
            {
                "position": lot.position,
                "title": lot.title,
                "budget": lot.budget,
                "projects": [
                    {"code": one.code, "name": one.name, "unit": one.unit.name, "evaluation_fee": one.evaluation_fee}
                    for one in lot.projects
                ],
            }
            for lot in tender.lots
        ],
    }
    yield made("02-采购预算", f"采购预算-{tender.number}.json", "采购预算", _json(budget))


def _awards(uow: UnitOfWork, tender: Tender) -> Iterator[ArchiveFile]:
    for number, award in enumerate([*replaced_awards(uow, tender), *awards_of(uow, tender)], start=1):
        base = f"award-{tender.number}-{number}"
        result = {"scores": award.record["scores"], "invalid": award.record.get("invalid", {})}
        yield made("06-评审报告", f"评审结果-{tender.number}-{number}.json", "评审得分和排序", _json(result))
        yield made("07-定标文件", f"{base}-full.json", "评审与中标完整记录", written(award.record))
        yield made("07-定标文件", f"{base}-public.json", "评审与中标公开记录", written(award.public_record))


def _record(uow: UnitOfWork, tender: Tender) -> Iterator[ArchiveFile]:
    """The record of the purchase with the seven items that 法 42 asks for."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    body = [block for title, words in _items(uow, tender) for block in (Heading(title), Paragraph(words))]
    pdf = build_pdf(
        OfficialDocument(
            kind="plain",
            issuer=tender.purchaser.name,
            number=_("采购编号：%(number)s", number=tender.number),
            title=_("采购活动记录"),
            body=body,
            signatory=tender.purchaser.name,
            date=in_words(uow.today),
            record_hash=tender.record_hash or "",
        )
    )
    yield made("01-采购活动记录", f"采购活动记录-{tender.number}.pdf", "采购活动记录", pdf)


def _items(uow: UnitOfWork, tender: Tender) -> list[tuple[str, str]]:
    awards = awards_of(uow, tender)
    prices = "；".join(f"{one.lot.title}：{one.bid.bidder.name}，{format_amount(one.amount)}" for one in awards)
    reasons = "；".join(_reason(one) for one in awards)
    projects = "、".join(one.name for lot in tender.lots for one in lot.projects)
    failed = tender.failure_reason or (str(tender.failure_ground.label) if tender.failure_ground else "")
    return [
        (_("一、采购项目类别、名称"), f"{_('服务类')}：{tender.title}（{projects}）。"),
        (_("二、采购项目预算和合同价格"), f"{_('预算')} {format_amount(tender.budget)}。{prices or _('没有成交。')}"),
        (_("三、采购方式"), f"{tender.method.label}。"),
        (_("四、邀请和选择供应商的条件及原因"), "；".join(tender.qualifications) or _("公告中未另设条件。")),
        (_("五、评标标准及确定中标人的原因"), reasons or _("没有确定中标人。")),
        (_("六、废标的原因"), failed or _("未废标。")),
        (
            _("七、其他记载"),
            _("全部操作的时间、人员和内容见审计日志摘录，各环节的数据见“13-数据”。"),
        ),
    ]


def _reason(award: Award) -> str:
    reason = str(award.public_record.get("award", {}).get("reason") or "")
    return f"{award.bid.bidder.name}：{reason or _('按评标委员会推荐的排序确定')}"


def _json(value: Any) -> bytes:
    return json.dumps(json.loads(canonical(value)), ensure_ascii=False, indent=1).encode()


def _ensure(uow: UnitOfWork, tender: Tender) -> None:
    decision = policy.decide(uow.actor, ContractPermission.EXPORT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    if tender.record is None:
        raise Refused(Refusal(_l("没有公告过的采购没有档案"), rule_id="R-ARCH-02"))
