"""A command given by hand finds the database of `make run`, whether it runs or not, and starts nothing without need."""

from __future__ import annotations

import pytest

from core.embedded_postgres import EmbeddedPostgres
from core.own_database import DATABASE, NoDistrict, connector


def test_it_starts_the_server_at_the_first_connection_and_leaves_it_at_the_end(tmp_path):
    server = EmbeddedPostgres(tmp_path, durable=False)
    server.start()
    server.ensure_database(DATABASE)
    server.stop()
    at_end = []
    connect = connector(tmp_path, at_end.append)
    assert at_end == [], "nothing is started before it is needed"
    for _twice in range(2):
        with connect() as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == (
                "hengping_app",
                DATABASE,
            )
    (leave,) = at_end
    leave()
    assert not (server.data / "postmaster.pid").exists()
    server.destroy()


def test_without_a_district_it_says_what_to_do(tmp_path):
    with pytest.raises(NoDistrict, match="make run"):
        connector(tmp_path)()
    assert not list(tmp_path.iterdir())
