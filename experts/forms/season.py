"""What an officer types about a season; shape only."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from core.http.choices import choices_of
from core.http.forms import Form
from core.i18n import _l
from experts.states import Verdict


class OpenSeasonForm(Form):
    """Which reviews are assigned together, why, and the meetings of those not yet convened."""

    title = StringField(_l("名称"), [DataRequired(_l("请填写名称")), Length(max=80)])
    basis = TextAreaField(
        _l("依据"),
        [DataRequired(_l("请写明成批分配的依据，例如本局哪次会议的决定")), Length(max=500)],
        description=_l("说明为什么这些评审一起分配，而不逐项抽取"),
    )
    reviews = SelectMultipleField(
        _l("已召集、尚未抽取的评审"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    systems = SelectMultipleField(
        _l("等待召集的指标体系（随本次一并召集）"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    first_at = DateTimeLocalField(_l("首场评审时间"), [Optional()])
    minutes = IntegerField(_l("每场相隔（分钟）"), [Optional()], default=180)
    place = StringField(_l("地点或线上会议号"), [Optional(), Length(max=120)])
    fee = DecimalField(_l("每人咨询费（元）"), [Optional()], places=2)
    answer_by = DateTimeLocalField(_l("答复期限"), [Optional()])
    reserves = IntegerField(_l("每项候补人数"), [Optional()], default=5)


class SeasonForm(Form):
    """How the season is computed; what each review wants comes as numbers beside it."""

    load_max = IntegerField(_l("每人最多任务数"), [DataRequired(_l("请填写数字"))])
    load_min = IntegerField(_l("每人最少任务数"), [Optional()])
    pair_percent = IntegerField(
        _l("任一配对的最大可能（%）"), [Optional()], description=_l("填写即按机会分配；留空为不按机会、取总分最高")
    )
    fairness = BooleanField(_l("让匹配最差的评审尽量好（不按机会时）"))
    together = IntegerField(_l("两名专家最多共同参加"), [Optional()], description=_l("不按机会时可填；留空为不限"))


class DecideForm(Form):
    """A pair decided by hand."""

    expert_id = SelectField(_l("专家"), [DataRequired(_l("请选择专家"))])
    verdict = SelectField(_l("决定"), choices=choices_of(Verdict))
    reason = TextAreaField(_l("理由"), [DataRequired(_l("请写明理由")), Length(max=500)])


class PublishSeasonForm(Form):
    """Why a plan without chance is published."""

    reason = TextAreaField(_l("不按机会分配的理由"), [Optional(), Length(max=500)])
