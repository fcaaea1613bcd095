"""Accounts: registration, invitation, reset, second factor, expiry that loses nothing, throttling."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from core.database import db
from core.errors import Refused
from core.house import current_house
from core.identity.administration import grant_role, invite
from core.identity.credentials import SignInSession
from core.identity.models import Organisation, User
from core.identity.passwords import set_password
from core.identity.roles import OrganisationKind, Role
from core.identity.throttle import PER_ACCOUNT
from core.identity.totp import code_fits, enable_totp, new_secret
from core.identity.uscc import ALPHABET, check_character, is_uscc
from core.notifications.models import Mail
from core.unit_of_work import system_work
from tests.factories.identity import make_organisation, make_user
from tests.fixtures.application import as_request
from tests.fixtures.browser import soup

GOOD = "correct horse 7"
USCC = "91310000" + "MA1FL0X0X"
USCC += check_character(USCC)
SUPPLIER = {
    "organisation": "清源评价咨询有限公司",
    "uscc": USCC,
    "name": "赵敏",
    "email": "zhao@agency.example",
    "new_password": GOOD,
    "repeat_password": GOOD,
}


def link_in(mail: Mail) -> str:
    return re.search(r"http://[^/]+(/\S+)", mail.body)[1]


def test_a_supplier_registers_and_is_at_work_at_once(client, uow):
    assert client.post("/register", data=SUPPLIER).location == "/home"
    assert client.get("/home").status_code == 200
    body = uow.session.scalar(select(Organisation).where(Organisation.uscc == USCC))
    assert body.kind is OrganisationKind.AGENCY
    assert [one.role for one in body.memberships] == [Role.AGENCY_MANAGER]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"uscc": USCC[:-1] + ("0" if USCC[-1] != "0" else "1")}, "校验位"),
        ({"uscc": "1"}, "18 位"),
        ({"organisation": ""}, "请填写"),
        ({"email": "no"}, "邮箱格式"),
        ({"new_password": "short", "repeat_password": "short"}, "至少 10"),
        ({"repeat_password": "another 123"}, "两次输入"),
    ],
)
def test_wrong_input_is_said_at_its_field_and_what_was_typed_stays(client, uow, change, words):
    answer = client.post("/register", data={**SUPPLIER, **change})
    page = soup(answer)
    assert answer.status_code == 422
    assert words in page.find(class_="field-error").get_text()
    assert page.find("input", {"name": "name"})["value"] == "赵敏"
    assert page.find("input", {"name": "new_password"}).get("value") in (None, "")
    assert uow.session.scalar(select(User).where(User.email == "zhao@agency.example")) is None


def test_the_same_form_twice_registers_once(client, uow):
    once = soup(client.get("/register")).find("input", {"name": "once"})["value"]
    for _ in range(2):
        assert client.post("/register", data={**SUPPLIER, "once": once}).status_code == 302
    assert len(uow.session.scalars(select(User).where(User.email == "zhao@agency.example")).all()) == 1


def test_check_characters_follow_the_standard():
    assert is_uscc("91350100M000100Y43"), "the example of GB 32100-2015"
    assert not any(is_uscc("91350100M000100Y4" + sign) for sign in ALPHABET if sign != "3")


def test_an_invited_person_sets_a_password_once(client, uow):
    body = make_organisation(uow, OrganisationKind.BUREAU)
    with as_request(client.application):
        invite(uow, email="New@bureau.example", name="钱进", organisation=body, role=Role.QUALITY_OFFICER)
    link = link_in(uow.session.scalar(select(Mail)))
    assert "钱进" in client.get(link).text
    assert client.post(link, data={"name": "钱进", "new_password": GOOD, "repeat_password": GOOD}).location == "/home"
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("known", [True, False])
def test_asking_for_a_reset_tells_nobody_who_has_an_account(client, uow, known):
    if known:
        make_user(uow, Role.EXPERT, email="sun@test.example")
    answer = client.post("/account/forgotten", data={"email": "sun@test.example"})
    assert (answer.status_code, "如果这个邮箱有账户" in answer.text) == (200, True)
    assert (uow.session.scalar(select(Mail)) is not None) is known


def test_a_reset_link_works_once_and_ends_every_session(client, client_as, uow):
    user = make_user(uow, Role.EXPERT, email="sun@test.example")
    elsewhere = client_as(user)
    client.post("/account/forgotten", data={"email": "sun@test.example"})
    link = link_in(uow.session.scalar(select(Mail)))
    assert client.post(link, data={"new_password": GOOD, "repeat_password": GOOD}).location == "/account/sign-in"
    assert elsewhere.get("/home").status_code == 302
    assert client.get(link).status_code == 410
    assert client.post("/account/sign-in", data={"email": "sun@test.example", "password": GOOD}).location == "/home"


def test_the_second_factor_is_asked_for_and_each_code_works_once(client, uow):
    user = make_user(uow, Role.EXPERT, email="sun@test.example")
    set_password(user, GOOD)
    secret = new_secret()
    spent = pyotp.TOTP(secret).at(uow.clock.wall)
    codes = enable_totp(uow, user, secret, spent)
    typed = {"email": "sun@test.example", "password": GOOD}
    asked = client.post("/account/sign-in", data=typed)
    assert (asked.status_code, soup(asked).find("input", {"name": "code"}) is not None) == (422, True)
    assert client.post("/account/sign-in", data={**typed, "code": codes[0]}).location == "/home"
    assert not code_fits(uow, user, codes[0])
    assert not code_fits(uow, user, spent), "the step was used to switch it on"


def test_a_session_that_expired_costs_no_typed_form(durable_app):
    """On real commits: what is kept must survive the refused request."""
    work = system_work(current_house())
    user = make_user(work, Role.ADMINISTRATOR, email="admin@test.example")
    set_password(user, GOOD)
    work.commit()
    browser = durable_app.test_client()
    signed_in = {"email": "admin@test.example", "password": GOOD}
    browser.post("/account/sign-in", data=signed_in)
    work.session.execute(update(SignInSession).values(seen_at=SignInSession.seen_at - timedelta(hours=3)))
    work.commit()
    typed = {"name": "澄湖审计局", "kind": "supervision", "telephone": "12345"}
    page = "/administration/organisations/new"
    refused = browser.post(page, data=typed)
    assert refused.location == f"/account/sign-in?next={page}"
    back = browser.post("/account/sign-in", data={**signed_in, "next": page})
    assert back.location == page
    shown = soup(browser.get(page))
    assert shown.find("input", {"name": "name"})["value"] == "澄湖审计局"
    assert shown.find("option", selected=True)["value"] == "supervision"
    assert soup(browser.get(page)).find("input", {"name": "name"}).get("value") in (None, ""), "given back once"


def test_too_many_wrong_passwords_are_throttled_even_with_the_right_one(durable_app):
    work = system_work(current_house())
    set_password(make_user(work, Role.EXPERT, email="sun@test.example"), GOOD)
    work.commit()
    browser = durable_app.test_client()
    for _ in range(PER_ACCOUNT):
        assert (
            browser.post("/account/sign-in", data={"email": "sun@test.example", "password": "wrong"}).status_code == 422
        )
    refused = browser.post("/account/sign-in", data={"email": "sun@test.example", "password": GOOD})
    assert refused.status_code == 422
    assert "尝试次数过多" in refused.text
    db.session.rollback()


def test_roles_that_the_law_keeps_apart_are_refused_with_the_rule(uow):
    body = make_organisation(uow, OrganisationKind.BUREAU)
    user = make_user(uow, Role.PROCUREMENT_OFFICER, organisation=body)
    with pytest.raises(Refused) as refused:
        grant_role(uow, user, body, Role.PROCUREMENT_SUPERVISOR)
    assert refused.value.refusals[0].rule_id == "R-SEC-01"


@pytest.mark.parametrize(
    "target", ["//evil.example/x", "https://evil.example/", "\\\\evil.example", "javascript:alert(1)", "http:evil"]
)
def test_sign_in_leads_nowhere_else(client, uow, target):
    set_password(make_user(uow, Role.EXPERT, email="sun@test.example"), GOOD)
    answer = client.post("/account/sign-in", data={"email": "sun@test.example", "password": GOOD, "next": target})
    assert answer.location == "/home"


def test_the_language_switch_is_kept(client_as, uow):
    browser = client_as(make_user(uow, Role.EXPERT))
    assert browser.page("/home?lang=en").html["lang"] == "en"
    assert browser.page("/home").html["lang"] == "en"


def test_the_demonstrations_clock_moves_and_is_recorded(client, clock, uow):
    before = clock.offset
    client.post("/demo/clock", data={"advance": "20d"})
    assert clock.offset - before == timedelta(days=20)


def test_a_stranger_cannot_become_somebody_who_is_no_demonstration_user(client, uow):
    user = make_user(uow, Role.ADMINISTRATOR)
    assert client.post("/demo/sign-in", data={"user": str(user.id)}).status_code == 404
    shown = make_user(uow, Role.ADMINISTRATOR, email="admin@chenghu.example")
    assert client.post("/demo/sign-in", data={"user": str(shown.id)}).location == "/home"
