"""Question letters, exports and the comparison of versions in the browser's eyes."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from core.identity.roles import Role
from grading import addresses
from grading.queries import findings_of, load_letter
from grading.services.questions import ask_agency
from grading.states import LetterState, Stance
from tests.factories.grading import Desk, checked_submission, report_bytes
from tests.factories.identity import make_user


@pytest.fixture
def asked(uow):
    desk = checked_submission(uow)
    ids = [one.id for one in findings_of(uow, desk.submission)[:2]]
    desk.letter = ask_agency(desk.acting(desk.quality), desk.submission, ids)
    uow.session.flush()
    return desk


def page_of(letter) -> str:
    return addresses.letter_page(letter.id)


def test_only_the_bureau_and_the_agency_learn_of_a_letter(uow, client_as, asked):
    address, report = page_of(asked.letter), f"/submissions/{asked.submission.id}"
    for person in (asked.unit, Desk(uow).manager, make_user(uow, Role.OBSERVER), make_user(uow, Role.EXPERT)):
        client = client_as(person)
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/findings.xlsx").status_code == 404
        assert client.get(f"{report}/findings.docx").status_code in (403, 404)
        assert client.post(f"{address}/answer", data={"deed": "send"}).status_code == 404
    assert asked.letter.number not in client_as(asked.unit).get(report).get_data(as_text=True)
    engagement = client_as(asked.unit).get(f"/engagements/{asked.engagement.id}").get_data(as_text=True)
    assert "发出询问函" not in engagement
    assert client_as(asked.manager).get(address).status_code == 200
    assert client_as(asked.quality).post(f"{address}/answer", data={"deed": "send"}).status_code == 403


def test_asking_in_the_browser_is_two_presses_and_happens_once(uow, client_as):
    desk = checked_submission(uow)
    client, address = client_as(desk.quality), f"/submissions/{desk.submission.id}/ask"
    page = client.page(address)
    data = {one["name"]: one.get("value", "") for one in page.select("#form input[type=hidden]")}
    data |= {"chosen": [one["value"] for one in page.select("input[name=chosen][checked]")], "words": ""}
    data["due_on"] = page.select_one("input[name=due_on]")["value"]
    first, second = client.post(address, data=data), client.post(address, data=data)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert "等机构答复" in client.page(address).get_text()
    assert client.post(address, data={"chosen": "x"}).status_code == 422
    assert client_as(desk.manager).get(address).status_code == 403


def test_the_agency_answers_saves_and_hands_in(uow, client_as, asked):
    client, address = client_as(asked.manager), page_of(asked.letter)
    assert "答复核查疑点" in client.page("/home").get_text()
    half = client.post(f"{address}/answer", data={"deed": "send", "stance_1": "agrees", "stance_2": "explains"})
    assert half.status_code == 422
    assert "answer_2-error" in half.get_data(as_text=True)
    saved = client.post(f"{address}/answer", data={"deed": "save", "stance_1": "agrees"})
    assert saved.status_code == 302
    assert "同意" not in client_as(asked.quality).page(address).select_one("article.finding").get_text()
    data = {"deed": "send", "stance_1": "agrees", "stance_2": "explains", "answer_2": "见附件3"}
    assert client.post(f"{address}/answer", data=data).status_code == 302
    assert load_letter(uow, asked.letter.id).state is LetterState.ANSWERED
    assert "见附件3" in client_as(asked.quality).page(address).get_text()
    assert "见附件3" in client_as(asked.quality).page(f"/submissions/{asked.submission.id}").get_text()


def filled(data: bytes, *answers) -> bytes:
    """The exported sheet with answers written into its two last columns."""
    book = load_workbook(io.BytesIO(data))
    sheet = book.active
    for row, (stance, words) in enumerate(answers, start=2):
        sheet.cell(row, 9).value, sheet.cell(row, 10).value = stance, words
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_answers_come_back_from_the_exported_table(uow, client_as, asked):
    client, address = client_as(asked.manager), page_of(asked.letter)
    sheet = client.get(f"{address}/findings.xlsx").data

    def send(data):
        form = {"deed": "import", "file": (io.BytesIO(data), "答复.xlsx")}
        return client.post(f"{address}/answer", data=form, content_type="multipart/form-data")

    bad = send(filled(sheet, ("也许", "")))
    assert bad.status_code == 422
    assert "I2" in bad.get_data(as_text=True)
    assert send(b"").status_code == 422
    assert send(b"no table at all").status_code == 422
    assert send(filled(sheet, ("同意", ""), ("", "合同约定另计"))).status_code == 302
    items = load_letter(uow, asked.letter.id).items
    assert [(one.stance, one.answer) for one in items] == [(Stance.AGREES, ""), (Stance.EXPLAINS, "合同约定另计")]


def test_findings_are_exported_as_table_and_document(client_as, asked):
    from docx import Document

    report = f"/submissions/{asked.submission.id}"
    client = client_as(asked.manager)
    book = load_workbook(io.BytesIO(client.get(f"{report}/findings.xlsx").data))
    assert book.active["E2"].value
    paper = Document(io.BytesIO(client.get(f"{report}/findings.docx").data))
    assert len(paper.tables[0].rows) == book.active.max_row
    assert client.get(f"{report}/findings.pdf").status_code == 404


def test_versions_are_compared_and_findings_followed(uow, client_as):
    desk = checked_submission(uow, "score-sum")
    first = desk.submission
    desk.deliver(report_bytes(), "修改稿.docx")
    desk.check()
    uow.session.flush()
    address = f"/submissions/{desk.submission.id}/compare"
    page = client_as(desk.quality).page(address)
    assert "已改正" in page.get_text()
    assert page.select("ins")
    assert page.select("del")
    assert not client_as(desk.unit).page(address).select(".followed")
    assert client_as(desk.quality).get(f"{address}?with=9").status_code == 404
    assert client_as(desk.quality).get(f"/submissions/{first.id}/compare").status_code == 302
    assert client_as(Desk(uow).manager).get(address).status_code == 404
    bench = client_as(desk.quality).page(f"/submissions/{desk.submission.id}?earlier=still")
    assert bench.select(".finding")


def test_a_letters_page_takes_as_many_queries_for_two_findings_as_for_many(uow, client_as, count_queries):
    desks = []
    for many in (2, 8):
        desk = checked_submission(uow, "score-sum")
        ids = [one.id for one in findings_of(uow, desk.submission)[:many]]
        desk.letter = ask_agency(desk.acting(desk.quality), desk.submission, ids)
        desks.append(desk)
    uow.session.flush()
    client = client_as(desks[0].quality)
    client.get(page_of(desks[0].letter))
    counts = []
    for desk in desks:
        with count_queries() as made:
            client.get(page_of(desk.letter))
        counts.append(len(made))
    assert counts[1] <= counts[0]
