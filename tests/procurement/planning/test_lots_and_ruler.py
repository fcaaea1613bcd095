"""Several lots in one draft, and the ruler that follows dates before they are saved."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import Refused
from core.identity.roles import Role
from procurement.drafting.lawfulness import breaches
from procurement.drafting.record import frozen_record
from procurement.services.lots import LotEntry, set_lots
from procurement.services.preparation import PreparationEntry, prepare
from procurement.services.publishing import publish_tender, submit_tender
from procurement.states import TenderState
from tests.factories.bids import acting
from tests.factories.identity import make_user
from tests.factories.procurement import draft_tender
from tests.factories.projects import make_project
from tests.fixtures.browser import soup


def two_lots(uow, tender) -> list[LotEntry]:
    return [
        LotEntry("第一包 卫生", Decimal(180_000), tender.lots[0].projects),
        LotEntry("第二包 教育", Decimal(170_000), [make_project(uow), make_project(uow)]),
    ]


def test_a_tender_of_two_lots_is_drafted_limited_and_published(uow):
    purchase = draft_tender(uow)
    clerk, tender = acting(uow, purchase.officer), purchase.tender
    first = tender.lots[0].id
    set_lots(clerk, tender, two_lots(uow, tender))
    assert tender.lots[0].id == first
    assert tender.budget == Decimal(350_000)
    prepare(clerk, tender, PreparationEntry(lots_per_bidder=1))
    assert breaches(uow, tender) == []
    submit_tender(clerk, tender)
    publish_tender(acting(uow, purchase.approver), tender)
    assert tender.state is TenderState.PUBLISHED
    record = frozen_record(uow, tender)
    assert [len(one["projects"]) for one in record["lots"]] == [1, 2]
    assert record["lots_per_bidder"] == 1


def test_lots_come_and_go(uow):
    purchase = draft_tender(uow)
    clerk, tender = acting(uow, purchase.officer), purchase.tender
    entries = two_lots(uow, tender)
    set_lots(clerk, tender, entries)
    set_lots(clerk, tender, entries[1:])
    uow.session.expire_all()
    assert [(one.position, one.title) for one in tender.lots] == [(1, "第二包 教育")]
    assert tender.budget == Decimal(170_000)


def test_bad_lots_are_refused_at_their_fields(uow):
    purchase, other = draft_tender(uow), draft_tender(uow, projects=[make_project(uow)])
    clerk, tender = acting(uow, purchase.officer), purchase.tender
    project = tender.lots[0].projects
    with pytest.raises(Refused) as raised:
        set_lots(clerk, tender, [LotEntry("一", Decimal(1), project), LotEntry("", Decimal(0), project)])
    assert {one.field for one in raised.value.refusals} == {"1-title", "1-budget", "1-projects"}
    with pytest.raises(Refused):
        set_lots(clerk, tender, [])
    with pytest.raises(Refused, match=other.tender.number):
        set_lots(clerk, tender, [LotEntry("一", Decimal(1), other.tender.lots[0].projects)])


def fields_of(answer) -> list[tuple[str, str]]:
    """What the page's own form would send, in order."""
    values = []
    for one in soup(answer).find("form", {"id": "form"}).find_all(["input", "textarea", "select"]):
        if not one.get("name") or (one.get("type") in ("checkbox", "radio") and not one.has_attr("checked")):
            continue
        if one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            values.append((one["name"], chosen["value"]))
        else:
            values.append(
                (one["name"], one.text.removeprefix("\n") if one.name == "textarea" else one.get("value", ""))
            )
    return values


def sent(pairs, **changes) -> dict:
    found: dict = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found | changes


def test_lots_are_added_and_removed_on_the_page_without_a_script(uow, client_as):
    purchase, project = draft_tender(uow), make_project(uow)
    browser, page = client_as(purchase.officer), f"/tenders/{purchase.tender.id}/lots"
    longer = browser.post(page, data=sent(fields_of(browser.get(page)), more="1"))
    assert longer.status_code == 200
    assert len(purchase.tender.lots) == 1
    filled = sent(fields_of(longer)) | {"lot-1-title": "第二包", "lot-1-budget": "zwei"}
    wrong = browser.post(page, data=filled)
    assert wrong.status_code == 422
    assert "请填写大于 0 的预算" in wrong.text
    assert 'value="zwei"' in wrong.text
    filled |= {"lot-1-budget": "120,000", "lot-1-projects": str(project.id)}
    assert browser.post(page, data=filled).status_code == 302
    assert [one.budget for one in purchase.tender.lots] == [Decimal(180_000), Decimal(120_000)]
    assert browser.post(page, data=filled).status_code == 409
    edit = f"/tenders/{purchase.tender.id}/edit"
    assert "共 2 包" in browser.get(edit).text
    assert browser.post(edit, data=sent(fields_of(browser.get(edit)))).status_code == 302
    assert purchase.tender.budget == Decimal(300_000)
    shorter = browser.post(page, data=sent(fields_of(browser.get(page)), drop="0"))
    assert browser.post(page, data=sent(fields_of(shorter))).status_code == 302
    uow.session.expire_all()
    assert [one.title for one in purchase.tender.lots] == ["第二包"]
    assert client_as(make_user(uow, Role.QUALITY_OFFICER)).get(page).status_code == 404


def test_the_ruler_follows_dates_before_they_are_saved(uow, client_as):
    purchase = draft_tender(uow)
    browser, tender = client_as(purchase.officer), purchase.tender
    closing = uow.today + timedelta(days=40)
    shown = browser.get(f"/tenders/{tender.id}/ruler?deadline={closing}T09:30&notice_on={uow.today}")
    days = [one["datetime"] for one in soup(shown).find_all("time")]
    assert closing.isoformat() in days
    assert (closing - timedelta(days=15)).isoformat() in days
    for nonsense in ("deadline=tomorrow&notice_on=0002-01-01", "deadline=0026-01-01T09:30", ""):
        assert browser.get(f"/tenders/{tender.id}/ruler?{nonsense}").status_code == 200
    assert tender.deadline.date() != closing
    page = f"/tenders/{tender.id}/edit"
    preview = browser.post(page, data=sent(fields_of(browser.get(page)), deadline=f"{closing}T09:30", preview="1"))
    assert preview.status_code == 200
    assert (closing - timedelta(days=15)).isoformat() in [one["datetime"] for one in soup(preview).find_all("time")]
    assert tender.deadline.date() != closing
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(f"/tenders/{tender.id}/ruler").status_code == 404
