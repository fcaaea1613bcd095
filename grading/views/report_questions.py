"""Question letters: asking the agency about findings, its answers one by one, tables out and in."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from agencies.permissions import AgencyPermission
from core.audit.timeline import timeline
from core.deadlines import end_of
from core.documents.accept import documents_of
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import Language, _, _l
from core.permissions import policy
from core.spreadsheets import Preview, Unreadable
from core.unit_of_work import UnitOfWork
from grading.finding_sheet import COLUMNS, Row, export_findings, findings_docx, read_answers
from grading.finding_words import class_title, compared
from grading.forms import AskForm, answer_form, answers_in
from grading.models import QuestionLetter, ReportFinding, Submission
from grading.permissions import QuestionPermission, SubmissionPermission
from grading.queries import findings_of, load_letter, load_submission, score_of
from grading.services.question_paper import place_words
from grading.services.questions import (
    Answer,
    answers_of,
    ask_agency,
    due_day,
    keep_answers,
    open_letter,
    send_answers,
)
from grading.states import FindingState, LetterState, Stance, SubmissionState
from grading.views.evidence import Excerpts, drawn_file
from grading.views.workbench import reckoning

report_questions = Blueprint("report_questions", __name__)

STANCE_WORDS = {Stance.AGREES: "同意", Stance.EXPLAINS: "说明"}
MOST_BYTES = 5 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def may_read_letter(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the letter may download its paper."""
    letter = uow.get(QuestionLetter, document.owner_id)
    return letter is not None and policy.allows(uow.actor, QuestionPermission.READ, letter)


def _location(letter: QuestionLetter) -> str:
    return url_for("report_questions.show", letter_id=letter.id)


def _crumbs(submission: Submission, last: str) -> list[tuple[str, str | None]]:
    return [
        (_("报告核查"), url_for("submissions.index")),
        (submission.engagement.project.name, url_for("submissions.show", submission_id=submission.id)),
        (last, None),
    ]


@report_questions.route("/submissions/<uuid:submission_id>/ask", methods=["GET", "POST"])
@requires(QuestionPermission.ASK, load_submission, see=SubmissionPermission.READ_FINDINGS)
def ask(uow: UnitOfWork, submission: Submission) -> ResponseReturnValue:
    """Choose the findings to ask about and send the letter."""
    form = AskForm()
    rows = findings_of(uow, submission)
    if not form.is_submitted():
        form.due_on.data = due_day(uow)
    made: list[QuestionLetter] = []

    def deed() -> None:
        known = {str(one.id) for one in rows}
        ids = [uuid.UUID(one) for one in form.chosen.data or () if one in known]
        made.append(ask_agency(uow, submission, ids, words=form.text("words"), due_on=form.due_on.data))

    done = acted(
        uow,
        form,
        deed,
        lambda: _location(made[0]),
        lambda: _("询问函 %(number)s 已送达机构，答复期限 %(day)s", number=made[0].number, day=made[0].due_on),
    )
    if done is not None:
        return done
    ticked = (
        set(form.chosen.data or ())
        if form.is_submitted()
        else {str(one.id) for one in rows if one.state is not FindingState.DISMISSED}
    )
    shown = render_template(
        "grading/question/ask.html",
        form=form,
        submission=submission,
        rows=rows,
        ticked=ticked,
        waiting=open_letter(uow, submission),
        is_open=submission.state is SubmissionState.CHECKED,
        class_title=class_title,
        place_words=place_words,
        crumbs=_crumbs(submission, _("询问机构")),
    )
    return shown, 422 if form.is_submitted() else 200


@report_questions.get("/questions/<uuid:letter_id>")
@requires(QuestionPermission.READ, load_letter, see=QuestionPermission.READ)
def show(uow: UnitOfWork, letter: QuestionLetter) -> ResponseReturnValue:
    """Show a letter with its findings and answers; to the agency, as the form to answer it."""
    return _page(uow, letter)


def _page(
    uow: UnitOfWork, letter: QuestionLetter, form: Form | None = None, preview: Preview | None = None
) -> ResponseReturnValue:
    submission = letter.submission
    answers = policy.allows(uow.actor, QuestionPermission.ANSWER, letter) and letter.state is LetterState.SENT
    # Until the agency has handed its answers in, they are its own draft.
    sees_answers = answers or letter.answered_at is not None
    drawn = drawn_file(submission)
    excerpts = Excerpts(submission, drawn=drawn)
    shown = render_template(
        "grading/question/show.html",
        letter=letter,
        submission=submission,
        engagement=submission.engagement,
        form=(form or answer_form(letter.items, formdata=None, obj=letter)) if answers else None,
        preview=preview,
        sees_answers=sees_answers,
        due_at=end_of(letter.due_on),
        is_late=letter.state is LetterState.SENT and uow.today > letter.due_on,
        drawn=drawn,
        sides={one.finding_id: excerpts.sides(one.finding) for one in letter.items},
        reckonings={one.finding_id: reckoning(one.finding) for one in letter.items},
        class_title=class_title,
        compared=compared,
        papers=documents_of(uow, letter),
        may_deliver=policy.allows(uow.actor, AgencyPermission.DELIVER, letter.engagement)
        and submission.state is not SubmissionState.SUPERSEDED
        and score_of(uow, submission.engagement_id) is None,
        entries=timeline(uow, letter),
        crumbs=_crumbs(submission, letter.number),
    )
    return shown, 422 if form is not None else 200


