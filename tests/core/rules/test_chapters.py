"""Every rule stands in one chapter, and every unit reads in both languages."""

from __future__ import annotations

from typing import get_args

from core.rules import RuleBook
from core.rules.chapters import CHAPTERS, chapter_of
from core.rules.rule import UNIT_WORDS, Unit


def test_every_rule_is_in_a_chapter_and_no_family_in_two():
    families = [family for one in CHAPTERS for family in one.families]
    assert len(families) == len(set(families))
    assert {chapter_of(rule.id) for rule in RuleBook.load()} == set(CHAPTERS)


def test_every_unit_has_words():
    assert set(UNIT_WORDS) == set(get_args(Unit))
