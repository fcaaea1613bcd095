"""Records: what the releases of one purchase amount to, merged by the standard's own library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

WHOLE, OMIT = "wholeListMerge", "omitWhenMerged"
MERGE_RULES = {
    ("date",): OMIT,
    ("id",): OMIT,
    ("tag",): OMIT,
    ("awards", "relatedLots"): WHOLE,
    ("bids", "details", "relatedLots"): WHOLE,
    ("parties", "roles"): WHOLE,
    ("relatedProcesses", "relationship"): WHOLE,
    ("tender", "additionalProcurementCategories"): WHOLE,
    ("tender", "submissionMethod"): WHOLE,
}
"""The merge rules of the schema for the lists that our releases hold; a test compares them with the schema itself, so
that no schema needs to be carried or fetched."""


@cache
def _merger() -> Any:
    from ocdsmerge import Merger  # brings `requests` along, which most processes never need

    return Merger(merge_rules=MERGE_RULES)


def record(releases: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the record of one purchase: its releases and the compiled one; there must be at least one."""
    compiled: dict[str, Any] = _merger().create_compiled_release([dict(one) for one in releases])
    return {"ocid": releases[0]["ocid"], "releases": list(releases), "compiledRelease": compiled}
