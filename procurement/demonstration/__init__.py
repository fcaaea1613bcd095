"""The demonstration district's purchases, made by acting as the people who would make them."""

from core.unit_of_work import UnitOfWork
from procurement.demonstration.clarifications import populate_clarifications
from procurement.demonstration.contracts import populate_contracts
from procurement.demonstration.direct import populate_direct
from procurement.demonstration.frameworks import populate_frameworks
from procurement.demonstration.planning import populate_planning
from procurement.demonstration.remedies import populate_remedies
from procurement.demonstration.tenders import World
from procurement.demonstration.tenders import populate as populate_tenders

__all__ = ["populate"]


def populate(uow: UnitOfWork, world: World) -> None:
    """Act out tenders with sealed bids, purchases without, plans, questions, contracts, remedies and a framework."""
    experts, keys = populate_tenders(uow, world)
    populate_direct(uow, world)
    populate_planning(world)
    populate_clarifications(uow, world)
    populate_contracts(world)
    populate_remedies(world)
    populate_frameworks(world, experts, keys)
