"""A command given by hand finds the embedded PostgreSQL of `make run` by itself, running or not."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import psycopg

from core.embedded_postgres import EmbeddedPostgres

DATABASE = "hengping"
"""The name of the district's database in the embedded server."""


class NoDistrict(click.ClickException):
    """There is no database to speak to; the message says what to do."""

    exit_code = 2


def connector(
    var: Path, at_end: Callable[[Callable[[], None]], object] = atexit.register
) -> Callable[[], psycopg.Connection[Any]]:
    """Return what opens connections to the embedded server of `var`, starting or joining it at the first.

    Commands that never connect (verify, check-report) start nothing. The server stops with the last that uses it.
    Raises NoDistrict at the first connection when nothing was ever set up in `var`.
    """
    joined: list[EmbeddedPostgres] = []

    def connect() -> psycopg.Connection[Any]:
        if not joined:
            server = EmbeddedPostgres(var)
            if not server.secrets_file.is_file():
                raise NoDistrict(
                    "这里还没有数据库：请先运行 make run，或者用 DATABASE_URL 指明数据库。/ "
                    f"There is no database in {var}: run `make run` first, or name one with DATABASE_URL."
                )
            server.start()
            at_end(server.stop)
            joined.append(server)
        return psycopg.connect(joined[0].app_url(DATABASE).replace("postgresql+psycopg://", "postgresql://", 1))

    return connect
