"""Amendments and answers in the public's notices and open data: said once, in order, never naming who asked."""

from __future__ import annotations

import json

from sqlalchemy import select

from procurement.models import OcdsRelease, PublicNotice
from procurement.queries.public import public_process
from procurement.services.questions import publish_answer
from procurement.states import NoticeKind
from tests.factories.bids import acting
from tests.factories.clarifications import amended_tender, asked, published_tender
from tests.procurement.ocds_validation import findings


def test_an_amendment_has_its_notice_and_release_and_answers_are_enquiries(uow, client):
    purchase = published_tender(uow)
    tender = purchase.tender
    acting(uow, purchase.officer).commit()
    question = asked(uow, tender, "问卷底稿是否提交？")
    officer = acting(uow, purchase.officer)
    publish_answer(officer, tender, [question], question="问卷底稿是否提交？", answer="须提交。")
    officer.commit()
    approver = acting(uow, purchase.approver)
    changed = tender.requirement + "另提交问卷底稿。"
    amended_tender(uow, purchase, {"requirement": changed}, reason="补充成果要求", is_material=True)
    approver.record("tender.amend", tender)
    approver.commit()
    notices = list(uow.session.scalars(select(PublicNotice).where(PublicNotice.tender_id == tender.id)))
    amendment = next(one for one in notices if one.kind is NoticeKind.AMENDMENT)
    assert "另提交问卷底稿。" in json.dumps(amendment.record, ensure_ascii=False)
    releases = list(
        uow.session.scalars(
            select(OcdsRelease).where(OcdsRelease.tender_id == tender.id).order_by(OcdsRelease.position)
        )
    )
    assert [one.tag for one in releases] == ["tender", "tenderUpdate", "tenderAmendment"]
    written = "".join(one.text for one in releases)
    assert question.holder.organisation.name not in written
    assert "须提交。" in written
    for part in ("releases", "record"):
        answer = client.get(f"/ocds/ocds-hpdemo-{tender.number}/{part}.json")
        assert findings(answer.get_json()) == {}
    process = public_process(acting(uow, purchase.officer), tender)
    assert [one.number for one in process.versions] == [1, 2]
    assert process.versions[1].changes[0].after == "另提交问卷底稿。"
