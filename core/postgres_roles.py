"""The three database roles of the embedded PostgreSQL, and what each may do in a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql

ADMIN, OWNER, APP = "hengping_admin", "hengping_owner", "hengping_app"
"""The roles: the cluster's administrator; who owns the tables and migrates; who serves requests and owns nothing."""


def make_roles(admin: psycopg.Connection[Any], passwords: Mapping[str, str]) -> None:
    """Create the owner's and the application's role, or give them their passwords again."""
    for role in (OWNER, APP):
        known = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = "ALTER" if known else "CREATE"
        admin.execute(
            sql.SQL(
                "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
            ).format(sql.SQL(verb), sql.Identifier(role), sql.Literal(passwords[role]))
        )


def close_to_others(admin: psycopg.Connection[Any], database: str) -> None:
    """Let nobody into `database` but its owner and the application's role."""
    name = sql.Identifier(database)
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(APP)))


def grant_to_app(inside: psycopg.Connection[Any]) -> None:
    """Let the application's role use what the owner has made or will make in this database, and nothing more."""
    inside.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(sql.Identifier(APP)))
    for rights, kind in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
    ):
        inside.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}").format(
                sql.Identifier(OWNER), sql.SQL(rights), sql.SQL(kind), sql.Identifier(APP)
            )
        )
