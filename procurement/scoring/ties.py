"""并列候选人的随机抽取: a lottery among parallel bids that nobody can steer and anybody can repeat (R-EVAL-07).

The seed is made of what stood fixed before the first point was given and what no single person controls: the notice's
hash and the hash of every sealed envelope of the lot, as they were read out at the opening.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TieDraw:
    """What decided among parallel bids: the inputs of the seed, and the order that it gives."""

    notice: str
    envelopes: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each envelope of the lot, by bid."""

    @property
    def seed(self) -> str:
        """Return the seed: SHA-256 over the notice's hash and the envelopes' hashes in ascending order, one a line."""
        return hashlib.sha256("\n".join([self.notice, *sorted(self.envelopes.values())]).encode()).hexdigest()

    def order(self, bids: Iterable[str]) -> Sequence[str]:
        """Return parallel bids in the order drawn: by SHA-256 of the seed, a colon and the bid's envelope's hash."""
        return sorted(bids, key=lambda bid: hashlib.sha256(f"{self.seed}:{self.envelopes[bid]}".encode()).hexdigest())
