"""The pages every person meets: sign-in, home, inbox, documents, administration, health; built on `core` alone."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the core's permissions, pages, search and navigation to the application."""
    from core.identity.permissions import IDENTITY_POLICY
    from core.pages import account, demo, documents, heads, health, home, inbox, profile, recovery, uploads
    from core.permissions import policy

    policy.extend(IDENTITY_POLICY)
    policy.extend(documents.DOCUMENT_POLICY)
    for blueprint in (
        account.account,
        profile.profile,
        recovery.recovery,
        recovery.registration,
        home.home,
        inbox.inbox,
        demo.demo,
        heads.heads,
        documents.documents,
        uploads.uploads,
        health.health,
    ):
        app.register_blueprint(blueprint)
