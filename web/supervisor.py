"""What `make run` starts: the database, its migrations, the demonstration, the worker and the web server, as one.

Run as `python -m web.supervisor`. It reads HOST, PORT, DEMO, WORKERS, DATABASE_URL and DATABASE_OWNER_URL, prints the
address once the application answers, starts a part again that died, and stops everything on Ctrl-C or SIGTERM: the
parts first, the database last. The exit status is 0 after a wished-for stop, 1 otherwise, with a sentence why.
"""

from __future__ import annotations

import ctypes
import http.client
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from core.embedded_postgres import EmbeddedPostgres
from core.own_database import DATABASE
from core.postgres_binaries import DatabaseNotStarted

ROOT = Path(__file__).resolve().parent.parent
APPLICATION = "app:app"
READY_SECONDS = 120
STOP_SECONDS = 25
THREADS = 4
DEATHS_ALLOWED = 5
DEATHS_WITHIN = 60.0  # seconds: a part that dies more often than that will not come up by itself
PR_SET_PDEATHSIG = 1


class CannotRun(Exception):
    """The application cannot be started like this; the message says what to change."""


@dataclass(frozen=True)
class Plan:
    """How to run: where to listen, as a demonstration or for real, and on whose database (None: our own)."""

    host: str
    port: int
    demo: bool
    workers: int
    var: Path
    database_url: str | None
    owner_url: str | None

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Plan:
        """Read the environment. Raises CannotRun for what is no number and for a demonstration open to others."""
        plan = cls(
            host=env.get("HOST") or "127.0.0.1",
            port=number(env, "PORT", 8000),
            demo=env.get("DEMO", "1") != "0",
            workers=number(env, "WORKERS", 2),
            var=Path(env.get("HENGPING_VAR") or ROOT / "var"),
            database_url=env.get("DATABASE_URL") or None,
            owner_url=env.get("DATABASE_OWNER_URL") or env.get("DATABASE_URL") or None,
        )
        if plan.demo and plan.database_url:
            raise CannotRun(
                "The demonstration signs anybody in with one click, so it never runs on a database of yours. "
                "Set DEMO=0, or leave DATABASE_URL away."
            )
        if plan.demo and not is_loopback(plan.host):
            raise CannotRun(
                f"The demonstration signs anybody in with one click, so it is never offered to others, and "
                f"HOST={plan.host} is more than this machine. Set DEMO=0, or leave HOST away."
            )
        return plan

    @property
    def address(self) -> str:
        """What to open in a browser on this machine."""
        host = self.local_host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def local_host(self) -> str:
        """The host under which this machine reaches it."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not listened on

    @property
    def bind(self) -> str:
        """Where gunicorn listens."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def number(env: Mapping[str, str], name: str, usual: int) -> int:
    """Return a positive number of the environment."""
    said = env.get(name) or str(usual)
    if not said.isdigit() or not 0 < int(said) < 65536:
        raise CannotRun(f"{name}={said} is not a number from 1 to 65535.")
    return int(said)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass
