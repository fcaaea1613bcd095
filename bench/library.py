"""Lists, search and pages of the agency library: 1,000 agencies beside 100,000, each through the application itself.

    python -m bench.library [AGENCIES ENGAGEMENTS]

Two libraries are made by `bench.national` in databases of their own; a quality officer (and, for the register, nobody)
asks for each page some times. Printed: at both sizes the median by the clock and the processor time of application and
database together, the ratio of the latter (aim: at most 1.5; a busy machine stretches only the clock), how many
statements the page sends at each size (they must be equal) and how many rows it shows. The small library has a
hundredth of the agencies and engagements.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.national import RARE, fill
from core.database import db
from core.house import current_house
from core.identity.actor import SYSTEM
from core.identity.models import User
from core.identity.roles import Role
from core.identity.sessions import begin_session
from core.settings import Settings
from core.unit_of_work import UnitOfWork
from tests.factories.identity import make_user
from tests.fixtures.database import TestServer, libpq
from web.factory import create_app

AIM = 1.5
ROUNDS = 40
PAGES = (
    ("agencies by name", "/agencies"),
    ("by score", "/agencies?sort=-score"),
    ("one kind", "/agencies?kind=law"),
    ("grade A", "/agencies?grade=A"),
    ("kind and grade", "/agencies?kind=consulting&grade=B"),
    ("a field", "/agencies?sector=education"),
    ("search, two characters, nearly all", "/agencies?q=上海"),
    ("search, two characters, a seventh", "/agencies?q=会计"),
    ("search, two characters, thirty", f"/agencies?q={RARE}"),
    ("search, four characters", "/agencies?q=绩效评价"),
    ("search by a lead's name", "/agencies?q=赵衡"),
    ("search sorted by name", "/agencies?q=会计&sort=name"),
    ("one agency's page", "/agencies/{agency}"),
    ("engagements, newest first", "/engagements"),
    ("engagements of a state", "/engagements?state=evaluating"),
    ("engagements by amount", "/engagements?sort=-amount"),
    ("engagements by project", "/engagements?sort=project"),
    ("engagements by agency", "/engagements?sort=agency"),
    ("engagements, two characters", "/engagements?q=养老"),
    ("engagements, four characters", "/engagements?q=农田建设"),
    ("engagements of the rare name", f"/engagements?q={RARE}"),
    ("the search box", "/search?q=麒麟"),
    ("the search box, a common word", "/search?q=上海"),
)


@dataclass(frozen=True)
class Measured:
    """A page's median by the clock, its processor time, both in seconds; its statements and the rows it showed."""

    clock: float
    processor: float
    statements: int
    rows: int


@contextmanager
def library(server: TestServer, agencies: int, engagements: int) -> Iterator[Flask]:
    """Serve a library of this size on a database of its own."""
    name = f"hengping_library_{os.getpid()}"
    with tempfile.TemporaryDirectory() as var:
        settings = Settings(database_url=server.url(name, role="app"), var=Path(var), secret_key="bench", testing=True)
        app = create_app(settings)
        database = server.create(name, server.template())
        try:
            with psycopg.connect(libpq(database.owner_url)) as owner:
                began = time.monotonic()
                size = fill(owner, agencies=agencies, engagements=engagements)
                print(
                    f"{size.agencies:,} agencies, {size.engagements:,} engagements, {size.projects:,} projects, "
                    f"{size.units:,} units written in {time.monotonic() - began:.0f} s",
                    flush=True,
                )
                owner.autocommit = True
                owner.execute("VACUUM")
            with app.app_context():
                yield app
                db.session.remove()
                db.engine.dispose()
        finally:
            server.drop(name)


def signed_in(app: Flask) -> FlaskClient:
    """Return a browser in which a quality officer is signed in."""
    with UnitOfWork(db.session(), SYSTEM, current_house()) as uow:
        user: User = make_user(uow, Role.QUALITY_OFFICER)
        uow.session.flush()
        key = begin_session(uow, user).get_id()
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update({"_user_id": key, "_fresh": True})
    return browser


def processor_time(database: psutil.Process) -> float:
    """Return the seconds that this process and the database server's have worked so far."""
    spent = time.process_time()
    for one in database.children():
        with contextlib.suppress(psutil.NoSuchProcess):
            spent += one.cpu_times().user + one.cpu_times().system
    return spent


def measure(app: Flask, browser: FlaskClient, path: str, database: psutil.Process) -> Measured:
    """Ask for a page some times."""
    seconds, statements = [], list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    text, before = "", 0.0
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for number in range(ROUNDS + 2):
            if number == 2:  # what is done once for all is no page's work
                before = processor_time(database)
            statements.clear()
            began = time.perf_counter()
            with app.app_context():
                answer = browser.get(path, follow_redirects=False)
            seconds.append(time.perf_counter() - began)
            text = answer.get_data(as_text=True)
            if answer.status_code != 200:
                raise RuntimeError(f"{path} answered {answer.status_code}")
        spent = (processor_time(database) - before) / ROUNDS
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    rows = text.count("<tr>") + text.count('class="document-words"')
    return Measured(statistics.median(seconds[2:]), spent, len(statements), rows)


def measure_all(server: TestServer, agencies: int, engagements: int) -> dict[str, Measured]:
    """Measure every page of a library of this size."""
    with library(server, agencies, engagements) as app:
        with psycopg.connect(libpq(str(db.engine.url.render_as_string(hide_password=False)))) as reader:
            row = reader.execute("SELECT agency_id FROM agency_listing ORDER BY name DESC LIMIT 1").fetchone()
            assert row is not None
            database = psutil.Process(reader.info.backend_pid).parent()
            assert database is not None
        browser = signed_in(app)
        return {title: measure(app, browser, path.format(agency=row[0]), database) for title, path in PAGES}


def main() -> int:
    """Measure and print; 0 when every page keeps the aim with as many statements at both sizes."""
    sizes = [int(one) for one in sys.argv[1:]] or [100_000, 1_000_000]
    server = TestServer()
    try:
        small = measure_all(server, sizes[0] // 100, sizes[1] // 100)
        large = measure_all(server, sizes[0], sizes[1])
    finally:
        server.stop()
    print(f"{'processor time (clock), ms':38}{'small':>14}{'large':>14}{'ratio':>7}{'statements':>13}{'rows':>12}")
    kept = True
    for title, _path in PAGES:
        one, other = small[title], large[title]
        ratio = other.processor / one.processor
        kept = kept and ratio <= AIM and one.statements == other.statements
        times = "".join(f"{two.processor * 1000:7.1f} ({two.clock * 1000:4.0f})" for two in (one, other))
        print(f"{title:38}{times}{ratio:8.2f}{one.statements:7} = {other.statements:<4}{one.rows:7} = {other.rows:<4}")
    print(f"aim: at most {AIM} times the processor time, as many statements: {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
