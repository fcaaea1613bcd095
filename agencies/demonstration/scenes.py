"""Scenes of the record: applications on their way, changes in time and late, a certificate that ran out."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any, Protocol

from agencies.checklist import DECLARATIONS
from agencies.demonstration.record import PICTURE, Writer, basics, lead_entries
from agencies.models import Agency, AgencyApplication, RecordChange
from agencies.queries.record import record_of
from agencies.record_parts import PARTS
from agencies.services.admission import Said, send_back, start_application, submit_application
from agencies.services.changes import Report, note_change, question_change, report_change, verify_change
from agencies.services.duties import confirm_record
from agencies.states import ChangeDeed, PointVerdict, RecordPart
from core.documents.accept import Upload
from core.identity.models import Membership, Organisation, User
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork

OFFICER = "xu.wenjing"
NEWCOMERS = (
    (
        "上海清源绩效评价有限公司",
        "Qingyuan Performance Evaluation",
        "91310199HP000025X9",
        "江映秋",
        "澄湖区文澜路318号",
    ),
    (
        "上海明德管理咨询事务所（普通合伙）",
        "Mingde Management Consulting",
        "91310199HP000026XA",
        "温如玉",
        "澄湖区春和街56号",
    ),
)


class Stage(Protocol):
    """What the scenes need of the demonstration's world."""

    users: dict[str, User]
    organisations: dict[str, Organisation]
    agencies: list[Agency]
    managers: list[User]

    def at_desk(self, who: User | str | None, *, days: float = 0) -> AbstractContextManager[UnitOfWork]:
        """Let a person act at a moment when offices are open."""


def play(world: Stage) -> None:
    """Act the scenes out, from two months ago until today."""
    _confirm(world)
    _changes(world)
    _apply(world)


def _confirm(world: Stage) -> None:
    """Let most agencies give their yearly word; the last three still owe it."""
    for number, manager in enumerate(world.managers[:-3]):
        with world.at_desk(manager, days=-300 + number) as uow:
            confirm_record(uow, uow.session.get_one(Agency, world.agencies[number].id))


def _changes(world: Stage) -> None:
    moved = _report(
        world,
        0,
        RecordPart.BASICS,
        {"premises": "澄湖区澄湖大道900号7层"},
        days=-30,
        ago=12,
        note="租约到期，办公场所迁移",
    )
    with world.at_desk(OFFICER, days=-28) as uow:
        verify_change(uow, uow.session.get_one(RecordChange, moved), "已核对租赁合同")
    late = _report(
        world, 1, RecordPart.BASICS, {"legal_representative": "罗志远"}, days=-9, ago=80, note="合伙人会议换届"
    )
    with world.at_desk(OFFICER, days=-8) as uow:
        verify_change(uow, uow.session.get_one(RecordChange, late), "已核对；申报晚于规定期限，已提醒")
    asked = _report(world, 3, RecordPart.SYSTEMS, {"name": "绩效评价业务三级复核办法（2026年修订）"}, days=-6, ago=10)
    with world.at_desk(OFFICER, days=-5) as uow:
        question_change(uow, uow.session.get_one(RecordChange, asked), "请说明修订了哪些条款，并附加盖公章的文本")
    _report(
        world,
        5,
        RecordPart.LEADS,
        {"rank": "senior", "title": "正高级会计师"},
        days=-2,
        ago=20,
        note="已取得正高级职称",
    )
    _report(world, 6, RecordPart.BASICS, {"staff": 27, "evaluators": 11, "telephone": "021-55559001"}, days=-1, ago=15)
    _note(world, 4, RecordPart.BRANCHES, "临浦分部停止营业", days=-55, ago=5)
    _note(world, 2, RecordPart.LEADS, "新聘一名主评人", days=-12, ago=3)
    with world.at_desk(OFFICER, days=-4) as uow:
        agency = uow.session.get_one(Agency, world.agencies[7].id)
        note_change(
            uow,
            agency.organisation,
            part=RecordPart.BASICS,
            title="市场监管公示系统显示注册地址已变更",
            happened_on=uow.today - timedelta(days=21),
            is_demanded=True,
        )
    _run_out(world, 8)


