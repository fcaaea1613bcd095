"""Open data: the page that explains it, and the packages under stable, cacheable addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.http.guard import public
from core.http.lists import asked, listing
from core.i18n import _
from core.unit_of_work import UnitOfWork
from procurement.models import OcdsRelease, Tender
from procurement.ocds import ocid_of
from procurement.open_data import records_json, releases_json
from procurement.queries.open_data import by_process, processes_page, published_processes, releases_page

open_data = Blueprint("open_data", __name__, url_prefix="/ocds")
FRESH_SECONDS = 300


@open_data.get("")
@public
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """Say what is published as open data, and list the purchases."""
    page = listing(
        uow,
        published_processes(text=asked("q")),
        sortable={"published": Tender.published_at, "number": Tender.number},
        default="-published",
    )
    prefix = uow.house.settings.ocds_prefix
    return render_template(
        "procurement/open_data/index.html",
        page=page,
        ocids={one.id: ocid_of(prefix, one.number) for one in page.rows},
        crumbs=[(_("开放数据"), None)],
    )


@open_data.get("/releases.json")
@public
def releases(uow: UnitOfWork) -> ResponseReturnValue:
    """Hand out all releases, page by page, the oldest first."""
    number = _page()
    rows, pages = releases_page(uow, number)
    return _answer(
        uow,
        "open_data.releases",
        rows,
        lambda uri: releases_json(rows, uri, uow.house.settings, uow.now),
        number=number,
        pages=pages,
    )


@open_data.get("/records.json")
@public
def records(uow: UnitOfWork) -> ResponseReturnValue:
    """Hand out the records of all purchases, page by page."""
    number = _page()
    processes, pages = processes_page(uow, number)
    return _answer(
        uow,
        "open_data.records",
        [row for rows in processes for row in rows],
        lambda uri: records_json(processes, uri, uow.house.settings, uow.now),
        number=number,
        pages=pages,
    )


@open_data.get("/<string:ocid>/releases.json")
@public
def process_releases(uow: UnitOfWork, ocid: str) -> ResponseReturnValue:
    """Hand out the releases of one purchase."""
    rows = _process(uow, ocid)
    return _answer(
        uow,
        "open_data.process_releases",
        rows,
        lambda uri: releases_json(rows, uri, uow.house.settings, uow.now),
        ocid=ocid,
    )


@open_data.get("/<string:ocid>/record.json")
@public
def process_record(uow: UnitOfWork, ocid: str) -> ResponseReturnValue:
    """Hand out the record of one purchase."""
    rows = _process(uow, ocid)
    return _answer(
        uow,
        "open_data.process_record",
        rows,
        lambda uri: records_json([rows], uri, uow.house.settings, uow.now),
        ocid=ocid,
    )


def _process(uow: UnitOfWork, ocid: str) -> list[OcdsRelease]:
    found = by_process(uow, [ocid])
    if not found:
        abort(404)
    return found[0]


def _page() -> int:
    return max(1, request.args.get("page", 1, type=int))


def _answer(
    uow: UnitOfWork,
    endpoint: str,
    rows: Iterable[OcdsRelease],
    make: Callable[[str], bytes],
    *,
    number: int = 1,
    pages: int = 1,
    ocid: str | None = None,
) -> Response:
    """Answer with a package that caches may keep; releases never change, so their hashes say whether it is the same."""
    base = uow.house.settings.public_address.rstrip("/")
    uri = base + url_for(endpoint, ocid=ocid, page=number if number > 1 else None)
    tag = hashlib.sha256("\n".join([uri, str(pages), *(row.sha256 for row in rows)]).encode()).hexdigest()
    known = tag in request.if_none_match
    answer = Response(status=304) if known else Response(make(uri), mimetype="application/json")
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    links = [("prev", number - 1)] if number > 1 else []
    links += [("next", number + 1)] if number < pages else []
    if links:
        answer.headers["Link"] = ", ".join(
            f'<{base}{url_for(endpoint, page=page)}>; rel="{relation}"' for relation, page in links
        )
    return answer
