"""Drawing a panel so that anybody can check it (随机抽取, R-COMM-04, R-EXP-01).

The order is fixed: snapshot, exclusions and quotas → chances as equal as the quotas allow (leximin) and an exact
lottery (`plan_draw`) → its salted commitment (`commit_draw`) → entropy promised by two roles or more, bound to
that commitment, then revealed (`promise`, `settle`) → the pick, which follows from the reveals alone (`run_draw`) →
replacements that continue the same draw (`next_reserve`). `record` writes it all down, `verify_draw` recomputes it.
"""

from __future__ import annotations

from experts.draw.entropy import Attempt, Promise, Reveal, promise, settle
from experts.draw.infeasible import Infeasible, Relaxation
from experts.draw.plan import DrawPlan, commit_draw, plan_draw
from experts.draw.pool import BadPool, Candidate, Pool, Quota
from experts.draw.record import PUBLIC_PATHS, public_record, record
from experts.draw.seats import DrawResult, Replacement, next_reserve, run_draw
from experts.draw.verify import verify_draw

__all__ = [
    "PUBLIC_PATHS",
    "Attempt",
    "BadPool",
    "Candidate",
    "DrawPlan",
    "DrawResult",
    "Infeasible",
    "Pool",
    "Promise",
    "Quota",
    "Relaxation",
    "Replacement",
    "Reveal",
    "commit_draw",
    "next_reserve",
    "plan_draw",
    "promise",
    "public_record",
    "record",
    "run_draw",
    "settle",
    "verify_draw",
]
