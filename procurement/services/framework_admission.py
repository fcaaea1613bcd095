"""入围: suppliers are admitted in the order of the ranking, recorded so that anybody can verify it (R-FRAME-01)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask_babel import force_locale
from sqlalchemy import func, select

from core.documents.accept import keep_bytes
from core.errors import Refusal, Refused
from core.i18n import _l
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from procurement.models import Bid, Framework, FrameworkMember, FrameworkTerms, Lot, Shortlist, Tender
from procurement.queries.standings import Standings, standings_of
from procurement.scoring import TieDraw, award_record
from procurement.scoring.shortlist import Cut, in_order, public_shortlist_record, shortlist_record
from procurement.services.awarding import Choice, awarding_refusals, facts_of
from procurement.services.concluding import LotResult, results_of
from procurement.services.framework_papers import admission_letter_pdf, agreement_pdf
from procurement.states import TenderState
from procurement.workflow import TENDER

ADMITTED = NotificationKind(
    "framework.admitted",
    _l("入围通知：%(tender)s"),
    _l("恭喜：贵单位入围《%(tender)s》。请在规定期限内签订框架协议。"),
)
NOT_ADMITTED = NotificationKind(
    "framework.not-admitted",
    _l("征集结果通知"),
    _l("《%(tender)s》已确定入围供应商。可查看入围结果公告和贵单位本身的得分、排序或未入围的原因。"),
)
BY_RANK = "框架协议征集按排序确定入围供应商"


def cut_of(uow: UnitOfWork, terms: FrameworkTerms) -> Cut:
    """Return how many are eliminated, by the call's terms and the rule's least number."""
    least = uow.house.rules.whole("R-FRAME-01", "eliminated_min", on=uow.today)
    return Cut(terms.elimination, least, terms.most_admitted)


def tie_of(tender: Tender, standings: Standings, lot: Lot) -> TieDraw:
    """Return the lottery that orders equal bids of a lot: seeded by the notice and the sealed envelopes."""
    return TieDraw(tender.record_hash or "", {str(one.bid.id): one.bid.sha256 for one in standings.of_lot(lot)})


def order_of(tender: Tender, standings: Standings, result: LotResult) -> list[str]:
    """Return the ranked bids of a lot in the order in which they are admitted and take turns."""
    ranks = {str(one.bid.id): one.score.rank for one in result.ranked}
    return in_order(ranks, tie_of(tender, standings, result.lot))


def admit(uow: UnitOfWork, tender: Tender) -> Framework:
    """Admit the suppliers by the ranking and the elimination the call states; nobody chooses among them.

    Stores each type's record, everybody's letter and the agreements to be signed, and tells everybody; the result
    notice is published with it. A call that adds suppliers lets them join its framework. Raises `Forbidden`, or
    `Refused` while the report has not reached the purchaser, the purchase is suspended, or every type failed.
    """
    uow.lock(tender)
    terms = uow.session.get(FrameworkTerms, tender.id)
    if terms is None:
        raise Refused(Refusal(_l("只有框架协议征集确定入围供应商"), rule_id="R-FRAME-01"))
    if tender.state is TenderState.EVALUATED and (held := awarding_refusals(uow, tender)):
        raise Refused(*held)
    TENDER.fire(uow, tender, "admit")
    standings = standings_of(uow, tender)
    results = [one for one in results_of(uow, tender, standings) if one.ranked]
    framework = terms.top_up_of or _framework(uow, tender)
    rows = [_shortlist(uow, terms, one, standings) for one in results]
    uow.session.flush()
    for row in rows:
        _join(uow, framework, row)
    uow.session.flush()
    uow.session.expire(framework, ["members"])
    _papers(uow, tender, framework, rows, standings)
    _tell(uow, tender, framework, standings)
    return framework


def _framework(uow: UnitOfWork, tender: Tender) -> Framework:
    framework = uow.add(
        Framework(
            tender_id=tender.id,
            admitted_at=uow.now,
            begins_on=None,
            ends_on=None,
            informed_on=None,
            ended_at=None,
            summary_id=None,
        )
    )
    framework.tender = tender
    uow.session.flush()
    return framework


def _shortlist(uow: UnitOfWork, terms: FrameworkTerms, result: LotResult, standings: Standings) -> Shortlist:
    tender, lot = standings.tender, result.lot
    first = order_of(tender, standings, result)[0]
    facts = facts_of(uow, tender, result, Choice(uuid.UUID(first), BY_RANK), standings)
    record = shortlist_record(
        ranking=award_record(facts, secrets.token_hex(32)),
        cut=cut_of(uow, terms),
        tie=tie_of(tender, standings, lot),
        suppliers={str(one.bid.id): one.bid.bidder.name for one in result.ranked},
        prices={str(one.bid.id): one.offer.price for one in result.ranked},
        master_salt=secrets.token_hex(32),
    )
    row = uow.add(
        Shortlist(
            tender_id=tender.id,
            lot_id=lot.id,
            record=record,
            public_record=public_shortlist_record(record),
            decided_by_id=uow.actor.user_id,
            decided_at=uow.now,
        )
    )
    row.lot = lot
    uow.record(
        "framework.shortlist",
        tender,
        after={"lot": lot.title, "admitted": len(record["admitted"]), "eliminated": len(record["eliminated"])},
        detail={"record": record["digests"]["record"]},
    )
    return row


def _join(uow: UnitOfWork, framework: Framework, row: Shortlist) -> None:
    """Add the admitted of a type after those it has; a call that adds suppliers repeats the types of the first."""
    lot = next(one for one in framework.tender.lots if one.position == row.lot.position)
    last = uow.session.scalar(select(func.max(FrameworkMember.position)).where(FrameworkMember.lot_id == lot.id)) or 0
    for place, one in enumerate(row.record["admitted"], last + 1):
        bid = uow.session.get_one(Bid, uuid.UUID(one["bid"]))
        uow.add(
            FrameworkMember(
                framework_id=framework.id,
                tender_id=row.tender_id,
                lot_id=lot.id,
                supplier_id=bid.bidder_id,
                bid_id=bid.id,
                position=place,
                price=Decimal(one["price"]),
                admitted_at=uow.now,
                signed_on=None,
                signed_by_id=None,
                filed_on=None,
                ended_at=None,
                ground=None,
            )
        )


def _papers(
    uow: UnitOfWork, tender: Tender, framework: Framework, rows: Sequence[Shortlist], standings: Standings
) -> None:
    """Store letters and agreements; official papers are Chinese whatever the reader's language."""
    with force_locale("zh"):
        for standing in standings.bids:
            keep_bytes(
                uow,
                admission_letter_pdf(uow, tender, rows, standing),
                owner=standing.bid,
                purpose="result-letter",
                name=f"征集结果通知书-{tender.number}.pdf",
                media_type="application/pdf",
            )
        for members in by_supplier([one for one in framework.members if one.tender_id == tender.id]).values():
            keep_bytes(
                uow,
                agreement_pdf(uow, framework, members),
                owner=members[0],
                purpose="agreement-text",
                name=f"框架协议-{tender.number}-{members[0].supplier.name}.pdf",
                media_type="application/pdf",
            )


def by_supplier(members: Sequence[FrameworkMember]) -> Mapping[uuid.UUID, list[FrameworkMember]]:
    """Return members by their supplier: one agreement holds all the types a supplier was admitted for."""
    found: dict[uuid.UUID, list[FrameworkMember]] = {}
    for one in members:
        found.setdefault(one.supplier_id, []).append(one)
    return found


def _tell(uow: UnitOfWork, tender: Tender, framework: Framework, standings: Standings) -> None:
    admitted = {one.bid_id for one in framework.members}
    for standing in standings.bids:
        notify(
            uow,
            ADMITTED if standing.bid.id in admitted else NOT_ADMITTED,
            [standing.bid.submitted_by_id],
            url=f"/bids/{standing.bid.id}/result",
            params={"tender": tender.title},
        )
