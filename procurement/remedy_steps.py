"""What an upheld challenge or complaint orders, as the step that carries it out, with its reason filled in.

The step is done where it is always done (an amendment, a failed tender and its successor, a review, another winner);
here it only says which one follows from a measure in the purchase's present state, and in which words its reason names
the decision. A reference `challenge:<id>` goes along in the address, so that nobody types a number twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import force_locale

from core.i18n import Text, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import Challenge, Complaint, Tender
from procurement.permissions import (
    ClarificationPermission,
    ComplaintPermission,
    ContractPermission,
    RemedyPermission,
    TenderPermission,
)
from procurement.queries.amendments import under_way
from procurement.services.awarding import awards_of
from procurement.services.retendering import successor_of
from procurement.states import ChallengeState, ComplaintState, Measure, TenderState

Case = Challenge | Complaint
S = TenderState
FALLIBLE = (S.PUBLISHED, S.OPENED, S.UNDER_EVALUATION, S.REVIEW_SUSPENDED, S.EVALUATED)


@dataclass(frozen=True)
class RemedyStep:
    """A step that carries out a measure: its button and address; `begins` when one press begins it."""

    title: Text
    url: str
    begins: bool = False


def steps_of(uow: UnitOfWork, case: Case) -> list[RemedyStep]:
    """Return what the actor may do now to carry out what the case ordered; nothing where it orders nothing."""
    tender = case.tender
    if not is_upheld(case) or not policy.allows(uow.actor, TenderPermission.READ, tender):
        return []
    measure = case.measure
    if measure is Measure.AMEND_DOCUMENTS and tender.is_open_at(uow.now):
        return list(_amending(uow, tender, case))
    if measure in (Measure.AMEND_DOCUMENTS, Measure.RE_TENDER):  # what cannot be amended any more is bought anew
        return list(_buying_anew(uow, tender, case))
    if measure is Measure.RE_EVALUATE and tender.state is S.EVALUATED:
        words = _l("交由原评标委员会重新评审")
        return list(_linked(uow, TenderPermission.CONCLUDE, tender, words, "conduct.re_review", case))
    if measure is Measure.OTHER_WINNER or (measure is Measure.RE_EVALUATE and tender.state is S.AWARDED):
        return list(_another_winner(uow, tender, case))
    return []


def reason_of(case: Case) -> str:
    """Return in Chinese which decision ordered a step, as its reason says it. No supplier is named (R-SEC-03)."""
    with force_locale("zh"):
        measure = str(case.measure.label) if case.measure else ""
    if isinstance(case, Challenge):
        return f"根据质疑答复（编号 {case.number}）：质疑成立，{measure}"
    return f"根据财政部门投诉处理决定（编号 {case.number}）：{measure}"


def reference_of(case: Case) -> str:
    """Return how an address names the case: `challenge:<id>`."""
    return f"{case.__tablename__}:{case.id}"


def case_named(uow: UnitOfWork, reference: str | None) -> Case | None:
    """Return the upheld case that an address names, if the actor may read it; anything else is nothing."""
    noun, _colon, key = (reference or "").partition(":")
    model = {"challenge": Challenge, "complaint": Complaint}.get(noun)
    try:
        case = uow.get(model, uuid.UUID(key)) if model is not None else None
    except ValueError:
        return None
    if not isinstance(case, Challenge | Complaint) or not is_upheld(case):
        return None
    permission = RemedyPermission.READ if isinstance(case, Challenge) else ComplaintPermission.READ
    return case if policy.allows(uow.actor, permission, case) else None


def reason_named(uow: UnitOfWork, reference: str | None, tender: Tender) -> str:
    """Return the reason of the step that an address asks for, empty when the case is not this purchase's."""
    case = case_named(uow, reference)
    return reason_of(case) if case is not None and case.tender_id == tender.id else ""


def is_upheld(case: Case) -> bool:
    """Whether the answer or decision orders a measure that is still to be carried out."""
    if isinstance(case, Challenge):
        return case.state is ChallengeState.UPHELD
    return case.state is ComplaintState.UPHELD and case.carried_out_at is None


def _amending(uow: UnitOfWork, tender: Tender, case: Case) -> Iterator[RemedyStep]:
    pending = under_way(uow, tender)
    if pending is not None and policy.allows(uow.actor, ClarificationPermission.READ_AMENDMENT, pending):
        yield RemedyStep(_l("查看正在办理的更正"), url_for("amendments.show", amendment_id=pending.id))
    elif policy.allows(uow.actor, ClarificationPermission.DRAFT_AMENDMENT, tender):
        url = url_for("amendments.start", tender_id=tender.id, because=reference_of(case))
        yield RemedyStep(_l("起草更正公告"), url, begins=True)


def _buying_anew(uow: UnitOfWork, tender: Tender, case: Case) -> Iterator[RemedyStep]:
    if tender.state in FALLIBLE:
        yield from _linked(uow, TenderPermission.FAIL, tender, _l("废标，重新采购"), "examination.fail", case)
    elif tender.state is S.AWARDED:
        yield from _replacing(uow, tender, case, anew=True)
    elif tender.state is S.FAILED:
        made = successor_of(uow, tender)
        if made is not None and policy.allows(uow.actor, TenderPermission.READ, made.successor):
            yield RemedyStep(_l("查看重新采购的项目"), url_for("tenders.show", tender_id=made.successor_id))
        elif made is None:
            yield from _linked(uow, TenderPermission.RETENDER, tender, _l("重新起草采购项目"), "retenders.again", case)


def _another_winner(uow: UnitOfWork, tender: Tender, case: Case) -> Iterator[RemedyStep]:
    if tender.state is S.EVALUATED:
        yield from _linked(uow, TenderPermission.AWARD, tender, _l("另行确定中标人"), "results.decide", case)
    elif tender.state is S.AWARDED:
        yield from _replacing(uow, tender, case, anew=False)


def _replacing(uow: UnitOfWork, tender: Tender, case: Case, *, anew: bool) -> Iterator[RemedyStep]:
    """Yield a step for each winner; once all are replaced, where the lots without one are bought anew."""
    standing = awards_of(uow, tender)
    for award in standing:
        if policy.allows(uow.actor, ContractPermission.REPLACE, award):
            url = url_for("performance.replace", award_id=award.id, because=reference_of(case))
            lot = award.lot.position
            title = _l("撤销包%(lot)s的中标结果", lot=lot) if anew else _l("另行确定包%(lot)s的中标人", lot=lot)
            yield RemedyStep(title, url)
    if not standing and policy.allows(uow.actor, ContractPermission.READ_DEADLINES, tender):
        yield RemedyStep(_l("重新采购没有中标人的包"), url_for("procedure.show", tender_id=tender.id))


def _linked(  # noqa: PLR0917 - who may, what of, and where it leads
    uow: UnitOfWork, permission: TenderPermission, tender: Tender, title: Text, endpoint: str, case: Case
) -> Iterator[RemedyStep]:
    if policy.allows(uow.actor, permission, tender):
        yield RemedyStep(title, url_for(endpoint, tender_id=tender.id, because=reference_of(case)))
