"""What is typed in reviews; shape only, what the rules say is in the services."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.forms import Form
from core.i18n import _l
from experts.quotas import TITLES
from experts.review_rules import LINES, SEATS


class ConveneForm(Form):
    """When and where a review meets, and whom it needs; times are Shanghai's."""

    meets_at = DateTimeLocalField(_l("评审时间"), [InputRequired(_l("请填写评审时间"))])
    place = StringField(_l("地点或线上会议号"), [DataRequired(_l("请填写评审地点或线上会议号")), Length(max=120)])
    answer_by = DateTimeLocalField(_l("答复期限"), [InputRequired(_l("请填写答复期限"))])
    fee = DecimalField(_l("每人咨询费（元）"), [InputRequired(_l("请填写咨询费，没有时填 0"))], places=2)
    size = IntegerField(_l("专家组人数"), [InputRequired(_l("请填写人数"))])
    reserves = IntegerField(_l("候补人数"), [InputRequired(_l("请填写人数"))])
    performance = IntegerField(TITLES["performance"], [InputRequired(_l("请填写最少席位"))])
    trade = IntegerField(TITLES["trade"], [InputRequired(_l("请填写最少席位"))])
    finance = IntegerField(TITLES["finance"], [InputRequired(_l("请填写最少席位"))])
    scholar = IntegerField(TITLES["scholar"], [InputRequired(_l("请填写最少席位"))])

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
    """The six lines of the sheet, opinion and veto; remarks per indicator come as lists beside it."""

    fit = DecimalField(LINES[0][1], [Optional()], places=1)
    completeness = DecimalField(LINES[1][1], [Optional()], places=1)
    measurability = DecimalField(LINES[2][1], [Optional()], places=1)
    standards = DecimalField(LINES[3][1], [Optional()], places=1)
    scoring = DecimalField(LINES[4][1], [Optional()], places=1)
    samples = DecimalField(LINES[5][1], [Optional()], places=1)
    opinion = TextAreaField(_l("总体意见"), [Optional(), Length(max=4000)])
    is_veto = BooleanField(_l("我否决这套指标体系（须在总体意见中写明理由）"))

    def points(self) -> dict[str, Decimal]:
        """Return the points typed so far by line."""
        return {key: self[key].data for key, _title, _hint in LINES if self[key].data is not None}


class RemarkForm(Form):
    """An observer's remark."""

    indicator = SelectField(_l("针对"), [Optional()])
    body = TextAreaField(_l("意见"), [DataRequired(_l("请填写意见")), Length(max=2000)])


class ConcludeForm(Form):
    """The bureau's opinion with its decision."""

    opinion = TextAreaField(_l("财政部门意见"), [Optional(), Length(max=4000)])
