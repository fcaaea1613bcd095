"""Framework agreements and call-offs for tests: from an evaluated call by rows to a framework in force."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.identity.models import Membership, Organisation, User
from core.identity.roles import Role
from core.pdf import OfficialDocument, Paragraph
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, CallOff, Framework, FrameworkMember, FrameworkTerms, Lot, Tender
from procurement.queries.frameworks import call_off_of, members_of
from procurement.services.call_offs import CallOffEntry, draft_call_off
from procurement.services.framework_admission import admit
from procurement.services.frameworks import months_later
from procurement.states import Evaluation, FrameworkState, MemberState, Method, TenderState
from tests.factories.awards import opened_by_rows, scored_tender, under_evaluation
from tests.factories.bids import acting
from tests.factories.identity import make_user
from tests.factories.projects import make_project

PRICES = ("80000.00", "90000.00", "85000.00", "98000.00")
"""In the order of arrival; with a fifth eliminated the first three by price are admitted."""
CEILING = Decimal("100000.00")
ADMITTED_PRICES = ("80000.00", "85000.00", "90000.00")
PAPERS = {
    "requirement": "按任务逐项评价",
    "contract_draft": "第一条 服务内容",
    "contact_name": "沈经办",
    "contact_telephone": "0512-60000001",
}
ALL_WAYS = (Method.CALL_OFF_DIRECT, Method.CALL_OFF_ROTATION, Method.CALL_OFF_PRICES)


@dataclass
class Scene:
    """A framework with the people around it; `members` in the order of the rotation."""

    framework: Framework
    officer: User
    approver: User
    members: list[FrameworkMember] = field(default_factory=list)

    @property
    def tender(self) -> Tender:
        return self.framework.tender

    @property
    def lot(self) -> Lot:
        return self.tender.lots[0]

    def person(self, uow: UnitOfWork, number: int) -> User:
        """Who answers for the member of this number."""
        return person_of(uow, self.members[number].supplier)


def person_of(uow: UnitOfWork, supplier: Organisation) -> User:
    """The manager of a supplier."""
    found = uow.session.scalar(
        select(User).join(Membership, Membership.user_id == User.id).where(Membership.organisation_id == supplier.id)
    )
    assert found is not None
    return found


@functools.cache
def _page() -> bytes:
    """A page as PDF, made once: ReportLab is slow to load."""
    from core.pdf.layout import build_pdf

    paper = OfficialDocument(
        kind="plain",
        issuer="区财政局",
        number="1",
        title="框架协议",
        body=[Paragraph("双方签订如下。")],
        signatory="",
        date="",
        record_hash="a" * 64,
        sealed=False,
    )
    return build_pdf(paper)


def signed_copy() -> FileStorage:
    """A signed agreement as a file."""
    return FileStorage(io.BytesIO(_page()), "agreement.pdf", content_type="application/pdf")


def terms_for(tender: Tender, **changes) -> FrameworkTerms:
    """The terms of a call: a year, a fifth eliminated, every way of the second stage, additions foreseen."""
    return FrameworkTerms(
        **{
            "tender_id": tender.id,
            "months": 12,
            "elimination": Decimal(20),
            "most_admitted": None,
            "ways": [one.value for one in ALL_WAYS],
            "top_up_foreseen": True,
            "exit_rules": "按征集文件清退和补充",
            "top_up_of_id": None,
            **changes,
        }
    )


def evaluated_call(
    uow: UnitOfWork,
    prices: Sequence[str | None] = PRICES,
    *,
    terms: dict | None = None,
    evaluation: Evaluation = Evaluation.LOWEST_PRICE,
    **values,
) -> Tender:
    """A framework call whose committee has judged: one type of evaluation, four responses, price first."""
    by_price = evaluation is Evaluation.LOWEST_PRICE
    tender = opened_by_rows(
        uow,
        prices,
        projects=[],
        method=Method.FRAMEWORK,
        evaluation=evaluation,
        price_weight=Decimal(100 if by_price else 0),
        budget=CEILING,
        **PAPERS,
        **values,
    )
    uow.add(terms_for(tender, **(terms or {})))
    uow.session.flush()
    return scored_tender(uow, under_evaluation(uow, tender))


def admitted(uow: UnitOfWork, tender: Tender | None = None, **values) -> Scene:
    """A framework whose suppliers are admitted and have not signed."""
    tender = tender or evaluated_call(uow, **values)
    framework = admit(acting(uow, tender.drafted_by), tender)
    approver = uow.session.get_one(User, tender.approved_by_id)
    # the call was drafted and approved by these two; whoever removes a supplier drafted nothing
    return Scene(framework, tender.drafted_by, approver, members_of(uow, framework))


def in_force(uow: UnitOfWork, prices: Sequence[str] = ADMITTED_PRICES, *, ways: Sequence[Method] = ALL_WAYS) -> Scene:
    """A framework in force from today, written as rows; `prices` in the order of the rotation."""
    tender = opened_by_rows(
        uow, prices, projects=[], method=Method.FRAMEWORK, evaluation=Evaluation.LOWEST_PRICE, budget=CEILING, **PAPERS
    )
    uow.add(terms_for(tender, ways=[one.value for one in ways]))
    tender.state, tender.evaluated_at, tender.awarded_at = TenderState.AWARDED, uow.now, uow.now
    framework = uow.add(
        Framework(
            tender_id=tender.id,
            state=FrameworkState.IN_FORCE,
            admitted_at=uow.now,
            begins_on=uow.today,
            ends_on=months_later(uow.today, 12),
            informed_on=None,
            ended_at=None,
            summary_id=None,
        )
    )
    uow.session.flush()
    for place, bid in enumerate(
        uow.session.scalars(select(Bid).where(Bid.tender_id == tender.id).order_by(Bid.arrived_at)), 1
    ):
        uow.add(
            FrameworkMember(
                framework_id=framework.id,
                tender_id=tender.id,
                lot_id=bid.lot_id,
                supplier_id=bid.bidder_id,
                bid_id=bid.id,
                position=place,
                price=bid.price,
                state=MemberState.SIGNED,
                admitted_at=uow.now,
                signed_on=uow.today,
                signed_by_id=tender.drafted_by_id,
                filed_on=None,
                ended_at=None,
                ground=None,
            )
        )
    uow.session.flush()
    uow.session.expire(framework)
    approver = uow.session.get_one(User, tender.approved_by_id)
    return Scene(framework, tender.drafted_by, approver, members_of(uow, framework))


def called_off(
    uow: UnitOfWork, scene: Scene, way: Method = Method.CALL_OFF_DIRECT, *, until: date | None = None, **values
) -> CallOff:
    """A call-off just begun, for a project of its own."""
    project = values.pop("project", None) or make_project(uow, **values)
    entry = CallOffEntry(scene.lot, project, way, until or uow.today + timedelta(days=60))
    tender = draft_call_off(acting(uow, scene.officer), scene.framework, entry)
    found = call_off_of(uow, tender)
    assert found is not None
    return found


def stranger(uow: UnitOfWork) -> User:
    """An agency that was not admitted."""
    return make_user(uow, Role.AGENCY_MANAGER)
