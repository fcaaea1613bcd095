"""What a draw from the bureau's own pool leaves in the archive of its purchase (R-ARCH-02)."""

from __future__ import annotations

from collections.abc import Iterator

from core.archives.package import ArchiveFile, made
from core.records import written
from core.unit_of_work import UnitOfWork
from procurement.models import Tender
from procurement.queries.pool_draw import calls_of
from procurement.services.pool_screening import draws_of_call


def archived_draws(uow: UnitOfWork, tender: Tender) -> Iterator[ArchiveFile]:
    """Yield the full record of every draw that drew somebody, for `flask verify draw`."""
    for call in reversed(calls_of(uow, tender)):
        held = draws_of_call(uow, call)
        if held and held[-1].record is not None:
            title = f"评审专家抽取记录 {call.number}"
            yield made("06-评审报告", f"抽取记录-{call.number}.json", title, written(held[-1].record))
