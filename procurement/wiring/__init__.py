"""What each part of tendering announces to the house, one part a file; a new part joins the list here."""

from __future__ import annotations

from flask import Flask


def register_all(app: Flask) -> None:
    """Register every part: pages, permissions' words, tasks, search, timeline tags and navigation."""
    from procurement.wiring.agents import register_agents
    from procurement.wiring.awards import register_awards
    from procurement.wiring.bids import register_bids
    from procurement.wiring.clarifications import register_clarifications
    from procurement.wiring.collusion import register_collusion
    from procurement.wiring.complaints import register_complaints
    from procurement.wiring.contracts import register_contracts
    from procurement.wiring.direct import register_direct
    from procurement.wiring.frameworks import register_frameworks
    from procurement.wiring.planning import register_planning
    from procurement.wiring.pool_draw import register_pool_draws
    from procurement.wiring.publication import register_publication
    from procurement.wiring.red_flags import register_red_flags
    from procurement.wiring.remedies import register_remedies
    from procurement.wiring.retender import register_retender
    from procurement.wiring.rounds import register_rounds
    from procurement.wiring.supervision import register_supervision
    from procurement.wiring.tenders import register_tenders

    for register in (
        register_planning,
        register_tenders,
        register_bids,
        register_direct,
        register_rounds,
        register_agents,
        register_frameworks,
        register_awards,
        register_pool_draws,
        register_remedies,
        register_contracts,
        register_publication,
        register_retender,
        register_complaints,
        register_clarifications,
        register_supervision,
        register_collusion,
        register_red_flags,
    ):
        register(app)
