"""A recorded act of misconduct vetoes the score of its task, typed or not (R-GRADE.veto, R-AGENCY-05)."""

from __future__ import annotations

from decimal import Decimal

from agencies.consequences import ConsequenceKind
from agencies.queries.standing import standings_of
from agencies.states import ConductCode
from core.identity.roles import OrganisationKind, Role
from grading.queries.poor_tasks import poor_tasks
from grading.services.scoring import decide_score, veto_ground
from tests.factories.conduct import Desk, recorded_case
from tests.factories.grading import checked_submission
from tests.factories.identity import make_organisation, make_user


def test_a_recorded_act_vetoes_the_score_and_skips_the_next_round(uow, uow_as):  # R-GRADE.veto, R-GRADE.D1
    rated = checked_submission(uow)
    rated.dispose()
    rated.rate(rated.quality)
    work = rated.engagement
    assert veto_ground(uow, work) is None
    bureau = make_organisation(uow, OrganisationKind.BUREAU)
    first, second = (make_user(uow, Role.QUALITY_OFFICER, organisation=bureau) for _one in range(2))
    desk = Desk(rated.agency, rated.manager, first, second, uow_as)
    case = recorded_case(desk, code=ConductCode.FALSE_REPORT, engagement=work)
    score = decide_score(rated.acting(rated.quality), rated.submission)
    assert (score.score, score.veto) == (Decimal(0), f"{case.number} {case.code.label}")
    ((task,),) = poor_tasks(uow, [work.agency_id]).values()
    assert task.task == work.number
    known = standings_of(uow, [work.agency_id], begun=())[work.agency_id]
    assert known.has(ConsequenceKind.SKIP_ROUND)
