"""Where every rule of law is enforced and tested: read off the code itself, so that the table cannot be wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.rules.book import RuleBook
from core.settings import ROOT

RULE_ID = re.compile(r"R-[A-Z]+(?:-\d+(?:\.[a-z]+\b)?|\.[a-z]\w*|\.R\d{3})")
ROOMS = ("core", "projects", "agencies", "experts", "grading", "procurement", "web", "templates")
TESTS = ("tests",)


@dataclass(frozen=True)
class RulePlaces:
    """One rule with the files that name it: code that enforces or shows it, tests that hold it."""

    rule_id: str
    title: str
    effect: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


def rule_places(book: RuleBook | None = None) -> list[RulePlaces]:
    """Return every rule of the book, the newest version of each, in order of id."""
    rules = {rule.id: rule for rule in book or RuleBook.load()}
    code, tests = _named_in(ROOMS), _named_in(TESTS)
    return [
        RulePlaces(one, rules[one].title.zh, rules[one].effect.value, tuple(code[one]), tuple(tests[one]))
        for one in sorted(rules, key=_in_order)
    ]


def rule_places_page() -> str:
    """Return the table as Markdown."""
    lines = [
        "# Where each rule stands",
        "",
        "Generated from the code by `flask docs write`; do not edit. A rule without a place in the code is guidance,",
        "or belongs to work that is not built yet.",
        "",
        "| Rule | 规则 | Effect | Code | Tests |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in rule_places():
        cells = (one.rule_id, one.title, one.effect, _listed(one.code), _listed(one.tests))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _listed(places: tuple[str, ...]) -> str:
    return "<br>".join(f"`{place}`" for place in places) or "–"


def _named_in(folders: Iterable[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html"}:
                for rule_id in sorted(set(RULE_ID.findall(path.read_text(encoding="utf-8")))):
                    found[rule_id].append(_place(path))
    return found


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _in_order(rule_id: str) -> tuple[str, int, str]:
    family, _dash, number = rule_id.partition("-")[2].partition("-")
    return family, int(number) if number.isdigit() else 0, rule_id
