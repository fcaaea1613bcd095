"""Yearly reports on quality: the public list, a report's page, ordering, releasing and taking back."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from core.audit.timeline import timeline
from core.documents.accept import documents_of
from core.documents.models import Document
from core.errors import NotVisible
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import listing
from core.i18n import _
from core.permissions import policy
from core.records import canonical
from core.unit_of_work import UnitOfWork
from grading.forms import QualityReportForm, ReasonForm
from grading.models import QualityReport
from grading.permissions import AnalysisPermission, QualityReportPermission
from grading.queries.quality_report import load_quality_report, published_years, visible_reports
from grading.services.quality_report import ask_for_report, drop_report, due_for_release, release_report
from grading.states import QualityReportState

quality_reports = Blueprint("quality_reports", __name__, url_prefix="/quality-reports")


def may_read_document(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the report may download its papers."""
    report = uow.get(QualityReport, document.owner_id)
    return report is not None and policy.allows(uow.actor, QualityReportPermission.READ, report)


def _location(report: QualityReport) -> str:
    return url_for("quality_reports.show", report_id=report.id)


def _crumbs(uow: UnitOfWork, here: str | None = None) -> list[tuple[str, str | None]]:
    inside = policy.allows(uow.actor, AnalysisPermission.READ)
    way: list[tuple[str, str | None]] = [(_("质量分析"), url_for("analysis.home"))] if inside else []
    title = _("年度评价质量报告")
    return [*way, (title, None)] if here is None else [*way, (title, url_for("quality_reports.index")), (here, None)]


def _form(uow: UnitOfWork, *, fresh: bool) -> QualityReportForm:
    form = QualityReportForm(formdata=None) if fresh else QualityReportForm()
    form.year.choices = [(year, str(year)) for year in published_years(uow)]
    return form


def _index(uow: UnitOfWork, form: QualityReportForm, status: int = 200) -> ResponseReturnValue:
    page = listing(uow, visible_reports(uow.actor), sortable={"year": QualityReport.year}, default="-year")
    shown = render_template(
        "grading/quality_report/index.html",
        page=page,
        form=form if policy.allows(uow.actor, QualityReportPermission.WRITE) else None,
        crumbs=_crumbs(uow),
    )
    return shown, status


@quality_reports.get("")
@requires(QualityReportPermission.BROWSE)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the reports the reader may see."""
    return _index(uow, _form(uow, fresh=True))


@quality_reports.post("")
@requires(QualityReportPermission.WRITE)
def ask(uow: UnitOfWork) -> ResponseReturnValue:
    """Order the report of a year."""
    form = _form(uow, fresh=False)
    made: list[QualityReport] = []
    done = acted(
        uow,
        form,
        lambda: made.append(ask_for_report(uow, form.year.data)),
        lambda: _location(made[0]),
        lambda: _("正在计算并排印报告，完成后由审批人审核发布"),
    )
    return done or _index(uow, form, 422)


@quality_reports.get("/<uuid:report_id>")
@requires(QualityReportPermission.READ, load_quality_report, see=QualityReportPermission.READ)
def show(uow: UnitOfWork, report: QualityReport) -> ResponseReturnValue:
    """Show a report: what it says, its papers, who made and released it."""
    return _show(uow, report)


def _show(
    uow: UnitOfWork, report: QualityReport, form: Form | None = None, drop: ReasonForm | None = None, status: int = 200
) -> ResponseReturnValue:
    inside = policy.allows(uow.actor, AnalysisPermission.READ)
    release = policy.decide(uow.actor, QualityReportPermission.RELEASE, report)
    drafted = report.state is QualityReportState.DRAFT
    locale = get_locale()
    language = "en" if locale is not None and locale.language == "en" else "zh"
    shown = render_template(
        "grading/quality_report/show.html",
        report=report,
        inside=inside,
        said=[one[language] for one in (report.figures or {}).get("says", [])],
        documents=[_listed(one) for one in reversed(documents_of(uow, report))],
        due=due_for_release(uow, report) if drafted and inside else None,
        form=(form or Form(formdata=None, obj=report)) if drafted and release else None,
        why_not=release.reason if drafted and inside and not release else None,
        drop_form=(drop or ReasonForm(formdata=None, prefix="drop")) if _may_drop(uow, report) else None,
        entries=timeline(uow, report) if inside else [],
        crumbs=_crumbs(uow, str(report.year)),
    )
    return shown, status


def _listed(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "url": url_for("documents.download", document_id=document.id),
        "size": document.size,
        "at": document.added_at,
        "note": _("中文") if document.purpose.endswith("zh") else _("英文"),
    }


def _may_drop(uow: UnitOfWork, report: QualityReport) -> bool:
    if report.state is QualityReportState.RELEASED:
        return bool(policy.allows(uow.actor, QualityReportPermission.WITHDRAW, report))
    return report.state is not QualityReportState.DROPPED and bool(
        policy.allows(uow.actor, QualityReportPermission.WRITE, report)
    )


@quality_reports.get("/<uuid:report_id>/figures.json")
@requires(QualityReportPermission.READ, load_quality_report, see=QualityReportPermission.READ)
def figures(_uow: UnitOfWork, report: QualityReport) -> ResponseReturnValue:
    """Download the frozen figures, byte for byte what the digest is of: `sha256sum` gives it."""
    if report.figures is None:
        raise NotVisible
    name = f"quality-report-{report.year}-figures.json"
    return send_file(
        io.BytesIO(canonical(report.figures)), mimetype="application/json", download_name=name, as_attachment=True
    )


@quality_reports.post("/<uuid:report_id>/release")
@requires(QualityReportPermission.RELEASE, load_quality_report, see=QualityReportPermission.READ)
def release(uow: UnitOfWork, report: QualityReport) -> ResponseReturnValue:
    """Release the report to the public."""
    form = Form()
    form.check_revision(report)
    done = acted(
        uow,
        form,
        lambda: release_report(uow, report),
        _location(report),
        lambda: _("已发布，公众现在可以查看和下载"),
    )
    return done or _show(uow, report, form=form, status=422)


@quality_reports.post("/<uuid:report_id>/drop")
@requires(QualityReportPermission.READ, load_quality_report, see=QualityReportPermission.READ)
def drop(uow: UnitOfWork, report: QualityReport) -> ResponseReturnValue:
    """Give a report up, or take a released one back; the workflow asks who may."""
    form = ReasonForm(prefix="drop")
    done = acted(
        uow,
        form,
        lambda: drop_report(uow, report, form.text("reason")),
        url_for("quality_reports.index"),
        lambda: _("%(number)s 已撤回，可以重新生成", number=report.number),
    )
    return done or _show(uow, report, drop=form, status=422)
