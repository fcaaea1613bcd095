"""The demonstration's records: all eight parts and the teams of every agency, as its papers would say."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from agencies.models import Agency, RecordItem
from agencies.record_parts import PARTS, REQUIRED_SYSTEMS, name_of
from agencies.services.leads import keep_lead
from agencies.states import RecordPart, SystemKind
from core.documents.accept import adopt_stored
from core.identity.models import Organisation
from core.unit_of_work import UnitOfWork

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""What stands in for a scanned paper."""

EXPERTS = (
    ("陶望溪", "澄湖财经大学", "教授", "财政支出绩效"),
    ("邵青禾", "临浦市政设计研究院", "教授级高级工程师", "工程造价"),
    ("席慕川", "松岑大学公共管理学院", "副教授", "社会保障"),
    ("郁怀瑾", "石渠农业科学院", "研究员", "农业农村"),
    ("简文澜", "云汀教育发展研究院", "高级教师", "义务教育"),
)
WORKS = (
    ("老旧小区综合改造项目绩效评价", "望江区住房保障局", "168000"),
    ("公共就业服务补贴绩效评价", "松岑区人力资源和社会保障局", "142000"),
    ("义务教育均衡发展专项绩效评价", "云汀区教育局", "196000"),
    ("高标准农田建设绩效评价", "石渠区农业农村委员会", "175000"),
    ("社区养老服务补贴绩效评价", "临浦区民政局", "158000"),
)
TITLES = (
    ("senior", "高级会计师", "accountant"),
    ("senior", "高级经济师", "consulting-engineer"),
    ("intermediate", "会计师", "accountant"),
    ("senior", "高级工程师", "cost-engineer"),
    ("none", "", "appraiser"),
)
DEGREES = ("master", "bachelor", "doctor", "bachelor")
BEFORE = ("澄湖第一税务师事务所", "临浦投资评审中心", "松岑大学财务处", "云汀区审计服务中心")

SYSTEM_NAMES = {
    SystemKind.GOVERNANCE: "合伙人会议和执行机构议事规则",
    SystemKind.QUALITY: "绩效评价业务三级复核办法",
    SystemKind.FINANCE: "财务管理和会计核算办法",
    SystemKind.ASSETS: "固定资产管理办法",
    SystemKind.CONFIDENTIALITY: "评价资料保密和档案管理办法",
    SystemKind.TRAINING: "员工业务培训和继续教育办法",
}


def add_record(uow: UnitOfWork, agency: Agency, number: int, leads: Sequence[str]) -> None:
    """Add an agency's whole record as checked when it was admitted."""
    writer = Writer(uow, agency.organisation, checked=True)
    writer.add(
        RecordPart.BASICS,
        basics(
            agency.organisation,
            number,
            kind=agency.kind,
            head=agency.legal_representative,
            founded=agency.founded_on,
            staff=agency.staff,
            fields=agency.fields,
            introduction=agency.introduction,
        ),
    )
    items = [
        writer.add(RecordPart.LEADS, lead_entries(uow, number + 3 * place, name, agency.organisation.name))
        for place, name in enumerate(leads)
    ]
    writer.add_rest(number, items)


