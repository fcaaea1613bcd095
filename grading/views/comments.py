"""A report's way from draft to final: written comments, answers item by item, the agency's own review (R-AGENCY-11)."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.queries import load_engagement
from agencies.queries.following import is_followed, milestones_of
from agencies.states import EngagementState, MilestoneKind
from core.audit.timeline import timeline
from core.deadlines import end_of
from core.documents.models import Document
from core.errors import NotVisible
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import Language, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.forms import InternalReviewForm, comments_form, comments_in, replies_form, replies_in
from grading.models import CommentRound
from grading.permissions import CommentPermission, SubmissionPermission
from grading.queries import standing_submission
from grading.queries.comment import (
    last_round,
    letter_of,
    load_round,
    reviews_of,
    rounds_of,
    sent_comments,
    signature_of,
)
from grading.report_path import step_of
from grading.services.comment_sheet import comment_paper, comment_table
from grading.services.comments import (
    keep_answers,
    keep_comments,
    party_of,
    record_review,
    send_answers,
    send_comments,
)
from grading.services.report_path import facts_of, final_refusals
from grading.states import LetterStand, Party, PathStep, ReportKind, RoundState

comments = Blueprint("report_comments", __name__)

MOST_ROWS = 100


def may_read_sheet(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the comments may download their sheet."""
    row = uow.get(CommentRound, document.owner_id)
    return row is not None and policy.allows(uow.actor, CommentPermission.READ, row)


def _location(row: CommentRound) -> str:
    return url_for("report_comments.show", engagement_id=row.engagement_id)


