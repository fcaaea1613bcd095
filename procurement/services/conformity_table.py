"""The matrix of the conformity examination as it stands in the evaluation report (R-EVAL-03, R-EVAL-08)."""

from __future__ import annotations

import uuid

from core.i18n import _
from core.pdf import Block, Paragraph, Table
from procurement.queries.conformity import ConformityLine, conformity_lines, requirements_of
from procurement.queries.standings import Standings

COLUMNS = 6
"""So many requirements fit beside each other; more of them follow in further tables."""


def conformity_blocks(standings: Standings) -> list[Block]:
    """Return the requirements by number, the matrix of bids by requirements, and why any was found unmet by anybody."""
    requirements = requirements_of(standings.tender)
    judged: list[tuple[str, dict[uuid.UUID, ConformityLine]]] = []
    for one in standings.bids:
        lines = conformity_lines(standings.tender, standings.votes_on(one.bid))
        if lines:
            judged.append((one.bid.bidder.name, {line.requirement.id: line for line in lines}))
    if not requirements or not judged:
        return []
    numbered = "；".join(f"{number}. {one.title}" for number, one in enumerate(requirements, 1))
    blocks: list[Block] = [Paragraph(_("符合性审查逐项按多数意见认定。实质性要求：%(list)s。", list=numbered))]
    for start in range(0, len(requirements), COLUMNS):
        part = requirements[start : start + COLUMNS]
        blocks.append(
            Table(
                head=[_("投标人"), *(_("要求%(number)s", number=start + n) for n in range(1, len(part) + 1))],
                rows=[[name, *(_mark(known.get(item.id)) for item in part)] for name, known in judged],
                widths=(5, *(2 for _one in part)),
                caption=_("符合性审查表（符合票数：不符合票数）"),
            )
        )
    for name, known in judged:
        for number, requirement in enumerate(requirements, 1):
            line = known.get(requirement.id)
            if line is not None and line.reasons:
                blocks.append(Paragraph(_why(name, number, line)))
    return blocks


def _mark(line: ConformityLine | None) -> str:
    if line is None:
        return "—"
    found = _("符合") if line.passed else _("不符合")
    return f"{found} {line.met}:{line.not_met}"


def _why(bidder: str, number: int, line: ConformityLine) -> str:
    values = {"bidder": bidder, "number": number, "title": line.requirement.title, "why": "；".join(line.reasons)}
    minority = _("%(bidder)s，要求%(number)s“%(title)s”，少数意见认为不符合：%(why)s。", **values)
    majority = _("%(bidder)s，要求%(number)s“%(title)s”，认定不符合：%(why)s。", **values)
    return str(minority if line.passed else majority)
