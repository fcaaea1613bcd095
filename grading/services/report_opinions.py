"""What a report's review comes to: representatives' opinions, the experts' rating, the conclusion with its duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import force_locale

from core.clock import SHANGHAI
from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from experts.services.duty import Duty, keep_duty
from experts.states import DutyKind, DutyRating
from grading.addresses import report_review_page
from grading.models import QualitySheet, ReportGuest, ReportReview, ReportSeat, Submission
from grading.notifications import PANEL_CONCLUDED
from grading.queries import sheets_of, standing_submission
from grading.queries.report_review import RULE, report_seats_of
from grading.rubric import CENT
from grading.services.rating import quality_total
from grading.states import RaterKind, ReportReviewState, ReportSeatState
from grading.workflow import REPORT_REVIEW


@dataclass(frozen=True)
class ServedExpert:
    """How one expert served on the panel: a word and, where it is poor, the facts (R-COMM-13)."""

    rating: DutyRating
    remark: str = ""


def say(uow: UnitOfWork, guest: ReportGuest, opinion: str, person: str = "") -> None:
    """Keep a representative's opinion; the secretary writes for those without accounts. It counts in no score."""
    review = guest.review
    uow.lock(guest)
    if review.state is not ReportReviewState.RATING:
        raise Refused(Refusal(_l("现在不能发表意见：评审尚未开始或者已有结果"), rule_id=RULE))
    if not opinion.strip():
        raise Refused(Refusal(_l("请填写意见"), rule_id=RULE, field="opinion"))
    guest.opinion, guest.said_at, guest.said_by_id = opinion.strip(), uow.now, uow.actor.user_id
    if person.strip():
        guest.person = person.strip()[:60]
    uow.session.flush()
    uow.record("report_review.opine", review, about=(review.engagement,), detail={"body": guest.body})


def panel_sheets(uow: UnitOfWork, submission: Submission) -> list[QualitySheet]:
    """Return the experts' locked sheets."""
    return [one for one in sheets_of(uow, submission) if one.kind is RaterKind.EXPERT]


def panel_average(sheets: list[QualitySheet]) -> Decimal | None:
    """Return the mean of the experts' ratings, None while there is none."""
    totals = [quality_total(one) for one in sheets]
    return (sum(totals, Decimal(0)) / len(totals)).quantize(CENT) if totals else None


def drafted_review_opinion(uow: UnitOfWork, review: ReportReview, submission: Submission) -> str:
    """Return the conclusion as sheets and opinions add up; papers are Chinese whoever writes them."""
    sheets, average = panel_sheets(uow, submission), panel_average(panel_sheets(uow, submission))
    said = [one for one in review.guests if one.opinion]
    with force_locale("zh"):
        lines = []
        if average is not None:
            words = _(
                "评审专家%(count)s人独立评分，报告质量平均%(average)s分。", count=len(sheets), average=f"{average:f}"
            )
            lines.append(words)
        lines += [f"{number}. {one.comment.rstrip('。；')}。" for number, one in enumerate(sheets, 1) if one.comment]
        if said:
            listed = "；".join(f"{one.body}（{one.capacity.label}）：{one.opinion.rstrip('。；')}" for one in said)
            lines.append(_("各方代表意见：%(said)s。", said=listed))
    return "\n".join(str(line) for line in lines)


def accepted_seats(uow: UnitOfWork, review: ReportReview) -> list[ReportSeat]:
    """Return the seats of those who take part."""
    return [one for one in report_seats_of(uow, review) if one.state is ReportSeatState.ACCEPTED]


def conclude_report_review(
    uow: UnitOfWork, review: ReportReview, opinion: str, served: Mapping[str, ServedExpert]
) -> None:
    """Record what the review came to; each expert's duty and fee go to the pool (R-COMM-13, R-COMM-15).

    `served` is by seat id. A fee is due only for a locked sheet. Raises `Refused` at the fields.
    """
    uow.lock(review)
    submission = standing_submission(uow, review.engagement_id)
    if submission is None or review.state is not ReportReviewState.RATING:
        raise Refused(Refusal(_l("专家评审中的评审才能形成意见"), rule_id=RULE))
    sheets = panel_sheets(uow, submission)
    rated = {one.rater_id for one in sheets}
    seats = accepted_seats(uow, review)
    refusals = []
    if not sheets:
        refusals.append(Refusal(_l("还没有专家锁定评分表，不能形成评审意见"), rule_id=RULE))
    if not opinion.strip():
        refusals.append(Refusal(_l("请填写评审意见"), rule_id=RULE, field="opinion"))
    for seat in seats:
        given = served.get(str(seat.id), ServedExpert(DutyRating.GOOD))
        if given.rating in (DutyRating.POOR, DutyRating.BREACH) and not given.remark.strip():
            words = _l("%(name)s：不到位或者违纪的须写明事实", name=seat.expert.user.name)
            refusals.append(Refusal(words, rule_id="R-COMM-13", field=f"remark_{seat.id}"))
    if refusals:
        raise Refused(*refusals)
    held = (review.meets_at or uow.now).astimezone(SHANGHAI).date()
    project = review.engagement.project.name
    for seat in seats:
        given = served.get(str(seat.id), ServedExpert(DutyRating.GOOD))
        locked = seat.expert.user_id in rated
        rating, remark = given.rating, given.remark.strip()
        if not locked and rating is not DutyRating.BREACH:
            rating, remark = DutyRating.POOR, remark or str(_("没有提交评分表"))
        earns = locked and rating is not DutyRating.BREACH
        fee = review.fee if earns else Decimal(0)
        duty = Duty(f"report-seat:{seat.id}", review.number, project, held, rating, remark, fee, kind=DutyKind.REPORT)
        keep_duty(uow, seat.expert.user_id, duty)
    REPORT_REVIEW.fire(uow, review, "conclude", assign={"opinion": opinion.strip()})
    uow.session.flush()
    agency = user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=review.engagement.agency_id)
    page = report_review_page(review.id)
    notify(uow, PANEL_CONCLUDED, agency, url=page, params={"project": project})


def cancel_report_review(uow: UnitOfWork, review: ReportReview, reason: str) -> None:
    """Call a review off; refused once an expert's sheet is locked, which stays a rating."""
    submission = standing_submission(uow, review.engagement_id)
    if submission is not None and panel_sheets(uow, submission):
        raise Refused(Refusal(_l("已有专家锁定评分表，不能取消评审"), rule_id=RULE, field="reason"))
    REPORT_REVIEW.fire(uow, review, "cancel", reason=reason)
