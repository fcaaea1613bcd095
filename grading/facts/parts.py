"""A score table that a report prints in several parts, one for each first-level indicator, taken as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from grading.facts.rows import Group, Indicator, IndicatorTable

CORE = re.compile(r"决策|投入|过程|管理|产出|效益|效果|成本|满意度")
ENOUGH = Decimal(80)


def weight_of(table: IndicatorTable) -> Decimal:
    """The sum of the weights that can be read."""
    return sum((leaf.weight.value for leaf in table.leaves if leaf.weight), Decimal(0))


def unite(tables: Sequence[IndicatorTable]) -> IndicatorTable | None:
    """The parts as one table, or None where no set of like tables makes up a whole system of about 100 points.

    Parts have the same columns, no indicator in common, and each names its category in its caption or its own column.
    """
    families: dict[tuple[str, ...], list[IndicatorTable]] = {}
    for table in tables:
        if table.scored and not table.turned and len(table.columns.labels) >= 1:
            families.setdefault(table.columns.titles, []).append(table)
    for family in families.values():
        names = [leaf.name for table in family for leaf in table.leaves]
        total = sum((weight_of(table) for table in family), Decimal(0))
        whole = ENOUGH <= total <= 120 and all(weight_of(table) < ENOUGH for table in family)
        if len(family) > 1 and whole and len(set(names)) >= len(names) - 1:
            return joined(family)
    return None


def joined(family: Sequence[IndicatorTable]) -> IndicatorTable:
    """One table with the indicators and groups of all parts; a part's total row is its category's subtotal."""
    leaves: list[Indicator] = []
    groups: list[Group] = []
    for table in family:
        found = CORE.search(table.table.caption)
        name = found.group(0) if found else ""
        offset = len(leaves)
        leaves.extend(
            leaf if leaf.level1 else replace(leaf, level1=name or table.table.caption) for leaf in table.leaves
        )
        groups.extend(replace(group, members=[member + offset for member in group.members]) for group in table.groups)
        if table.total is not None:
            members = [member + offset for member in table.total.members]
            groups.append(replace(table.total, name=f"{name}小计", level=1, members=members))
    first = family[0]
    return IndicatorTable(first.table, first.columns, leaves, groups, None)
