"""Rebuilding a draw from its rows: the plan as committed, the attempts as given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from core.records import Record
from experts.draw import Candidate, DrawPlan, DrawResult, Pool, Promise, Replacement, Reveal, run_draw
from experts.draw.certificate import Certificate
from experts.draw.entropy import Attempt
from experts.draw.lottery import Panel
from experts.draw.pool import Kind, quotas_in
from experts.models import Draw


def secret_from(phrase: str) -> str:
    """Return the secret (64 hex digits) that a spoken or typed phrase stands for.

    SHA-256 of `hengping/phrase/1`, a zero byte and the phrase in UTF-8 without surrounding space: the page's script
    computes the same, so that with JavaScript the phrase leaves the browser only when it is revealed.
    """
    return hashlib.sha256(b"hengping/phrase/1\x00" + phrase.strip().encode()).hexdigest()


def plan_from(body: dict[str, Any]) -> DrawPlan:
    """Return the plan that `DrawPlan.body` wrote."""
    members: list[list[int]] = [[] for _kind in body["types"]]
    for position, one in enumerate(body["candidates"]):
        if one["type"] is not None:
            members[one["type"]].append(position)
    return DrawPlan(
        purpose=body["purpose"],
        pool=Pool(
            [Candidate(one["id"], one["features"], one["employer"], one["excluded"]) for one in body["candidates"]]
        ),
        size=body["size"],
        quotas=tuple(quotas_in(body)),
        capped=len(body.get("caps", ())),
        reserves=body["reserves"],
        kinds=tuple(Kind(tuple(kind["quotas"]), tuple(who)) for kind, who in zip(body["types"], members, strict=True)),
        lottery=tuple(
            Panel(panel["weight"], tuple((kind, seats) for kind, seats in panel["seats"])) for panel in body["lottery"]
        ),
        certificates=tuple(
            Certificate(tuple(one["settled"]), dict(one["types"]), dict(one["rows"])) for one in body["certificates"]
        ),
        relaxed=tuple(body.get("relaxed", ())),
        gap=Fraction(body["gap"]),
        gain=Fraction(body["gain"]),
    )


def attempts_of(draws: Sequence[Draw]) -> list[Attempt]:
    """Return the attempts of one plan in order; all but the last are void."""
    attempts: list[Attempt] = []
    for draw in sorted(draws, key=lambda one: one.attempt):
        attempts.append(
            Attempt(
                number=draw.attempt,
                commitment=draw.commitment,
                previous=attempts[-1].digest if attempts else None,
                promises=tuple(
                    Promise(share.role.value, str(share.user_id), share.commitment) for share in draw.shares
                ),
                reveals=tuple(
                    Reveal(share.role.value, share.value) for share in draw.shares if share.value is not None
                ),
            )
        )
    return attempts


def result_of(draws: Sequence[Draw]) -> DrawResult:
    """Return the pick of a draw that is done; it follows from plan and reveals alone."""
    attempts = attempts_of(draws)
    return run_draw(plan_from(draws[-1].plan), attempts[-1])


def replacements_in(record: Record) -> list[Replacement]:
    """Return the replacements that a full record holds, in order."""
    names = [one["id"] for one in record["plan"]["candidates"]]
    return [
        Replacement(
            names[one["declined"]],
            one["reason"],
            names[one["replaced_by"]],
            tuple((names[passed["candidate"]], passed["reason"]) for passed in one["passed"]),
        )
        for one in record["replacements"]
    ]
