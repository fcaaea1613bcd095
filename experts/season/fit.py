"""How well an expert fits a review (R-EXP.fit): parts that can be shown, each with the share reached; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from experts.suitability import ServiceRecord

PARTS = ("industry", "words", "past", "ratings", "load", "balance")
"""The parts by their keys in the rule data."""

_NOISE = frozenset("的和与及、，。；（）()《》“”·项目绩效评价 \t\r\n")


@dataclass(frozen=True)
class Profile:
    """What is known of an expert: industries, words of the speciality, reviews served by industry, the record."""

    industries: frozenset[str]
    words: str
    served: Mapping[str, int]
    record: ServiceRecord


@dataclass(frozen=True)
class Matter:
    """What a review is about: its industry, and the words of the project."""

    industry: str
    words: str


@dataclass(frozen=True)
class Usual:
    """What the year allows and what is usual: reviews a year, and how often people served in three years."""

    load_max: int
    three_years: float


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text, without punctuation and the words every project has."""
    kept = "".join(" " if one in _NOISE else one for one in text)
    return frozenset(part[at : at + 2] for part in kept.split() for at in range(len(part) - 1))


def shares(matter: Matter, profile: Profile, usual: Usual) -> dict[str, float]:
    """Return how much of each part is reached, between 0 and 1."""
    speciality, project = pairs_of(profile.words), pairs_of(matter.words)
    shared = len(speciality & project) / max(1, min(len(speciality), len(project)))
    record = profile.record
    return {
        "industry": float(matter.industry in profile.industries),
        "words": min(1.0, shared),
        "past": 1 - 0.5 ** profile.served.get(matter.industry, 0),
        "ratings": min(1.0, record.expected_rating / 100),
        "load": max(0.0, 1 - record.this_year / usual.load_max) if usual.load_max > 0 else 0.0,
        "balance": min(1.0, (usual.three_years + 1) / (record.three_years + 1)),
    }


def points(found: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the points of each part, to two decimals, so that what is shown adds up to what counts."""
    return {part: round(weights[part] * found[part], 2) for part in PARTS}


def total(found: Mapping[str, float]) -> float:
    """Return the points together."""
    return round(sum(found.values()), 2)
