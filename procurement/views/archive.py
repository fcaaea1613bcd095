"""The archive of a purchase: what it holds, until when it is kept, and the whole of it as one file."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from core.archives.package import stream
from core.http.guard import requires
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.archiving.package import PARTS
from procurement.models import Tender
from procurement.permissions import ContractPermission, TenderPermission
from procurement.queries.awards import load_tender
from procurement.services.archiving import collect, ended_on, export, keep_until
from procurement.views.examination import crumbs_of

archive = Blueprint("archive", __name__, url_prefix="/tenders/<uuid:tender_id>")


@archive.get("/archive")
@requires(ContractPermission.EXPORT, load_tender, see=TenderPermission.READ)
def show(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Show what the archive holds, part by part."""
    files = collect(uow, tender)
    parts = [
        {
            "title": title,
            "files": [one for one in files if one.part == folder],
            "size": sum(one.size for one in files if one.part == folder),
        }
        for folder, title in PARTS
    ]
    return render_template(
        "procurement/award/archive.html",
        tender=tender,
        parts=parts,
        total=sum(one.size for one in files),
        count=len(files),
        ended_on=ended_on(uow, tender),
        keep_until=keep_until(uow, tender),
        crumbs=crumbs_of(tender, _("采购档案")),
    )


@archive.get("/archive.zip")
@requires(ContractPermission.EXPORT, load_tender, see=TenderPermission.READ)
def download(uow: UnitOfWork, tender: Tender) -> ResponseReturnValue:
    """Stream the archive; who took it is noted before the first byte leaves."""
    ready = export(uow, tender)
    name = quote(f"采购档案-{tender.number}.zip")
    return Response(
        stream(ready.files, ready.manifest, ready.words, uow.now, uow.house.store.open),
        mimetype="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename=\"archive-{tender.id}.zip\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )
