"""Addresses of the present page with something changed, so that search, filters, order and language live in the URL."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, request


def here(**changes: str | int | None) -> str:
    """Return this page's address with query values replaced; None takes one away.

    Only the path is kept, never the host a request claims.
    """
    values = [(key, value) for key, value in request.args.items(multi=True) if key not in changes]
    values += [(key, str(value)) for key, value in changes.items() if value is not None]
    return request.path + ("?" + urlencode(values) if values else "")


def register(app: Flask) -> None:
    """Give templates `here(**changes)`."""
    app.jinja_env.globals["here"] = here
