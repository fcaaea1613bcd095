"""The bureau's score sheet: what the next reviews go by (R-IND.sheet)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.unit_of_work import UnitOfWork
from experts.models import SheetVersion
from experts.permissions import MeetingPermission
from experts.services.sheet_versions import MOST_LINES, TypedLine, keep_sheet
from experts.terms import read_lines, terms_in_force

sheet_versions = Blueprint("sheet_versions", __name__, url_prefix="/review-sheet")

FIELDS = ("key", "title", "hint", "maximum")
SPARE, SHOWN = 2, 20


@sheet_versions.route("", methods=["GET", "POST"])
@requires(MeetingPermission.EDIT_SHEET)
def edit(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the sheet in force and keep a new version; reviews already convened keep theirs."""
    form = Form()
    terms = terms_in_force(uow)
    rows = (
        _typed()
        if form.is_submitted()
        else [TypedLine(one.key, str(one.label), str(one.says), one.maximum) for one in terms.lines]
    )
    here = url_for("sheet_versions.edit")
    said = _l("评审表已更新，此后召集的评审按新表评分；已召集的不受影响")
    if answer := acted(uow, form, lambda: keep_sheet(uow, rows), here, said):
        return answer
    spare = max(0, min(SPARE, MOST_LINES - len(rows)))
    page = render_template(
        "experts/meeting/sheet.html",
        form=form,
        rows=[*rows, *(TypedLine("", "", "", None) for _more in range(spare))],
        terms=terms,
        versions=[
            {"number": one.number, "read": read_lines(one.lines), "made_at": one.made_at, "made_by": one.made_by}
            for one in uow.session.scalars(
                select(SheetVersion)
                .options(selectinload(SheetVersion.made_by))
                .order_by(SheetVersion.number.desc())
                .limit(SHOWN)
            )
        ],
        crumbs=[(_("指标评审"), url_for("reviews.index")), (_("评审表"), None)],
    )
    return page, 422 if form.form_errors else 200


def _typed() -> list[TypedLine]:
    columns = [request.form.getlist(name)[: MOST_LINES + SPARE] for name in FIELDS]
    known = {"fit", "completeness", "measurability", "standards", "scoring", "samples"}
    found = []
    for key, title, hint, maximum in zip(*columns, strict=False):
        clean = key if key in known or (key.startswith("line") and key[4:].isdigit()) else ""
        if title.strip() or maximum.strip():
            found.append(TypedLine(clean, title[:40], hint[:200], _points(maximum)))
    return found


def _points(typed: str) -> Decimal | None:
    try:
        number = Decimal(typed.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
