"""Drawing up an indicator system: web form, XLSX import, submission."""

from __future__ import annotations

import io
from decimal import Decimal

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.http.forms import Form, FormError
from core.http.guard import requires
from core.http.transitions import add_transitions
from core.i18n import _, _l
from core.permissions import policy
from core.spreadsheets import CellRefused, Preview, Unreadable
from core.unit_of_work import UnitOfWork
from projects.indicator_quality import doubts
from projects.indicator_sheet import export_sheet, read_sheet, template_sheet, weight_of
from projects.models import Indicator, IndicatorSystem
from projects.permissions import SystemPermission
from projects.queries import common_indicators, load_system
from projects.services.systems import IndicatorEntry, set_indicators
from projects.services.versions import APPROVED
from projects.states import Dimension, StandardKind
from projects.workflow import INDICATOR_SYSTEM

systems = Blueprint("systems", __name__, url_prefix="/indicator-systems")
ROWS = ("dimension", "second", "third", "weight", "target", "standard", "scoring", "common")


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the system may read its files."""
    system = uow.get(IndicatorSystem, document.owner_id)
    return system is not None and policy.allows(uow.actor, SystemPermission.READ, system)


def _location(system: IndicatorSystem) -> str:
    return url_for("systems.show", system_id=system.id)


@systems.get("/<uuid:system_id>")
@requires(SystemPermission.READ, load_system, see=SystemPermission.READ)
def show(uow: UnitOfWork, system: IndicatorSystem) -> ResponseReturnValue:
    """Show the system as a tree table with its next step."""
    return render_template(
        "projects/system/show.html",
        system=system,
        totals=_totals(system),
        options=INDICATOR_SYSTEM.options(uow, system),
        may_edit=policy.allows(uow.actor, SystemPermission.EDIT, system),
        doubts=doubts(system.indicators) if policy.allows(uow.actor, SystemPermission.EDIT, system) else [],
        frozen=[
            {
                "name": one.name,
                "url": url_for("documents.download", document_id=one.id),
                "size": one.size,
                "at": one.added_at,
            }
            for one in documents_of(uow, system, APPROVED)
        ],
        entries=timeline(uow, system),
        crumbs=_crumbs(system),
    )


@systems.route("/<uuid:system_id>/edit", methods=["GET", "POST"])
@requires(SystemPermission.EDIT, load_system, see=SystemPermission.READ)
def edit(uow: UnitOfWork, system: IndicatorSystem) -> ResponseReturnValue:
    """Fill in the indicators as a table; what was typed stays when a cell is wrong."""
    form = Form(obj=system)
    rows = _typed_rows() if form.is_submitted() else [_as_row(one) for one in system.indicators]
    errors: dict[tuple[int, str], FormError] = {}
    if form.validate_on_submit():
        form.check_revision(system)
        entries, errors = _parse(rows)
        if not errors and not request.form.get("more"):
            try:
                set_indicators(uow, system, entries)
            except Refused as refused:
                form.refuse(refused)
            else:
                flash(_("已保存 %(count)s 个指标", count=len(entries)), "success")
                return redirect(_location(system))
    page = render_template(
        "projects/system/edit.html",
        form=form,
        system=system,
        rows=rows + [dict.fromkeys(ROWS, "") for _more in range(5)],
        errors=errors,
        common=common_indicators(uow),
        dimensions=list(Dimension),
        standards=list(StandardKind),
        crumbs=[*_crumbs(system, linked=True), (_("编制"), None)],
    )
    return page, 422 if errors or form.errors else 200


@systems.route("/<uuid:system_id>/import", methods=["GET", "POST"])
@requires(SystemPermission.EDIT, load_system, see=SystemPermission.READ)
def import_sheet(uow: UnitOfWork, system: IndicatorSystem) -> ResponseReturnValue:
    """Import the indicators from XLSX or CSV: a preview names every bad cell before anything is written."""
    form = Form(obj=system)
    preview = None
    if form.validate_on_submit():
        form.check_revision(system)
        upload = request.files.get("file")
        try:
            if upload is None or not upload.filename:
                raise Refused(Refusal(_l("请选择 XLSX 或 CSV 文件")))
            preview, entries = read_sheet(upload.read())
            if preview.clean:
                set_indicators(uow, system, entries, imported=True)
                flash(_("已导入 %(count)s 个指标", count=len(entries)), "success")
                return redirect(_location(system))
        except Unreadable as unreadable:
            form.refuse(
                Refused(Refusal(unreadable.message.zh if get_locale().language == "zh" else unreadable.message.en))
            )
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "projects/system/import.html",
        form=form,
        system=system,
        preview=preview,
        crumbs=[*_crumbs(system, linked=True), (_("导入"), None)],
    )
    return page, 422 if form.is_submitted() else 200


def _uploaded_sheet() -> tuple[Preview, list[IndicatorEntry]]:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refused(Refusal(_l("请选择 XLSX 或 CSV 文件")))
    try:
        return read_sheet(upload.read())
    except Unreadable as unreadable:
        words = unreadable.message
        raise Refused(Refusal(words.zh if get_locale().language == "zh" else words.en)) from unreadable


@systems.get("/<uuid:system_id>/indicators.xlsx")
@requires(SystemPermission.READ, load_system, see=SystemPermission.READ)
def export(_uow: UnitOfWork, system: IndicatorSystem) -> ResponseReturnValue:
    """Download the indicators in the columns that the import and `check-report --approved` read."""
    name = _("指标体系") + f"-{system.project.code}.xlsx"
    return send_file(io.BytesIO(export_sheet(system.indicators)), download_name=name, as_attachment=True)


@systems.get("/<uuid:system_id>/template.xlsx")
@requires(SystemPermission.READ, load_system, see=SystemPermission.READ)
def template(_uow: UnitOfWork, _system: IndicatorSystem) -> ResponseReturnValue:
    """Download an empty sheet with the columns and their explanations."""
    return send_file(io.BytesIO(template_sheet()), download_name=_("指标体系模板") + ".xlsx", as_attachment=True)


add_transitions(
    systems,
    INDICATOR_SYSTEM,
    load_system,
    prefix="/<uuid:system_id>",
    see=SystemPermission.READ,
    location=_location,
)


def _crumbs(system: IndicatorSystem, *, linked: bool = False) -> list[tuple[str, str | None]]:
    return [
        (_("评价委托"), url_for("engagements.index")),
        (_("指标体系") + "·" + system.project.name, _location(system) if linked else None),
    ]


def _totals(system: IndicatorSystem) -> dict[Dimension, Decimal]:
    return {
        one: sum((row.weight for row in system.indicators if row.dimension is one), Decimal(0)) for one in Dimension
    }


def _typed_rows() -> list[dict[str, str]]:
    columns = {name: request.form.getlist(name) for name in ROWS}
    count = max((len(values) for values in columns.values()), default=0)
    rows = [
        {name: (values[position].strip() if position < len(values) else "") for name, values in columns.items()}
        for position in range(min(count, 300))
    ]
    return [row for row in rows if any(row[name] for name in ("second", "third", "weight", "target", "scoring"))]


def _as_row(indicator: Indicator) -> dict[str, str]:
    return {
        "dimension": indicator.dimension.value,
        "second": indicator.second,
        "third": indicator.third,
        "weight": f"{indicator.weight:f}",
        "target": indicator.target,
        "standard": indicator.standard.value,
        "scoring": indicator.scoring,
        "common": "1" if indicator.is_common else "",
    }


def _parse(rows: list[dict[str, str]]) -> tuple[list[IndicatorEntry], dict[tuple[int, str], FormError]]:
    """Turn typed rows into entries; errors are keyed by row (from 0) and column."""
    entries: list[IndicatorEntry] = []
    errors: dict[tuple[int, str], FormError] = {}
    for position, row in enumerate(rows):
        for name in ("second", "third", "target", "scoring"):
            if not row[name]:
                errors[position, name] = FormError(_("不能为空"), "R-AGENCY-08")
        weight = _weight(row["weight"])
        if weight is None:
            errors[position, "weight"] = FormError(_("权重须是大于 0、不超过 100 的数，最多两位小数"), "R-PERF-02")
        known = row["dimension"] in {one.value for one in Dimension}
        if not known:
            errors[position, "dimension"] = FormError(_("请选择一级指标"), "R-PERF-04")
        if row["standard"] not in {one.value for one in StandardKind}:
            errors[position, "standard"] = FormError(_("请选择评价标准"), "R-PERF-05")
        if weight is not None and not any(key[0] == position for key in errors):
            entries.append(
                IndicatorEntry(
                    Dimension(row["dimension"]),
                    row["second"],
                    row["third"],
                    weight,
                    row["target"],
                    StandardKind(row["standard"]),
                    row["scoring"],
                    is_common=bool(row["common"]),
                )
            )
    return entries, errors


def _weight(typed: str) -> Decimal | None:
    try:
        return weight_of(typed)
    except CellRefused:
        return None
