"""Credit codes for invented organisations: well-formed (GB 32100), in a registration area that does not exist."""

from __future__ import annotations

from core.identity.uscc import check_character


def credit_code(number: int) -> str:
    """Return the code of the n-th invented organisation (registration area 310199)."""
    first17 = f"91310199HP{number:06d}"
    first17 = f"{first17}X"[:17]
    return first17 + check_character(first17)
