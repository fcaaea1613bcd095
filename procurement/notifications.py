"""News about tenders: to approvers, drafters and keyholders."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.i18n import _l
from core.identity.models import Membership, User
from core.identity.roles import Role
from core.notifications.send import NotificationKind, notify
from core.unit_of_work import UnitOfWork
from core.workflow import TransitionFired
from procurement.models import Tender
from procurement.planning.authority import authority

SUBMITTED = NotificationKind(
    "tender.submitted",
    _l("待审批：%(title)s"),
    _l("采购项目 %(number)s“%(title)s”已提交审批，请核对后批准发布或退回修改。"),
)
SENT_BACK = NotificationKind(
    "tender.sent-back",
    _l("退回修改：%(title)s"),
    _l("采购项目 %(number)s“%(title)s”被退回：%(reason)s"),
)
PUBLISHED = NotificationKind(
    "tender.published",
    _l("公告已发布：%(title)s"),
    _l("采购项目 %(number)s“%(title)s”的公告已发布，投标截止后按公告开标。"),
)
KEY_WANTED = NotificationKind(
    "tender.key-wanted",
    _l("请登记开标密钥：%(title)s"),
    _l("您被指定为采购项目 %(number)s“%(title)s”的开标密钥持有人，请在本人的浏览器里生成密钥并登记公钥。"),
)


def tender_page(tender: Tender) -> str:
    """Return the path of a tender's page."""
    return f"/tenders/{tender.id}"


def ask_for_keys(uow: UnitOfWork, tender: Tender, users: Sequence[User]) -> None:
    """Ask newly named keyholders to make and register their keys."""
    url = f"{tender_page(tender)}/key"
    notify(uow, KEY_WANTED, [user.id for user in users], url=url, params=_words(tender))


def tell_of_transition(uow: UnitOfWork, event: TransitionFired) -> None:
    """Tell who has the next step when a tender is submitted, sent back or published."""
    if event.workflow != "tender":
        return
    tender: Tender = event.subject
    words, url = _words(tender), tender_page(tender)
    if event.name == "submit":
        approvers = uow.session.scalars(
            select(Membership.user_id).where(
                Membership.role == Role.PROCUREMENT_APPROVER,
                Membership.ended_at.is_(None),
                Membership.user_id != tender.drafted_by_id,
            )
        )
        levels = authority(uow)
        asked = [one for one in approvers if levels.covers(one, tender.budget)]
        notify(uow, SUBMITTED, asked, url=url, params=words)
    elif event.name == "send_back":
        notify(uow, SENT_BACK, [tender.drafted_by_id], url=url, params={**words, "reason": event.reason or ""})
    elif event.name == "publish":
        told = {tender.drafted_by_id, *(one.user_id for one in tender.keyholders)}
        notify(uow, PUBLISHED, told, url=url, params=words)


def _words(tender: Tender) -> dict[str, str]:
    return {"title": tender.title, "number": tender.number}
