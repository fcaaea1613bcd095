"""The evaluation committee: imported from the provincial draw, checked, set to work (R-COMM-01…08, R-POOL-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.clock import SHANGHAI
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.administration import grant_role, invite
from core.identity.models import Organisation, User
from core.identity.roles import OrganisationKind, Role
from core.identity.sign_in import user_by_email
from core.notifications.send import NotificationKind, notify
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from procurement.fault_words import refusal_of
from procurement.methods import committee_rule_of, fewest_bidders, fewest_rule, rules_of
from procurement.models import CommitteeDraw, CommitteeSeat, Tender
from procurement.permissions import TenderPermission
from procurement.queries.openings import opening_of
from procurement.queries.preparation import preparers_of
from procurement.queries.standings import seats_of, standings_of
from procurement.scoring import Member, SeatKind, check_committee
from procurement.services.committee_conflicts import TOOK_PART, is_tied_to_a_bidder, seat_refusals
from procurement.states import GONE, SeatCategory, SeatSource, TenderState
from procurement.workflow import TENDER

SEATED = NotificationKind(
    "evaluation.begun",
    _l("评标已经开始"),
    _l("《%(tender)s》已开始评标，请先作出利害关系声明，再进行符合性审查和评分。名单在结果公告前保密。"),
)
SEATING_STATES = frozenset(
    {TenderState.PUBLISHED, TenderState.OPENED, TenderState.UNDER_EVALUATION, TenderState.REVIEW_SUSPENDED}
)


@dataclass(frozen=True)
class MemberEntry:
    """One line of the draw's record: who, from where, in what capacity, by which draw and when."""

    name: str
    email: str
    employer: str
    category: SeatCategory
    draw_number: str
    drawn_at: datetime
    is_chair: bool = False
    register: CommitteeDraw | None = None
    """The draw held here, whose time was checked when its plan was locked; None for a record from elsewhere."""


