"""How far a report has come on its way from the draft to the signed final (R-AGENCY-11, R-AGENCY-10, R-PERF-11)."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
from sqlalchemy import select

from agencies.models import Engagement, LeadEvaluator, TeamMember
from agencies.queries.following import is_followed, team_of
from agencies.services.fieldwork import fieldwork_refusal
from agencies.states import TeamRole
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.i18n import _l
from core.unit_of_work import UnitOfWork
from grading.models import CommentRound, LeadSignature, ReportFinding, Submission
from grading.queries.comment import has_final, last_review, last_round
from grading.report_path import RULE, PathFacts, missing_for_final, step_of
from grading.states import FindingState, PathStep, ReportKind, RoundState
from grading.workflow import commented, numbers_unanswered, parties_waited_for

UNDERTAKING = (
    "本人作为主评人，已按评价方案组织实施评价，对本报告的真实性和准确性负责；"
    "报告依据充分、数据来源可靠，不存在虚假记载、误导性陈述或者重大遗漏。"
)
"""What the lead evaluator signs (财监〔2021〕4号 arts. 11 and 18); kept with each signature as it was read."""


@dataclass(frozen=True)
class Signing:
    """Who signs a final report as its lead evaluator, and that they undertake what it says."""

    lead: LeadEvaluator | None = None
    undertakes: bool = False


UNSIGNED = Signing()


def facts_of(uow: UnitOfWork, engagement: Engagement) -> PathFacts:
    """Return how far the engagement's report has come."""
    row = last_round(uow, engagement.id)
    final = has_final(uow, engagement.id)
    if row is None:
        return PathFacts(has_final=final)
    review = last_review(uow, row)
    return PathFacts(
        has_draft=True,
        waits_for=parties_waited_for(uow, row) if row.state is RoundState.ASKING else (),
        unanswered=numbers_unanswered(uow, row),
        is_answered=row.state is RoundState.ANSWERED,
        is_reviewed=review.is_passed if review is not None else None,
        has_final=final,
    )


def next_step(uow: UnitOfWork, engagement: Engagement) -> PathStep:
    """Return what the report needs next; one that was taken over goes straight to the final."""
    if not is_followed(uow, engagement):
        return PathStep.DONE if has_final(uow, engagement.id) else PathStep.FINAL
    return step_of(facts_of(uow, engagement))


def ensure_draft(uow: UnitOfWork, engagement: Engagement) -> None:
    """Raise `Refused` where no draft is taken: after the final, before work on site, while comments lack answers."""
    if not is_followed(uow, engagement):
        raise Refused(Refusal(_l("接入前已开展的委托在线下征求意见，请直接提交正式报告"), rule_id=RULE, field="kind"))
    if has_final(uow, engagement.id):
        raise Refused(Refusal(_l("正式报告已提交，不再征求意见"), rule_id=RULE, field="kind"))
    missing = fieldwork_refusal(uow, engagement)
    if missing is not None:
        raise Refused(missing)
    row = last_round(uow, engagement.id)
    if row is not None and row.state is RoundState.ASKING and commented(uow, row):
        raise Refused(Refusal(_l("上一稿的意见尚未逐条答复，不能提交新的征求意见稿"), rule_id=RULE, field="kind"))


def final_refusals(uow: UnitOfWork, engagement: Engagement) -> list[Refusal]:
    """Return what speaks against a formal final, apart from its signature; nothing where it was taken over."""
    if not is_followed(uow, engagement):
        return []
    return missing_for_final(facts_of(uow, engagement))


def outline_refusal(uow: UnitOfWork, before: Submission | None, note: str) -> Refusal | None:
    """Return why a final needs a word: parts of the outline were missing in the draft (R-PERF-11)."""
    if before is None or before.kind is not ReportKind.DRAFT or note.strip():
        return None
    missing = uow.session.scalar(
        select(ReportFinding.id)
        .where(
            ReportFinding.submission_id == before.id,
            ReportFinding.code == "missing-section",
            ReportFinding.state.in_((FindingState.OPEN, FindingState.UPHELD)),
        )
        .limit(1)
    )
    if missing is None:
        return None
    return Refusal(
        _l("核查发现初稿缺少报告提纲要求的部分，请在本版说明中写明已补在何处"), rule_id="R-PERF-11", field="note"
    )


def signing_refusals(uow: UnitOfWork, engagement: Engagement, signing: Signing, *, has_scan: bool) -> list[Refusal]:
    """Return what a final's signature lacks: a lead of the team, the undertaking, the page with ink and seal."""
    found = []
    if signing.lead is None or signing.lead.id not in {one.lead_id for one in leads_of_team(uow, engagement)}:
        found.append(Refusal(_l("请选择签署报告的主评人（须在评价工作组中）"), rule_id=RULE, field="lead"))
    if not signing.undertakes:
        found.append(Refusal(_l("主评人须确认承诺"), rule_id=RULE, field="undertakes"))
    if not has_scan:
        found.append(
            Refusal(_l("请上传主评人签字、机构盖章页的扫描件，或者提交带电子签名的 PDF"), rule_id=RULE, field="scan")
        )
    return found


def leads_of_team(uow: UnitOfWork, engagement: Engagement) -> list[TeamMember]:
    """Return the lead evaluators who are in the team now: one of them signs."""
    return [one for one in team_of(uow, engagement) if one.role is TeamRole.LEAD]


def sign(uow: UnitOfWork, submission: Submission, lead: LeadEvaluator, document: Document) -> LeadSignature:
    """Keep the lead's signature under the file that was delivered."""
    row = uow.add(
        LeadSignature(
            submission_id=submission.id,
            lead_id=lead.id,
            name=lead.name,
            undertaking=UNDERTAKING,
            sha256=document.sha256,
            signed_at=uow.now,
            signed_by_id=uow.actor.user_id,
        )
    )
    uow.session.flush()
    uow.record("submission.sign", submission, about=(submission.engagement,), detail={"sha256": document.sha256})
    return row


def has_signature(uow: UnitOfWork, sha256: str) -> bool:
    """Whether a stored PDF carries an electronic signature."""
    with uow.house.store.open(sha256) as file:
        document = pypdfium2.PdfDocument(file)
        try:
            return bool(pypdfium2.raw.FPDF_GetSignatureCount(document.raw) > 0)
        finally:
            document.close()


def round_of_draft(uow: UnitOfWork, submission: Submission) -> CommentRound | None:
    """Return the round of comments that a draft opened."""
    return uow.session.scalar(select(CommentRound).where(CommentRound.submission_id == submission.id))
