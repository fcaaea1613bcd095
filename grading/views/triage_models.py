"""The model that ranks findings: which version is in use, how well it fits decisions, and training it anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.models import TriageVersion
from grading.permissions import CheckPermission
from grading.services.triage_versions import (
    ask_for_training,
    decided_count,
    shipped,
    use_again,
    version_in_use,
    versions,
)
from grading.triage.retraining import LEAST_HELD, LEAST_LEARNT

triage_models = Blueprint("triage_models", __name__, url_prefix="/checks/model")

SIDE, LEFT, BOTTOM = 240, 40, 260


@dataclass(frozen=True)
class CurvePoint:
    """A tenth of the scale on the reliability curve: place and size in the drawing, and its figures."""

    x: float
    y: float
    radius: float
    count: int
    chance: float
    share: float


def curve(rows: Sequence[Sequence[float]]) -> list[CurvePoint]:
    """Return the reliability curve's points; the larger a tenth, the larger its point."""
    most = max((float(row[1]) for row in rows), default=1.0)
    return [
        CurvePoint(
            x=round(LEFT + SIDE * float(mean), 1),
            y=round(BOTTOM - SIDE * float(share), 1),
            radius=round(3 + 6 * (float(count) / most) ** 0.5, 1),
            count=int(count),
            chance=float(mean),
            share=float(share),
        )
        for _low, count, mean, share in rows
    ]


def load_version(uow: UnitOfWork, number: int) -> TriageVersion | None:
    """Return the version with this number."""
    return next((one for one in versions(uow) if one.number == number), None)


@triage_models.get("")
@requires(CheckPermission.READ_MODEL)
def show(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the model in use, its card and curve, and every version with how it compared."""
    return _page(uow, Form(formdata=None))


def _page(uow: UnitOfWork, form: Form, status: int = 200) -> ResponseReturnValue:
    present = version_in_use(uow)
    about: dict[str, Any] = present.about if present is not None else shipped()
    own = "after" in about
    figures: dict[str, Any] = (
        about["after"]
        if own
        else {
            "calibration_error": about["calibration_error"],
            "measure": about["held_unfloored"],
            "reliability": about["reliability"],
        }
    )
    shown = render_template(
        "grading/model/show.html",
        present=present,
        about=about,
        own=own,
        figures=figures,
        points=curve(figures["reliability"]),
        versions=versions(uow),
        decided=decided_count(uow),
        least=LEAST_LEARNT + LEAST_HELD,
        may_train=policy.allows(uow.actor, CheckPermission.TRAIN),
        form=form,
        crumbs=[(_("报告核查"), url_for("submissions.index")), (_("核查模型"), None)],
    )
    return shown, status


@triage_models.post("/train")
@requires(CheckPermission.TRAIN)
def train(uow: UnitOfWork) -> ResponseReturnValue:
    """Ask for a training from the decisions so far."""
    form = Form()
    done = acted(
        uow,
        form,
        lambda: ask_for_training(uow),
        url_for("triage_models.show"),
        _l("已排队训练；完成后会有消息，只有更好的才启用"),
    )
    return done or _page(uow, form, 422)


@triage_models.post("/<int:number>/use")
@requires(CheckPermission.TRAIN, load_version, see=CheckPermission.READ_MODEL)
def use(uow: UnitOfWork, version: TriageVersion) -> ResponseReturnValue:
    """Go back to an earlier version."""
    form = Form()
    done = acted(
        uow,
        form,
        lambda: use_again(uow, version),
        url_for("triage_models.show"),
        _l("已启用第 %(number)s 版；以后的核查按它给出可能性", number=version.number),
    )
    return done or _page(uow, form, 422)
