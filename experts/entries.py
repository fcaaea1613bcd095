"""An expert's particulars as typed or imported, and the same as kept with an application; no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from experts.states import BudgetFunction, Category, Division, Education, EntryRoute, Gender
from projects.states import Industry


@dataclass(frozen=True)
class ExpertEntry:
    """Particulars; industries, classes and categories as members of their lists, departments by their names."""

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
    gender: Gender | None = None
    education: Education | None = None
    is_retired: bool = False
    divisions: tuple[Division, ...] = ()
    functions: tuple[BudgetFunction, ...] = ()
    departments: tuple[str, ...] = ()
    route: EntryRoute = EntryRoute.INVITATION

    @property
    def sections(self) -> tuple[Industry, ...]:
        """The industries chosen and those that the chosen divisions belong to, in the order of the standard."""
        chosen = {*self.industries, *(one.section for one in self.divisions)}
        return tuple(one for one in Industry if one in chosen)


def kept(entry: ExpertEntry) -> dict[str, Any]:
    """Return particulars as an application keeps them: without a term, which the bureau sets."""
    return {
        "name": entry.name,
        "email": entry.email,
        "telephone": entry.telephone,
        "employer": entry.employer,
        "position": entry.position,
        "professional_title": entry.professional_title,
        "birth_year": entry.birth_year,
        "gender": entry.gender.value if entry.gender else None,
        "education": entry.education.value if entry.education else None,
        "is_retired": entry.is_retired,
        "field_since": entry.field_since,
        "district": entry.district,
        "industries": [one.value for one in entry.industries],
        "divisions": [one.value for one in entry.divisions],
        "functions": [one.value for one in entry.functions],
        "departments": list(entry.departments),
        "categories": [one.value for one in entry.categories],
        "speciality": entry.speciality,
    }


def entry_from(values: Mapping[str, Any], *, appointed_on: date, appointed_until: date) -> ExpertEntry:
    """Return the particulars that `kept` made, for this term."""
    members: dict[str, Any] = {
        "gender": Gender(values["gender"]) if values["gender"] else None,
        "education": Education(values["education"]) if values["education"] else None,
        "industries": tuple(Industry(one) for one in values["industries"]),
        "divisions": tuple(Division(one) for one in values["divisions"]),
        "functions": tuple(BudgetFunction(one) for one in values["functions"]),
        "departments": tuple(values["departments"]),
        "categories": tuple(Category(one) for one in values["categories"]),
    }
    return ExpertEntry(**{**values, **members, "appointed_on": appointed_on, "appointed_until": appointed_until})


def with_term(entry: ExpertEntry, appointed_on: date, appointed_until: date) -> ExpertEntry:
    """Return the same particulars for another term."""
    return replace(entry, appointed_on=appointed_on, appointed_until=appointed_until)
