"""Below-limit selections and single sources for tests, made through the services by different people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from core.identity.models import Organisation, User
from core.identity.roles import OrganisationKind, Role
from core.unit_of_work import UnitOfWork
from procurement.drafting.direct_lawfulness import asked_suppliers
from procurement.models import AskedSupplier, Tender
from procurement.services.direct import Proposal, draft_direct, prepare, reply, send_inquiry
from procurement.states import Method, SoleGround
from tests.factories.bids import acting
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import make_project

PRICES = ("90000.00", "88000.00", "92000.00")


@dataclass
class Selection:
    """A purchase without sealed bids with its people; `people` answer for `suppliers` in the order of `asked`."""

    tender: Tender
    officer: User
    approver: User
    suppliers: list[Organisation]
    people: list[User] = field(default_factory=list)
    asked: list[AskedSupplier] = field(default_factory=list)


def direct_people(uow: UnitOfWork) -> tuple[User, User]:
    """An officer and an approver of one bureau."""
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    return (
        make_user(uow, Role.PROCUREMENT_OFFICER, organisation=bureau),
        make_user(uow, Role.PROCUREMENT_APPROVER, organisation=bureau),
    )


def drafted_selection(
    uow: UnitOfWork, *, suppliers: int = 3, officer: User | None = None, budget: Decimal = Decimal(95000)
) -> Selection:
    """A below-limit selection ready to be sent, closing in a week."""
    own, approver = direct_people(uow)
    clerk = acting(uow, officer or own)
    tender = draft_direct(clerk, [make_project(uow, evaluation_fee=budget)], budget=budget)
    people = [make_user(uow, Role.AGENCY_MANAGER) for _one in range(suppliers)]
    asked = [one.memberships[0].organisation for one in people]
    closes = uow.now + timedelta(days=7)
    values = {
        "deadline": closes,
        "service_until": uow.today + timedelta(days=90),
        "contact_name": "沈经办",
        "contact_telephone": "0512-60000001",
    }
    prepare(clerk, tender, asked, {}, **values)
    return Selection(tender, officer or own, approver, asked, people)


def asked_selection(uow: UnitOfWork, **values) -> Selection:
    """A selection whose suppliers were asked."""
    scene = drafted_selection(uow, **values)
    send_inquiry(acting(uow, scene.officer), scene.tender)
    rows = {one.supplier_id: one for one in asked_suppliers(uow, scene.tender)}
    scene.asked = [rows[one.id] for one in scene.suppliers]
    return scene


def answered_selection(uow: UnitOfWork, prices: Sequence[str] = PRICES, **values) -> Selection:
    """A selection that every supplier has answered."""
    scene = asked_selection(uow, **values)
    for person, asked, price in zip(scene.people, scene.asked, prices, strict=True):
        reply(acting(uow, person), asked, price=Decimal(price), plan="三人六周：资料核查、实地调研、访谈和问卷")
    return scene


def proposal_for(scene: Selection, number: int = 0, **values) -> Proposal:
    """A complete proposal for the supplier of this number at the price it offered."""
    remarks = {one.id: "方案完整，人员到位" for one in scene.asked}
    return Proposal(scene.asked[number].id, None, "方案最切合评价重点，价格合理", remarks, **values)


def drafted_sole(
    uow: UnitOfWork,
    *,
    budget: Decimal = Decimal(95000),
    ground: SoleGround | None = SoleGround.SOLE,
    suppliers: list[Organisation] | None = None,
    **entries,
) -> Selection:
    """A single source in draft, with its ground and one supplier."""
    officer, approver = direct_people(uow)
    clerk = acting(uow, officer)
    project = make_project(uow, evaluation_fee=budget)
    tender = draft_direct(clerk, [project], method=Method.SINGLE_SOURCE, budget=budget)
    person = make_user(uow, Role.AGENCY_MANAGER)
    sole = suppliers or [person.memberships[0].organisation]
    prepare(
        clerk,
        tender,
        sole,
        {"ground": ground, "ground_reason": "原系统数据接口由其独家维护" if ground else "", **entries},
        service_until=uow.today + timedelta(days=90),
        contact_name="沈经办",
        contact_telephone="0512-60000001",
    )
    return Selection(tender, officer, approver, sole, [person])
