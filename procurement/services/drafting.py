"""Drafting a tender: from projects of the library, its entries, its criteria and its keyholders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm.attributes import flag_modified

from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, Organisation, User
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork
from procurement.methods import METHODS
from procurement.models import Criterion, Keyholder, Lot, Preparation, Tender
from procurement.notifications import ask_for_keys
from procurement.permissions import PURCHASER_SIDE
from procurement.services.requirements import note_author
from procurement.states import CriterionKind, Evaluation, Method, TenderState
from projects.models import Project

EDITABLE = (
    "title",
    "budget",
    "ceiling",
    "deposit",
    "evaluation",
    "price_weight",
    "notice_on",
    "documents_until",
    "deadline",
    "opening_place",
    "documents_place",
    "contact_name",
    "contact_telephone",
    "requirement",
    "qualifications",
    "contract_draft",
    "service_until",
    "is_complex",
    "is_high_impact",
    "keyholders_needed",
)


@dataclass(frozen=True)
class CriterionEntry:
    """A criterion as entered; `bands` are `(points, text)`, points a number or a range such as `3-5`.

    `maximum` is in points of 100 (None for a substantive requirement).
    """

    kind: CriterionKind
    title: str
    maximum: Decimal | None
    description: str = ""
    bands: tuple[tuple[str, str], ...] = ()


def draft_tender(
    uow: UnitOfWork, projects: Sequence[Project], *, method: Method = Method.OPEN_TENDER, **values: Any
) -> Tender:
    """Draft a tender whose one lot covers these projects; unnamed entries are taken from the projects and the method.

    A framework call has no projects yet: they come with what is called off. Raises `Refused` when no project is given
    or one is already being bought. The usual criteria are put in as a start.
    """
    if uow.actor.user_id is None:
        raise Forbidden(_l("须由具体的经办人起草"))
    if not projects and method is not Method.FRAMEWORK:
        raise Refused(Refusal(_l("请至少选择一个项目"), field="projects"))
    check_free(uow, projects, None)
    fees = [one.evaluation_fee for one in projects if one.evaluation_fee]
    budget = values.get("budget") or sum(fees, Decimal(0))
    if budget <= 0:
        words = _l("项目尚未登记评价经费，请填写采购预算")
        raise Refused(Refusal(words, rule_id="R-TENDER-06", field="budget"))
    title = values.get("title") or f"{projects[0].name}绩效评价服务采购"
    evaluation = values.get("evaluation") or METHODS[method].evaluations[0]
    by_points = evaluation is Evaluation.COMPREHENSIVE
    tender = uow.add(
        Tender(
            number=_next_number(uow),
            method=method,
            purchaser_id=purchaser_of(uow),
            drafted_by_id=uow.actor.user_id,
            created_at=uow.now,
            **{
                "requirement": _requirement(projects) if projects else "",
                "qualifications": list(USUAL_QUALIFICATIONS),
                **{name: values[name] for name in EDITABLE if name in values},
                "title": title,
                "budget": budget,
                "evaluation": evaluation,
                **({} if by_points else {"price_weight": Decimal(100)}),
                **({"price_weight": Decimal(0)} if by_points and method is Method.FRAMEWORK else {}),
            },
        )
    )
    tender.lots = [Lot(id=uow.ids.new(), position=1, title=title, budget=budget, projects=list(projects))]
    uow.session.flush()
    uow.add(Preparation(tender_id=tender.id))
    if not METHODS[method].by_envelope:
        uow.record("tender.draft", tender, about=tuple(projects), after=_drafted(tender))
        return tender
    usual = [one for one in USUAL_CRITERIA if by_points or one.kind is CriterionKind.SUBSTANTIVE]
    set_criteria(uow, tender, usual, record=False)
    uow.record(
        "tender.draft",
        tender,
        about=tuple(projects),
        after={"number": tender.number, "method": str(method), "budget": str(budget)},
    )
    return tender


def change_tender(uow: UnitOfWork, tender: Tender, *, projects: Sequence[Project] | None = None, **values: Any) -> None:
    """Change a draft's entries; a published one is never changed (R-TENDER-05 asks for a clarification instead)."""
    ensure_draft(tender)
    before = {name: str(getattr(tender, name)) for name in EDITABLE}
    for name in EDITABLE:
        if name in values:
            setattr(tender, name, values[name])
    if tender.evaluation is Evaluation.LOWEST_PRICE:
        tender.price_weight = Decimal(100)
    elif tender.method is Method.FRAMEWORK:
        tender.price_weight = Decimal(0)  # ranked by quality, the price earns no points (R-FRAME-01)
    lot = tender.lots[0]
    if projects is not None:
        if not projects:
            raise Refused(Refusal(_l("请至少选择一个项目"), field="projects"))
        check_free(uow, projects, tender)
        lot.projects = list(projects)
    if len(tender.lots) == 1 and tender.method is not Method.FRAMEWORK:
        lot.title, lot.budget = tender.title, tender.budget
    uow.session.flush()
    changed = [name for name in EDITABLE if before[name] != str(getattr(tender, name))]
    note_author(uow, tender)
    uow.record(
        "tender.change",
        tender,
        before={name: before[name] for name in changed},
        after={name: str(getattr(tender, name)) for name in changed},
    )


