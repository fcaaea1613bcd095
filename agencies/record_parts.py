"""What each part of an agency's record holds: its fields, its evidence and what the public sees; data, no database.

An entry is kept as a mapping of these keys: days as ISO dates, amounts as text, choices by value, rows as lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from agencies.states import (
    AgencyKind,
    BadRecordKind,
    Degree,
    Licence,
    Offence,
    PremisesKind,
    RecordPart,
    SystemKind,
    TitleRank,
    WorkRole,
)
from core.i18n import Text, _l
from core.states import Titled
from projects.states import Sector

FieldKind = Literal["text", "long", "day", "whole", "money", "choice", "several", "lead", "rows"]
LONGEST: Mapping[FieldKind, int] = {"text": 120, "long": 2000}
MOST_ROWS = 40


class Seen(Enum):
    """Who sees an entry: everybody where the item is public, or only those who keep and supervise the library."""

    ALL = "all"
    FEW = "few"


@dataclass(frozen=True)
class Entry:
    """One field. `past`: the day may not lie ahead. `columns` are those of a field of rows."""

    key: str
    label: Text
    kind: FieldKind = "text"
    required: bool = False
    seen: Seen = Seen.ALL
    choices: type[Titled] | None = None
    hint: Text = ""
    unit: Text = ""
    past: bool = False
    columns: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """A kind of file that proves an item. It is never public."""

    purpose: str
    label: Text
    required: bool = True


@dataclass(frozen=True)
class Part:
    """One part of the record: what it is for, its fields, its evidence."""

    part: RecordPart
    note: Text
    entries: tuple[Entry, ...]
    evidence: tuple[Evidence, ...]
    rule_id: str = "R-AGENCY-03"
    may_be_public: bool = True
    is_single: bool = False

    def entry(self, key: str) -> Entry:
        """Return a field by its key."""
        return next(one for one in self.entries if one.key == key)


FEW = Seen.FEW
_SPAN = (
    Entry("begins_on", _l("起"), "day", required=True, past=True),
    Entry("ends_on", _l("止"), "day", hint=_l("至今的留空")),
)

PARTS: Mapping[RecordPart, Part] = {
    one.part: one
    for one in (
        Part(
            RecordPart.BASICS,
            _l("名称、统一社会信用代码、办公场所、地址、法定代表人或首席合伙人、从业人员和联系方式。"),
            (
                Entry("name", _l("机构名称"), required=True),
                Entry("uscc", _l("统一社会信用代码"), required=True, hint=_l("18 位")),
                Entry("kind", _l("机构类型"), "choice", required=True, choices=AgencyKind),
                Entry("legal_representative", _l("法定代表人或首席合伙人"), required=True),
                Entry("founded_on", _l("成立日期"), "day", required=True, past=True),
                Entry("address", _l("注册地址"), required=True),
                Entry("premises", _l("办公场所"), required=True, hint=_l("实际办公的地址")),
                Entry("premises_kind", _l("场所使用"), "choice", required=True, seen=FEW, choices=PremisesKind),
                Entry("premises_area", _l("办公面积"), "whole", seen=FEW, unit=_l("平方米")),
                Entry("staff", _l("从业人员"), "whole", required=True, unit=_l("人")),
                Entry("evaluators", _l("其中从事绩效评价"), "whole", required=True, unit=_l("人")),
                Entry("equipment", _l("设备和专业能力"), "long", seen=FEW),
                Entry("fields", _l("擅长领域"), "several", required=True, choices=Sector),
                Entry("telephone", _l("电话"), required=True),
                Entry("contact", _l("联系人"), required=True, seen=FEW),
                Entry("contact_telephone", _l("联系人电话"), required=True, seen=FEW),
                Entry("introduction", _l("机构简介"), "long"),
            ),
            (
                Evidence("licence", _l("营业执照或者执业许可证")),
                Evidence("premises", _l("场所产权证明或者租赁合同"), required=False),
            ),
            is_single=True,
        ),
        Part(
            RecordPart.LEADS,
            _l("资格证书、学历学位和劳动合同；是否符合主评人条件由系统按各段经历计算。"),
            (
                Entry("name", _l("姓名"), required=True),
                Entry("rank", _l("职称级别"), "choice", required=True, choices=TitleRank),
                Entry("title", _l("职称"), hint=_l("例如：高级会计师")),
                Entry(
                    "certificates",
                    _l("执业资格证书"),
                    "rows",
                    columns=(
                        Entry("licence", _l("证书"), "choice", required=True, choices=Licence),
                        Entry("number", _l("证书编号"), seen=FEW),
                        Entry("issued_on", _l("取得日期"), "day", past=True),
                        Entry("expires_on", _l("有效至"), "day", hint=_l("长期有效的留空")),
                    ),
                ),
                Entry(
                    "work",
                    _l("工作经历"),
                    "rows",
                    required=True,
                    seen=FEW,
                    columns=(Entry("employer", _l("工作单位"), required=True), *_SPAN),
                ),
                Entry(
                    "evaluation",
                    _l("从事绩效评价的经历"),
                    "rows",
                    seen=FEW,
                    columns=(Entry("employer", _l("单位或者项目"), required=True), *_SPAN),
                ),
                Entry("degree", _l("最高学历"), "choice", required=True, choices=Degree),
                Entry("school", _l("毕业院校和专业"), seen=FEW),
                Entry("contract_from", _l("劳动合同起"), "day", seen=FEW, hint=_l("合伙人等没有劳动合同的留空")),
                Entry("contract_until", _l("劳动合同止"), "day", seen=FEW, hint=_l("无固定期限的留空")),
                Entry("offence", _l("刑事处罚"), "choice", required=True, seen=FEW, choices=Offence),
                Entry("served_on", _l("刑罚执行完毕"), "day", seen=FEW, past=True),
                Entry("strengths", _l("政策、管理和沟通能力"), "long", seen=FEW),
            ),
            (
                Evidence("certificate", _l("职称或者执业资格证书")),
                Evidence("degree", _l("学历学位证书")),
                Evidence("contract", _l("劳动合同"), required=False),
            ),
            rule_id="R-LEAD-01",
        ),
        Part(
            RecordPart.EXPERTS,
            _l("长期合作、可以为评价提供专业意见的专家。"),
            (
                Entry("name", _l("姓名"), required=True),
                Entry("employer", _l("工作单位"), required=True),
                Entry("title", _l("职称或者职务")),
                Entry("speciality", _l("专业领域"), required=True),
                Entry("since", _l("合作起"), "day", past=True, seen=FEW),
                Entry("until", _l("合作止"), "day", seen=FEW),
            ),
            (Evidence("agreement", _l("合作协议或者聘书"), required=False),),
        ),
        Part(
            RecordPart.BRANCHES,
            _l("分公司、分所和办事机构。"),
            (
                Entry("name", _l("名称"), required=True),
                Entry("address", _l("地址"), required=True),
                Entry("head", _l("负责人"), required=True),
                Entry("uscc", _l("统一社会信用代码")),
                Entry("telephone", _l("电话")),
                Entry("founded_on", _l("设立日期"), "day", past=True),
                Entry("staff", _l("从业人员"), "whole", unit=_l("人")),
            ),
            (Evidence("licence", _l("分支机构营业执照"), required=False),),
        ),
        Part(
            RecordPart.PROJECTS,
            _l("做过的主要绩效评价项目。没有业绩的机构也可以入库和投标。"),
            (
                Entry("name", _l("项目名称"), required=True),
                Entry("principal", _l("委托方"), required=True),
                Entry("role", _l("承担方式"), "choice", required=True, choices=WorkRole),
                Entry("begun_on", _l("开始日期"), "day", required=True, past=True),
                Entry("finished_on", _l("完成日期"), "day", past=True),
                Entry("amount", _l("合同金额"), "money", seen=FEW, unit=_l("元")),
                Entry("result", _l("成果和评价"), "long"),
            ),
            (Evidence("contract", _l("合同或者报告封面"), required=False),),
        ),
        Part(
            RecordPart.CREDIT,
            _l("最近三年的不良信用记录和重大违法记录，由机构如实申报；财政部门另有自己的记录。"),
            (
                Entry("kind", _l("种类"), "choice", required=True, choices=BadRecordKind, seen=FEW),
                Entry("happened_on", _l("认定日期"), "day", required=True, past=True, seen=FEW),
                Entry("authority", _l("认定机关"), required=True, seen=FEW),
                Entry("number", _l("文书编号"), seen=FEW),
                Entry("content", _l("事由和处理"), "long", required=True, seen=FEW),
                Entry("correction", _l("整改情况"), "long", seen=FEW),
            ),
            (Evidence("decision", _l("处罚决定书或者认定文书")),),
            rule_id="R-AGENCY-04",
            may_be_public=False,
        ),
        Part(
            RecordPart.SYSTEMS,
            _l("治理结构、质量控制、财务、资产、保密、培训六类制度缺一不可。"),
            (
                Entry("kind", _l("种类"), "choice", required=True, choices=SystemKind),
                Entry("name", _l("制度名称"), required=True),
                Entry("in_force_on", _l("施行日期"), "day", required=True, past=True),
                Entry("content", _l("主要内容"), "long", seen=FEW),
            ),
            (Evidence("text", _l("制度文本")),),
            rule_id="R-AGENCY-04",
        ),
        Part(
            RecordPart.OTHER,
            _l("荣誉、资质、保险等其他需要说明的情况。"),
            (
                Entry("name", _l("标题"), required=True),
                Entry("content", _l("内容"), "long", required=True),
            ),
            (Evidence("paper", _l("有关材料"), required=False),),
        ),
        Part(
            RecordPart.TEAMS,
            _l("可以承担评价的团队：由一名符合条件的主评人带领，人员保持稳定。"),
            (
                Entry("name", _l("团队名称"), required=True),
                Entry("lead", _l("主评人"), "lead", required=True),
                Entry("members", _l("成员名单"), "long", required=True, seen=FEW, hint=_l("每行一人：姓名、分工")),
                Entry("fields", _l("擅长领域"), "several", choices=Sector),
            ),
            (),
            rule_id="R-AGENCY-07",
        ),
    )
}
"""The record's parts in the order of their tabs."""

REQUIRED_SYSTEMS = tuple(one for one in SystemKind if one is not SystemKind.FURTHER)


def name_of(part: RecordPart, entries: Mapping[str, object]) -> str:
    """Return what an item is called in lists: its name, or what a declaration is of."""
    if part is RecordPart.CREDIT:
        words = (str(entries.get("authority") or ""), str(entries.get("number") or ""))
        return " ".join(one for one in words if one) or "—"
    return str(entries.get("name") or "—")
