"""One wrong statement in a report of the second generator: a printed figure or phrase changed under its key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from numpy.random import Generator

from bench.authors.facts import Case
from bench.authors.houses import Paper

House = Callable[[Case], Paper]
SUMS = frozenset(
    {
        "score-sum",
        "score-rate",
        "fact-conflict",
        "target-score",
        "score-over-weight",
        "score-monotone",
        "wrong-category",
        "problem-score",
        "weight-sum",
        "grade-band",
    }
)
MONEY = frozenset(
    {"money-sum", "fact-conflict", "execution-rate", "percent-of", "growth-rate", "count-sum", "unit", "paid-used"}
)


def _keys(case: Case, pattern: str) -> list[str]:
    return [key for key in case.printed if re.fullmatch(pattern, key)]


def _bumped(rng: Generator, text: str) -> str:
    """The figure with one inner digit changed."""
    places = [i for i, char in enumerate(text) if char.isdigit()]
    place = places[int(rng.integers(1, len(places)))] if len(places) > 1 else places[0]
    digit = str((int(text[place]) + int(rng.integers(1, 9))) % 10)
    return text[:place] + digit + text[place + 1 :]


def _swap(pattern: str) -> Callable[[Generator, Case], dict[str, str]]:
    def make(rng: Generator, case: Case) -> dict[str, str]:
        keys = _keys(case, pattern)
        if not keys:
            return {}
        key = keys[int(rng.integers(len(keys)))]
        return {key: _bumped(rng, case.printed[key])}

    return make


def _leaf_score(rng: Generator, case: Case) -> dict[str, str]:
    keys = [k for k in _keys(case, r"leaf\.\d+\.score") if Decimal(case.printed[k]) > 2]
    key = keys[int(rng.integers(len(keys)))]
    return {key: f"{Decimal(case.printed[key]) - 1:.2f}"}


def _over(rng: Generator, case: Case) -> dict[str, str]:
    keys = _keys(case, r"leaf\.\d+\.score")
    place = int(keys[int(rng.integers(len(keys)))].split(".")[1])
    return {f"leaf.{place}.score": f"{case.marks[place].weight + 1:.2f}"}


def _leaf_weight(rng: Generator, case: Case) -> dict[str, str]:
    keys = _keys(case, r"leaf\.\d+\.weight")
    key = keys[int(rng.integers(len(keys)))]
    return {key: f"{int(case.printed[key]) + 1}"}


def _grade(rng: Generator, case: Case) -> dict[str, str]:
    others = [g for g in "优良中" if g != case.printed["grade"]]
    return {"grade": others[int(rng.integers(len(others)))]}


def _category(rng: Generator, case: Case) -> dict[str, str]:
    if not _keys(case, r"cat\.\d+\.saidrate"):
        return {}
    keys = _keys(case, r"cat\.\d+\.name")
    one = int(rng.integers(len(keys)))
    other = (one + 1) % len(keys)
    return {keys[one]: case.printed[keys[other]]}


def _unit(rng: Generator, case: Case) -> dict[str, str]:
    del rng
    key = "spent.abstract"
    return {key: f"{case.printed[key]}亿元，折合{case.printed[key]}"} if key in case.printed else {}


def _malformed(rng: Generator, case: Case) -> dict[str, str]:
    del rng
    key = "budget.abstract"
    bare = case.printed[key].replace(",", "")
    return {key: f"{bare[:2]},{bare[2:4]}.{bare[4:]}" if len(bare) > 6 else f"{bare[:2]},{bare[2:]}.0"}


def _period(rng: Generator, case: Case) -> dict[str, str]:
    del rng
    start, end = case.printed["period"].split("至")
    return {"period": f"{end}至{start}"}


def _met(rng: Generator, case: Case) -> dict[str, str]:
    """A target missed by far, with full marks."""
    keys = [
        k
        for k in _keys(case, r"leaf\.\d+\.actual")
        if (m := case.marks[int(k.split(".")[1])]).score == m.weight and "%" in case.printed[k]
    ]
    return {keys[int(rng.integers(len(keys)))]: "71.30%"} if keys else {}


def _copied(rng: Generator, case: Case) -> dict[str, str]:
    keys = [
        k
        for k in _keys(case, r"leaf\.\d+\.actual")
        if case.marks[int(k.split(".")[1])].target.startswith("≥") and "%" in case.printed[k]
    ]
    if not keys:
        return {}
    key = keys[int(rng.integers(len(keys)))]
    return {key: case.marks[int(key.split(".")[1])].target}


def _fixed(**over: str) -> Callable[[Generator, Case], dict[str, str]]:
    def make(rng: Generator, case: Case) -> dict[str, str]:
        del rng
        return {key.replace("__", "."): text for key, text in over.items() if key.replace("__", ".") in case.printed}

    return make


def _vague(rng: Generator, case: Case) -> dict[str, str]:
    del rng
    return dict.fromkeys(_keys(case, r"problem\.\d+"), "机制不够完善。")


def _repeat(rng: Generator, case: Case) -> dict[str, str]:
    del rng
    return {"repeat": case.printed["repeat"] + "评价组认为该做法可在同类项目中推广，并建议主管部门总结形成制度文件。"}


def _entity(rng: Generator, case: Case) -> dict[str, str]:
    del rng
    if case.printed.get("entity") != case.project:
        return {}
    return {"entity": f"{case.year}年度农贸市场升级改造项目"}


SLIPS: Mapping[str, tuple[Callable[[Generator, Case], dict[str, str]], frozenset[str]]] = {
    "score-sum": (_leaf_score, SUMS),
    "score-over-weight": (_over, SUMS),
    "weight-sum": (_leaf_weight, SUMS | {"score-rate"}),
    "score-rate": (_swap(r"cat\.\d+\.(?:rate|saidrate)|leaf\.\d+\.rate"), SUMS),
    "grade-band": (_grade, frozenset()),
    "wrong-category": (_category, SUMS),
    "execution-rate": (_swap(r"rate\.(?:abstract|body)|item\.\d+\.rate"), MONEY),
    "money-sum": (_swap(r"part\.\d+|item\.\d+\.(?:budget|spent)"), MONEY),
    "fact-conflict": (_swap(r"spent\.(?:abstract|body)|budget\.abstract"), MONEY),
    "percent-of": (_swap(r"share\.\d+"), MONEY),
    "growth-rate": (_swap(r"growth"), MONEY),
    "unit": (_unit, MONEY),
    "malformed-number": (_malformed, MONEY),
    "period": (_period, frozenset()),
    "entity-name": (_entity, frozenset()),
    "document-kind": (_fixed(kind="专项审计报告"), frozenset({"missing-section"})),
    "target-score": (_met, frozenset({"score-monotone", "actual-copies-target", "problem-score", "fact-conflict"})),
    "actual-copies-target": (_copied, frozenset({"target-score"})),
    "vague-problem": (_vague, frozenset({"problem-score"})),
    "survey": (
        _swap(r"(?:back|valid)\.rate|answer\.\d+(?:\.share)?"),
        frozenset({"percent-of", "fact-conflict", "count-sum"}),
    ),
    "count-sum": (_swap(r"area\.\d+|areas\.total"), frozenset()),
    "repeated-text": (_repeat, frozenset()),
    "missing-section": (_fixed(suggestions="no"), frozenset()),
}
