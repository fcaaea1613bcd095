"""An engagement followed from its plan on, with everybody around it."""

from __future__ import annotations

import functools
import io

import pypdfium2

from agencies.models import Engagement, EvaluationPlan
from agencies.plan_elements import Written
from agencies.queries.following import plan_of
from agencies.services.fieldwork import Visit, note_fieldwork
from agencies.services.plans import TYPED, approve_plan, keep_plan, submit_plan
from agencies.services.team import Newcomer, add_member
from agencies.states import FieldworkKind, TeamRole
from core.identity.models import User
from core.identity.roles import Role
from core.unit_of_work import UnitOfWork
from experts.states import Adoption
from grading.models import CommentRound, Submission
from grading.queries.comment import last_round, sent_comments
from grading.services.archives import add_paper
from grading.services.comments import Answer, Comment, record_review, send_answers, send_comments
from grading.services.delivery import Delivery, deliver_report
from grading.services.report_path import Signing
from grading.states import PaperKind, ReportKind
from projects.services.systems import set_indicators
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.agencies import make_agency, make_engagement, make_lead
from tests.factories.experts import as_user
from tests.factories.grading import report_bytes, upload
from tests.factories.identity import make_user
from tests.factories.projects import entries


@functools.cache
def seal_page() -> bytes:
    """A page as a scanner gives it: a PDF without text."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    target = io.BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


class Course:
    """An engagement with its plan still empty; each step can be taken by the one who would take it."""

    def __init__(self, uow: UnitOfWork, **values) -> None:
        self.uow = uow
        self.agency = values.pop("agency", None) or make_agency(uow)
        self.lead = make_lead(uow, self.agency.organisation)
        self.engagement: Engagement = make_engagement(uow, agency=self.agency, taken_over=False, **values)
        self.manager: User = make_user(uow, Role.AGENCY_MANAGER, organisation=self.agency.organisation)
        self.unit: User = make_user(uow, Role.UNIT_OFFICER, organisation=self.engagement.project.unit)
        self.quality: User = make_user(uow, Role.QUALITY_OFFICER)

    @property
    def plan(self) -> EvaluationPlan:
        """The plan."""
        return plan_of(self.uow, self.engagement)

    def acting(self, user: User) -> UnitOfWork:
        """A unit of work in which this user acts."""
        return as_user(self.uow, user)

    def name_lead(self) -> None:
        """The lead evaluator joins."""
        add_member(self.acting(self.manager), self.engagement, Newcomer(TeamRole.LEAD, lead=self.lead))

    def hand_in_indicators(self) -> None:
        """The indicator system is drawn up and handed in."""
        set_indicators(self.uow, self.engagement.system, entries())
        INDICATOR_SYSTEM.fire(self.uow, self.engagement.system, "submit", as_system=True)

    def write(self) -> None:
        """Every element that is typed is typed."""
        keep_plan(self.acting(self.manager), self.plan, {one: Written(f"{one.label}的内容") for one in TYPED})

    def submit(self) -> None:
        """The plan is handed in, complete."""
        self.name_lead()
        self.hand_in_indicators()
        self.write()
        submit_plan(self.acting(self.manager), self.plan)

    def agree_on_indicators(self) -> None:
        """The panel and the bureau agree on the indicators."""
        for step in ("start_review", "approve"):
            INDICATOR_SYSTEM.fire(self.uow, self.engagement.system, step, as_system=True)

    def begin(self) -> Course:
        """Everything up to the evaluation, which may begin."""
        self.submit()
        self.agree_on_indicators()
        return self

    def approve(self) -> None:
        """The bureau approves the plan."""
        approve_plan(self.acting(self.quality), self.plan)

    def deliver(self, kind: ReportKind, name: str = "评价报告.docx", **values) -> Submission:
        """The manager delivers a draft or a final."""
        delivery = Delivery(upload(values.pop("data", None) or report_bytes(), name), kind=kind, **values)
        return deliver_report(self.acting(self.manager), self.engagement, delivery)

    def draft(self) -> CommentRound:
        """The first draft goes out for comments, after work on site."""
        self.visit()
        self.deliver(ReportKind.DRAFT)
        return last_round(self.uow, self.engagement.id)

    def comment(self, row: CommentRound, user: User, *bodies: str) -> None:
        """A party sends its comments; none say that there are none."""
        send_comments(self.acting(user), row, [Comment(one, "第 3 页") for one in bodies])

    def answer(self, row: CommentRound) -> None:
        """The agency adopts every comment."""
        said = {one.number: Answer(Adoption.ADOPTED, "已在正文修改") for one in sent_comments(self.uow, row)}
        send_answers(self.acting(self.manager), row, said)

    def review(self, row: CommentRound, *, is_passed: bool = True) -> None:
        """The agency reviews its report."""
        words = {"department": "质量控制部", "reviewer": "许静", "opinion": "数据与底稿一致，同意报出。"}
        record_review(self.acting(self.manager), row, is_passed=is_passed, **words)

    def ready(self) -> CommentRound:
        """Everything before the signature is done."""
        row = self.draft()
        self.comment(row, self.unit, "第三部分资金到位率与决算不一致")
        self.comment(row, self.quality)
        self.answer(row)
        self.review(row)
        return row

    def finish(self, **values) -> Submission:
        """The signed final."""
        scan = upload(seal_page(), "签字盖章页.pdf")
        return self.deliver(
            ReportKind.FINAL, **{"scan": scan, "signing": Signing(self.lead, undertakes=True), **values}
        )

    def fill_archive(self) -> None:
        """Every paper that the house does not keep by itself is added."""
        for kind in (PaperKind.CONTRACT, PaperKind.DATA, PaperKind.WORKING, PaperKind.QUESTIONNAIRE):
            scan = upload(seal_page(), f"{kind.label}.pdf")
            add_paper(self.acting(self.manager), self.engagement, kind, scan, "现场收集")

    def visit(self) -> None:
        """The agency was on site."""
        visit = Visit(FieldworkKind.INTERVIEW, self.uow.today, "项目单位会议室", "财务科、业务科共 6 人")
        note_fieldwork(self.acting(self.manager), self.engagement, visit)
