"""Many reports checked at once: choosing them, the progress, what each run found."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.documents.models import Document
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.finding_words import class_title
from grading.forms import BatchForm
from grading.models import CheckBatch, CheckItem
from grading.permissions import CheckPermission
from grading.queries import load_batch, load_item
from grading.services.rechecking import batches, make_batch, recheckable, resume_batch
from grading.services.triage_versions import model_name

check_batches = Blueprint("check_batches", __name__, url_prefix="/checks")


def may_read_file(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may check batches may download what was uploaded for one."""
    return uow.get(CheckBatch, document.owner_id) is not None and policy.allows(uow.actor, CheckPermission.BATCH)


def _crumbs(*more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [(_("报告核查"), url_for("submissions.index")), *more]


@check_batches.route("", methods=["GET", "POST"])
@requires(CheckPermission.BATCH)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """Choose reports or upload files, and see the batches so far."""
    form = BatchForm()
    made: list[CheckBatch] = []

    def deed() -> None:
        ids = []
        for one in form.chosen.data or ():
            try:
                ids.append(uuid.UUID(one))
            except ValueError:
                continue
        made.append(make_batch(uow, ids, [one for one in form.files.data or () if one]))

    done = acted(
        uow,
        form,
        deed,
        lambda: url_for("check_batches.show", batch_id=made[0].id),
        _l("已排队核查；可以离开本页，完成后回来看结果"),
    )
    if done is not None:
        return done
    shown = render_template(
        "grading/batch/index.html",
        form=form,
        rows=recheckable(uow),
        ticked=set(form.chosen.data or ()),
        batches=[{"row": one, **progress(one)} for one in batches(uow)],
        model=model_name(uow),
        crumbs=_crumbs((_("批量核查"), None)),
    )
    return shown, 422 if form.is_submitted() else 200


@check_batches.get("/<uuid:batch_id>")
@requires(CheckPermission.BATCH, load_batch)
def show(_uow: UnitOfWork, batch: CheckBatch) -> ResponseReturnValue:
    """Show how far a batch has come and what its runs found."""
    return render_template(
        "grading/batch/show.html",
        batch=batch,
        **progress(batch),
        form=Form(formdata=None),
        crumbs=_crumbs((_("批量核查"), url_for("check_batches.index")), (_("进度"), None)),
    )


def progress(batch: CheckBatch) -> dict[str, Any]:
    """Return how many items are done, failed, and there in all."""
    done = sum(one.done_at is not None for one in batch.items)
    failed = sum(one.failure is not None for one in batch.items)
    return {"done": done, "failed": failed, "total": len(batch.items)}


@check_batches.post("/<uuid:batch_id>/resume")
@requires(CheckPermission.BATCH, load_batch)
def resume(uow: UnitOfWork, batch: CheckBatch) -> ResponseReturnValue:
    """Queue once more what is not done."""
    location = url_for("check_batches.show", batch_id=batch.id)
    done = acted(uow, Form(), lambda: resume_batch(uow, batch), location, _l("未完成的已重新排队"))
    if done is None:
        flash(_("这一批已全部完成"), "error")
    return done or redirect(location)


@check_batches.get("/items/<uuid:item_id>")
@requires(CheckPermission.BATCH, load_item)
def item(_uow: UnitOfWork, item: CheckItem) -> ResponseReturnValue:
    """Show what was found in a file that was uploaded only to be checked."""
    if item.submission_id is not None or item.result is None:
        return redirect(url_for("check_batches.show", batch_id=item.batch_id))
    return render_template(
        "grading/batch/item.html",
        item=item,
        result=item.result,
        class_title=class_title,
        crumbs=_crumbs(
            (_("批量核查"), url_for("check_batches.index")),
            (item.document.name if item.document else "", None),
        ),
    )
