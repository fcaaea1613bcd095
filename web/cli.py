"""`flask routes --json`; the generated documentation is in `web/generated_docs.py`."""

from __future__ import annotations

import json
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from core.verify_cli import verify_group
from experts.draw_cli import draw_panel_command
from grading.cli import check_report_command
from procurement.ocds_cli import export_ocds_command
from procurement.sealing_cli import make_key_command, seal_bid_command, unseal_bid_command
from web.generated_docs import docs_cli


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


def register(app: Flask) -> None:
    """Add the commands. `routes` replaces Flask's own where the entry point of pyproject.toml is installed."""
    app.cli.add_command(routes_command, "list-routes")
    app.cli.add_command(docs_cli)
    app.cli.add_command(verify_group)
    app.cli.add_command(check_report_command)
    app.cli.add_command(draw_panel_command)
    app.cli.add_command(seal_bid_command)
    app.cli.add_command(unseal_bid_command)
    app.cli.add_command(make_key_command)
    app.cli.add_command(export_ocds_command)
    import web.demo.cli  # noqa: F401 - adds `demo seed` to the group that core registers
