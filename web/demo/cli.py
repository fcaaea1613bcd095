"""`flask demo seed`: build the demonstration district."""

from __future__ import annotations

import sys

import click

from core.demo.cli import demo_cli
from core.house import current_house


@demo_cli.command("seed")
@click.option("--if-empty", is_flag=True, help="什么都没有时才生成 / only into an empty district")
@click.option("--seed", default=7, show_default=True, help="相同的种子生成相同的区 / the same seed, the same district")
def seed_command(*, if_empty: bool, seed: int) -> None:
    """Build the demonstration district from a seed."""
    from web.demo.seed import is_empty, seed_district

    if not current_house().settings.demo:
        click.echo("只有演示模式才能生成演示数据 / only in demonstration mode", err=True)
        sys.exit(1)
    if not is_empty():
        if if_empty:
            return
        click.echo("数据库里已有数据，请先清空 var/ / the database is not empty: remove var/ first", err=True)
        sys.exit(1)
    click.echo("正在生成演示区（约一分钟）… / building the demonstration district (about a minute) …")
    world = seed_district(seed)
    click.echo(
        f"澄湖区：{len(world.projects)} 个项目，{len(world.agencies)} 家机构，{len(world.users)} 位用户"
        f" / {len(world.projects)} projects, {len(world.agencies)} agencies, {len(world.users)} users"
    )
