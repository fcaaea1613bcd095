"""What is typed in reviews; shape only, what the rules say is in the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.forms import Form
from core.i18n import Text, _l
from experts.quotas import TITLES
from experts.review_rules import SEATS


class ConveneForm(Form):
    """When and where a review meets, and whom it needs; times are Shanghai's."""

    meets_at = DateTimeLocalField(_l("评审时间"), [InputRequired(_l("请填写评审时间"))])
    place = StringField(_l("地点"), [Optional(), Length(max=120)])
    online = StringField(
        _l("线上会议地址或会议号"),
        [Optional(), Length(max=200)],
        description=_l("地点和线上至少填一项；两项都填为线上线下同时召开"),
    )
    agenda = TextAreaField(_l("议程"), [Optional(), Length(max=2000)])
    papers = MultipleFileField(
        _l("会议材料"), [Optional()], description=_l("PDF、DOCX 或 XLSX；指标体系已自动附上，不必再传")
    )
    answer_by = DateTimeLocalField(_l("答复期限"), [InputRequired(_l("请填写答复期限"))])
    fee = DecimalField(_l("每人咨询费（元）"), [InputRequired(_l("请填写咨询费，没有时填 0"))], places=2)
    size = IntegerField(_l("专家组人数"), [InputRequired(_l("请填写人数"))])
    reserves = IntegerField(_l("候补人数"), [InputRequired(_l("请填写人数"))])
    performance = IntegerField(TITLES["performance"], [InputRequired(_l("请填写最少席位"))])
    trade = IntegerField(TITLES["trade"], [InputRequired(_l("请填写最少席位"))])
    finance = IntegerField(TITLES["finance"], [InputRequired(_l("请填写最少席位"))])
    scholar = IntegerField(TITLES["scholar"], [InputRequired(_l("请填写最少席位"))])

    finance_person = StringField(_l("财政部门（委托方）代表"), [Optional(), Length(max=40)])
    department = StringField(_l("主管部门"), [Optional(), Length(max=80)])
    department_person = StringField(_l("主管部门代表姓名"), [Optional(), Length(max=40)])
    congress = StringField(_l("人大"), [Optional(), Length(max=80)])
    cppcc = StringField(_l("政协"), [Optional(), Length(max=80)])
    discipline = StringField(_l("纪检监察"), [Optional(), Length(max=80)])
    audit = StringField(_l("审计"), [Optional(), Length(max=80)])

    def minimums(self) -> Mapping[str, int]:
        """Return the least seats of each kind."""
        return {key: self[key].data for key in SEATS}


class PromiseForm(Form):
    """Entropy promised: the commitment alone, or the phrase when there is no JavaScript."""

    commitment = StringField(_l("承诺"), [Optional(), Length(max=64)])
    phrase = StringField(_l("您的口令"), [Optional(), Length(max=200)])


class RevealForm(Form):
    """Entropy revealed."""

    phrase = StringField(_l("您的口令"), [DataRequired(_l("请填写提交承诺时的口令")), Length(max=200)])


class AcceptForm(Form):
    """The declaration before accepting, as plain questions (R-COMM-06); a tick means that there is such a relation."""

    employment = BooleanField(_l("最近三年，我在其中任何一方工作、任职或担任顾问"))
    shareholding = BooleanField(_l("我持有该机构的股份，或能控制该机构"))
    kinship = BooleanField(_l("我的配偶、近亲属是其中一方的负责人或项目人员"))
    past_work = BooleanField(_l("最近三年，我与其中一方有业务合作"))
    coaching = BooleanField(_l("我指导过该机构或这套指标体系"))
    other = BooleanField(_l("还有其他可能影响公正的关系"))
    details = TextAreaField(_l("如有，请写明情况"), [Optional(), Length(max=500)])
    confirmed = BooleanField(_l("我确认以上回答属实，没有应当回避的情形，并对评审内容保密"))


class ReasonForm(Form):
    """A reason for declining or stepping down."""

    reason = TextAreaField(_l("理由"), [DataRequired(_l("请填写理由")), Length(max=500)])


class SheetForm(Form):
    """Opinion and veto of a sheet; its lines are those the review froze, remarks per indicator stand beside it."""

    opinion = TextAreaField(_l("总体意见"), [Optional(), Length(max=4000)])
    is_veto = BooleanField(_l("我否决这套指标体系（须在总体意见中写明理由）"))
    line_keys: tuple[str, ...] = ()

    def points(self) -> dict[str, Decimal]:
        """Return the points typed so far by line."""
        return {key: self[key].data for key in self.line_keys if self[key].data is not None}


def sheet_form(rows: Sequence[tuple[str, Text, Text]]) -> type[SheetForm]:
    """Return a form with a field for each line of one review's sheet: key, title, hint."""
    fields: dict[str, Any] = {key: DecimalField(title, [Optional()], places=1) for key, title, _hint in rows}
    return type("SheetForm", (SheetForm,), {**fields, "line_keys": tuple(fields)})


class RemarkForm(Form):
    """An observer's remark."""

    indicator = SelectField(_l("针对"), [Optional()])
    body = TextAreaField(_l("意见"), [DataRequired(_l("请填写意见")), Length(max=2000)])


class ConcludeForm(Form):
    """The bureau's opinion with its decision."""

    opinion = TextAreaField(_l("财政部门意见"), [Optional(), Length(max=4000)])
