"""A year's grading at national size, beside a bare aggregate of PostgreSQL over the same rows.

    python -m bench.grading_year [--agencies 100000] [--engagements 1000000] [--no-kill]

A library made by `bench.national`, every engagement with ten ratings (six measures, three kinds of raters, 2,000
people) and one agency in ten with a loss of honesty. The cycle is asked for on its page and computed by a worker
process as in the application, from the click to the entries; the peer is the mean of the scores by agency through the
same tables, once before and once after. Printed with it: the worker's memory, the sheet's and the list's page, and,
with the worker killed half way, whether a resumed computation gives the same entries and records to the byte.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from bench.library import signed_in
from bench.national import fill
from core.database import db
from core.records import digest
from core.settings import Settings
from grading.grade_record import verify_grade
from grading.models import CycleEntry
from tests.fixtures.browser import Client
from tests.fixtures.database import TestServer, libpq
from web.factory import create_app

YEAR, RATERS, SAMPLE = 2025, 2_000, 100
AIM, PAGE_AIM, MEMORY_AIM = 3.0, 0.2, 1024
BARE = {
    "mean by agency": "SELECT e.agency_id, avg(r.value) FROM task_rating r JOIN task_score t ON t.seq = r.task"
    " JOIN engagement e ON e.id = t.engagement_id GROUP BY e.agency_id",
    "mean by task, weighted by agency": "SELECT agency_id, sum(m * amount) / sum(amount) FROM (SELECT task, avg(value)"
    " AS m FROM task_rating GROUP BY task) r JOIN task_score t ON t.seq = r.task GROUP BY agency_id",
}
PEOPLE = """INSERT INTO app_user (id, revision, email, name, name_en, telephone, language, is_active, created_at)
    SELECT md5('rater-' || n)::uuid, 1, 'rater' || n || '@example.org', '评分人' || n, '', '', 'zh', true, now()
    FROM generate_series(1, %(raters)s) AS n"""
SCORES = """INSERT INTO task_score (id, seq, engagement_id, agency_id, amount, sector, year, score, parts, difficulty,
        urgent, veto, decided_by_id, decided_at)
    SELECT md5('score-' || n)::uuid, n, e.id, e.agency_id, e.amount, p.sector, %(year)s, 80, '{"points": {}}',
        (ARRAY['simple', 'usual', 'usual', 'complex'])[1 + n % 4], n % 50 = 0,
        CASE WHEN n % 5000 = 0 THEN '数据造假' END, NULL, timestamptz '2025-12-01'
    FROM (SELECT *, row_number() OVER (ORDER BY number) AS n FROM engagement) e JOIN project p ON p.id = e.project_id"""
MEASURES = "INSERT INTO measure (key) SELECT unnest(ARRAY['plan','team','process','report','timeliness','archive'])"
RATINGS = """INSERT INTO task_rating (task, measure, kind, position, value, rater_id)
    SELECT t.seq, m.id, g.kind, g.position,
        least(10000, 5500 + 100 * (abs(hashint8extended(t.seq, 1)) % 30)
            + 5 * (abs(hashint8extended(t.seq, m.id * 16 + g.kind * 4 + g.position)) % 300)),
        CASE WHEN g.rated THEN md5('rater-' || 1 + abs(hashint8extended(t.seq, 100 + g.kind * 4 + g.position))
            % %(raters)s)::uuid END
    FROM task_score t,
        (VALUES ('plan', 3, 0, false), ('team', 2, 0, true), ('process', 1, 0, true), ('process', 2, 0, true),
            ('report', 1, 0, true), ('report', 2, 0, true), ('report', 3, 0, true), ('report', 3, 1, true),
            ('timeliness', 2, 0, false), ('archive', 2, 0, true)) AS g (key, kind, position, rated)
    JOIN measure m USING (key)
    WHERE t.seq BETWEEN %(first)s AND %(last)s ORDER BY 1, 2, 3, 4"""
LOSSES = """INSERT INTO credit_record (id, agency_id, happened_on, description, points, expires_on)
    SELECT md5('loss-' || n || '-' || place)::uuid, a.id, date '2024-12-01' + (n * 37 + place * 120)::integer % 390,
        '底稿不全', 10 + 5 * (n % 2), date '2024-12-01' + (n * 37 + place * 120)::integer % 390 + 180
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM agency) a, generate_series(0, 1) AS place
    WHERE n % 10 = 0 AND place <= n % 3"""


def fill_year(owner: psycopg.Connection[Any]) -> int:
    """Give every engagement a score with ten ratings; return how many ratings there are."""
    owner.execute(PEOPLE, {"raters": RATERS})
    psycopg.ClientCursor(owner).execute(SCORES.replace("% ", "%% "), {"year": YEAR})
    owner.execute(MEASURES)
    owner.execute(LOSSES.replace("%", "%%"), {})
    # Keys and guards are put on again afterwards: checked for each of ten million rows they would take an hour.
    owner.execute("ALTER TABLE task_rating DISABLE TRIGGER USER")
    kept = owner.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'task_rating'::regclass"
        " AND contype IN ('p', 'f') ORDER BY contype DESC"
    ).fetchall()
    for name, _definition in sorted(kept, reverse=True):
        owner.execute(f"ALTER TABLE task_rating DROP CONSTRAINT {name}")
    row = owner.execute("SELECT max(seq) FROM task_score").fetchone()
    last = row[0] if row else 0
    for first in range(1, last + 1, 100_000):
        values = {"raters": RATERS, "first": first, "last": first + 99_999}
        psycopg.ClientCursor(owner).execute(RATINGS.replace("% 3", "%% 3").replace("% %(", "%% %("), values)
        owner.commit()
    for name, definition in kept:
        owner.execute(f"ALTER TABLE task_rating ADD CONSTRAINT {name} {definition}")
    owner.execute("ALTER TABLE task_rating ENABLE TRIGGER USER")
    owner.execute("SELECT setval(pg_get_serial_sequence('task_score', 'seq'), %s)", [last])
    owner.commit()
    owner.autocommit = True
    owner.execute("VACUUM ANALYZE")
    found = owner.execute("SELECT count(*) FROM task_rating").fetchone()
    return found[0] if found else 0


@contextmanager
def worker(url: str, var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process as `make run` starts it."""
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "DATABASE_OWNER_URL": url,
        "HENGPING_VAR": str(var),
        "SECRET_KEY": "bench",
    }
    made = subprocess.Popen([sys.executable, "-m", "flask", "--app", "app", "jobs", "work"], env=env)
    try:
        yield made
    finally:
        made.send_signal(signal.SIGTERM)
        made.wait()


