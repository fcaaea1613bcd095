"""What is delivered, and how good it is.

This package takes in evaluation reports, checks whether each agrees with itself, with its approved indicator system and
with the rules, has quality staff dispose of the findings and score the report, and grades the agencies from that.
`reading`, `facts` and `checks` are pure: they need neither a database nor an application, so that the command
``flask check-report`` and the benchmarks can use them alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Add the room's permissions and, part by part, its pages, jobs, tasks and search to the application."""
    from core.permissions import policy
    from grading.permissions import GRADING_POLICY
    from grading.wiring import analysis, archives, comments, cycles, ratings, reports

    policy.extend(GRADING_POLICY)
    for part in (reports, comments, archives, ratings, cycles, analysis):
        part.register(app)
