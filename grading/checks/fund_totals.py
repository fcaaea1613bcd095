"""What the text calls budget and spending of the project, against the totals of its fund tables (`fact-conflict`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from grading.checks.columns import figure_at, kinds_of_rows
from grading.checks.conflicts import disagree
from grading.checks.finding import Finding, Severity
from grading.checks.near_misses import units_of
from grading.checks.registry import Context, check, one_digit_apart
from grading.facts.columns import titles_at
from grading.facts.figures import FACTORS, Figure
from grading.facts.funds import Fund, funds_in
from grading.reading.document import Table
from grading.reading.splicing import squeeze

BUDGET = re.compile(r"预算|安排|到位|下达")
SPENT = re.compile(r"支出|执行数|决算|使用|执行金额")
NOT = re.compile(r"率|占比|比例|年初|结余|结转|上年|调整(?:数|额)|追加|内容|项目|方向|说明|分值|得分")
WHOLE = re.compile(r"总额|合计|总计")
ROLES = {"adjusted": "budget", "funded": "budget", "budget": "budget", "spent": "spent"}
WORDS = {"budget": ("预算", "budget"), "spent": ("支出", "spending")}
DIGITS = 4


@check("fact-conflict", severity=Severity.ERROR)
def funds_and_totals(context: Context) -> Iterator[Finding]:
    """B3: an amount in the text that is one slip of typing away from the total of a fund table, and equal to none."""
    totals: defaultdict[str, list[tuple[Decimal, Figure]]] = defaultdict(list)
    scored = {item.table.index for item in context.facts.tables if not item.turned}
    for table in context.facts.report.tables:
        for role, yuan, figure in _totals(context, table, form=table.index in scored):
            totals[role].append((yuan, figure))
    if not totals:
        return
    told = _told(context)
    known = {fund.figure.yuan for every in told.values() for fund in every}
    for role, cells in totals.items():
        for yuan, cell in cells:
            # A total that its rows add up to is right, so that the text is wrong; any other may itself be the slip.
            one = None if yuan in known else next((f.figure for f in told[role] if _slip(f.figure, yuan)), None)
            if one is not None:
                found = disagree(context, one, cell, WORDS[role], 0.9)
                # The kind of money, the total row and all digits but one agree.
                yield replace(found, signals={**found.signals, "agree": 2.0})


def _told(context: Context) -> dict[str, list[Fund]]:
    """The amounts that the text calls budget or spending."""
    told: defaultdict[str, list[Fund]] = defaultdict(list)
    for paragraph in context.facts.report.paragraphs:
        if paragraph.origin == "body":
            for fund in funds_in(paragraph, context.facts.by_paragraph.get(paragraph.index, [])):
                if fund.role in ROLES:
                    told[ROLES[fund.role]].append(fund)
    return told


def _slip(one: Figure, yuan: Decimal) -> bool:
    right = yuan / one.factor
    long = len(re.sub(r"\D", "", str(one.value)).strip("0")) >= DIGITS
    return long and one_digit_apart(one.value, right, max(one.decimals, 2)) and right == round(right, 6)


def _role(title: str) -> str:
    if NOT.search(title):
        return ""
    return "spent" if SPENT.search(title) else "budget" if BUDGET.search(title) else ""


def _totals(context: Context, table: Table, *, form: bool) -> Iterator[tuple[str, Decimal, Figure]]:
    """The totals of a fund table by what they are, in yuan."""
    units = units_of(context, table)
    kinds = kinds_of_rows(table)
    for row, kind in enumerate(kinds):
        label = "".join(squeeze(cell.text) for cell in table.grid[row][:3] if cell)
        if kind != "total" and not (form and WHOLE.search(label)):
            continue
        head = next((r for r in range(row - 1, -1, -1) if kinds[r] == "head"), None)
        if head is None:
            continue
        while head and kinds[head - 1] == "head" and not form:
            head -= 1
        titles, _ = titles_at(table.grid, head)
        for column, title in enumerate(titles):
            role = (
                ""
                if NOT.search(title)
                else "spent"
                if SPENT.search(title)
                else "budget"
                if BUDGET.search(title)
                else ""
            )
            figure = figure_at(table, row, column) if role else None
            unit = units.get(column) or (table.unit if table.unit in FACTORS else _unit_in(table))
            if role and isinstance(figure, Figure) and unit:
                yield role, figure.value * FACTORS[unit], figure


def _unit_in(table: Table) -> str:
    """The unit that the first cells of a form name: 项目资金（万元）."""
    for row in table.rows[:4]:
        for cell in row.cells:
            found = re.search(r"[（(](元|万元|亿元)[）)]", cell.text)
            if found:
                return found[1]
    return ""
