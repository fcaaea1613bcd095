"""The unified social credit code (统一社会信用代码) and its check character (GB 32100-2015)."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 signs: no I, O, S, V, Z."""
LENGTH = 18


def check_character(first17: str) -> str:
    """Return the 18th character for the first 17: weights 3^i mod 31. Raises ValueError for a foreign sign."""
    total = sum(ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(first17))
    return ALPHABET[(31 - total % 31) % 31]


def is_uscc(code: str) -> bool:
    """Whether this is a well-formed code with the right check character."""
    if len(code) != LENGTH or set(code) - set(ALPHABET):
        return False
    return check_character(code[:-1]) == code[-1]
