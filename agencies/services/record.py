"""Keeping a record before it is in the library: entries are typed, mended and taken out without further ado.

Once the organisation is in the library, every change is reported and checked instead (`agencies.services.changes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agencies.models import LeadEvaluator, RecordItem
from agencies.queries.library import agency_of_organisation
from agencies.queries.record import latest_application, record_of
from agencies.record_entries import changed_keys, entries_from, refusals
from agencies.record_parts import PARTS, name_of
from agencies.services.leads import keep_lead
from agencies.states import AdmissionState, RecordPart
from core.documents.accept import MEGABYTE, Upload, accept_file, documents_of
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.unit_of_work import Subject, UnitOfWork

KINDS = ("pdf", "jpg", "png", "docx")
LARGEST = 20 * MEGABYTE
MOST_FILES = 10

Files = Mapping[str, Sequence[Upload]]
"""New papers by purpose; a field without a file brings an empty one."""


def evidence_field(purpose: str) -> str:
    """Return the name of the form's field for papers of a purpose."""
    return f"evidence_{purpose}"


def checked_entries(
    uow: UnitOfWork, organisation: Organisation, part: RecordPart, typed: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what was typed in the form in which it is kept. Raises `Refused` with everything wrong, at its field."""
    spec = PARTS[part]
    entries = entries_from(spec, typed)
    leads = record_of(uow, organisation).lead_names if part is RecordPart.TEAMS else {}
    if wrong := refusals(spec, entries, uow.today, leads):
        raise Refused(*wrong)
    return entries


def keep_papers(uow: UnitOfWork, owner: Subject, part: RecordPart, files: Files) -> list[Document]:
    """Keep the papers that a form brought; each must be what its name says."""
    kept = []
    for one in PARTS[part].evidence:
        chosen = [file for file in files.get(one.purpose, ()) if file and file.filename]
        field = evidence_field(one.purpose)
        if len(chosen) > MOST_FILES:
            raise Refused(Refusal(_l("一次最多附%(most)s个文件", most=MOST_FILES), field=field))
        kept += [
            accept_file(uow, file, owner=owner, purpose=one.purpose, kinds=KINDS, max_bytes=LARGEST, field=field)
            for file in chosen
        ]
    return kept


def ensure_draft(uow: UnitOfWork, organisation: Organisation) -> None:
    """Raise `Refused` where entries may not be typed over: in the library, or while an application is examined."""
    if agency_of_organisation(uow, organisation.id) is not None:
        words = _l("已入库机构的登记内容有变化的，请申报变化，核对后生效")
        raise Refused(Refusal(words, rule_id="R-AGENCY-03"))
    application = latest_application(uow, organisation)
    if application is not None and application.state is AdmissionState.SUBMITTED:
        raise Refused(Refusal(_l("入库申请正在审核，退回或者撤回后才能修改"), rule_id="R-AGENCY-03"))


def save_item(
    uow: UnitOfWork,
    organisation: Organisation,
    part: RecordPart,
    typed: Mapping[str, Any],
    *,
    item: RecordItem | None = None,
    is_public: bool = False,
    files: Files | None = None,
) -> RecordItem:
    """Add an entry to the record, or type one over. Raises `Refused` with everything wrong, each at its field."""
    ensure_draft(uow, organisation)
    entries = checked_entries(uow, organisation, part, typed)
    if item is None:
        item = add_item(uow, organisation, part, entries, is_public=is_public)
    else:
        uow.lock(item)
        change_item(uow, item, entries, is_public=is_public)
    keep_papers(uow, item, part, files or {})
    return item


def add_item(
    uow: UnitOfWork, organisation: Organisation, part: RecordPart, entries: dict[str, Any], *, is_public: bool
) -> RecordItem:
    """Add a checked entry. Raises `Refused` where the part has only one."""
    spec = PARTS[part]
    if spec.is_single and record_of(uow, organisation).of(part):
        raise Refused(Refusal(_l("“%(part)s”已经登记，请修改原有内容", part=part.label), rule_id=spec.rule_id))
    item = uow.add(
        RecordItem(
            organisation_id=organisation.id,
            organisation=organisation,
            part=part,
            name=name_of(part, entries),
            entries=entries,
            is_public=is_public and spec.may_be_public,
            added_at=uow.now,
            added_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record("agency_record.add", item, about=(organisation,), after={"part": part.value})
    _keep_beside(uow, item)
    return item


def change_item(uow: UnitOfWork, item: RecordItem, entries: dict[str, Any], *, is_public: bool) -> None:
    """Type an entry over; what it was stays in the changes that led to it."""
    spec = PARTS[item.part]
    keys = changed_keys(spec, item.entries, entries)
    item.entries, item.name = entries, name_of(item.part, entries)
    item.is_public = is_public and spec.may_be_public
    item.changed_at, item.changed_by_id = uow.now, uow.actor.user_id
    uow.session.flush()
    uow.record(
        "agency_record.change", item, about=(item.organisation,), after={"part": item.part.value, "fields": keys}
    )
    _keep_beside(uow, item)


def end_item(uow: UnitOfWork, item: RecordItem, on: date, reason: str) -> None:
    """Let an entry no longer stand; it stays to be read."""
    item.ended_on, item.ended_at, item.ended_by_id = on, uow.now, uow.actor.user_id
    item.end_reason = reason.strip() or "—"
    uow.session.flush()
    after = {"part": item.part.value, "on": on.isoformat()}
    uow.record("agency_record.end", item, about=(item.organisation,), after=after)
    _keep_beside(uow, item)


def drop_item(uow: UnitOfWork, item: RecordItem) -> None:
    """Take an entry out of a record that is not in the library."""
    ensure_draft(uow, item.organisation)
    uow.lock(item)
    if item.ended_on is None:
        end_item(uow, item, uow.today, "")


def missing_papers(uow: UnitOfWork, item: RecordItem) -> list[str]:
    """Return the purposes of the papers that an entry must have and has not."""
    have = {one.purpose for one in documents_of(uow, item)}
    return [one.purpose for one in PARTS[item.part].evidence if one.required and one.purpose not in have]


def _keep_beside(uow: UnitOfWork, item: RecordItem) -> LeadEvaluator | None:
    return keep_lead(uow, item) if item.part is RecordPart.LEADS else None
