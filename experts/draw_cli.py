"""`flask draw-panel`: draw a panel from two tables, with no database; a rehearsal or a small draw held on paper."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import click

from core.records import Record, written
from experts.draw import (
    BadPool,
    Candidate,
    DrawPlan,
    DrawResult,
    Infeasible,
    Pool,
    Quota,
    Reveal,
    commit_draw,
    plan_draw,
    promise,
    record,
    run_draw,
    settle,
)

ROLES = ("first", "second")
RESERVED = ("id", "employer", "excluded")


def read_pool(path: Path) -> Pool:
    """Read a pool: one row a person, one column a category; `id`, `employer` and `excluded` are optional columns.

    A row without an id is called by its number, from 1. Raises BadPool for an empty or ragged table.
    """
    candidates = []
    for number, row in enumerate(_rows(path), start=1):
        features = {key: value for key, value in row.items() if key not in RESERVED}
        name = row.get("id") or f"{number:06d}"
        candidates.append(Candidate(name, features, row.get("employer") or None, row.get("excluded") or None))
    return Pool(candidates)


def read_quotas(path: Path) -> list[Quota]:
    """Read quotas: columns `category`, `feature` (the value), `min`, `max`. Raises BadPool for a bad cell."""
    quotas = []
    for number, row in enumerate(_rows(path), start=2):
        try:
            quotas.append(Quota(row["category"], row["feature"], int(row["min"]), int(row["max"])))
        except (KeyError, ValueError) as error:
            raise BadPool(
                f"配额表第 {number} 行无法读取(列 category,feature,min,max):{error}。",
                f"Row {number} of the quotas cannot be read (columns category,feature,min,max): {error}.",
            ) from error
    return quotas


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadPool(f"无法读取 {path.name}:{error}。", f"{path.name} cannot be read: {error}.") from error
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise BadPool(
                f"{path.name} 第 {number} 行的列数与表头不符。", f"Row {number} of {path.name} does not fit its header."
            )
    return rows


def draw_from_seed(plan: DrawPlan, seed: str) -> tuple[DrawResult, Record]:
    """Hold a whole draw from one seed: salt and both roles' secrets are derived from it, so that it can be repeated."""
    salt, *secrets = (hashlib.sha256(f"{seed}/{name}".encode()).hexdigest() for name in ("salt", *ROLES))
    commitment = commit_draw(plan, salt)
    promises = [promise(commitment, role, role, secret) for role, secret in zip(ROLES, secrets, strict=True)]
    reveals = [Reveal(role, secret) for role, secret in zip(ROLES, secrets, strict=True)]
    attempt = settle(commitment, promises, reveals)
    result = run_draw(plan, attempt)
    return result, record(plan, salt, [attempt], result)


@click.command("draw-panel")
@click.argument("pool_file", metavar="POOL.csv", type=click.Path(path_type=Path))
@click.argument("quota_file", metavar="QUOTAS.csv", type=click.Path(path_type=Path))
@click.option("--size", type=click.IntRange(min=1), required=True, help="席位数 / seats")
@click.option("--seed", required=True, help="十六进制种子 / a seed in hex")
@click.option("--reserves", type=click.IntRange(min=0), default=0, help="候补人数 / named reserves")
@click.option("--employer-cap", type=click.IntRange(min=1), help="同一单位席位上限 / seats per employer (R-COMM-07)")
@click.option("--record", "record_file", type=click.Path(path_type=Path), help="另存记录 / write the record here")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON / print JSON")
def draw_panel_command(  # noqa: D103, PLR0917 - help stands below in both languages; click passes by name
    pool_file: Path,
    quota_file: Path,
    size: int,
    seed: str,
    reserves: int,
    employer_cap: int | None,
    record_file: Path | None,
    *,
    as_json: bool,
) -> None:
    try:
        bytes.fromhex(seed)
    except ValueError as error:
        raise click.BadParameter("应为十六进制数字 / must be hex digits", param_hint="--seed") from error
    caps = {"employer": employer_cap} if employer_cap else None
    try:
        plan = plan_draw(read_pool(pool_file), size, read_quotas(quota_file), reserves, caps=caps)
    except (BadPool, Infeasible) as error:
        raise click.ClickException(f"{error.zh}\n{error.en}") from error
    result, full = draw_from_seed(plan, seed.lower())
    if record_file is not None:
        record_file.write_bytes(written(full))
    click.echo(json.dumps(_summary(plan, result, full), ensure_ascii=False) if as_json else _lines(plan, result))


draw_panel_command.help = (
    "从名单和配额表抽取专家组,输出每人的机会、抽签组合数、抽中名单和可核验的记录。\n\n"
    "Draw a panel from a pool and quotas; prints everybody's chance, the lottery's size, the panel and its record."
)


def _summary(plan: DrawPlan, result: DrawResult, full: Record) -> dict[str, Any]:
    return {
        "probabilities": {name: float(chance) for name, chance in plan.chances.items()},
        "panels": len(plan.lottery),
        "panel": list(result.seats),
        "reserves": list(result.reserves),
        "gap": float(plan.gap),
        "record": full,
    }


def _lines(plan: DrawPlan, result: DrawResult) -> str:
    seated = [chance for chance in plan.kind_chances if chance > 0]
    lines = [
        f"机会 / chances: {float(min(plan.kind_chances)):.6f} – {float(max(seated)):.6f}  (±{float(plan.gap):.1e})",
        f"组合 / panels: {len(plan.lottery)}",
        f"抽中 / panel: {', '.join(result.seats)}",
        f"候补 / reserves: {', '.join(result.reserves) or '-'}",
    ]
    return "\n".join(lines + [f"{name}\t{float(chance):.8f}" for name, chance in plan.chances.items()])
