"""What the house says when it will not do something.

Each class is one kind of answer to a person; the web shell turns it into a page or a message at a field, the command
line into a line and an exit status.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import Text


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done (yet): the reason in words, the rule that asks for it, the field it concerns."""

    reason: Text
    rule_id: str | None = None
    field: str | None = None


class Refused(Exception):
    """A request that breaks a rule or comes at the wrong time; nothing was changed.

    Carries one or more refusals, each with its rule id, so that the user learns everything at once.
    """

    def __init__(self, *refusals: Refusal) -> None:
        self.refusals = refusals
        super().__init__("; ".join(str(refusal.reason) for refusal in refusals))


class Forbidden(Exception):
    """The actor may see the subject but not do this to it."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(str(reason))


class NotVisible(Exception):
    """The subject does not exist, or the actor may not know that it does."""


class Stale(Exception):
    """Somebody else changed the subject since the form was shown."""
