"""Browsers keep what they fetched under its content's mark, and nothing else of the static files."""

from __future__ import annotations

from flask import Flask

from web.assets import asset


def test_a_marked_file_is_kept_for_good_and_an_old_mark_is_asked_again(app: Flask, client):
    with app.test_request_context():
        address = asset("css/hengping.css")
    kept = client.get(address).headers["Cache-Control"]
    assert kept == "public, max-age=31536000, immutable"
    for other in ("/static/css/hengping.css", "/static/css/hengping.css?v=000000000000"):
        assert "immutable" not in client.get(other).headers["Cache-Control"]


def test_pages_themselves_are_never_kept(client):
    assert client.get("/").headers["Cache-Control"] == "no-store"
