"""Who holds the tender documents, what holders ask, and what is answered to all of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Base, Identified, Versioned
from core.identity.models import Organisation
from procurement.models.amendment import TenderVersion
from procurement.models.tender import Tender
from procurement.states import QuestionState, QuestionSubject


class DocumentHolder(Identified, Base):
    """A supplier that took the tender documents (获取招标文件的供应商) and is told of every answer and amendment.

    Nobody on the purchaser's side may learn of it before the opening (R-SEC-03). `pseudonym` stands for the supplier
    beside its questions: the same one for all of its questions on this tender, another one on every other tender.
    """

    __tablename__ = "document_holder"
    __table_args__ = (UniqueConstraint("tender_id", "organisation_id"), UniqueConstraint("tender_id", "pseudonym"))

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    registered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    registered_at: Mapped[datetime]
    pseudonym: Mapped[str]
    tender: Mapped[Tender] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class PublishedAnswer(Identified, Base):
    """An answer that everybody reads: the question as published (never naming the asker) and what was answered.

    `number` counts the tender's answers from 1. One answer may close several questions; `version_id` is the amendment
    that answered them, where it took a change of the documents.
    """

    __tablename__ = "published_answer"
    __table_args__ = (UniqueConstraint("tender_id", "number"), CheckConstraint("number > 0", name="number_positive"))

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"), index=True)
    number: Mapped[int]
    question: Mapped[str]
    answer: Mapped[str]
    version_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tender_version.id"))
    published_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    published_at: Mapped[datetime]
    tender: Mapped[Tender] = relationship()
    version: Mapped[TenderVersion | None] = relationship()
    questions: Mapped[list[Question]] = relationship(back_populates="answer", order_by="Question.asked_at")


class Question(Identified, Versioned, Base):
    """A holder's question about the documents (询问), due for an answer on `due_on` (R-REMEDY-01).

    `subject_words` is how lot or criterion were called when it was asked: criteria may be amended.
    """

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (answer_id IS NOT NULL)", name="answered_has_answer"),
        CheckConstraint("(state = 'declined') = (reason <> '')", name="declined_has_reason"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="open_is_not_closed"),
        Index("ix_question_tender_state", "tender_id", "state"),
    )

    tender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tender.id"))
    holder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document_holder.id"), index=True)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("app_user.id"))
    asked_at: Mapped[datetime]
    subject: Mapped[QuestionSubject] = mapped_column(default=QuestionSubject.TENDER)
    subject_words: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[QuestionState] = mapped_column(default=QuestionState.OPEN)
    closed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    answer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("published_answer.id"), index=True)
    tender: Mapped[Tender] = relationship()
    holder: Mapped[DocumentHolder] = relationship(lazy="joined")
    answer: Mapped[PublishedAnswer | None] = relationship(back_populates="questions")
