"""Pseudonyms, amended records and visible differences, without a database."""

from __future__ import annotations

import copy
import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records import digest
from procurement.clarifying.differences import compared, differences
from procurement.clarifying.entries import (
    BY_NAME,
    ENTRIES,
    amended,
    forces_material,
    forces_resealing,
    real_changes,
)
from procurement.clarifying.pseudonyms import pseudonym

RECORD = {
    "title": "社区卫生服务绩效评价",
    "budget": "180000.00",
    "ceiling": None,
    "deposit": "0",
    "price_weight": "10.00",
    "deadline": "2026-12-16T01:30:00Z",
    "requirement": "编制指标体系；实施现场调研。提交报告三份。",
    "documents": {"until": "2026-12-02", "place": "在本平台免费下载"},
    "contact": {"name": "沈经办", "telephone": "0512-60000001"},
    "qualifications": ["具有独立承担民事责任的能力"],
    "criteria": [
        {"id": "a", "kind": "subjective", "title": "方案", "description": "", "maximum": "90.00", "bands": []}
    ],
    "keyholders": [{"position": 1, "name": "陶建华", "recipient": "age1x", "fingerprint": "ab"}],
    "keyholders_needed": 2,
}
ids = st.uuids(version=4)
texts = st.text(alphabet="服务期限延长。；\n 12.5abc（）", max_size=60)


@given(st.binary(min_size=32, max_size=32), ids, ids, ids)
def test_a_pseudonym_is_stable_in_a_tender_and_tells_nothing_across_tenders(key, tender, other, supplier):
    name = pseudonym(key, tender, supplier)
    assert name == pseudonym(key, tender, supplier)
    assert len(name) == 11
    if other != tender:
        assert name != pseudonym(key, other, supplier)


def test_a_pseudonym_cannot_be_found_out_by_trying_without_the_key():
    tender, supplier = uuid.uuid4(), uuid.uuid4()
    assert pseudonym(b"a" * 32, tender, supplier) != pseudonym(b"b" * 32, tender, supplier)


@given(texts, texts)
def test_the_parts_of_a_difference_are_exactly_both_texts(before, after):
    parts = compared(before, after)
    assert "".join(one.text for one in parts if one.deed != "added") == before
    assert "".join(one.text for one in parts if one.deed != "removed") == after
    assert all(one.text for one in parts)
    assert all(one.deed != other.deed for one, other in itertools.pairwise(parts))


def test_only_the_changed_words_of_a_sentence_are_marked():
    parts = compared("提交报告三份。服务至十二月。", "提交报告五份。服务至十二月。")
    assert [(one.deed, one.text) for one in parts] == [
        ("kept", "提交报告"),
        ("removed", "三"),
        ("added", "五"),
        ("kept", "份。服务至十二月。"),
    ]


def test_a_figure_is_one_word():
    assert ("removed", "180,000.00") in [(one.deed, one.text) for one in compared("180,000.00", "175,000.00")]


def test_a_long_contract_is_compared_at_once():
    clauses = [f"第{number}条 乙方应当按照约定提供服务并交付成果；" for number in range(1500)]
    before = "".join(clauses)
    clauses[700] = "第700条 乙方应当按照约定提供服务、交付成果并接受验收；"
    parts = compared(before, "".join(clauses))
    assert sum(len(one.text) for one in parts if one.deed == "added") < 20


@given(st.sampled_from([one.name for one in ENTRIES if one.kind in ("text", "line")]), texts)
def test_an_amended_record_changes_the_entry_alone_and_names_the_version_before(name, value):
    before = copy.deepcopy(RECORD)
    after = amended(RECORD, {name: value}, 2)
    assert before == RECORD
    assert BY_NAME[name].value_in(after) == value
    assert after["version"] == {"number": 2, "previous": digest(RECORD)}
    untouched = {one.name for one in ENTRIES} - {name}
    assert {one.name for one in differences(RECORD, after)}.isdisjoint(untouched)
    assert after["qualifications"] == RECORD["qualifications"]
    assert after["budget"] == RECORD["budget"]


@pytest.mark.parametrize("name", ["title", "budget", "qualifications", "lots", "method", "purchaser", "number"])
def test_object_and_qualifications_have_no_entry_to_amend(name):
    """R-TENDER-05: 不得改变采购标的和资格条件."""
    assert name not in BY_NAME
    with pytest.raises(KeyError):
        amended(RECORD, {name: "x"}, 2)


def test_the_same_figure_written_otherwise_is_no_change():
    same = {"deposit": "0.00", "price_weight": "10", "deadline": "2026-12-16T09:30:00+08:00", "ceiling": None}
    assert real_changes(RECORD, same) == {}
    assert real_changes(RECORD, {"ceiling": "175000.00"}) == {"ceiling": "175000.00"}
    assert differences(RECORD, amended(RECORD, same, 2)) == []


def test_what_affects_every_bid_is_material_and_other_keys_ask_for_new_envelopes():
    assert forces_material({"criteria": []})
    assert forces_material({"ceiling": "1"})
    assert not forces_material({"contact_name": "x", "opening_place": "y"})
    assert forces_resealing({"keyholders": []})
    assert not forces_resealing({"criteria": []})


def test_every_entry_is_shown_in_words():
    changes = {
        "criteria": [
            {
                "id": "b",
                "kind": "objective",
                "title": "业绩",
                "description": "近三年",
                "maximum": "90.00",
                "bands": [{"points": "90", "text": "两项"}],
            }
        ],
        "keyholders": [{"position": 1, "name": "沈丽华", "recipient": "age1y", "fingerprint": "cd"}],
        "keyholders_needed": 3,
        "service_until": "2027-06-30",
        "deadline": "2026-12-20T01:30:00Z",
        "ceiling": "175000.00",
    }
    found = {one.name: one.after for one in differences(RECORD, amended(RECORD, changes, 2))}
    assert found["criteria"] == "业绩（90） 近三年 90：两项"
    assert found["keyholders"] == "1. 沈丽华 cd"
    assert found["deadline"] == "2026-12-20 09:30"
    assert found["ceiling"] == "175,000.00"
    assert found["service_until"] == "2027-06-30"
