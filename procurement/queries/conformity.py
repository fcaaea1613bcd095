"""How a committee judged a bid's conformity, requirement by requirement of the frozen record (R-EVAL-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.i18n import Text, _l
from procurement.models import ConformityVote, Criterion, Tender
from procurement.scoring.conformity import tally, unmet
from procurement.states import CriterionKind


@dataclass(frozen=True)
class ConformityLine:
    """One requirement of one bid: how many members find it met, how many not, and what these wrote."""

    requirement: Criterion
    met: int
    not_met: int
    passed: bool
    reasons: Sequence[str] = ()


def requirements_of(tender: Tender) -> list[Criterion]:
    """Return the substantive requirements in the order of the documents."""
    return [one for one in tender.criteria if one.kind is CriterionKind.SUBSTANTIVE]


def conformity_lines(tender: Tender, given: Sequence[ConformityVote]) -> list[ConformityLine]:
    """Return a line for every requirement of a bid that these members judged."""
    judged = [one for one in given if one.items]
    if not judged:
        return []
    judgements = [{str(item.criterion_id): item.passed for item in one.items} for one in judged]
    fallen = set(unmet([str(one.id) for one in requirements_of(tender)], judgements))
    lines = []
    for one in requirements_of(tender):
        met, not_met = tally(str(one.id), judgements)
        reasons = [
            item.reason for vote in judged for item in vote.items if item.criterion_id == one.id and not item.passed
        ]
        lines.append(ConformityLine(one, met, not_met, str(one.id) not in fallen, list(dict.fromkeys(reasons))))
    return lines


def line_words(line: ConformityLine) -> Text:
    """Say what the committee found of a requirement, with the votes where it was not of one mind."""
    if not line.not_met:
        return _l("符合")
    words = {"met": line.met, "not": line.not_met, "why": "；".join(line.reasons)}
    if line.passed:
        return _l("符合（%(met)s:%(not)s；少数意见：%(why)s）", **words)
    return _l("不符合（%(not)s:%(met)s；%(why)s）", **words)


def nonconformity(tender: Tender, given: Sequence[ConformityVote]) -> Text | None:
    """Return why a bid does not conform, naming the requirements unmet; None where the committee finds that it does."""
    lines = conformity_lines(tender, given)
    if lines:
        fallen = [one for one in lines if not one.passed]
        words = [
            _l("不符合实质性要求“%(title)s”：%(why)s", title=one.requirement.title, why="、".join(one.reasons))
            for one in fallen
        ]
        return None if not words else "；".join(str(one) for one in words)
    if 2 * sum(vote.passed for vote in given) > len(given):
        return None
    return "；".join(dict.fromkeys(vote.reason for vote in given if not vote.passed))
