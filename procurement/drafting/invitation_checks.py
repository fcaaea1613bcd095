"""Whether enough suppliers are invited, and at most half of them by the purchaser (R-TENDER-10, R-NEG-01)."""

from __future__ import annotations

from sqlalchemy import select

from core.i18n import _l
from core.unit_of_work import UnitOfWork
from procurement.drafting.lines import RuleLine, broken, kept
from procurement.methods import rules_of
from procurement.models import Invitation, Tender
from procurement.states import InvitationOrigin, Method


def invitations_of(uow: UnitOfWork, tender: Tender) -> list[Invitation]:
    """Return whom the tender invites, by name; empty where anybody may answer."""
    rows = uow.session.scalars(select(Invitation).where(Invitation.tender_id == tender.id))
    return sorted(rows, key=lambda one: (one.supplier.name, str(one.id)))


def invitation_lines(uow: UnitOfWork, tender: Tender) -> list[RuleLine]:
    """Return the panel's lines about whom is invited; none where the notice is for everybody."""
    invited = invitations_of(uow, tender)
    if not invited and not rules_of(tender).invites:
        return []
    rule_id = "R-TENDER-10" if tender.method is Method.INVITED_TENDER else "R-NEG-02"
    fewest = uow.house.rules.whole(rule_id, "suppliers_min", on=uow.today)
    lines = []
    if len(invited) < fewest:
        words = _l("至少邀请 %(fewest)s 家供应商，现有 %(now)s 家", fewest=fewest, now=len(invited))
        lines.append(broken(uow, rule_id, words, "invitations"))
    most = uow.house.rules.number("R-NEG-01", "recommended_max", on=uow.today)
    own = sum(one.origin is InvitationOrigin.PURCHASER for one in invited)
    if invited and own * 100 > most * len(invited):
        words = _l("采购人推荐的供应商不得超过 %(most)s%%，现为 %(own)s/%(now)s", most=most, own=own, now=len(invited))
        lines.append(broken(uow, "R-NEG-01", words, "invitations"))
    units = {project.unit_id for lot in tender.lots for project in lot.projects}
    lines += [
        broken(uow, "R-PERF-13", _l("“%(name)s”实施被评价的项目，不能承担评价", name=one.supplier.name), "invitations")
        for one in invited
        if one.supplier_id in units
    ]
    return lines or [kept(rule_id, _l("已邀请 %(count)s 家供应商", count=len(invited)))]
