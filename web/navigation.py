"""What every template knows: navigation for this actor, crumbs, the time, the demonstration, the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, session, url_for
from flask_babel import get_locale
from sqlalchemy import func, select

from core.demo.banner import demo_banner
from core.house import current_house
from core.http.work import current_actor, current_work
from core.i18n import LANGUAGES, Text
from core.identity.actor import ANONYMOUS
from core.notifications.models import Notification
from core.permissions import policy
from core.ports import registry

MOST_ENTRIES = 7


@dataclass(frozen=True)
class NavigationLink:
    """An entry of the left-hand navigation as this page shows it."""

    title: Text
    url: str
    icon: str
    active: bool
    badge: int = 0


def navigation() -> tuple[list[NavigationLink], list[NavigationLink]]:
    """Return this actor's entries in their order: those in sight, at most seven with the fold, and those folded."""
    actor = current_actor()
    if actor.is_anonymous:
        return [], []
    entries = [
        entry
        for entry in sorted(registry.navigation.values(), key=lambda one: one.order)
        if policy.allows(actor, entry.permission) and (not entry.roles or actor.has(*entry.roles))
    ]
    here = max(
        (one for one in entries if _leads_here(one.endpoint)), key=lambda one: len(url_for(one.endpoint)), default=None
    )
    links = [NavigationLink(one.title, url_for(one.endpoint), one.icon, one is here) for one in entries]
    in_sight = len(links) if len(links) <= MOST_ENTRIES else MOST_ENTRIES - 1
    return links[:in_sight], links[in_sight:]


def _leads_here(endpoint: str) -> bool:
    url = url_for(endpoint)
    return request.path == url or request.path.startswith(url.rstrip("/") + "/")


def unread_count() -> int:
    """Return how many inbox entries this actor has not read; asked once a request."""
    if "unread" not in g:
        uow = current_work()
        g.unread = (
            uow.session.scalar(
                select(func.count())
                .select_from(Notification)
                .where(Notification.user_id == uow.actor.user_id, Notification.read_at.is_(None))
            )
            if uow.actor.user_id
            else 0
        )
    return int(g.unread)


def remember_language() -> None:
    """Keep the language that the address asks for (`?lang=en`), so that the switch is a plain link."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES:
        session["language"] = chosen


def _context() -> dict[str, Any]:
    """Return the frame's values. An error page must not need what may just have failed: there the frame is bare."""
    house = current_house()
    language = "en" if str(get_locale()) == "en" else "zh"
    frame: dict[str, Any] = {
        "language": language,
        "bureau_name": house.settings.bureau_name_en if language == "en" else house.settings.bureau_name_zh,
        "crumbs": [],
        "home_url": url_for("home.index"),
        "search_url": url_for("home.search"),
        "inbox_url": url_for("inbox.index"),
        "account_url": url_for("profile.show"),
        "sign_in_url": url_for("account.sign_in"),
        "sign_out_url": url_for("account.sign_out"),
        "public_url": url_for("home.front"),
    }
    if g.get("failed"):
        return {**frame, "current_actor": ANONYMOUS, "nav": [], "nav_more": [], "unread": 0, "now": None, "demo": None}
    in_sight, folded = navigation()
    return {
        **frame,
        "current_actor": current_actor(),
        "nav": in_sight,
        "nav_more": folded,
        "unread": unread_count(),
        "now": current_work().now,
        "demo": demo_banner() if house.settings.is_open_demonstration else None,
    }


def register(app: Flask) -> None:
    """Give every template its surroundings."""
    app.before_request(remember_language)
    app.context_processor(_context)
