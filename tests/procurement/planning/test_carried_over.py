"""What was surveyed and reviewed for a tender that failed still counts for the one drafted in its place."""

from __future__ import annotations

from datetime import timedelta

from core.identity.roles import Role
from procurement.drafting.preparation_checks import preparation_lines
from procurement.drafting.requirement import lineage
from procurement.planning.purchases import preparation_of
from procurement.queries.preparation import requirement_of
from procurement.services.opening import begin_opening
from procurement.services.preparation import PreparationEntry, prepare
from procurement.services.publishing import publish_tender, submit_tender
from procurement.services.requirements import Finding, Respondent, record_survey, review_requirement
from procurement.services.retendering import retender
from procurement.states import KeyAspect, RespondentKind, ReviewKind, SurveyMeans
from tests.factories.bids import acting, shift_clock
from tests.factories.identity import make_user
from tests.factories.procurement import draft_tender


def test_a_failed_tenders_survey_reviews_and_reasons_are_not_made_twice(uow):
    """R-TENDER-19 after R-OPEN-05: nothing changed, nothing is missing; authors stay authors."""
    purchase = draft_tender(uow, is_complex=True)
    clerk, tender = acting(uow, purchase.officer), purchase.tender
    prepare(clerk, tender, PreparationEntry(method_reason="需广泛竞争"))
    record_survey(
        clerk,
        tender,
        surveyed_on=uow.today - timedelta(days=20),
        means=SurveyMeans.QUESTIONNAIRE,
        respondents=[Respondent(f"机构{one}", RespondentKind.MARKET) for one in range(3)],
        findings="供给充分",
    )
    reviewer = acting(uow, make_user(uow, Role.QUALITY_OFFICER))
    for kind in ReviewKind:
        aspects = {one: Finding(passed=True) for one in KeyAspect}
        review_requirement(reviewer, tender, kind, opinion="通过", aspects=aspects)
    submit_tender(clerk, tender)
    publish_tender(acting(uow, purchase.approver), tender)
    shift_clock(uow, tender.deadline - uow.now)
    assert begin_opening(acting(uow, purchase.officer), tender) is None
    again = retender(acting(uow, purchase.officer), tender)
    assert lineage(uow, again) == [again.id, tender.id]
    assert preparation_of(uow, again).method_reason == "需广泛竞争"
    assert [one.level for one in preparation_lines(uow, again) if one.rule_id == "R-TENDER-19"] == ["ok"]
    assert requirement_of(uow, tender).authors <= requirement_of(uow, again).authors
