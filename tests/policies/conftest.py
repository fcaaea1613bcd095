"""A served district and a browser."""

from __future__ import annotations

from tests.journeys.district import chromium, demonstration, district  # noqa: F401 - fixtures are found by their names
