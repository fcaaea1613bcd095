"""What is said before a unit of work becomes durable, and what handlers may still do then."""

from __future__ import annotations

import pytest

from core.events import Concluding, _handlers, subscribe
from core.identity.actor import SYSTEM
from core.unit_of_work import UnitOfWork
from tests.factories.identity import make_organisation


@pytest.fixture
def heard(monkeypatch):
    """What handlers were told; the application's own handlers rest meanwhile."""
    told: list[Concluding] = []
    monkeypatch.setitem(_handlers, Concluding, [])
    subscribe(Concluding, lambda _uow, event: told.append(event))
    return told


def test_it_names_every_deed_and_what_it_was_about(uow, heard):
    first, second = make_organisation(uow), make_organisation(uow)
    work = UnitOfWork(uow.session, SYSTEM, uow.house)
    work.record("organisation.change", first, about=(second,))
    work.commit()
    (event,) = heard
    assert event.deeds == (("organisation.change", (f"organisation:{first.id}", f"organisation:{second.id}")),)


def test_nothing_is_said_when_nothing_was_noted_or_all_is_forgotten(uow, heard):
    work = UnitOfWork(uow.session, SYSTEM, uow.house)
    work.commit()
    work.record("organisation.change", make_organisation(uow))
    work.rollback()
    work.commit()
    assert heard == []


def test_what_a_handler_writes_is_durable_with_it_and_its_fault_stops_all(uow, heard):
    organisation = make_organisation(uow)
    work = UnitOfWork(uow.session, SYSTEM, uow.house)

    def rename(one: UnitOfWork, _event: Concluding) -> None:
        organisation.name = "改名"
        one.session.flush()

    subscribe(Concluding, rename)
    work.record("organisation.change", organisation)
    work.commit()
    uow.session.refresh(organisation)
    assert organisation.name == "改名"

    def fail(_uow: UnitOfWork, _event: Concluding) -> None:
        raise RuntimeError("stop")

    subscribe(Concluding, fail)
    work.record("organisation.change", organisation)
    with pytest.raises(RuntimeError, match="stop"):
        work.commit()
    assert heard
