"""The demonstration district's purchases, made by acting as the people who would make them."""

from core.unit_of_work import UnitOfWork
from procurement.demonstration.clarifications import populate_clarifications
from procurement.demonstration.collusion import populate_collusion
from procurement.demonstration.contracts import populate_contracts
from procurement.demonstration.direct import populate_direct
from procurement.demonstration.frameworks import populate_frameworks
from procurement.demonstration.incidents import keep_up, populate_incidents
from procurement.demonstration.planning import populate_planning
from procurement.demonstration.publication import populate_publication
from procurement.demonstration.remedies import populate_remedies
from procurement.demonstration.rounds import populate_rounds
from procurement.demonstration.tenders import World
from procurement.demonstration.tenders import populate as populate_tenders

__all__ = ["populate"]


def populate(uow: UnitOfWork, world: World) -> None:
    """Act out purchases of each kind, plans, questions, contracts, remedies, incidents, a framework and signs."""
    experts, keys = populate_tenders(uow, world)
    populate_rounds(world)
    populate_direct(uow, world)
    populate_planning(world)
    populate_clarifications(uow, world)
    populate_contracts(world)
    populate_remedies(world)
    populate_incidents(world)
    populate_frameworks(world, experts, keys)
    keep_up(world)
    populate_publication(uow, world)
    populate_collusion(world)
