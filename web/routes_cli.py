"""`flask routes --json`. Flask finds it by pyproject.toml for every command, so it imports as little as it can."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext


def routes() -> list[dict[str, Any]]:
    """Return every route with its methods and the permission it asks for."""
    listed = []
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        permission = getattr(view, "permission", None)
        listed.append(
            {
                "endpoint": rule.endpoint,
                "rule": rule.rule,
                "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
                "permission": str(permission) if permission is not None else None,
            }
        )
    return sorted(listed, key=lambda one: (one["rule"], one["methods"]))


@click.command("routes")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
def routes_command(*, as_json: bool) -> None:
    """List every route with its permission."""
    listed = routes()
    if as_json:
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for one in listed:
        click.echo(f"{','.join(one['methods']):12} {one['rule']:60} {one['permission'] or '-':32} {one['endpoint']}")
