"""Single figures: amounts, percentages, scores and counts, each with its unit, printed precision and place.

Full-width digits are read as their plain counterparts, one for one, so that offsets stay those of the document's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

WIDE = str.maketrans("０１２３４５６７８９．％－，：（）；", "0123456789.%-，：（）；")
FACTORS: dict[str, Decimal] = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "万": Decimal(10000),
    "亿元": Decimal(100000000),
    "亿": Decimal(100000000),
    "百万元": Decimal(1000000),
}
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
FIGURE = re.compile(
    rf"(?<![\d.,A-Za-z])(?P<sign>[-−]?)(?P<number>\d+\.\s\d+(?=\s*%)|{NUMBER})(?![\d]|\.\d|,\d)"
    r"\s{0,2}(?P<unit>亿元|百万元|千元|万元|万(?![\d一-鿿])|元(?!件)|\\?%|个?百分点|分(?![别之类为钟析配布期级类散项管局])|[一-鿿㎡℃]?)"
)
BROKEN = re.compile(
    r"(?<![\d.,A-Za-z])(?P<number>\d[\d.,]*[.,][\d.,]*\d)\s{0,2}(?P<unit>亿元|万元|元|%|分(?![别之类为钟析配布期级项管局]))"
)
GOOD = re.compile(rf"^(?:{NUMBER})$")
ONE_AMONG_HUNDRED = re.compile(r"百分之(百|[零一二三四五六七八九十点]+)")
CHINESE = {word: value for value, word in enumerate("零一二三四五六七八九十")}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands: in a paragraph, or in a cell of a table."""

    page: int | None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as printed.

    `value` is in the printed unit; `half` is half a unit of its last printed digit. `kind` is "amount",
    "percent", "score",
    "count" or "number". `start` and `end` are offsets in the text it stands in; `text` is the exact wording with
    its unit.
    """

    value: Decimal
    unit: str
    kind: str
    decimals: int
    text: str
    place: Place
    start: int = 0
    end: int = 0
    confidence: float = 1.0

    @property
    def half(self) -> Decimal:
        """Half a unit of the last printed digit, in the printed unit."""
        return Decimal(5).scaleb(-self.decimals - 1)

    @property
    def factor(self) -> Decimal:
        """Yuan in one of the printed unit; 1 for what is no money."""
        return FACTORS.get(self.unit, Decimal(1))

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan."""
        return self.value * self.factor


@dataclass(frozen=True, slots=True)
class Malformed:
    """A figure that cannot be read as a number."""

    text: str
    place: Place


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """The text with full-width digits and signs made plain, character for character."""
    return text.translate(WIDE)


def decimals_of(number: str) -> int:
    """Printed digits after the point."""
    return len(number.partition(".")[2])


def kind_of(unit: str) -> str:
    """Kind of a figure from its unit."""
    if unit in FACTORS:
        return "amount"
    if unit in {"%", "\\%"}:
        return "percent"
    if unit == "分":
        return "score"
    return "count" if unit else "number"


def figures_in(text: str, place: Place) -> Iterator[Figure]:
    """All figures of a text in order."""
    smooth = plain(text)
    for match in FIGURE.finditer(smooth):
        number = re.sub(r"\s", "", match["number"])
        unit = match["unit"].lstrip("\\")
        value = Decimal(number.replace(",", ""))
        # A dash before a figure is a sign only where no range or compound can be meant.
        negative = bool(match["sign"]) and (match.start() == 0 or smooth[match.start() - 1] in "：:（(为是 ，,")
        yield Figure(
            -value if negative else value,
            unit,
            kind_of(unit),
            decimals_of(number),
            text[match.start("number") - (1 if negative else 0) : match.end()],
            place,
            match.start("number"),
            match.end(),
        )


def malformed_in(text: str, place: Place, *, numeric: bool = False) -> Iterator[Malformed]:
    """Figures of a text that no reader can take for a number (7,00.0,77).

    `numeric` says that the text is a cell of a column of figures, where no unit need follow.
    """
    smooth = plain(text)
    if numeric:
        bare = smooth.strip()
        if re.fullmatch(r"\d[\d.,]*[.,][\d.,]*\d", bare) and not GOOD.match(bare) and is_broken(bare):
            yield Malformed(text.strip(), place)
        return
    for match in BROKEN.finditer(smooth):
        if not GOOD.match(match["number"]) and is_broken(match["number"]):
            yield Malformed(text[match.start() : match.end()], place)


def is_broken(number: str) -> bool:
    """Whether digits, points and commas form no number, not even a list or a section number."""
    if "," in number and "." not in number:
        groups = number.split(",")
        # 1,2,3 is a list; 1234,567 and 12,34 are neither list nor number.
        return not all(len(group) <= 2 for group in groups)
    return True


def number_in_cell(text: str, place: Place, unit: str = "") -> Figure | None:
    """The one figure that a table cell holds, or None where the cell holds none or more than a figure."""
    smooth = plain(text).replace("\n", "").strip()
    match = re.fullmatch(rf"([-−]?)\s*({NUMBER})\s*(亿元|万元|千元|元|%|分|)(?:[（(].{{0,8}}[）)])?", smooth)
    if match is None:
        return None
    number = match[2]
    value = Decimal(number.replace(",", ""))
    printed = match[3] or unit
    return Figure(
        -value if match[1] else value, printed, kind_of(printed), decimals_of(number), text.strip(), place, 0, len(text)
    )
