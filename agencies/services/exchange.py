"""Taking a table of agencies into the library: looked at first, then all of it or nothing (R-AGENCY-03)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import selectinload

from agencies.library_sheet import AgencyEntry
from agencies.models import Agency, LeadEvaluator, RecordItem
from agencies.states import RecordPart
from core.database import Base
from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.identity.roles import OrganisationKind
from core.unit_of_work import UnitOfWork

B = TypeVar("B", bound=Base)
CHUNK = 1000
OF_ORGANISATION = ("name", "address", "telephone")
OF_AGENCY = ("kind", "legal_representative", "founded_on", "staff")


@dataclass(frozen=True)
class Planned:
    """What a row would do: make a new agency, or change these fields of a known one (none: it says what is known)."""

    entry: AgencyEntry
    organisation: Organisation | None
    agency: Agency | None
    changes: Mapping[str, tuple[object, object]]

    @property
    def is_new(self) -> bool:
        """Whether the agency comes into the library."""
        return self.agency is None


class RowsRefused(Refused):
    """Rows of an import that break rules: the refusals by row, counted from 0."""

    def __init__(self, rows: Mapping[int, Sequence[Refusal]]) -> None:
        self.rows = rows
        super().__init__(*(one for refusals in rows.values() for one in refusals))


def plan_import(uow: UnitOfWork, entries: Sequence[AgencyEntry]) -> list[Planned]:
    """Return what each row would do, without doing it. Raises `RowsRefused` for the rows that break a rule."""
    organisations = _known(uow, [one.uscc for one in entries])
    agencies = _agencies(uow, [one.id for one in organisations.values()])
    same_names = _names(uow, [one.name for one in entries])
    refused: dict[int, list[Refusal]] = {}
    seen: dict[str, int] = {}
    planned = []
    for place, entry in enumerate(entries):
        organisation = organisations.get(entry.uscc)
        wrong = list(_wrong(uow, entry, organisation, same_names))
        if entry.uscc in seen:
            words = _l("与第 %(row)s 行的信用代码相同", row=seen[entry.uscc] + 2)
            wrong.append(Refusal(words, rule_id="R-AGENCY-03", field="uscc"))
        seen.setdefault(entry.uscc, place)
        if wrong:
            refused[place] = wrong
        agency = agencies.get(organisation.id) if organisation else None
        planned.append(Planned(entry, organisation, agency, _changes(entry, agency) if agency else {}))
    if refused:
        raise RowsRefused(refused)
    return planned


def digest_of(planned: Sequence[Planned]) -> str:
    """Return a mark of what was previewed, so that nothing else is written."""
    said = [
        (one.entry.uscc, one.is_new, sorted((key, str(pair)) for key, pair in one.changes.items())) for one in planned
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def import_library(uow: UnitOfWork, entries: Sequence[AgencyEntry], previewed: str) -> tuple[int, int]:
    """Write what was previewed, all of it or nothing; return how many came new and how many were changed.

    Raises `RowsRefused` for rows that break a rule, `Refused` when the library has changed since the preview.
    """
    planned = plan_import(uow, entries)
    if digest_of(planned) != previewed:
        raise Refused(Refusal(_l("预览之后机构库有变化，请再看一次预览"), field="file"))
    new = [one for one in planned if one.is_new]
    changed = [one for one in planned if not one.is_new and one.changes]
    _admit(uow, new)
    _change(uow, changed)
    uow.record("library.import", None, detail={"rows": len(planned), "new": len(new), "changed": len(changed)})
    return len(new), len(changed)


def _wrong(
    uow: UnitOfWork, entry: AgencyEntry, organisation: Organisation | None, same_names: Mapping[str, set[str]]
) -> Iterator[Refusal]:
    if organisation is not None and organisation.kind is not OrganisationKind.AGENCY:
        words = _l("这个信用代码属于%(kind)s“%(name)s”", kind=organisation.kind.label, name=organisation.name)
        yield Refusal(words, rule_id="R-AGENCY-03", field="uscc")
    if same_names.get(entry.name, set()) - {entry.uscc}:
        yield Refusal(_l("另一家单位已用这个名称登记，信用代码不同"), rule_id="R-AGENCY-03", field="name")
    if not entry.fields:
        yield Refusal(_l("请填写擅长领域"), rule_id="R-AGENCY-03", field="fields")
    for key, day in (("founded_on", entry.founded_on), ("admitted_on", entry.admitted_on)):
        if day is not None and day > uow.today:
            yield Refusal(_l("日期不能晚于今天"), rule_id="R-AGENCY-03", field=key)


def _known(uow: UnitOfWork, codes: Sequence[str]) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}
    for start in range(0, len(codes), CHUNK):
        rows = select(Organisation).where(Organisation.uscc.in_(codes[start : start + CHUNK]))
        found |= {str(one.uscc): one for one in uow.session.scalars(rows)}
    return found


def _names(uow: UnitOfWork, names: Sequence[str]) -> dict[str, set[str]]:
    """Return the credit codes under which these names are registered; an organisation without one may get it."""
    found: dict[str, set[str]] = {}
    for start in range(0, len(names), CHUNK):
        rows = select(Organisation.name, Organisation.uscc).where(Organisation.name.in_(names[start : start + CHUNK]))
        for name, code in uow.session.execute(rows):
            if code:
                found.setdefault(name, set()).add(code)
    return found


def _agencies(uow: UnitOfWork, organisations: Sequence[Any]) -> dict[Any, Agency]:
    found: dict[Any, Agency] = {}
    for start in range(0, len(organisations), CHUNK):
        rows = select(Agency).where(Agency.organisation_id.in_(organisations[start : start + CHUNK]))
        found |= {one.organisation_id: one for one in uow.session.scalars(rows.options(selectinload(Agency.leads)))}
    return found


def _changes(entry: AgencyEntry, agency: Agency) -> dict[str, tuple[object, object]]:
    """Return what a row changes of a known agency, old and new; empty cells change nothing."""
    found: dict[str, tuple[object, object]] = {}
    for owner, keys in ((agency.organisation, OF_ORGANISATION), (agency, OF_AGENCY)):
        for key in keys:
            told, known = getattr(entry, key), getattr(owner, key)
            if told is not None and told != known:
                found[key] = (known, told)
    if set(entry.fields) != set(agency.sectors):
        found["fields"] = (agency.sectors, list(entry.fields))
    known_leads = {one.name for one in agency.leads}
    added = [name for name, _qualification in entry.leads if name not in known_leads]
    if added:
        found["leads"] = (sorted(known_leads), added)
    return found


def _admit(uow: UnitOfWork, planned: Sequence[Planned]) -> None:
    """Take the new agencies in by statements of many rows: what follows from a row is written once a statement."""
    organisations = {one.entry.uscc: one.organisation for one in planned if one.organisation is not None}
    missing = [one.entry for one in planned if one.organisation is None]
    rows = [
        {
            "id": uow.ids.new(),
            "name": one.name,
            "kind": OrganisationKind.AGENCY,
            "uscc": one.uscc,
            "address": one.address or "",
            "telephone": one.telephone or "",
        }
        for one in missing
    ]
    ids: dict[str, Any] = {one.uscc: row["id"] for one, row in zip(missing, rows, strict=True)}
    _insert(uow, Organisation, rows)
    for one in planned:
        if one.organisation is not None:
            ids[one.entry.uscc] = one.organisation.id
            for key in OF_ORGANISATION:
                if getattr(one.entry, key) is not None:
                    setattr(organisations[one.entry.uscc], key, getattr(one.entry, key))
    uow.session.flush()
    entered = _insert(
        uow,
        Agency,
        [
            {
                "id": uow.ids.new(),
                "organisation_id": ids[one.entry.uscc],
                "kind": one.entry.kind,
                "legal_representative": one.entry.legal_representative,
                "founded_on": one.entry.founded_on,
                "staff": one.entry.staff or 0,
                "fields": [field.value for field in one.entry.fields],
                "admitted_on": one.entry.admitted_on or uow.today,
            }
            for one in planned
        ],
    )
    leads = [lead for one in planned for lead in _new_leads(uow, ids[one.entry.uscc], one.entry, ())]
    _insert(uow, LeadEvaluator, leads)
    for agency in entered:
        uow.record("agency.admit", agency, after={"source": "import"})


def _insert(uow: UnitOfWork, model: type[B], rows: Sequence[dict[str, Any]]) -> Sequence[B]:
    """Add rows by statements of many, and return them."""
    return uow.session.scalars(insert(model).returning(model), rows).all() if rows else []


def _change(uow: UnitOfWork, planned: Sequence[Planned]) -> None:
    basics = _basics(uow, planned)
    leads: list[dict[str, Any]] = []
    for one in planned:
        agency = one.agency
        if agency is None:
            continue
        organisation = agency.organisation
        for key, (_known_value, told) in one.changes.items():
            if key in OF_ORGANISATION:
                setattr(organisation, key, told)
            elif key in OF_AGENCY:
                setattr(agency, key, told)
        if "fields" in one.changes:
            agency.fields = [field.value for field in one.entry.fields]
        if "leads" in one.changes:
            leads += _new_leads(uow, agency.organisation_id, one.entry, {lead.name for lead in agency.leads})
        if item := basics.get(organisation.id):
            item.entries = {**item.entries, **_as_entries(one)}
            item.name = organisation.name
            item.changed_at, item.changed_by_id = uow.now, uow.actor.user_id
        uow.record("agency.import", agency, after={"fields": sorted(one.changes)})
    uow.session.flush()
    _insert(uow, LeadEvaluator, leads)


def _basics(uow: UnitOfWork, planned: Sequence[Planned]) -> dict[Any, RecordItem]:
    """Return the entries in the agencies' own records that repeat what a table changes, so that both stay the same."""
    ids = [one.organisation.id for one in planned if one.organisation is not None]
    found: dict[Any, RecordItem] = {}
    for start in range(0, len(ids), CHUNK):
        rows = select(RecordItem).where(
            RecordItem.organisation_id.in_(ids[start : start + CHUNK]),
            RecordItem.part == RecordPart.BASICS,
            RecordItem.ended_on.is_(None),
        )
        found |= {one.organisation_id: one for one in uow.session.scalars(rows)}
    return found


def _as_entries(one: Planned) -> dict[str, Any]:
    """Return the changes as a record keeps them."""
    kept: dict[str, Any] = {}
    for key, (_known_value, told) in one.changes.items():
        if key == "fields":
            kept[key] = [field.value for field in one.entry.fields]
        elif key == "kind":
            kept[key] = one.entry.kind.value
        elif key == "founded_on":
            kept[key] = one.entry.founded_on.isoformat() if one.entry.founded_on else None
        elif key != "leads":
            kept[key] = told
    return kept


def _new_leads(
    uow: UnitOfWork, organisation_id: uuid.UUID, entry: AgencyEntry, known: Collection[str]
) -> list[dict[str, Any]]:
    """Return the rows of lead evaluators that are not yet known; of them nothing but the line is."""
    return [
        {"id": uow.ids.new(), "organisation_id": organisation_id, "name": name, "qualification": qualification}
        for name, qualification in entry.leads
        if name not in known
    ]
