"""`flask verify KIND FILE`: recompute a draw, opening, award … from its record alone, with no database or server.

Exit status: 0 good, 1 a fault was found and named, 2 the file is unreadable (or of another kind).
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import click

from core.record_files import Unreadable, load
from core.records import DIGESTS, Fault, Record, match

# Named by text and imported when used: the kernel may not know the rooms above it, and a command should start fast.
VERIFIERS: dict[str, str] = {
    "draw": "experts.draw.verify:verify_draw",
    "opening": "procurement.sealing.opening_record:verify_opening",
    "award": "procurement.scoring.award_record:verify_award",
    "grade": "grading.grade_record:verify_grade",
    "inspection": "procurement.inspection_draw:verify_inspection",
    "evidence": "procurement.evidence:verify_evidence",
    "selection": "procurement.scoring.selection_record:verify_selection",
    "invitation": "procurement.invitation_draw:verify_invitation",
    "shortlist": "procurement.scoring.shortlist:verify_shortlist",
}
"""The verifier of each kind of record: module and function, taking the record and returning its faults."""

TITLES = {
    "draw": "核验专家抽取记录 / verify a draw of experts",
    "opening": "核验开标记录 / verify a bid opening",
    "award": "核验评审与中标记录 / verify an award",
    "grade": "核验机构评级记录 / verify an agency's grade",
    "invitation": "核验供应商抽取记录 / verify a draw of invited suppliers",
    "inspection": "核验双随机抽取记录 / verify the draw of an inspection",
    "evidence": "核验证据包清单 / verify the manifest of an evidence bundle",
    "selection": "核验限额以下选定和单一来源记录 / verify a selection without bids",
    "shortlist": "核验框架协议入围记录 / verify a shortlisting",
}


PAPERS: dict[str, str] = {"grade": "grading.certificate.holding:certificate_faults"}
"""Kinds of which there are signed papers: the function takes file and record, returns faults and what is stated."""


def verifier(kind: str) -> Callable[[Record], list[Fault]]:
    """Return the verifier of a kind of record. Raises KeyError for an unknown kind."""
    module, name = VERIFIERS[kind].split(":")
    found: Callable[[Record], list[Fault]] = getattr(importlib.import_module(module), name)
    return found


def verify_file(kind: str, file: Path, *, other: Path | None = None, expected: str | None = None) -> list[Fault]:
    """Return every fault of a record's file, the places as JSON pointers.

    `other` is the other form of the same record (full beside public), which must match; `expected` the digest that was
    published. Raises Unreadable when a file is no record of that kind.
    """
    return _verified(kind, file, other=other, expected=expected)[1]


def _verified(kind: str, file: Path, *, other: Path | None, expected: str | None) -> tuple[Record, list[Fault]]:
    """Return the record with its faults."""
    record, faults = _load(kind, file)
    faults += verifier(kind)(record)
    if expected is not None and str(record.get(DIGESTS, {}).get("record")) != expected.lower():
        faults.append(
            Fault("published", "/digests/record", "与已公布的摘要不符。", "This is not the digest that was published.")
        )
    if other is not None:
        second, more = _load(kind, other)
        full, public = (record, second) if record.get("form") == "full" else (second, record)
        if {record.get("form"), second.get("form")} == {"full", "public"}:
            faults += [*more, *match(full, public)]
        else:
            faults.append(
                Fault(
                    "forms", "/form", "须给出同一记录的完整与公开两种形式。", "One full and one public form are needed."
                )
            )
    return record, faults


def _load(kind: str, file: Path) -> tuple[Record, list[Fault]]:
    record, faults = load(file)
    if record.get("kind") != kind or record.get("version") != 1 or record.get("form") not in ("full", "public"):
        raise Unreadable(
            f"文件不是第 1 版的“{kind}”记录(完整或公开形式)。",
            f"The file is not a version 1 “{kind}” record, full or public.",
        )
    return record, faults


def _command(kind: str) -> click.Command:
    @click.command(kind, short_help=TITLES[kind], help=TITLES[kind])
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
    @click.option("--other", type=click.Path(path_type=Path), help="同一记录的另一形式 / the other form of this record")
    @click.option("--digest", "expected", help="已公布的摘要 / the digest that was published")
    def verify_one(
        *, file: Path, as_json: bool, other: Path | None, expected: str | None, certificate: Path | None = None
    ) -> None:
        try:
            record, faults = _verified(kind, file, other=other, expected=expected)
            more, known = _paper(kind, certificate, record) if certificate is not None else ([], {})
        except Unreadable as error:
            _say(kind, [Fault("unreadable", "", error.zh, error.en)], {}, as_json=as_json)
            sys.exit(2)
        _say(kind, [*faults, *more], {**stated(record), **known}, as_json=as_json)
        sys.exit(1 if faults or more else 0)

    if kind not in PAPERS:
        return verify_one
    option = click.option(
        "--certificate", type=click.Path(path_type=Path), help="据此签发的证书（PDF） / the certificate issued for it"
    )
    return option(verify_one)


def _paper(kind: str, paper: Path, record: Record) -> tuple[list[Fault], dict[str, str]]:
    """Hold a signed paper against its record. Raises Unreadable when there is no such file."""
    module, name = PAPERS[kind].split(":")
    check: Callable[[bytes, Record], tuple[list[Fault], dict[str, str]]]
    check = getattr(importlib.import_module(module), name)
    try:
        return check(paper.read_bytes(), record)
    except OSError as error:
        raise Unreadable(f"无法读取文件：{error.strerror}。", f"The file cannot be read: {error.strerror}.") from error


def stated(record: Record) -> dict[str, str]:
    """Return what to know beside "good": the record's digest and, for a draw, to what its fairness is proved."""
    plan, digests = record.get("plan"), record.get(DIGESTS)
    found = {"digest": str(digests.get("record"))} if isinstance(digests, dict) else {}
    if isinstance(plan, dict):
        found |= {name: str(plan.get(name)) for name in ("gap", "gain")}
    return found


