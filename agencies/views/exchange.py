"""The library out as XLSX and in again: template, preview, and all of it or nothing."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from agencies.forms.exchange import LibraryImportForm
from agencies.library_sheet import (
    LIMITS,
    TITLES,
    AgencyEntry,
    export_library_sheet,
    read_library_sheet,
    refused_cells,
    template_sheet,
)
from agencies.models import Agency, AgencyListing
from agencies.permissions import RegisterPermission
from agencies.queries import agencies_matching
from agencies.services.exchange import Planned, RowsRefused, digest_of, import_library, plan_import
from agencies.views.library import agencies_asked_for
from core.errors import Refusal, Refused
from core.http.guard import requires
from core.i18n import Language, _, _l
from core.spreadsheets import CellError, Preview, Unreadable
from core.unit_of_work import UnitOfWork

exchange = Blueprint("exchange", __name__, url_prefix="/agencies/table")
SHOWN = 200
"""How many rows of a preview, and how many wrong cells, a page shows."""


@exchange.get("/agencies.xlsx")
@requires(RegisterPermission.EXPORT)
def export(uow: UnitOfWork) -> ResponseReturnValue:
    """Download the agencies that the filters select, in the columns that the import reads."""
    wanted = agencies_asked_for()
    found = agencies_matching(uow.actor, wanted).with_only_columns(AgencyListing.agency_id).order_by(AgencyListing.name)
    ids = list(uow.session.scalars(found.limit(LIMITS.rows + 1)))
    if len(ids) > LIMITS.rows:
        flash(_("超过 %(most)s 家，一个文件放不下；请用条件缩小范围后再导出", most=f"{LIMITS.rows:,}"), "warning")
        return redirect(url_for("agencies.index"))
    rows = select(Agency).where(Agency.id.in_(ids)).options(selectinload(Agency.leads))
    agencies = sorted(uow.session.scalars(rows).unique(), key=lambda one: one.organisation.name)
    language: Language = "zh" if get_locale().language == "zh" else "en"
    data = export_library_sheet(agencies, language)
    return send_file(io.BytesIO(data), download_name=_("机构库") + ".xlsx", as_attachment=True)


@exchange.get("/template.xlsx")
@requires(RegisterPermission.IMPORT)
def template(_uow: UnitOfWork) -> ResponseReturnValue:
    """Download an empty table with the columns and their explanations."""
    return send_file(io.BytesIO(template_sheet()), download_name=_("机构库模板") + ".xlsx", as_attachment=True)


@exchange.route("/import", methods=["GET", "POST"])
@requires(RegisterPermission.IMPORT)
def import_table(uow: UnitOfWork) -> ResponseReturnValue:
    """Take a table in: the first time it is only looked at, the second time what was shown is written."""
    form = LibraryImportForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    planned: Sequence[Planned] = ()
    errors: list[CellError] = []
    if form.validate_on_submit():
        try:
            data, is_seen = _data(form)
            preview, entries = _read(data)
            errors = preview.errors
            if preview.clean:
                if is_seen:
                    return _written(uow, form, preview, entries)
                planned = plan_import(uow, entries)
                form.kept.data, form.previewed.data = base64.b64encode(data).decode(), digest_of(planned)
        except RowsRefused as refused:
            errors = [cell for row, refusals in refused.rows.items() for cell in refused_cells(preview, row, refusals)]
        except Refused as refused:
            form.kept.data = form.previewed.data = ""
            form.refuse(refused)
    if errors:
        form.kept.data = form.previewed.data = ""
    page = render_template(
        "agencies/exchange/import.html",
        form=form,
        planned=planned[:SHOWN],
        counts=(
            sum(one.is_new for one in planned),
            sum(not one.is_new and bool(one.changes) for one in planned),
            len(planned),
        ),
        errors=errors[:SHOWN],
        found=len(errors),
        shown=SHOWN,
        titles=TITLES,
        crumbs=[(_("机构库"), url_for("agencies.index")), (_("导入"), None)],
    )
    return page, 422 if form.is_submitted() and not planned else 200


def _written(
    uow: UnitOfWork, form: LibraryImportForm, _preview: Preview, entries: Sequence[AgencyEntry]
) -> ResponseReturnValue:
    new, changed = import_library(uow, entries, form.text("previewed"))
    location = url_for("agencies.index")
    form.mark_used(uow, location)
    flash(_("新入库 %(new)s 家，更新 %(changed)s 家", new=new, changed=changed), "success")
    return redirect(location)


def _data(form: LibraryImportForm) -> tuple[bytes, bool]:
    """Return the file that is sent now, or the one that was looked at before, and whether it was."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        form.kept.data = form.previewed.data = ""
        return bytes(upload.read()), False
    if not form.kept.data:
        raise Refused(Refusal(_l("请选择 XLSX 或 CSV 文件"), field="file"))
    try:
        return base64.b64decode(form.kept.data, validate=True), True
    except binascii.Error as error:
        raise Refused(Refusal(_l("请重新选择文件"), field="file")) from error


def _read(data: bytes) -> tuple[Preview, list[AgencyEntry]]:
    try:
        return read_library_sheet(data)
    except Unreadable as unreadable:
        words = unreadable.message
        raise Refused(Refusal(words.zh if get_locale().language == "zh" else words.en, field="file")) from unreadable
