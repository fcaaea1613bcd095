"""What an agency uploads of its report to the national platform, as data and as a table (R-AGENCY-12)."""

from __future__ import annotations

from typing import Any

from agencies.models import Engagement
from agencies.queries.following import team_changes, team_of
from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.i18n import Language, _l
from core.spreadsheets import Column, export_xlsx
from core.unit_of_work import UnitOfWork
from grading.queries import standing_submission
from grading.queries.comment import last_round, sent_comments, signature_of
from grading.services.archives import archive_of
from grading.states import ReportKind

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("engagement", "委托编号", "Engagement"),
    ("project", "项目名称", "Project"),
    ("project_code", "项目编码", "Project code"),
    ("unit", "项目单位", "Unit"),
    ("agency", "评价机构", "Agency"),
    ("agency_code", "统一社会信用代码", "USCC"),
    ("amount", "合同金额（元）", "Contract amount (yuan)"),
    ("begins_on", "合同开始", "Contract from"),
    ("due_on", "合同到期", "Contract until"),
    ("lead", "签署主评人", "Signing lead"),
    ("team", "工作组人数", "Team size"),
    ("team_changes", "人员调整次数", "Team changes"),
    ("report", "报告名称", "Report"),
    ("version", "报告版本", "Version"),
    ("delivered_at", "提交时间", "Delivered"),
    ("sha256", "报告 SHA-256", "Report SHA-256"),
    ("score", "评价得分", "Score"),
    ("comments", "征求意见条数", "Comments"),
    ("archive", "归档清单校验值", "Archive digest"),
)
"""What is told, in order: the key in the data and its titles."""


def information(uow: UnitOfWork, engagement: Engagement) -> dict[str, Any]:
    """Return what is told of an engagement's final report. Raises `Refused` before there is one."""
    final = standing_submission(uow, engagement.id)
    if final is None or final.kind is not ReportKind.FINAL:
        raise Refused(Refusal(_l("正式报告提交后才能导出报告信息"), rule_id="R-AGENCY-12"))
    signature, row, archive = signature_of(uow, final), last_round(uow, engagement.id), archive_of(uow, engagement)
    return {
        "engagement": engagement.number,
        "project": engagement.project.name,
        "project_code": engagement.project.code,
        "unit": engagement.project.unit.name,
        "agency": engagement.agency.name,
        "agency_code": engagement.agency.uscc or "",
        "amount": f"{engagement.amount:.2f}",
        "begins_on": engagement.begins_on.isoformat(),
        "due_on": engagement.due_on.isoformat(),
        "lead": signature.name if signature is not None else "",
        "team": len(team_of(uow, engagement)),
        "team_changes": team_changes(uow, engagement).total,
        "report": final.title or final.document.name,
        "version": final.version,
        "delivered_at": final.delivered_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "sha256": final.document.sha256,
        "score": f"{final.total_score:.2f}" if final.total_score is not None else "",
        "comments": len(sent_comments(uow, row)) if row is not None else 0,
        "archive": archive.digest if archive is not None else "",
    }


def information_table(values: dict[str, Any], language: Language, *, title: str) -> bytes:
    """Return the same as a table of one row."""
    columns = [Column(key, zh, en, width=22, limit=500) for key, zh, en in FIELDS]
    return export_xlsx(columns, [values], title=title, language=language)