def basics(organisation: Organisation, number: int, **of: Any) -> dict[str, Any]:
    """Return the entries of the first part; `of` as the library's columns name them."""
    return {
        "name": organisation.name,
        "uscc": organisation.uscc,
        "kind": str(of["kind"]),
        "legal_representative": of["head"],
        "founded_on": of["founded"].isoformat() if of["founded"] else None,
        "address": organisation.address,
        "premises": organisation.address,
        "premises_kind": "owned" if number % 5 == 0 else "rented",
        "premises_area": 8 * of["staff"],
        "staff": of["staff"],
        "evaluators": max(4, of["staff"] // 3),
        "equipment": "配有统计分析软件和专用资料室，可以开展问卷、访谈和现场核查。",
        "fields": list(of["fields"]),
        "telephone": organisation.telephone,
        "contact": of["head"],
        "contact_telephone": f"1390000{2000 + 31 * number}",
        "introduction": of["introduction"],
    }


def lead_entries(uow: UnitOfWork, number: int, name: str, employer: str, **changes: Any) -> dict[str, Any]:
    """Return the entries of a lead evaluator who has come from somewhere else some years ago."""
    rank, title, licence = TITLES[number % len(TITLES)]
    year = uow.today.year
    moved = year - 5 - number % 4
    return {
        "name": name,
        "rank": rank,
        "title": title,
        "certificates": [
            {
                "licence": licence,
                "number": f"3199{year - 12}{number:04d}",
                "issued_on": f"{year - 12}-06-15",
                "expires_on": f"{year + 2 + number % 3}-06-14" if licence != "accountant" else None,
            }
        ],
        "work": [
            {"employer": BEFORE[number % 4], "begins_on": f"{year - 16}-07-01", "ends_on": f"{moved}-02-28"},
            {"employer": employer, "begins_on": f"{moved}-03-01", "ends_on": None},
        ],
        "evaluation": [
            {"employer": BEFORE[number % 4], "begins_on": f"{moved - 2}-03-01", "ends_on": f"{moved - 1}-12-31"},
            {"employer": employer, "begins_on": f"{moved}-09-01", "ends_on": None},
        ],
        "degree": DEGREES[number % 4],
        "school": "澄湖财经大学 财政学",
        "contract_from": f"{moved}-03-01",
        "contract_until": f"{year + 2}-02-{28 - number % 5}",
        "offence": "none",
        "served_on": None,
        "strengths": "熟悉预算绩效管理制度，主持过区级以上评价项目。",
        **changes,
    }


def systems(year: int) -> list[dict[str, Any]]:
    """Return the entries of the six internal rules that are asked for (R-AGENCY-04)."""
    return [
        {"kind": one.value, "name": SYSTEM_NAMES[one], "in_force_on": f"{year}-01-01", "content": ""}
        for one in REQUIRED_SYSTEMS
    ]


class Writer:
    """Writes entries of one organisation's record with their papers, as checked or still to be checked."""

    def __init__(self, uow: UnitOfWork, organisation: Organisation, *, checked: bool) -> None:
        self.uow, self.organisation, self.checked = uow, organisation, checked
        self._paper = uow.house.store.put(io.BytesIO(PICTURE))

    def add(self, part: RecordPart, entries: dict[str, Any], *, papers: bool = True) -> RecordItem:
        """Add one entry; `papers` with the evidence that its part asks for."""
        uow, spec = self.uow, PARTS[part]
        item = uow.add(
            RecordItem(
                organisation_id=self.organisation.id,
                organisation=self.organisation,
                part=part,
                name=name_of(part, entries),
                entries=entries,
                is_public=spec.may_be_public,
                added_at=uow.now,
                verified_at=uow.now if self.checked else None,
            )
        )
        uow.session.flush()
        sha256, size = self._paper
        for one in spec.evidence if papers else ():
            if one.required:
                name = f"{item.name}-{one.label}.png"
                adopt_stored(
                    uow, sha256=sha256, size=size, owner=item, purpose=one.purpose, name=name, media_type="image/png"
                )
        if part is RecordPart.LEADS:
            keep_lead(uow, item)
        return item

    def add_rest(self, number: int, leads: Sequence[RecordItem]) -> None:
        """Add everything but basics and leads."""
        year = self.uow.today.year
        for entries in systems(year - 2):
            self.add(RecordPart.SYSTEMS, entries)
        for place in range(1 + number % 2):
            name, employer, title, speciality = EXPERTS[(number + place) % len(EXPERTS)]
            self.add(
                RecordPart.EXPERTS,
                {
                    "name": name,
                    "employer": employer,
                    "title": title,
                    "speciality": speciality,
                    "since": f"{year - 2}-05-10",
                    "until": None,
                },
            )
        if number % 4 == 1:
            self.add(
                RecordPart.BRANCHES,
                {
                    "name": f"{self.organisation.name}临浦分部",
                    "address": f"临浦区滨河路{30 + number}号",
                    "head": leads[-1].name,
                    "uscc": "",
                    "telephone": f"021-6666{1000 + number}",
                    "founded_on": f"{year - 3}-04-01",
                    "staff": 6 + number % 5,
                },
            )
        for place in range(2):
            name, principal, amount = WORKS[(number + place) % len(WORKS)]
            self.add(
                RecordPart.PROJECTS,
                {
                    "name": f"{year - 1 - place}年{name}",
                    "principal": principal,
                    "role": "leading",
                    "begun_on": f"{year - 1 - place}-03-15",
                    "finished_on": f"{year - 1 - place}-08-20",
                    "amount": amount,
                    "result": "报告经专家评审通过，建议多数被采纳。",
                },
            )
        if number in (7, 16):
            self.add(
                RecordPart.CREDIT,
                {
                    "kind": "penalty",
                    "happened_on": (self.uow.today - timedelta(days=200)).isoformat(),
                    "authority": "澄湖区市场监督管理局",
                    "number": f"澄市监罚〔{year}〕{number}号",
                    "content": "年度报告逾期公示，责令改正。",
                    "correction": "已补报并缴清罚款。",
                },
            )
        self.add(RecordPart.OTHER, {"name": "执业责任保险", "content": "已投保职业责任险，每次事故限额 200 万元。"})
        self.add(
            RecordPart.TEAMS,
            {
                "name": f"{leads[0].name}团队",
                "lead": str(leads[0].id),
                "members": "\n".join(f"{one[0]}，现场调研" for one in EXPERTS[number % 3 : number % 3 + 2]),
                "fields": [],
            },
        )
