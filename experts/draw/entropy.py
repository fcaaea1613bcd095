"""Entropy from several roles: promised, bound to the committed plan, then revealed; and what follows from it.

Nobody can steer a draw unless every role conspires: each promises its secret before it sees another's, and the plan,
with its lottery, was committed before the first promise. A role that withholds its reveal voids the attempt in public.

The byte rules, for anybody who writes a verifier (`|` joins; every text is UTF-8; SHA-256 throughout):

    anchor   = SHA-256("hengping/attempt/1" 00 | canonical JSON of {commitment, number, previous})
    promise  = SHA-256("hengping/promise/1" 00 | canonical JSON of {anchor, role, secret})
    seed     = SHA-256("hengping/seed/1" 00 | canonical JSON of {anchor, beacon, reveals: [[role, secret] by role]})
    block i  = SHA-256("hengping/stream/1" 00 | seed | label 00 | i as 8 bytes, big-endian), i = 0, 1, 2 …
    below(n) = the next 8-byte big-endian word of the blocks, masked to the bit length of n - 1, skipped while >= n
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.records import canonical, digest

FEWEST_ROLES = 2


class BadEntropy(Exception):
    """Promises or reveals that do not fit together; carries the sentence in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")


@dataclass(frozen=True)
class Promise:
    """A role's commitment to its secret, and who holds the role."""

    role: str
    holder: str
    commitment: str


@dataclass(frozen=True)
class Reveal:
    """A role's secret: 64 hex digits."""

    role: str
    secret: str


