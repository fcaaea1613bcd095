"""The requirement's survey and reviews, and who helped to write it (R-TENDER-19)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import insert
from werkzeug.datastructures import FileStorage

from core.documents.accept import accept_file
from core.errors import Forbidden, Refusal, Refused
from core.i18n import _l
from core.identity.models import User
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.drafting.requirement import requirement_basis
from procurement.models import RequirementAuthor, RequirementReview, RequirementSurvey, Tender
from procurement.permissions import PreparationPermission
from procurement.queries.preparation import requirement_of
from procurement.states import KeyAspect, RespondentKind, ReviewKind, SurveyMeans, TenderState

FILES = ("pdf", "docx", "xlsx", "png", "jpg")
OPEN_STATES = (TenderState.DRAFT, TenderState.IN_APPROVAL)


@dataclass(frozen=True)
class Respondent:
    """Somebody who was asked."""

    name: str
    kind: RespondentKind


@dataclass(frozen=True)
class Finding:
    """What a key review says of one aspect."""

    passed: bool
    remark: str = ""


def note_author(uow: UnitOfWork, tender: Tender, user: User | None = None) -> None:
    """Note that somebody helped to write the requirement: the actor, or the person named. Twice counts once."""
    person = user.id if user is not None else uow.actor.user_id
    if person is None:
        return
    uow.session.flush()
    uow.session.execute(insert(RequirementAuthor).values(tender_id=tender.id, user_id=person).on_conflict_do_nothing())
    if user is not None:
        uow.record("requirement.name_author", tender, detail={"user": str(person)})


def record_survey(
    uow: UnitOfWork,
    tender: Tender,
    *,
    surveyed_on: date,
    means: SurveyMeans,
    respondents: Sequence[Respondent],
    findings: str,
    files: Sequence[FileStorage] = (),
) -> RequirementSurvey:
    """Put a survey on record with its files. Raises `Refused` at the fields."""
    _ensure_open(tender)
    refusals = []
    if surveyed_on > uow.today:
        refusals.append(Refusal(_l("调查日期不能晚于今天"), field="surveyed_on"))
    if not respondents:
        refusals.append(Refusal(_l("请至少填写一个调查对象"), rule_id="R-TENDER-19", field="respondents"))
    if not findings:
        refusals.append(Refusal(_l("请填写调查结果"), field="findings"))
    if refusals or uow.actor.user_id is None:
        raise Refused(*refusals) if refusals else Forbidden(_l("须由具体的经办人办理"))
    survey = uow.add(
        RequirementSurvey(
            tender_id=tender.id,
            surveyed_on=surveyed_on,
            means=means,
            respondents=[{"name": one.name, "kind": one.kind.value} for one in respondents],
            findings=findings,
            recorded_by_id=uow.actor.user_id,
            recorded_at=uow.now,
        )
    )
    uow.session.flush()
    for number, upload in enumerate(files, start=1):
        accept_file(uow, upload, owner=survey, purpose=f"survey-{number}", kinds=FILES, field="files")
    note_author(uow, tender)
    uow.record(
        "requirement.survey", tender, about=(survey,), after={"on": surveyed_on.isoformat(), "asked": len(respondents)}
    )
    return survey


def review_requirement(
    uow: UnitOfWork,
    tender: Tender,
    kind: ReviewKind,
    *,
    opinion: str,
    passed: bool = True,
    aspects: Mapping[KeyAspect, Finding] | None = None,
    files: Sequence[FileStorage] = (),
) -> RequirementReview:
    """Put a review of what stands in the draft on record.

    A key review passes when every one of its four aspects does. Raises `Forbidden` for anybody who helped to write the
    requirement, `Refused` at the fields.
    """
    decision = policy.decide(uow.actor, PreparationPermission.REVIEW, requirement_of(uow, tender))
    if not decision or uow.actor.user_id is None:
        raise Forbidden(decision.reason)
    _ensure_open(tender)
    found = dict(aspects or {})
    refusals = []
    if kind is ReviewKind.KEY:
        missing = [one for one in KeyAspect if one not in found]
        refusals += [Refusal(_l("请作出审查结论"), rule_id="R-TENDER-19", field=one.value) for one in missing]
        refusals += [
            Refusal(_l("不通过的请写明问题"), field=f"{one.value}-remark")
            for one, finding in found.items()
            if not finding.passed and not finding.remark
        ]
        passed = all(one.passed for one in found.values())
    if not opinion:
        refusals.append(Refusal(_l("请填写审查意见"), field="opinion"))
    if refusals:
        raise Refused(*refusals)
    review = uow.add(
        RequirementReview(
            tender_id=tender.id,
            kind=kind,
            passed=passed,
            aspects={
                one.value: {"passed": finding.passed, "remark": finding.remark}
                for one, finding in found.items()
                if kind is ReviewKind.KEY
            },
            opinion=opinion,
            basis=requirement_basis(tender),
            reviewer_id=uow.actor.user_id,
            reviewed_at=uow.now,
        )
    )
    uow.session.flush()
    for number, upload in enumerate(files, start=1):
        accept_file(uow, upload, owner=review, purpose=f"review-{number}", kinds=FILES, field="files")
    uow.record(
        "requirement.review",
        tender,
        about=(review,),
        after={"kind": kind.value, "passed": passed, "basis": review.basis},
    )
    return review


def _ensure_open(tender: Tender) -> None:
    if tender.state not in OPEN_STATES:
        raise Refused(Refusal(_l("公告发布后不再补记需求调查和审查"), rule_id="R-TENDER-19"))
