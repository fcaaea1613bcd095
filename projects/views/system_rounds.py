"""An indicator system's rounds beside each other, and what a draft takes from the library."""

from __future__ import annotations

import contextlib
import uuid
from decimal import Decimal

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import Refusal, Refused
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import asked
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from projects.indicator_changes import changes
from projects.models import Indicator, IndicatorSystem
from projects.permissions import SystemPermission
from projects.queries import approved_indicators, common_indicators, load_system
from projects.services.systems import IndicatorEntry, entry_from_common
from projects.services.versions import entries_of, entry_of, kept_row, taken_into, versions_of
from projects.states import SystemState
from projects.views.library import approved_listing

system_rounds = Blueprint("system_rounds", __name__, url_prefix="/indicator-systems")

TO_BE_WEIGHED = Decimal(1)
"""The weight of a common indicator until the agency sets its own; the sum of 100 catches a forgotten one."""


@system_rounds.get("/<uuid:system_id>/rounds")
@requires(SystemPermission.READ, load_system, see=SystemPermission.READ)
def show(uow: UnitOfWork, system: IndicatorSystem) -> ResponseReturnValue:
    """Show what changed between two rounds, side by side (R-IND.rework)."""
    versions = versions_of(uow, system)
    rounds = [one.round for one in versions]
    rows = {one.round: entries_of(one) for one in versions}
    drafting = system.state is SystemState.DRAFT and policy.allows(uow.actor, SystemPermission.EDIT, system)
    if drafting and versions:
        rounds.append(system.round)
        rows[system.round] = [entry_of(kept_row(one)) for one in system.indicators]
    newer = _chosen("to", rounds, rounds[-1] if rounds else 0)
    older = _chosen("from", rounds, max((one for one in rounds if one < newer), default=newer))
    found = changes(rows.get(older, []), rows.get(newer, []))
    return render_template(
        "projects/system/rounds.html",
        system=system,
        rounds=rounds,
        older=older,
        newer=newer,
        drafting=drafting,
        found=found,
        counts={kind: sum(one.kind == kind for one in found) for kind in ("changed", "added", "removed", "kept")},
        versions=versions,
        crumbs=[
            (_("评价委托"), url_for("engagements.index")),
            (_("指标体系") + "·" + system.project.name, url_for("systems.show", system_id=system.id)),
            (_("修改对照"), None),
        ],
    )


def _chosen(name: str, rounds: list[int], otherwise: int) -> int:
    typed = asked(name)
    return int(typed) if typed.isdigit() and int(typed) in rounds else otherwise


@system_rounds.route("/<uuid:system_id>/library", methods=["GET", "POST"])
@requires(SystemPermission.EDIT, load_system, see=SystemPermission.READ)
def library(uow: UnitOfWork, system: IndicatorSystem) -> ResponseReturnValue:
    """Choose indicators of the library for a draft: common ones, and approved ones of the same field (R-PERF-04)."""
    form = Form(obj=system)
    told: list[str] = []

    def take() -> None:
        form.check_revision(system)
        chosen = _wanted(uow, request.form.getlist("take"))
        if not chosen:
            raise Refused(Refusal(_l("请勾选要取用的指标")))
        added, known = taken_into(uow, system, chosen)
        told.append(_("已取用 %(count)s 个指标，请核对权重和目标值", count=len(added)))
        if known:
            told.append(_("已有同名指标，未重复取用：%(names)s", names="、".join(known)))

    answer = acted(uow, form, take, url_for("systems.edit", system_id=system.id), lambda: told[0])
    if answer is not None:
        for more in told[1:]:
            flash(more, "warning")
        return answer
    page = render_template(
        "projects/system/library.html",
        system=system,
        form=form,
        page=approved_listing(uow),
        common=common_indicators(uow),
        present={one.third for one in system.indicators},
        crumbs=[
            (_("评价委托"), url_for("engagements.index")),
            (_("指标体系") + "·" + system.project.name, url_for("systems.show", system_id=system.id)),
            (_("从指标库取用"), None),
        ],
    )
    return page, 422 if form.errors or form.form_errors else 200


def _wanted(uow: UnitOfWork, typed: list[str]) -> list[IndicatorEntry]:
    """Return the chosen indicators; what is neither common nor approved is left out."""
    ids = set()
    for one in typed:
        with contextlib.suppress(ValueError):
            ids.add(uuid.UUID(one))
    found = [entry_from_common(row, TO_BE_WEIGHED) for row in common_indicators(uow) if row.id in ids]
    rows = uow.session.scalars(approved_indicators().where(Indicator.id.in_(ids))).unique()
    return found + [entry_of(kept_row(one)) for one in sorted(rows, key=lambda one: (one.dimension, one.third))]
