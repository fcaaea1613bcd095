"""`flask audit verify` and `flask audit head`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from core.audit.heads import head_statement_of
from core.audit.verify import AuditFault, verify_chain
from core.database import db
from core.house import current_house
from core.unit_of_work import system_work

GOOD, FAULTY, UNREADABLE = 0, 1, 2
ANCHOR_KEYS = {"seq", "hash", "signed_at", "public_key", "signature"}
audit_cli = AppGroup("audit", help="The audit log's chain.")


@audit_cli.command("verify")
@click.option("--anchor", type=click.Path(path_type=Path), help="A signed head handed out earlier.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def verify_command(*, anchor: Path | None, as_json: bool) -> None:
    """Walk the whole log. Exit status: 0 good, 1 a fault was found and is named, 2 unreadable."""
    try:
        statement = read_anchor(anchor) if anchor else None
    except (OSError, ValueError) as error:
        click.echo(f"the anchor file cannot be read: {error}", err=True)
        sys.exit(UNREADABLE)
    count, faults = verify_chain(db.session(), anchor=statement)
    if as_json:
        click.echo(json.dumps(as_report(count, faults), ensure_ascii=False, indent=1))
    else:
        click.echo(f"{count} 条记录，{len(faults)} 处问题 / {count} entries, {len(faults)} faults")
        for fault in faults:
            click.echo(f"  [{fault.code}] {fault.zh} / {fault.en}")
    sys.exit(FAULTY if faults else GOOD)


@audit_cli.command("head")
def head_command() -> None:
    """Print a freshly signed head of the log, to be kept as an anchor."""
    statement = head_statement_of(system_work(current_house()))
    if statement is None:
        click.echo("日志还是空的 / the log is still empty", err=True)
        sys.exit(UNREADABLE)
    click.echo(json.dumps(statement, indent=1))


def as_report(count: int, faults: list[AuditFault]) -> dict[str, Any]:
    """Return the result as `--json` prints it."""
    return {
        "ok": not faults,
        "entries": count,
        "faults": [{"code": one.code, "seq": one.seq, "zh": one.zh, "en": one.en} for one in faults],
    }


def read_anchor(path: Path) -> dict[str, Any]:
    """Read an anchor file. Raises OSError or ValueError when it is not one."""
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or ANCHOR_KEYS - set(found):
        raise ValueError("it is not a signed head")
    int(found["seq"])
    bytes.fromhex(str(found["hash"]))
    return found
