"""Conduct and standing in their interesting states: warned, heard, suspended, removed and reapplying, coached."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import Any

from werkzeug.datastructures import FileStorage

from agencies.consequences import ConsequenceKind
from agencies.models import Agency, Coaching, ConductCase, ConductMeasure, OutsideSanction, StandingDecision
from agencies.queries.standing import KnownStanding, standings_of
from agencies.services.coaching import begin_coaching, close_coaching, note_session
from agencies.services.conduct import CaseEntry, open_case, record_case, state_case
from agencies.services.measures import (
    MeasureEntry,
    accept_correction,
    close_measure,
    issue_measure,
    propose_measure,
    report_correction,
)
from agencies.services.sanctions import SanctionEntry, confirm_sanction, take_over_sanction
from agencies.services.standings import StandingEntry, ask_standing, decide_standing, propose_standing
from agencies.states import ConductCode, HonestyStep, MeasureKind, SanctionKind, StandingKind

FIRST, SECOND = "xu.wenjing", "gao.peng"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
COACHES = ("松岑大学公共管理学院 陆清和教授", "澄湖财经大学绩效评价研究中心 秦望舒研究员", "市预算绩效专家 柏延年")


def play_conduct(world: Any) -> None:
    """Act out the scenes on agencies that stand well, so that each scene shows one thing."""
    with world.at_desk(FIRST) as uow:
        agencies = list(world.agencies)
        known = standings_of(uow, [one.organisation_id for one in agencies], world.now.date())
    usual = [one for one in agencies[10:] if _is_free(known[one.organisation_id])]
    weak = [one for one in agencies if known[one.organisation_id].has(ConsequenceKind.COACHED)]
    warned, told, heard, suspended, removed, outside, leaving = (usual * 7)[:7]
    _warn(world, warned)
    _hear(world, told, heard)
    _suspend(world, suspended)
    _remove(world, removed)
    _take_over(world, outside)
    with world.at_desk(_manager(world, leaving), days=-1) as uow:
        ask_standing(uow, _fresh(uow, leaving), StandingKind.LEAVE, "业务调整，今后不再从事财政绩效评价。")
    _coach(world, weak)


def _is_free(known: KnownStanding) -> bool:
    return known.standing.is_full and not known.has(ConsequenceKind.COACHED)


def _warn(world: Any, agency: Agency) -> None:
    """Record a case with a correction carried out, a talk still to be held, and a notice to the regulator proposed."""
    entry = CaseEntry(
        ConductCode.FALSE_REPORT,
        (world.now - timedelta(days=75)).date(),
        "“社区为老服务”评价报告写明回收问卷 320 份，底稿只有 186 份，满意度据此多算 6.2 个百分点。",
        HonestyStep.MINOR,
        "报告复核时发现",
    )
    with world.at_desk(FIRST, days=-60) as uow:
        case = open_case(uow, _fresh(uow, agency), entry, [_proof("问卷底稿清点记录.png")])
    with world.at_desk(_manager(world, agency), days=-56) as uow:
        words = "统计时误将预调查问卷一并计入，不是有意为之，已重新统计，愿意接受处理。"
        state_case(uow, uow.session.get_one(ConductCase, case.id), words, [_proof("重新统计说明.png")])
    with world.at_desk(SECOND, days=-53) as uow:
        words = "机构承认数据不实。考虑到主动更正、未造成后果，认定为一般失信。"
        record_case(uow, uow.session.get_one(ConductCase, case.id), HonestyStep.MINOR, words)
    steps = (
        (MeasureKind.CORRECTION, "按底稿重新统计满意度，更正报告，并提交三级复核记录。", "", -51),
        (MeasureKind.ADMONITION, "请主要负责人和项目主评人到场，说明质量控制的改进措施。", "", -4),
        (MeasureKind.REGULATOR, "通报报告数据不实的情况，请依行业规定处理。", "市咨询业行业协会", -1),
    )
    for kind, words, recipient, days in steps:
        with world.at_desk(FIRST, days=days) as uow:
            found = uow.session.get_one(ConductCase, case.id)
            measure = propose_measure(uow, found, MeasureEntry(kind, words, recipient))
        if kind is MeasureKind.REGULATOR:
            continue
        with world.at_desk(SECOND, days=days + 1) as uow:
            issue_measure(uow, uow.session.get_one(ConductMeasure, measure.id))
        if kind is MeasureKind.CORRECTION:
            with world.at_desk(_manager(world, agency), days=-44) as uow:
                row = uow.session.get_one(ConductMeasure, measure.id)
                report_correction(uow, row, "已按 186 份有效问卷重算并更正报告，附复核记录。", [_proof("复核记录.png")])
            with world.at_desk(FIRST, days=-42) as uow:
                accept_correction(uow, uow.session.get_one(ConductMeasure, measure.id), "已与底稿核对一致")


def _hear(world: Any, told: Agency, heard: Agency) -> None:
    """Tell one agency today's facts; another has answered and waits for the decision."""
    with world.at_desk(FIRST, days=-1) as uow:
        entry = CaseEntry(
            ConductCode.NOT_UPDATED,
            (world.now - timedelta(days=50)).date(),
            "主评人离职后超过 30 个工作日未更新登记信息。",
            HonestyStep.NONE,
            "登记信息抽查",
        )
        open_case(uow, _fresh(uow, told), entry, [_proof("社保变动记录.png")])
    with world.at_desk(SECOND, days=-6) as uow:
        entry = CaseEntry(
            ConductCode.SUBCONTRACTED,
            (world.now - timedelta(days=30)).date(),
            "未经同意将问卷调查交由一家市场调查公司实施，合同和付款凭证各一份。",
            HonestyStep.MAJOR,
            "来信反映",
        )
        case = open_case(uow, _fresh(uow, heard), entry, [_proof("分包合同首页.png")])
    with world.at_desk(_manager(world, heard), days=-3) as uow:
        words = "只是委托其发放问卷，抽样、设计和统计由本机构完成；未事先报告，确有不当。"
        state_case(uow, uow.session.get_one(ConductCase, case.id), words)


