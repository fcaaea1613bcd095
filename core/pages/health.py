"""Liveness and readiness for whoever watches the installation."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.http.guard import public
from core.jobs.heartbeat import worker_is_alive
from core.unit_of_work import UnitOfWork

health = Blueprint("health", __name__)


@health.get("/healthz")
@public
def alive(_uow: UnitOfWork) -> ResponseReturnValue:
    """Answer as long as the process serves."""
    return {"status": "ok"}


@health.get("/readyz")
@public
def ready(uow: UnitOfWork) -> ResponseReturnValue:
    """Answer 200 when database, worker and storage are all there, else 503 naming what is not."""
    parts = {"database": _database(uow), "worker": False, "storage": uow.house.store.is_writable()}
    if parts["database"]:
        parts["worker"] = worker_is_alive(uow.session)
    return {"ready": all(parts.values()), **parts}, 200 if all(parts.values()) else 503


def _database(uow: UnitOfWork) -> bool:
    try:
        uow.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
