"""The embedded PostgreSQL: private, password-protected, shared, and back after a kill."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from core import postgres_binaries
from core.embedded_postgres import APP, OWNER, EmbeddedPostgres
from core.postgres_binaries import DatabaseNotStarted, find_binaries, service_account

AS_ROOT = os.geteuid() == 0
NOBODY = 65534


def modes_upward(folder: Path) -> dict[str, int]:
    return {str(path): stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.parents]}


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def postmaster(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


@pytest.fixture(scope="module")
def reachable():
    """A folder that the service account may enter, as a project in an ordinary place is."""
    with tempfile.TemporaryDirectory(prefix="hp-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="module")
def server(reachable):
    running = EmbeddedPostgres(reachable / "var", durable=False)
    running.start()
    running.ensure_database("district")
    yield running
    running.destroy()


def test_starting_changes_no_mode_outside_its_folder(tmp_path_factory):
    closed = tmp_path_factory.mktemp("closed")
    closed.chmod(0o700)
    before = modes_upward(closed)
    running = EmbeddedPostgres(closed / "var", durable=False)
    running.start()
    try:
        assert modes_upward(closed) == before
        assert stat.S_IMODE(running.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(running.sockets.stat().st_mode) == 0o700
        assert (running.home == closed / "var") is not AS_ROOT, (
            "root keeps data where the service account can reach them"
        )
    finally:
        running.destroy()
    assert modes_upward(closed) == before


def test_what_can_be_reached_stays_in_the_project(server, reachable):
    assert server.data == reachable.resolve() / "var" / "pg"


def test_everybody_needs_a_password(server):
    rules = [
        line.split() for line in (server.data / "pg_hba.conf").read_text().splitlines() if not line.startswith("#")
    ]
    assert rules == [["local", "all", "all", "scram-sha-256"]]


@pytest.mark.parametrize("role", ["hengping_admin", OWNER, APP])
@pytest.mark.parametrize("password", [None, "", "wrong"])
def test_a_connection_without_the_password_is_refused(server, role, password):
    with pytest.raises(psycopg.OperationalError, match=r"password"):
        psycopg.connect(
            host=str(server.sockets), dbname="district", user=role, password=password, passfile="/nonexistent"
        )


def test_the_passwords_are_readable_by_their_owner_alone(server):
    found = server.secrets_file.stat()
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert stat.S_IMODE(server.secrets_file.parent.stat().st_mode) == 0o700
    assert found.st_uid == os.geteuid()
    assert len(set(json.loads(server.secrets_file.read_text()).values())) == 3


def test_it_does_not_listen_on_the_network(server):
    with psycopg.connect(plain(server.app_url("district"))) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


@pytest.mark.skipif(not AS_ROOT, reason="only root can become another user to try")
def test_another_local_user_is_not_let_in(server):
    script = (
        "import os, socket, sys\n"
        "os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))\n"
        "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1])\n"
        "except PermissionError: sys.exit(7)\n"
    )
    path = str(server.sockets / ".s.PGSQL.5432")
    tried = subprocess.run([sys.executable, "-S", "-c", script, path, str(NOBODY)], check=False)
    assert tried.returncode == 7
    as_root = subprocess.run([sys.executable, "-S", "-c", script, path, "0"], check=False)
    assert as_root.returncode == 0, "the same try by its own user gets as far as the socket"


@pytest.mark.skipif(not AS_ROOT, reason="a normal user runs it as himself")
def test_root_hands_it_to_an_account_of_its_own(server):
    account = service_account()
    assert account is not None
    assert account.uid != 0
    assert Path(f"/proc/{postmaster(server)}").stat().st_uid == account.uid == server.data.stat().st_uid


@pytest.mark.skipif(not AS_ROOT, reason="only root hands it to another account")
def test_programs_out_of_reach_are_copied_once(monkeypatch, reachable):
    account = service_account()
    monkeypatch.setattr(postgres_binaries, "STATE_HOME", reachable / "state")
    monkeypatch.setattr(postgres_binaries.Account, "reaches", lambda _self, path: str(path).startswith(str(reachable)))
    first = find_binaries(account)
    made = (first.folder / "postgres").stat().st_mtime_ns
    assert first.folder.is_relative_to(reachable / "state")
    version = subprocess.run(
        [first / "initdb", "--version"],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        env={},
        check=True,
        capture_output=True,
    ).stdout
    assert str(first.major).encode() in version
    assert find_binaries(account) == first
    assert (first.folder / "postgres").stat().st_mtime_ns == made


def test_the_application_role_works_on_the_owners_tables_and_owns_nothing(server):
    server.ensure_database("rights")
    with psycopg.connect(plain(server.owner_url("rights"))) as owner:
        owner.execute("CREATE TABLE tender (id serial PRIMARY KEY, title text)")
    with psycopg.connect(plain(server.app_url("rights")), autocommit=True) as app:
        app.execute("INSERT INTO tender (title) VALUES ('绩效评价服务')")
        app.execute("UPDATE tender SET title = '财政评价服务'")
        assert app.execute("SELECT id, title FROM tender").fetchall() == [(1, "财政评价服务")]
        for forbidden in (
            "DROP TABLE tender",
            "TRUNCATE tender",
            "ALTER TABLE tender ADD x int",
            "CREATE TABLE mine (x int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)
        assert app.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [APP]).fetchone() == (
            0,
        )
        role = "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = %s"
        assert app.execute(role, [APP]).fetchone() == (False, False, False, False)


def test_time_encoding_and_sorting_do_not_depend_on_the_machine(server):
    with psycopg.connect(plain(server.app_url("district"))) as app:
        asked = "SELECT current_setting('timezone'), current_setting('server_encoding'), 'é' > 'z'"
        assert app.execute(asked).fetchone() == ("UTC", "UTF8", True)


def test_a_clone_has_the_rows_and_the_rights_of_its_template(server):
    server.ensure_database("template")
    with psycopg.connect(plain(server.owner_url("template"))) as owner:
        owner.execute("CREATE TABLE lot (n int)")
        owner.execute("INSERT INTO lot VALUES (1)")
    server.clone_database("template", "copy")
    with psycopg.connect(plain(server.app_url("copy"))) as app:
        app.execute("INSERT INTO lot VALUES (2)")
        assert app.execute("SELECT sum(n) FROM lot").fetchone() == (3,)
        assert app.execute("SELECT has_database_privilege('public', 'copy', 'CONNECT')").fetchone() == (False,)
    server.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain(server.app_url("copy")))


def test_dropping_a_database_in_use_sends_its_users_away(server):
    server.ensure_database("busy")
    with psycopg.connect(plain(server.app_url("busy"))) as app:
        server.drop_database("busy")
        with pytest.raises(psycopg.OperationalError):
            app.execute("SELECT 1")


def test_it_comes_back_after_a_kill(reachable):
    running = EmbeddedPostgres(reachable / "killed")
    running.start()
    try:
        running.ensure_database("kept")
        with psycopg.connect(plain(running.owner_url("kept"))) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 42 AS n")
        os.kill(postmaster(running), signal.SIGKILL)
        again = EmbeddedPostgres(reachable / "killed")
        again.start()
        with psycopg.connect(plain(again.app_url("kept"))) as app:
            assert app.execute("SELECT n FROM kept").fetchone() == (42,)
        again.stop()
    finally:
        running.destroy()


def test_a_leftover_of_another_process_with_that_number_does_not_stop_the_start(reachable):
    running = EmbeddedPostgres(reachable / "stale", durable=False)
    running.start()
    try:
        running.stop()
        leftover = running.data / "postmaster.pid"
        leftover.write_text(f"{os.getpid()}\n{running.data}\n")
        running.start()
        assert postmaster(running) != os.getpid()
    finally:
        running.destroy()


def test_the_last_user_stops_it(reachable):
    first, second = (EmbeddedPostgres(reachable / "shared", durable=False) for _ in range(2))
    first.start()
    try:
        second.start()
        assert postmaster(first) == postmaster(second)
        first.stop()
        second.ensure_database("still_here")
        second.stop()
        assert not (second.data / "postmaster.pid").exists()
    finally:
        second.start()
        second.destroy()


def start_and_say(folder: Path, answers) -> None:
    running = EmbeddedPostgres(folder, durable=False)
    running.start()
    running.ensure_database("race")
    answers.put(postmaster(running))
    answers.close()
    answers.join_thread()


def test_processes_that_start_at_once_share_one_server(reachable):
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    holder = EmbeddedPostgres(reachable / "race", durable=False)
    starters = [context.Process(target=start_and_say, args=(reachable / "race", answers)) for _ in range(3)]
    for starter in starters:
        starter.start()
    pids = {answers.get(timeout=60) for _ in starters}
    for starter in starters:
        starter.join()
    holder.start()
    try:
        assert pids == {postmaster(holder)}
        assert [starter.exitcode for starter in starters] == [0, 0, 0]
    finally:
        holder.destroy()


def test_a_long_path_still_gets_a_private_socket(reachable):
    running = EmbeddedPostgres(reachable / ("long" * 20) / ("path" * 5), durable=False)
    running.start()
    try:
        running.ensure_database("far")
        assert len(str(running.sockets / ".s.PGSQL.5432")) <= 107
        assert stat.S_IMODE(running.sockets.stat().st_mode) == 0o700
    finally:
        running.destroy()


def test_missing_passwords_are_said_with_what_to_do(reachable):
    running = EmbeddedPostgres(reachable / "lost", durable=False)
    running.start()
    running.stop()
    kept = running.secrets_file.read_text()
    running.secrets_file.unlink()
    with pytest.raises(DatabaseNotStarted, match="passwords of the database are missing"):
        EmbeddedPostgres(reachable / "lost", durable=False).start()
    running.secrets_file.write_text(kept)
    running.start()
    running.destroy()


def test_data_of_another_version_are_refused_with_a_sentence(reachable):
    running = EmbeddedPostgres(reachable / "old", durable=False)
    running.start()
    running.stop()
    version = (running.data / "PG_VERSION").read_text()
    (running.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseNotStarted, match="made by PostgreSQL 9"):
        running.start()
    (running.data / "PG_VERSION").write_text(version)
    running.start()
    running.destroy()
