"""Writing an amendment: its entries, its criteria, its keyholders and their keys."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.clock import SHANGHAI
from core.errors import Refusal, Refused, Stale
from core.http.choices import choices
from core.http.guard import requires
from core.i18n import _, _l
from core.identity.models import User
from core.unit_of_work import UnitOfWork
from procurement.clarifying.entries import BY_NAME
from procurement.clarifying.windows import least_deadline
from procurement.drafting.criteria_table import TypedRow, read_rows, typed_rows
from procurement.drafting.grade_checks import cap
from procurement.forms.clarifications import AmendmentForm, CriteriaAmendmentForm, NewKeyholdersForm
from procurement.forms.tenders import KeyForm
from procurement.models import Amendment
from procurement.permissions import ClarificationPermission
from procurement.queries.amendments import load_amendment
from procurement.queries.clarifications import questions_of
from procurement.services.amending import change_amendment
from procurement.services.amendment_keys import own_new_place, register_new_key, set_new_keyholders
from procurement.services.drafting import CriterionEntry, keyholder_candidates
from procurement.states import AmendmentState, Consequence, CriterionKind, QuestionState
from procurement.views.amendments import amendment_crumbs
from procurement.views.keys import key_config

amendment_entries = Blueprint("amendment_entries", __name__, url_prefix="/amendments/<uuid:amendment_id>")
P = ClarificationPermission
TYPED = (
    "requirement",
    "contract_draft",
    "service_until",
    "ceiling",
    "deposit",
    "price_weight",
    "documents_until",
    "documents_place",
    "deadline",
    "opening_place",
    "contact_name",
    "contact_telephone",
)
SPARE_ROWS = 2
CENT = Decimal("0.01")


@amendment_entries.route("/edit", methods=["GET", "POST"])
@requires(P.EDIT_AMENDMENT, load_amendment, see=P.READ_AMENDMENT)
def edit(uow: UnitOfWork, amendment: Amendment) -> ResponseReturnValue:
    """Change what may be changed; what a colleague changed meanwhile is never overwritten unseen."""
    _ensure_draft(amendment)
    form, status = AmendmentForm(obj=amendment), 200
    waiting = questions_of(uow, amendment.tender, QuestionState.OPEN)
    form.questions.choices = choices((str(one.id), one.text) for one in waiting)
    if not form.is_submitted():
        _fill(form, amendment)
    elif form.validate_on_submit():
        uow.lock(amendment)
        try:
            form.check_revision(amendment)
            change_amendment(
                uow,
                amendment,
                _typed(form),
                reason=form.text("reason"),
                is_material=bool(form.is_material.data),
                consequence=Consequence(str(form.consequence.data)),
                questions=[one for one in waiting if str(one.id) in (form.questions.data or [])],
            )
        except Stale:
            status = _refuse_stale(form, amendment)
        except Refused as refused:
            form.refuse(refused)
            status = 422
        else:
            flash(_("已保存更正草稿，请核对改动和新的截止时间"), "success")
            return redirect(url_for("amendments.show", amendment_id=amendment.id))
    else:
        status = 422
    return render_template(
        "procurement/amendment/edit.html",
        form=form,
        amendment=amendment,
        tender=amendment.tender,
        least=least_deadline(uow, amendment.tender, is_material=True),
        crumbs=amendment_crumbs(amendment, _("填写更正内容")),
    ), status


@amendment_entries.route("/criteria", methods=["GET", "POST"])
@requires(P.EDIT_AMENDMENT, load_amendment, see=P.READ_AMENDMENT)
def criteria(uow: UnitOfWork, amendment: Amendment) -> ResponseReturnValue:
    """Amend the criteria as one table: the scheme changes only by a formal amendment (R-TENDER-07)."""
    _ensure_draft(amendment)
    form, status = CriteriaAmendmentForm(obj=amendment), 200
    stored = amendment.changes.get("criteria") or (amendment.tender.record or {}).get("criteria") or []
    rows = typed_rows(request.form) if form.is_submitted() else [_row(one) for one in stored]
    more = request.form.get("more")
    entries, errors = read_rows(rows) if form.is_submitted() and not more else ([], {})
    if form.validate_on_submit() and not more and not errors:
        uow.lock(amendment)
        try:
            form.check_revision(amendment)
            change_amendment(
                uow,
                amendment,
                {"criteria": _recorded(uow, entries, stored)},
                reason=amendment.reason,
                is_material=amendment.is_material,
                consequence=amendment.consequence,
            )
        except Stale:
            status = _refuse_stale(form, amendment)
        else:
            flash(_("已保存评审因素的更正"), "success")
            return redirect(url_for("amendments.show", amendment_id=amendment.id))
    elif form.is_submitted() and not more:
        status = 422
    rows = [row for row in rows if not row.is_empty] if more else rows
    return render_template(
        "procurement/tender/criteria.html",
        form=form,
        tender=amendment.tender,
        rows=[*rows, *[TypedRow()] * (5 if more else 0 if form.is_submitted() else SPARE_ROWS)],
        errors=errors,
        kinds=list(CriterionKind),
        grade_cap=cap(uow),
        lines=[],
        crumbs=amendment_crumbs(amendment, _("评审因素")),
    ), status


@amendment_entries.route("/keyholders", methods=["GET", "POST"])
@requires(P.EDIT_AMENDMENT, load_amendment, see=P.READ_AMENDMENT)
def keyholders(uow: UnitOfWork, amendment: Amendment) -> ResponseReturnValue:
    """Name other keyholders; every bid must then be sealed again (R-KEY-01)."""
    _ensure_draft(amendment)
    form, status = NewKeyholdersForm(obj=amendment), 200
    people = {str(one.id): one for one in keyholder_candidates(uow)}
    form.keyholders.choices = choices((key, one.name) for key, one in people.items())
    if not form.is_submitted():
        named = amendment.keyholders or amendment.tender.keyholders
        form.keyholders.data = [str(one.user_id) for one in named]
        needed = amendment.changes.get("keyholders_needed", amendment.tender.keyholders_needed)
        form.keyholders_needed.data = needed
    elif form.validate_on_submit():
        uow.lock(amendment)
        try:
            form.check_revision(amendment)
            chosen: list[User] = [people[key] for key in form.keyholders.data or [] if key in people]
            set_new_keyholders(uow, amendment, chosen, int(form.keyholders_needed.data or 0))
        except Stale:
            status = _refuse_stale(form, amendment)
        except Refused as refused:
            form.refuse(refused)
            status = 422
        else:
            flash(_("已指定更正后的密钥持有人，并通知尚未登记公钥的人"), "success")
            return redirect(url_for("amendments.show", amendment_id=amendment.id))
    else:
        status = 422
    crumbs = amendment_crumbs(amendment, _("密钥持有人"))
    return render_template("procurement/key/keyholders.html", form=form, tender=amendment.tender, crumbs=crumbs), status


@amendment_entries.route("/key", methods=["GET", "POST"])
@requires(P.REGISTER_NEW_KEY, load_amendment, see=P.READ_AMENDMENT)
def key(uow: UnitOfWork, amendment: Amendment) -> ResponseReturnValue:
    """Make the key for the time after the amendment, in the keyholder's own browser."""
    form = KeyForm()
    if form.is_submitted() and (earlier := form.earlier_use(uow)):
        return redirect(earlier)
    if form.validate_on_submit():
        try:
            register_new_key(uow, amendment, form.text("public_key"))
        except Refused as refused:
            form.refuse(refused)
        else:
            location = url_for("amendment_entries.key", amendment_id=amendment.id)
            form.mark_used(uow, location)
            flash(_("公钥已登记。请妥善保存密钥文件和口令，开标时须由本人使用"), "success")
            return redirect(location)
    page = render_template(
        "procurement/key/register.html",
        form=form,
        tender=amendment.tender,
        holder=own_new_place(uow, amendment),
        may_register=amendment.state is AmendmentState.DRAFT,
        config=key_config(amendment.tender),
        crumbs=amendment_crumbs(amendment, _("开标密钥")),
    )
    return page, 422 if form.is_submitted() else 200


