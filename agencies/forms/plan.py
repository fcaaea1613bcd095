"""What is typed of an evaluation plan, and what the bureau says to it."""

from __future__ import annotations

from collections.abc import Iterable

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from agencies.models import PlanPart
from agencies.plan_elements import Written
from agencies.services.plans import TYPED
from agencies.states import PlanElement
from core.http.forms import Asked, Form
from core.i18n import _l

HINTS = {
    PlanElement.STAFF: _l("人员见工作组名单；这里补充分工和职责"),
    PlanElement.SCHEDULE: _l("节点日期按合同推算；这里补充各阶段的安排"),
    PlanElement.PURPOSE: _l("为什么评价，结果用在哪里"),
    PlanElement.CONTENT: _l("评价对象、范围和重点"),
    PlanElement.BASIS: _l("法律法规、资金管理办法、绩效目标批复等"),
    PlanElement.METHODS: _l("成本效益分析法、比较法、因素分析法、最低成本法、公众评判法、标杆管理法等"),
    PlanElement.SAMPLE: _l("总体、抽样方法、样本量和误差"),
    PlanElement.QUESTIONNAIRE: _l("问卷对象、题目和发放方式；不使用问卷的写明理由"),
    PlanElement.MATERIAL: _l("需要项目单位提供的资料"),
    PlanElement.DISCIPLINE: _l("廉洁、保密和数据安全的要求"),
}


class PlanForm(Form):
    """Each element's words, and its place in the plan's file where the plan is a file."""

    def written(self) -> dict[PlanElement, Written]:
        """Return what was typed, by element."""
        return {one: Written(self.text(f"body_{one.value}"), self.text(f"place_{one.value}")) for one in TYPED}

    def show(self, parts: Iterable[PlanPart]) -> None:
        """Show what was written before."""
        for part in parts:
            self[f"body_{part.element.value}"].data = part.body
            self[f"place_{part.element.value}"].data = part.place


for _one in TYPED:
    setattr(
        PlanForm,
        f"body_{_one.value}",
        TextAreaField(_one.label, [Optional(), Length(max=6000)], description=HINTS.get(_one, "")),
    )
    setattr(
        PlanForm,
        f"place_{_one.value}",
        StringField(_l("在方案文件中的位置"), [Optional(), Length(max=100)]),
    )


class PlanFileForm(Form):
    """The plan as a file."""

    file = FileField(_l("方案文件（PDF 或 DOCX，不超过 30 MB）"), [Asked()])


class OpinionForm(Form):
    """What the bureau says with its decision about a plan."""

    opinion = TextAreaField(_l("审核意见"), [Optional(), Length(max=2000)])
