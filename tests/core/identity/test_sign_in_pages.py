"""Signing in through the pages."""

from __future__ import annotations

from core.identity.passwords import set_password
from core.identity.roles import Role
from tests.factories.identity import make_user
from tests.fixtures.browser import soup


def test_a_person_signs_in_and_lands_at_work(client, uow):
    user = make_user(uow, Role.PROCUREMENT_OFFICER, email="li@test.example")
    set_password(user, "correct horse 7")
    answer = client.post("/account/sign-in", data={"email": "LI@test.example", "password": "correct horse 7"})
    assert (answer.status_code, answer.location) == (302, "/home")
    assert client.get("/home").status_code == 200


def test_a_wrong_password_keeps_what_was_typed_and_says_nothing_about_the_account(client, uow):
    user = make_user(uow, Role.EXPERT, email="wang@test.example")
    set_password(user, "correct horse 7")
    known = client.post("/account/sign-in", data={"email": "wang@test.example", "password": "wrong"})
    unknown = client.post("/account/sign-in", data={"email": "nobody@test.example", "password": "wrong"})
    assert known.status_code == unknown.status_code == 422
    assert soup(known).find("input", {"name": "email"})["value"] == "wang@test.example"
    assert "邮箱或密码不对" in known.text
    assert "邮箱或密码不对" in unknown.text


def test_home_asks_for_sign_in_and_comes_back(client):
    answer = client.get("/home?x=1")
    assert answer.location == "/account/sign-in?next=/home?x%3D1"


def test_signed_in_fixture_reaches_home(client_as, uow):
    assert client_as(make_user(uow, Role.KEYHOLDER)).get("/home").status_code == 200
