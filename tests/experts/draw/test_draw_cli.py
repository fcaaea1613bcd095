"""`flask draw-panel` and `flask verify draw` on tables as people write them."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.verify_cli import verify_group
from experts.draw_cli import draw_panel_command

ROOT = Path(__file__).resolve().parents[3]
POOL = "gender,leaning\n" + "female,a\nfemale,b\nmale,a\nmale,b\n" * 5
QUOTAS = "category,feature,min,max\ngender,female,2,2\nleaning,a,1,3\n"


def _file(folder, content, name):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def _draw(folder, pool, quotas, *more):
    files = [_file(folder, pool, "pool.csv"), _file(folder, quotas, "quotas.csv")]
    result = CliRunner().invoke(draw_panel_command, [*files, "--seed", "ab", "--json", *more])
    return result.exit_code, result.stdout, result.stderr


def _verify(path, *more):
    result = CliRunner().invoke(verify_group, ["draw", str(path), "--json", *more])
    return result.exit_code, json.loads(result.output)


def test_chances_panel_and_a_record_that_verifies(tmp_path):
    code, out, _ = _draw(tmp_path, POOL, QUOTAS, "--size", "4", "--reserves", "2", "--record", str(tmp_path / "r.json"))
    found = json.loads(out)
    assert code == 0
    assert list(found["probabilities"].values()) == pytest.approx([0.2] * 20, abs=1e-9)
    assert (len(found["panel"]), len(found["reserves"])) == (4, 2)
    assert found["panels"] >= 1
    assert _verify(tmp_path / "r.json")[0] == 0
    again = _file(tmp_path, json.dumps(found["record"]), "again.json")
    assert _verify(again)[0] == 0


def test_any_spelling_of_a_table_gives_the_same_draw(tmp_path):
    pool = "编号,类别,电话\n甲,绩效,1\n乙,财务,2\n丙,绩效,3\n".replace("编号", "id")
    quotas = "category,feature,min,max\n类别,绩效,1,1\n"
    plain = _draw(tmp_path, pool, quotas, "--size", "2")[1]
    assert "电话" not in plain
    assert json.loads(plain)["probabilities"] == pytest.approx({"甲": 0.5, "乙": 1, "丙": 0.5}, abs=1e-9)
    for other_pool, other_quotas in (
        (pool.encode("gbk"), quotas.encode("gb18030")),
        (pool.encode("utf-8-sig"), quotas.replace("\n", "\r\n").encode("utf-8-sig")),
        (pool.encode("utf-16"), quotas.replace(",", "\t").encode()),
        (pool.replace("甲,绩效", " 甲 , 绩效　") + "\n,,\n\n", quotas.replace("1,1", "1.0, 1").encode()),
        (pool, quotas.replace("category,feature", "feature,value")),
    ):
        assert _draw(tmp_path, other_pool, other_quotas, "--size", "2")[1] == plain


def test_one_per_employer_by_option_or_by_quotas(tmp_path):
    pool = "id,employer,excluded\na,u,\nb,u,否\nc,w,\nd,,同一单位\n"
    for quotas, more in (
        ("category,feature,min,max\n", ["--employer-cap", "1"]),
        ("category,feature,min,max\nemployer,u,0,1\n", []),
    ):
        found = json.loads(_draw(tmp_path, pool, quotas, "--size", "2", *more)[1])
        assert found["probabilities"] == pytest.approx({"a": 0.5, "b": 0.5, "c": 1, "d": 0}, abs=1e-9)


@pytest.mark.parametrize(
    ("pool", "quotas", "more", "words"),
    [
        ("", QUOTAS, "4", "没有表头"),
        ("gender\n", QUOTAS, "4", "专家库为空"),
        ("gender,leaning\n\n , \n", QUOTAS, "4", "专家库为空"),
        (POOL, "", "4", "没有表头"),
        (POOL, QUOTAS.replace("2,2", "x,2"), "4", "第 2 行的“min”应为整数,现为“x”"),
        (POOL, QUOTAS.replace("1,3", "1,"), "4", "第 3 行的“max”"),
        (POOL, QUOTAS.replace("2,2", "3,2"), "4", "下限 3 与上限 2"),
        (POOL, QUOTAS.replace("2,2", "-1,2"), "4", "下限 -1"),
        (POOL, QUOTAS + "gender,female,0,4\n", "4", "gender=female 重复"),
        (POOL, QUOTAS.replace("max", "most"), "4", "缺少列“max”"),
        (POOL, QUOTAS.replace("leaning", "region"), "4", "类别“region”不是名单的列"),
        (POOL, QUOTAS.replace("female", ""), "4", "“feature”为空"),
        ("id,gender,leaning\na,female,a\na,male,b\n", QUOTAS, "1", "专家 a 在名单第 2 行和第 3 行重复"),
        ("id,gender,leaning\na,female,a\n,male,b\n", QUOTAS, "1", "第 3 行没有编号"),
        ("gender,leaning,gender\na,b,c\n", QUOTAS, "1", "列“gender”重复"),
        ("gender,leaning\nfemale\n", QUOTAS, "1", "列数"),
        (b"gender,leaning\n\xff\xfffemale,a\n", QUOTAS, "1", "不是文本"),
        (b"gender,leaning\0\nfemale,a\n", QUOTAS, "1", "不是文本"),
        ('gender,leaning\n"female,a\n', QUOTAS, "1", "CSV"),
        (POOL, QUOTAS, "0", "--size"),
        (POOL, QUOTAS, "4 --seed xyz", "--seed"),
        (POOL, QUOTAS, "4 --employer-cap 1", "employer"),
    ],
)
def test_wrong_input_is_said_with_row_and_column(tmp_path, pool, quotas, more, words):
    code, out, said = _draw(tmp_path, pool, quotas, "--size", *more.split())
    assert code == 2
    assert words in said
    assert not out or json.loads(out)["error"] == "input"


def test_quotas_that_cannot_be_met_name_what_blocks_and_the_least_relaxation(tmp_path):
    code, out, said = _draw(tmp_path, POOL, QUOTAS.replace("2,2", "11,11").replace("3", "9"), "--size", "12")
    found = json.loads(out)
    assert code == 1
    assert "gender=female [11, 11](可选 10 人)" in said
    assert found["blocking"] == [{"category": "gender", "feature": "female", "min": 11, "max": 11}]
    step = found["relaxation"][0]
    assert (step["feature"], step["min"], step["max"], step["was"]) == ("female", 10, 11, [11, 11])


def test_more_seats_than_people_is_said_in_numbers(tmp_path):
    code, out, said = _draw(tmp_path, POOL, QUOTAS, "--size", "40")
    assert (code, json.loads(out)["eligible"]) == (1, 20)
    assert "只有 20 人,不足 40 席" in said


def test_a_changed_byte_is_caught_and_the_item_it_stands_in_is_named(tmp_path):
    _draw(tmp_path, POOL, QUOTAS, "--size", "4", "--record", str(tmp_path / "r.json"))
    raw = (tmp_path / "r.json").read_bytes()
    for found, place in ((b'"000007"', "/plan/candidates/6"), (b'"minimum":2', "/plan/quotas/0")):
        changed = bytearray(raw)
        changed[raw.index(found) + len(found) - 2] ^= 2
        code, said = _verify(_file(tmp_path, bytes(changed), "changed.json"))
        assert code in {1, 2}
        assert place in {fault["path"] for fault in said["faults"]} or said["faults"][0]["code"] == "unreadable"
    for place in range(1, len(raw) - 1, 53):
        code, said = _verify(_file(tmp_path, raw[:place] + bytes([raw[place] ^ 4]) + raw[place + 1 :], "changed.json"))
        assert code in {1, 2}
        assert all(fault["path"] or fault["code"] in {"unreadable", "malformed"} for fault in said["faults"])


def test_commands_that_need_no_application_start_without_it():
    names = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["flask.commands"]
    modules = {place.split(":")[0] for place in names.values()}
    assert {"experts.draw_cli", "core.verify_cli"} <= modules
    heavy = "{'numpy', 'sqlalchemy', 'web.factory', 'highspy'} & {*sys.modules}"
    code = f"import sys, {', '.join(sorted(modules))}; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "set()"
