"""What the tests of experts share."""

from __future__ import annotations

import pytest

from core.identity.roles import Role
from tests.factories.identity import make_user


@pytest.fixture
def quality(uow):
    """A quality officer of the bureau."""
    return make_user(uow, Role.QUALITY_OFFICER)
