"""A submitted plan as a paper: the twelve elements as they stood."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale

from agencies.models import EvaluationPlan
from agencies.plan_elements import Standing
from agencies.queries.following import milestones_of, team_of
from agencies.states import PlanElement
from core.clock import SHANGHAI
from core.i18n import _
from core.pdf import Block, Heading, OfficialDocument, Paragraph, Table
from core.records import digest
from core.unit_of_work import UnitOfWork

NUMBERS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def plan_paper(uow: UnitOfWork, plan: EvaluationPlan, found: Sequence[Standing]) -> bytes:
    """Lay the plan out; the team, the dates and the indicators are written into it as they are now."""
    from core.pdf.layout import build_pdf  # ReportLab takes long to load and most requests print nothing

    engagement, local = plan.engagement, uow.now.astimezone(SHANGHAI)
    with force_locale("zh"):  # the plan is a Chinese paper, whatever language its writer's pages have
        body: list[Block] = [
            Paragraph(
                _(
                    "委托编号：%(number)s；被评价单位：%(unit)s；评价期限：%(begins)s 至 %(ends)s。",
                    number=engagement.number,
                    unit=engagement.project.unit.name,
                    begins=engagement.begins_on.isoformat(),
                    ends=engagement.due_on.isoformat(),
                )
            )
        ]
        for number, one in zip(NUMBERS, found, strict=True):
            body.append(Heading(f"{number}、{one.element.label}"))
            body += [*_derived(uow, plan, one.element), *_written(one)]
        return build_pdf(
            OfficialDocument(
                kind="plain",
                issuer=engagement.agency.name,
                number=_("第 %(round)s 稿", round=plan.round),
                title=_("%(project)s\n绩效评价工作方案", project=engagement.project.name),
                body=body,
                signatory=engagement.agency.name,
                date=f"{local.year}年{local.month}月{local.day}日",
                record_hash=digest(
                    {
                        "plan": str(plan.id),
                        "round": plan.round,
                        "elements": {one.element.value: [one.written.body, one.written.place] for one in found},
                    }
                ),
            )
        )


def _written(one: Standing) -> list[Block]:
    found: list[Block] = [Paragraph(line) for line in one.written.body.splitlines() if line.strip()]
    if one.written.place:
        found.append(Paragraph(_("见方案文件：%(place)s。", place=one.written.place)))
    return found


def _derived(uow: UnitOfWork, plan: EvaluationPlan, element: PlanElement) -> list[Block]:
    engagement = plan.engagement
    if element is PlanElement.STAFF:
        rows = [[one.name, str(one.role.label), _qualified(one), one.duty] for one in team_of(uow, engagement)]
        return [Table([_("姓名"), _("角色"), _("专业资格"), _("分工")], rows, widths=(2, 2, 3, 4))]
    if element is PlanElement.SCHEDULE:
        dates = [[str(one.kind.label), one.due_on.isoformat()] for one in milestones_of(uow, engagement)]
        return [Table([_("节点"), _("完成日期")], dates, widths=(4, 4))]
    rows_of_system = engagement.system.indicators if engagement.system is not None else []
    if element is PlanElement.INDICATORS:
        listed = [
            [str(one.dimension.label), one.second, one.third, f"{one.weight.normalize():f}"] for one in rows_of_system
        ]
        head = [_("一级指标"), _("二级指标"), _("三级指标"), _("权重")]
        return [Table(head, listed, widths=(2, 3, 4, 1.4), numeric=frozenset({3}))]
    if element is PlanElement.STANDARDS:
        standards = [[one.third, one.target, str(one.standard.label), one.scoring] for one in rows_of_system]
        return [Table([_("三级指标"), _("目标值"), _("标准"), _("评分规则")], standards, widths=(3, 3, 1.6, 4))]
    return []


def _qualified(member: object) -> str:
    lead = getattr(member, "lead", None)
    return lead.qualification if lead is not None else "—"