def seat_members(uow: UnitOfWork, tender: Tender, entries: Sequence[MemberEntry]) -> list[CommitteeSeat]:
    """Seat all of these members or none. People without an account are invited by mail.

    Raises `Forbidden`, or `Refused` with everything that is wrong, each with the line's number when there are several.
    """
    decision = policy.decide(uow.actor, TenderPermission.SEAT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if tender.state not in SEATING_STATES:
        raise Refused(Refusal(_l("公告发布之后、评标结束之前才能录入评标委员会"), rule_id="R-COMM-04"))
    refusals: list[Refusal] = []
    seats = []
    for number, entry in enumerate(entries, start=1):
        try:
            seats.append(_seat(uow, tender, entry))
        except Refused as refused:
            refusals += [_at_line(one, number, len(entries)) for one in refused.refusals]
    if refusals:
        raise Refused(*refusals)
    return seats


def seat_drawn(uow: UnitOfWork, tender: Tender, entry: MemberEntry) -> CommitteeSeat:
    """Seat an expert who was drawn here and accepted. Raises `Refused` where they may not sit after all."""
    uow.lock(tender)
    if tender.state not in SEATING_STATES:
        raise Refused(Refusal(_l("公告发布之后、评标结束之前才能录入评标委员会"), rule_id="R-COMM-04"))
    return _seat(uow, tender, entry)


def unseat(uow: UnitOfWork, seat: CommitteeSeat) -> None:
    """Strike a member entered by mistake; not after the evaluation began (a member then recuses instead)."""
    tender = seat.tender
    decision = policy.decide(uow.actor, TenderPermission.SEAT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if tender.state not in (TenderState.PUBLISHED, TenderState.OPENED):
        raise Refused(Refusal(_l("评标已经开始，名单不能再删改；有利害关系的成员应申请回避"), rule_id="R-COMM-10"))
    if seat.source is SeatSource.OWN_DRAW:
        words = _l("抽取产生的成员不能删除；不能参加的按抽取次序递补")
        raise Refused(Refusal(words, rule_id="R-COMM-04"))
    uow.record("tender.unseat", tender, detail={"seat": str(seat.id)}, personal={seat.user_id: {"name": seat.name}})
    uow.session.delete(seat)
    uow.session.flush()


def name_chair(uow: UnitOfWork, seat: CommitteeSeat) -> None:
    """Enter whom the members elected as their chair; never the purchaser's representative (R-COMM-08)."""
    tender = seat.tender
    decision = policy.decide(uow.actor, TenderPermission.SEAT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if seat.category is SeatCategory.PURCHASER:
        raise Refused(Refusal(_l("采购人代表不得担任评标委员会组长"), rule_id="R-COMM-08"))
    if tender.state not in SEATING_STATES:
        raise Refused(Refusal(_l("评标已经结束，不能再改组长"), rule_id="R-COMM-08"))
    for other in seats_of(uow, tender, recused=True):
        other.is_chair = False
    uow.session.flush()
    seat.is_chair = True
    uow.record("tender.name_chair", tender, detail={"seat": str(seat.id)})


def members_of(seats: Sequence[CommitteeSeat]) -> list[Member]:
    """Return the seats as the rules see them."""
    return [
        Member(
            str(seat.id),
            SeatKind.EXPERT if seat.category is SeatCategory.EXPERT else SeatKind.PURCHASER,
            seat.is_chair,
            seat.employer,
        )
        for seat in seats
    ]


def committee_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return everything that keeps the committee from concluding: its composition and the missing chair."""
    found = composition_refusals(uow, tender)
    if not any(seat.is_chair for seat in seats_of(uow, tender)):
        found.append(Refusal(_l("还没有推选评标委员会组长"), rule_id="R-COMM-08"))
    return found


def composition_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return what is wrong with the committee's size and make-up; its chair is elected once it has met (R-COMM-08)."""
    seats = seats_of(uow, tender)
    rule = committee_rule_of(uow, tender)
    selected = {str(seat.id) for seat in seats if seat.source is SeatSource.SELF_SELECTED}
    found = [refusal_of(fault) for fault in check_committee(members_of(seats), rule, exempt=selected)]
    preparers = preparers_of(uow, tender) if seats else None
    found += [
        Refusal(_l("%(name)s：%(reason)s，应当更换", name=seat.name, reason=TOOK_PART), rule_id="R-COMM-07")
        for seat in seats
        if preparers is not None and preparers.took_part(seat.user_id, seat.name)
    ]
    return found


def starting_refusals(uow: UnitOfWork, tender: Tender) -> list[Refusal]:
    """Return everything that keeps the evaluation from beginning: examination, number of bidders, committee."""
    standings = standings_of(uow, tender)
    fewest = fewest_bidders(uow, tender)
    found = []
    opening = opening_of(uow, tender)
    if opening is not None and opening.closed_at is None:
        found.append(Refusal(_l("开标会尚未结束：请答复全部异议并结束开标会"), rule_id="R-OPEN-03"))
    if not standings.all_examined:
        found.append(Refusal(_l("还有投标人没有完成资格审查"), rule_id="R-QUAL-01"))
    elif all(len(standings.in_race(lot)) < fewest for lot in tender.lots):
        found.append(Refusal(_l("合格投标人不足%(fewest)s家，不得评标", fewest=fewest), rule_id=fewest_rule(tender)))
    for seat in standings.seats:
        organisations = {one.organisation_id for one in seat.user.memberships if one.ended_at is None}
        if is_tied_to_a_bidder(uow, tender, organisations, seat.employer):
            found.append(Refusal(_l("%(name)s与投标人有利害关系，应当更换", name=seat.name), rule_id="R-COMM-06"))
    return found + composition_refusals(uow, tender)


def start_evaluation(uow: UnitOfWork, tender: Tender) -> None:
    """Hand the bids to the committee. Raises `Forbidden`, or `Refused` with everything that is missing."""
    uow.lock(tender)
    if tender.state is TenderState.OPENED and (refusals := starting_refusals(uow, tender)):
        raise Refused(*refusals)
    TENDER.fire(uow, tender, "evaluate")
    for seat in seats_of(uow, tender):
        notify(uow, SEATED, [seat.user_id], url=f"/evaluations/{seat.id}", params={"tender": tender.title})


def _seat(uow: UnitOfWork, tender: Tender, entry: MemberEntry) -> CommitteeSeat:
    """Seat one member, inviting whoever has no account."""
    user = user_by_email(uow, entry.email)
    refusals = _entry_refusals(uow, tender, entry, user)
    if refusals:
        raise Refused(*refusals)
    if user is None:
        user = invite(
            uow, email=entry.email, name=entry.name, organisation=_experts_organisation(uow), role=Role.EXPERT
        )
    elif entry.category is SeatCategory.EXPERT and not _is_expert(user):
        grant_role(uow, user, _experts_organisation(uow), Role.EXPERT)
    if entry.is_chair:
        for other in seats_of(uow, tender, recused=True):
            other.is_chair = False
        uow.session.flush()
    seat = uow.add(
        CommitteeSeat(
            tender_id=tender.id,
            user_id=user.id,
            name=entry.name.strip(),
            employer=entry.employer.strip(),
            category=entry.category,
            source=_source(entry),
            draw_id=entry.register.id if entry.register is not None else None,
            is_chair=entry.is_chair,
            draw_number=entry.draw_number.strip(),
            drawn_at=entry.drawn_at,
            declared_at=None,
            locked_at=None,
        )
    )
    uow.session.flush()
    uow.record(
        "tender.seat",
        tender,
        after={"seat": str(seat.id), "category": str(seat.category), "draw": seat.draw_number},
        personal={user.id: {"name": seat.name, "employer": seat.employer}},
    )
    if tender.state is TenderState.UNDER_EVALUATION:
        notify(uow, SEATED, [user.id], url=f"/evaluations/{seat.id}", params={"tender": tender.title})
    return seat


def _source(entry: MemberEntry) -> SeatSource:
    if entry.category is SeatCategory.PURCHASER:
        return SeatSource.AUTHORISED
    return SeatSource.PROVINCIAL_DRAW if entry.register is None else entry.register.source


def _entry_refusals(uow: UnitOfWork, tender: Tender, entry: MemberEntry, user: User | None) -> list[Refusal]:
    """Return what is wrong with a line. The draw begins at most so many working days before the review (R-COMM-05)."""
    refusals = [Refusal(words, field=name) for name, words in _missing(entry)]
    if refusals:
        return refusals
    if entry.drawn_at > uow.now:
        refusals.append(Refusal(_l("抽取时间不能晚于现在"), rule_id="R-POOL-01", field="drawn_at"))
    refusals += _drawn_too_early(uow, tender, entry)
    if user is not None:
        refusals += seat_refusals(uow, tender, user, entry.category, entry.employer)
    elif entry.category is SeatCategory.PURCHASER:
        refusals.append(Refusal(_l("采购人代表须是采购人单位已有账户的人员"), rule_id="R-COMM-08", field="email"))
    if preparers_of(uow, tender).took_part(user.id if user else None, entry.name):
        refusals.append(Refusal(TOOK_PART, rule_id="R-COMM-07", field="email"))
    if entry.is_chair and entry.category is SeatCategory.PURCHASER:
        refusals.append(Refusal(_l("采购人代表不得担任评标委员会组长"), rule_id="R-COMM-08", field="is_chair"))
    return refusals


def _drawn_too_early(uow: UnitOfWork, tender: Tender, entry: MemberEntry) -> list[Refusal]:
    """The draw's earliest day; consultation and negotiation have none (R-COMM-05)."""
    if entry.register is not None or entry.category is not SeatCategory.EXPERT:
        return []
    return too_early(uow, tender, entry.drawn_at, field="drawn_at")


def too_early(uow: UnitOfWork, tender: Tender, drawn_at: datetime, *, field: str | None = None) -> list[Refusal]:
    """Return what speaks against a draw at this moment: so many working days before the review at most (R-COMM-05)."""
    limit = rules_of(tender).draw
    if limit is None:
        return []
    days = limit.whole(uow)
    review = max(tender.deadline or uow.now, uow.now)
    earliest = work_calendar(uow).subtract_working_days(review.astimezone(SHANGHAI).date(), days).date
    if drawn_at.astimezone(SHANGHAI).date() >= earliest:
        return []
    words = _l("抽取专家不得早于评审开始前%(days)s个工作日（%(day)s）", days=days, day=earliest.isoformat())
    return [Refusal(words, rule_id=limit.rule_id, field=field)]


def _missing(entry: MemberEntry) -> list[tuple[str, str]]:
    wanted = {
        "name": _l("请填写姓名"),
        "email": _l("请填写邮箱"),
        "employer": _l("请填写工作单位"),
        "draw_number": _l("请填写抽取编号；采购人代表填写授权函编号"),
    }
    return [(name, words) for name, words in wanted.items() if not getattr(entry, name).strip()]


def _is_expert(user: User) -> bool:
    return any(one.role is Role.EXPERT and one.ended_at is None for one in user.memberships)


def _experts_organisation(uow: UnitOfWork) -> Organisation:
    """Return the body that invited experts belong to, made on first use."""
    found = uow.session.scalar(
        select(Organisation)
        .where(Organisation.kind == OrganisationKind.EXPERTS, Organisation.is_active)
        .order_by(Organisation.name)
        .limit(1)
    )
    if found is None:
        found = uow.add(
            Organisation(
                name="政府采购评审专家",
                name_en="Government procurement review experts",
                kind=OrganisationKind.EXPERTS,
                uscc=None,
            )
        )
        uow.session.flush()
    return found


def _at_line(refusal: Refusal, number: int, many: int) -> Refusal:
    if many == 1:
        return refusal
    return Refusal(
        _l("第%(number)s行：%(reason)s", number=number, reason=refusal.reason), refusal.rule_id, refusal.field
    )


def is_member(uow: UnitOfWork, tender: Tender) -> bool:
    """Whether the actor sits on the tender's committee."""
    return (
        uow.session.scalar(
            select(CommitteeSeat.id).where(
                CommitteeSeat.tender_id == tender.id,
                CommitteeSeat.user_id == uow.actor.user_id,
                CommitteeSeat.state.not_in(GONE),
            )
        )
        is not None
    )
