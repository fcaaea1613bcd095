"""The rubric of report quality: every version, two compared, one copied and edited, one put in force."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.audit.timeline import timeline
from core.errors import NotVisible, Refused
from core.http.choices import choices
from core.http.deeds import acted
from core.http.forms import Form
from core.http.guard import requires
from core.i18n import _, _l
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from grading.finding_words import CLASSES, class_title
from grading.forms.rubric import ChooseForm, grown, rubric_form, rubric_in
from grading.models import RubricVersion
from grading.permissions import RubricPermission
from grading.queries.rubric import (
    choices_made,
    find_rubric,
    known_rubrics,
    load_rubric_version,
    own_version,
    rubric_in_force,
    sheets_by_version,
)
from grading.rubric import Rubric, faults_of, unseen
from grading.rubric_differences import rubric_differences
from grading.services.rubrics import choose_rubric, copy_rubric, drafted, drop_rubric, edit_rubric

rubrics = Blueprint("rubrics", __name__, url_prefix="/rubrics")

CHANGED = {
    "name": _l("名称"),
    "levels": _l("档位"),
    "errors": _l("扣分条目"),
    "parts": _l("必备内容"),
    "proposes": _l("是否允许建议扣分"),
    "kinds": _l("由谁评"),
}


@rubrics.get("")
@requires(RubricPermission.READ)
def index(uow: UnitOfWork) -> ResponseReturnValue:
    """List every version, and say which new reports are rated by."""
    return _index(uow)


def _index(uow: UnitOfWork, form: ChooseForm | None = None, status: int = 200) -> ResponseReturnValue:
    known = known_rubrics(uow)
    may_choose = policy.allows(uow.actor, RubricPermission.CHOOSE)
    if may_choose and form is None:
        form = ChooseForm(formdata=None)
        form.version.data = next(one.rubric.version for one in known if one.in_force)
    if form is not None:
        form.version.choices = choices((one.rubric.version, _titled(one.rubric)) for one in known)
    page = render_template(
        "grading/rubric/index.html",
        known=known,
        choices=choices_made(uow),
        form=form if may_choose else None,
        may_copy=policy.allows(uow.actor, RubricPermission.COPY),
        fresh=lambda: Form(formdata=None),
        crumbs=[(_("报告评分标准"), None)],
    )
    return page, status


def _titled(rubric: Rubric) -> str:
    return f"{rubric.title} · {rubric.version}"


@rubrics.post("/choose")
@requires(RubricPermission.CHOOSE)
def choose(uow: UnitOfWork) -> ResponseReturnValue:
    """Rate new reports by a version."""
    form = ChooseForm()
    done = acted(
        uow,
        form,
        lambda: choose_rubric(uow, form.text("version"), form.text("reason")),
        url_for("rubrics.index"),
        _l("已启用；今后首次评分的报告使用这一版，已开始的评分表不变"),
    )
    return done or _index(uow, form, 422)


@rubrics.get("/<string:version>")
@requires(RubricPermission.READ)
def show(uow: UnitOfWork, version: str) -> ResponseReturnValue:
    """Show one version whole."""
    rubric = _found(uow, version)
    row = own_version(uow, version)
    others = [one.rubric for one in known_rubrics(uow) if one.rubric.version != version]
    used = sheets_by_version(uow).get(version, 0)
    return render_template(
        "grading/rubric/show.html",
        rubric=rubric,
        row=row,
        used=used,
        others=others,
        unseen=unseen(rubric),
        faults=faults_of(rubric),
        in_force=rubric_in_force(uow).version == version,
        may_copy=policy.allows(uow.actor, RubricPermission.COPY),
        may_edit=row is not None and not used and policy.allows(uow.actor, RubricPermission.EDIT, row),
        class_title=class_title,
        fresh=lambda: Form(formdata=None),
        entries=timeline(uow, row) if row is not None else [],
        crumbs=[(_("报告评分标准"), url_for("rubrics.index")), (version, None)],
    )


def _found(uow: UnitOfWork, version: str) -> Rubric:
    rubric = find_rubric(uow, version)
    if rubric is None:
        raise NotVisible
    return rubric


@rubrics.get("/<string:version>/compare")
@requires(RubricPermission.READ)
def compare(uow: UnitOfWork, version: str) -> ResponseReturnValue:
    """Set two versions side by side."""
    after, before = _found(uow, version), _found(uow, request.args.get("with", ""))
    return render_template(
        "grading/rubric/compare.html",
        before=before,
        after=after,
        rows=rubric_differences(before, after),
        changed=CHANGED,
        crumbs=[
            (_("报告评分标准"), url_for("rubrics.index")),
            (version, url_for("rubrics.show", version=version)),
            (_("比较"), None),
        ],
    )


@rubrics.post("/<string:version>/copy")
@requires(RubricPermission.COPY)
def copy(uow: UnitOfWork, version: str) -> ResponseReturnValue:
    """Copy a version into a draft and open its editor."""
    form = Form()
    made: list[RubricVersion] = []
    done = acted(
        uow,
        form,
        lambda: made.append(copy_rubric(uow, version)),
        lambda: url_for("rubrics.edit", rubric_id=made[0].id),
        _l("已复制为草稿，可以修改"),
    )
    if done is None:
        raise NotVisible
    return done


@rubrics.route("/versions/<uuid:rubric_id>/edit", methods=["GET", "POST"])
@requires(RubricPermission.EDIT, load_rubric_version)
def edit(uow: UnitOfWork, row: RubricVersion) -> ResponseReturnValue:
    """Edit a draft: every text and number, rows added and dropped."""
    kept = drafted(row)
    form = rubric_form(kept, CLASSES, obj=row)
    location = url_for("rubrics.edit", rubric_id=row.id)
    deed = request.form.get("deed", "save")
    if form.is_submitted():
        if earlier := form.earlier_use(uow):
            return redirect(earlier)
        if form.validate():
            form.check_revision(row)
            typed = rubric_in(form, kept)
            more = grown(typed, deed) if deed != "save" else None
            try:
                edit_rubric(uow, row, more or typed, is_finished=more is None)
            except Refused as refused:
                form.refuse(refused)
            else:
                target = location if more is not None else url_for("rubrics.show", version=row.version)
                form.mark_used(uow, target)
                flash(_("已保存，请填写新增的一行") if more is not None else _("草稿已保存"), "success")
                return redirect(target)
    page = render_template(
        "grading/rubric/edit.html",
        row=row,
        rubric=kept,
        form=form,
        crumbs=[
            (_("报告评分标准"), url_for("rubrics.index")),
            (row.version, url_for("rubrics.show", version=row.version)),
            (_("修改"), None),
        ],
    )
    return page, 422 if form.is_submitted() else 200


@rubrics.post("/versions/<uuid:rubric_id>/drop")
@requires(RubricPermission.EDIT, load_rubric_version)
def drop(uow: UnitOfWork, row: RubricVersion) -> ResponseReturnValue:
    """Throw a draft away."""
    form = Form()
    done = acted(uow, form, lambda: drop_rubric(uow, row), url_for("rubrics.index"), _l("草稿已删除"))
    if done is None:
        raise NotVisible
    return done
