"""Seasons: reviews assigned at once, with every score explained, every result proved and every hand noted."""

from __future__ import annotations

import io
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs

from core.audit.timeline import timeline
from core.clock import SHANGHAI
from core.errors import NotVisible
from core.http.choices import choices
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.http.lists import Filter, asked, listing
from core.http.transitions import add_transitions
from core.i18n import Language, _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.addresses import season_page
from experts.forms import DecideForm, OpenSeasonForm, PublishSeasonForm, SeasonForm
from experts.models import Expert, Season, SeasonChoice, SeasonReview
from experts.permissions import SeasonPermission
from experts.queries import systems_waiting
from experts.queries.season import load_season, loads_in, plan_of, seasons
from experts.quotas import TITLES
from experts.review_rules import SEATS, review_rules
from experts.season.fit import PARTS
from experts.season_sheet import season_sheet
from experts.season_words import HOW, PART_WORDS
from experts.services.meetings import proposed_times
from experts.services.season_cases import choices_of, outlook
from experts.services.season_publishing import publish_season
from experts.services.season_runs import compute
from experts.services.seasons import (
    OPEN,
    Slots,
    decide_pair,
    open_season,
    reviews_to_assign,
    season_numbers,
    set_season,
    take_back,
)
from experts.states import SeasonState, Verdict
from experts.workflow import SEASON

season_pages = Blueprint("seasons", __name__, url_prefix="/seasons")
SHOWN = 60
"""Experts shown of one review, the best first; a season's page names the rest by their number."""


