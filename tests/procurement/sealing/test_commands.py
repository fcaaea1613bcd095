from __future__ import annotations

import json

import pyrage
import pytest
from click.testing import CliRunner

from procurement.sealing import new_key
from procurement.sealing_cli import make_key_command, seal_bid_command, unseal_bid_command
from tests.factories.key_files import light_key_file


@pytest.fixture(scope="module")
def locked_keys():
    keys = [new_key() for _one in range(3)]
    return [(key, light_key_file(key, f"口令{number}")) for number, key in enumerate(keys)]


@pytest.fixture
def folder(tmp_path, locked_keys):
    keys = [key for key, _file in locked_keys]
    for number, (_key, file) in enumerate(locked_keys):
        (tmp_path / f"key-{number}.age").write_bytes(file)
    tender = {
        "tender": "t-1",
        "lot": "l-1",
        "notice": "n" * 64,
        "keyholders": [key.recipient for key in keys],
        "needed": 2,
    }
    (tmp_path / "tender.json").write_text(json.dumps(tender))
    (tmp_path / "技术方案.pdf").write_bytes(b"%PDF-1.7 plan")
    return tmp_path


def run(command, *arguments):
    return CliRunner().invoke(command, [str(one) for one in arguments])


def sealed(folder, **changes):
    options = {"--tender": folder / "tender.json", "--bidder": "b-1", "--price": "168000", **changes}
    flat = [part for pair in options.items() for part in pair]
    return run(
        seal_bid_command,
        *flat,
        "--bidder-key",
        folder / "own.key",
        "-o",
        folder / "bid.sealed",
        f"technical={folder / '技术方案.pdf'}",
    )


def test_a_bid_is_sealed_and_two_keyholders_open_it(folder):
    assert sealed(folder).exit_code == 0
    done = run(
        unseal_bid_command,
        folder / "bid.sealed",
        "--key",
        folder / "key-0.age",
        "--passphrase",
        "口令0",
        "--key",
        folder / "key-2.age",
        "--passphrase",
        "口令2",
        "-o",
        folder / "out",
    )
    assert done.exit_code == 0, done.output
    assert (folder / "out" / "01-技术方案.pdf").read_bytes() == b"%PDF-1.7 plan"
    assert json.loads((folder / "out" / "opening-sheet.json").read_text())["price"] == "168000"


def test_the_bidder_opens_the_own_bid(folder):
    sealed(folder)
    assert (
        run(unseal_bid_command, folder / "bid.sealed", "--key", folder / "own.key", "-o", folder / "o").exit_code == 0
    )


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ([("key-0.age", "口令0")], "需要 2 位密钥持有人"),
        ([("key-0.age", "不对")], "口令不对"),
    ],
)
def test_too_few_or_wrong_keys_write_nothing(folder, keys, message):
    sealed(folder)
    arguments = [part for name, words in keys for part in ("--key", folder / name, "--passphrase", words)]
    done = run(unseal_bid_command, folder / "bid.sealed", *arguments, "-o", folder / "out")
    assert done.exit_code == 2
    assert message in done.output
    assert not (folder / "out").exists()


def test_the_header_can_be_listed_and_parts_taken_out(folder):
    sealed(folder)
    listed = run(unseal_bid_command, folder / "bid.sealed", "--list")
    assert "subsets 0-1 0-2 1-2" in listed.output
    assert run(unseal_bid_command, folder / "bid.sealed", "--extract", "0-2", "-o", folder / "s.age").exit_code == 0
    assert (folder / "s.age").read_bytes().startswith(b"age-encryption.org/v1")
    assert run(unseal_bid_command, folder / "bid.sealed", "--extract", "9", "-o", folder / "x").exit_code == 2


def test_a_missing_file_is_one_line_and_nothing_is_written(folder):
    (folder / "技术方案.pdf").unlink()
    done = sealed(folder)
    assert done.exit_code == 2
    assert not (folder / "bid.sealed").exists()


@pytest.mark.parametrize("price", ["", "abc", "0", "-1", "1.234", "１２", "1e5"])
def test_a_price_that_no_opening_would_accept_is_refused_before_sealing(folder, price):
    done = sealed(folder, **{"--price": price})
    assert (done.exit_code, "有效的报价" in done.output) == (2, True)
    assert {path.name for path in folder.iterdir()} <= {"tender.json", "技术方案.pdf", "own.key"} | {
        f"key-{number}.age" for number in range(3)
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"needed": 4}, "4 of 3"),
        ({"keyholders": ["age1x", "age1y", "age1z"]}, "age 公钥"),
        ({"needed": None}, "TypeError"),
    ],
)
def test_a_tender_file_with_impossible_keyholders_is_refused(folder, changes, message):
    tender = json.loads((folder / "tender.json").read_text())
    (folder / "tender.json").write_text(json.dumps(tender | changes))
    done = sealed(folder)
    assert (done.exit_code, message in done.output) == (2, True)
    assert not (folder / "bid.sealed").exists()


def test_the_passphrase_of_a_locked_key_is_asked_for(folder):
    sealed(folder)
    arguments = [
        folder / "bid.sealed",
        "--key",
        folder / "key-0.age",
        "--key",
        folder / "key-1.age",
        "-o",
        folder / "o",
    ]
    done = CliRunner().invoke(unseal_bid_command, [str(one) for one in arguments], input="口令0\n口令1\n")
    assert done.exit_code == 0, done.output
    assert "口令0" not in done.stdout


def test_the_steps_by_hand_yield_the_same_plaintext(folder, locked_keys):
    sealed(folder)
    keys = [locked_keys[number][0] for number in (0, 2)]
    for name in ("0-2", "payload"):
        run(unseal_bid_command, folder / "bid.sealed", "--extract", name, "-o", folder / name)
    secret = (folder / "0-2").read_bytes()
    for key in keys:
        secret = pyrage.decrypt(secret, [pyrage.x25519.Identity.from_str(key.secret)])
    plain = pyrage.decrypt((folder / "payload").read_bytes(), [pyrage.x25519.Identity.from_str(secret.decode())])
    assert plain.endswith(b"%PDF-1.7 plan")


def test_a_keyholder_key_is_made_and_only_its_public_part_shown(folder):
    done = run(make_key_command, "--passphrase", "一段足够长的口令", "-o", folder / "new.age")
    assert done.exit_code == 0
    assert done.output.startswith("age1")
    assert "AGE-SECRET" not in done.output
    assert (folder / "new.age").stat().st_mode & 0o077 == 0
