"""`flask draw-panel`: draw a panel from two tables, with no database; a rehearsal or a small draw held on paper."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from core.records import written


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
    digits = seed.strip().lower().removeprefix("0x")
    if not digits or set(digits) - set("0123456789abcdef"):
        raise click.BadParameter("应为十六进制数字 / must be hex digits", param_hint="--seed")
    # Solvers are loaded now and not with the command line, of which this is one command of many.
    from experts.draw import BadPool, Infeasible, plan_draw
    from experts.draw_tables import draw_from_seed, fault, in_lines, read_pool, read_quotas, summary

    caps = {"employer": employer_cap} if employer_cap else None
    try:
        quotas = read_quotas(quota_file)
        pool = read_pool(pool_file, {quota.feature for quota in quotas} | {*(caps or {})})
        plan = plan_draw(pool, size, quotas, reserves, caps=caps)
    except (BadPool, Infeasible) as error:
        if as_json:
            click.echo(json.dumps(fault(error), ensure_ascii=False))
        click.echo(f"✗ {error.zh}\n  {error.en}", err=True)
        sys.exit(1 if isinstance(error, Infeasible) else 2)
    result, full = draw_from_seed(plan, digits)
    if record_file is not None:
        try:
            record_file.write_bytes(written(full))
        except OSError as error:
            raise click.FileError(str(record_file), error.strerror or "") from error
    click.echo(json.dumps(summary(plan, result, full), ensure_ascii=False) if as_json else in_lines(plan, result))


draw_panel_command.help = (
    "从名单和配额表抽取专家组,输出每人的机会、抽签组合数、抽中名单和可核验的记录。\n\n"
    "POOL.csv 一行一人、一列一类,可有 id、employer、excluded(回避原因)三列;没有 id 时按行号编号。"
    "QUOTAS.csv 的列为 category,feature,min,max。UTF-8 或 GBK 均可。退出码:0 抽出,1 配额无法满足,2 输入有误。\n\n"
    "Draw a panel from a pool and quotas; prints everybody's chance, the lottery's size, the panel and its record. "
    "One row a person and one column a category; columns id, employer and excluded (the reason) are optional; without "
    "id people are numbered by row. Exit status: 0 drawn, 1 the quotas cannot be met, 2 the input is wrong."
)
