"""Two to six agencies side by side: on a page, on paper and as XLSX."""

from __future__ import annotations

import io
import uuid

from flask import Blueprint, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from agencies.comparison import FEWEST, MOST, compare, only_differences
from agencies.comparison_sheet import comparison_sheet
from agencies.models import AgencyListing
from agencies.permissions import RegisterPermission
from agencies.queries import Wanted, best_agencies
from agencies.queries.comparison import facts_of, listed_agencies
from core.http.guard import requires
from core.http.lists import asked
from core.i18n import Language, _
from core.permissions import policy
from core.unit_of_work import UnitOfWork

comparisons = Blueprint("comparisons", __name__, url_prefix="/agencies/compare")
OFFERED = 8


@comparisons.get("")
@requires(RegisterPermission.COMPARE)
def show(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the chosen agencies side by side, and a way to choose others."""
    chosen = _chosen(uow)
    agencies = facts_of(uow, chosen, with_work=policy.allows(uow.actor, RegisterPermission.COMPARE_WORK))
    ids = [one.id for one in agencies]
    groups = compare(agencies) if len(agencies) >= FEWEST else []
    only = asked("only") == "differences"
    best = best_agencies(uow.actor, Wanted(asked("q")))
    offered = uow.session.scalars(best.top(AgencyListing, OFFERED)).all() if best else []
    return render_template(
        "agencies/comparison/show.html",
        agencies=agencies,
        groups=only_differences(groups) if only else groups,
        ids=ids,
        only=only,
        text=asked("q"),
        offered=[one for one in offered if str(one.agency_id) not in ids],
        fewest=FEWEST,
        most=MOST,
        is_beyond=len(_asked_ids()) > MOST,
        crumbs=[(_("机构库"), url_for("agencies.index")), (_("机构对比"), None)],
    )


@comparisons.get("/agencies.xlsx")
@requires(RegisterPermission.COMPARE)
def sheet(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the comparison."""
    agencies = facts_of(uow, _chosen(uow), with_work=policy.allows(uow.actor, RegisterPermission.COMPARE_WORK))
    language: Language = "zh" if get_locale().language == "zh" else "en"
    title = _("机构对比")
    data = comparison_sheet(agencies, compare(agencies), title=title, language=language)
    return send_file(io.BytesIO(data), download_name=f"{title}.xlsx", as_attachment=True)


def _asked_ids() -> list[uuid.UUID]:
    found = []
    for one in request.args.getlist("id"):
        try:
            found.append(uuid.UUID(one))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _chosen(uow: UnitOfWork) -> list[AgencyListing]:
    """Return the agencies that the address names, as many as stand side by side."""
    return listed_agencies(uow, _asked_ids()[:MOST])
