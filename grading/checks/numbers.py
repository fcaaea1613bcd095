"""Figures that cannot be read as numbers (`malformed-number`)."""

from __future__ import annotations

from collections.abc import Iterator

from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import Context, check, message


@check("malformed-number", severity=Severity.ERROR)
def malformed_number(context: Context) -> Iterator[Finding]:
    """U2: a figure that no reader can take for a number (7,00.0,77): a finding, never a silent skip."""
    for broken in context.facts.malformed:
        place = broken.place
        yield Finding(
            "malformed-number",
            Severity.ERROR,
            message(
                f"“{broken.text}”不是一个可读的数字，请核对。",
                f"“{broken.text}” cannot be read as a number. Please check.",
            ),
            (Evidence(broken.text, place.page, place.paragraph, place.table, place.row),),
            broken.text,
            "",
            {"confidence": 0.9, "table": float(place.table is not None), "length": float(len(broken.text))},
        )
