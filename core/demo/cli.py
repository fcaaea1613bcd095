"""`flask demo users` and `flask demo clock`."""

from __future__ import annotations

import json
import sys

import click
from flask import current_app
from flask.cli import AppGroup

from core.demo.banner import demo_users
from core.demo.clock import move_clock, parse_step
from core.errors import Refused
from core.house import current_house
from core.unit_of_work import system_work

demo_cli = AppGroup("demo", help="The demonstration's conveniences.")


@demo_cli.command("users")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def users_command(*, as_json: bool) -> None:
    """List the demonstration users, a few for each role."""
    with current_app.test_request_context():
        listed = [
            {
                "id": one.value,
                "email": one.email,
                "name": one.name,
                "role": str(one.role),
                "role_title": str(one.role.label),
                "organisation": one.organisation,
            }
            for one in demo_users()
        ]
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for user in listed:
        click.echo(f"{user['role']:24} {user['email']:36} {user['name']} · {user['organisation']}")


@demo_cli.command("clock", context_settings={"ignore_unknown_options": True})
@click.argument("step")
def clock_command(step: str) -> None:
    """Move the clock: +20d, +3h, or reset."""
    try:
        with system_work(current_house()) as uow:
            offset = move_clock(uow, None if step == "reset" else parse_step(step))
    except Refused as refused:
        with current_app.test_request_context():
            click.echo(str(refused), err=True)
        sys.exit(1)
    click.echo(f"演示时钟快 {offset} / the demonstration's clock is {offset} ahead")
