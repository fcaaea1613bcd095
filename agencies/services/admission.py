"""An agency enters the library: it fills its record and applies, the bureau checks part by part (R-AGENCY-03)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agencies.checklist import Held, Holding, Line, Numbers, broken, checklist, doubtful
from agencies.models import AdmissionPoint, Agency, AgencyApplication
from agencies.permissions import AdmissionPermission, RecordPermission
from agencies.queries.library import agency_of_organisation
from agencies.queries.record import OPEN_APPLICATIONS, Record, latest_application, record_of
from agencies.record_notices import APPLICATION_DECIDED, APPLICATION_SUBMITTED, application_page, own_page
from agencies.services.basics import code_refusals, enter_library
from agencies.services.leads import leads_of
from agencies.services.numbers import next_paper_number
from agencies.states import AdmissionState, PointVerdict, RecordPart
from agencies.workflow import ADMISSION
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import Organisation
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.permissions import policy
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Said:
    """What the officer says of one part."""

    verdict: PointVerdict | None
    remark: str = ""


def start_application(uow: UnitOfWork, organisation: Organisation) -> AgencyApplication:
    """Begin an application of an organisation that is not in the library; an open one is gone on with."""
    decision = policy.decide(uow.actor, RecordPermission.KEEP)
    if not decision:
        raise Forbidden(decision.reason)
    if agency_of_organisation(uow, organisation.id) is not None:
        raise Refused(Refusal(_l("本机构已在机构库中"), rule_id="R-AGENCY-03"))
    uow.lock(organisation)
    known = latest_application(uow, organisation)
    if known is not None and known.state in OPEN_APPLICATIONS:
        return known
    application = uow.add(
        AgencyApplication(
            number=next_paper_number(uow, AgencyApplication.number, "机构入库"),
            organisation_id=organisation.id,
            organisation=organisation,
            state=AdmissionState.FILLING,
            declarations=[],
            started_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("agency_application.start", application)
    return application


def numbers_of(uow: UnitOfWork) -> Numbers:
    """Return the rules' numbers in force today; one query."""
    book, local = uow.house.rules, overrides(uow)
    return Numbers(
        look_back_years=book.whole("R-AGENCY-04", "look_back_years", on=uow.today, overrides=local),
        leads_min=book.whole("R-AGENCY-07", "leads_min", on=uow.today, overrides=local),
    )


def lines_for(
    uow: UnitOfWork, organisation: Organisation, declared: Iterable[str], record: Record | None = None
) -> list[Line]:
    """Return the checklist of an organisation's record as it stands today."""
    held = record or record_of(uow, organisation)
    parts = {
        part: [Held(one.name, one.entries, held.purposes(one)) for one in items] for part, items in held.items.items()
    }
    leads = {one.name: verdict for one, verdict in leads_of(uow, organisation.id)}
    return checklist(
        Holding(parts, leads, frozenset(declared), bad_entries(uow, organisation)), numbers_of(uow), uow.today
    )


def bad_entries(uow: UnitOfWork, organisation: Organisation) -> int:
    """Return how many entries of the bureau's own archive still cost points."""
    agency = agency_of_organisation(uow, organisation.id)
    return sum(one.points > 0 and one.expires_on >= uow.today for one in agency.credit) if agency else 0


def submit_application(
    uow: UnitOfWork, application: AgencyApplication, declared: Iterable[str], note: str = ""
) -> None:
    """Submit, or submit again. Raises `Refused` with everything that keeps the record out, each with its rule."""
    uow.lock(application)
    application.declarations, application.note = sorted(set(declared)), note.strip()
    lines = lines_for(uow, application.organisation, application.declarations)
    against = [
        Refusal(
            _l("%(title)s：%(reason)s", title=one.title, reason=one.reason),
            rule_id=one.rule_id,
            field="declared" if one.part is None else None,
        )
        for one in broken(lines)
    ]
    record = record_of(uow, application.organisation)
    if record.basics is not None:
        against += code_refusals(uow, application.organisation, record.basics.entries)
    if against:
        raise Refused(*against)
    ADMISSION.fire(uow, application, "submit", assign={"submitted_by_id": uow.actor.user_id})
    for point in application.points:
        if point.verdict is PointVerdict.OBJECTED:
            point.verdict = None
    words = {"name": application.organisation.name, "number": application.number}
    officers = user_ids_with(uow, Role.QUALITY_OFFICER)
    notify(uow, APPLICATION_SUBMITTED, officers, url=application_page(application.id), params=words, by_mail=False)


def parts_to_check(record: Record) -> list[RecordPart]:
    """Return the parts on which the bureau has to say a word: those that hold something, and those all must have."""
    needed = (RecordPart.BASICS, RecordPart.LEADS, RecordPart.SYSTEMS)
    return [one for one in RecordPart if one in needed or record.of(one)]


