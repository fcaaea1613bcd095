"""Changes of particulars: reported by the expert, checked by the bureau, then ties are looked at anew (R-EXP-01/02)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select

from core.clock import SHANGHAI
from core.deadlines import derive
from core.errors import Refusal, Refused
from core.events import publish
from core.i18n import Text, _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.parameters import overrides
from core.unit_of_work import UnitOfWork
from core.work_calendar import work_calendar
from experts.addresses import change_page, my_file_page
from experts.events import TiesChanged
from experts.models import Expert, ParticularsChange, PastEmployment
from experts.notifications import CHANGE_DECIDED, CHANGE_REPORTED
from experts.services.pool import organisation_named
from experts.states import ChangeState
from experts.workflow.change import CHANGE

FIELDS: Mapping[str, Text] = {
    "employer": _l("工作单位"),
    "position": _l("职务"),
    "professional_title": _l("职称"),
    "telephone": _l("电话"),
}
"""What an expert may report, by the column."""


def particulars(expert: Expert) -> dict[str, str]:
    """Return what an expert may report a change of, as it is now."""
    return {
        "employer": expert.employer,
        "position": expert.position,
        "professional_title": expert.professional_title,
        "telephone": expert.user.telephone,
    }


def report_change(
    uow: UnitOfWork, expert: Expert, values: Mapping[str, str], *, changed_on: date, note: str = ""
) -> ParticularsChange:
    """Report new particulars; only what differs is kept. Raises `Refused`, each at its field."""
    uow.lock(expert)
    known = particulars(expert)
    new = {key: values[key].strip() for key in FIELDS if values.get(key, known[key]).strip() != known[key]}
    refusals = []
    if open_change(uow, expert) is not None:
        refusals.append(Refusal(_l("您上次申报的变更还在核对，核对后才能再申报"), rule_id="R-EXP-01"))
    if not new:
        refusals.append(Refusal(_l("没有与档案不同的内容"), rule_id="R-EXP-01", field="employer"))
    refusals += [
        Refusal(_l("“%(field)s”不能为空", field=FIELDS[key]), rule_id="R-EXP-01", field=key)
        for key, value in new.items()
        if not value and key in ("employer", "professional_title")
    ]
    if changed_on > uow.today:
        refusals.append(Refusal(_l("变更日期不能晚于今天"), field="changed_on"))
    if refusals:
        raise Refused(*refusals)
    change = uow.add(
        ParticularsChange(
            expert_id=expert.id,
            expert=expert,
            state=ChangeState.REPORTED,
            values=new,
            changed_on=changed_on,
            note=note.strip(),
            reported_at=uow.now,
            decided_at=None,
            decided_by_id=None,
        )
    )
    uow.session.flush()
    uow.record("expert.report_change", expert, after={"fields": sorted(new)})
    words = {"name": expert.user.name}
    officers = user_ids_with(uow, Role.QUALITY_OFFICER)
    notify(uow, CHANGE_REPORTED, officers, url=change_page(change.id), params=words, by_mail=False)
    return change


def open_change(uow: UnitOfWork, expert: Expert) -> ParticularsChange | None:
    """Return the change that still has to be checked."""
    return uow.session.scalar(
        select(ParticularsChange).where(
            ParticularsChange.expert_id == expert.id, ParticularsChange.state == ChangeState.REPORTED
        )
    )


def changes_of(uow: UnitOfWork, expert: Expert) -> Sequence[ParticularsChange]:
    """Return what an expert ever reported, newest first."""
    rows = select(ParticularsChange).where(ParticularsChange.expert_id == expert.id)
    return uow.session.scalars(rows.order_by(ParticularsChange.reported_at.desc())).all()


def was_late(uow: UnitOfWork, change: ParticularsChange) -> bool:
    """Whether a change was reported later than the rule asks (R-EXP-02): said to whoever decides, no more."""
    limit = derive(
        "R-EXP-02",
        change.changed_on,
        work_calendar(uow),
        uow.house.rules,
        name="change_days",
        overrides=overrides(uow),
    )
    return change.reported_at.astimezone(SHANGHAI).date() > limit.last_day


def confirm_change(uow: UnitOfWork, change: ParticularsChange, remark: str = "") -> None:
    """Take the new particulars over; a former employer stays among the ties, and seats they now bar are given up."""
    expert = change.expert
    CHANGE.fire(
        uow,
        change,
        "confirm",
        reason=remark.strip() or None,
        assign={"remark": remark.strip(), "decided_by_id": uow.actor.user_id},
    )
    values = dict(change.values)
    telephone = values.pop("telephone", None)
    if telephone is not None:
        expert.user.telephone = telephone
    if "employer" in values:
        uow.add(
            PastEmployment(
                expert_id=expert.id,
                employer=expert.employer,
                employer_id=expert.employer_id,
                ended_on=change.changed_on,
            )
        )
        expert.employer_id = organisation_named(uow, values["employer"])
    for column, value in values.items():
        setattr(expert, column, value)
    uow.session.flush()
    uow.record("expert.change", expert, after={"fields": sorted(change.values)})
    notify(uow, CHANGE_DECIDED, [expert.user_id], url=my_file_page(), params={"outcome": str(change.state.label)})
    publish(uow, TiesChanged(expert))


def reject_change(uow: UnitOfWork, change: ParticularsChange, remark: str) -> None:
    """Leave the particulars as they are, with the reason, which the expert is told."""
    assign = {"remark": remark.strip(), "decided_by_id": uow.actor.user_id}
    CHANGE.fire(uow, change, "reject", reason=remark, assign=assign)
    expert = change.expert
    notify(uow, CHANGE_DECIDED, [expert.user_id], url=my_file_page(), params={"outcome": str(change.state.label)})
