"""The papers of a committee: how it was chosen, where it sits, how its experts did (R-COMM-04, R-COMM-08/09/13/15)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import CommitteeDraw, CommitteeSeat, DutyRecord, ReviewSession, Tender
from procurement.permissions import TenderPermission
from procurement.queries.committee_papers import session_of
from procurement.queries.standings import seats_of
from procurement.services.committee import SEATING_STATES
from procurement.services.expert_duty import hand_over
from procurement.states import GONE, DutyRating, SeatCategory, SeatSource, SeatState, TenderState

PAPERS = ("pdf", "docx", "png", "jpg")
AFTER_REVIEW = frozenset({TenderState.EVALUATED, TenderState.AWARDED, TenderState.FAILED})


@dataclass(frozen=True)
class DrawEntry:
    """A draw's or a selection's record: number, time, people passed over, and the consent where one is needed."""

    source: SeatSource
    number: str
    drawn_at: datetime
    excluded: str = ""
    ground: str = ""
    consenting: str = ""


def register_draw(
    uow: UnitOfWork, tender: Tender, entry: DrawEntry, seat_ids: Sequence[uuid.UUID], file: FileStorage | None
) -> CommitteeDraw:
    """Register how these members were chosen, with its paper; they carry it from then on (R-COMM-04, R-POOL-01).

    Raises `Forbidden`, or `Refused` without the paper, for a selection without its ground and the consent of the
    competent budget unit, for members of another tender, and for the bureau's own pool in a statutory purchase.
    """
    _ensure_seating(uow, tender)
    refusals = _entry_refusals(uow, entry)
    if file is None or not file.filename:
        refusals.append(Refusal(_l("请附上抽取记录或者同意自行选定的文件"), rule_id="R-COMM-04", field="file"))
    seats = [one for one in seats_of(uow, tender) if one.id in set(seat_ids)]
    experts = [one for one in seats if one.category is SeatCategory.EXPERT]
    if not experts:
        refusals.append(Refusal(_l("请选择由此产生的评审专家"), rule_id="R-POOL-01", field="seats"))
    if refusals:
        raise Refused(*refusals)
    row = uow.add(
        CommitteeDraw(
            tender_id=tender.id,
            source=entry.source,
            number=entry.number.strip()[:60],
            drawn_at=entry.drawn_at,
            ground=entry.ground.strip()[:500],
            consenting=entry.consenting.strip()[:120],
            excluded=entry.excluded.strip()[:1000],
            record=None,
            registered_at=uow.now,
        )
    )
    if uow.actor.user_id is not None:
        row.registered_by_id = uow.actor.user_id
    uow.session.flush()
    accept_file(uow, file, owner=row, purpose="draw-record", kinds=PAPERS)
    for seat in experts:
        seat.draw_id, seat.source = row.id, entry.source
    uow.session.flush()
    uow.record(
        "committee_draw.register", row, about=(tender,), after={"source": str(row.source), "experts": len(experts)}
    )
    return row


def _entry_refusals(uow: UnitOfWork, entry: DrawEntry) -> list[Refusal]:
    """Return what is wrong with the record itself."""
    refusals = []
    if not entry.number.strip():
        refusals.append(Refusal(_l("请填写抽取编号"), rule_id="R-POOL-01", field="number"))
    if entry.drawn_at > uow.now:
        refusals.append(Refusal(_l("抽取时间不能晚于现在"), rule_id="R-POOL-01", field="drawn_at"))
    if entry.source in (SeatSource.OWN_DRAW, SeatSource.AUTHORISED):
        words = _l("限额标准以上的采购从省级以上专家库抽取，或者经同意自行选定；本局专家库只用于限额以下")
        refusals.append(Refusal(words, rule_id="R-POOL-01", field="source"))
    if entry.source is SeatSource.SELF_SELECTED:
        if not entry.ground.strip():
            words = _l("请写明专业性强、随机抽取难以确定合适专家的理由")
            refusals.append(Refusal(words, rule_id="R-COMM-04", field="ground"))
        if not entry.consenting.strip():
            refusals.append(Refusal(_l("请填写同意的主管预算单位"), rule_id="R-COMM-04", field="consenting"))
    return refusals


@dataclass(frozen=True)
class SessionEntry:
    """Where the committee sits and who watches."""

    place: str
    supervisors: Sequence[str]
    phones_kept: bool
    recording: str


def keep_session(
    uow: UnitOfWork,
    tender: Tender,
    entry: SessionEntry,
    *,
    authorisation: FileStorage | None = None,
    briefing: FileStorage | None = None,
) -> ReviewSession:
    """Keep the session's record, the representative's authorisation and the written briefing (R-COMM-08, R-COMM-09).

    Raises `Forbidden`, or `Refused` for more than two supervisors, a seated representative without an authorisation,
    and a briefing once members have begun to judge: it may not lean on them.
    """
    _ensure_seating(uow, tender)
    row = session_of(uow, tender)
    seats = seats_of(uow, tender)
    most = uow.house.rules.whole("R-COMM-08", "supervisors_max", on=uow.today)
    names = [one.strip()[:60] for one in entry.supervisors if one.strip()]
    refusals = []
    if not entry.place.strip():
        refusals.append(Refusal(_l("请填写评标地点"), rule_id="R-COMM-08", field="place"))
    if len(names) > most:
        words = _l("进入评审现场的监督人员不超过%(most)s人", most=most)
        refusals.append(Refusal(words, rule_id="R-COMM-08", field="supervisors"))
    represented = any(seat.category is SeatCategory.PURCHASER for seat in seats)
    if represented and row is None and not _is_sent(authorisation):
        refusals.append(Refusal(_l("采购人代表须出具授权函"), rule_id="R-COMM-08", field="authorisation"))
    if _is_sent(briefing) and any(seat.state is SeatState.LOCKED for seat in seats):
        words = _l("已有成员锁定评分，不能再提交项目背景材料")
        refusals.append(Refusal(words, rule_id="R-COMM-09", field="briefing"))
    if refusals:
        raise Refused(*refusals)
    if row is None:
        row = uow.add(ReviewSession(tender_id=tender.id, place="", supervisors=[], phones_kept=False))
    row.place, row.supervisors = entry.place.strip()[:120], names
    row.phones_kept, row.recording = entry.phones_kept, entry.recording.strip()[:120]
    row.tender = tender
    uow.session.flush()
    for file, purpose in ((authorisation, "authorisation"), (briefing, "briefing")):
        if _is_sent(file):
            accept_file(uow, file, owner=row, purpose=purpose, kinds=PAPERS, field=purpose)
    uow.record("review_session.keep", row, about=(tender,), after={"supervisors": len(names)})
    return row


def write_duty(uow: UnitOfWork, seat: CommitteeSeat, rating: DutyRating, remark: str, fee: Decimal) -> DutyRecord:
    """Record how an expert did the duty, and the fee, which is nothing for a void or unfinished review.

    Raises `Forbidden`, or `Refused` before the review ended, for the purchaser's representative, for a fee to whoever
    left, was voided or did not sign a sheet (R-COMM-15, R-COMM-16), and a poor rating without its remark.
    """
    tender = seat.tender
    decision = policy.decide(uow.actor, TenderPermission.SEAT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    refusals = []
    if tender.state not in AFTER_REVIEW or seat.category is not SeatCategory.EXPERT:
        refusals.append(Refusal(_l("评审结束后才记录评审专家的履职情况"), rule_id="R-COMM-13"))
    if fee < 0:
        refusals.append(Refusal(_l("评审费不能是负数"), rule_id="R-COMM-15", field="fee"))
    if fee > 0 and (seat.state in GONE or seat.locked_at is None):
        rule = "R-COMM-16" if seat.state is SeatState.VOIDED else "R-COMM-15"
        words = _l("擅离职守、违反纪律或者没有完成评审的，不支付评审费")
        refusals.append(Refusal(words, rule_id=rule, field="fee"))
    if rating in (DutyRating.POOR, DutyRating.BREACH) and not remark.strip():
        refusals.append(Refusal(_l("请写明事实"), rule_id="R-COMM-13", field="remark"))
    if refusals:
        raise Refused(*refusals)
    row = uow.session.scalar(select(DutyRecord).where(DutyRecord.seat_id == seat.id))
    if row is None:
        row = uow.add(DutyRecord(seat_id=seat.id, seat=seat, rating=rating, fee=fee, recorded_at=uow.now))
    row.rating, row.remark, row.fee, row.recorded_at = rating, remark.strip()[:500], fee, uow.now
    if uow.actor.user_id is not None:
        row.recorded_by_id = uow.actor.user_id
    uow.session.flush()
    uow.record("duty_record.write", row, about=(tender,), after={"rating": str(rating), "fee": str(fee)})
    hand_over(uow, tender, [row])
    return row


def _ensure_seating(uow: UnitOfWork, tender: Tender) -> None:
    decision = policy.decide(uow.actor, TenderPermission.SEAT, tender)
    if not decision:
        raise Forbidden(decision.reason)
    uow.lock(tender)
    if tender.state not in SEATING_STATES:
        raise Refused(Refusal(_l("公告发布之后、评标结束之前才能登记"), rule_id="R-COMM-04"))


def _is_sent(file: FileStorage | None) -> bool:
    return file is not None and bool(file.filename)
