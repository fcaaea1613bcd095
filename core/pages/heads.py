"""The public page of signed heads: anybody may keep one and check the log against it later."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.audit.heads import as_published
from core.audit.models import AuditHead
from core.errors import NotVisible
from core.http.guard import public
from core.http.lists import listing
from core.unit_of_work import UnitOfWork

heads = Blueprint("heads", __name__, url_prefix="/audit-heads")


@heads.get("/")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the signed heads, newest first."""
    page = listing(uow, select(AuditHead), sortable={"seq": AuditHead.seq}, default="-seq")
    return render_template("core/heads.html", listing=page, public_key=uow.house.signing_key.public_hex)


@heads.get("/<int:seq>.json")
@public
def show(uow: UnitOfWork, seq: int) -> ResponseReturnValue:
    """Hand out one head as an anchor file."""
    head = uow.session.get(AuditHead, seq)
    if head is None:
        raise NotVisible
    return as_published(head)
