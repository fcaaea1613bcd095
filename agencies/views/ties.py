"""The picture of an agency's ties (利害关系图), with the table it is drawn from."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from agencies.models import Agency
from agencies.permissions import RegisterPermission
from agencies.queries import load_agency
from agencies.queries.ties import body_of, ties_of
from agencies.tie_plot import place
from agencies.ties import NodeKind, Tie, TieKind, node_of
from core.http.guard import requires
from core.http.lists import Filter, asked
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork

ties = Blueprint("agency_ties", __name__, url_prefix="/agencies")

FILTERS = (
    Filter("kind", _l("关系"), [(one.value, one.label) for one in TieKind]),
    Filter("end", _l("对方"), [(one.value, one.label) for one in NodeKind]),
    Filter("basis", _l("依据"), [("recorded", _l("有记录")), ("inferred", _l("仅凭相同信息推断"))]),
)


@ties.get("/<uuid:agency_id>/ties")
@requires(RegisterPermission.READ_TIES, load_agency)
def show(uow: UnitOfWork, agency: Agency) -> ResponseReturnValue:
    """Show to whom an agency is tied, and why that is believed."""
    centre = node_of(body_of(agency))
    every = ties_of(uow, agency)
    values = {one.name: asked(one.name) for one in FILTERS if asked(one.name) in dict(one.choices)}
    shown = [one for one in every if _is_wanted(one, values)]
    return render_template(
        "agencies/ties/show.html",
        agency=agency,
        centre=centre,
        ties=shown,
        total=len(every),
        picture=place(centre, shown),
        filters=FILTERS,
        values=values,
        crumbs=[
            (_("机构库"), url_for("agencies.index")),
            (agency.organisation.name, url_for("agencies.show", agency_id=agency.id)),
            (_("利害关系图"), None),
        ],
    )


def _is_wanted(tie: Tie, values: dict[str, str]) -> bool:
    return (
        values.get("kind", tie.kind.value) == tie.kind.value
        and values.get("end", tie.other.kind.value) == tie.other.kind.value
        and values.get("basis", _basis(tie)) == _basis(tie)
    )


def _basis(tie: Tie) -> str:
    return "inferred" if tie.inferred else "recorded"
