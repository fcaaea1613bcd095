"""Cases and inspections of procurement supervision; nothing here touches a purchase (R-SEC-01)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from agencies.models import Agency
from core.documents.accept import accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Membership, User
from core.identity.roles import Role
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.inspection_draw import inspection_record, pool_of, promise_of
from procurement.models import CaseNote, Inspection, InspectionFinding, InspectionTarget, SupervisionCase
from procurement.permissions import SupervisionPermission
from procurement.services.challenges import KINDS
from procurement.states import CaseOrigin, CaseOutcome, CaseState, CheckItem, Finding, InspectionState
from procurement.workflow import CASE, INSPECTION

RULE = "R-AGENCY-15"
SHORTEST_WORDS = 6


@dataclass(frozen=True)
class CaseEntry:
    """What a case is about and what it was opened from."""

    title: str
    origin: CaseOrigin
    origin_ref: str = ""
    tender_id: uuid.UUID | None = None
    organisation_id: uuid.UUID | None = None


def open_case(uow: UnitOfWork, entry: CaseEntry, words: str = "") -> SupervisionCase:
    """Open a case about a purchase or an organisation. Raises `Forbidden`, or `Refused` when it is about nothing."""
    _ask(uow, SupervisionPermission.HANDLE_CASE)
    refusals = []
    if not entry.title.strip():
        refusals.append(Refusal(_l("请写明案由"), field="title"))
    if entry.tender_id is None and entry.organisation_id is None:
        refusals.append(Refusal(_l("请选择所涉的采购项目或者单位"), field="tender_id"))
    if refusals:
        raise Refused(*refusals)
    number = _next_number(uow, SupervisionCase, "AJ")
    case = uow.add(
        SupervisionCase(
            number=number,
            title=entry.title.strip(),
            origin=entry.origin,
            origin_ref=entry.origin_ref,
            tender_id=entry.tender_id,
            organisation_id=entry.organisation_id,
            opened_by_id=uow.actor.user_id,
            opened_at=uow.now,
            outcome=None,
            closed_at=None,
        )
    )
    uow.session.flush()
    uow.record("supervision_case.open", case, after={"number": number, "origin": str(entry.origin)})
    if words.strip():
        add_note(uow, case, words)
    return case


def add_note(uow: UnitOfWork, case: SupervisionCase, words: str, files: Sequence[FileStorage] = ()) -> CaseNote:
    """Add a note with files to an open case; it is never changed. Raises `Refused` without words or once closed."""
    _ask(uow, SupervisionPermission.HANDLE_CASE)
    uow.lock(case)
    if case.state is not CaseState.OPEN:
        raise Refused(Refusal(_l("案件已经办结")))
    if not words.strip():
        raise Refused(Refusal(_l("请写明记录内容"), field="words"))
    note = uow.add(CaseNote(case_id=case.id, written_by_id=uow.actor.user_id, written_at=uow.now, words=words.strip()))
    uow.session.flush()
    for file in files:
        if file.filename:
            accept_file(uow, file, owner=case, purpose="file", kinds=KINDS, field="files")
    uow.record("supervision_case.note", case)
    uow.session.expire(case, ["notes"])
    return note


def close_case(uow: UnitOfWork, case: SupervisionCase, outcome: CaseOutcome, conclusion: str) -> None:
    """Close a case with what it ended in. Raises `Forbidden`, or `Refused` without a conclusion."""
    if case.state is CaseState.OPEN and not conclusion.strip():
        raise Refused(Refusal(_l("请写明办理结论"), field="conclusion"))
    values = {"outcome": outcome, "conclusion": conclusion.strip()}
    CASE.fire(uow, case, "close", assign=values, detail={"outcome": str(outcome)})


def prepare_inspection(uow: UnitOfWork, title: str, count: int, inspectors: Sequence[User]) -> Inspection:
    """Fix the pool of a random inspection and promise the secret; an observer then draws as witness (R-AGENCY-15).

    The pool is every agency of the library. Raises `Forbidden`, or `Refused` for too few agencies or no inspector.
    """
    _ask(uow, SupervisionPermission.PREPARE_INSPECTION)
    agencies = uow.session.scalars(select(Agency)).all()
    refusals = []
    if not title.strip():
        refusals.append(Refusal(_l("请写明检查名称"), rule_id=RULE, field="title"))
    if not 1 <= count <= len(agencies):
        words = _l("抽取数量须在 1 至 %(most)s 之间", most=len(agencies))
        refusals.append(Refusal(words, rule_id=RULE, field="count"))
    if not inspectors:
        refusals.append(Refusal(_l("请至少选择一名检查人员"), rule_id=RULE, field="inspectors"))
    if refusals:
        raise Refused(*refusals)
    number = _next_number(uow, Inspection, "JC")
    pool = pool_of(
        number,
        [{"id": str(one.organisation_id), "name": one.organisation.name} for one in agencies],
        [{"id": str(one.id), "name": one.name} for one in inspectors],
        count,
    )
    secret = secrets.token_hex(32)
    inspection = uow.add(
        Inspection(
            number=number,
            title=title.strip(),
            prepared_by_id=uow.actor.user_id,
            prepared_at=uow.now,
            pool=pool,
            promise=promise_of(pool, secret),
            secret=secret,
            witness_id=None,
            drawn_at=None,
            record=None,
            closed_at=None,
        )
    )
    uow.session.flush()
    uow.record("inspection.prepare", inspection, after={"number": number, "promise": inspection.promise})
    return inspection


def draw_inspection(uow: UnitOfWork, inspection: Inspection, words: str) -> None:
    """Draw with the witness's own words; pool and promise were fixed before, the secret is revealed in the record.

    Raises `Forbidden` for anybody but an observer, `Refused` for too few words.
    """
    words = words.strip()
    if inspection.state is InspectionState.PREPARED and len(words) < SHORTEST_WORDS:
        refusal = _l("请自行写下至少 %(least)s 个字，作为抽取的随机来源", least=SHORTEST_WORDS)
        raise Refused(Refusal(refusal, rule_id=RULE, field="words"))
    record = inspection_record(inspection.pool, inspection.secret, {"by": str(uow.actor.user_id), "words": words})
    values = {"record": record, "witness_id": uow.actor.user_id}
    INSPECTION.fire(uow, inspection, "draw", assign=values, detail={"record": record["digests"]["record"]})
    for place, one in enumerate(record["drawn"], start=1):
        uow.add(
            InspectionTarget(
                inspection_id=inspection.id,
                position=place,
                organisation_id=uuid.UUID(one["agency"]),
                inspector_id=uuid.UUID(one["inspector"]),
                rectify_by=None,
                rectified_at=None,
            )
        )
    uow.session.flush()
    uow.session.expire(inspection, ["targets"])


def record_findings(
    uow: UnitOfWork,
    target: InspectionTarget,
    found: Mapping[CheckItem, tuple[Finding, str]],
    rectify_by: date | None = None,
) -> None:
    """Record what was found on the seven matters; problems need words and a day by which they are put right.

    Raises `Forbidden`, or `Refused` when a matter is left out or a problem has no words or no day.
    """
    _ask(uow, SupervisionPermission.INSPECT)
    uow.lock(target.inspection)
    if target.inspection.state is not InspectionState.DRAWN:
        raise Refused(Refusal(_l("检查已经办结，或者尚未抽取"), rule_id=RULE))
    refusals = []
    for item in CheckItem:
        judged = found.get(item)
        if judged is None:
            words = _l("“%(item)s”还没有结论", item=item.label)
            refusals.append(Refusal(words, rule_id=RULE, field=f"finding-{item.value}"))
        elif judged[0] is not Finding.GOOD and not judged[1].strip():
            words = _l("“%(item)s”有问题的，须写明情况", item=item.label)
            refusals.append(Refusal(words, rule_id=RULE, field=f"words-{item.value}"))
    has_problem = any(finding is not Finding.GOOD for finding, _words in found.values())
    if has_problem and (rectify_by is None or rectify_by <= uow.today):
        refusals.append(Refusal(_l("请写明整改期限，须晚于今天"), rule_id=RULE, field="rectify_by"))
    if refusals:
        raise Refused(*refusals)
    known = {one.item: one for one in target.findings}
    for item, (finding, words_) in found.items():
        kept = words_.strip()
        row = known.get(item)
        if row is None:
            uow.add(InspectionFinding(target_id=target.id, item=item, finding=finding, words=kept))
        else:
            row.finding, row.words = finding, kept
    target.rectify_by = rectify_by if has_problem else None
    uow.session.flush()
    uow.session.expire(target, ["findings"])
    uow.record("inspection.find", target.inspection, detail={"target": target.position})


def record_rectification(uow: UnitOfWork, target: InspectionTarget, words: str) -> None:
    """Record that what was found was put right. Raises `Forbidden`, or `Refused` without words."""
    _ask(uow, SupervisionPermission.INSPECT)
    uow.lock(target.inspection)
    if target.inspection.state is not InspectionState.DRAWN:
        raise Refused(Refusal(_l("检查已经办结，或者尚未抽取"), rule_id=RULE))
    if not words.strip():
        raise Refused(Refusal(_l("请写明整改情况"), rule_id=RULE, field="rectification"))
    target.rectification, target.rectified_at = words.strip(), uow.now
    uow.record("inspection.rectify", target.inspection, detail={"target": target.position})


def inspectors_of(uow: UnitOfWork) -> list[User]:
    """Return who may inspect: procurement supervision's people, by name."""
    return list(
        uow.session.scalars(
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.role == Role.PROCUREMENT_SUPERVISOR, Membership.ended_at.is_(None), User.is_active)
            .order_by(User.name)
        ).unique()
    )


def _next_number(uow: UnitOfWork, noun: type[SupervisionCase | Inspection], mark: str) -> str:
    uow.session.execute(select(func.pg_advisory_xact_lock(0x48505356)))
    start = f"{mark}-{uow.today.year}-"
    count = uow.session.scalar(select(func.count(noun.id)).where(noun.number.startswith(start)))
    return f"{start}{(count or 0) + 1:03d}"


def _ask(uow: UnitOfWork, permission: SupervisionPermission) -> None:
    decision = policy.decide(uow.actor, permission)
    if not decision:
        raise Forbidden(decision.reason)
