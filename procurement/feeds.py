"""Atom feeds and the sitemap, pure: entries in, XML out (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree  # type: ignore[import-untyped]  # it has no types
from lxml.builder import ElementMaker  # type: ignore[import-untyped]  # the same

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True)
class Entry:
    """One entry: `id` never changes, `updated` never lies before `published`, addresses are absolute."""

    id: str
    title: str
    url: str
    pdf: str
    published: datetime
    updated: datetime
    author: str
    category: tuple[str, str]
    """The kind's code and its word."""
    text: str


@dataclass(frozen=True)
class Feed:
    """A feed with its own address and that of the page it stands for; `started` dates one without entries."""

    url: str
    page: str
    title: str
    author: str
    started: datetime
    entries: Sequence[Entry]


def atom(feed: Feed) -> bytes:
    """Return the feed as Atom, newest entry first, in Chinese."""
    make = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
    updated = max((one.updated for one in feed.entries), default=feed.started)
    root = make.feed(
        make.id(feed.url),
        make.title(feed.title),
        make.updated(_instant(updated)),
        make.author(make.name(feed.author)),
        make.link(rel="self", type="application/atom+xml", href=feed.url),
        make.link(rel="alternate", type="text/html", href=feed.page),
        *(_entry(make, one) for one in feed.entries),
    )
    root.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-CN")
    return _written(root)


def sitemap(pages: Sequence[tuple[str, datetime | None]]) -> bytes:
    """Return a sitemap of absolute addresses, each with when it changed last where that is known."""
    make = ElementMaker(namespace=SITEMAP, nsmap={None: SITEMAP})
    urls = []
    for address, changed in pages:
        parts = [make.loc(address)]
        if changed is not None:
            parts.append(make.lastmod(_instant(changed)))
        urls.append(make.url(*parts))
    return _written(make.urlset(*urls))


def _entry(make: ElementMaker, one: Entry) -> etree._Element:
    code, word = one.category
    return make.entry(
        make.id(one.id),
        make.title(one.title),
        make.published(_instant(one.published)),
        make.updated(_instant(one.updated)),
        make.author(make.name(one.author)),
        make.category(term=code, label=word),
        make.link(rel="alternate", type="text/html", href=one.url),
        make.link(rel="enclosure", type="application/pdf", href=one.pdf),
        make.content(one.text, type="text"),
    )


def _instant(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def _written(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written
