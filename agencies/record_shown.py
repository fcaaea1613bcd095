"""A record as its pages show it: every part with its entries, what is on its way, and what is missing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agencies.checklist import Line
from agencies.lead_check import Verdict
from agencies.models import LeadEvaluator, RecordChange, RecordItem
from agencies.queries.record import Record
from agencies.record_entries import Shown, shown
from agencies.record_parts import PARTS, Part
from agencies.states import Answer, RecordPart
from core.documents.models import Document


@dataclass(frozen=True)
class Card:
    """One entry: its fields, papers, verdict where it is a lead evaluator, and the change that is on its way."""

    item: RecordItem
    fields: Sequence[Shown]
    papers: Sequence[Document] = ()
    verdict: Verdict | None = None
    change: RecordChange | None = None
    history: Sequence[RecordChange] = ()
    """The changes that made it what it is, newest first."""


@dataclass(frozen=True)
class PartShown:
    """One part with its cards and, for those who fill it, what the checklist says of it."""

    spec: Part
    cards: Sequence[Card]
    lines: Sequence[Line] = field(default=())

    @property
    def part(self) -> RecordPart:
        """Which part."""
        return self.spec.part

    @property
    def answer(self) -> Answer | None:
        """The part in one word; None where nothing was asked."""
        answers = {one.answer for one in self.lines}
        for one in (Answer.BROKEN, Answer.DOUBTFUL, Answer.KEPT):
            if one in answers:
                return one
        return None


def parts_shown(
    record: Record,
    *,
    everything: bool,
    leads: Sequence[tuple[LeadEvaluator, Verdict]] = (),
    changes: Sequence[RecordChange] = (),
    lines: Sequence[Line] = (),
) -> list[PartShown]:
    """Return all parts in their order; `everything` with what is not public, and how each entry came to be so."""
    verdicts = {one.item_id: verdict for one, verdict in leads}
    on_its_way = changes_by_item(changes)
    said: Mapping[RecordPart | None, list[Line]] = _by_part(lines)
    return [
        PartShown(
            spec,
            [
                Card(
                    item,
                    [
                        one
                        for one in shown(spec, item.entries, everything=everything, leads=record.lead_names)
                        if one.key != "name"  # it is the card's heading
                    ],
                    record.papers.get(item.id, ()) if everything else (),
                    verdicts.get(item.id),
                    on_its_way.get(item.id),
                    [one for one in changes if one.item_id == item.id and one.decided_at] if everything else (),
                )
                for item in record.of(part)
            ],
            said.get(part, []),
        )
        for part, spec in PARTS.items()
    ]


def changes_by_item(changes: Sequence[RecordChange]) -> dict[uuid.UUID, RecordChange]:
    """Return the reported changes that are not checked yet, by the entry that stands until they are."""
    return {one.item_id: one for one in changes if one.item_id is not None and one.is_reported}


def _by_part(lines: Sequence[Line]) -> dict[RecordPart | None, list[Line]]:
    found: dict[RecordPart | None, list[Line]] = defaultdict(list)
    for one in lines:
        found[one.part].append(one)
    return found
