"""What every test shares: property-test profiles. Database and app fixtures live in tests/fixtures/."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.fixtures.database", "tests.fixtures.application", "tests.fixtures.queries"]

settings.register_profile(
    "fast", max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("proof", max_examples=2000, deadline=None)
settings.load_profile("fast")

LONGEST = ("test_whole_chain.py", "test_pages_axe.py")
"""Files that take minutes begin first, one on each core; begun last they would run on after all others are done."""


def pytest_collection_modifyitems(items):
    """Put the longest files first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Without a browser its tests are skipped, except on CI, where leaving them out would be a false green."""
    browsers = ("chromium", "chromium-browser", "google-chrome")
    if os.environ.get("CI") == "true" and item.get_closest_marker("browser") and not any(map(shutil.which, browsers)):
        pytest.fail("CI=true, but there is no Chromium: a browser test would be left out", pytrace=False)
