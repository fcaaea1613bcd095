"""What the procurement room tells others. State changes are told by `core.workflow.TransitionFired`."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.models import Tender, TenderVersion


@dataclass(frozen=True)
class TenderPublished:
    """A notice went out: its frozen record and hash stand."""

    tender: Tender


@dataclass(frozen=True)
class TenderAmended:
    """An amendment went out: the tender's record is a new version."""

    tender: Tender
    version: TenderVersion
