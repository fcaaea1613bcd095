"""What every test shares: property-test profiles. Database and app fixtures live in tests/fixtures/."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.fixtures.database", "tests.fixtures.application", "tests.fixtures.queries"]

settings.register_profile(
    "fast", max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("proof", max_examples=2000, deadline=None)
settings.load_profile("fast")
