"""What the demonstration's officer types into a tender's form."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from core.clock import SHANGHAI
from projects.models import Project


def entries_of(project: Project, notice: date, documents_until: date, deadline: datetime) -> dict[str, Any]:
    """Return a tender's entries with the dates of its story."""
    due = deadline.astimezone(SHANGHAI).date()
    return {
        "title": f"{project.name}绩效评价服务采购",
        "notice_on": notice,
        "documents_until": documents_until,
        "deadline": deadline,
        "opening_place": "区行政中心三楼开标室（线上同步）",
        "documents_place": "在本平台免费下载",
        "contact_name": "周明远",
        "contact_telephone": "021-55550101",
        "contract_draft": "第一条 服务内容与成果；第二条 服务期限；第三条 合同价款与分期支付；第四条 违约责任。",
        "service_until": due + timedelta(days=150),
    }