def _say(kind: str, faults: list[Fault], known: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        listed = [{"code": f.code, "path": f.path, "zh": f.zh, "en": f.en} for f in faults]
        click.echo(json.dumps({"kind": kind, "ok": not faults, "faults": listed, "stated": known}, ensure_ascii=False))
        return
    for fault in faults:
        click.echo(f"✗ {fault.code} {fault.path}\n  {fault.zh}\n  {fault.en}")
    if not faults:
        click.echo("✓ 记录完整，全部可以重新计算得出。\n  The record fits; all of it was recomputed.")
    for name, value in known.items():
        click.echo(f"  {name}: {value}")


ARCHIVE = "core.archives.verify:verify_archive"
"""The verifier of an exported archive, which is a ZIP and no record; imported when used, so that others start fast."""
OF_ARCHIVE = "核验采购档案或者评价档案 / verify the archive of a purchase or an evaluation"


@click.command("archive", short_help=OF_ARCHIVE, help=OF_ARCHIVE)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
@click.option("--digest", "expected", help="导出时记录的清单校验值 / the digest that was noted at the export")
def verify_archive_command(*, file: Path, as_json: bool, expected: str | None) -> None:
    """Check every file of an archive against its manifest, and the manifest against itself."""
    module, name = ARCHIVE.split(":")
    check = getattr(importlib.import_module(module), name)
    try:
        faults, known = check(file, expected)
    except Unreadable as error:
        _say("archive", [Fault("unreadable", "", error.zh, error.en)], {}, as_json=as_json)
        sys.exit(2)
    _say("archive", faults, known, as_json=as_json)
    sys.exit(1 if faults else 0)


@click.group("verify", help="核验一份记录，不需要数据库 / verify a record without a database")
def verify_group() -> None:
    """Hold the verifiers."""


for _kind in VERIFIERS:
    verify_group.add_command(_command(_kind))
verify_group.add_command(verify_archive_command)