def peak(process: int) -> float:
    """Return the most memory a process ever held, in megabytes."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def timed(deed: Callable[[], object]) -> float:
    """Return how many seconds something took."""
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def ask(app: Flask, browser: FlaskClient) -> None:
    """Ask for the year's grades on their page."""
    with app.app_context():
        answer = browser.post("/grading/compute", data={"year": str(YEAR), "rule_set": "house"})
    if answer.status_code != 302:
        raise RuntimeError(f"asking for the cycle answered {answer.status_code}")


def wait(owner: psycopg.Connection[Any], condition: str) -> None:
    """Wait until the latest run fulfils a condition."""
    query = f"SELECT {condition} FROM cycle_run r WHERE id = (SELECT max(id) FROM cycle_run)"
    while not (owner.execute(query).fetchone() or [False])[0]:
        time.sleep(0.05)


def listening(owner: psycopg.Connection[Any]) -> None:
    """Wait until a worker has announced itself."""
    owner.execute("DELETE FROM procrastinate_workers")
    while not (owner.execute("SELECT count(*) FROM procrastinate_workers").fetchone() or [0])[0]:
        time.sleep(0.1)
    time.sleep(1)


def marks(app: Flask, owner: psycopg.Connection[Any]) -> str:
    """Return the digest of every entry, and of a sample of full records, each of which must verify."""
    rows = owner.execute(
        "SELECT md5(string_agg(e, '' ORDER BY e)) FROM (SELECT concat_ws('|', id, name, grade, score, tasks, mean,"
        " deducted, losses) AS e FROM cycle_entry) x"
    ).fetchone()
    with app.app_context():
        entries = db.session.scalars(select(CycleEntry).order_by(CycleEntry.id).limit(SAMPLE)).all()
        records = [entry.record for entry in entries]
        faults = [fault for record in records for fault in verify_grade(record)]
        if faults:
            raise RuntimeError(f"records do not verify: {faults[:3]}")
        found = hashlib.sha256("".join(digest(record) for record in records).encode()).hexdigest()
        db.session.remove()
    return f"{(rows or [''])[0]} {found}"


