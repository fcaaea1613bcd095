"""The record of a draw, full and public: self-contained, so that a stand-alone command recomputes all of it."""

from __future__ import annotations

from collections.abc import Sequence

from core.records import Record, redact, salt_for, salts_in, seal
from experts.draw.entropy import Attempt
from experts.draw.plan import HIDDEN, DrawPlan
from experts.draw.seats import DrawResult, Replacement

PUBLIC_PATHS = (
    *HIDDEN,
    "/attempts/*/promises/*/holder",
    "/replacements/*/reason",
    "/replacements/*/passed/*/reason",
)
"""What stands as a commitment in the public form: people, their features, reasons."""
LONG_LISTS = tuple(f"/plan/{name}" for name in ("candidates", "quotas", "caps", "types", "lottery", "certificates"))


def record(
    plan: DrawPlan,
    salt: str,
    attempts: Sequence[Attempt],
    result: DrawResult | None,
    replacements: Sequence[Replacement] = (),
) -> Record:
    """Return the full record, sealed; `result` is None while the last attempt is void.

    `salt` is the draw's secret salt; every hidden place has a salt of its own derived from it (`salt_for`), so that one
    party can be shown its own part without opening another's.
    """
    position_of = {one.id: position for position, one in enumerate(plan.pool.candidates)}
    full: Record = {
        "kind": "draw",
        "version": 1,
        "form": "full",
        "plan": plan.body(),
        "plan_salt": salt_for(salt, "/plan"),
        "commitment": attempts[-1].commitment,
        "attempts": [attempt.body() for attempt in attempts],
        "result": None
        if result is None
        else {
            "seed": result.attempt.seed.hex(),
            "ticket": result.picked.ticket,
            "panel": result.picked.panel,
            "seats": list(result.picked.seats),
            "reserves": list(result.picked.reserves),
        },
        "replacements": [
            {
                "declined": position_of[one.declined],
                "reason": one.reason,
                "replaced_by": position_of[one.replaced_by],
                "passed": [{"candidate": position_of[who], "reason": why} for who, why in one.passed],
            }
            for one in replacements
        ],
    }
    full["salts"] = salt
    return seal(full, LONG_LISTS)


def public_record(full: Record, earlier: Record | None = None) -> Record:
    """Return the public form of a full record, sealed.

    `earlier` is the public form of this draw before its last replacement, whose plan still stands.
    """
    salts = salts_in(full)
    if earlier is None:
        return seal(redact(full, PUBLIC_PATHS, salts), LONG_LISTS)
    rest = {key: value for key, value in full.items() if key != "plan"}
    return seal({**redact(rest, PUBLIC_PATHS, salts), "plan": earlier["plan"]}, LONG_LISTS)