def _ensure_draft(amendment: Amendment) -> None:
    if amendment.state is not AmendmentState.DRAFT:
        raise Refused(Refusal(_l("只有起草中的更正可以修改；请先退回"), rule_id="R-SEC-02"))


def _refuse_stale(form: Any, amendment: Amendment) -> int:
    """Keep what was typed, say that somebody was quicker, and let it be saved knowingly the next time."""
    words = _l("另一位经办人刚刚修改过这份更正。您填写的内容都在，请先打开更正页核对现在的草稿，再决定是否保存")
    form.refuse(Refused(Refusal(words)))
    form.revision.data = str(amendment.revision)
    return 409


def _fill(form: AmendmentForm, amendment: Amendment) -> None:
    record = amendment.tender.record or {}
    for name in TYPED:
        entry = BY_NAME[name]
        value = entry.parsed(amendment.changes.get(name, entry.value_in(record)))
        form[name].data = value.astimezone(SHANGHAI) if isinstance(value, datetime) else value
    form.consequence.data = amendment.consequence.value
    form.questions.data = list(amendment.questions)


def _typed(form: AmendmentForm) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in TYPED:
        value = form[name].data
        if BY_NAME[name].kind in ("text", "line"):
            value = str(value or "").replace("\r\n", "\n").strip()
        elif isinstance(value, datetime):
            value = value.replace(tzinfo=SHANGHAI)
        elif isinstance(value, Decimal):
            value = value.quantize(CENT)
        elif name == "deposit":
            value = Decimal("0.00")
        values[name] = value
    return values


def _row(one: dict[str, Any]) -> TypedRow:
    maximum = "" if one["maximum"] is None else format(Decimal(one["maximum"]).normalize(), "f")
    bands = "\n".join(f"{band['points']}：{band.get('text', '')}" for band in one["bands"])
    return TypedRow(one["kind"], one["title"], maximum, one.get("description", ""), bands)


def _recorded(uow: UnitOfWork, entries: list[CriterionEntry], stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the typed criteria as the record has them; one that keeps its title keeps its identity."""
    known = {(one["kind"], one["title"]): one for one in stored}
    recorded = []
    for place, entry in enumerate(entries, 1):
        base = known.pop((entry.kind.value, entry.title), {"id": str(uow.ids.new())})
        recorded.append(
            {
                **base,
                "position": place,
                "kind": entry.kind.value,
                "title": entry.title,
                "description": entry.description,
                "maximum": None if entry.maximum is None else format(entry.maximum.quantize(CENT), "f"),
                "bands": [{"points": points, "text": text} for points, text in entry.bands],
            }
        )
    return recorded
