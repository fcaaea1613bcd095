"""Organisations as public facts."""

from __future__ import annotations

from core.identity.models import Organisation
from procurement.public_process import Party


def party_of(organisation: Organisation, *, contact: str = "", telephone: str = "") -> Party:
    """Return an organisation as a public fact."""
    return Party(
        key=str(organisation.id),
        name=organisation.name,
        uscc=organisation.uscc,
        address=organisation.address,
        telephone=telephone or organisation.telephone,
        contact=contact,
    )
