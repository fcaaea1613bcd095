"""A page of a delivered PDF as a picture, or a part of it: what the workbench lays its marks upon."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from core.errors import NotVisible
from core.http.guard import requires
from core.unit_of_work import UnitOfWork
from grading.models import Submission
from grading.pages import Band, NotDrawable, draw
from grading.permissions import SubmissionPermission
from grading.queries import load_submission
from grading.services.reading_files import local_file

report_pages = Blueprint("report_pages", __name__, url_prefix="/submissions/<uuid:submission_id>/files")

WIDTH = 1100
"""Dots: sharp on a column of 700 points at 1.5 dots for each, and some 130 kB."""


@report_pages.get("/<uuid:file_id>/pages/<int:number>.webp")
@requires(SubmissionPermission.READ, load_submission, see=SubmissionPermission.READ)
def page(uow: UnitOfWork, submission: Submission, file_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Draw one page; its content never changes, so that the browser keeps it."""
    file = next((one for one in submission.files if one.id == file_id), None)
    sizes = ((file.reading or {}).get("sizes") or []) if file else []
    if file is None or not 1 <= number <= len(sizes):
        raise NotVisible
    part = [request.args.get(name, type=int) for name in ("left", "top", "width", "height")]
    edges = [one for one in part if one is not None]
    band = Band(*edges) if len(edges) == len(part) else None
    try:
        with local_file(uow, file.document) as path:
            picture = draw(path, number, width=WIDTH if band is None else min(WIDTH, 2 * int(band.width)), band=band)
    except (NotDrawable, FileNotFoundError):
        raise NotVisible from None
    response = Response(picture, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.vary.add("Cookie")  # kept for this sign-in only: on a shared machine the next person asks anew
    return response
