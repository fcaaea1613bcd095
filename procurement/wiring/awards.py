"""What examination, evaluation and award announce to the house; called from the package's `register(app)`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from agencies.models import Engagement
    from agencies.ports import Section
    from core.unit_of_work import UnitOfWork


def register_awards(app: Flask) -> None:
    """Add the pages, documents, timeline tags and navigation from examination to award."""
    from agencies.ports import add_engagement_sections
    from core.events import subscribe
    from core.i18n import _l, _lp
    from core.identity.roles import Role
    from core.ports import AuditTag, NavigationEntry, PublicPage, registry
    from core.workflow import TransitionFired
    from procurement.permissions import TenderPermission
    from procurement.queries.awards import may_read_document, may_read_letter, may_read_report
    from procurement.queries.committee_papers import may_read_draw, may_read_session
    from procurement.services.expert_duty import hand_over_with_result
    from procurement.tasks.awards import award_tasks, duty_tasks
    from procurement.tasks.letters import letter_tasks
    from procurement.views import (
        awards,
        chairing,
        committee,
        comparison,
        conduct,
        evaluation,
        examination,
        letters,
        papers,
        results,
        terms,
    )

    add_engagement_sections(tender_section)
    subscribe(TransitionFired, hand_over_with_result)
    registry.owns_documents("award", may_read_document)
    registry.owns_documents("bid_inquiry", may_read_letter)
    registry.owns_documents("evaluation_correction", may_read_report)
    registry.owns_documents("committee_draw", may_read_draw)
    registry.owns_documents("review_session", may_read_session)
    registry.tasks(award_tasks)
    registry.tasks(letter_tasks)
    registry.tasks(duty_tasks)
    registry.navigate(
        NavigationEntry(
            "evaluations.index",
            _l("我的评标"),
            "gavel",
            TenderPermission.BROWSE_SEATS,
            order=26,
            roles=frozenset({Role.EXPERT}),
        )
    )
    registry.open_to_all(
        PublicPage(
            "awards.index",
            _lp("list", "中标结果公告"),
            _l("中标人、金额与评标委员会名单；记录可以自行核验。"),
            order=20,
        )
    )
    registry.explain(
        AuditTag("tender.examine", _l("审查投标人资格")),
        AuditTag("tender.seat", _l("录入评标委员会成员"), visible=purchaser_sees),
        AuditTag("tender.unseat", _l("删除评标委员会成员"), visible=purchaser_sees),
        AuditTag("tender.name_chair", _l("推选评标委员会组长"), visible=purchaser_sees),
        AuditTag("tender.evaluate", _l("开始评标")),
        AuditTag("committee_draw.register", _l("登记评审专家抽取记录"), visible=purchaser_sees),
        AuditTag("review_session.keep", _l("登记评标现场"), visible=purchaser_sees),
        AuditTag("duty_record.write", _l("记录专家履职情况"), visible=purchaser_sees),
        AuditTag("tender.set_terms", _l("修改评审办法")),
        AuditTag("tender.review_price", _l("记录异常低价审查结论")),
        AuditTag("tender.elect_chair", _l("推选产生评标委员会组长"), visible=purchaser_sees),
        AuditTag("tender.suspend", _l("中止评标")),
        AuditTag("tender.resume", _l("恢复评标")),
        AuditTag("tender.re_review", _l("重新评审")),
        AuditTag("tender.report_irregularity", _l("评标委员会报告违法行为"), visible=purchaser_sees),
        AuditTag("evaluation_correction.close", _l("重新评审结束")),
        AuditTag("bid_inquiry.ask", _l("向投标人发出询问函"), visible=purchaser_sees),
        AuditTag("bid_inquiry.answer", _l("投标人答复询问函"), visible=purchaser_sees),
        AuditTag("price_correction.propose", _l("修正投标报价"), visible=purchaser_sees),
        AuditTag("price_correction.answer", _l("投标人答复修正后的报价"), visible=purchaser_sees),
        AuditTag("price_deduction.verify", _l("核定价格扣除"), visible=purchaser_sees),
        AuditTag("tender.reopen_sheets", _l("评分退回更正")),
        AuditTag("tender.conclude", _l("汇总评标结果")),
        AuditTag("tender.award", _l("定标")),
        AuditTag("tender.fail", _l("废标")),
        AuditTag("award.decide", _l("确定中标人")),
        AuditTag("committee_seat.declare", _l("声明无利害关系")),
        AuditTag("committee_seat.recuse", _l("申请回避")),
        AuditTag("committee_seat.vote", _l("提交符合性审查意见")),
        AuditTag("committee_seat.lock", _l("锁定评分")),
        AuditTag("committee_seat.absent", _l("成员缺席"), visible=purchaser_sees),
        AuditTag("committee_seat.void", _l("评审意见无效"), visible=purchaser_sees),
        AuditTag("committee_seat.vote_for_chair", _l("推选组长"), visible=purchaser_sees),
        AuditTag("committee_seat.sign", _l("签署评标报告")),
        AuditTag("committee_seat.reopen", _l("评分退回更正")),
    )
    for blueprint in (
        examination.examination,
        committee.committee,
        evaluation.evaluations,
        results.results,
        comparison.comparison,
        chairing.chairing,
        conduct.conduct,
        letters.letters,
        terms.terms,
        papers.papers,
        awards.awards,
    ):
        app.register_blueprint(blueprint)


def tender_section(uow: UnitOfWork, engagement: Engagement) -> Iterable[Section]:
    """Yield the tender an engagement came from, where the award is published for everybody."""
    import uuid

    from flask import url_for

    from agencies.ports import Section
    from core.i18n import _l
    from procurement.models import Tender

    kind, _colon, key = engagement.source.partition(":")
    if kind != "tender":
        return
    tender = uow.get(Tender, uuid.UUID(key))
    if tender is not None:
        yield Section(
            title=_l("采购项目"),
            note=f"{tender.number} · {tender.title}",
            url=url_for("awards.show", tender_id=tender.id) if tender.awarded_at else None,
            state=tender.state,
            order=10,
        )


def purchaser_sees(actor: object, _subject: object) -> bool:
    """Names of the committee are not for others before the result (R-COMM-12)."""
    from core.identity.actor import Actor
    from procurement.permissions import PURCHASER_SIDE

    return isinstance(actor, Actor) and actor.has(*PURCHASER_SIDE)
