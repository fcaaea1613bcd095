"""Three simple checkers, as a measure of what the report checker adds.

`regex` works like statcheck: it flattens the report to text and recomputes what a few patterns catch. `near` flags a
figure that stands once and differs in one digit from one that stands more often. `rules` are plain rules on tables as
read: total rows, score rates, points over weight, and no model.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from grading.reading.document import Report, Table

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
UNIT = r"亿元|万元|元|万|%|分|个|人|名|家|项|份|题|套|台|次|场"
FIGURE = re.compile(rf"(?<![\d.,])({NUMBER})\s*({UNIT})")
RATE = re.compile(
    rf"(?:预算|安排|到位|下达)[^。；\d]{{0,16}}({NUMBER})\s*(万元|元)[^。；\d]{{0,16}}(?:支出|执行|使用)[^。；\d]{{0,8}}({NUMBER})\s*(万元|元)"
    rf"[^。；\d]{{0,12}}执行率[^。；\d]{{0,4}}({NUMBER})\s*%"
)
PARTS = re.compile(rf"({NUMBER})\s*(万元|元|个|人)[，,；]?\s*其中[：:，,]?([^。；]*)")
POINTS = re.compile(
    rf"共?\s*({NUMBER})\s*分[，,][^。；\d]{{0,10}}得分?\s*(?:为)?\s*({NUMBER})\s*分[，,]\s*得分率\s*(?:为)?\s*({NUMBER})\s*%"
)
SHARE = re.compile(rf"({NUMBER})\s*(?:人|份)[，,（(]?\s*占(?:比)?\s*({NUMBER})\s*%")
TOTAL = re.compile(r"^(?:合计|总计|总分|小计)")


def _value(number: str) -> Decimal:
    return Decimal(number.replace(",", ""))


def _half(*numbers: str) -> Decimal:
    return max(Decimal(5).scaleb(-len(n.partition(".")[2]) - 1) for n in numbers)


def flat(report: Report) -> str:
    """All text of a report, cells parted by blanks."""
    return "\n".join(
        block.text if not isinstance(block, Table) else "\n".join(" ".join(row.texts) for row in block.rows)
        for block in report.blocks
    )


def regex(report: Report) -> Iterator[str]:
    """Patterns over flat text, recomputed with rounding."""
    text = flat(report)
    for match in RATE.finditer(text):
        base, unit, spent, other, rate = match.groups()
        known = unit == other and _value(base)
        if known and abs(_value(spent) / _value(base) * 100 - _value(rate)) > _half(rate):
            yield match.group(0)
    for match in PARTS.finditer(text):
        parts = [n for n, u in FIGURE.findall(match[3]) if u == match[2]]
        if len(parts) > 1 and abs(sum(map(_value, parts)) - _value(match[1])) > _half(match[1], *parts):
            yield match.group(0)
    for match in POINTS.finditer(text):
        weight, score, rate = match.groups()
        if _value(weight) and abs(_value(score) / _value(weight) * 100 - _value(rate)) > _half(rate):
            yield match.group(0)


def near(report: Report) -> Iterator[str]:
    """A figure that stands once and differs in one digit from one of its unit that stands more often."""
    counts: Counter[tuple[str, str]] = Counter(FIGURE.findall(flat(report)))
    alike: defaultdict[tuple[str, int, str], set[str]] = defaultdict(set)
    for (number, unit), count in counts.items():
        if count > 1 and len(re.sub(r"\D", "", number)) > 2:
            for place in range(len(number)):
                alike[unit, place, number[:place] + "?" + number[place + 1 :]].add(number)
    for (number, unit), count in counts.items():
        if count == 1:
            for place in range(len(number)):
                if alike[unit, place, number[:place] + "?" + number[place + 1 :]] - {number}:
                    yield number + unit
                    break


def rules(report: Report) -> Iterator[str]:
    """Total rows that their column's rows above do not add to, and points over their weight or rate."""
    for table in report.tables:
        titles = {cell.column: cell.text for cell in table.rows[0].cells} if table.rows else {}
        for row in table.rows:
            texts = {cell.column: cell.text.strip() for cell in row.cells}
            first = next((text for text in texts.values() if text), "")
            if TOTAL.match(first):
                for column, text in texts.items():
                    yield from _column(table, row.index, column, text)
            yield from _scored(titles, texts)


def _column(table: Table, row: int, column: int, text: str) -> Iterator[str]:
    if not re.fullmatch(NUMBER, text):
        return
    above = [c.text.strip() for r in table.rows[1:row] for c in r.cells if c.column == column and c.text.strip()]
    readable = len(above) > 1 and all(re.fullmatch(NUMBER, one) for one in above)
    if readable and abs(sum(map(_value, above)) - _value(text)) > _half(text, *above):
        yield f"{table.index} {row} {column} {text}"


def _scored(titles: Mapping[int, str], texts: Mapping[int, str]) -> Iterator[str]:
    named = {re.sub(r"\s", "", title): texts.get(column, "") for column, title in titles.items()}
    weight = next((v for k, v in named.items() if k in {"权重", "分值"}), "")
    score = next((v for k, v in named.items() if k in {"得分", "指标得分"}), "")
    rate = named.get("得分率", "").rstrip("%")
    if re.fullmatch(NUMBER, weight) and re.fullmatch(NUMBER, score) and _value(weight):
        if _value(score) > _value(weight):
            yield f"{weight} {score}"
        if re.fullmatch(NUMBER, rate) and abs(_value(score) / _value(weight) * 100 - _value(rate)) > _half(rate):
            yield f"{weight} {score} {rate}"


RIVALS: Mapping[str, Callable[[Report], Iterator[str]]] = {
    "plain rules": rules,
    "near-miss rule": near,
    "like statcheck": regex,
}
