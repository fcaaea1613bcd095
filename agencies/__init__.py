"""The agency library: third-party agencies, their people, credit and grade history, and engagements.

An engagement (评价委托) is the hinge of the house: one agency commissioned to evaluate one project for one period.
`procurement` ends by opening one, `experts` and `grading` start from it. A grade that `grading` computes is recorded
here, where the next tender finds it. Being in the library is never a condition of bidding (R-GRADE.scope).
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add the package's permissions and, part by part, its pages, tasks, search and navigation to the application."""
    from agencies.permissions import AGENCY_POLICY
    from agencies.wiring import conduct, engagement, following, library, record
    from agencies.wiring import register as public_register
    from core.permissions import policy

    policy.extend(AGENCY_POLICY)
    for part in (library, public_register, engagement, following, conduct, record):
        part.register(app)
