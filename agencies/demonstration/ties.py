"""What ties agencies of the demonstration to each other, for the picture of ties (利害关系图)."""

from __future__ import annotations

from typing import Any

from agencies.library_sheet import AgencyEntry
from agencies.services.exchange import digest_of, import_library, plan_import


def share_an_office(world: Any) -> None:
    """Let an imported table give one agency another's address and telephone number: a reason to look, no more."""
    one, other = world.agencies[7].organisation, world.agencies[16]
    entry = AgencyEntry(
        uscc=other.organisation.uscc,
        name=other.organisation.name,
        kind=other.kind,
        fields=tuple(other.sectors),
        legal_representative=other.legal_representative,
        address=one.address,
        telephone=one.telephone,
    )
    with world.acting("xu.wenjing", days=-40) as uow:
        import_library(uow, [entry], digest_of(plan_import(uow, [entry])))
