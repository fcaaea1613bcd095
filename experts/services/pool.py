"""Keeping the pool: admitting experts, changing their entries, importing many (R-EXP)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from core.errors import Refusal, Refused
from core.i18n import _l
from core.identity.invitations import new_user
from core.identity.models import Membership, Organisation, User
from core.identity.roles import OrganisationKind, Role, clash
from core.unit_of_work import UnitOfWork
from experts.models import Expert
from experts.review_rules import ReviewRules, review_rules
from experts.states import Category, ExpertState
from projects.states import Industry


@dataclass(frozen=True)
class ExpertEntry:
    """An expert's entries as typed or imported; industries and categories as members of their lists."""

    name: str
    email: str
    employer: str
    professional_title: str
    birth_year: int
    industries: tuple[Industry, ...]
    categories: tuple[Category, ...]
    appointed_on: date
    appointed_until: date
    telephone: str = ""
    position: str = ""
    district: str = ""
    speciality: str = ""
    field_since: int | None = None


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
    """Take somebody into the pool, with an account if they have none. Raises `Refused`, each at its field."""
    refusals = _refusals(uow, entry, review_rules(uow))
    person = user or uow.session.scalar(select(User).where(User.email == entry.email.strip().lower()))
    if person is not None:
        refusals += _account_refusals(uow, person)
    if refusals:
        raise Refused(*refusals)
    if person is None:
        person = new_user(uow, email=entry.email, name=entry.name, telephone=entry.telephone)
    uow.session.flush()
    pool = expert_pool(uow)
    if not any(one.role is Role.EXPERT and one.ended_at is None for one in person.memberships):
        uow.add(
            Membership(
                user_id=person.id,
                organisation_id=pool.id,
                role=Role.EXPERT,
                position=len(person.memberships),
                ended_at=None,
            )
        )
    expert = uow.add(Expert(user_id=person.id, user=person, state=ExpertState.ACTIVE, **_columns(uow, entry)))
    uow.session.flush()
    uow.session.expire(person, ["memberships"])
    uow.record("expert.admit", expert, after=_logged(entry), personal={person.id: {"name": entry.name}})
    return expert


def change_expert(uow: UnitOfWork, expert: Expert, entry: ExpertEntry) -> None:
    """Change an expert's entries. Raises `Refused`, each at its field."""
    refusals = _refusals(uow, entry, review_rules(uow))
    if refusals:
        raise Refused(*refusals)
    before = {"categories": list(expert.categories), "industries": list(expert.industries)}
    for column, value in _columns(uow, entry).items():
        setattr(expert, column, value)
    expert.user.name, expert.user.telephone = entry.name.strip(), entry.telephone.strip()
    uow.session.flush()
    uow.record("expert.change", expert, before=before, after=_logged(entry))


def import_experts(uow: UnitOfWork, entries: Iterable[ExpertEntry]) -> int:
    """Admit many at once, or nobody: the refusals name the person. Return how many."""
    count = 0
    for entry in entries:
        try:
            admit_expert(uow, entry)
        except Refused as refused:
            raise Refused(
                *(
                    Refusal(
                        _l("“%(name)s”未能入库：%(reason)s", name=entry.name, reason=one.reason), rule_id=one.rule_id
                    )
                    for one in refused.refusals
                )
            ) from refused
        count += 1
    return count


def _refusals(uow: UnitOfWork, entry: ExpertEntry, rules: ReviewRules) -> list[Refusal]:
    found = []
    age = uow.today.year - entry.birth_year
    if not 18 <= age <= rules.age_max:
        found.append(
            Refusal(_l("年龄须不超过 %(most)s 周岁", most=rules.age_max), rule_id="R-EXP.age", field="birth_year")
        )
    if entry.field_since is not None and not entry.birth_year < entry.field_since <= uow.today.year:
        found.append(Refusal(_l("从业起始年份须在出生之后、今年之前"), rule_id="R-COMM-14", field="field_since"))
    if entry.appointed_until < entry.appointed_on:
        found.append(Refusal(_l("聘期结束不能早于开始"), field="appointed_until"))
    elif (entry.appointed_until - entry.appointed_on).days > rules.term_years * 366:
        found.append(
            Refusal(
                _l("聘期不超过 %(years)s 年", years=rules.term_years), rule_id="R-EXP.term", field="appointed_until"
            )
        )
    if not entry.categories:
        found.append(Refusal(_l("请至少选择一个专家类别"), field="categories"))
    if Category.INDUSTRY in entry.categories and not entry.industries:
        found.append(Refusal(_l("行业专家须选择所属行业"), field="industries"))
    return found


def _account_refusals(uow: UnitOfWork, person: User) -> list[Refusal]:
    if uow.session.scalar(select(Expert.id).where(Expert.user_id == person.id)) is not None:
        return [Refusal(_l("这个邮箱的用户已在专家库中"), field="email")]
    roles = frozenset(one.role for one in person.memberships if one.ended_at is None) | {Role.EXPERT}
    pair = clash(roles)
    if pair is not None:
        return [Refusal(_l("“%(role)s”不得兼任评审专家", role=pair[0].label), rule_id=pair[2], field="email")]
    return []


def _columns(uow: UnitOfWork, entry: ExpertEntry) -> Mapping[str, Any]:
    employer = entry.employer.strip()
    return {
        "employer": employer,
        "employer_id": uow.session.scalar(select(Organisation.id).where(Organisation.name == employer).limit(1)),
        "position": entry.position.strip(),
        "professional_title": entry.professional_title.strip(),
        "birth_year": entry.birth_year,
        "field_since": entry.field_since,
        "district": entry.district.strip(),
        "industries": [one.value for one in entry.industries],
        "categories": [one.value for one in entry.categories],
        "speciality": entry.speciality.strip(),
        "appointed_on": entry.appointed_on,
        "appointed_until": entry.appointed_until,
    }


def _logged(entry: ExpertEntry) -> dict[str, Any]:
    return {
        "categories": [one.value for one in entry.categories],
        "industries": [one.value for one in entry.industries],
        "appointed_until": entry.appointed_until,
    }
