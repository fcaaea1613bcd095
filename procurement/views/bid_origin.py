"""What a browser tells of where a bid comes from: its address, and a random mark of ours that stays in it."""

from __future__ import annotations

import re
import secrets

from flask import Response, after_this_request, current_app, request

from core.unit_of_work import UnitOfWork
from procurement.models import Bid
from procurement.services.bid_origins import keep_origin

MARK = "hengping_device"
FORM = re.compile(r"[\w-]{22}")
A_YEAR = 365 * 24 * 3600


def note_origin(uow: UnitOfWork, bid: Bid) -> None:
    """Keep with the bid from where it was handed in; a browser without a mark of ours is given one."""
    mark = request.cookies.get(MARK, "")
    if not FORM.fullmatch(mark):
        mark = secrets.token_urlsafe(16)

        @after_this_request
        def _give(response: Response) -> Response:
            secure = bool(current_app.config.get("SESSION_COOKIE_SECURE"))
            response.set_cookie(MARK, mark, max_age=A_YEAR, httponly=True, samesite="Strict", secure=secure, path="/")
            return response

    keep_origin(uow, bid, address=request.remote_addr or "", device=mark)
