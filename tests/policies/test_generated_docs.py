"""The generated pages of the documentation say what the application does now."""

from __future__ import annotations

from web.generated_docs import PAGES, stale_pages


def test_no_generated_page_is_out_of_date(app):
    assert stale_pages() == [], "run `flask --app app docs write`"


def test_a_changed_page_is_found(app, tmp_path):
    assert stale_pages(tmp_path) == list(PAGES)
