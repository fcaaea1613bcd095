"""Feeds of public notices, the sitemap and what robots may read; addresses come from the configuration alone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from sqlalchemy import select

from core.http.guard import public
from core.http.lists import asked
from core.ports import registry
from core.unit_of_work import UnitOfWork
from procurement.feeds import Entry, Feed, atom, sitemap
from procurement.models import PublicNotice
from procurement.notices import NoticeText
from procurement.queries.public_notices import notices_matching

feeds = Blueprint("feeds", __name__)
ENTRIES = 50
FILTERS = ("q", "kind", "method", "state", "year", "purchaser")
PUBLIC_PATHS = ("/notices", "/announcements", "/award-notices", "/ocds", "/feeds", "/sitemap.xml", "/static")
STARTED = datetime(2026, 1, 1, tzinfo=UTC)


@feeds.get("/feeds/notices.atom")
@public
def notices(uow: UnitOfWork) -> ResponseReturnValue:
    """Hand out the newest notices as an Atom feed, narrowed by the same filters as the list."""
    chosen = {name: asked(name) for name in FILTERS if asked(name)}
    query = notices_matching(uow, text=asked("q"), **{name: asked(name) for name in FILTERS[1:]})
    newest = query.order_by(PublicNotice.published_at.desc(), PublicNotice.id).limit(ENTRIES)
    rows = uow.session.scalars(newest).all()
    settings = uow.house.settings
    base = settings.public_address.rstrip("/")
    with force_locale("zh"):  # a feed is one document for everybody
        feed = Feed(
            url=base + url_for("feeds.notices", **chosen),  # type: ignore[arg-type]  # names of the query alone
            page=base + url_for("notices.index", **chosen),  # type: ignore[arg-type]  # the same
            title=f"{settings.bureau_name_zh}公告",
            author=settings.bureau_name_zh,
            started=STARTED,
            entries=[_entry(row, base) for row in rows],
        )
    return _cacheable(atom(feed), "application/atom+xml; charset=utf-8")


@feeds.get("/sitemap.xml")
@public
def site(uow: UnitOfWork) -> ResponseReturnValue:
    """List what everybody may read, for search engines."""
    base = uow.house.settings.public_address.rstrip("/")
    pages: list[tuple[str, datetime | None]] = [(base + "/", None)]
    pages += [(base + url_for(one.endpoint), None) for one in sorted(registry.public_pages, key=lambda one: one.order)]
    rows = uow.session.scalars(select(PublicNotice).order_by(PublicNotice.published_at.desc()).limit(5000))
    pages += [(base + url_for("public_notices.show", notice_id=one.id), _updated(one)) for one in rows]
    return _cacheable(sitemap(pages), "application/xml; charset=utf-8")


@feeds.get("/robots.txt")
@public
def robots(uow: UnitOfWork) -> ResponseReturnValue:
    """Say that robots may read what is public and nothing else."""
    base = uow.house.settings.public_address.rstrip("/")
    allowed = [f"Allow: {path}" for path in PUBLIC_PATHS]
    lines = ["User-agent: *", "Allow: /$", *allowed, "Disallow: /", f"Sitemap: {base}{url_for('feeds.site')}", ""]
    return _cacheable("\n".join(lines).encode(), "text/plain; charset=utf-8")


def _entry(row: PublicNotice, base: str) -> Entry:
    text = NoticeText.of(row.record)
    return Entry(
        id=f"urn:uuid:{row.id}",
        title=row.title,
        url=base + url_for("public_notices.show", notice_id=row.id),
        pdf=base + url_for("public_notices.paper", notice_id=row.id),
        published=row.published_at,
        updated=_updated(row),
        author=text.issuer,
        category=(row.kind.value, str(row.kind.label)),
        text=text.plain(),
    )


def _updated(row: PublicNotice) -> datetime:
    return max(row.published_at, row.registered_at or row.published_at)


def _cacheable(content: bytes, kind: str) -> Response:
    answer = Response(content, content_type=kind)
    answer.set_etag(hashlib.sha256(content).hexdigest())
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.make_conditional(request)
    return answer
