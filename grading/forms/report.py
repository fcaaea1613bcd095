"""Forms of deliveries, disposal, letters and batches: shape only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import get_locale
from flask_wtf.file import FileField, MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from agencies.models import TeamMember
from core.amounts import NotAnAmount
from core.http.choices import choices, choices_of
from core.http.forms import Asked, Form
from core.i18n import _l
from core.money import parse_amount
from grading.models import QuestionItem
from grading.services.delivery import Delivery
from grading.services.questions import Answer
from grading.services.report_path import Signing
from grading.statement import FUNDS, Statement
from grading.states import DismissalGround, ReportKind, Stance


class Money:
    """Asks that a field, if filled, holds an amount: 1,234.50 or 123.45万元."""

    def __call__(self, form: Any, field: Any) -> None:
        """Say at the field what is wrong with it."""
        try:
            if form.text(field.short_name):
                parse_amount(form.text(field.short_name))
        except NotAnAmount as error:
            raise ValidationError(error.reason["en" if str(get_locale()).startswith("en") else "zh"]) from error


class DeliverForm(Form):
    """The report's file, what goes with it, what the agency says of this version, and who signs it."""

    _team: Sequence[TeamMember] = ()

    file = FileField(_l("评价报告（DOCX 或带文字的 PDF，不超过 50 MB）"), [Asked()])
    annexes = MultipleFileField(_l("附件（评分表、问卷、佐证，可多选：DOCX、PDF、XLSX、图片）"))
    scan = FileField(_l("盖章扫描件（PDF）"))
    note = TextAreaField(_l("本版说明"), [Optional(), Length(max=2000)])

    kind = RadioField(_l("提交的是"), choices=choices_of(ReportKind), default=ReportKind.FINAL.value)
    lead = SelectField(_l("签署报告的主评人"), choices=[], default="", validate_choice=False)
    undertakes = BooleanField(_l("主评人已阅并确认上述承诺"))

    initial = StringField(_l("年初预算"), [Money()])
    adjusted = StringField(_l("调整后预算"), [Money()])
    allocated = StringField(_l("下达资金"), [Money()])
    funded = StringField(_l("到位资金"), [Money()])
    paid = StringField(_l("拨付资金"), [Money()])
    used = StringField(_l("实际支出"), [Money()])
    score = DecimalField(_l("总得分"), [Optional()], places=2)
    grade = SelectField(
        _l("评价等级"), choices=choices([("", "—"), ("优", "优"), ("良", "良"), ("中", "中"), ("差", "差")]), default=""
    )
    sent = IntegerField(_l("发放问卷"), [Optional(), NumberRange(min=0)])
    returned = IntegerField(_l("收回问卷"), [Optional(), NumberRange(min=0)])
    valid = IntegerField(_l("有效问卷"), [Optional(), NumberRange(min=0)])

    def delivery(self) -> Delivery:
        """Return what was chosen and typed."""
        annexes = [one for one in self.annexes.data or () if one]
        chosen = next((one.lead for one in self._team if str(one.lead_id) == self.lead.data), None)
        return Delivery(
            self.file.data or None,
            annexes,
            self.scan.data or None,
            self.text("note"),
            self._statement(),
            ReportKind(self.kind.data),
            Signing(chosen, bool(self.undertakes.data)),
        )

    def offer(self, team: Sequence[TeamMember]) -> None:
        """Offer the team's lead evaluators as signatories."""
        self._team = team
        pairs = [(str(one.lead_id), one.name) for one in team]
        self.lead.choices = choices(pairs if len(pairs) == 1 else [("", _l("（请选择）")), *pairs])

    def _statement(self) -> Statement:
        stated: dict[str, Any] = {name: parse_amount(text) if (text := self.text(name)) else None for name in FUNDS}
        stated |= {name: self[name].data for name in ("score", "sent", "returned", "valid")}
        return Statement(**stated, grade=self.text("grade"))

    def prefill(self, statement: Statement) -> None:
        """Show what was stated with the version before: in a corrected one most of it stays."""
        for name in FUNDS:
            amount = getattr(statement, name)
            self[name].data = "" if amount is None else f"{amount:,.2f}"
        for name in ("score", "grade", "sent", "returned", "valid"):
            self[name].data = getattr(statement, name)


class DisposeForm(Form):
    """A person's answer to a finding: a dismissal has a ground of the list, own words, or both."""

    ground = SelectField(
        _l("不成立的理由"), choices=[*choices([("", _l("选择理由"))]), *choices_of(DismissalGround)], default=""
    )
    reason = TextAreaField(_l("理由"), [Optional(), Length(max=500)])

    def why(self) -> tuple[str, DismissalGround | None]:
        """Return the own words and the ground."""
        chosen = self.text("ground")
        return self.text("reason"), DismissalGround(chosen) if chosen else None


class BulkForm(DisposeForm):
    """One answer for several findings that stand on the page."""

    deed = RadioField(
        _l("处置"), choices=choices([("uphold", _l("成立")), ("dismiss", _l("不成立"))]), default="uphold"
    )
    chosen = SelectMultipleField(_l("疑点"), validate_choice=False)


class AskForm(Form):
    """A question letter: the findings, a few words, and until when to answer."""

    chosen = SelectMultipleField(_l("疑点"), validate_choice=False)
    words = TextAreaField(_l("补充说明"), [Optional(), Length(max=2000)])
    due_on = DateField(_l("答复期限"), [Optional()])


class BatchForm(Form):
    """Reports to be checked again, and files to be checked alone."""

    chosen = SelectMultipleField(_l("报告"), validate_choice=False)
    files = MultipleFileField(_l("上传报告（DOCX 或 PDF，可多选）"))


def answer_form(items: Sequence[QuestionItem], **kwargs: Any) -> Form:
    """Return a form with stance and words for each finding of a letter, filled with what was answered so far."""
    fields: dict[str, Any] = {"file": FileField(_l("填好的答复表（XLSX）"))}
    for item in items:
        number = item.position
        fields[f"stance_{number}"] = RadioField(
            _l("第 %(item)s 条的答复", item=number),
            [Optional()],
            choices=choices_of(Stance),
            default=item.stance.value if item.stance else None,
        )
        fields[f"answer_{number}"] = TextAreaField(
            _l("第 %(item)s 条的说明", item=number), [Optional(), Length(max=2000)], default=item.answer
        )
    made: type[Form] = type("AnswerForm", (Form,), fields)
    return made(**kwargs)


def answers_in(form: Form, items: Sequence[QuestionItem]) -> dict[int, Answer]:
    """Return what was answered, by the item's number; what has no stance is left out."""
    return {
        item.position: Answer(Stance(stance), form.text(f"answer_{item.position}"))
        for item in items
        if (stance := form.text(f"stance_{item.position}")) in {one.value for one in Stance}
    }
