"""The state machines of supervision's cases and inspections."""

from __future__ import annotations

from core.errors import Refusal
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from core.workflow import Transition, Workflow
from procurement.models import Inspection, SupervisionCase
from procurement.permissions import SupervisionPermission as P
from procurement.states import CaseState, InspectionState

CASE: Workflow[SupervisionCase] = Workflow(
    noun="supervision_case",
    title=_l("监管案件"),
    initial=CaseState.OPEN,
    transitions=(
        Transition(
            "close",
            frozenset({CaseState.OPEN}),
            CaseState.CLOSED,
            P.HANDLE_CASE,
            _l("办结案件"),
            stamp="closed_at",
            is_manual=False,
        ),
    ),
)


def all_is_found(_uow: UnitOfWork, inspection: Inspection) -> Refusal | None:
    """Every drawn agency is judged on all seven matters, and what had to be put right is (R-AGENCY-15)."""
    if all(one.is_complete for one in inspection.targets):
        return None
    return Refusal(_l("还有检查事项没有结论，或者整改没有完成"), rule_id="R-AGENCY-15")


INSPECTION: Workflow[Inspection] = Workflow(
    noun="inspection",
    title=_l("监督检查"),
    initial=InspectionState.PREPARED,
    transitions=(
        Transition(
            "draw",
            frozenset({InspectionState.PREPARED}),
            InspectionState.DRAWN,
            P.WITNESS_DRAW,
            _l("见证并抽取"),
            stamp="drawn_at",
            is_manual=False,
        ),
        Transition(
            "close",
            frozenset({InspectionState.DRAWN}),
            InspectionState.CLOSED,
            P.INSPECT,
            _l("办结检查"),
            guards=(all_is_found,),
            stamp="closed_at",
            primary=True,
        ),
    ),
)