def check_points(uow: UnitOfWork, application: AgencyApplication, said: Mapping[RecordPart, Said]) -> None:
    """Keep what the officer says of the parts so far. Raises `Refused` for an objection without words."""
    uow.lock(application)
    _check_may_decide(uow, application)
    refusals = [
        Refusal(
            _l("“%(part)s”需要补正的，请写明原因", part=part.label), rule_id="R-AGENCY-03", field=f"remark_{part.value}"
        )
        for part, one in said.items()
        if one.verdict is PointVerdict.OBJECTED and not one.remark.strip()
    ]
    if refusals:
        raise Refused(*refusals)
    known = {one.part: one for one in application.points}
    changed = []
    for part, one in said.items():
        point = known.get(part)
        remark = one.remark.strip()
        if point is None:
            point = uow.add(
                AdmissionPoint(application_id=application.id, part=part, remark="", checked_at=uow.now, verdict=None)
            )
        if (point.verdict, point.remark) != (one.verdict, remark):
            point.verdict, point.remark = one.verdict, remark
            point.checked_at, point.checked_by_id = uow.now, uow.actor.user_id
            changed.append(part.value)
    uow.session.flush()
    uow.session.expire(application, ["points"])
    if changed:
        uow.record("agency_application.check", application, after={"parts": changed})


def send_back(
    uow: UnitOfWork, application: AgencyApplication, said: Mapping[RecordPart, Said], remark: str = ""
) -> None:
    """Send the application back with a reason for each part that is objected to; the agency mends and submits again."""
    check_points(uow, application, said)
    objected = [one for one in application.points if one.verdict is PointVerdict.OBJECTED]
    if not objected and not remark.strip():
        raise Refused(Refusal(_l("请至少指出一处需要补正的内容"), rule_id="R-AGENCY-03", field="remark"))
    reason = remark.strip() or "；".join(f"{one.part.label}：{one.remark}" for one in objected)
    ADMISSION.fire(uow, application, "return", reason=reason, assign={"remark": remark.strip()})
    _tell(uow, application)


def admit(uow: UnitOfWork, application: AgencyApplication, said: Mapping[RecordPart, Said], remark: str = "") -> Agency:
    """Admit the agency: every part confirmed, nothing broken, and a reason where something is doubtful.

    From then on the record is in force and open to the public where the agency said so; changes are reported.
    """
    check_points(uow, application, said)
    organisation = application.organisation
    record = record_of(uow, organisation)
    confirmed = {one.part for one in application.points if one.verdict is PointVerdict.CONFIRMED}
    refusals = [
        Refusal(_l("“%(part)s”还没有核实", part=part.label), rule_id="R-AGENCY-03", field=f"verdict_{part.value}")
        for part in parts_to_check(record)
        if part not in confirmed
    ]
    lines = lines_for(uow, organisation, application.declarations, record)
    refusals += [Refusal(one.reason, rule_id=one.rule_id) for one in broken(lines)]
    if doubtful(lines) and not remark.strip():
        words = _l("有需要说明的情况，请写明同意入库的理由")
        refusals.append(Refusal(words, rule_id=doubtful(lines)[0].rule_id, field="remark"))
    if record.basics is not None:
        refusals += code_refusals(uow, organisation, record.basics.entries)
    if refusals or record.basics is None:
        raise Refused(*refusals)
    agency = enter_library(uow, record.basics)
    for items in record.items.values():
        for item in items:
            item.verified_at, item.verified_by_id = uow.now, uow.actor.user_id
    assign = {"agency_id": agency.id, "remark": remark.strip(), "decided_by_id": uow.actor.user_id}
    ADMISSION.fire(uow, application, "admit", reason=remark.strip() or None, assign=assign)
    uow.record("agency.admit", agency, about=(organisation,), after={"application": application.number})
    _tell(uow, application)
    return agency


def reject(uow: UnitOfWork, application: AgencyApplication, said: Mapping[RecordPart, Said], remark: str) -> None:
    """Do not admit, with the reason; the agency may bid as before and apply anew."""
    check_points(uow, application, said)
    assign = {"remark": remark.strip(), "decided_by_id": uow.actor.user_id}
    ADMISSION.fire(uow, application, "reject", reason=remark, assign=assign)
    _tell(uow, application)


def withdraw_application(uow: UnitOfWork, application: AgencyApplication) -> None:
    """Let the agency withdraw; its record stays as it is."""
    ADMISSION.fire(uow, application, "withdraw")


def _check_may_decide(uow: UnitOfWork, application: AgencyApplication) -> None:
    """Ask before anything is written, what the workflow asks again."""
    decision = policy.decide(uow.actor, AdmissionPermission.DECIDE, application)
    if not decision:
        raise Forbidden(decision.reason)
    if refusals := ADMISSION.refusals(uow, application, ADMISSION["admit"]):
        raise Refused(*refusals)


def _tell(uow: UnitOfWork, application: AgencyApplication) -> None:
    managers = user_ids_with(uow, Role.AGENCY_MANAGER, organisation_id=application.organisation_id)
    words = {"number": application.number, "outcome": str(application.state.label)}
    notify(uow, APPLICATION_DECIDED, managers, url=own_page(), params=words)
