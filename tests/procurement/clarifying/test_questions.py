"""Taking the documents, asking and answering: windows, hidden askers, what blocks the opening."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from core.deadlines import end_of
from core.errors import Forbidden, Refused
from core.identity.roles import Role
from core.notifications.models import Mail, Notification
from procurement.clarifying.windows import documents_end, questions_end
from procurement.models import DocumentHolder, PublishedAnswer
from procurement.queries.clarifications import answers_of, askers_of, own_holdings
from procurement.services.holding import take_documents
from procurement.services.opening import begin_opening
from procurement.services.questions import ask, decline, publish_answer
from procurement.states import QuestionState, QuestionSubject
from procurement.tasks.clarifications import clarification_parts, clarification_tasks
from procurement.workflow import QUESTION
from tests.factories.bids import acting
from tests.factories.clarifications import asked, holder_of, published_tender
from tests.factories.identity import make_user


def rules_of(raised) -> list[str | None]:
    return [one.rule_id for one in raised.value.refusals]


def tasks_of(uow, user) -> list[str]:
    with current_app.test_request_context():
        return [str(one.title) for one in clarification_tasks(acting(uow, user))]


def test_a_supplier_takes_the_documents_once_within_the_period(uow, clock):
    """R-TENDER-03: the documents are given out until the published day, to the second."""
    tender = published_tender(uow).tender
    user = make_user(uow, Role.AGENCY_MANAGER)
    organisation = user.memberships[0].organisation_id
    first = take_documents(acting(uow, user), tender, organisation)
    assert take_documents(acting(uow, user), tender, organisation).id == first.id
    assert documents_end(tender) == end_of(tender.documents_until)
    clock.set_to(documents_end(tender) - timedelta(seconds=2))
    holder_of(uow, tender)
    clock.set_to(documents_end(tender) + timedelta(seconds=1))
    with pytest.raises(Refused) as late:
        holder_of(uow, tender)
    assert rules_of(late) == ["R-TENDER-03"]


def test_nobody_takes_the_documents_or_asks_for_another_supplier(uow):
    purchase = published_tender(uow)
    holder, _user = holder_of(uow, purchase.tender)
    stranger = make_user(uow, Role.AGENCY_MANAGER)
    with pytest.raises(Forbidden):
        take_documents(acting(uow, stranger), purchase.tender, holder.organisation_id)
    with pytest.raises(Forbidden):
        ask(acting(uow, stranger), holder, "？")
    with pytest.raises(Forbidden):
        take_documents(acting(uow, purchase.officer), purchase.tender, holder.organisation_id)
    assert own_holdings(acting(uow, stranger), purchase.tender) == []


def test_questions_of_one_asker_are_linked_by_a_name_that_names_nobody(uow):
    purchase = published_tender(uow)
    holder, user = holder_of(uow, purchase.tender)
    one, two = asked(uow, purchase.tender, "甲？", user), asked(uow, purchase.tender, "乙？", user)
    other = asked(uow, purchase.tender, "丙？")
    assert one.holder.pseudonym == two.holder.pseudonym == holder.pseudonym
    assert other.holder.pseudonym != holder.pseudonym
    second = published_tender(uow)
    again, _same = holder_of(uow, second.tender, user)
    assert again.pseudonym != holder.pseudonym


def test_the_question_window_closes_to_the_second_some_working_days_before_the_deadline(uow, clock):
    """R-CLARIFY-01: judged by the database's clock when the tender's row is locked."""
    tender = published_tender(uow).tender
    holder, user = holder_of(uow, tender)
    until = questions_end(uow, tender)
    assert until < tender.deadline - timedelta(days=3)
    clock.set_to(until - timedelta(seconds=2))
    ask(acting(uow, user), holder, "最后一问？")
    clock.set_to(until + timedelta(seconds=1))
    with pytest.raises(Refused) as late:
        ask(acting(uow, user), holder, "晚了？")
    assert rules_of(late) == ["R-CLARIFY-01"]


def test_an_answer_is_due_within_three_working_days(uow, clock):
    """R-REMEDY-01."""
    tender = published_tender(uow).tender
    clock.set_to(end_of(tender.notice_on) - timedelta(hours=12))
    question = asked(uow, tender)
    from core.work_calendar import work_calendar

    assert question.due_on == work_calendar(uow).add_working_days(tender.notice_on, 3).date


@pytest.mark.parametrize("telling", ["organisation", "person", "mail", "another"])
def test_a_question_that_gives_its_asker_away_is_refused_to_the_asker(uow, telling):
    """R-SEC-03."""
    tender = published_tender(uow).tender
    holder, user = holder_of(uow, tender)
    other = make_user(uow, Role.AGENCY_MANAGER).memberships[0].organisation.name
    words = {"organisation": holder.organisation.name, "person": user.name, "mail": user.email, "another": other}
    with pytest.raises(Refused) as refused:
        ask(acting(uow, user), holder, f"我们是{words[telling]}，能否延期？")
    assert rules_of(refused) == ["R-SEC-03"]


def test_a_published_answer_names_no_supplier_whoever_it_is(uow):
    purchase = published_tender(uow)
    question = asked(uow, purchase.tender)
    uninvolved = make_user(uow, Role.AGENCY_MANAGER).memberships[0].organisation.name
    officer = acting(uow, purchase.officer)
    with pytest.raises(Refused) as refused:
        publish_answer(officer, purchase.tender, [question], question=f"{uninvolved}问：能否延期？", answer="不能。")
    assert rules_of(refused) == ["R-SEC-03"]


def test_one_answer_closes_several_questions_and_every_holder_hears_of_it(uow):
    purchase = published_tender(uow)
    one, two = asked(uow, purchase.tender, "能否延期？"), asked(uow, purchase.tender, "期限能否延长？")
    silent, reader = holder_of(uow, purchase.tender)
    answer = publish_answer(
        acting(uow, purchase.officer), purchase.tender, [one, two], question="服务期限能否延长？", answer="不能。"
    )
    assert (one.state, two.state, answer.number) == (QuestionState.ANSWERED, QuestionState.ANSWERED, 1)
    told = set(uow.session.scalars(select(Notification.user_id).where(Notification.kind == "question.answered")))
    assert told == {one.asked_by_id, two.asked_by_id, reader.id}
    mails = list(uow.session.scalars(select(Mail).where(Mail.user_id.in_(told))))
    assert len(mails) == 3
    assert all(silent.organisation.name not in mail.body for mail in mails)
    names = askers_of(uow, answers_of(uow, purchase.tender))[answer.id]
    assert set(names) == {one.holder.pseudonym, two.holder.pseudonym}


def test_an_unanswered_question_blocks_the_opening_and_stands_as_task_and_on_the_page(uow, clock):
    purchase = published_tender(uow)
    question = asked(uow, purchase.tender)
    officer = acting(uow, purchase.officer)
    assert any("未答复不能开标" in one for one in tasks_of(uow, purchase.officer))
    with current_app.test_request_context():
        parts = list(clarification_parts(officer, purchase.tender))
    assert any("不能开标" in str(one.note) for one in parts)
    clock.set_to(purchase.tender.deadline + timedelta(minutes=1))
    officer = acting(uow, purchase.officer)
    with pytest.raises(Refused) as refused:
        begin_opening(officer, purchase.tender)
    assert rules_of(refused) == ["R-REMEDY-01"]
    decline(officer, question, "与采购文件无关")
    begin_opening(acting(uow, purchase.officer), purchase.tender)


def test_a_declined_question_has_its_reason_which_only_its_asker_is_told(uow):
    purchase = published_tender(uow)
    question = asked(uow, purchase.tender)
    holder_of(uow, purchase.tender)
    with pytest.raises(Refused):
        decline(acting(uow, purchase.officer), question, "  ")
    decline(acting(uow, purchase.officer), question, "属于商业秘密")
    assert (question.state, question.reason) == (QuestionState.DECLINED, "属于商业秘密")
    told = list(uow.session.scalars(select(Notification.user_id).where(Notification.kind == "question.declined")))
    assert told == [question.asked_by_id]


def test_an_asker_withdraws_a_question_and_nobody_else_does(uow):
    purchase = published_tender(uow)
    holder, user = holder_of(uow, purchase.tender)
    question = ask(acting(uow, user), holder, "能否延期？")
    with pytest.raises(Forbidden):
        QUESTION.fire(acting(uow, purchase.officer), question, "withdraw")
    QUESTION.fire(acting(uow, user), question, "withdraw")
    uow.session.flush()
    with pytest.raises(Refused):
        publish_answer(acting(uow, purchase.officer), purchase.tender, [question], question="问", answer="答")
    assert uow.session.scalar(select(PublishedAnswer.id)) is None


def test_a_question_concerns_a_lot_or_criterion_of_its_own_tender(uow):
    purchase = published_tender(uow)
    holder, user = holder_of(uow, purchase.tender)
    criterion = purchase.tender.criteria[2]
    work = acting(uow, user)
    question = ask(work, holder, "？", subject=QuestionSubject.CRITERION, subject_id=criterion.id)
    assert question.subject_words == criterion.title
    with pytest.raises(Refused):
        ask(work, holder, "？", subject=QuestionSubject.CRITERION, subject_id=uow.ids.new())
    with pytest.raises(Refused):
        ask(work, holder, "   ")


def test_no_task_figure_or_timeline_of_the_staff_shows_holders(uow):
    """R-SEC-03: what is recorded about a holder is not about the tender."""
    from core.audit.timeline import timeline

    purchase = published_tender(uow)
    question = asked(uow, purchase.tender)
    uow.commit()
    entries = timeline(acting(uow, purchase.officer), purchase.tender)
    asker = question.holder.organisation.name
    assert all(asker not in str(one) for one in entries)
    assert uow.session.scalar(select(DocumentHolder.id)) is not None
    assert {one.actor for one in entries}.isdisjoint(
        {uow.session.get_one(type(purchase.officer), question.asked_by_id).name}
    )
