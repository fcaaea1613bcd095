"""Forms of a draw from the bureau's own pool: what is wanted, and an expert's answer; shape only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    FileField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.http.forms import Form
from core.i18n import _l
from experts.states import ConflictKind


class CallForm(Form):
    """How many experts are wanted, when and where, on which terms; the fields come as numbers beside it."""

    size = IntegerField(_l("抽取人数"), [InputRequired(_l("请填写人数"))], description=_l("不含采购人代表"))
    reserves = IntegerField(_l("候补人数"), [InputRequired(_l("请填写人数"))], default=5)
    starts_at = DateTimeLocalField(_l("评审开始时间"), [InputRequired(_l("请填写评审开始时间"))])
    place = StringField(_l("评标地点"), [DataRequired(_l("请填写评标地点")), Length(max=120)])
    fee = DecimalField(_l("每人评审费（元）"), [InputRequired(_l("请填写评审费，没有时填 0"))], places=2)
    answer_hours = IntegerField(
        _l("答复时限（小时）"),
        [InputRequired(_l("请填写小时数"))],
        default=24,
        description=_l("发出邀请后多久不答复视为不能参加，自动递补"),
    )
    ground = TextAreaField(_l("自行选定的理由"), [Optional(), Length(max=500)])
    consenting = StringField(_l("同意的主管预算单位"), [Optional(), Length(max=120)])
    consent = FileField(_l("同意自行选定的文件"), [Optional()])


class LeaveForm(Form):
    """A reason for calling off a draw or for letting somebody be followed."""

    reason = TextAreaField(_l("原因"), [DataRequired(_l("请写明原因")), Length(max=500)])


class PoolAcceptForm(Form):
    """The declaration before accepting, as plain questions (R-COMM-06, R-COMM-07); a tick means that it is so."""

    employment = BooleanField(_l("最近三年，我在其中一方工作、任职或担任顾问"))
    kinship = BooleanField(_l("我的配偶、近亲属是其中一方的负责人或项目人员"))
    past_work = BooleanField(_l("最近三年，我与其中一方有业务合作"))
    other = BooleanField(_l("还有其他可能影响公正的关系"))
    party = SelectField(_l("有关系的单位"), [Optional()])
    prepared = BooleanField(_l("我参加过本项目采购需求的编制、调查、审查或者论证"))
    details = TextAreaField(_l("如有，请写明情况"), [Optional(), Length(max=500)])
    confirmed = BooleanField(_l("我确认以上回答属实，能够按时到场，并对项目和受邀情况保密"))

    def relations(self) -> Sequence[ConflictKind]:
        """Return the kinds of relation that were ticked."""
        kinds: Mapping[str, ConflictKind] = {
            "employment": ConflictKind.EMPLOYMENT,
            "kinship": ConflictKind.KINSHIP,
            "past_work": ConflictKind.PAST_WORK,
            "other": ConflictKind.OTHER,
        }
        return [kind for name, kind in kinds.items() if self[name].data]


class PoolDeclineForm(Form):
    """A reason for declining."""

    reason = TextAreaField(_l("理由"), [DataRequired(_l("请填写理由")), Length(max=500)])