class Part:
    """One long-running process of the house; started again when it dies."""

    name: str
    command: list[str]
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches it only through us and in our order."""
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one call without locks; nothing else ends orphans of a kill -9
        )

    def died(self) -> int | None:
        """Return its exit status when it is no longer running."""
        return self.process.poll() if self.process else None

    def start_again(self) -> None:
        """Start a dead process anew. Raises CannotRun when it keeps dying."""
        now = time.monotonic()
        self.deaths = [*(death for death in self.deaths if now - death < DEATHS_WITHIN), now]
        if len(self.deaths) > DEATHS_ALLOWED:
            raise CannotRun(f"The {self.name} died {len(self.deaths)} times within a minute; its last words are above.")
        self.start()

    def stop(self, seconds: float) -> None:
        """Ask it to stop, wait, and end it by force when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            say(f"the {self.name} does not stop by itself and is ended")
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def die_with_parent() -> None:
    """Ask the kernel to end this process when the supervisor is gone (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Starts the parts in order, watches them and stops them in reverse."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.stopping = threading.Event()
        self.database: EmbeddedPostgres | None = None
        self.parts: list[Part] = []
        self.env: dict[str, str] = {}

    def run(self) -> None:
        """Run until asked to stop. Raises CannotRun or DatabaseNotStarted with the reason when it cannot go on."""
        began = time.monotonic()
        try:
            self.check_port()
            self.start_database()
            self.prepare()
            if self.stopping.is_set():
                return
            self.start_parts()
            self.wait_until_ready()
            if not self.stopping.is_set():
                self.welcome(time.monotonic() - began)
            self.watch()
        finally:
            self.stop()

    def check_port(self) -> None:
        """Refuse early, in words, when the address is taken."""
        family = socket.AF_INET6 if ":" in self.plan.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.plan.host, self.plan.port))
            except OSError as taken:
                raise CannotRun(
                    f"{self.plan.bind} cannot be listened on ({taken.strerror}). Is Hengping running already? "
                    f"Another port: PORT={self.plan.port + 1} make run"
                ) from taken

    def start_database(self) -> None:
        """Start or join the embedded database, unless there is one of the operator's; keep its addresses."""
        app, owner = self.plan.database_url, self.plan.owner_url
        embedded = app is None
        if app is None or owner is None:
            say("starting the database")
            self.database = EmbeddedPostgres(self.plan.var)
            self.database.start()
            self.database.ensure_database(DATABASE)
            app, owner = self.database.app_url(DATABASE), self.database.owner_url(DATABASE)
        self.env = {
            **os.environ,
            "HOST": self.plan.host,
            "PORT": str(self.plan.port),
            "DEMO": "1" if self.plan.demo else "0",
            "DATABASE_URL": app,
            "DATABASE_OWNER_URL": owner,
            "HENGPING_EMBEDDED_DATABASE": "1" if embedded else "0",
            "HENGPING_VAR": str(self.plan.var.resolve()),
            "PYTHONUNBUFFERED": "1",
        }

    def prepare(self) -> None:
        """Migrate, then fill an empty demonstration or make the first administrator."""
        say("bringing the tables up to date")
        self.flask("db", "upgrade", as_owner=True)
        if self.plan.demo:
            say("looking after the demonstration district (the first time it is built, about a minute)")
            self.flask("demo", "seed", "--if-empty")
        else:
            self.flask("users", "create-first")

    def flask(self, *words: str, as_owner: bool = False) -> None:
        """Run one command of the application to its end. Raises CannotRun when it fails."""
        if self.stopping.is_set():
            return
        env = {**self.env, "DATABASE_URL": self.env["DATABASE_OWNER_URL"]} if as_owner else self.env
        # On a terminal a command may ask questions, so it stays in the terminal's group; else Ctrl-C is for us alone.
        group = None if sys.stdin.isatty() else 0
        with subprocess.Popen(flask_command(*words), cwd=ROOT, env=env, process_group=group) as command:
            while command.poll() is None:
                if self.stopping.wait(0.05):
                    command.terminate()
                    command.wait()
        if command.returncode != 0 and not self.stopping.is_set():
            raise CannotRun(f"“flask {' '.join(words)}” failed; its words are above.")

    def start_parts(self) -> None:
        """Start the worker and the web server."""
        web = [sys.executable, "-m", "gunicorn", APPLICATION, "--bind", self.plan.bind]
        web += ["--workers", str(self.plan.workers), "--worker-class", "gthread", "--threads", str(THREADS)]
        web += ["--timeout", "120", "--graceful-timeout", "15", "--no-control-socket", "--log-level", "warning"]
        # Neither ever needs the owner's rights, so neither learns the owner's password.
        env = {name: value for name, value in self.env.items() if name != "DATABASE_OWNER_URL"}
        self.parts = [Part("worker", flask_command("jobs", "work"), env), Part("web server", web, env)]
        for part in self.parts:
            part.start()

    def wait_until_ready(self) -> None:
        """Wait until the application says that database, worker and storage are there."""
        say("starting the worker and the web server")
        until, last = time.monotonic() + READY_SECONDS, "no answer yet"
        while time.monotonic() < until:
            if self.stopping.wait(0.2):
                return
            self.revive()
            try:
                status, last = self.ask_ready()
            except (OSError, http.client.HTTPException) as unreachable:
                last = str(unreachable)
            else:
                if status == 200:
                    return
        raise CannotRun(f"The application did not become ready within {READY_SECONDS} seconds: {last}")

    def ask_ready(self) -> tuple[int, str]:
        """Ask the application whether it is ready, past any proxy of the environment."""
        connection = http.client.HTTPConnection(self.plan.local_host, self.plan.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status, answer.read(300).decode(errors="replace")
        finally:
            connection.close()

    def welcome(self, seconds: float) -> None:
        """Say where it is, and who may sign in to a demonstration."""
        say(f"ready after {seconds:.1f} s: {self.plan.address}")
        if self.plan.demo:
            self.flask("demo", "users")
        say("Ctrl-C stops everything")

    def watch(self) -> None:
        """Start dead parts again until asked to stop."""
        while not self.stopping.wait(0.5):
            self.revive()

    def revive(self) -> None:
        """Start again what died."""
        for part in self.parts:
            status = part.died()
            if status is not None:
                say(f"the {part.name} died (status {status}) and is started again")
                part.start_again()

    def stop(self) -> None:
        """Stop the web server, then the worker, then the database."""
        if self.parts or self.database:
            say("stopping")
        for part in reversed(self.parts):
            part.stop(STOP_SECONDS)
        if self.database:
            self.database.stop()
        if self.parts or self.database:
            say("stopped")


def flask_command(*words: str) -> list[str]:
    """Return the command line of an application command."""
    return [sys.executable, "-m", "flask", "--app", "app", *words]


def say(what: str) -> None:
    """Print what happens."""
    print(f"hengping: {what}", flush=True)


def main() -> int:
    """Run until told to stop; return the exit status."""
    try:
        supervisor = Supervisor(Plan.from_environment(os.environ))

        def stop(_number: int, _frame: FrameType | None) -> None:
            supervisor.stopping.set()

        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, stop)
        supervisor.run()
    except (CannotRun, DatabaseNotStarted) as reason:
        print(f"hengping: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
