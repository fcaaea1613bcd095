"""One statutory rule in one version: what it says, what it counts, how sure we are of it, what it does here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Literal

from core.i18n import Language

Unit = Literal[
    "wd", "day", "month", "year", "minute", "hour", "yuan", "percent", "points", "count", "share", "text", "age"
]
TIME_UNITS: frozenset[Unit] = frozenset({"wd", "day"})
Scalar = int | Decimal | str


class Enforcement(Enum):
    """What happens when a rule is not kept."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    DERIVE = "DERIVE"


class Confidence(Enum):
    """How far a rule was verified: in its instrument, in a secondary source, not yet, or our own proposal."""

    V1 = "V1"
    V2 = "V2"
    M = "M"
    D = "D"


class Standing(Enum):
    """How a rule may be shown to a user: as law, as law still to be confirmed, or as the bureau's own rule."""

    LAW = "law"
    UNCONFIRMED = "unconfirmed"
    BUREAU = "bureau"

    def title(self, language: Language) -> str:
        """Return the word shown beside a rule."""
        return _STANDING_TITLES[self][language]


_STANDING_TITLES: dict[Standing, dict[Language, str]] = {
    Standing.LAW: {"zh": "法定", "en": "law"},
    Standing.UNCONFIRMED: {"zh": "待核实", "en": "to be confirmed"},
    Standing.BUREAU: {"zh": "本局规定", "en": "the bureau's own rule"},
}
_STANDING_OF: dict[Confidence, Standing] = {
    Confidence.V1: Standing.LAW,
    Confidence.V2: Standing.LAW,
    Confidence.M: Standing.UNCONFIRMED,
    Confidence.D: Standing.BUREAU,
}


@dataclass(frozen=True)
class Words:
    """The same text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en


UNIT_WORDS: Mapping[Unit, Words] = {
    "wd": Words("个工作日", "working days"),
    "day": Words("日", "days"),
    "month": Words("个月", "months"),
    "year": Words("年", "years"),
    "minute": Words("分钟", "minutes"),
    "hour": Words("小时", "hours"),
    "yuan": Words("元", "yuan"),
    "percent": Words("%", "%"),
    "points": Words("分", "points"),
    "count": Words("个", ""),
    "share": Words("（比例）", "(share)"),
    "text": Words("", ""),
    "age": Words("岁", "years of age"),
}
"""How a unit reads after its number."""


@dataclass(frozen=True)
class RuleValue:
    """A number (or word) of a rule with its name and unit; `title` is what an administrator reads beside it."""

    name: str
    value: Scalar
    unit: Unit
    title: Words

    @property
    def unit_words(self) -> Words:
        """The unit as it reads after the number."""
        return UNIT_WORDS[self.unit]


@dataclass(frozen=True)
class Source:
    """An instrument: statute, regulation, ministry order, notice, or the bureau's own rules."""

    key: str
    title: Words
    valid_from: date


@dataclass(frozen=True)
class Rule:
    """A rule in one version, in force from `valid_from` to `valid_to` (both included; None: still in force)."""

    id: str
    title: Words
    statement: Words
    values: Mapping[str, RuleValue]
    enforcement: Enforcement
    source: Source
    article: str
    confidence: Confidence
    valid_from: date
    valid_to: date | None
    parameter: bool
    by_year: bool = False
    """Its values are set anew for each calendar year: a local value may then name its year."""

    @property
    def standing(self) -> Standing:
        """How the rule may be called before a user: law, to be confirmed, or the bureau's own."""
        return _STANDING_OF[self.confidence]

    @property
    def effect(self) -> Enforcement:
        """What the rule really does: an unconfirmed rule never refuses, it only warns."""
        if self.confidence is Confidence.M and self.enforcement is Enforcement.BLOCK:
            return Enforcement.WARN
        return self.enforcement

    def in_force(self, on: date) -> bool:
        """Say whether this version applies on a civil date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def cite(self, language: Language) -> str:
        """Return the citation shown at an error: rule id, instrument, article and, unless it is law, its standing."""
        title = self.source.title.in_language(language)
        standing = "" if self.standing is Standing.LAW else self.standing.title(language)
        if language == "zh":
            article = f"第{self.article}条" if self.article else ""
            instrument = title if standing == title else f"{title}{article}"
            return f"{self.id}：{instrument}" + (f"（{standing}）" if standing and standing != title else "")
        article = f", art. {self.article}" if self.article else ""
        return f"{self.id}: {title}{article}" + (f" ({standing})" if standing and standing != title else "")
