"""Keeping the pool: admitting experts, changing their entries, importing many (R-EXP)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.invitations import new_user
from core.identity.models import Membership, Organisation, User
from core.identity.roles import OrganisationKind, Role, clash
from core.unit_of_work import UnitOfWork
from experts.admission import age_limit
from experts.entries import ExpertEntry
from experts.models import Expert, PastEmployment
from experts.pool_rules import PoolRules, pool_rules
from experts.services.appointments import note_appointment
from experts.states import AppointmentKind, Category, ExpertState
from experts.workflow import EXPERT

__all__ = ["ExpertEntry", "admit_expert", "change_expert", "expert_pool", "import_experts"]


def expert_pool(uow: UnitOfWork) -> Organisation:
    """Return the organisation to which experts belong, made on first use."""
    found = uow.session.scalar(select(Organisation).where(Organisation.kind == OrganisationKind.EXPERTS).limit(1))
    if found is None:
        found = uow.add(
            Organisation(name="评审专家库", name_en="Expert pool", kind=OrganisationKind.EXPERTS, uscc=None)
        )
        uow.session.flush()
    return found


def admit_expert(uow: UnitOfWork, entry: ExpertEntry, *, user: User | None = None) -> Expert:
    """Take somebody into the pool, or back into it, with an account if they have none.

    Raises `Refused` with everything that is wrong, each at its field.
    """
    departments, refusals = _departments(uow, entry)
    rules = pool_rules(uow)
    refusals += [*_term_refusals(entry, rules), *_refusals(uow, entry, rules)]
    person = user or uow.session.scalar(select(User).where(User.email == entry.email.strip().lower()))
    before = None
    if person is not None:
        before = uow.session.scalar(select(Expert).where(Expert.user_id == person.id))
        refusals += _account_refusals(person, before)
    if refusals:
        raise Refused(*refusals)
    if person is None:
        person = new_user(uow, email=entry.email, name=entry.name, telephone=entry.telephone)
    uow.session.flush()
    _give_role(uow, person)
    columns = _columns(uow, entry)
    if before is None:
        expert = uow.add(Expert(user_id=person.id, user=person, state=ExpertState.ACTIVE, **columns))
    else:
        expert = before
        EXPERT.fire(uow, expert, "readmit", assign={**columns, "exit_kind": None, "left_at": None})
    expert.departments = departments
    uow.session.flush()
    uow.session.expire(person, ["memberships"])
    note_appointment(uow, expert, AppointmentKind.FIRST)
    uow.record("expert.admit", expert, after=_logged(entry), personal={person.id: {"name": entry.name}})
    return expert


def change_expert(uow: UnitOfWork, expert: Expert, entry: ExpertEntry) -> bool:
    """Change an expert's entries and tell whether anything changed; a former employer is kept.

    The term is not changed here: it is renewed (`experts.services.appointments`). Raises `Refused`, each at its field.
    """
    entry = dataclasses.replace(
        entry, appointed_on=expert.appointed_on, appointed_until=expert.appointed_until, route=expert.route
    )
    departments, refusals = _departments(uow, entry)
    refusals += _refusals(uow, entry, pool_rules(uow))
    if refusals:
        raise Refused(*refusals)
    columns, person = _columns(uow, entry), {"name": entry.name.strip(), "telephone": entry.telephone.strip()}
    before = {column: getattr(expert, column) for column in columns}
    known = {column: getattr(expert.user, column) for column in person}
    if before == columns and known == person and set(departments) == set(expert.departments):
        return False
    if columns["employer"] != expert.employer:
        keep_past_employer(uow, expert)
    for column, value in columns.items():
        setattr(expert, column, value)
    expert.departments = departments
    expert.user.name, expert.user.telephone = person["name"], person["telephone"]
    uow.session.flush()
    logged = {"categories": before["categories"], "industries": before["industries"]}
    uow.record("expert.change", expert, before=logged, after=_logged(entry))
    return True


def keep_past_employer(uow: UnitOfWork, expert: Expert) -> None:
    """Keep where an expert worked until today: it counts among their ties for three years more (R-COMM-06)."""
    uow.add(
        PastEmployment(
            expert_id=expert.id, employer=expert.employer, employer_id=expert.employer_id, ended_on=uow.today
        )
    )


class RowRefused(Refused):
    """A row of an import that breaks a rule: `row` counts the entries from 0."""

    def __init__(self, row: int, *refusals: Refusal) -> None:
        self.row = row
        super().__init__(*refusals)


def import_experts(uow: UnitOfWork, entries: Iterable[ExpertEntry]) -> tuple[int, int]:
    """Admit or change many at once, or nobody. Return how many came new and how many were changed.

    Who is in the pool is known by the mail address. Raises `RowRefused` for the first row that breaks a rule.
    """
    new = changed = 0
    known = {one.user.email: one for one in uow.session.scalars(select(Expert)).unique()}
    seen: set[str] = set()
    for row, entry in enumerate(entries):
        email = entry.email.strip().lower()
        try:
            if email in seen:
                raise Refused(Refusal(_l("同一个邮箱出现了两次"), field="email"))
            seen.add(email)
            expert = known.get(email)
            if expert is None or expert.state is ExpertState.LEFT:
                admit_expert(uow, entry)
                new += 1
            else:
                changed += change_expert(uow, expert, entry)
        except Refused as refused:
            raise RowRefused(row, *refused.refusals) from refused
    return new, changed


def _refusals(uow: UnitOfWork, entry: ExpertEntry, rules: PoolRules) -> list[Refusal]:
    found = []
    age, most = uow.today.year - entry.birth_year, age_limit(is_retired=entry.is_retired, limits=rules.limits)
    if not 18 <= age <= most:
        words = _l("年龄须不超过 %(most)s 周岁", most=most)
        if not entry.is_retired and 18 <= age <= rules.limits.age_max:
            words = _l("在职的年龄须不超过 %(most)s 周岁", most=most)
        found.append(Refusal(words, rule_id="R-EXP.age", field="birth_year"))
    if entry.field_since is not None and not entry.birth_year < entry.field_since <= uow.today.year:
        found.append(Refusal(_l("从业起始年份须在出生之后、今年之前"), rule_id="R-COMM-14", field="field_since"))
    if not entry.categories:
        found.append(Refusal(_l("请至少选择一个专家类别"), field="categories"))
    if Category.INDUSTRY in entry.categories and not entry.sections:
        found.append(Refusal(_l("行业专家须选择所属行业"), field="industries"))
    return found


def _term_refusals(entry: ExpertEntry, rules: PoolRules) -> list[Refusal]:
    found = []
    if entry.appointed_until < entry.appointed_on:
        found.append(Refusal(_l("聘期结束不能早于开始"), field="appointed_until"))
    elif (entry.appointed_until - entry.appointed_on).days > rules.term_years * 366:
        found.append(
            Refusal(
                _l("聘期不超过 %(years)s 年", years=rules.term_years), rule_id="R-EXP.term", field="appointed_until"
            )
        )
    return found


def _departments(uow: UnitOfWork, entry: ExpertEntry) -> tuple[list[Organisation], list[Refusal]]:
    """Return the departments by their names, and what is wrong with the names."""
    if not entry.departments:
        return [], []
    rows = uow.session.scalars(
        select(Organisation).where(
            Organisation.kind == OrganisationKind.BUDGET_UNIT, Organisation.name.in_(entry.departments)
        )
    ).all()
    known = {one.name: one for one in rows}
    unknown = [name for name in entry.departments if name not in known]
    if unknown:
        return [], [Refusal(_l("没有名为“%(name)s”的预算单位", name=unknown[0]), field="departments")]
    return list(known.values()), []


def _account_refusals(person: User, before: Expert | None) -> list[Refusal]:
    if before is not None and before.state is not ExpertState.LEFT:
        return [Refusal(_l("这个邮箱的用户已在专家库中"), field="email")]
    roles = frozenset(one.role for one in person.memberships if one.ended_at is None) | {Role.EXPERT}
    pair = clash(roles)
    if pair is not None:
        return [Refusal(_l("“%(role)s”不得兼任评审专家", role=pair[0].label), rule_id=pair[2], field="email")]
    return []


def _give_role(uow: UnitOfWork, person: User) -> None:
    """Give the role of an expert, or open it again."""
    pool = expert_pool(uow)
    held = next((one for one in person.memberships if one.role is Role.EXPERT), None)
    if held is not None:
        held.ended_at = None
        return
    uow.add(
        Membership(
            user_id=person.id,
            organisation_id=pool.id,
            role=Role.EXPERT,
            position=len(person.memberships),
            ended_at=None,
        )
    )


def organisation_named(uow: UnitOfWork, name: str) -> Any:
    """Return the id of the organisation of this name, or None."""
    return uow.session.scalar(select(Organisation.id).where(Organisation.name == name.strip()).limit(1))


def _columns(uow: UnitOfWork, entry: ExpertEntry) -> Mapping[str, Any]:
    employer = entry.employer.strip()
    return {
        "employer": employer,
        "employer_id": organisation_named(uow, employer),
        "position": entry.position.strip(),
        "professional_title": entry.professional_title.strip(),
        "birth_year": entry.birth_year,
        "gender": entry.gender,
        "education": entry.education,
        "is_retired": entry.is_retired,
        "field_since": entry.field_since,
        "district": entry.district.strip(),
        "industries": [one.value for one in entry.sections],
        "divisions": [one.value for one in entry.divisions],
        "functions": [one.value for one in entry.functions],
        "categories": [one.value for one in entry.categories],
        "speciality": entry.speciality.strip(),
        "route": entry.route,
        "appointed_on": entry.appointed_on,
        "appointed_until": entry.appointed_until,
    }


def _logged(entry: ExpertEntry) -> dict[str, Any]:
    return {
        "categories": [one.value for one in entry.categories],
        "industries": [one.value for one in entry.sections],
        "appointed_until": entry.appointed_until,
    }
