"""The state machines of a framework agreement and its members, and the steps that a call and its call-offs add.

The steps of calls and call-offs belong to the tender's own machine, which takes them in (R-FRAME-01, R-FRAME-03).
"""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.methods import CALL_OFFS, JUDGED
from procurement.models import Framework, FrameworkMember, Tender
from procurement.permissions import FrameworkPermission, TenderPermission
from procurement.states import FrameworkState, MemberState, Method, TenderState
from procurement.workflow.direct import is_lawful, not_ordered_to_stop, within_authority

P = FrameworkPermission
S = TenderState
F = FrameworkState
M = MemberState


def all_signed(_uow: UnitOfWork, framework: Framework) -> Refusal | None:
    """Everybody admitted has signed or was removed, and somebody signed."""
    states = [one.state for one in framework.members]
    if M.SIGNED in states and M.ADMITTED not in states:
        return None
    return Refusal(_l("还有入围供应商没有签订框架协议"), rule_id="R-FRAME-01")


def term_is_over(uow: UnitOfWork, framework: Framework) -> Refusal | None:
    """Its last day is past."""
    if framework.is_over_on(uow.today):
        return None
    return Refusal(_l("框架协议尚未期满"), rule_id="R-FRAME-01")


def is_framework(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """Suppliers are admitted by a framework call only."""
    if tender.method is Method.FRAMEWORK:
        return None
    return Refusal(_l("只有框架协议征集确定入围供应商"), rule_id="R-FRAME-01")


def is_no_framework(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """A framework call ends with an admission, a second price round with the lowest price; neither with an award."""
    if tender.method is Method.FRAMEWORK:
        return Refusal(_l("框架协议征集按排序确定入围供应商，不确定中标人"), rule_id="R-FRAME-01")
    if tender.method in CALL_OFFS:
        return Refusal(_l("第二阶段采购由另一人确认成交供应商"), rule_id="R-FRAME-03")
    return None


def is_judged(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """A committee or group judges; in a second price round the price alone decides."""
    if tender.method in JUDGED:
        return None
    return Refusal(_l("%(method)s不组成评审小组", method=tender.method.label), rule_id="R-FRAME-03")


def is_rotation(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """A turn is offered in a rotation only."""
    if tender.method is Method.CALL_OFF_ROTATION:
        return None
    return Refusal(_l("只有顺序轮候按次序授予"), rule_id="R-FRAME-03")


def is_direct_selection(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """Only a direct selection can be sent back to be changed: a turn and a price are what they are."""
    if tender.method is Method.CALL_OFF_DIRECT:
        return None
    return Refusal(_l("只有直接选定可以退回修改"), rule_id="R-FRAME-03")


def comes_at_its_step(_uow: UnitOfWork, tender: Tender) -> Refusal | None:
    """A direct selection is proposed from the draft, a turn once accepted, a price once opened."""
    expected = {
        Method.CALL_OFF_DIRECT: S.DRAFT,
        Method.CALL_OFF_ROTATION: S.IN_SELECTION,
        Method.CALL_OFF_PRICES: S.OPENED,
    }
    if expected.get(tender.method) is tender.state:
        return None
    return Refusal(_l("现在不能提出成交意见"), rule_id="R-FRAME-03")


FRAMEWORK_TRANSITIONS = (
    Transition(
        "admit",
        frozenset({S.EVALUATED}),
        S.AWARDED,
        TenderPermission.AWARD,
        _l("确定入围供应商"),
        guards=(is_framework, not_ordered_to_stop),
        stamp="awarded_at",
        is_manual=False,
    ),
    Transition(
        "offer_turn",
        frozenset({S.DRAFT}),
        S.IN_SELECTION,
        P.PREPARE,
        _l("按顺序授予"),
        guards=(is_rotation, is_lawful),
        is_manual=False,
    ),
    Transition(
        "nominate",
        frozenset({S.DRAFT, S.IN_SELECTION, S.OPENED}),
        S.EVALUATED,
        P.PREPARE,
        _l("提出成交意见"),
        guards=(comes_at_its_step, not_ordered_to_stop),
        stamp="evaluated_at",
        is_manual=False,
    ),
    Transition(
        "return_nomination",
        frozenset({S.EVALUATED}),
        S.DRAFT,
        P.CONFIRM,
        _l("退回成交意见"),
        guards=(is_direct_selection,),
        needs_reason=True,
    ),
    Transition(
        "confirm_call_off",
        frozenset({S.EVALUATED}),
        S.AWARDED,
        P.CONFIRM,
        _l("确认成交供应商"),
        guards=(not_ordered_to_stop, within_authority),
        stamp="awarded_at",
        is_manual=False,
    ),
    Transition(
        "drop_call_off",
        frozenset({S.OPENED, S.EVALUATED}),
        S.CANCELLED,
        P.CONFIRM,
        _l("终止本次采购"),
        needs_reason=True,
    ),
)

FRAMEWORK: Workflow[Framework] = Workflow(
    noun="framework",
    title=_l("框架协议"),
    initial=F.FORMING,
    transitions=(
        Transition(
            "start",
            frozenset({F.FORMING}),
            F.IN_FORCE,
            P.START,
            _l("框架协议生效"),
            guards=(all_signed,),
            is_manual=False,
        ),
        Transition(
            "end",
            frozenset({F.IN_FORCE}),
            F.ENDED,
            P.END,
            _l("汇总成交结果并结束"),
            guards=(term_is_over,),
            stamp="ended_at",
            is_manual=False,
        ),
    ),
)

MEMBER: Workflow[FrameworkMember] = Workflow(
    noun="framework_member",
    title=_l("入围供应商"),
    initial=M.ADMITTED,
    transitions=(
        Transition("sign", frozenset({M.ADMITTED}), M.SIGNED, P.KEEP, _l("登记签订框架协议"), is_manual=False),
        Transition(
            "remove",
            frozenset({M.ADMITTED, M.SIGNED}),
            M.REMOVED,
            P.REMOVE,
            _l("清退"),
            needs_reason=True,
            stamp="ended_at",
            is_manual=False,
        ),
    ),
)
