from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from core.rules import Confidence, Enforcement, NotAdjustable, RuleBook, RuleDataError, Standing, UnknownRule
from core.rules.reading import read_rules
from core.rules.table import rules_table

ROOT = Path(__file__).resolve().parents[3]
BOOK = RuleBook.load()
TODAY = date(2026, 11, 23)
RULE_ID = re.compile(r"R-[A-Z]{2,}(?:-\d{2}\b|\.[A-Za-z][A-Za-z0-9]*)")
PACKAGES = (
    "core",
    "projects",
    "agencies",
    "experts",
    "grading",
    "procurement",
    "evaluation",
    "disclosure",
    "web",
    "templates",
)
RULE = """[[rule]]
id = "R-X-01"
title = ["甲", "A"]
says = ["乙", "B"]
values = { days = [5, "wd"] }
do = "BLOCK"
source = "law"
conf = "V1"
"""


def write_set(folder, rules=RULE, names='days = ["期限", "period"]\n'):
    folder.joinpath("sources.toml").write_text(
        '[law]\ntitle = ["法", "Law"]\nvalid_from = 2020-01-01\n', encoding="utf-8"
    )
    folder.joinpath("names.toml").write_text(names, encoding="utf-8")
    folder.joinpath("x.toml").write_text(rules, encoding="utf-8")
    return folder


def test_every_rule_speaks_both_languages_and_names_its_source():
    for rule in BOOK:
        for words in (rule.title, rule.statement, rule.source.title):
            assert re.search(r"[\u4e00-\u9fff]", words.zh), rule.id
            assert not re.search(
                r"[\u4e00-\u9fff]", words.en.replace("优", "").replace("良", "").replace("中", "").replace("差", "")
            ), rule.id
        assert rule.cite("zh").startswith(rule.id)
        assert rule.cite("en").startswith(rule.id)


def test_every_version_of_a_rule_is_apart_from_the_next():
    for rule_id in BOOK.ids():
        versions = BOOK.versions(rule_id)
        for earlier, later in pairwise(versions):
            assert earlier.valid_to is not None
            assert earlier.valid_to + timedelta(days=1) == later.valid_from
        assert versions[-1].valid_to is None


def test_every_rule_id_that_code_or_templates_mention_exists():
    unknown = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.suffix in {".py", ".html", ".toml"} and path.is_file():
                for rule_id in RULE_ID.findall(path.read_text(encoding="utf-8")):
                    stem = rule_id.rsplit(".", 1)[0] if "." in rule_id else rule_id
                    if rule_id not in BOOK and stem not in BOOK:
                        unknown.setdefault(rule_id, path.relative_to(ROOT).as_posix())
    assert unknown == {}


def test_a_rule_is_read_on_the_date_it_applied():
    assert BOOK.whole("R-PRICE-05", "deduction_max", on=date(2022, 6, 30)) == 10
    assert BOOK.whole("R-PRICE-05", "deduction_max", on=date(2022, 7, 1)) == 20
    assert BOOK.number("R-ALP-01", "ceiling", on=TODAY) == Decimal(45)
    with pytest.raises(UnknownRule):
        BOOK.value("R-ALP-01", "ceiling", on=date(2025, 12, 31))
    with pytest.raises(UnknownRule):
        BOOK.rule("R-TENDER-04", on=date(2000, 1, 1))
    with pytest.raises(UnknownRule):
        BOOK.rule("R-NOWHERE-01", on=TODAY)


def test_an_unconfirmed_rule_only_warns_and_a_proposal_is_never_called_law():
    assert {rule.effect for rule in BOOK if rule.confidence is Confidence.M} <= {Enforcement.WARN, Enforcement.DERIVE}
    pool = BOOK.rule("R-POOL-01", on=TODAY)
    assert (pool.enforcement, pool.effect, pool.standing) == (Enforcement.BLOCK, Enforcement.WARN, Standing.UNCONFIRMED)
    assert "（待核实）" in pool.cite("zh")
    assert BOOK.rule("R-GRADE.bands", on=TODAY).standing is Standing.BUREAU
    assert BOOK.rule("R-GRADE.bands", on=TODAY).cite("zh") == "R-GRADE.bands：本局规定"
    assert BOOK.rule("R-TENDER-04", on=TODAY).cite("zh") == "R-TENDER-04：《中华人民共和国政府采购法》第35条"
    assert BOOK.rule("R-TENDER-04", on=TODAY).cite("en") == "R-TENDER-04: Government Procurement Law, art. 35"


def test_a_local_value_counts_only_for_a_parameter():
    assert BOOK.value("R-EXP.load", "reviews_max", on=TODAY, overrides={"R-EXP.load.reviews_max": 8}) == 8
    assert BOOK.value("R-EXP.load", "reviews_max", on=TODAY, overrides={}) == 12
    with pytest.raises(NotAdjustable):
        BOOK.value("R-TENDER-04", "days", on=TODAY, overrides={"R-TENDER-04.days": 10})
    for wrong in ("8", True, Decimal("1.5")):
        with pytest.raises(NotAdjustable):
            BOOK.value("R-EXP.load", "reviews_max", on=TODAY, overrides={"R-EXP.load.reviews_max": wrong})
    assert BOOK.number(
        "R-GRADE.raters", "unit", on=TODAY, overrides={"R-GRADE.raters.unit": Decimal("32.5")}
    ) == Decimal("32.5")


@pytest.mark.parametrize(
    ("rule_id", "total"),
    [("R-GRADE.task", 100), ("R-GRADE.raters", 100), ("R-EXP.score", 100), ("R-IND.sheet", 100)],
)
def test_sheets_and_weights_add_up(rule_id, total):
    rule = BOOK.rule(rule_id, on=TODAY)
    assert sum(value.value for value in rule.values.values()) == total


def test_the_published_table_is_current():
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_table(BOOK)


@pytest.mark.parametrize(
    ("damage", "word"),
    [
        (lambda text: text.replace('"B"', '""'), "English"),
        (lambda text: text.replace('"V1"', '"V9"'), "V9"),
        (lambda text: text.replace('"law"', '"folklore"'), "folklore"),
        (lambda text: text.replace('"wd"', '"moons"'), "known unit"),
        (lambda text: text.replace("days =", "nights ="), "no title"),
        (lambda text: text.replace("[5,", "[true,"), "whole number"),
        (lambda text: text + "colour = 1\n", "colour"),
        (lambda text: text + "valid_to = 2019-01-01\n", "ends before"),
        (lambda text: text + RULE, "two versions"),
        (lambda text: text + "= 1", "x.toml"),
    ],
)
def test_damaged_data_is_refused_by_name(tmp_path, damage, word):
    write_set(tmp_path)
    assert [rule.id for rule in read_rules(tmp_path)] == ["R-X-01"]
    write_set(tmp_path, damage(RULE))
    with pytest.raises(RuleDataError, match=word):
        RuleBook(read_rules(tmp_path))


def test_a_missing_rule_set_is_named(tmp_path):
    with pytest.raises(RuleDataError, match="1999"):
        RuleBook.load("1999", tmp_path)
