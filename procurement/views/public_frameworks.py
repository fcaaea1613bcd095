"""Framework agreements for everybody: who is admitted at what price, what was called off, the records to verify by.

The call and the admission can be looked up during the whole term (R-FRAME-01).
"""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from core.documents.models import Document
from core.http.guard import public, requires
from core.http.lists import asked, listing
from core.i18n import _
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.methods import WAYS, ways_named
from procurement.models import Framework, Tender
from procurement.permissions import FrameworkPermission
from procurement.queries.frameworks import (
    call_offs_of,
    calls_of,
    framework_terms,
    frameworks_matching,
    load_framework,
    members_of,
    shares_of,
    shortlists_of,
)
from procurement.queries.public_notices import result_notices
from procurement.services.call_off_turns import turns_of_type
from procurement.states import Method, TenderState
from procurement.views.results import as_file

public_frameworks = Blueprint("public_frameworks", __name__, url_prefix="/public-frameworks")
P = FrameworkPermission


@public_frameworks.get("")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the framework agreements for anybody."""
    page = listing(
        uow,
        frameworks_matching(text=asked("q")),
        sortable={"admitted": Framework.admitted_at, "title": Tender.title, "ends": Framework.ends_on},
        default="-admitted",
    )
    return render_template(
        "procurement/framework/public_index.html", page=page, today=uow.today, crumbs=[(_("框架协议"), None)]
    )


@public_frameworks.get("/<uuid:framework_id>")
@requires(P.READ_PUBLIC, load_framework, see=P.READ_PUBLIC)
def show(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Show who is admitted at what price and in what order, and the results of the second stage."""
    members, terms = members_of(uow, framework), framework_terms(uow, framework)
    done = [one for one in call_offs_of(uow, framework) if one.tender.state is TenderState.AWARDED]
    calls = calls_of(uow, framework)
    lists = shortlists_of(uow, calls)
    return render_template(
        "procurement/framework/public.html",
        framework=framework,
        tender=framework.tender,
        terms=terms,
        ways=ways_named(terms.ways),
        way_of=WAYS,
        types=[(lot, [one for one in members if one.lot_id == lot.id]) for lot in framework.tender.lots],
        notices=[one for call in calls for one in result_notices(uow, call)],
        calls=[one for one in calls if one.published_at is not None],
        shortlists=lists,
        hashes={one.id: str(one.public_record["digests"]["record"]) for one in lists},
        call_offs=done,
        shares=shares_of(uow, framework),
        turns={lot.id: turns_of_type(uow, lot) for lot in framework.tender.lots}
        if Method.CALL_OFF_ROTATION.value in terms.ways
        else {},
        is_over=framework.is_over_on(uow.today),
        crumbs=[(_("框架协议"), url_for("public_frameworks.index")), (framework.tender.number, None)],
    )


@public_frameworks.get("/<uuid:framework_id>/shortlist-<uuid:shortlist_id>.json")
@requires(P.READ_PUBLIC, load_framework, see=P.READ_PUBLIC)
def record(uow: UnitOfWork, framework: Framework, shortlist_id: uuid.UUID) -> ResponseReturnValue:
    """Download the public record of a shortlisting, which anybody can verify."""
    row = next((one for one in shortlists_of(uow, calls_of(uow, framework)) if one.id == shortlist_id), None)
    if row is None:
        abort(404)
    name = f"shortlist-{framework.tender.number}-{row.lot.position}.json"
    return as_file(written(row.public_record), "application/json", name)


@public_frameworks.get("/<uuid:framework_id>/summary.pdf")
@requires(P.READ_PUBLIC, load_framework, see=P.READ_PUBLIC)
def summary(uow: UnitOfWork, framework: Framework) -> ResponseReturnValue:
    """Download the summary of the results, once the framework has ended."""
    document = uow.get(Document, framework.summary_id)
    if document is None:
        abort(404)
    with uow.house.store.open(document.sha256) as file:
        return as_file(file.read(), document.media_type, document.name)
