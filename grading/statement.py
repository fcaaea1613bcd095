"""What the agency itself states of its report's key figures, and where the report says otherwise.

Budgets are of several kinds, each legitimate (年初, 调整, 下达, 到位), and a text often leaves open which it means.
The agency therefore fills a small form at delivery, and the report is held against it. Pure: no database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grading.checks.execution import tolerance
from grading.checks.finding import Evidence, Finding, Severity
from grading.checks.registry import evidence, message, show
from grading.checks.surveys import RETURNED, SENT, VALID
from grading.facts.collect import Facts
from grading.facts.figures import Figure, Place, plain
from grading.facts.funds import funds_in, rates_in
from grading.reading.document import Paragraph

WAN = Decimal(10000)
FUNDS = {
    "initial": ("年初预算", "the initial budget", ("initial",)),
    "adjusted": ("调整后预算", "the adjusted budget", ("adjusted",)),
    "allocated": ("下达资金", "the funds allocated", ("funded",)),
    "funded": ("到位资金", "the funds in place", ("funded",)),
    "paid": ("拨付资金", "the funds paid out", ("paid",)),
    "used": ("实际支出", "the funds used", ("spent",)),
}
COUNTS = {
    "sent": ("发放问卷", "questionnaires sent", SENT),
    "returned": ("收回问卷", "questionnaires returned", RETURNED),
    "valid": ("有效问卷", "valid questionnaires", VALID),
}
BASES = ("funded", "allocated", "adjusted", "initial")
SURE = {"confidence": 0.95, "parts": 2.0, "table": 0.0}


@dataclass(frozen=True)
class Statement:
    """Key figures as stated: amounts in yuan, score of 100, numbers of questionnaires; None where nothing is stated."""

    initial: Decimal | None = None
    adjusted: Decimal | None = None
    allocated: Decimal | None = None
    funded: Decimal | None = None
    paid: Decimal | None = None
    used: Decimal | None = None
    score: Decimal | None = None
    grade: str = ""
    sent: int | None = None
    returned: int | None = None
    valid: int | None = None

    def __bool__(self) -> bool:
        return any(value not in (None, "") for value in vars(self).values())


def disagreements(statement: Statement, facts: Facts) -> Iterator[Finding]:
    """Yield where the report says otherwise than the agency's own form. What the report does not say is no finding."""
    paragraphs = [one for one in facts.report.paragraphs if one.origin == "body"]
    yield from _amounts(statement, facts, paragraphs)
    yield from _rate(statement, paragraphs)
    yield from _headline(statement, facts)
    yield from _counts(statement, paragraphs)


def _amounts(statement: Statement, facts: Facts, paragraphs: list[Paragraph]) -> Iterator[Finding]:
    told: dict[str, list[Figure]] = {}
    for paragraph in paragraphs:
        for fund in funds_in(paragraph, facts.by_paragraph.get(paragraph.index, [])):
            told.setdefault(fund.role, []).append(fund.figure)
    for name, (zh, en, roles) in FUNDS.items():
        stated: Decimal | None = getattr(statement, name)
        if stated is None or any(_equal(one, stated) for one in facts.figures if one.kind == "amount"):
            continue
        # The project's own amount is the largest of its kind; the others are its parts.
        figures = [one for role in roles for one in told.get(role, [])]
        if figures:
            found = max(figures, key=lambda one: one.yuan)
            yield _finding("fact-conflict", (zh, en), evidence(found), found.text, _wan(stated))


def _rate(statement: Statement, paragraphs: list[Paragraph]) -> Iterator[Finding]:
    """The execution rate that follows from the form, whichever kind of budget the report counts by."""
    bases = [value for name in BASES if (value := getattr(statement, name))]
    if statement.used is None or not bases:
        return
    for paragraph in paragraphs:
        for rate in rates_in(paragraph):
            if not rate.label.strip().endswith("预算执行率"):
                continue
            ways = [(_figure(statement.used), _figure(base)) for base in bases]
            near = [abs(rate.figure.value - spent.yuan / base.yuan * 100) for spent, base in ways]
            if all(gap > tolerance(rate.figure, *way) for gap, way in zip(near, ways, strict=True)):
                expected = show(statement.used / bases[0] * 100, max(rate.figure.decimals, 2)) + "%"
                words = "预算执行率", "the execution rate"
                yield _finding("execution-rate", words, evidence(rate.figure), rate.figure.text, expected)


def _headline(statement: Statement, facts: Facts) -> Iterator[Finding]:
    score, grade = facts.headline.score, facts.headline.grade
    if statement.score is not None and score is not None and abs(score.value - statement.score) > score.half:
        shown = evidence(score)
        yield _finding("fact-conflict", ("总得分", "the total score"), shown, score.text, f"{statement.score:f}分")
    if statement.grade and grade and statement.grade != grade:
        said = next(one for one in facts.headline.statements if one.grade == grade)
        shown = Evidence(said.quote, said.place.page, said.place.paragraph, said.place.table, said.place.row)
        yield _finding("grade-band", ("等级", "the grade"), shown, grade, statement.grade)


def _counts(statement: Statement, paragraphs: list[Paragraph]) -> Iterator[Finding]:
    for name, (zh, en, pattern) in COUNTS.items():
        stated: int | None = getattr(statement, name)
        if stated is None:
            continue
        found = []
        for paragraph in paragraphs:
            if "问卷" in paragraph.text:
                for match in pattern.finditer(plain(paragraph.text)):
                    number = match["number"] or match.groupdict().get("number2") or ""
                    found.append((Decimal(number.replace(",", "")), match, paragraph))
        if found and all(value != stated for value, _match, _paragraph in found):
            value, match, paragraph = max(found, key=lambda entry: entry[0])
            shown = Evidence(paragraph.text[match.start() : match.end()], paragraph.page, paragraph.index)
            yield _finding("survey", (zh, en), shown, f"{value:f}", str(stated))


def _equal(figure: Figure, stated: Decimal) -> bool:
    return abs(figure.yuan - stated) <= figure.half * figure.factor


def _figure(amount: Decimal) -> Figure:
    return Figure(amount, "元", "amount", 2, "", Place(None))


def _wan(amount: Decimal) -> str:
    return f"{(amount / WAN).normalize():,f}万元"


def _finding(code: str, names: tuple[str, str], shown: Evidence, stated: str, expected: str) -> Finding:
    return Finding(
        code,
        Severity.ERROR,
        message(
            f"报告中{names[0]}为{stated}，提交时填报的为{expected}，请核对。",
            f"The report gives {names[1]} as {stated}, the delivery form as {expected}. Please check.",
        ),
        (shown,),
        stated,
        expected,
        SURE,
    )
