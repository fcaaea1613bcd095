"""Changes of a record in the library: noted, reported within 30 working days, checked, taken over (R-AGENCY-03).

Until the bureau has checked a change the old entry stands, also for the public, with a mark that a change is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale

from agencies.models import RecordChange, RecordItem
from agencies.queries.library import agency_of_organisation
from agencies.queries.record import open_changes, papers_of, record_of
from agencies.record_entries import changed_keys
from agencies.record_notices import CHANGE_DECIDED, CHANGE_DEMANDED, CHANGE_REPORTED, change_page, own_page
from agencies.record_parts import PARTS, name_of
from agencies.services.basics import code_refusals, take_over_basics
from agencies.services.record import (
    Files,
    add_item,
    change_item,
    checked_entries,
    end_item,
    evidence_field,
    keep_papers,
)
from agencies.states import ChangeDeed, RecordChangeState, RecordPart
from agencies.updating import RULE, days_late
from agencies.workflow import RECORD_CHANGE
from core.deadlines import DerivedDeadline, derive
from core.documents.accept import adopt_stored
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar


@dataclass(frozen=True)
class Report:
    """What an agency reports: what is done to which part and entry, when it happened, and what it shall be."""

    part: RecordPart
    deed: ChangeDeed
    happened_on: date
    typed: Mapping[str, Any]
    item: RecordItem | None = None
    is_public: bool = False
    note: str = ""
    files: Files | None = None


def update_deadline(uow: UnitOfWork, happened_on: date) -> DerivedDeadline:
    """Return by when what happened on a day must be in the record (R-AGENCY-03)."""
    return derive(RULE, happened_on, work_calendar(uow), uow.house.rules, name="days", overrides=overrides(uow))


def note_change(
    uow: UnitOfWork,
    organisation: Organisation,
    *,
    part: RecordPart,
    title: str,
    happened_on: date,
    deed: ChangeDeed = ChangeDeed.CHANGE,
    item: RecordItem | None = None,
    is_demanded: bool = False,
) -> RecordChange:
    """Note that something changed; from then on the report is a task with its last day.

    The agency does so to be reminded; the bureau (`is_demanded`) where it learned of a change that was not reported.
    """
    refusals = []
    if agency_of_organisation(uow, organisation.id) is None:
        words = _l("机构尚未入库，直接修改登记内容即可")
        refusals.append(Refusal(words, rule_id=RULE))
    if not title.strip():
        refusals.append(Refusal(_l("请写明发生了什么变化"), rule_id=RULE, field="title"))
    if happened_on > uow.today:
        refusals.append(Refusal(_l("变化日期不能晚于今天"), rule_id=RULE, field="happened_on"))
    if refusals:
        raise Refused(*refusals)
    change = _new(uow, organisation, part, deed, happened_on, title=title.strip(), item=item)
    change.is_demanded = is_demanded
    uow.session.flush()
    uow.record("agency_record_change.note", change, after={"part": part.value, "due": change.due_on.isoformat()})
    if is_demanded:
        words = {"title": change.title, "until": change.due_on.isoformat()}
        managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=organisation.id)
        notify(uow, CHANGE_DEMANDED, managers, url=own_page(), params=words)
    return change


def _new(
    uow: UnitOfWork,
    organisation: Organisation,
    part: RecordPart,
    deed: ChangeDeed,
    happened_on: date,
    *,
    title: str,
    item: RecordItem | None,
) -> RecordChange:
    limit = update_deadline(uow, happened_on)
    return uow.add(
        RecordChange(
            organisation_id=organisation.id,
            organisation=organisation,
            part=part,
            deed=deed,
            item_id=item.id if item else None,
            item=item,
            state=RecordChangeState.NOTED,
            title=title,
            happened_on=happened_on,
            due_on=limit.last_day,
            rule_id=limit.rule_id,
            noted_at=uow.now,
            noted_by_id=uow.actor.user_id,
        )
    )


def report_change(
    uow: UnitOfWork, organisation: Organisation, report: Report, *, noted: RecordChange | None = None
) -> RecordChange:
    """Report a change, a noted one or a new one, or report again what was asked about.

    The first report counts for its lateness. Raises `Refused` with everything wrong, each at its field.
    """
    spec, item = PARTS[report.part], report.item
    if item is not None:
        uow.lock(item)  # of two reports about one entry at once, the second finds the first
    refusals = _stands_against(uow, organisation, report, noted)
    entries = None
    if report.deed is not ChangeDeed.END:
        try:
            entries = checked_entries(uow, organisation, report.part, report.typed)
        except Refused as refused:
            refusals += refused.refusals
    if entries and item is not None and not _differs(report, entries):
        refusals.append(Refusal(_l("没有与登记不同的内容，也没有新的材料"), rule_id=RULE))
    if entries and report.part is RecordPart.BASICS:
        refusals += code_refusals(uow, organisation, entries)
    if report.deed is ChangeDeed.ADD:
        refusals += _papers_missing(uow, report, noted)
    if refusals:
        raise Refused(*refusals)
    title = _title(report, entries)
    change = noted or _new(uow, organisation, report.part, report.deed, report.happened_on, title=title, item=item)
    if change.reported_at is None:
        limit = update_deadline(uow, report.happened_on)
        late = days_late(limit.last_day, uow.today, work_calendar(uow))
        change.happened_on, change.due_on, change.days_late = report.happened_on, limit.last_day, late
        change.reported_at = uow.now
    change.part, change.deed, change.item, change.entries = report.part, report.deed, item, entries
    change.is_public, change.note = report.is_public and spec.may_be_public, report.note.strip()
    uow.session.flush()
    keep_papers(uow, change, report.part, report.files or {})
    assign = {"reported_by_id": uow.actor.user_id}
    RECORD_CHANGE.fire(uow, change, "report", detail={"days_late": change.days_late}, assign=assign)
    words = {"name": organisation.name, "title": change.title}
    officers = user_ids_with(uow, Role.QUALITY_OFFICER)
    notify(uow, CHANGE_REPORTED, officers, url=change_page(change.id), params=words, by_mail=False)
    return change


def _papers_missing(uow: UnitOfWork, report: Report, noted: RecordChange | None) -> list[Refusal]:
    """A new entry comes with the papers that prove it; those of an earlier report count."""
    known = papers_of(uow, RecordChange.__tablename__, [noted.id])[noted.id] if noted else []
    have = {one.purpose for one in known}
    have |= {purpose for purpose, files in (report.files or {}).items() if any(one and one.filename for one in files)}
    return [
        Refusal(_l("请附上%(paper)s", paper=one.label), rule_id=RULE, field=evidence_field(one.purpose))
        for one in PARTS[report.part].evidence
        if one.required and one.purpose not in have
    ]


def _title(report: Report, entries: Mapping[str, Any] | None) -> str:
    """Return what changed in a few words: the entry and, where it is changed, its first changed fields."""
    spec, item = PARTS[report.part], report.item
    name = name_of(report.part, entries) if entries else item.name if item else ""
    with force_locale("zh"):  # what is kept is kept in one language
        head = str(spec.part.label) if spec.is_single else f"{spec.part.label}“{name}”"
        keys = changed_keys(spec, item.entries, entries) if item is not None and entries else []
        labels = [str(spec.entry(key).label) for key in keys[:3]]
    return head + ("：" + "、".join(labels) + ("等" if len(keys) > len(labels) else "") if labels else "")


def _stands_against(
    uow: UnitOfWork, organisation: Organisation, report: Report, noted: RecordChange | None
) -> list[Refusal]:
    found = []
    if agency_of_organisation(uow, organisation.id) is None:
        found.append(Refusal(_l("机构尚未入库，直接修改登记内容即可"), rule_id=RULE))
    if report.happened_on > uow.today:
        found.append(Refusal(_l("变化日期不能晚于今天"), rule_id=RULE, field="happened_on"))
    if report.deed is not ChangeDeed.ADD and report.item is None:
        found.append(Refusal(_l("请选择是哪一条登记的变化"), rule_id=RULE))
    is_second = PARTS[report.part].is_single and bool(record_of(uow, organisation).of(report.part))
    if report.deed is ChangeDeed.ADD and is_second:
        found.append(Refusal(_l("“%(part)s”已经登记，请申报变更", part=report.part.label), rule_id=RULE))
    if report.deed is ChangeDeed.END and report.part is RecordPart.BASICS:
        found.append(Refusal(_l("基本情况只能变更；机构退出机构库另行办理"), rule_id=RULE))
    if report.item is not None and report.item.ended_on is not None:
        found.append(Refusal(_l("这条登记已不再有效"), rule_id=RULE))
    waiting = [
        one
        for one in open_changes(uow, organisation)
        if one is not noted
        and report.item is not None
        and one.item_id == report.item.id
        and one.state is not RecordChangeState.NOTED
    ]
    if waiting:
        found.append(Refusal(_l("这条登记上次申报的变化还没有核对完"), rule_id=RULE))
    return found


def _differs(report: Report, entries: Mapping[str, Any]) -> bool:
    item, spec = report.item, PARTS[report.part]
    if item is None or changed_keys(spec, item.entries, entries):
        return True
    has_files = any(file and file.filename for files in (report.files or {}).values() for file in files)
    return has_files or (spec.may_be_public and report.is_public is not item.is_public)


def verify_change(uow: UnitOfWork, change: RecordChange, remark: str = "") -> None:
    """Take a checked change over into the record, with its papers; the agency is told."""
    if change.part is RecordPart.BASICS and change.entries:
        taken = code_refusals(uow, change.organisation, change.entries)
        if taken:
            raise Refused(*taken)
    assign = {"remark": remark.strip() or change.remark, "decided_by_id": uow.actor.user_id}
    RECORD_CHANGE.fire(uow, change, "verify", reason=remark.strip() or None, assign=assign)
    item = _take_over(uow, change)
    item.verified_at, item.verified_by_id = uow.now, uow.actor.user_id
    change.item = item
    for paper in papers_of(uow, RecordChange.__tablename__, [change.id])[change.id]:
        adopt_stored(
            uow,
            sha256=paper.sha256,
            size=paper.size,
            owner=item,
            purpose=paper.purpose,
            name=paper.name,
            media_type=paper.media_type,
        )
    uow.session.flush()
    _tell(uow, change)


def _take_over(uow: UnitOfWork, change: RecordChange) -> RecordItem:
    item, entries = change.item, dict(change.entries or {})
    if item is None:
        item = add_item(uow, change.organisation, change.part, entries, is_public=bool(change.is_public))
    else:
        uow.lock(item)
        change.replaced = dict(item.entries)
        if change.deed is ChangeDeed.END:
            end_item(uow, item, change.happened_on, change.note)
            return item
        change_item(uow, item, entries, is_public=bool(change.is_public))
    agency = agency_of_organisation(uow, change.organisation_id)
    if item.part is RecordPart.BASICS and agency is not None:
        take_over_basics(uow, agency, item)
    return item


def question_change(uow: UnitOfWork, change: RecordChange, remark: str) -> None:
    """Ask the agency about a reported change; the old entry goes on to stand."""
    RECORD_CHANGE.fire(uow, change, "question", reason=remark, assign={"remark": remark.strip()})
    _tell(uow, change)


def withdraw_change(uow: UnitOfWork, change: RecordChange, reason: str) -> None:
    """Give up a change that did not happen or was noted by mistake, with the reason."""
    RECORD_CHANGE.fire(uow, change, "withdraw", reason=reason, assign={"remark": reason.strip()})


def _tell(uow: UnitOfWork, change: RecordChange) -> None:
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=change.organisation_id)
    words = {"title": change.title, "outcome": str(change.state.label)}
    notify(uow, CHANGE_DECIDED, managers, url=own_page(), params=words, by_mail=False)