def _report(
    world: Stage, number: int, part: RecordPart, changes: dict[str, Any], *, days: float, ago: int, note: str = ""
) -> Any:
    """Let an agency report a change of the first entry of a part that happened so many days before."""
    with world.at_desk(world.managers[number], days=days) as uow:
        organisation = uow.session.get_one(Agency, world.agencies[number].id).organisation
        item = record_of(uow, organisation).of(part)[0]
        report = Report(
            part,
            ChangeDeed.CHANGE,
            uow.today - timedelta(days=ago),
            {**item.entries, **changes},
            item=item,
            is_public=item.is_public,
            note=note,
            files={PARTS[part].evidence[0].purpose: [Upload(io.BytesIO(PICTURE), filename="证明材料.png")]},
        )
        return report_change(uow, organisation, report).id


def _note(world: Stage, number: int, part: RecordPart, title: str, *, days: float, ago: int) -> None:
    with world.at_desk(world.managers[number], days=days) as uow:
        organisation = uow.session.get_one(Agency, world.agencies[number].id).organisation
        note_change(uow, organisation, part=part, title=title, happened_on=uow.today - timedelta(days=ago))


def _run_out(world: Stage, number: int) -> None:
    """Let the only certificate of an agency's lead evaluator run out three weeks ago, with no title to fall back on."""
    with world.at_desk(None, days=-25) as uow:
        organisation = uow.session.get_one(Agency, world.agencies[number].id).organisation
        item = record_of(uow, organisation).of(RecordPart.LEADS)[0]
        (one, *_rest) = item.entries["certificates"]
        expired = {**one, "licence": "lawyer", "expires_on": (uow.today + timedelta(days=5)).isoformat()}
        item.entries = {**item.entries, "rank": "none", "title": "", "certificates": [expired]}


def _apply(world: Stage) -> None:
    """One newcomer's application waits; another's was sent back because of two parts."""
    organisations = [_newcomer(world, number, one) for number, one in enumerate(NEWCOMERS)]
    applied = []
    for number, (organisation, manager) in enumerate(organisations):
        with world.at_desk(manager, days=-7 + number) as uow:
            row = uow.session.get_one(Organisation, organisation.id)
            application = start_application(uow, row)
            submit_application(
                uow, application, [key for key, _words, _rule in DECLARATIONS], "成立不久，愿意参加年度评级。"
            )
            applied.append(application.id)
    with world.at_desk(OFFICER, days=-3) as uow:
        confirmed = Said(PointVerdict.CONFIRMED)
        said = {
            RecordPart.BASICS: confirmed,
            RecordPart.LEADS: Said(PointVerdict.OBJECTED, "学历证书扫描件不清楚，请重新上传"),
            RecordPart.SYSTEMS: Said(PointVerdict.OBJECTED, "保密管理制度没有写明资料移交和销毁"),
        }
        send_back(uow, uow.session.get_one(AgencyApplication, applied[-1]), said)


def _newcomer(world: Stage, number: int, who: tuple[str, ...]) -> tuple[Organisation, User]:
    """Register an organisation with its manager and let it fill in its record."""
    name, name_en, uscc, head, address = who
    with world.at_desk(None, days=-20 + number) as uow:
        organisation = uow.add(
            Organisation(
                name=name,
                name_en=name_en,
                kind=OrganisationKind.AGENCY,
                uscc=uscc,
                address=address,
                telephone=f"021-5556{2000 + 11 * number}",
            )
        )
        key = f"newcomer{number + 1}"
        manager = uow.add(
            User(
                email=f"{key}@chenghu.example",
                name=head,
                password_hash=None,
                totp_secret=None,
                totp_last_step=None,
                created_at=uow.now,
            )
        )
        uow.session.flush()
        uow.add(
            Membership(
                user_id=manager.id,
                organisation_id=organisation.id,
                role=Role.AGENCY_MANAGER,
                position=0,
                ended_at=None,
            )
        )
        uow.session.flush()
        world.users[key], world.organisations[key] = manager, organisation
        writer = Writer(uow, organisation, checked=False)
        of = {
            "kind": "consulting",
            "head": head,
            "founded": date(uow.today.year - 2, 4, 8),
            "staff": 18,
            "fields": ["education"],
        }
        writer.add(
            RecordPart.BASICS, basics(organisation, 30 + number, **of, introduction="以教育和公共服务评价为主。")
        )
        leads = [writer.add(RecordPart.LEADS, lead_entries(uow, 31 + number, head, name))]
        writer.add_rest(2 + 4 * number, leads)
    return organisation, manager
