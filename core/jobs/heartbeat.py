"""Whether a worker is alive: procrastinate's workers write a heartbeat."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

ALIVE_WITHIN_SECONDS = 60


def worker_is_alive(session: Session) -> bool:
    """Whether any worker gave a sign of life within the last minute."""
    return bool(
        session.scalar(
            text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :s)"),
            {"s": ALIVE_WITHIN_SECONDS},
        )
    )
