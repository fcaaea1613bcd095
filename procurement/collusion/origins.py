"""From where bids came: the account, the browser and the network address they were handed in with."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence

from procurement.collusion.papers import Folder, Hit, Place
from procurement.states import Sign, SignWeight

NETWORK_BITS = 64
"""An IPv6 line is given a whole network of this length; its last half changes with the day."""


def origin_hits(folders: Sequence[Folder]) -> Iterator[Hit]:
    """Yield bids handed in by one account, from one browser or from one public address (R-COLL-01, form 2)."""
    yield from _equal(folders, Sign.SUBMITTER, SignWeight.HIGH, lambda one: one.submitter)
    yield from _equal(folders, Sign.DEVICE, SignWeight.HIGH, lambda one: one.device)
    yield from _equal(folders, Sign.ADDRESS, SignWeight.MEDIUM, lambda one: line_of(one.address))


def line_of(address: str) -> str:
    """Return the line behind an address, "" where it tells nothing: inner networks, loopback, carriers' shared ranges.

    Behind a proxy that does not pass addresses on, everybody has an inner one; nobody is suspected for that.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if not found.is_global:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, NETWORK_BITS), strict=False))
    return str(found)


def _equal(
    folders: Sequence[Folder], sign: Sign, weight: SignWeight, value_of: Callable[[Folder], str]
) -> Iterator[Hit]:
    found: dict[str, list[Folder]] = {}
    for folder in folders:
        if value := value_of(folder):
            found.setdefault(value, []).append(folder)
    for value, holders in sorted(found.items()):
        if len(holders) > 1:
            shown = value if sign is Sign.ADDRESS else ""
            places = tuple(Place(one.bid, shown or one.bidder) for one in sorted(holders, key=lambda one: one.bid))
            yield Hit(sign, weight, tuple(one.bid for one in places), value, shown, (places,))
