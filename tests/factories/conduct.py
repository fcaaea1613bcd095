"""Cases, measures and standing for tests, made through the services by two officers."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage

from agencies.models import Agency, ConductCase
from agencies.services.conduct import CaseEntry, open_case, record_case, state_case
from agencies.services.standings import StandingEntry, decide_standing, propose_standing
from agencies.states import ConductCode, Grade, HonestyStep, StandingKind
from core.identity.models import User
from core.identity.roles import OrganisationKind, Role
from tests.factories.agencies import make_agency
from tests.factories.identity import make_organisation, make_user

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def proof(name: str = "底稿照片.png") -> FileStorage:
    """A file as it is uploaded."""
    return FileStorage(io.BytesIO(PICTURE), filename=name)


@dataclass
class Desk:
    """An agency with its head, and two officers who keep their duties apart."""

    agency: Agency
    head: User
    first: User
    second: User
    uow_as: Any

    @property
    def opener(self):
        return self.uow_as(self.first)

    @property
    def decider(self):
        return self.uow_as(self.second)

    @property
    def own(self):
        return self.uow_as(self.head)


def make_desk(uow, uow_as) -> Desk:
    """An agency and its desk."""
    agency = make_agency(uow)
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    return Desk(
        agency,
        make_user(uow, Role.AGENCY_MANAGER, organisation=agency.organisation),
        make_user(uow, Role.QUALITY_OFFICER, organisation=bureau),
        make_user(uow, Role.QUALITY_OFFICER, organisation=bureau),
        uow_as,
    )


def told_case(desk: Desk, **values) -> ConductCase:
    """A case of which the agency was told."""
    entry = {
        "code": ConductCode.FALSE_REPORT,
        "happened_on": desk.opener.today,
        "facts": "问卷底稿只有 12 份，报告写 120 份。",
        "step": HonestyStep.MINOR,
        **values,
    }
    return open_case(desk.opener, desk.agency, CaseEntry(**entry), [proof()])


def recorded_case(desk: Desk, step: HonestyStep = HonestyStep.MINOR, **values) -> ConductCase:
    """A case heard and recorded."""
    case = told_case(desk, **values)
    state_case(desk.own, case, "当时样本不足，未如实说明，愿意改正。")
    record_case(desk.decider, case, step, "事实清楚，陈述不影响认定。")
    return case


def decided(desk: Desk, kind: StandingKind, *, ends_on=None, rule_id="R-AGENCY-16", reason="逾期不整改"):
    """A decision about the standing, proposed by one officer and confirmed by the other."""
    row = propose_standing(desk.opener, desk.agency, StandingEntry(kind, None, ends_on, rule_id, reason))
    decide_standing(desk.decider, row)
    return row


def publish_grade(uow, agency: Agency, year: int, grade: Grade) -> None:
    """A published grade of a year, without a reckoning."""
    from agencies.services.grades import record_grade

    score = {Grade.A: 95, Grade.B: 85, Grade.C: 70, Grade.D: 50, Grade.UNGRADED: None}[grade]
    record_grade(uow, agency, year=year, grade=grade, score=score, tasks=2, record={})
