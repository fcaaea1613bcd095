"""A finding: a statement, with evidence, that a report disagrees with itself or with a rule.

A finding is put to a reviewer as a question. It quotes what it rests on, exactly as it stands in the document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypedDict


class Severity(StrEnum):
    """How sure a finding is: E is certain once both figures are read right, W needs a person."""

    ERROR = "error"
    WARNING = "warning"


class Message(TypedDict):
    """One sentence in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One side of a contradiction.

    `quote` is the exact text (for a table: of the cell). Either `paragraph`, or `table` and `row`, say where it stands,
    counted as in `grading.reading.document`; `page` is None where no page is known.
    """

    quote: str
    page: int | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The place and quote in the order of the published format."""
        return {
            "page": self.page,
            "paragraph": self.paragraph,
            "table": self.table,
            "row": self.row,
            "quote": self.quote,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """Where the other side of a finding stands outside the report: which of the other reports, paragraph, text.

    It is no part of the published format: not everybody who reads a finding may know the other report.
    """

    report: int
    paragraph: int
    passage: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has found.

    `signals` are numbers for the triage model: among them `residual` (distance in units of the tolerance),
    `relative` (residual ÷ size of the stated figure), `confidence` (0…1, of the figures read), `table` (1 where
    the evidence
    stands in a table), `parts` (how many figures the relation holds), `agree` (how many alike relations of this
    report hold),
    `repeats` (how often the stated figure stands elsewhere) and `expected_seen` (how often the expected figure does).
    A signal that does not apply is absent.
    """

    code: str
    severity: Severity
    message: Message
    evidence: tuple[Evidence, ...]
    stated: str
    expected: str
    signals: Mapping[str, float] = field(default_factory=dict)
    probability: float | None = None
    source: Source | None = None

    def to_json(self) -> dict[str, Any]:
        """The finding in the published format."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "probability": None if self.probability is None else round(self.probability, 4),
            "message": dict(self.message),
            "evidence": [item.to_json() for item in self.evidence],
            "stated": self.stated,
            "expected": self.expected,
        }
