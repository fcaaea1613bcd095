"""What the room announces to the house: navigation entries and how its audit tags read."""

from __future__ import annotations

from typing import Any

from core.i18n import _l
from core.identity.actor import Actor
from core.identity.roles import Role
from core.permissions import policy
from core.ports import AuditTag, NavigationEntry, PublicPage
from experts.models import Review
from experts.permissions import (
    ApplicationPermission,
    ExpertPermission,
    PaymentPermission,
    ReviewPermission,
    SeatPermission,
)


def navigation() -> list[NavigationEntry]:
    """Return the entries of the left-hand navigation."""
    officers = frozenset({Role.QUALITY_OFFICER, Role.OBSERVER, Role.PROCUREMENT_SUPERVISOR, Role.PROCUREMENT_APPROVER})
    return [
        NavigationEntry(
            "reviews.index", _l("指标评审"), "list-check", ReviewPermission.BROWSE, order=32, roles=officers
        ),
        NavigationEntry("experts.index", _l("专家库"), "users", ExpertPermission.BROWSE, order=45),
        NavigationEntry(
            "applications.index",
            _l("推荐专家"),
            "users",
            ApplicationPermission.BROWSE,
            order=46,
            roles=frozenset({Role.UNIT_OFFICER}),
        ),
        NavigationEntry("my_file.show", _l("我的档案"), "user", ExpertPermission.OWN, order=12),
        NavigationEntry("expert_payments.index", _l("专家评审费"), "receipt", PaymentPermission.READ, order=47),
        NavigationEntry("my_reviews.index", _l("我的评审"), "clipboard-check", SeatPermission.BROWSE_OWN, order=10),
    ]


def call_for_experts() -> PublicPage:
    """Return the public page by which anybody applies to join the pool (R-EXP-01)."""
    return PublicPage("candidates.start", _l("专家征集"), _l("申请加入绩效评价专家库"), order=60)


def sees_panel(actor: Actor, subject: Any) -> bool:
    """Who accepted, declined or scored is for those who may see the panel; others' timelines leave it out."""
    return not isinstance(subject, Review) or policy.allows(actor, ReviewPermission.SEE_PANEL, subject)


def audit_tags() -> list[AuditTag]:
    """Return how the room's audit tags read on timelines."""
    return [
        AuditTag("expert.admit", _l("专家入库")),
        AuditTag("expert.change", _l("修改专家信息")),
        AuditTag("expert.declare_conflict", _l("申报利害关系")),
        AuditTag("expert.duty", _l("采购评审履职记录入库")),
        AuditTag("expert.suspend", _l("暂停抽取")),
        AuditTag("expert.restore", _l("恢复在库")),
        AuditTag("expert.leave", _l("办理退出")),
        AuditTag("expert.readmit", _l("重新入库")),
        AuditTag("expert.renew", _l("续聘")),
        AuditTag("expert.withdraw_conflict", _l("撤销利害关系")),
        AuditTag("expert.report_change", _l("申报信息变更")),
        AuditTag("expert.pay_account", _l("填写收款账户")),
        AuditTag("payment_list.draw_up", _l("编制评审费支付清单")),
        AuditTag("payment_list.approve", _l("审批通过")),
        AuditTag("payment_list.export", _l("导出给财务")),
        AuditTag("payment_list.pay", _l("登记已支付")),
        AuditTag("payment_list.cancel", _l("作废清单")),
        AuditTag("expert_application.start", _l("发出申请链接")),
        AuditTag("expert_application.submit", _l("提交申请")),
        AuditTag("expert_application.return", _l("退回补正")),
        AuditTag("expert_application.admit", _l("同意入库")),
        AuditTag("expert_application.reject", _l("不予入库")),
        AuditTag("expert_application.withdraw", _l("撤回申请")),
        AuditTag("review.convene", _l("召集指标评审")),
        AuditTag("review.draw", _l("锁定抽取方案")),
        AuditTag("review.invite", _l("抽取完成，发出邀请")),
        AuditTag("review.score", _l("专家到齐，开始评分"), sees_panel),  # the entry names the member who was the last
        AuditTag("review.close_scoring", _l("评分结束"), sees_panel),  # the same
        AuditTag("review.pass", _l("同意指标体系")),
        AuditTag("review.return", _l("退回修改")),
        AuditTag("review.cancel", _l("取消评审")),
        AuditTag("review.rate", _l("给评审专家评分"), sees_panel),
        AuditTag("review.comment", _l("列席人员发表意见"), sees_panel),
        AuditTag("review.answer", _l("机构答复评审意见")),
        AuditTag("review.invite_guest", _l("增加参会单位")),
        AuditTag("review.drop_guest", _l("移出参会名单")),
        AuditTag("review.paper", _l("附上会议材料")),
        AuditTag("review.change_meeting", _l("更改会议安排")),
        AuditTag("review.sign_in", _l("签到"), sees_panel),
        AuditTag("review.undo_sign_in", _l("撤销签到"), sees_panel),
        AuditTag("review.minutes", _l("写下纪要和评审意见")),
        AuditTag("review.sign", _l("签署评审意见"), sees_panel),
        AuditTag("review.signed_opinion", _l("评审意见签字件存档"), sees_panel),
        AuditTag("review_sheet.keep", _l("修改评审表")),
        AuditTag("review.no_reserve", _l("候补用尽"), sees_panel),
        AuditTag("draw.commit", _l("公布抽取方案的承诺")),
        AuditTag("draw.promise", _l("提交随机数承诺")),
        AuditTag("draw.reveal", _l("揭示随机数")),
        AuditTag("draw.result", _l("抽出专家组")),
        AuditTag("draw.replacement", _l("按次序递补"), sees_panel),
        AuditTag("draw.void", _l("抽取作废")),
        AuditTag("seat.invited", _l("发出邀请"), sees_panel),
        AuditTag("season.open", _l("开始成批分配")),
        AuditTag("season.set", _l("修改分配条件")),
        AuditTag("season.compute", _l("计算分配方案")),
        AuditTag("season.propose", _l("得出分配方案")),
        AuditTag("season.fail", _l("没有满足条件的方案")),
        AuditTag("season.run", _l("记录计算结果")),
        AuditTag("season.decide", _l("人工确定人选"), sees_panel),
        AuditTag("season.take_back", _l("撤回人工确定"), sees_panel),
        AuditTag("season.publish", _l("发布分配方案")),
        AuditTag("season.seat", _l("按分配方案发出邀请"), sees_panel),
        AuditTag("season.skip", _l("分配方案未发出")),
        AuditTag("season.cancel", _l("取消成批分配")),
        AuditTag("seat.told", _l("记录电话答复"), sees_panel),
        AuditTag("seat.ask_again", _l("再次邀请"), sees_panel),
        AuditTag("seat.promoted", _l("候补递补为正式成员"), sees_panel),
        AuditTag("review.ask_spares", _l("同时询问候补"), sees_panel),
        AuditTag("undertaking.sign", _l("签署保密承诺"), sees_panel),
        AuditTag("seat.accepted", _l("专家接受邀请"), sees_panel),
        AuditTag("seat.declined", _l("专家谢绝邀请"), sees_panel),
        AuditTag("seat.recused", _l("专家回避"), sees_panel),
        AuditTag("seat.lapsed", _l("逾期未答复"), sees_panel),
        AuditTag("sheet.lock", _l("提交评审表"), sees_panel),
    ]
