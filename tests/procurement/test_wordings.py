"""Each method's own words on pages, tasks and mails (政府采购法 arts. 30-40): one set of words for one thing."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from core.notifications.models import Mail, Notification
from core.wording import spoken
from procurement.methods import METHODS
from procurement.states import Method, TenderState
from procurement.wordings import LEFT_ALONE, WORDINGS, said_of, stage_of
from tests.factories.direct import answered_selection
from tests.factories.rounds import called, in_talks, talked
from tests.fixtures.browser import soup

OF_TENDERING = re.compile("投标|招标|评标|中标|开标|废标|定标")
KEPT = re.compile("|".join(LEFT_ALONE))


def foreign(client, address: str) -> set[str]:
    """What a page says in the words of open tendering, beside the words of law and the house's own lists."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    tree = soup(answer).find("main")
    for one in tree.select("[class*=rule], .timeline"):
        one.decompose()
    said = KEPT.sub("", tree.get_text(" "))
    return {said[max(found.start() - 6, 0) : found.end() + 6] for found in OF_TENDERING.finditer(said)}


@pytest.mark.parametrize("method", list(WORDINGS))
def test_every_wording_names_what_the_methods_papers_name(method):
    words, wording = METHODS[method].words, WORDINGS[method].words
    assert wording["中标人"] == str(words.winner)
    if method is not Method.BELOW_LIMIT:  # there an answer is a plan and a price, in one word 答复
        assert wording["投标文件"] == str(words.response)
    assert wording["评标委员会"] == str(words.group)
    assert wording["招标文件"] == str(words.document)
    assert not OF_TENDERING.search(KEPT.sub("", "".join(wording.values())))


def test_a_consultations_pages_say_nothing_of_bids(uow, client_as):
    scene = talked(uow, in_talks(uow))
    called(uow, scene)
    tender = scene.tender
    officer, supplier = client_as(scene.officer), client_as(scene.bidders[0])
    for address in ("rounds", "examination", "committee", "results", "opening"):
        assert foreign(officer, f"/tenders/{tender.id}/{address}") == set(), address
    for address in (f"/bids/{scene.bids[0].id}", f"/bids/{scene.bids[0].id}/final"):
        assert foreign(supplier, address) == set(), address


def test_badges_tasks_and_mails_have_the_methods_words(uow, app):
    scene = talked(uow, in_talks(uow))
    called(uow, scene)
    selection = answered_selection(uow).tender
    with app.app_context(), force_locale("zh"):
        assert str(stage_of(scene.tender).label) == "评审中"
        scene.tender.state = TenderState.AWARDED
        assert str(stage_of(scene.tender).label) == "已成交"
        assert str(stage_of(selection).label) == "比选中"
        assert str(said_of(scene.tender, "审查投标人资格")) == "审查供应商资格"
        selection.state = TenderState.AWARDED
        with spoken(WORDINGS[Method.FRAMEWORK]):
            assert str(stage_of(selection).label) == "已选定", "not in the words of the page it is listed on"
        scene.tender.state = TenderState.UNDER_EVALUATION


def test_a_mail_from_a_consultations_page_has_its_words_and_what_was_typed_stays(uow, client_as):
    scene = in_talks(uow)
    officer, address = client_as(scene.officer), f"/tenders/{scene.tender.id}/rounds/change"
    assert officer.post(address, data={"change-words": "投标人须知不变"}).status_code == 302
    mail = uow.session.scalars(select(Mail).order_by(Mail.created_at.desc(), Mail.id)).first()
    assert "投标人须知不变" in mail.body
    news = uow.session.scalars(select(Notification).where(Notification.kind == "round.changed")).first()
    assert news.params["_wording"] == "consultation"
