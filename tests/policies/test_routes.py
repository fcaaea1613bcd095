"""Every route of the whole application: guarded, and never failing, whoever asks."""

from __future__ import annotations

import re
import uuid

import pytest

from core.identity.roles import Role
from core.permissions import policy
from tests.factories.identity import make_user

ANSWERS = {200, 201, 302, 303, 308, 400, 403, 404, 405, 409, 410, 413, 415, 422, 503}


def example_paths(app):
    """One address for each route and method, with ids that no object has."""
    addresses = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = {}
        for name, converter in rule._converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            examples = {"uuid": uuid.UUID(int=1), "integer": 1, "int": 1}
            values[name] = min(converter.items) if kind == "any" else examples.get(kind, "x")
        path = addresses.build(rule.endpoint, values, force_external=False)
        for method in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE", "PATCH"}):
            yield method, path, rule.endpoint


def test_every_route_declares_a_permission_that_a_policy_knows(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            permission = getattr(app.view_functions[rule.endpoint], "permission", None)
            assert permission is not None, f"{rule.endpoint} declares no permission"
            assert permission in policy, f"{rule.endpoint} asks for {permission}, which no map knows"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: str(role) if role else "anonymous")
def test_no_route_fails_whoever_asks(app, uow, client, client_as, role):
    browser = client_as(make_user(uow, role)) if role else client
    for method, path, endpoint in example_paths(app):
        if endpoint in ("account.sign_out", "demo.become"):
            continue  # they would change who asks
        answer = browser.open(path, method=method)
        assert answer.status_code in ANSWERS, f"{method} {path} answered {answer.status_code}"
        if role is None and not path.startswith(("/static",)):
            permission = app.view_functions[endpoint].permission
            if str(permission) == "house:enter":
                assert answer.status_code == 302, f"{method} {path} is open to strangers"


def test_sign_out_is_the_end(client_as, uow):
    browser = client_as(make_user(uow, Role.EXPERT))
    assert browser.post("/account/sign-out").status_code == 302
    assert browser.get("/home").status_code == 302


def test_no_address_is_served_by_two_views(app):
    """Two views of one address and method: the later one would never be reached."""
    taken: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        shape = re.sub(r"<(?:(\w+):)?\w+>", r"<\1>", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            other = taken.setdefault((shape, method), rule.endpoint)
            assert other == rule.endpoint, f"{method} {rule.rule}: {other} and {rule.endpoint}"
