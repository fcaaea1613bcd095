"""`flask users create-administrator`: the first person of an empty district."""

from __future__ import annotations

import sys

import click
from flask import current_app, url_for
from flask.cli import AppGroup
from sqlalchemy import select

from core.errors import Refused
from core.house import current_house
from core.identity.administration import create_first_administrator
from core.identity.credentials import TokenPurpose
from core.identity.models import Membership
from core.identity.roles import Role
from core.identity.tokens import make_token
from core.unit_of_work import system_work

users_cli = AppGroup("users", help="People who may sign in.")


@users_cli.command("create-administrator")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.password_option()
def create_command(email: str, name: str, password: str) -> None:
    """Create an administrator of the bureau, and the bureau itself in an empty district."""
    with current_app.test_request_context():
        try:
            with system_work(current_house()) as uow:
                user = create_first_administrator(uow, email=email, name=name, password=password)
        except Refused as refused:
            click.echo(str(refused), err=True)
            sys.exit(1)
    click.echo(f"已创建管理员 {user.email} / administrator {user.email} created")


@users_cli.command("create-first")
@click.option("--email", envvar="ADMIN_EMAIL", default="admin@localhost.example", show_default=True)
@click.option("--name", envvar="ADMIN_NAME", default="系统管理员", show_default=True)
def create_first_command(email: str, name: str) -> None:
    """In an empty district, create the first administrator and print the one-time link that sets the password."""
    with current_app.test_request_context(), system_work(current_house()) as uow:
        if uow.session.scalar(select(Membership.id).where(Membership.role == Role.ADMINISTRATOR).limit(1)):
            return
        user = create_first_administrator(uow, email=email, name=name, password=None)
        token = make_token(uow, user, TokenPurpose.INVITATION)
        link = uow.house.settings.public_address + url_for("recovery.accept", token=token)
    click.echo(f"第一位管理员 {email}，请打开此一次性链接设定密码：")
    click.echo(f"first administrator {email}, set a password at:\n{link}")


@users_cli.command("has-administrator")
def has_command() -> None:
    """Exit 0 when there is an administrator, 1 when the district is still empty."""
    uow = system_work(current_house())
    found = uow.session.scalar(select(Membership.id).where(Membership.role == Role.ADMINISTRATOR).limit(1))
    sys.exit(0 if found else 1)
