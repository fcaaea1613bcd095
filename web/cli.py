"""The commands of the application; those in pyproject.toml are also found without it, so that they start at once."""

from __future__ import annotations

from flask import Flask

from core.verify_cli import verify_group
from experts.draw_cli import draw_panel_command
from grading.cli import check_report_command, check_reports_command
from procurement.ocds_cli import export_ocds_command
from procurement.sealing_cli import make_key_command, seal_bid_command, unseal_bid_command
from web.generated_docs import docs_cli
from web.routes_cli import routes_command


def register(app: Flask) -> None:
    """Add the commands. `routes` replaces Flask's own where the entry point of pyproject.toml is installed."""
    app.cli.add_command(routes_command, "list-routes")
    app.cli.add_command(docs_cli)
    app.cli.add_command(verify_group)
    app.cli.add_command(check_report_command)
    app.cli.add_command(check_reports_command)
    app.cli.add_command(draw_panel_command)
    app.cli.add_command(seal_bid_command)
    app.cli.add_command(unseal_bid_command)
    app.cli.add_command(make_key_command)
    app.cli.add_command(export_ocds_command)
    import web.demo.cli  # noqa: F401 - adds `demo seed` to the group that core registers
