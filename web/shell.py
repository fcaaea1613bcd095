"""The shell's own parts, added after every room has registered."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Add headers, error pages, what every template knows, and the command line."""
    from web import addresses, assets, cli, errors, formats, headers, icons, navigation

    for part in (addresses, assets, formats, icons):
        part.register(app)
    headers.register(app)
    errors.register(app)
    navigation.register(app)
    cli.register(app)