def _suspend(world: Any, agency: Agency) -> None:
    """Suspend an agency for half a year because it did not correct; a second measure led there."""
    entry = CaseEntry(
        ConductCode.UNQUALIFIED,
        (world.now - timedelta(days=140)).date(),
        "两项评价的现场调研由未登记的实习人员独立完成，主评人未到场。",
        HonestyStep.MAJOR,
        "监督检查",
    )
    with world.at_desk(SECOND, days=-120) as uow:
        case = open_case(uow, _fresh(uow, agency), entry, [_proof("现场签到表.png")])
    with world.at_desk(FIRST, days=-105) as uow:
        words = "机构逾期未陈述，签到表和工作底稿相互印证，事实清楚。"
        record_case(uow, uow.session.get_one(ConductCase, case.id), HonestyStep.MAJOR, words)
    with world.at_desk(SECOND, days=-104) as uow:
        talk = MeasureEntry(MeasureKind.ADMONITION, "请主要负责人到场说明人员管理。")
        measure = propose_measure(uow, uow.session.get_one(ConductCase, case.id), talk)
    with world.at_desk(FIRST, days=-103) as uow:
        issue_measure(uow, uow.session.get_one(ConductMeasure, measure.id))
    with world.at_desk(SECOND, days=-95) as uow:
        words = "负责人到场，承认用人不符合规定，承诺一个月内整改；到期未提交整改材料。"
        close_measure(uow, uow.session.get_one(ConductMeasure, measure.id), words)
    reason = "约谈后逾期未整改，暂停承接限额以下和直接选定的委托；整改情况作为恢复的参考。"
    ends_on = (world.now + timedelta(days=120)).date()
    with world.at_desk(SECOND, days=-45) as uow:
        entry_ = StandingEntry(StandingKind.SUSPENSION, None, ends_on, "R-AGENCY-16", reason)
        row = propose_standing(uow, _fresh(uow, agency), entry_)
    with world.at_desk(FIRST, days=-43) as uow:
        decide_standing(uow, uow.session.get_one(StandingDecision, row.id))


def _remove(world: Any, agency: Agency) -> None:
    """Remove an agency more than a year ago; it applies to return now that the period has passed."""
    reason = "出借名义由他人承担评价，移出机构库。"
    with world.at_desk(FIRST, days=-396) as uow:
        entry = StandingEntry(StandingKind.REMOVAL, None, None, "R-AGENCY-05", reason)
        row = propose_standing(uow, _fresh(uow, agency), entry)
    with world.at_desk(SECOND, days=-394) as uow:
        decide_standing(uow, uow.session.get_one(StandingDecision, row.id))
    with world.at_desk(_manager(world, agency), days=-2) as uow:
        words = "已更换主要负责人，清退挂靠人员，建立项目承接审批和三级复核制度，附制度文本。"
        ask_standing(uow, _fresh(uow, agency), StandingKind.RETURN, words)


def _take_over(world: Any, agency: Agency) -> None:
    """Take over a procurement sanction of a neighbour, checked; and one of the regulator, still to be checked."""
    entries = (
        SanctionEntry(
            SanctionKind.PROCUREMENT,
            "望江区财政局",
            "提供虚假业绩材料谋取中标，警告并列入不良行为记录名单。",
            (world.now - timedelta(days=200)).date(),
            "望江区政府采购网处罚公告",
            "望财采罚〔2026〕4号",
            (world.now + timedelta(days=165)).date(),
        ),
        SanctionEntry(
            SanctionKind.INDUSTRY,
            "市注册会计师协会",
            "报告复核程序缺失，公开谴责。",
            (world.now - timedelta(days=20)).date(),
            "协会网站惩戒公告第 11 号",
        ),
    )
    made = []
    for days, entry in zip((-30, -5), entries, strict=True):
        with world.at_desk(FIRST, days=days) as uow:
            made.append(take_over_sanction(uow, _fresh(uow, agency), entry))
    with world.at_desk(SECOND, days=-28) as uow:
        confirm_sanction(uow, uow.session.get_one(OutsideSanction, made[0].id), "已与公告原文核对")


def _coach(world: Any, weak: list[Agency]) -> None:
    """Coach two of the agencies graded C, one to its end; the others wait for a coach."""
    for number, agency in enumerate(weak[:2]):
        with world.at_desk(FIRST, days=-80 + number) as uow:
            row = begin_coaching(uow, _fresh(uow, agency), COACHES[number], "效益指标的设置和证据链")
        for days, notes in (
            (-66, "讲解个性指标设计，逐项修改一份旧方案；要求效益指标都写明数据来源。"),
            (-38, "复核修改后的指标体系，三项效益指标仍不可衡量，继续修改。"),
        ):
            with world.at_desk(FIRST, days=days) as uow:
                note_session(uow, uow.session.get_one(Coaching, row.id), uow.today, notes)
        if number == 1:
            with world.at_desk(FIRST, days=-12) as uow:
                words = "指标可衡量性明显提高，最近一次指标评审 86 分。"
                close_coaching(uow, uow.session.get_one(Coaching, row.id), words)


def _manager(world: Any, agency: Agency) -> Any:
    return world.managers[world.agencies.index(agency)]


def _fresh(uow: Any, agency: Agency) -> Agency:
    found: Agency = uow.session.get_one(Agency, agency.id)
    return found


def _proof(name: str) -> FileStorage:
    return FileStorage(io.BytesIO(PICTURE), filename=name)
