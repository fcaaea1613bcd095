"""The plan of a draw: everything that is fixed before anybody gives entropy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from core.records import commit, redact, salt_for, salts_in
from experts.draw.certificate import Certificate, seat_mass, shortfall
from experts.draw.fairest import fairest
from experts.draw.infeasible import explain
from experts.draw.lottery import Panel
from experts.draw.pool import Kind, Pool, Quota, check_quotas, families

HIDDEN = (
    "/plan/candidates/*/id",
    "/plan/candidates/*/features",
    "/plan/candidates/*/employer",
    "/plan/candidates/*/excluded",
    "/plan/caps/*/value",
)
"""What the public form of a plan hides: who is in the pool, where they work, and why somebody is not drawn."""


@dataclass(frozen=True)
class DrawPlan:
    """A snapshot with its quotas, the types, the exact lottery over panels and the certificates of its fairness.

    The last `capped` quotas are caps on every value of a feature, such as the employer; those values are not public.
    `relaxed` are the quotas that the certificates leave aside: they hold without them (`fairest`).

    `gap` is how much the smallest open chance of any stage could still be larger, as the certificates prove it, and
    `gain` how much any other chance could rise without lowering a smaller one; both are about 1e-12 except where whole
    panels have less room than fractional ones.
    """

    purpose: str
    pool: Pool
    size: int
    quotas: tuple[Quota, ...]
    capped: int
    reserves: int
    kinds: tuple[Kind, ...]
    lottery: tuple[Panel, ...]
    certificates: tuple[Certificate, ...]
    relaxed: tuple[int, ...]
    gap: Fraction
    gain: Fraction

    @property
    def total(self) -> int:
        """Return the sum of the panels' weights."""
        return sum(panel.weight for panel in self.lottery)

    @property
    def kind_chances(self) -> tuple[Fraction, ...]:
        """Return every type's exact chance of a seat for each of its experts."""
        total = self.total
        seats = seat_mass(self.kinds, self.lottery)
        return tuple(Fraction(mass, total * kind.count) for mass, kind in zip(seats, self.kinds, strict=True))

    @property
    def chances(self) -> dict[str, Fraction]:
        """Return every candidate's exact chance of a seat; zero for the excluded."""
        found = {one.id: Fraction(0) for one in self.pool.candidates}
        for kind, chance in zip(self.kinds, self.kind_chances, strict=True):
            for position in kind.members:
                found[self.pool.candidates[position].id] = chance
        return found

    def body(self) -> dict[str, Any]:
        """Return the plan as it stands in the full record."""
        kind_of = {position: number for number, kind in enumerate(self.kinds) for position in kind.members}
        return {
            "purpose": self.purpose,
            "size": self.size,
            "reserves": self.reserves,
            "quotas": [
                {"feature": q.feature, "value": q.value, "minimum": q.minimum, "maximum": q.maximum}
                for q in self.quotas[: len(self.quotas) - self.capped]
            ],
            "caps": [
                {"feature": q.feature, "value": q.value, "maximum": q.maximum}
                for q in self.quotas[len(self.quotas) - self.capped :]
            ],
            "candidates": [
                {
                    "id": one.id,
                    "features": dict(one.features),
                    "employer": one.employer,
                    "excluded": one.excluded,
                    "type": kind_of.get(position),
                }
                for position, one in enumerate(self.pool.candidates)
            ],
            "types": [{"quotas": list(kind.quotas), "count": kind.count} for kind in self.kinds],
            "lottery": [
                {"weight": panel.weight, "seats": [list(seat) for seat in panel.seats]} for panel in self.lottery
            ],
            "certificates": [certificate.body() for certificate in self.certificates],
            "relaxed": list(self.relaxed),
            "gap": str(self.gap),
            "gain": str(self.gain),
        }


def plan_draw(
    pool: Pool,
    size: int,
    quotas: Sequence[Quota] = (),
    reserves: int = 0,
    *,
    caps: Mapping[str, int] | None = None,
    purpose: str = "",
) -> DrawPlan:
    """Plan a draw of `size` seats: chances as equal as the quotas allow, an exact lottery, certificates.

    `caps` sets a greatest number of seats for every value of a feature (`employer`: R-COMM-07); `reserves` is how many
    reserves are named beside the seats; `purpose` binds the plan to what it is for, so that a second draw for the same
    purpose shows. Raises BadPool for input that is wrong in itself and Infeasible, with reasons, when no panel fits.
    """
    quotas = [*quotas]
    check_quotas(quotas, size)
    named = {(quota.feature, quota.value) for quota in quotas}
    capped = [cap for cap in pool.caps(caps or {}) if (cap.feature, cap.value) not in named]
    quotas += capped
    kinds = pool.kinds(quotas)
    found = fairest(kinds, quotas, size) if sum(kind.count for kind in kinds) >= size else None
    if found is None:
        raise explain(pool, quotas, size)
    groups = families(kinds, found.relaxed)
    proofs = list(shortfall(groups, kinds, quotas, size, lottery=found.lottery, certificates=found.certificates))
    return DrawPlan(
        purpose,
        pool,
        size,
        tuple(quotas),
        len(capped),
        reserves,
        tuple(kinds),
        found.lottery,
        found.certificates,
        found.relaxed,
        _stated(max(gap for gap, _ in proofs)),
        _stated(max(gain for _, gain in proofs)),
    )


def _stated(bound: Fraction) -> Fraction:
    """Return a bound rounded up to twelve places, which is read more easily and still a bound."""
    return Fraction(-((-bound * 10**12) // 1), 10**12)


def commit_draw(plan: DrawPlan, salt: str) -> str:
    """Return the commitment to a plan under a secret salt (64 hex digits) that is revealed with the entropy.

    What is committed is the public form of the plan, in which people and reasons stand as commitments of their own: so
    the public record can be checked against it too.
    """
    return commit(public_plan(plan.body(), salt), salt_for(salt, "/plan"))


def public_plan(body: Mapping[str, Any], salt: str) -> dict[str, Any]:
    """Return a plan's public form, its hidden places sealed with salts derived from the draw's salt."""
    plan: dict[str, Any] = redact({"plan": dict(body)}, HIDDEN, salts_in({"salts": salt}))["plan"]
    return plan
