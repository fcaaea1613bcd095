"""What the audit chain costs: units of work a second with an entry each, beside the same insert without one.

Run: TEST_DATABASE_URL=… python bench/audit.py (or without, on the embedded PostgreSQL). Each of several threads commits
small units of work as fast as it can; the chain's lock is held only from the appending to the commit.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask import Flask
from sqlalchemy import text

from core.audit.verify import verify_chain
from core.database import db
from core.house import current_house
from core.settings import Settings
from core.unit_of_work import system_work
from tests.fixtures.database import TestServer
from web.factory import create_app

THREADS, SECONDS = int(os.environ.get("THREADS", "8")), float(os.environ.get("SECONDS", "5"))


def run(app: Flask, *, audited: bool) -> float:
    """Return units of work a second, all threads together."""
    counts, stop = [0] * THREADS, time.monotonic() + SECONDS

    def work(number: int) -> None:
        with app.app_context():
            while time.monotonic() < stop:
                uow = system_work(current_house())
                uow.session.execute(
                    text("INSERT INTO form_use (once, location) VALUES (:once, '/')"), {"once": uuid.uuid4()}
                )
                _ = uow.now  # every deed reads the clock, with an entry or without
                if audited:
                    uow.record("bench.deed", None, detail={"number": counts[number]})
                uow.commit()
                counts[number] += 1
            db.session.remove()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sum(counts) / SECONDS


def main() -> None:
    """Measure on a database of its own, then check that the chain is whole."""
    server = TestServer()
    name = f"hengping_bench_{os.getpid()}"
    with tempfile.TemporaryDirectory() as var:
        app = create_app(
            Settings(database_url=server.url(name, role="app"), var=Path(var), secret_key="bench", testing=True)
        )
        server.create(name, server.template())
        try:
            plain, audited = run(app, audited=False), run(app, audited=True)
            with app.app_context():
                entries, faults = verify_chain(db.session())
                db.session.remove()
                db.engine.dispose()
        finally:
            server.drop(name)
            server.stop()
    print(f"plain insert   {plain:8.0f} units of work/s ({THREADS} threads)")
    print(f"with the chain {audited:8.0f} units of work/s = {audited / plain:.0%}")
    print(f"the chain      {entries:8d} entries, {len(faults)} faults")


if __name__ == "__main__":
    main()
