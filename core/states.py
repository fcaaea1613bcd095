"""Enums whose members carry the words and the badge they are shown with."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, Self

from core.i18n import Text

BadgeKind = Literal["neutral", "active", "waiting", "good", "bad"]


class Titled(StrEnum):
    """A stored value with its title: `MEMBER = "stored-value", _l("标题")`."""

    title_text: Text

    def __new__(cls, value: str, title: Text = "") -> Self:
        """Make the member from its stored value and its words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.title_text = title
        return member

    @property
    def label(self) -> Text:
        """The words shown for this member, in the reader's language."""
        return self.title_text


class State(StrEnum):
    """A state of a noun: `DRAFT = "draft", _l("草稿"), "neutral"`.

    `kind` chooses the badge (colour and icon); the word is always shown beside it.
    """

    title_text: Text
    kind: BadgeKind

    def __new__(cls, value: str, title: Text = "", kind: BadgeKind = "neutral") -> Self:
        """Make the member from its stored value and its words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.title_text = title
        member.kind = kind
        return member

    @property
    def label(self) -> Text:
        """The word on the badge, in the reader's language."""
        return self.title_text
