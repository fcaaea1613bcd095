"""The application factory: wires every package and refuses to start when a route declares no permission."""

from __future__ import annotations

import importlib
from typing import Any

from flask import Flask, has_request_context, session
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

import core.models
from core.database import Base, db
from core.documents.store import FolderStore, Store
from core.house import House
from core.http.guard import PUBLIC_POLICY, undeclared
from core.http.work import current_actor
from core.i18n import LANGUAGES
from core.identity.sessions import session_loader
from core.own_database import connector
from core.permissions import policy
from core.rules import RuleBook
from core.secret_addresses import MaskingFilter
from core.settings import ROOT, Settings
from core.signing import SigningKey
from core.wording import WordedBabel

PACKAGES = ("core.pages", "projects", "agencies", "experts", "grading", "procurement")
"""Every room that registers itself, lowest first."""


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises RuntimeError naming every route without a permission."""
    settings = settings or Settings.from_environment()
    app = Flask("hengping", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # Without an address a command given by hand joins the house's own server, at its first connection only.
        SQLALCHEMY_DATABASE_URI=settings.database_url or "postgresql+psycopg://",
        SQLALCHEMY_ENGINE_OPTIONS={} if settings.database_url else {"creator": connector(settings.var)},
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_address.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,  # bound to the session's life instead, so that a slow typist loses nothing
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        TESTING=settings.testing,
        WTF_CSRF_ENABLED=not settings.testing,
    )
    app.extensions["hengping"] = House(
        settings=settings,
        store=make_store(settings),
        signing_key=SigningKey(settings.var / "secrets" / "signing.key"),
        rules=RuleBook.load(),
    )
    app.logger.addFilter(MaskingFilter())
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    WordedBabel(app, locale_selector=choose_language)
    session_loader(app)
    CSRFProtect(app)
    policy.extend(PUBLIC_POLICY)
    for name in PACKAGES:
        importlib.import_module(name).register(app)
    from web import shell  # the shell's own pages come last: it knows all rooms

    shell.register(app)
    missing = undeclared(app)
    if missing:
        raise RuntimeError("these routes declare no permission: " + ", ".join(missing))
    return app


def make_store(settings: Settings) -> Store:
    """Return where documents live: the S3 bucket if one is named, else a folder."""
    if settings.s3_bucket:
        from core.documents.s3 import S3Store

        return S3Store(settings.s3_bucket)
    return FolderStore(settings.var / "documents")


def choose_language() -> str:
    """Return the reader's language: the one switched to, else the signed-in person's, else Chinese."""
    if not has_request_context():
        return "zh"
    chosen: Any = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return current_actor().language


__all__ = ["Base", "choose_language", "core", "create_app"]
