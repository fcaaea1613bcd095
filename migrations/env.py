"""Alembic's environment: the application's metadata, migrated by the role that owns the tables."""

from __future__ import annotations

import os

from alembic import context
from flask import current_app
from sqlalchemy import create_engine, pool

import core.models  # noqa: F401
from core.database import Base

config = context.config


def owner_url() -> str:
    """The owner's address (MIGRATION_DATABASE_URL), else the application's own."""
    return os.environ.get("MIGRATION_DATABASE_URL") or current_app.config["SQLALCHEMY_DATABASE_URI"]


def ours(_object, name, kind, reflected, compare_to):
    """Leave the job queue's own tables to procrastinate's schema."""
    return not (kind == "table" and reflected and compare_to is None and name.startswith("procrastinate_"))


def run() -> None:
    engine = create_engine(owner_url(), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=ours,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