def set_criteria(uow: UnitOfWork, tender: Tender, entries: Sequence[CriterionEntry], *, record: bool = True) -> None:
    """Replace the draft's criteria by these, in this order."""
    ensure_draft(tender)
    tender.criteria.clear()
    uow.session.flush()
    tender.criteria.extend(
        Criterion(
            id=uow.ids.new(),
            position=place,
            kind=entry.kind,
            title=entry.title,
            description=entry.description,
            maximum=None if entry.kind is CriterionKind.SUBSTANTIVE else entry.maximum,
            bands=[{"points": points, "text": text} for points, text in entry.bands],
        )
        for place, entry in enumerate(entries, 1)
    )
    # Criteria are rows of their own; the tender's revision must move too, or a stale form would overwrite them.
    flag_modified(tender, "title")
    uow.session.flush()
    note_author(uow, tender)
    if record:
        uow.record("tender.set_criteria", tender, after={"criteria": [entry.title for entry in entries]})


def set_keyholders(uow: UnitOfWork, tender: Tender, users: Sequence[User], needed: int | None = None) -> None:
    """Name the keyholders in order; those who stay keep the key they registered (R-KEY-01)."""
    ensure_draft(tender)
    strangers = [one.name for one in users if not _holds_keys(uow, one)]
    if strangers:
        words = _l("%(names)s 不是采购人一方的密钥持有人", names="、".join(strangers))
        raise Refused(Refusal(words, rule_id="R-KEY-01", field="keyholders"))
    known = {holder.user_id: holder for holder in tender.keyholders}
    newcomers = [one for one in users if one.id not in known]
    tender.keyholders[:] = [known[one.id] for one in users if one.id in known]
    uow.session.flush()
    for place, user in enumerate(users, 1):
        holder = known.get(user.id)
        if holder is None:
            holder = Keyholder(id=uow.ids.new(), user_id=user.id, position=place, public_key=None)
            tender.keyholders.append(holder)
        holder.position = place
    if needed is not None:
        tender.keyholders_needed = needed
    flag_modified(tender, "title")
    uow.session.flush()
    uow.session.expire(tender, ["keyholders"])
    ask_for_keys(uow, tender, newcomers)
    uow.record("tender.set_keyholders", tender, after={"keyholders": [str(one.id) for one in users], "needed": needed})


def keyholder_candidates(uow: UnitOfWork) -> list[User]:
    """Return everyone who may hold a key: the role, on the purchaser's side."""
    return list(
        uow.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.role == Role.KEYHOLDER, Membership.ended_at.is_(None), User.is_active)
            .order_by(User.name, User.id)
        ).unique()
    )


def _holds_keys(uow: UnitOfWork, user: User) -> bool:
    held = select(Membership.id).where(
        Membership.user_id == user.id, Membership.role == Role.KEYHOLDER, Membership.ended_at.is_(None)
    )
    return uow.session.scalar(held.limit(1)) is not None


def _drafted(tender: Tender) -> dict[str, str]:
    return {"number": tender.number, "method": str(tender.method), "budget": str(tender.budget)}


def ensure_draft(tender: Tender) -> None:
    """Raise `Refused` unless the tender is still a draft."""
    if tender.state is not TenderState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的采购文件可以修改；已发布的须以澄清公告修改"), rule_id="R-TENDER-05"))