def page(app: Flask, browser: FlaskClient, path: str) -> float:
    """Return the median time of a page."""

    def look() -> None:
        with app.app_context():
            if browser.get(path).status_code != 200:
                raise RuntimeError(path)

    return statistics.median([timed(look) for _round in range(11)][1:])


def bare(owner: psycopg.Connection[Any]) -> dict[str, float]:
    """Return the seconds of each bare aggregate: the quicker of two."""
    return {
        name: min(timed(lambda query=query: owner.execute(f"SELECT count(a) FROM ({query}) x (id, a)")) for _ in (1, 2))
        for name, query in BARE.items()
    }


def main() -> int:
    """Measure at the size asked for; 0 when every aim is met."""
    parser = argparse.ArgumentParser(prog="bench.grading_year")
    parser.add_argument("--agencies", type=int, default=100_000)
    parser.add_argument("--engagements", type=int, default=1_000_000)
    parser.add_argument("--no-kill", action="store_true", help="leave out the killed worker")
    asked = parser.parse_args()
    server, name = TestServer(), f"hengping_year_{os.getpid()}"
    with tempfile.TemporaryDirectory() as folder:
        var, url = Path(folder), server.url(name, role="app")
        app = create_app(Settings(database_url=url, var=var, secret_key="bench", testing=True))
        app.test_client_class = Client
        database = server.create(name, server.template())
        try:
            with psycopg.connect(libpq(database.owner_url)) as owner:
                seconds = timed(lambda: fill(owner, agencies=asked.agencies, engagements=asked.engagements))
                ratings = fill_year(owner)
                print(
                    f"{asked.agencies:,} agencies, {asked.engagements:,} engagements, {ratings:,} scores "
                    f"({seconds:.0f} s for the library)",
                    flush=True,
                )
                return measure(app, owner, url, var, kill=not asked.no_kill)
        finally:
            with app.app_context():
                db.engine.dispose()
            server.drop(name)
            server.stop()


def measure(app: Flask, owner: psycopg.Connection[Any], url: str, var: Path, *, kill: bool) -> int:
    """Print the table; 0 when every aim is met."""
    with app.app_context():
        browser = signed_in(app)
    before = bare(owner)
    with worker(url, var) as process:
        listening(owner)
        seconds = timed(lambda: (ask(app, browser), wait(owner, "finished_at IS NOT NULL")))
        memory = peak(process.pid)
    after = bare(owner)
    first = marks(app, owner)
    peers = {name: (before[name] + after[name]) / 2 for name in BARE}
    for name, peer in peers.items():
        print(f"bare {name:34} {peer:7.2f} s; the cycle is {seconds / peer:.2f} times that")
    print(f"the cycle, from the click to the entries {seconds:6.2f} s, worker at most {memory:.0f} MB")
    with app.app_context():
        entry = db.session.execute(text("SELECT id, cycle_id FROM cycle_entry ORDER BY tasks DESC LIMIT 1")).one()
        db.session.remove()
    sheet, listed = page(app, browser, f"/grading/entries/{entry.id}"), page(app, browser, f"/grading/{entry.cycle_id}")
    print(f"an agency's sheet {1000 * sheet:6.0f} ms, the year's list {1000 * listed:6.0f} ms")
    same = True
    if kill:
        with worker(url, var) as process:
            listening(owner)
            ask(app, browser)
            wait(owner, "(SELECT count(done_at) * 3 > count(*) FROM cycle_chunk c WHERE c.run_id = r.id)")
            process.kill()
        with worker(url, var):
            wait(owner, "finished_at IS NOT NULL")
        same = marks(app, owner) == first
        print(f"killed half way and resumed: {'the same to the byte' if same else 'DIFFERENT'}")
    good = seconds <= AIM * peers["mean by agency"] and sheet <= PAGE_AIM and memory <= MEMORY_AIM and same
    print("every aim is met" if good else "an aim is missed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