@comments.get("/engagements/<uuid:engagement_id>/comments")
@requires(AgencyPermission.READ_ENGAGEMENT, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def show(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Show every round with comments and answers, and to each party the form that waits for it."""
    first = last_round(uow, engagement.id)
    if first is not None and not policy.allows(uow.actor, CommentPermission.READ, first):
        raise NotVisible
    return _page(uow, engagement)


def _page(
    uow: UnitOfWork,
    engagement: Engagement,
    *,
    writing: Form | None = None,
    answering: Form | None = None,
    reviewing: Form | None = None,
) -> ResponseReturnValue:
    rounds, row = rounds_of(uow, engagement), last_round(uow, engagement.id)
    facts = facts_of(uow, engagement)
    listed = {one.id: sent_comments(uow, one) for one in rounds}
    standing = standing_submission(uow, engagement.id)
    final = standing if standing is not None and standing.kind is ReportKind.FINAL else None
    values: dict[str, Any] = {
        "engagement": engagement,
        "followed": is_followed(uow, engagement),
        "rounds": rounds,
        "comments": listed,
        "letters": {
            one.id: {party: next((letter for letter in one.letters if letter.party is party), None) for party in Party}
            for one in rounds
        },
        "SENT": LetterStand.SENT,
        "dues": {one.id: end_of(one.due_on) for one in rounds},
        "present": row,
        "step": step_of(facts),
        "steps": [one for one in PathStep if one is not PathStep.DONE],
        "facts": facts,
        "barred": final_refusals(uow, engagement) if row is not None and not facts.has_final else [],
        "reviews": reviews_of(uow, engagement),
        "final": final,
        "signature": signature_of(uow, final) if final is not None else None,
        "reads_report": standing is not None and policy.allows(uow.actor, SubmissionPermission.READ, standing),
        "may_deliver": policy.allows(uow.actor, AgencyPermission.DELIVER, engagement)
        and engagement.state is EngagementState.EVALUATING,
        "due": next((one for one in milestones_of(uow, engagement) if one.kind is MilestoneKind.FINAL), None),
        "entries": timeline(uow, engagement),
        "crumbs": [
            (_("评价委托"), url_for("engagements.index")),
            (engagement.number, url_for("engagements.show", engagement_id=engagement.id)),
            (_("报告意见和审核"), None),
        ],
        **_forms(uow, row, writing, answering, reviewing),
    }
    refused = any(one is not None for one in (writing, answering, reviewing))
    return render_template("grading/comment/show.html", **values), 422 if refused else 200


def _forms(
    uow: UnitOfWork,
    row: CommentRound | None,
    writing: Form | None,
    answering: Form | None,
    reviewing: Form | None,
) -> dict[str, Any]:
    """Return the forms that wait for the actor."""
    found: dict[str, Any] = {"writing": None, "answering": None, "reviewing": None, "party": None, "draft": None}
    if row is None:
        return found
    party = party_of(uow, row)
    letter = letter_of(uow, row, party) if party is not None else None
    if party is not None and row.state is RoundState.ASKING and (letter is None or letter.state is LetterStand.DRAFT):
        kept = letter.comments if letter is not None else []
        found |= {"writing": writing or comments_form(kept, formdata=None), "party": party, "draft": letter}
    if row.state is RoundState.ASKING and policy.allows(uow.actor, CommentPermission.ANSWER, row):
        found["answering"] = answering or replies_form(sent_comments(uow, row), formdata=None, obj=row)
    reviews = row.state is RoundState.ANSWERED and policy.allows(uow.actor, CommentPermission.REVIEW, row)
    if reviews and not facts_of(uow, row.engagement).has_final:
        found["reviewing"] = reviewing or InternalReviewForm(formdata=None)
    return found


@comments.post("/comment-rounds/<uuid:round_id>/letter")
@requires(CommentPermission.COMMENT, load_round, see=CommentPermission.READ)
def write(uow: UnitOfWork, row: CommentRound) -> ResponseReturnValue:
    """Keep the party's comments, send them, or say that there are none."""
    wanted = request.form.get("deed", "save")
    count = sum(name.startswith("body_") for name in request.form)
    form = comments_form([], rows=min(count, MOST_ROWS))

    def deed() -> None:
        if wanted == "none":
            send_comments(uow, row, [])
        elif wanted == "send":
            send_comments(uow, row, comments_in(form))
        else:
            keep_comments(uow, row, comments_in(form))

    said = {
        "send": _l("意见已发给机构，不能再修改；机构将逐条答复"),
        "none": _l("已反馈没有意见"),
    }.get(wanted, _l("意见已保存，尚未发出"))
    return acted(uow, form, deed, _location(row), said) or _page(uow, row.engagement, writing=form)


@comments.post("/comment-rounds/<uuid:round_id>/answers")
@requires(CommentPermission.ANSWER, load_round, see=CommentPermission.READ)
def answer(uow: UnitOfWork, row: CommentRound) -> ResponseReturnValue:
    """Keep the agency's answers, or send them."""
    listed = sent_comments(uow, row)
    form, sends = replies_form(listed), request.form.get("deed") == "send"

    def deed() -> None:
        form.check_revision(row)
        (send_answers if sends else keep_answers)(uow, row, replies_in(form, listed))

    said = _l("答复已送达各方；请进行内部审核") if sends else _l("答复已保存，尚未提交")
    return acted(uow, form, deed, _location(row), said) or _page(uow, row.engagement, answering=form)


@comments.post("/comment-rounds/<uuid:round_id>/review")
@requires(CommentPermission.REVIEW, load_round, see=CommentPermission.READ)
def review(uow: UnitOfWork, row: CommentRound) -> ResponseReturnValue:
    """Record the agency's own review."""
    form = InternalReviewForm()

    def deed() -> None:
        record_review(
            uow,
            row,
            department=form.text("department"),
            reviewer=form.text("reviewer"),
            opinion=form.text("opinion"),
            is_passed=form.verdict.data == "pass",
        )

    said = _l("已登记审核通过，可以提交正式报告") if form.verdict.data == "pass" else _l("已登记，修改后重新审核")
    return acted(uow, form, deed, _location(row), said) or _page(uow, row.engagement, reviewing=form)


@comments.get("/comment-rounds/<uuid:round_id>/sheet.<any(pdf, xlsx):kind>")
@requires(CommentPermission.READ, load_round, see=CommentPermission.READ)
def sheet(uow: UnitOfWork, row: CommentRound, kind: str) -> ResponseReturnValue:
    """Download the comments with their answers."""
    language: Language = "en" if str(get_locale()).startswith("en") else "zh"
    title = _("报告意见采纳情况表")
    name = f"{title}-{row.engagement.number}-{row.number}.{kind}"
    if kind == "pdf":
        return send_file(
            io.BytesIO(comment_paper(uow, row)), mimetype="application/pdf", download_name=name, as_attachment=True
        )
    data = comment_table(uow, row, language, title=title)
    return send_file(io.BytesIO(data), download_name=name, as_attachment=True)