def check_free(uow: UnitOfWork, projects: Sequence[Project], tender: Tender | None) -> None:
    """Raise `Refused` for a project that is being bought; a failed, cancelled or finished purchase frees it."""
    over = (TenderState.FAILED, TenderState.CANCELLED, TenderState.AWARDED)
    busy = (
        select(Tender.number, Project.name)
        .join(Lot, Lot.tender_id == Tender.id)
        .join(Lot.projects)
        .where(Project.id.in_([one.id for one in projects]), Tender.state.not_in(over))
    )
    if tender is not None:
        busy = busy.where(Tender.id != tender.id)
    taken = [
        Refusal(_l("“%(name)s”已在采购项目 %(number)s 中", name=name, number=number), field="projects")
        for number, name in uow.session.execute(busy)
    ]
    if taken:
        raise Refused(*taken)


def purchaser_of(uow: UnitOfWork) -> uuid.UUID:
    """Return the officer's own bureau; an agent buys for the bureau. Raises `Refused` when none is registered."""
    own = uow.actor.organisations_as(*PURCHASER_SIDE)
    bureau = select(Organisation.id).where(Organisation.kind == OrganisationKind.BUREAU, Organisation.is_active)
    found = uow.session.scalar(bureau.where(Organisation.id.in_(own))) or uow.session.scalar(
        bureau.order_by(Organisation.name).limit(1)
    )
    if found is None:
        raise Refused(Refusal(_l("尚未登记作为采购人的财政局")))
    return found


def _next_number(uow: UnitOfWork) -> str:
    """Return the next free number of the year, e.g. CHCG-2026-007."""
    # A lock for the numbering alone: two drafts at once must not get one number.
    uow.session.execute(select(func.pg_advisory_xact_lock(0x54454E)))
    prefix = f"CHCG-{uow.today.year}-"
    of_year = select(Tender.number).where(Tender.number.regexp_match(f"^{prefix}[0-9]+$"))
    last = uow.session.scalar(of_year.order_by(func.length(Tender.number).desc(), Tender.number.desc()).limit(1))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:03d}"


def _requirement(projects: Sequence[Project]) -> str:
    named = "、".join(f"“{one.name}”（{one.unit.name}，{one.year}年度）" for one in projects)
    return (
        f"对{named}开展绩效评价：编制评价指标体系和工作方案，经评审并取得采购人同意后实施；"
        "开展资料核查、现场调研和满意度调查；按规定格式形成绩效评价报告，列明指标得分、问题、原因和建议，并附证据。"
    )


USUAL_QUALIFICATIONS = (
    "具有独立承担民事责任的能力",
    "具有良好的商业信誉和健全的财务会计制度",
    "具有履行合同所必需的设备和专业技术能力",
    "有依法缴纳税收和社会保障资金的良好记录",
    "参加政府采购活动前三年内，在经营活动中没有重大违法记录",
)
USUAL_CRITERIA = (
    CriterionEntry(CriterionKind.SUBSTANTIVE, "响应服务期限", None, "投标文件承诺的服务完成日期不晚于招标文件规定"),
    CriterionEntry(CriterionKind.SUBSTANTIVE, "主评人到位", None, "承诺主评人全程参与，未经采购人同意不更换"),
    CriterionEntry(
        CriterionKind.OBJECTIVE,
        "主评人资格",
        Decimal(10),
        "以提供的职称或执业资格证书为准",
        (("10", "高级职称或相应执业资格"), ("6", "中级职称"), ("0", "未提供")),
    ),
    CriterionEntry(
        CriterionKind.OBJECTIVE,
        "同类评价经验",
        Decimal(10),
        "近三年独立完成的预算绩效评价，以合同和报告首页为准",
        (("10", "两项"), ("5", "一项"), ("0", "未提供")),
    ),
    CriterionEntry(
        CriterionKind.SUBJECTIVE,
        "对项目的理解",
        Decimal(20),
        "对政策背景、绩效目标和评价重点的把握",
        (("15-20", "准确全面，重点突出"), ("8-14", "基本准确"), ("0-7", "缺少分析或照搬通用内容")),
    ),
    CriterionEntry(
        CriterionKind.SUBJECTIVE,
        "指标体系和评价方法",
        Decimal(30),
        "指标是否可衡量，数据来源和评价方法是否可行",
        (("23-30", "指标可衡量，方法与证据一一对应"), ("12-22", "基本可行"), ("0-11", "缺少依据")),
    ),
    CriterionEntry(
        CriterionKind.SUBJECTIVE,
        "组织实施和质量控制",
        Decimal(20),
        "人员分工、进度安排、内部复核",
        (("15-20", "分工明确，复核制度完整"), ("8-14", "基本完整"), ("0-7", "不完整")),
    ),
)
"""What a new draft starts from; the officer changes it. With a price weight of 10 they add to 100."""
