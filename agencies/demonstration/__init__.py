"""The demonstration's scenes of the agency library and of engagements, one noun a file."""

from __future__ import annotations

from typing import Any

from agencies.demonstration import scenes
from agencies.demonstration.conduct import play_conduct
from agencies.demonstration.ties import share_an_office
from core.unit_of_work import UnitOfWork


def populate(_uow: UnitOfWork, world: Any) -> None:
    """Act out the library's scenes on the agencies that the district has; each noun's file adds its own here."""
    scenes.play(world)
    play_conduct(world)
    share_an_office(world)