@report_questions.post("/questions/<uuid:letter_id>/answer")
@requires(QuestionPermission.ANSWER, load_letter, see=QuestionPermission.READ)
def answer(uow: UnitOfWork, letter: QuestionLetter) -> ResponseReturnValue:
    """Keep the answers, take them from a filled table, or hand them in."""
    form = answer_form(letter.items)
    wanted = request.form.get("deed", "save")
    preview: Preview | None = None

    def deed() -> None:
        nonlocal preview
        form.check_revision(letter)
        if wanted == "import":
            preview, found = _imported(letter)
            if preview.errors:
                raise Refused(Refusal(_l("表中有需要改正的单元格，未写入任何内容"), field="file"))
            keep_answers(uow, letter, found)
        elif wanted == "send":
            send_answers(uow, letter, answers_in(form, letter.items))
        else:
            keep_answers(uow, letter, answers_in(form, letter.items))

    said = {
        "import": _l("已读入答复表，请核对后提交"),
        "send": _l("答复已送达财政局；同意改正的，请提交修改版"),
    }.get(wanted, _l("答复已保存，尚未提交"))
    return acted(uow, form, deed, _location(letter), said) or _page(uow, letter, form, preview)


def _imported(letter: QuestionLetter) -> tuple[Preview, dict[int, Answer]]:
    upload = request.files.get("file")
    data = upload.read(MOST_BYTES + 1) if upload is not None and upload.filename else b""
    if not data:
        raise Refused(Refusal(_l("请选择填好的答复表"), field="file"))
    if len(data) > MOST_BYTES:
        raise Refused(Refusal(_l("答复表不能超过 5 MB"), field="file"))
    try:
        preview, found = read_answers(data, [item.position for item in letter.items])
    except Unreadable as unreadable:
        words = unreadable.message
        raise Refused(Refusal(words.zh if _language() == "zh" else words.en, field="file")) from unreadable
    return preview, {number: Answer(Stance(stance), words) for number, (stance, words) in found.items()}


@report_questions.get("/questions/<uuid:letter_id>/findings.<any(xlsx, docx):kind>")
@requires(QuestionPermission.READ, load_letter, see=QuestionPermission.READ)
def letter_sheet(uow: UnitOfWork, letter: QuestionLetter, kind: str) -> ResponseReturnValue:
    """Download the letter's findings with room for the answers, which the XLSX brings back."""
    sees = letter.answered_at is not None or policy.allows(uow.actor, QuestionPermission.ANSWER, letter)
    rows = []
    for item in letter.items:
        stance = item.stance if sees else None
        rows.append(
            _row(item.finding, item.position, STANCE_WORDS[stance] if stance else "", item.answer if stance else "")
        )
    return _download(rows, kind, title=letter.number, subtitle=_subtitle(letter.submission))


@report_questions.get("/submissions/<uuid:submission_id>/findings.<any(xlsx, docx):kind>")
@requires(SubmissionPermission.READ_FINDINGS, load_submission, see=SubmissionPermission.READ)
def submission_sheet(uow: UnitOfWork, submission: Submission, kind: str) -> ResponseReturnValue:
    """Download all findings of a version with what became of them."""
    given = answers_of(uow, submission)
    rows = []
    for one in findings_of(uow, submission):
        item = given.get(one.id)
        stance = STANCE_WORDS[item.stance] if item is not None and item.stance else ""
        rows.append(_row(one, one.position, stance, item.answer if item else ""))
    title = _("核查疑点 第 %(version)s 版", version=submission.version)
    return _download(rows, kind, title=title, subtitle=_subtitle(submission))


def _row(finding: ReportFinding, number: int, stance: str, words: str) -> Row:
    return Row(
        number=number,
        title=str(class_title(finding.code)),
        severity=_("错误") if finding.severity == "error" else _("提示"),
        place=place_words(finding),
        message=finding.message[_language()],
        stated=finding.stated or "",
        expected=finding.expected or "",
        state=str(finding.state.label),
        stance=stance,
        answer=words,
    )


def _subtitle(submission: Submission) -> str:
    engagement = submission.engagement
    return f"{engagement.project.name} · {engagement.number} · {engagement.agency.name}"


def _download(rows: list[Row], kind: str, *, title: str, subtitle: str) -> ResponseReturnValue:
    name, language = f"{title}.{kind}", _language()
    if kind == "xlsx":
        return send_file(
            io.BytesIO(export_findings(rows, title=title, language=language)), download_name=name, as_attachment=True
        )
    heads: dict[str, Any] = {column.key: column.title(language) for column in COLUMNS}
    made = findings_docx(rows, title=title, subtitle=subtitle, heads=heads.__getitem__)
    return send_file(io.BytesIO(made), mimetype=DOCX, download_name=name, as_attachment=True)


def _language() -> Language:
    return "en" if str(get_locale()).startswith("en") else "zh"
