from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from core.search import search_terms, words_of

SIGNS = st.text(st.sampled_from("上海衡信评价绩效咨询有限公司（）〔〕ABcd019  -'é\\&|!:*"), max_size=24)


def holds(uow, document: str, terms: str) -> bool:
    return uow.session.scalar(
        sql("SELECT search_grams(:document) @@ CAST(:terms AS tsquery)"), {"document": document, "terms": terms}
    )


@given(before=SIGNS, word=SIGNS, after=SIGNS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_word_of_a_text_finds_it(uow, before, word, after):
    """Whatever stands in a text is found by it: what is asked and what is kept are cut in the same way."""
    for one in words_of(word):
        terms = search_terms(one)
        assert not terms or holds(uow, before + one + after, terms)


@pytest.mark.parametrize(
    ("document", "word", "found"),
    [
        ("上海衡信绩效评价咨询有限公司", "衡信", True),
        ("上海衡信绩效评价咨询有限公司", "衡信评价", False),
        ("上海衡信绩效评价咨询有限公司", "评价 上海", True),
        ("上海衡信绩效评价咨询有限公司", "司", True),
        ("上海衡信绩效评价咨询有限公司", "衡", True),
        ("上海衡信绩效评价咨询有限公司", "沪", False),
        ("91310112MA1GBX3C4Y", "ma1gbx", True),
        ("91310112MA1GBX3C4Y", "4Y", True),
        ("91310112MA1GBX3C4Y", "9131 4y", True),
        ("会计师事务所（普通合伙）", "(普通合伙)", True),
        ("ＡＢＣ咨询", "abc咨询", True),
    ],
)
def test_any_two_consecutive_characters_find_a_text(uow, document, word, found):
    assert holds(uow, document, search_terms(word)) is found


def test_a_text_without_a_word_asks_for_nothing():
    assert search_terms("  '&|!:*()--  ") == ""


def test_a_word_that_names_a_field_finds_either():
    assert search_terms("教育", {"义务教育": "field=education"}) == "('教育' | 'field=education')"
    assert search_terms("教", {"义务教育": "field=education"}) == "'教':*"


def test_grams_of_a_second_kind_are_looked_at_when_asked_for():
    assert search_terms("欧阳修", apart="@") == "(('欧阳' & '阳修') | ('@欧阳' & '@阳修'))"
