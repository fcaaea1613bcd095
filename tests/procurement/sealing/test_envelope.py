from __future__ import annotations

import hashlib
import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.sealing import (
    BidFile,
    BidManifest,
    CopiedEnvelope,
    Corrupt,
    NotAKeyholder,
    WrongEnvelope,
    new_key,
    open_with_secret,
    peel,
    read_header,
    read_key_file,
    seal,
    write_key_file,
)
from procurement.sealing.envelope import subsets
from procurement.sealing.manifest import read_manifest
from procurement.sealing.opening import unwrap
from tests.factories.key_files import light_key_file

SECRET_WORDS = "托育服务绩效评价技术方案：抽样框与访谈提纲".encode()


def manifest_of(*contents: bytes, **changes) -> BidManifest:
    files = tuple(
        BidFile(f"文件{number}.pdf", "technical", len(data), hashlib.sha256(data).hexdigest(), "application/pdf")
        for number, data in enumerate(contents)
    )
    return BidManifest(
        **{
            "tender": "t-1",
            "lot": "l-1",
            "notice": "n" * 64,
            "bidder": "b-1",
            "nonce": "0123",
            "opening_sheet": {"price": "168000.00", "currency": "CNY"},
            "files": files,
            **changes,
        }
    )


def sealed(count: int = 3, needed: int = 2, *contents: bytes, **changes):
    keys = [new_key() for _one in range(count)]
    bidder = new_key()
    contents = contents or (SECRET_WORDS,)
    target = io.BytesIO()
    seal(
        manifest_of(*contents, **changes),
        [io.BytesIO(one) for one in contents],
        target,
        keyholders=[key.recipient for key in keys],
        needed=needed,
        bidder=bidder.recipient,
    )
    return target.getvalue(), keys, bidder


@pytest.mark.parametrize(("count", "needed"), [(n, k) for n in range(1, 6) for k in range(1, n + 1)])
def test_every_subset_of_k_opens_and_fewer_cannot(count, needed):
    envelope, keys, _bidder = sealed(count, needed)
    header = read_header(io.BytesIO(envelope))
    for chosen in itertools.combinations(range(count), needed):
        secret = unwrap(header, {one: keys[one] for one in chosen})
        opened = open_with_secret(io.BytesIO(envelope), secret)
        assert [data for _file, data in opened.files()] == [SECRET_WORDS]
    if needed > 1:
        with pytest.raises(NotAKeyholder):
            unwrap(header, {one: keys[one] for one in range(needed - 1)})


def test_the_bidder_can_open_the_own_bid():
    envelope, _keys, bidder = sealed()
    secret = peel(read_header(io.BytesIO(envelope)).bidder_wrap, bidder).decode()
    assert open_with_secret(io.BytesIO(envelope), secret).manifest.bidder == "b-1"


def test_a_stranger_key_opens_nothing():
    envelope, keys, _bidder = sealed()
    header = read_header(io.BytesIO(envelope))
    with pytest.raises(Corrupt):
        unwrap(header, {0: new_key(), 1: keys[1]})


def test_nothing_of_the_plaintext_is_in_the_envelope():
    envelope, _keys, _bidder = sealed()
    for planted in (SECRET_WORDS, b"168000.00", b"b-1", "文件0".encode(), b"AGE-SECRET-KEY"):
        assert planted not in envelope


def test_a_damaged_wrap_falls_back_on_another_subset():
    envelope, keys, _bidder = sealed()
    header = read_header(io.BytesIO(envelope))
    first = header.wraps[0]
    damaged = type(first)(first.keyholders, first.secret[:-1] + b"x")
    header = type(header)(**{**vars(header), "wraps": (damaged, *header.wraps[1:])})
    assert unwrap(header, dict(enumerate(keys))).startswith("AGE-SECRET-KEY-1")


def test_a_copied_envelope_is_found():
    envelope, keys, _bidder = sealed()
    header = read_header(io.BytesIO(envelope))
    opened = open_with_secret(io.BytesIO(envelope), unwrap(header, dict(enumerate(keys))))
    with pytest.raises(CopiedEnvelope):
        opened.check(tender="t-1", lot="l-1", notice="n" * 64, bidder="b-2")
    with pytest.raises(WrongEnvelope):
        opened.check(tender="t-2", lot="l-1", notice="n" * 64, bidder="b-1")


@pytest.mark.parametrize(
    "changes", [{"tender": "x"}, {"lot": "x"}, {"notice": "x"}, {"needed": 3}, {"keyholders": ["age1x"]}]
)
def test_a_header_that_answers_something_else_is_refused(changes):
    envelope, keys, _bidder = sealed()
    expected = {
        "tender": "t-1",
        "lot": "l-1",
        "notice": "n" * 64,
        "keyholders": [key.recipient for key in keys],
        "needed": 2,
    }
    header = read_header(io.BytesIO(envelope))
    header.check(**expected)
    with pytest.raises(WrongEnvelope):
        header.check(**{**expected, **changes})


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"hengping-envelope/1\n", b"hengping-envelope/1\n\0\0\0\4null"])
def test_what_is_no_envelope_is_told(data):
    with pytest.raises(Corrupt):
        read_header(io.BytesIO(data))


def test_a_file_that_differs_from_the_manifest_is_told():
    keys = [new_key()]
    target = io.BytesIO()
    seal(
        manifest_of(b"abc"),
        [io.BytesIO(b"abx")],
        target,
        keyholders=[keys[0].recipient],
        needed=1,
        bidder=keys[0].recipient,
    )
    header = read_header(io.BytesIO(target.getvalue()))
    opened = open_with_secret(io.BytesIO(target.getvalue()), unwrap(header, {0: keys[0]}))
    with pytest.raises(Corrupt):
        list(opened.files())


@given(
    st.text(min_size=1, max_size=40), st.lists(st.binary(max_size=50), max_size=4), st.decimals("0.01", 10**9, places=2)
)
def test_a_manifest_reads_as_it_was_written(name, contents, price):
    manifest = manifest_of(*contents, bidder=name, opening_sheet={"price": str(price), "currency": "CNY"})
    assert read_manifest(manifest.to_json()) == manifest


@pytest.mark.parametrize("price", [None, "", "abc", "0", "-1", "1.234", "NaN", "1e20"])
def test_a_manifest_without_a_price_is_corrupt(price):
    with pytest.raises(Corrupt):
        read_manifest(manifest_of(opening_sheet={"price": price}).to_json())


def test_a_key_file_opens_with_its_passphrase_only():
    key = new_key()
    data = write_key_file(key, "澄湖 2026 开标")
    assert read_key_file(data, "澄湖 2026 开标") == key
    assert key.secret not in repr(key)
    light = light_key_file(key, "一段口令")
    assert read_key_file(light, "一段口令") == key
    with pytest.raises(NotAKeyholder):
        read_key_file(light, "别的口令")


def test_impossible_keyholders_are_refused():
    for count, needed in ((0, 0), (3, 0), (2, 3), (6, 2)):
        with pytest.raises(ValueError, match="keyholders is not possible"):
            subsets(count, needed)
