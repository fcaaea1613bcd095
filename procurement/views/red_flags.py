"""The eleven indicators over the history of purchases: what each means, what it found, and on what that rests."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import requires
from core.http.lists import asked
from core.i18n import _
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from procurement.models import RedFlag
from procurement.permissions import SupervisionPermission
from procurement.queries.red_flags import all_flags, basis_of, flag_counts, load_flag, organisations_of, weight_of
from procurement.states import FlagRole, Indicator

red_flags = Blueprint("red_flags", __name__, url_prefix="/supervision/flags")


@red_flags.get("")
@requires(SupervisionPermission.DESK)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the indicators with what each found; of one of them when asked."""
    chosen = next((one for one in Indicator if one.value == asked("code")), None)
    return render_template(
        "procurement/red_flags/index.html",
        indicators=[(one, uow.house.rules.rule(one.rule_id, on=uow.today)) for one in Indicator],
        counts=flag_counts(uow),
        chosen=chosen,
        flags=all_flags(uow, chosen.value if chosen else ""),
        indicator_of=Indicator,
        weight_of=weight_of,
        crumbs=[(_("采购监管"), url_for("supervision.desk")), (_("风险指标"), None)],
    )


@red_flags.get("/<uuid:flag_id>")
@requires(SupervisionPermission.DESK, load_flag, see=SupervisionPermission.DESK)
def show(uow: UnitOfWork, flag: RedFlag) -> ResponseReturnValue:
    """Show one flag: its indicator's meaning, the figures, and the purchases it rests on."""
    indicator = Indicator(flag.code)
    return render_template(
        "procurement/red_flags/show.html",
        flag=flag,
        indicator=indicator,
        rule=uow.house.rules.rule(indicator.rule_id, on=uow.today),
        role=FlagRole(flag.role).label if flag.role else "",
        weight=weight_of(flag),
        basis=basis_of(uow, flag),
        organisations=organisations_of(uow, flag),
        may_handle=policy.allows(uow.actor, SupervisionPermission.HANDLE_CASE),
        crumbs=[
            (_("采购监管"), url_for("supervision.desk")),
            (_("风险指标"), url_for("red_flags.index")),
            (flag.code, None),
        ],
    )
