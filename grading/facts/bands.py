"""The bands of scores that fix a grade: the report's own, else the default of R-PERF-08 (90/80/60, half-open)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from grading.facts.figures import NUMBER, plain
from grading.reading.document import Paragraph, Table

WORDS = "优秀|优良|良好|中等|一般|较差|不合格|不及格|合格|及格|优|良|中|差"
CANON = {
    "优秀": "优",
    "优": "优",
    "良好": "良",
    "良": "良",
    "中等": "中",
    "一般": "中",
    "中": "中",
    "合格": "中",
    "及格": "中",
    "较差": "差",
    "差": "差",
    "不合格": "差",
    "不及格": "差",
}
TOKEN = re.compile(
    rf"(?P<number>{NUMBER})(?!\s*[年月日号条])|[“\"「‘（(、，；;：:为是属级]?(?P<grade>{WORDS})(?=[”\"」’）)、，；;。：:\s等级的（(；]|$|\d)"
)


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from `lower` (included) up to the next band get `grade`."""

    lower: Decimal
    grade: str


Token = tuple[str, str, int]
DEFAULT = (Band(Decimal(90), "优"), Band(Decimal(80), "良"), Band(Decimal(60), "中"), Band(Decimal(0), "差"))


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands from the highest down; `paragraph` says where the report fixes them, None for the default."""

    bands: tuple[Band, ...]
    paragraph: int | None = None
    quote: str = ""

    def grade_of(self, score: Decimal) -> str:
        """The grade of a score."""
        return next((band.grade for band in self.bands if score >= band.lower), self.bands[-1].grade)

    def agree(self, stated: str, expected: str) -> bool:
        """Whether two names mean one grade; names that the report itself sets apart are never taken as one."""
        if stated == expected:
            return True
        own = {band.grade for band in self.bands}
        return stated not in own and CANON.get(stated, stated) == CANON.get(expected, expected)


def bands_in(text: str) -> tuple[Band, ...] | None:
    """The bands that a sentence sets out (90（含）—100分为优、80（含）—90分为良 …), or None."""
    tokens: list[Token] = [(m.lastgroup or "", m.group(m.lastgroup or 0), m.start()) for m in TOKEN.finditer(text)]
    grades = [value for kind, value, _ in tokens if kind == "grade"]
    if len(set(grades)) < 3:
        return None
    start = next(i for i, token in enumerate(tokens) if token[0] == "grade")
    before = [i for i in range(start) if tokens[i][0] == "number" and tokens[start][2] - tokens[i][2] <= 22]
    found = after_scores(text, tokens[before[0] :]) if before else before_scores(text, tokens)
    ordered = sorted(found, key=lambda band: -band.lower)
    lowers = [band.lower for band in ordered]
    sound = (
        len(set(lowers)) == len(lowers) >= 3 and max(lowers) <= 100 and len({b.grade for b in ordered}) == len(ordered)
    )
    if not sound or max(lowers) < 60:
        return None
    if ordered[-1].lower > 0 and len(ordered) == 3:
        return (*ordered, Band(Decimal(0), "差"))
    return tuple(ordered)


def after_scores(text: str, tokens: list[Token]) -> list[Band]:
    """Bands in which the grade follows its scores: 90—100分为优."""
    found: list[Band] = []
    numbers: list[Decimal] = []
    since = tokens[0][2]
    for kind, value, at in tokens:
        if kind == "number":
            numbers.append(Decimal(value.replace(",", "")))
        elif numbers:
            found.append(Band(lower_of(numbers, text[since:at]), value))
            numbers, since = [], at
    return found


def before_scores(text: str, tokens: list[Token]) -> list[Band]:
    """Bands in which the scores follow their grade: 优（90—100分）."""
    found: list[Band] = []
    numbers: list[Decimal] = []
    grade, since = "", 0
    for kind, value, at in [*tokens, ("grade", "", len(text))]:
        if kind == "number":
            numbers.append(Decimal(value.replace(",", "")))
            continue
        if grade and numbers:
            found.append(Band(lower_of(numbers, text[since:at]), grade))
        grade, numbers, since = value, [], at
    return found


def lower_of(numbers: list[Decimal], words: str) -> Decimal:
    """Lower end of one band from its figures and words (60分以下 begins at zero)."""
    if len(numbers) == 1 and re.search(r"以下|低于|不足|小于|不满|[<＜]", words):
        return Decimal(0)
    return min(numbers[:2])


def find_bands(paragraphs: Iterable[Paragraph], tables: Iterable[Table] = ()) -> Bands:
    """The bands that the report fixes, or the default."""
    for paragraph in paragraphs:
        text = plain(paragraph.text)
        if len(re.findall(WORDS, text)) < 3:
            continue
        for sentence in re.split(r"[。\n]", text):
            found = bands_in(sentence)
            if found:
                return Bands(found, paragraph.index, sentence)
    for table in tables:
        if len(table.rows) > 8 or table.width > 8:
            continue
        words = "；".join("，".join(cell.text for cell in row.cells) for row in table.rows)
        across = "；".join("，".join(c.text for c in column if c) for column in zip(*table.grid, strict=True))
        for text in (plain(words).replace("\n", ""), plain(across).replace("\n", "")):
            found = bands_in(text) if re.search(r"等级|级别|评级|等次", text) else None
            if found:
                return Bands(found, None, "")
    return Bands(DEFAULT)
