"""Which of the twelve elements of an evaluation plan are there, and where (R-AGENCY-08). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agencies.states import PlanElement

DERIVED = (PlanElement.STAFF, PlanElement.SCHEDULE, PlanElement.INDICATORS, PlanElement.STANDARDS)
"""Elements that the house already knows: the team, the milestones, the indicator system with its standards."""
FROM_SYSTEM = (PlanElement.INDICATORS, PlanElement.STANDARDS)
"""Elements that are only taken from the indicator system: a second, typed version could contradict the reviewed one."""


@dataclass(frozen=True)
class Written:
    """What the agency wrote of an element: the text itself, or its place in the plan's file."""

    body: str = ""
    place: str = ""

    @property
    def is_there(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.body.strip() or self.place.strip())


@dataclass(frozen=True)
class Known:
    """What the house knows by itself."""

    leads: int = 0
    members: int = 0
    milestones: int = 0
    indicators: int = 0
    with_standard: int = 0
    """Indicators that name their standard and how they are scored."""
    is_submitted: bool = False
    """The indicator system was handed in or approved, so that it is no longer a draft."""


@dataclass(frozen=True)
class Standing:
    """One element as it stands."""

    element: PlanElement
    is_there: bool
    written: Written
    is_derived: bool = False


NOTHING = Written()


def standings(written: Mapping[PlanElement, Written], known: Known, *, has_file: bool) -> list[Standing]:
    """Return every element with whether it is there, in the order of the rule.

    A place in the plan's file counts only where there is a file.
    """
    return [_standing(element, written.get(element, NOTHING), known, has_file=has_file) for element in PlanElement]


def missing(found: Sequence[Standing]) -> list[PlanElement]:
    """Return the elements that are not there."""
    return [one.element for one in found if not one.is_there]


def _standing(element: PlanElement, written: Written, known: Known, *, has_file: bool) -> Standing:
    derived = _is_known(element, known)
    typed = bool(written.body.strip()) or (has_file and bool(written.place.strip()))
    is_there = derived if element in DERIVED else typed
    return Standing(element, is_there, written, is_derived=element in DERIVED)


def _is_known(element: PlanElement, known: Known) -> bool:
    if element is PlanElement.STAFF:
        return known.members > 0
    if element is PlanElement.SCHEDULE:
        return known.milestones > 0
    if element is PlanElement.INDICATORS:
        return known.is_submitted and known.indicators > 0
    if element is PlanElement.STANDARDS:
        return known.is_submitted and 0 < known.indicators == known.with_standard
    return False
