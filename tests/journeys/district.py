"""A living district for journeys: a database of its own with real commits, a server, a worker, a browser."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
import threading
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from core.database import db
from core.demo.clock import move_clock
from core.house import current_house
from core.identity.actor import actor_for
from core.identity.models import User
from core.jobs.worker import work_off
from core.unit_of_work import UnitOfWork, system_work
from experts.models import Expert
from experts.states import Category
from procurement.models import Tender
from projects.states import Industry
from tests.factories.experts import make_expert
from tests.fixtures.application import settings_for
from tests.fixtures.database import fresh_name
from tests.journeys.people import Person
from web.demo.seed import seed_district, seed_libraries
from web.demo.world import DOMAIN, World
from web.factory import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NO_BROWSER = (
    "NO BROWSER: Chromium is missing, so what people do in the browser is not tried (on Debian: apt install chromium)"
)


EARLY_LEAVERS = pytest.mark.filterwarnings(
    "ignore:Exception ignored in.*FileIO:pytest.PytestUnraisableExceptionWarning"
)
"""For tests with a served district: a browser that goes on leaves a static file to the server's garbage collection."""


def address_of(key: str) -> str:
    """The mail address of a demonstration user's key; an address stays."""
    return key if "@" in key else f"{key}@{DOMAIN}"


@dataclass(frozen=True)
class SeenExpert:
    """An expert as the provincial pool's paper names them."""

    name: str
    email: str
    employer: str


@dataclass
class District:
    """The running district: who is in it, its clock, its worker."""

    app: Flask
    address: str
    browser: Browser
    language: str = "zh"
    people: list[Person] = field(default_factory=list)

    def person(self, key: str | None, *, width: int = 1280, language: str | None = None) -> Person:
        """A browser window in which the user with this key is signed in (None: nobody)."""
        context = self.browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        context.set_default_timeout(20_000)
        person = Person(context.new_page(), self.address, language or self.language)
        self.people.append(person)
        if key is None:
            person.go(f"/?lang={person.language}")
        else:
            person.become(self.user_id(key))
        return person

    @contextlib.contextmanager
    def at_desk(self, key: str | None, **how):
        """`with district.at_desk("zhou.mingyuan") as officer:`; leaves, checking for faults, at the end."""
        person = self.person(key, **how)
        yield person
        person.leave()

    def user_id(self, key: str) -> str:
        """The id of the user with this key or address."""
        with self.app.app_context():
            return str(db.session.scalars(select(User.id).where(User.email == address_of(key))).one())

    def user(self, key: str) -> User:
        """The user with this key or address, as read now."""
        with self.app.app_context():
            found = db.session.scalars(select(User).where(User.email == address_of(key))).one()
            db.session.expunge(found)
            return found

    def organisation_of(self, key: str) -> str:
        """The name of the organisation this user works for; pages in either language show the registered one."""
        with self.app.app_context():
            user = db.session.scalars(select(User).where(User.email == address_of(key))).one()
            return user.memberships[0].organisation.name

    def experts(self, count: int) -> list[SeenExpert]:
        """Some experts of the pool."""
        with self.app.app_context():
            found = db.session.scalars(select(Expert).join(Expert.user).order_by(User.email).limit(count))
            return [SeenExpert(one.user.name, one.user.email, one.employer) for one in found]

    @contextlib.contextmanager
    def work(self):
        """A unit of work of the system, for looking at what the pages left behind."""
        with self.app.app_context():
            yield system_work(current_house())

    @contextlib.contextmanager
    def acting(self, key: str):
        """A unit of work in which this user acts, committed at its end: for steps that another journey shows."""
        with self.app.app_context():
            user = db.session.scalars(select(User).where(User.email == address_of(key))).one()
            actor = actor_for(db.session(), user.id)
            assert actor is not None
            with UnitOfWork(db.session(), actor, current_house()) as uow:
                yield uow

    def advance(self, **by: float) -> None:
        """Move the demonstration's clock on."""
        with self.app.app_context():
            uow: UnitOfWork = system_work(current_house())
            move_clock(uow, timedelta(**by))
            uow.commit()

    def advance_past(self, tender_id: str) -> None:
        """Move the clock to an hour after a tender's deadline, whatever time of day the test runs at."""
        with self.app.app_context():
            uow: UnitOfWork = system_work(current_house())
            deadline = uow.session.get_one(Tender, uuid.UUID(tender_id)).deadline
            assert deadline is not None, "the tender has no deadline yet"
            move_clock(uow, deadline - uow.now + timedelta(hours=1))
            uow.commit()

    def run_jobs(self) -> None:
        """Let a worker do everything that waits; in a thread, because the browser's loop runs in this one."""
        failed: list[BaseException] = []

        def run() -> None:
            try:
                work_off(self.app)
            except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
                failed.append(error)

        worker = threading.Thread(target=run)
        worker.start()
        worker.join()
        if failed:
            raise failed[0]


@pytest.fixture(scope="module")  # not longer: its event loop would be in the way of other tests of the process
def chromium(request):
    """The system's browser; without one the test is skipped with a loud line, or fails where CI says so."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled() if capture else contextlib.nullcontext():
            sys.stderr.write(f"\n{NO_BROWSER}\n")
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@contextlib.contextmanager
def running_district(test_server, browser, var, kind, seed):
    """A served district on a fresh copy of the schema, filled by `seed`."""
    name = fresh_name(kind)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    url = test_server.url(name, role="app")
    app = create_app(settings_for(url, var, public_address=address, testing=False))  # its models make the template
    test_server.drop(name)
    test_server.create(name, test_server.template())
    server = make_server("127.0.0.1", int(address.rsplit(":", 1)[1]), app, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    try:
        with app.app_context():
            seed()
        serving.start()
        yield District(app, address, browser)
    finally:
        if serving.is_alive():
            server.shutdown()
            serving.join()
        server.server_close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        test_server.drop(name)


def seed_start() -> World:
    """The libraries and an expert pool, without any history."""
    world = seed_libraries(7)
    kinds = (Category.PERFORMANCE, Category.INDUSTRY, Category.FINANCE, Category.SCHOLAR)
    with world.acting(None, days=-30) as uow:
        for number in range(1, 25):
            changes = {"name": f"评审{number}", "email": address_of(f"expert{number}"), "industries": tuple(Industry)}
            make_expert(uow, categories=(kinds[number % 4],), **changes)
    return world


@pytest.fixture(scope="module")
def demonstration(test_server, chromium, tmp_path_factory):
    """The whole demonstration district as a visitor finds it, for tests that only look."""
    var = tmp_path_factory.mktemp("demonstration")
    with running_district(test_server, chromium, var, "demonstration", lambda: seed_district(7)) as running:
        yield running


@pytest.fixture
def district(test_server, chromium, tmp_path):
    """A district at its start: people, projects, agencies, experts; no history yet."""
    with running_district(test_server, chromium, tmp_path / "var", "journey", seed_start) as running:
        yield running
