"""All checks by the code of their class, and what every check is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import import_module
from typing import Any

from grading.checks.finding import Evidence, Finding, Message, Severity
from grading.facts.categories import CategoryFigures
from grading.facts.collect import Facts
from grading.facts.figures import Figure, Place
from grading.reading.approved import ApprovedIndicator
from grading.reading.document import Report

MODULES = (
    "scores",
    "weights",
    "grades",
    "categories",
    "execution",
    "money",
    "columns",
    "derived",
    "shares",
    "sections",
    "numbers",
    "relations",
    "payments",
    "surveys",
    "satisfaction",
    "periods",
    "wording",
    "repetition",
    "targets",
    "plausibility",
    "identity",
    "conflicts",
    "points",
    "echoes",
    "ratios",
    "near_misses",
    "fund_totals",
    "problems",
    "contradictions",
    "outside",
)


@dataclass
class Context:
    """The facts of the report, and which figures took part in a relation (`checked`, for the coverage).

    `approved` are the indicators approved before the evaluation, `others` reports of other projects; empty where none
    are at hand, and the classes that need them are then silent. `templates` are runs of text that count as nobody's.
    `held` are the figures of sums that add up; `memory` holds what several checks work out of one table.
    """

    facts: Facts
    approved: tuple[ApprovedIndicator, ...] = ()
    others: tuple[Report, ...] = ()
    templates: frozenset[str] = frozenset()
    checked: set[tuple[Place, int, Decimal]] = field(default_factory=set)
    held: set[tuple[Place, int, Decimal]] = field(default_factory=set)
    memory: dict[tuple[str, int], Any] = field(default_factory=dict)

    def hold(self, *figures: Figure | None) -> None:
        """Note that these figures add up to the printed digit: none of them is a slip."""
        self.use(*figures)
        self.held |= {(one.place, one.start, one.value) for one in figures if one is not None}

    def holds(self, figure: Figure) -> bool:
        """Whether a figure is part of a sum that adds up."""
        return (figure.place, figure.start, figure.value) in self.held

    def use(self, *figures: Figure | None) -> None:
        """Note that these figures were compared with others."""
        for figure in figures:
            if figure is not None:
                self.checked.add((figure.place, figure.start, figure.value))


Check = Callable[[Context], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Registered:
    """One check with its class and usual severity."""

    code: str
    severity: Severity
    run: Check


CHECKS: list[Registered] = []


def check(code: str, *, severity: Severity) -> Callable[[Check], Check]:
    """Register a function as the check of class `code`."""

    def register(function: Check) -> Check:
        CHECKS.append(Registered(code, severity, function))
        return function

    return register


def load() -> list[Registered]:
    """All checks; imports their modules the first time."""
    for name in MODULES:
        import_module(f"grading.checks.{name}")
    return CHECKS


def run_all(context: Context, codes: Sequence[str] | None = None) -> Iterator[Finding]:
    """Run all checks, or those of `codes`, over a report; the same statement is never made twice."""
    seen: set[tuple[object, ...]] = set()
    for registered in load():
        if codes is not None and registered.code not in codes:
            continue
        for finding in registered.run(context):
            first = [(one.paragraph, one.table, one.row) for one in finding.evidence[:1]]
            key = (finding.code, finding.stated, finding.expected, *first)
            if key not in seen:
                seen.add(key)
                yield finding


def evidence(item: Figure | CategoryFigures, quote: str = "") -> Evidence:
    """Evidence for a figure or a category's statement."""
    text = quote or (item.text if isinstance(item, Figure) else item.quote)
    place = item.place
    return Evidence(text, place.page, place.paragraph, place.table, place.row)


def show(value: Decimal, decimals: int) -> str:
    """A figure as it would be printed with so many decimals."""
    return f"{value:,.{decimals}f}"


def distance(stated: Decimal, expected: Decimal, tolerance: Decimal) -> dict[str, float]:
    """The signals `residual` (in units of the tolerance) and `relative`."""
    gap = abs(stated - expected)
    return {
        "residual": float(min(gap / tolerance, Decimal(10**6))) if tolerance else 0.0,
        "relative": float(min(gap / abs(stated), Decimal(1000))) if stated else 1.0,
    }


def message(zh: str, en: str) -> Message:
    """One sentence in both languages."""
    return {"zh": zh, "en": en}


def least_precise(figures: Iterable[Figure]) -> Decimal:
    """Half a unit of the least precise printed figure, in the printed unit: the tolerance of FINDINGS.md."""
    return max(figure.half for figure in figures)


def one_digit_apart(left: Decimal, right: Decimal, decimals: int) -> bool:
    """Whether one figure turns into the other by one wrong digit or two digits exchanged: how slips of typing look."""
    a, b = f"{left:.{decimals}f}", f"{right:.{decimals}f}"
    if a == b:
        return False
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        return len(longer) == len(shorter) + 1 and any(
            longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
        )
    different = [i for i in range(len(a)) if a[i] != b[i]]
    if len(different) == 1:
        return True
    return len(different) == 2 and a[different[0]] == b[different[1]] and a[different[1]] == b[different[0]]
