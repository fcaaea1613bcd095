"""符合性审查: which requirements a committee finds unmet, by majority over each; pure (R-EVAL-03, R-COMM-11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def tally(requirement: str, judgements: Sequence[Mapping[str, bool]]) -> tuple[int, int]:
    """Return how many members find a requirement met and how many not; whoever did not judge it finds it met."""
    met = sum(one.get(requirement, True) for one in judgements)
    return met, len(judgements) - met


def unmet(requirements: Sequence[str], judgements: Sequence[Mapping[str, bool]]) -> list[str]:
    """Return the requirements that no majority of the members finds met, in their order.

    What is decided in common is decided one by one: three members who each miss another requirement make no majority
    against the bid.
    """
    found = []
    for requirement in requirements:
        met, not_met = tally(requirement, judgements)
        if judgements and met <= not_met:
            found.append(requirement)
    return found