@dataclass(frozen=True)
class Attempt:
    """One attempt at a draw: drawn when every role revealed, void (with the roles named) when one did not."""

    number: int
    commitment: str
    previous: str | None
    promises: tuple[Promise, ...]
    reveals: tuple[Reveal, ...]
    beacon: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the roles that withheld their reveal; none in a draw that stands."""
        given = {reveal.role for reveal in self.reveals}
        return tuple(sorted(promise.role for promise in self.promises if promise.role not in given))

    @property
    def anchor(self) -> str:
        """Return what the promises of this attempt are bound to."""
        return anchor(self.commitment, self.number, self.previous)

    @property
    def digest(self) -> str:
        """Return what the next attempt chains to: everything but who held the roles."""
        return chained(self.body())

    @property
    def seed(self) -> bytes:
        """Return the seed that all reveals together fix. Raises BadEntropy for a void attempt."""
        if self.missing:
            raise BadEntropy(
                f"本次抽取作废:{'、'.join(self.missing)} 未公开随机数。",
                f"This attempt is void: {', '.join(self.missing)} withheld the reveal.",
            )
        reveals = sorted([reveal.role, reveal.secret] for reveal in self.reveals)
        content = canonical({"anchor": self.anchor, "beacon": self.beacon, "reveals": reveals})
        return hashlib.sha256(b"hengping/seed/1\x00" + content).digest()

    def body(self) -> dict[str, Any]:
        """Return the attempt as it stands in a record."""
        return {
            "number": self.number,
            "previous": self.previous,
            "promises": [{"role": p.role, "holder": p.holder, "commitment": p.commitment} for p in self.promises],
            "reveals": [{"role": r.role, "secret": r.secret} for r in self.reveals],
            "beacon": self.beacon,
            "missing": list(self.missing),
        }


def chained(body: dict[str, Any]) -> str:
    """Return the digest that the next attempt chains to; holders are left out, so that both forms agree."""
    promises = [{"role": promise["role"], "commitment": promise["commitment"]} for promise in body["promises"]]
    return digest({**body, "promises": promises})


def anchor(commitment: str, number: int, previous: str | None) -> str:
    """Return what promises bind to: the plan's commitment, the attempt's number and the void attempt before it."""
    content = canonical({"commitment": commitment, "number": number, "previous": previous})
    return hashlib.sha256(b"hengping/attempt/1\x00" + content).hexdigest()


def promised(at: str, role: str, secret: str) -> str:
    """Return the commitment of a role to its secret at an anchor."""
    content = canonical({"anchor": at, "role": role, "secret": secret})
    return hashlib.sha256(b"hengping/promise/1\x00" + content).hexdigest()


def promise(
    commitment: str, role: str, holder: str, secret: str, *, number: int = 1, previous: str | None = None
) -> Promise:
    """Promise a secret of 64 hex digits for a role. Raises BadEntropy for a secret of another form."""
    try:
        raw = bytes.fromhex(secret)
    except ValueError:
        raw = b""
    if len(raw) != 32 or secret != raw.hex():
        raise BadEntropy("随机数应为 64 位小写十六进制数字。", "A secret is 64 lower-case hex digits.")
    return Promise(role, holder, promised(anchor(commitment, number, previous), role, secret))


def settle(
    commitment: str,
    promises: Sequence[Promise],
    reveals: Sequence[Reveal],
    *,
    previous: Attempt | None = None,
    beacon: str | None = None,
) -> Attempt:
    """Close an attempt with the reveals that came in: it is drawn, or void with the missing roles named.

    Raises BadEntropy when there are fewer than two roles or holders, a reveal does not open its promise, the attempt
    before was not void, or a role that withheld its reveal there is held by the same person again.
    """
    _check_roles(promises)
    if previous is not None:
        if not previous.missing:
            raise BadEntropy("上一次抽取有效,不得再次抽取。", "The previous attempt stands; it cannot be drawn again.")
        barred = {one.holder for one in previous.promises if one.role in previous.missing}
        again = [one.role for one in promises if one.holder in barred]
        if again:
            raise BadEntropy(
                f"{again[0]} 上次未公开随机数,须换人。",
                f"{again[0]} withheld the last reveal; somebody else must hold the role.",
            )
    number = previous.number + 1 if previous else 1
    attempt = Attempt(
        number, commitment, previous.digest if previous else None, tuple(promises), tuple(reveals), beacon
    )
    expected = {one.role: one.commitment for one in promises}
    seen: set[str] = set()
    for reveal in reveals:
        given = promised(attempt.anchor, reveal.role, reveal.secret)
        if reveal.role in seen or not hmac.compare_digest(given, expected.get(reveal.role, "")):
            raise BadEntropy(
                f"{reveal.role} 公开的随机数与其承诺不符。", f"The reveal of {reveal.role} does not open its promise."
            )
        seen.add(reveal.role)
    return attempt


def _check_roles(promises: Sequence[Promise]) -> None:
    roles, holders = {one.role for one in promises}, {one.holder for one in promises}
    if len(roles) != len(promises) or len(roles) < FEWEST_ROLES or len(holders) != len(promises):
        raise BadEntropy(
            "至少须由两个角色、不同的人提供随机数。", "At least two roles, held by different people, must give entropy."
        )


class Stream:
    """Unbiased whole numbers from a seed under a label; the byte rules stand at the top of this module."""

    def __init__(self, seed: bytes, label: str) -> None:
        self._prefix = b"hengping/stream/1\x00" + seed + label.encode() + b"\x00"
        self._block, self._words = 0, b""

    def below(self, bound: int) -> int:
        """Return a whole number of 0 … bound - 1, each equally likely; bound is at most 2^63."""
        mask = (1 << (bound - 1).bit_length()) - 1
        while True:
            if not self._words:
                self._words = hashlib.sha256(self._prefix + self._block.to_bytes(8, "big")).digest()
                self._block += 1
            word, self._words = int.from_bytes(self._words[:8], "big") & mask, self._words[8:]
            if word < bound:
                return word

    def shuffled(self, items: Sequence[int]) -> list[int]:
        """Return the items in random order: Fisher-Yates from the last place down."""
        order = list(items)
        for place in range(len(order) - 1, 0, -1):
            other = self.below(place + 1)
            order[place], order[other] = order[other], order[place]
        return order
