"""What a report still needs on its way from the draft to the signed final (R-AGENCY-11). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import Refusal
from core.i18n import _, _l
from grading.states import Party, PathStep

RULE = "R-AGENCY-11"


@dataclass(frozen=True)
class PathFacts:
    """How far a report has come.

    `waits_for` are the parties not heard while their time runs, `unanswered` the numbers of comments without an answer.
    `is_answered`: the agency sent its answers about the last draft; `is_reviewed`: its own review after that, if any.
    """

    has_draft: bool = False
    waits_for: Sequence[Party] = ()
    unanswered: Sequence[int] = ()
    is_answered: bool = False
    is_reviewed: bool | None = None
    has_final: bool = False


def step_of(facts: PathFacts) -> PathStep:
    """Return what comes next."""
    if facts.has_final:
        return PathStep.DONE
    if not facts.has_draft:
        return PathStep.DRAFT
    if not facts.is_answered or facts.unanswered:
        return PathStep.COMMENTS
    return PathStep.FINAL if facts.is_reviewed else PathStep.REVIEW


def missing_for_final(facts: PathFacts) -> list[Refusal]:
    """Return everything that speaks against a formal final, each with the rule."""
    if not facts.has_draft:
        return [Refusal(_l("尚未提交报告初稿征求意见"), rule_id=RULE)]
    found = []
    if facts.waits_for:
        found.append(Refusal(_l("征求意见尚未结束，等待：%(parties)s", parties=_Names(facts.waits_for)), rule_id=RULE))
    if facts.unanswered:
        numbers = "、".join(str(one) for one in facts.unanswered)
        found.append(Refusal(_l("尚未答复第 %(numbers)s 条意见", numbers=numbers), rule_id=RULE))
    elif not facts.is_answered and not facts.waits_for:
        found.append(Refusal(_l("尚未向各方提交意见答复"), rule_id=RULE))
    if facts.is_reviewed is None:
        found.append(Refusal(_l("尚无机构指定部门或者人员的内部审核意见"), rule_id=RULE))
    elif not facts.is_reviewed:
        found.append(Refusal(_l("内部审核要求修改，须重新审核通过"), rule_id=RULE))
    return found


class _Names:
    """The parties' words joined when shown, so that they appear in the reader's language."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self._parties = parties

    def __str__(self) -> str:
        return str(_("、")).join(str(one.label) for one in self._parties)
