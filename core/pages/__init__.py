"""The pages every person meets: sign-in, home, inbox, documents, administration, health; built on `core` alone."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the core's permissions, pages, navigation, timeline words and commands to the application."""
    from core.audit.cli import audit_cli
    from core.demo.cli import demo_cli
    from core.i18n import _l
    from core.identity.cli import users_cli
    from core.identity.permissions import IDENTITY_POLICY, HousePermission
    from core.identity.roles import Role
    from core.jobs.cli import jobs_cli
    from core.pages import (
        account,
        administration,
        demo,
        documents,
        heads,
        health,
        home,
        inbox,
        profile,
        recovery,
        reminders,
        settings_pages,
        uploads,
    )
    from core.pages.timeline_words import TAGS
    from core.permissions import policy
    from core.ports import NavigationEntry, registry
    from core.reminders import sending

    sending.known()
    policy.extend(IDENTITY_POLICY)
    policy.extend(documents.DOCUMENT_POLICY)
    registry.navigate(
        NavigationEntry("home.index", _l("工作台"), "home", HousePermission.ENTER, order=10),
        NavigationEntry(
            "administration.index",
            _l("系统管理"),
            "settings",
            HousePermission.ADMINISTER,
            order=15,
            roles=frozenset({Role.ADMINISTRATOR}),
        ),
        NavigationEntry(
            "house.audit",
            _l("审计日志"),
            "list-search",
            HousePermission.READ_AUDIT,
            order=90,
            roles=frozenset({Role.PROCUREMENT_SUPERVISOR, Role.OBSERVER}),
        ),
    )
    registry.explain(*TAGS)
    for blueprint in (
        account.account,
        profile.profile,
        reminders.reminders,
        recovery.recovery,
        recovery.registration,
        home.home,
        inbox.inbox,
        demo.demo,
        heads.heads,
        documents.documents,
        uploads.uploads,
        administration.administration,
        settings_pages.settings_pages,
        health.health,
    ):
        app.register_blueprint(blueprint)
    for group in (audit_cli, demo_cli, jobs_cli, users_cli):
        app.cli.add_command(group)
