from __future__ import annotations

import json
from fractions import Fraction

import pytest
from click.testing import CliRunner

from core.records import written
from core.verify_cli import VERIFIERS, verifier, verify_group
from experts.draw import Candidate, Pool, Quota, plan_draw, public_record
from experts.draw_tables import draw_from_seed


@pytest.fixture
def draw():
    plan = plan_draw(
        Pool([Candidate(f"e{n}", {"role": "xy"[n % 2]}) for n in range(8)]), 3, [Quota("role", "x", 1, 1)], 2
    )
    return draw_from_seed(plan, "ab")[1]


def _run(*arguments):
    result = CliRunner().invoke(verify_group, [str(one) for one in arguments])
    return result.exit_code, result.output


def _file(tmp_path, record, name="record.json"):
    path = tmp_path / name
    path.write_bytes(written(record) if isinstance(record, dict) else record)
    return path


def test_a_good_record_exits_0(tmp_path, draw):
    assert _run("draw", _file(tmp_path, draw))[0] == 0
    code, out = _run("draw", _file(tmp_path, json.dumps(public_record(draw), indent=2).encode()), "--json")
    found = json.loads(out)
    assert (code, found["kind"], found["ok"], found["faults"]) == (0, "draw", True, [])
    assert found["stated"]["digest"] == public_record(draw)["digests"]["record"]
    assert Fraction(found["stated"]["gap"]) < Fraction(1, 10**9)


def test_an_altered_record_exits_1_and_names_the_place(tmp_path, draw):
    draw["result"]["seats"].reverse()
    code, out = _run("draw", _file(tmp_path, draw), "--json")
    assert code == 1
    assert {fault["path"] for fault in json.loads(out)["faults"]} == {"/result", "/result/seats"}
    assert "/result/seats" in _run("draw", _file(tmp_path, draw))[1]


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"kind":"award","version":1,"form":"full"}', b'{"kind":"draw","version":2,"form":"full"}'],
)
def test_what_is_no_such_record_exits_2(tmp_path, raw):
    assert _run("draw", _file(tmp_path, raw))[0] == 2
    assert _run("draw", tmp_path / "none.json")[0] == 2


def test_a_commands_answer_is_no_record_and_says_where_the_record_stands(tmp_path, draw):
    answer = json.dumps({"smallest": 0.25, "record": draw}).encode()
    code, out = _run("draw", _file(tmp_path, answer))
    assert code == 2
    assert "--record" in out


def test_every_changed_byte_of_a_file_changes_the_exit_status(tmp_path, draw):
    raw = written(draw)
    for place in range(0, len(raw) - 1, 97):
        changed = bytearray(raw)
        changed[place] ^= 1
        code, out = _run("draw", _file(tmp_path, bytes(changed)), "--json")
        assert code in (1, 2)
        assert json.loads(out)["faults"]


def test_both_forms_are_compared(tmp_path, draw):
    public = public_record(draw)
    full_file, public_file = _file(tmp_path, draw), _file(tmp_path, public, "public.json")
    assert _run("draw", full_file, "--other", public_file)[0] == 0
    assert _run("draw", public_file, "--other", full_file)[0] == 0
    assert _run("draw", full_file, "--other", full_file)[0] == 1
    draw["plan"]["candidates"][0]["id"] = "e00"
    code, out = _run("draw", public_file, "--other", _file(tmp_path, draw), "--json")
    assert (code, json.loads(out)["faults"][-1]["path"]) == (1, "/plan/candidates/0/id")


def test_a_published_digest_is_compared(tmp_path, draw):
    file = _file(tmp_path, draw)
    assert _run("draw", file, "--digest", draw["digests"]["record"])[0] == 0
    assert _run("draw", file, "--digest", "00" * 32)[0] == 1


@pytest.mark.parametrize("kind", ["draw", "award", "grade"])
def test_a_record_with_nothing_but_its_kind_is_a_fault_not_a_crash(tmp_path, kind):
    code, out = _run(kind, _file(tmp_path, {"kind": kind, "version": 1, "form": "full"}), "--json")
    assert code == 1
    assert "malformed" in {fault["code"] for fault in json.loads(out)["faults"]}


def test_every_kind_has_its_verifier():
    assert set(VERIFIERS) == {
        "draw",
        "opening",
        "award",
        "grade",
        "selection",
        "shortlist",
        "invitation",
        "inspection",
        "evidence",
    }
    for kind in ("draw", "award", "grade"):
        assert verifier(kind).__name__ == f"verify_{kind}"
