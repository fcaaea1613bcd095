"""Forms of suppliers' ties and former services: shape only."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from core.http.forms import Form
from core.i18n import _l

_CHOOSE = DataRequired(_l("请选择"))


class RelationForm(Form):
    """A tie between two organisations."""

    one_id = SelectField(_l("供应商或者单位"), [_CHOOSE])
    other_id = SelectField(_l("关联单位"), [_CHOOSE])
    relation_kind = SelectField(_l("关系"), [_CHOOSE])
    source = StringField(_l("登记依据"), [DataRequired(_l("请写明依据，如工商登记信息")), Length(max=500)])


class ServiceForm(Form):
    """What an organisation did for a project."""

    organisation_id = SelectField(_l("提供服务的单位"), [_CHOOSE])
    project_id = SelectField(_l("项目"), [_CHOOSE])
    service_kind = SelectField(_l("服务内容"), [_CHOOSE])
    service_source = StringField(_l("服务依据"), [DataRequired(_l("请写明依据，如合同编号")), Length(max=500)])