@season_pages.get("")
@requires(SeasonPermission.READ)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List the seasons."""
    query = seasons()
    if asked("q"):
        query = query.where(Season.title.ilike(f"%{asked('q')}%"))
    if asked("state") in {one.value for one in SeasonState}:
        query = query.where(Season.state == SeasonState(asked("state")))
    page = listing(
        uow,
        query,
        sortable={"opened": Season.opened_at, "number": Season.number},
        default="-opened",
        filters=(Filter("state", _l("状态"), [(one.value, one.label) for one in SeasonState]),),
    )
    return render_template(
        "experts/season/index.html",
        page=page,
        may_edit=policy.allows(uow.actor, SeasonPermission.EDIT),
        crumbs=[(_("指标评审"), url_for("reviews.index")), (_("成批分配"), None)],
    )


@season_pages.route("/new", methods=["GET", "POST"])
@requires(SeasonPermission.EDIT)
def new(uow: UnitOfWork) -> ResponseReturnValue:
    """Open a season over reviews that are convened or wait to be."""
    form, made = OpenSeasonForm(), list[Season]()
    form.reviews.choices = choices(
        (str(one.id), f"{one.number} · {one.engagement.project.name} · {_local(one.meets_at):%m-%d %H:%M}")
        for one in reviews_to_assign(uow)
    )
    form.systems.choices = choices(
        (str(one.id), f"{one.project.name} · {one.agency.name}") for one in systems_waiting(uow)
    )

    def deed() -> None:
        made.append(
            open_season(
                uow,
                title=form.text("title"),
                basis=form.text("basis"),
                review_ids=[uuid.UUID(one) for one in form.reviews.data or ()],
                system_ids=[uuid.UUID(one) for one in form.systems.data or ()],
                slots=_slots(form),
            )
        )

    if not form.is_submitted():
        form.fee.data = review_rules(uow).fee
        form.first_at.data, form.answer_by.data = (_local(one).replace(tzinfo=None) for one in proposed_times(uow))
    done = acted(uow, form, deed, lambda: season_page(made[0].id), _l("已开始成批分配，下一步：核对条件并计算方案"))
    if done is not None:
        return done
    page = render_template(
        "experts/season/new.html",
        form=form,
        crumbs=[
            (_("指标评审"), url_for("reviews.index")),
            (_("成批分配"), url_for("seasons.index")),
            (_("新建"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


def _slots(form: OpenSeasonForm) -> Slots | None:
    if form.first_at.data is None or form.answer_by.data is None:
        return None
    return Slots(
        first_at=form.first_at.data.replace(tzinfo=SHANGHAI),
        minutes=form.minutes.data or 180,
        place=form.text("place"),
        fee=form.fee.data or Decimal(0),
        answer_by=form.answer_by.data.replace(tzinfo=SHANGHAI),
        reserves=form.reserves.data or 0,
    )


def _local(instant: datetime) -> datetime:
    return instant.astimezone(SHANGHAI)


@season_pages.get("/<uuid:season_id>")
@requires(SeasonPermission.READ, load_season, see=SeasonPermission.READ)
def show(uow: UnitOfWork, season: Season) -> ResponseReturnValue:
    """Show a season: conditions, the plan that stands with its proof, or why there is none."""
    return _page(uow, season)


@season_pages.post("/<uuid:season_id>/compute")
@requires(SeasonPermission.EDIT, load_season, see=SeasonPermission.READ)
def run(uow: UnitOfWork, season: Season) -> ResponseReturnValue:
    """Set the conditions and compute the plan."""
    form = SeasonForm(prefix="how")
    found: list[str] = []

    def deed() -> None:
        set_season(uow, season, _options(form), _typed_demand(season))
        ran = compute(uow, season)
        if ran is None:
            found.append(_("已开始计算，完成后会通知您；可以离开本页"))
        else:
            found.append(_("已算出方案") if ran.result else _("没有满足全部条件的方案，原因见下"))

    done = acted(uow, form, deed, season_page(season.id), lambda: found[0])
    return done or _page(uow, season, form=form, status=422)


def _options(form: SeasonForm) -> dict[str, Any]:
    return {
        "load_max": form.load_max.data,
        "load_min": form.load_min.data or 0,
        "fairness": bool(form.fairness.data),
        "together": form.together.data,
        "pair_percent": form.pair_percent.data,
    }


def _typed_demand(season: Season) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for part in season.parts:
        typed = {key: request.form.get(f"demand-{part.id}-{key}", "") for key in SEATS}
        found[str(part.id)] = {
            key: int(value) if value.isdecimal() and len(value) < 4 else 0 for key, value in typed.items()
        }
    return found


@season_pages.post("/<uuid:season_id>/publish")
@requires(SeasonPermission.EDIT, load_season, see=SeasonPermission.READ)
def publish(uow: UnitOfWork, season: Season) -> ResponseReturnValue:
    """Publish the plan; invitations go out by jobs."""
    form = PublishSeasonForm(prefix="publish")

    def deed() -> None:
        form.check_revision(season)
        publish_season(uow, season, form.text("reason"))

    done = acted(uow, form, deed, season_page(season.id), _l("已发布，正在向专家发出邀请"))
    return done or _page(uow, season, publish=form, status=422)


@season_pages.get("/<uuid:season_id>/plan.xlsx")
@requires(SeasonPermission.READ, load_season, see=SeasonPermission.READ)
def export(uow: UnitOfWork, season: Season) -> ResponseReturnValue:
    """Download the plan with the parts of every fit."""
    parts = plan_of(uow, season)
    reasons = {(one.part_id, one.expert_id): one.reason for one in choices_of(uow, parts)}
    language: Language = "en" if get_locale().language == "en" else "zh"
    return send_file(
        io.BytesIO(season_sheet(parts, reasons, language)), download_name=f"{season.number}.xlsx", as_attachment=True
    )


@season_pages.get("/<uuid:season_id>/reviews/<uuid:part_id>")
@requires(SeasonPermission.READ, load_season, see=SeasonPermission.READ)
def review(uow: UnitOfWork, season: Season, part_id: uuid.UUID) -> ResponseReturnValue:
    """Show every expert's fit for one review, with its parts, and who is seated."""
    return _review_page(uow, season, _part(season, part_id))


@season_pages.post("/<uuid:season_id>/reviews/<uuid:part_id>/decide")
@requires(SeasonPermission.EDIT, load_season, see=SeasonPermission.READ)
def decide(uow: UnitOfWork, season: Season, part_id: uuid.UUID) -> ResponseReturnValue:
    """Decide a pair by hand."""
    part, form = _part(season, part_id), DecideForm(prefix="decide")
    looked = outlook(uow, season.parts, only=part)
    form.expert_id.choices = _may_sit(looked.table[0])

    def deed() -> None:
        expert = uow.get(Expert, uuid.UUID(form.expert_id.data))
        if expert is None:
            raise NotVisible
        decide_pair(uow, part, expert, Verdict(form.verdict.data), form.text("reason"))

    location = url_for("seasons.review", season_id=season.id, part_id=part.id)
    done = acted(uow, form, deed, location, _l("已记录；重新计算时按此确定，其余重排"))
    return done or _review_page(uow, season, part, form=form, status=422)


