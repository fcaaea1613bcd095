"""The expert's own file: standing, terms, history, fees, ties, changes and where fees go."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.deeds import acted
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.forms.file import AccountForm, ChangeForm
from experts.models import Expert
from experts.permissions import ExpertPermission
from experts.pool_rules import pool_rules
from experts.queries import appraisals, expert_of, service_records, services_of, years_of
from experts.services.appointments import terms_of
from experts.services.changes import FIELDS, changes_of, open_change, report_change
from experts.services.pay_accounts import PayData, account_of, enter_account
from experts.services.payments import payments_of
from experts.services.ties import ties_of

my_file = Blueprint("my_file", __name__, url_prefix="/my-file")


def _own(uow: UnitOfWork) -> Expert:
    expert = expert_of(uow, uow.actor)
    if expert is None:
        raise NotVisible
    return expert


@my_file.get("")
@requires(ExpertPermission.OWN)
def show(uow: UnitOfWork) -> ResponseReturnValue:
    """Show everything the pool knows of the expert."""
    expert = _own(uow)
    services = services_of(uow, expert)
    return render_template(
        "experts/file/show.html",
        expert=expert,
        record=service_records(uow, [expert])[expert.id],
        appraisal=appraisals(uow, [expert])[expert.id],
        rules=pool_rules(uow),
        terms=terms_of(uow, expert),
        services=services,
        years=years_of(services),
        ties=ties_of(uow, expert),
        changes=changes_of(uow, expert),
        fields=FIELDS,
        may_report=open_change(uow, expert) is None,
        account=account_of(uow, expert),
        payments=payments_of(uow, expert),
        crumbs=[(_("我的档案"), None)],
    )


@my_file.route("/change", methods=["GET", "POST"])
@requires(ExpertPermission.OWN)
def change(uow: UnitOfWork) -> ResponseReturnValue:
    """Report a change of particulars."""
    expert = _own(uow)
    form = ChangeForm(obj=expert)
    if not form.is_submitted():
        form.telephone.data, form.changed_on.data = expert.user.telephone, uow.today
    answer = acted(
        uow,
        form,
        lambda: report_change(
            uow,
            expert,
            {key: form.text(key) for key in FIELDS},
            changed_on=form["changed_on"].data,
            note=form.text("note"),
        ),
        url_for("my_file.show"),
        _l("已申报，财政局核对后生效"),
    )
    if answer is not None:
        return answer
    page = render_template(
        "experts/file/change.html",
        form=form,
        days=pool_rules(uow).change_days,
        crumbs=[(_("我的档案"), url_for("my_file.show")), (_("申报信息变更"), None)],
    )
    return page, 422 if form.is_submitted() else 200


@my_file.route("/account", methods=["GET", "POST"])
@requires(ExpertPermission.OWN)
def account(uow: UnitOfWork) -> ResponseReturnValue:
    """Enter where fees go."""
    expert = _own(uow)
    form = AccountForm()
    if not form.is_submitted():
        form.holder.data = expert.user.name

    def deed() -> None:
        data = PayData(form.text("identity"), form.text("holder"), form.text("bank"), form.secret("account"))
        enter_account(uow, expert, data, repeated=form.secret("repeated"))

    answer = acted(uow, form, deed, url_for("my_file.show"), _l("收款账户已加密保存"))
    if answer is not None:
        return answer
    page = render_template(
        "experts/file/account.html",
        form=form,
        crumbs=[(_("我的档案"), url_for("my_file.show")), (_("收款账户"), None)],
    )
    return page, 422 if form.is_submitted() else 200
