"""`make run`: refuses what is unsafe, starts in order, revives the dead, stops cleanly. The application is a small one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from web.supervisor import ROOT, CannotRun, Part, Plan

DRIVER = """
import sys
import web.supervisor as supervisor
supervisor.APPLICATION = "small_app:app"
supervisor.flask_command = lambda *words: [sys.executable, "-m", "small_command", *words]
sys.exit(supervisor.main())
"""

COMMAND = """
import os, sys, time
with open(os.environ["JOURNAL"], "a") as journal:
    role = os.environ["DATABASE_URL"].split("//")[1].split(":")[0]
    journal.write(" ".join([role, *sys.argv[1:]]) + "\\n")
if sys.argv[1:] == ["demo", "users"]:
    print("officer@chenghu.example")
if " ".join(sys.argv[1:]) == os.environ.get("FAIL"):
    sys.exit("it does not work")
if sys.argv[1:] == ["jobs", "work"]:
    assert "DATABASE_OWNER_URL" not in os.environ
    open(os.environ["JOURNAL"] + ".worker", "w").write(str(os.getpid()))
    time.sleep(600)
"""

APPLICATION = """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]
"""


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"HOST": "0.0.0.0"}, "HOST=0.0.0.0 is more than this machine"),
        ({"HOST": "::"}, "is more than this machine"),
        ({"HOST": "bureau.example"}, "is more than this machine"),
        ({"HOST": "127.0.0.1.example"}, "is more than this machine"),
        ({"DATABASE_URL": "postgresql+psycopg://x@db/y"}, "never runs on a database of yours"),
        ({"PORT": "http"}, "PORT=http is not a number"),
        ({"PORT": "70000"}, "PORT=70000 is not a number"),
        ({"WORKERS": "0"}, "WORKERS=0 is not a number"),
        ({"WORKERS": "-1"}, "WORKERS=-1 is not a number"),
    ],
)
def test_an_unsafe_or_unclear_wish_is_refused_with_a_sentence(env, sentence):
    with pytest.raises(CannotRun) as refused:
        Plan.from_environment(env)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("env", "address", "bind"),
    [
        ({}, "http://127.0.0.1:8000", "127.0.0.1:8000"),
        ({"HOST": "localhost", "PORT": "9"}, "http://localhost:9", "localhost:9"),
        ({"HOST": "::1"}, "http://[::1]:8000", "[::1]:8000"),
        ({"HOST": "0.0.0.0", "DEMO": "0"}, "http://127.0.0.1:8000", "0.0.0.0:8000"),
        ({"HOST": "::", "DEMO": "0"}, "http://[::1]:8000", "[::]:8000"),
        ({"DEMO": "0", "DATABASE_URL": "postgresql+psycopg://x@db/y"}, "http://127.0.0.1:8000", "127.0.0.1:8000"),
    ],
)
def test_a_safe_wish_becomes_an_address(env, address, bind):
    plan = Plan.from_environment(env)
    assert (plan.address, plan.bind) == (address, bind)


def test_a_part_that_keeps_dying_is_given_up():
    part = Part("worker", [sys.executable, "-c", "pass"], dict(os.environ))
    part.start()
    for _ in range(5):
        part.process.wait(30)
        part.start_again()
    part.process.wait(30)
    with pytest.raises(CannotRun, match="The worker died 6 times within a minute"):
        part.start_again()


def test_a_part_that_will_not_stop_is_ended(capsys):
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
    )
    part = Part("worker", [sys.executable, "-c", stubborn], dict(os.environ))
    part.start()
    time.sleep(0.5)
    part.stop(0.2)
    assert part.died() == -signal.SIGKILL
    assert "the worker does not stop by itself" in capsys.readouterr().out


class Run:
    """The supervisor in a process of its own, with the small application."""

    def __init__(self, folder: Path, port: int, **env: str) -> None:
        self.journal = folder / "journal"
        (folder / "small_app.py").write_text(APPLICATION)
        (folder / "small_command.py").write_text(COMMAND)
        self.address = f"http://127.0.0.1:{port}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DEMO", "HOST"))}
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER],
            cwd=ROOT,
            env={
                **clean,
                "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
                "HENGPING_VAR": str(folder / "var"),
                "PORT": str(port),
                "JOURNAL": str(self.journal),
                "WORKERS": "1",
                **env,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []

    def read_until(self, words: str) -> None:
        for line in self.process.stdout:
            self.said.append(line)
            if words in line:
                return
        raise AssertionError("it ended: " + "".join(self.said))

    def finish(self) -> int:
        self.said += self.process.stdout.readlines()
        self.process.stdout.close()
        return self.process.wait(60)

    @property
    def worker(self) -> int:
        return int(self.journal.with_name("journal.worker").read_text())


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="hp-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def port(socket_enabled):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_it_starts_in_order_serves_and_stops_cleanly(folder, port):
    run = Run(folder, port)
    run.read_until("Ctrl-C stops everything")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        run.address + "/hello", timeout=10
    ) as answer:
        assert answer.read() == b"/hello"
    lines = run.journal.read_text().splitlines()
    assert lines == [
        "hengping_owner db upgrade",
        "hengping_app demo seed --if-empty",
        "hengping_app jobs work",
        "hengping_app demo users",
    ]
    assert "officer@chenghu.example\n" in run.said
    worker = run.worker
    run.process.send_signal(signal.SIGTERM)
    assert run.finish() == 0, run.said
    assert gone(worker)
    assert not (folder / "var" / "pg" / "postmaster.pid").exists()
    assert run.said[-1] == "hengping: stopped\n"


def test_a_killed_worker_is_started_again_and_ctrl_c_stops_all(folder, port):
    run = Run(folder, port)
    run.read_until("Ctrl-C stops everything")
    killed = run.worker
    os.kill(killed, signal.SIGKILL)
    run.read_until("the worker died (status -9) and is started again")
    deadline = time.monotonic() + 20
    while run.worker == killed and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not gone(run.worker)
    run.process.send_signal(signal.SIGINT)
    assert run.finish() == 0, run.said
    assert gone(run.worker)


def test_a_step_that_fails_ends_it_with_a_sentence_and_nothing_left_running(folder, port):
    run = Run(folder, port, DEMO="0", FAIL="users create-first")
    assert run.finish() == 1
    assert "it does not work\n" in run.said
    assert any("“flask users create-first” failed" in line for line in run.said)
    assert not (folder / "var" / "pg" / "postmaster.pid").exists()


def test_a_taken_port_is_said_before_anything_starts(folder, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = Run(folder, port)
        assert run.finish() == 1
    assert any("Is Hengping running already?" in line for line in run.said)
    assert not (folder / "var").exists()