@season_pages.post("/<uuid:season_id>/choices/<uuid:choice_id>/take-back")
@requires(SeasonPermission.EDIT, load_season, see=SeasonPermission.READ)
def release(uow: UnitOfWork, season: Season, choice_id: uuid.UUID) -> ResponseReturnValue:
    """Leave a pair to the computation again."""
    choice = uow.get(SeasonChoice, choice_id)
    if choice is None or choice.part.season_id != season.id:
        raise NotVisible
    location = url_for("seasons.review", season_id=season.id, part_id=choice.part_id)
    take_back(uow, choice)
    flash(_("已撤回人工确定"), "success")
    return redirect(location)


def _part(season: Season, part_id: uuid.UUID) -> SeasonReview:
    part = next((one for one in season.parts if one.id == part_id), None)
    if part is None:
        raise NotVisible
    return part


def _page(
    uow: UnitOfWork,
    season: Season,
    *,
    form: SeasonForm | None = None,
    publish: PublishSeasonForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    parts = plan_of(uow, season)
    may_edit = policy.allows(uow.actor, SeasonPermission.EDIT) and season.state in OPEN
    last = season.runs[0] if season.runs else None
    load_max, percent = season_numbers(uow)
    if form is None and may_edit:
        form = SeasonForm(prefix="how", data=season.options)
    sums = {
        part.id: [
            sum(seat.fit for seat in part.seats if not seat.is_reserve),
            min((seat.fit for seat in part.seats if not seat.is_reserve), default=None),
        ]
        for part in parts
    }
    page = render_template(
        "experts/season/show.html",
        season=season,
        parts=parts,
        seats_of={part.id: sorted(part.seats, key=lambda one: one.position) for part in parts},
        sums=sums,
        demand=_typed_demand(season) if form is not None and form.is_submitted() else None,
        loads=loads_in(parts),
        decided={(one.part_id, one.expert_id): one for one in choices_of(uow, parts)},
        last=last,
        keys=SEATS,
        titles=TITLES,
        form=form if may_edit else None,
        publish=(publish or PublishSeasonForm(prefix="publish", obj=season))
        if may_edit and season.state is SeasonState.PROPOSED
        else None,
        limits=(load_max, percent),
        options=SEASON.options(uow, season),
        entries=timeline(uow, season),
        crumbs=[
            (_("指标评审"), url_for("reviews.index")),
            (_("成批分配"), url_for("seasons.index")),
            (season.number, None),
        ],
    )
    return page, status


def _may_sit(row: Any) -> list[SelectChoice]:
    free = sorted((pair for pair in row if pair.may_sit), key=lambda one: -one.fit)
    return choices((str(one.expert.id), f"{one.expert.user.name}（{TITLES[one.kind]} {one.fit:g}）") for one in free)


def _review_page(
    uow: UnitOfWork, season: Season, part: SeasonReview, *, form: DecideForm | None = None, status: int = 200
) -> ResponseReturnValue:
    looked = outlook(uow, season.parts, only=part)
    seated = {seat.expert_id: seat for seat in part.seats}
    rows = sorted(
        looked.table[0], key=lambda one: (one.expert.id not in seated, not one.may_sit, -one.fit, str(one.expert.id))
    )
    may_edit = policy.allows(uow.actor, SeasonPermission.EDIT) and season.state in OPEN
    if form is None and may_edit:
        form = DecideForm(prefix="decide")
        form.expert_id.choices = _may_sit(looked.table[0])
    page = render_template(
        "experts/season/review.html",
        season=season,
        part=part,
        review=part.review,
        rows=rows[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        barred=sum(not one.may_sit for one in rows),
        seated=seated,
        records=looked.records,
        weights=looked.weights,
        names=PARTS,
        words=PART_WORDS,
        how=HOW,
        titles=TITLES,
        decided=choices_of(uow, [part]),
        form=form if may_edit else None,
        may_edit=may_edit,
        plain=Form(),
        crumbs=[
            (_("成批分配"), url_for("seasons.index")),
            (season.number, season_page(season.id)),
            (part.review.number, None),
        ],
    )
    return page, status


def _location(season: Season) -> str:
    return season_page(season.id)


add_transitions(
    season_pages, SEASON, load_season, prefix="/<uuid:season_id>", see=SeasonPermission.READ, location=_location
)
