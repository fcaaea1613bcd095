from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.record_files import Unreadable, load, read
from core.records import (
    NotRecordable,
    canonical,
    check_seal,
    commit,
    match,
    open_part,
    plain,
    redact,
    salt_for,
    salts_for,
    salts_in,
    seal,
    written,
)

MASTER = "0f" * 32
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def _full(people):
    record = {"kind": "draw", "version": 1, "form": "full", "people": people, "size": 3}
    record["salts"] = salts_for(record, ["/people/*/name", "/people/*/reason"], MASTER)
    return record


PEOPLE = [{"name": "甲", "reason": None}, {"name": "乙", "reason": "同一单位"}]
HIDDEN = ["/people/*/name", "/people/*/reason"]


@given(VALUES)
def test_canonical_bytes_read_back_to_the_same_value(value):
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text("a乙\ue000\uffff\U00010000"), VALUES))
def test_what_is_plain_already_has_the_bytes_it_would_have_when_rewritten(value):
    assert canonical(value) == json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def test_canonical_sorts_keys_by_utf16_units_and_keeps_chinese():
    assert canonical({"\U00010000": 1, "\uffff": 2, "乙": 3}) == '{"乙":3,"\U00010000":1,"\uffff":2}'.encode()


def test_exact_values_become_strings():
    moment = dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert canonical([Decimal("10.50"), Fraction(1, 3), moment, dt.date(2026, 3, 1)]) == (
        b'["10.50","1/3","2026-03-01T08:00:00Z","2026-03-01"]'
    )


@pytest.mark.parametrize("value", [1.5, 2**53, object(), dt.datetime(2026, 3, 1), {1, 2}])  # noqa: DTZ001 - the missing zone is the case
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises(NotRecordable):
        canonical(value)


def test_a_commitment_depends_on_salt_and_value():
    other = salt_for(MASTER, "/b")
    assert len({commit("甲", MASTER), commit("乙", MASTER), commit("甲", other)}) == 3
    with pytest.raises(NotRecordable):
        commit("甲", "00")


def test_public_form_hides_names_and_matches_the_full_one():
    full = _full(PEOPLE)
    public = redact(full, HIDDEN, full["salts"])
    assert "甲" not in canonical(public).decode()
    assert "salts" not in public
    assert public["form"] == "public"
    assert match(full, public) == []
    assert match(seal(full), seal(public)) == []


def test_each_party_opens_its_own_part_alone():
    full = _full(PEOPLE)
    public = redact(full, HIDDEN, full["salts"])
    sealed = public["people"][1]["name"]
    salt = salt_for(MASTER, "/people/1/name")
    assert open_part(sealed, "/people/1/name", "乙", salt) == []
    assert [fault.code for fault in open_part(sealed, "/people/1/name", "丙", salt)] == ["commitment"]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (lambda r: r["people"][0].update(name="丙"), "/people/0/name", "commitment"),
        (lambda r: r.update(size=4), "/size", "form-differs"),
        (lambda r: r.update(size=True), "/size", "form-differs"),
        (lambda r: r["people"].pop(), "/people", "form-differs"),
        (lambda r: r.pop("size"), "/size", "form-extra"),
        (lambda r: r.update(more=1), "/more", "form-missing"),
        (lambda r: r["salts"].pop("/people/0/name"), "/people/0/name", "salt-missing"),
    ],
)
def test_match_names_the_place_that_differs(change, path, code):
    full = json.loads(json.dumps(_full(PEOPLE)))
    public = redact(full, HIDDEN, full["salts"])
    change(full)
    assert [(fault.code, fault.path) for fault in match(full, public)] == [(code, path)]


def test_a_place_without_salt_is_refused():
    with pytest.raises(NotRecordable, match="/people/0/name"):
        redact(_full(PEOPLE), HIDDEN, {})


def test_a_sealed_record_names_the_altered_part():
    sealed = seal(_full(PEOPLE))
    assert check_seal(sealed) == []
    sealed["people"][0]["name"] = "丙"
    assert [fault.path for fault in check_seal(sealed)] == ["/people"]
    assert [fault.code for fault in check_seal({"kind": "draw"})] == ["digest-missing"]


def test_marks_tell_which_item_of_a_long_list_was_altered():
    def places(change):
        sealed = seal(_full([*PEOPLE, *PEOPLE]), ["/people"])
        assert check_seal(sealed) == []
        change(sealed)
        return [fault.path for fault in check_seal(sealed)]

    assert places(lambda r: r["people"][2].update(name="丙")) == ["/people", "/people/2"]
    assert places(lambda r: r["people"].pop()) == ["/people", "/people"]
    assert places(lambda r: r["digests"]["items"].update({"/people": "0" * 32})) == ["/digests/items"]
    assert places(lambda r: r["digests"].update(items="x")) == ["/digests/items"]
    assert places(lambda r: r["digests"].pop("items")) == []


def test_a_master_salt_stands_for_the_salt_of_every_place():
    full = _full(PEOPLE)
    public = redact(full, HIDDEN, full["salts"])
    short = {**full, "salts": MASTER}
    assert redact(short, HIDDEN, salts_in(short)) == public
    assert match(short, public) == []


@given(st.data())
def test_any_single_changed_byte_of_a_file_is_caught(data):
    raw = bytearray(written(seal(_full(PEOPLE))).rstrip(b"\n"))
    index = data.draw(st.integers(0, len(raw) - 1))
    raw[index] = data.draw(st.integers(0, 255).filter(lambda byte: byte != raw[index] and byte != 10))
    try:
        record = read(bytes(raw))
    except Unreadable:
        return
    assert check_seal(record)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b'{"a":1,"a":1}', b'{"a":1.0}', b'{"a":  1}', b'{"a":"\\u0061"}', b"\xff", b'{"a":NaN}']
)
def test_what_is_no_canonical_record_is_unreadable(raw):
    with pytest.raises(Unreadable):
        read(raw)


def test_ordinary_spellings_of_other_tools_are_read_and_odd_ones_placed():
    record = seal(_full(PEOPLE))
    for text in (json.dumps(record), json.dumps(record, indent=2, ensure_ascii=False)):
        assert load(text.encode()) == (record, [])
    odd = json.dumps(record, indent=2).replace("\n  ", "\n\t ", 1).encode()
    assert [(fault.code, fault.path) for fault in load(odd)[1]] == [("spelling", "@2")]


def test_a_missing_file_is_unreadable(tmp_path):
    with pytest.raises(Unreadable):
        read(tmp_path / "none.json")
