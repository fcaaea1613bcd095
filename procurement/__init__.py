"""Buying an evaluation: tender, sealed bids, opening, committee, award, and the engagement it ends in.

A tender is drafted from projects of the library, checked against the rules, approved by somebody else and published as
one frozen, hashed record. Bids are sealed in the bidders' browsers and opened by keyholders of the purchaser's side
after the deadline (docs/sealing.md). Nothing here imports `grading`; the award ends with `agencies.open_engagement`.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the package's permissions, pages, tasks, search and navigation to the application."""
    from core.permissions import policy
    from procurement.permissions import POLICIES
    from procurement.wiring import register_all

    for rules in POLICIES:
        policy.extend(rules)
    register_all(app)
