"""Quartiles and fences, exactly: the median-unbiased quantile (Hyndman and Fan's eighth), as Cardinal reckons it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor

THIRD = Fraction(1, 3)


def quantile(values: Iterable[Fraction], share: Fraction) -> Fraction:
    """Return the value below which `share` of the values lie; raises ValueError without values."""
    ordered: Sequence[Fraction] = sorted(values)
    if not ordered:
        raise ValueError("no values")
    place = (len(ordered) + THIRD) * share + THIRD
    below = floor(place)
    if below <= 0:
        return ordered[0]
    if below >= len(ordered):
        return ordered[-1]
    return ordered[below - 1] + (place - below) * (ordered[below] - ordered[below - 1])


def fences(values: Sequence[Fraction], times: Fraction) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """Return the lower fence, both quartiles and the upper fence: quartiles less and plus `times` their distance."""
    first, third = quantile(values, Fraction(1, 4)), quantile(values, Fraction(3, 4))
    reach = times * (third - first)
    return first - reach, first, third, third + reach
