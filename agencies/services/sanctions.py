"""Taking over what others imposed, with its source; a second person checks it (R-AGENCY-03, R-AGENCY-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from agencies.models import Agency, OutsideSanction
from agencies.permissions import ConductPermission
from agencies.services.conduct import KINDS
from agencies.states import SanctionKind, SanctionState
from agencies.workflow import SANCTION
from core.documents.accept import MEGABYTE, Upload, accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork

RULE = "R-AGENCY-04"
PROOF = "proof"


@dataclass(frozen=True)
class SanctionEntry:
    """A sanction as taken over: by whom, by what paper, for what, from when until when, and where it is found."""

    kind: SanctionKind
    authority: str
    facts: str
    decided_on: date | None
    source: str
    document_number: str = ""
    ends_on: date | None = None
    is_major: bool = False


def take_over_sanction(
    uow: UnitOfWork, agency: Agency, entry: SanctionEntry, file: Upload | None = None
) -> OutsideSanction:
    """Take over somebody else's sanction. Raises `Forbidden`, or `Refused` at every field that lacks, or twice."""
    decision = policy.decide(uow.actor, ConductPermission.RECORD_SANCTION)
    if not decision:
        raise Forbidden(decision.reason)
    refusals = [
        Refusal(words, rule_id=RULE, field=field)
        for value, words, field in (
            (entry.authority, _l("请写明作出处罚的机关"), "authority"),
            (entry.facts, _l("请写明事由和处罚内容"), "facts"),
            (entry.source, _l("请写明来源，如网址或者来文文号"), "source"),
        )
        if not value.strip()
    ]
    if entry.decided_on is None or entry.decided_on > uow.today:
        refusals.append(Refusal(_l("请填写决定日期，不能晚于今天"), field="decided_on"))
    elif entry.ends_on is not None and entry.ends_on < entry.decided_on:
        refusals.append(Refusal(_l("截止日期不能早于决定日期"), field="ends_on"))
    same = select(OutsideSanction.id).where(
        OutsideSanction.agency_id == agency.id,
        OutsideSanction.kind == entry.kind,
        OutsideSanction.authority == entry.authority.strip(),
        OutsideSanction.decided_on == entry.decided_on,
        OutsideSanction.document_number == entry.document_number.strip(),
        OutsideSanction.state.in_((SanctionState.REPORTED, SanctionState.CONFIRMED)),
    )
    if not refusals and uow.session.scalar(same.limit(1)) is not None:
        refusals.append(Refusal(_l("这项处罚已经登记"), rule_id=RULE, field="document_number"))
    if refusals or entry.decided_on is None:
        raise Refused(*refusals)
    row = uow.add(
        OutsideSanction(
            agency_id=agency.id,
            kind=entry.kind,
            authority=entry.authority.strip(),
            document_number=entry.document_number.strip(),
            facts=entry.facts.strip(),
            decided_on=entry.decided_on,
            ends_on=entry.ends_on,
            is_major=entry.is_major,
            source=entry.source.strip(),
            state=SanctionState.REPORTED,
            recorded_by_id=uow.actor.user_id,
            recorded_at=uow.now,
            checked_by_id=None,
            checked_at=None,
        )
    )
    uow.session.flush()
    uow.session.refresh(row)
    if file is not None and file.filename:
        accept_file(uow, file, owner=row, purpose=PROOF, kinds=KINDS, max_bytes=20 * MEGABYTE, field="file")
    uow.record("outside_sanction.take_over", row, after={"kind": row.kind.value, "authority": row.authority})
    return row


def confirm_sanction(uow: UnitOfWork, row: OutsideSanction, remark: str = "") -> None:
    """Check it against its source, as somebody else than who took it over. Raises `Forbidden`."""
    assign = {"checked_by_id": uow.actor.user_id, "remark": remark.strip()}
    SANCTION.fire(uow, row, "confirm", reason=remark.strip() or None, assign=assign)


def reject_sanction(uow: UnitOfWork, row: OutsideSanction, reason: str) -> None:
    """Find that it does not concern the agency or is no longer so. Raises `Forbidden`, `Refused` without a reason."""
    assign = {"checked_by_id": uow.actor.user_id, "remark": reason.strip()}
    SANCTION.fire(uow, row, "reject", reason=reason, assign=assign)


def withdraw_sanction(uow: UnitOfWork, row: OutsideSanction, reason: str) -> None:
    """Withdraw a checked one that was lifted or mistaken; it stays with its reason. Raises `Forbidden`, `Refused`."""
    SANCTION.fire(uow, row, "withdraw", reason=reason, assign={"remark": reason.strip()})
