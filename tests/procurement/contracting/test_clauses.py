"""A contract's clauses on pages: each has a title in the reader's language, and says where it differs."""

from __future__ import annotations

import dataclasses

from procurement.contracting.clause_titles import CLAUSE_TITLES, clause_title
from procurement.contracting.clauses import Basis, assembled, differences
from procurement.states import Method
from procurement.wordings import WORDINGS

WORDS = {one.name: "" for one in dataclasses.fields(Basis)} | {"projects": ["甲"], "standards": [], "instalments": []}


def test_every_clause_has_a_title_in_the_readers_language_and_the_same_one_in_chinese(app):
    with app.test_request_context():
        for one in assembled(Basis(**WORDS), {}):
            assert str(CLAUSE_TITLES[one["key"]]) == one["title"]
    assert clause_title("own", "另行约定") == "另行约定"


def test_a_typed_clause_is_compared_under_its_key():
    (found,) = differences(assembled(Basis(**WORDS), {"disputes": "提交仲裁委员会仲裁。"}))
    assert found.key == "disputes"


def test_a_purchase_without_a_frozen_record_cites_no_empty_hash():
    with_hash = assembled(Basis(**{**WORDS, "record_hash": "ab" * 32}), {})[0]["text"]
    assert "（记录校验值abababababababab）" in with_hash
    assert "记录校验值" not in assembled(Basis(**WORDS), {})[0]["text"]


def test_a_contract_calls_winner_and_bid_what_its_method_calls_them():
    usual = "".join(one["text"] for one in assembled(Basis(**WORDS), {}))
    assert "乙方（中标人）" in usual
    assert "中标通知书" in usual
    assert "成交" not in usual
    own = Basis(**{**WORDS, "agency": "某中标人咨询公司", "wording": WORDINGS[Method.CONSULTATION]})
    text = "".join(one["text"] for one in assembled(own, {}))
    assert "乙方（成交供应商）：某中标人咨询公司" in text, "names that people gave stay as they are"
    assert "响应文件和成交通知书" in text
    assert "投标" not in text
