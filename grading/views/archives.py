"""The archive of an evaluation: three folders, what they lack, filed once, taken out as one file (R-AGENCY-13)."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from agencies.models import Engagement
from agencies.permissions import AgencyPermission
from agencies.queries import load_engagement
from agencies.queries.following import is_followed
from agencies.states import EngagementState
from core.archives.package import stream
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import Language, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.archive_parts import FOLDERS
from grading.forms.archive import ExcuseForm, GiveBackForm, PaperForm
from grading.models import EvaluationArchive
from grading.permissions import ArchivePermission
from grading.queries.comment import has_final
from grading.services.archives import (
    add_paper,
    archive_of,
    excuse,
    export,
    file_archive,
    give_back,
    missing_of,
    papers_of,
    remove_paper,
)
from grading.services.report_information import information, information_table
from grading.states import ArchiveState, Folder, PaperKind

archives = Blueprint("evaluation_archives", __name__, url_prefix="/engagements/<uuid:engagement_id>")


def may_read_paper(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the archive may read its files."""
    archive = uow.get(EvaluationArchive, document.owner_id)
    return archive is not None and policy.allows(uow.actor, ArchivePermission.READ, archive.engagement)


def load_archive(uow: UnitOfWork, engagement_id: uuid.UUID) -> EvaluationArchive | None:
    """Return the archive of the engagement with this id."""
    engagement = load_engagement(uow, engagement_id)
    return archive_of(uow, engagement) if engagement is not None else None


def _location(engagement: Engagement) -> str:
    return url_for("evaluation_archives.show", engagement_id=engagement.id)


@archives.get("/archive")
@requires(ArchivePermission.READ, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def show(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Show the archive folder by folder."""
    return _page(uow, engagement)


def _page(uow: UnitOfWork, engagement: Engagement, form: Form | None = None) -> ResponseReturnValue:
    archive, papers = archive_of(uow, engagement), papers_of(uow, engagement)
    filed = archive is not None and archive.state is ArchiveState.FILED
    keeps = (
        policy.allows(uow.actor, ArchivePermission.KEEP, engagement)
        and not filed
        and engagement.state in (EngagementState.EVALUATING, EngagementState.DELIVERED)
    )
    values: dict[str, Any] = {
        "engagement": engagement,
        "archive": archive,
        "state": archive.state if archive is not None else ArchiveState.OPEN,
        "filed": filed,
        "folders": [(one, [paper for paper in papers if FOLDERS[paper.kind] is one]) for one in Folder],
        "size": sum(one.size for one in papers),
        "count": len(papers),
        "missing": [] if filed else missing_of(uow, engagement, papers),
        "excuses": archive.excuses if archive is not None else {},
        "keeps": keeps,
        "has_final": has_final(uow, engagement.id),
        "followed": is_followed(uow, engagement),
        "may_return": filed
        and engagement.state is not EngagementState.CLOSED
        and policy.allows(uow.actor, ArchivePermission.RETURN, archive),
        "adding": form if isinstance(form, PaperForm) else PaperForm(formdata=None),
        "excusing": form if isinstance(form, ExcuseForm) else ExcuseForm(formdata=None),
        "returning": form if isinstance(form, GiveBackForm) else GiveBackForm(formdata=None),
        "pressing": form if form is not None and type(form) is Form else Form(formdata=None),
        "crumbs": [
            (_("评价委托"), url_for("engagements.index")),
            (engagement.number, url_for("engagements.show", engagement_id=engagement.id)),
            (_("评价档案"), None),
        ],
    }
    if form is None and archive is not None:
        values["excusing"].reason.data = archive.excuses.get(PaperKind.QUESTIONNAIRE.value, "")
    return render_template("grading/archive/show.html", **values), 200 if form is None else 422


@archives.post("/archive/papers")
@requires(ArchivePermission.KEEP, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def add(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Add a file."""
    form = PaperForm()

    def deed() -> None:
        add_paper(uow, engagement, PaperKind(form.kind.data), form.file.data, form.text("origin"))

    return acted(uow, form, deed, _location(engagement), _l("已加入档案")) or _page(uow, engagement, form)


@archives.post("/archive/papers/<uuid:paper_id>/remove")
@requires(ArchivePermission.KEEP, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def remove(uow: UnitOfWork, engagement: Engagement, paper_id: uuid.UUID) -> ResponseReturnValue:
    """Take a file out again."""
    form = Form()
    said = _l("已从档案中移出")
    return acted(uow, form, lambda: remove_paper(uow, engagement, paper_id), _location(engagement), said) or _page(
        uow, engagement, form
    )


@archives.post("/archive/questionnaires")
@requires(ArchivePermission.KEEP, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def without(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Say why there are no questionnaires."""
    form = ExcuseForm()

    def deed() -> None:
        excuse(uow, engagement, PaperKind.QUESTIONNAIRE, form.text("reason"))

    return acted(uow, form, deed, _location(engagement), _l("已说明")) or _page(uow, engagement, form)


@archives.post("/archive/file")
@requires(ArchivePermission.KEEP, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def close(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """File the archive."""
    form = Form()
    said = _l("评价档案已归档，清单和校验值已固定")
    return acted(uow, form, lambda: file_archive(uow, engagement), _location(engagement), said) or _page(
        uow, engagement, form
    )


@archives.post("/archive/return")
@requires(ArchivePermission.RETURN, load_archive)
def send_back(uow: UnitOfWork, archive: EvaluationArchive) -> ResponseReturnValue:
    """Give the archive back."""
    form, engagement = GiveBackForm(), archive.engagement
    deed = lambda: give_back(uow, archive, form.text("opinion"))  # noqa: E731 - the deed of this one form
    return acted(uow, form, deed, _location(engagement), _l("已退回机构补充")) or _page(uow, engagement, form)


@archives.get("/archive.zip")
@requires(ArchivePermission.READ, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def download(uow: UnitOfWork, engagement: Engagement) -> ResponseReturnValue:
    """Stream the filed archive; who took it out is noted before the first byte leaves."""
    archive = archive_of(uow, engagement)
    if archive is None or archive.filed_at is None:
        raise Refused(Refusal(_l("档案尚未归档，不能导出"), rule_id="R-AGENCY-13"))
    ready, name = export(uow, archive), quote(f"评价档案-{engagement.number}.zip")
    return Response(
        stream(ready.files, ready.manifest, ready.words, archive.filed_at, uow.house.store.open),
        mimetype="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename=\"archive-{engagement.id}.zip\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


@archives.get("/report-information.<any(json, xlsx):kind>")
@requires(ArchivePermission.READ, load_engagement, see=AgencyPermission.READ_ENGAGEMENT)
def report_information(uow: UnitOfWork, engagement: Engagement, kind: str) -> ResponseReturnValue:
    """Download what is uploaded of the report to the platform (R-AGENCY-12)."""
    values = information(uow, engagement)
    name = f"{_('报告信息')}-{engagement.number}.{kind}"
    if kind == "json":
        data = json.dumps(values, ensure_ascii=False, indent=1).encode()
        return send_file(io.BytesIO(data), mimetype="application/json", download_name=name, as_attachment=True)
    language: Language = "en" if str(get_locale()).startswith("en") else "zh"
    made = information_table(values, language, title=_("报告信息"))
    return send_file(io.BytesIO(made), download_name=name, as_attachment=True)
