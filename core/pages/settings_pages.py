"""The roles matrix, the work calendar, the rules with their parameters, the failed jobs, the audit log."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.audit.models import AuditEntry
from core.audit.sealed import is_anything_sealed, not_under_seal
from core.audit.timeline import names_of, who
from core.errors import NotVisible, Refused
from core.http.guard import requires
from core.http.lists import asked, listing
from core.i18n import _, _l
from core.identity.matrix import MatrixRow, permission_matrix
from core.identity.permissions import HousePermission
from core.identity.roles import Role
from core.jobs.overview import failed_jobs, retry_failed, waiting_since
from core.notifications.models import TextMessage
from core.pages.administration import HOME
from core.pages.administration_forms import ParameterForm, WorkDayForm
from core.parameters import overrides, set_local_value
from core.ports import registry
from core.rules.chapters import CHAPTERS, chapter_of
from core.rules.rule import Rule
from core.secret_addresses import masked
from core.unit_of_work import UnitOfWork
from core.work_calendar import WorkDay, set_work_day, work_calendar

settings_pages = Blueprint("house", __name__, url_prefix="/administration")


@settings_pages.get("/permissions")
@requires(HousePermission.READ_RULES)
def permissions(_uow: UnitOfWork) -> ResponseReturnValue:
    """Show who may do what, as the policy has it."""
    return render_template(
        "core/administration/permissions.html", roles=list(Role), objects=_by_object(permission_matrix())
    )


@settings_pages.route("/calendar", methods=["GET", "POST"])
@requires(HousePermission.ADMINISTER)
def calendar(uow: UnitOfWork) -> ResponseReturnValue:
    """Show a year of the work calendar and let its days be changed."""
    form = WorkDayForm()
    if form.validate_on_submit() and form.day.data is not None:
        set_work_day(
            uow,
            form.day.data,
            is_workday=form.standing.data == "work",
            official=form.official.data,
            note=form.text("note"),
        )
        flash(_("已更改工作日历：%(day)s。", day=form.day.data.isoformat()), "success")
        return redirect(url_for("house.calendar", year=form.day.data.year))
    year = min(max(request.args.get("year", uow.today.year, type=int), 2020), 2099)
    known = work_calendar(uow)
    span = select(WorkDay.day, WorkDay.note).where(WorkDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    notes = {day: note for day, note in uow.session.execute(span)}  # noqa: C416 - dict() does not accept typed rows
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365 + (year % 4 == 0))]
    unusual = [
        (day, known.is_workday(day), known.is_official(day), notes.get(day, ""))
        for day in days
        if known.is_workday(day) == (day.weekday() >= 5) or day in notes
    ]
    status = 422 if request.method == "POST" else 200
    return render_template(
        "core/administration/calendar.html",
        form=form,
        year=year,
        days=unusual,
        official=all(known.is_official(day) for day in days),
        crumbs=[HOME],
    ), status


@settings_pages.get("/rules")
@requires(HousePermission.READ_RULES)
def rules(uow: UnitOfWork) -> ResponseReturnValue:
    """List a chapter's rules, or those that hold a text, with source, standing and values, local beside shipped."""
    text, chapter = asked("q").lower(), asked("chapter") or CHAPTERS[0].key
    in_force = [rule for rule in uow.house.rules if rule.in_force(uow.today)]
    shown = [
        rule
        for rule in in_force
        if (
            text in f"{rule.id} {rule.title.zh} {rule.title.en} {rule.statement.zh} {rule.statement.en}".lower()
            if text
            else chapter_of(rule.id).key == chapter
        )
    ]
    return render_template(
        "core/administration/rules.html",
        rules=shown,
        local=overrides(uow),
        text=asked("q"),
        chapters=[
            (one, sum(chapter_of(rule.id) == one for rule in in_force), not text and one.key == chapter)
            for one in CHAPTERS
        ],
    )


@settings_pages.route("/rules/<rule_id>/<name>", methods=["GET", "POST"])
@requires(HousePermission.ADMINISTER)
def parameter(uow: UnitOfWork, rule_id: str, name: str) -> ResponseReturnValue:
    """Set the bureau's own value of a parameter, or that of one year where the rule's values are set by year."""
    book = uow.house.rules
    if rule_id not in book or name not in book.rule(rule_id, on=uow.today).values:
        raise NotVisible
    rule, local = book.rule(rule_id, on=uow.today), overrides(uow)
    year = _year_of(rule, uow.today.year)
    form = ParameterForm(value=local.get(f"{rule_id}.{name}@{year}" if year else f"{rule_id}.{name}", ""))
    if form.validate_on_submit():
        try:
            set_local_value(uow, rule_id, name, form.text("value"), year=year)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("已保存 %(rule)s 的本地值，从现在起生效。", rule=rule_id), "success")
            return redirect(url_for("house.rules", q=rule_id))
    status = 422 if request.method == "POST" else 200
    return render_template(
        "core/administration/parameter.html",
        form=form,
        rule=rule,
        value=rule.values[name],
        year=year,
        years=[uow.today.year + step for step in (-1, 0, 1)] if rule.by_year else [],
        crumbs=[(_l("规则与参数"), url_for("house.rules"))],
    ), status


def _by_object(rows: list[MatrixRow]) -> list[tuple[str, list[MatrixRow]]]:
    """Put the rows of one object together (`tender:read`, `tender:edit`), objects in the order of their names."""
    by_object: dict[str, list[MatrixRow]] = {}
    for row in rows:
        by_object.setdefault(row.permission.split(":")[0], []).append(row)
    return sorted(by_object.items())


def _year_of(rule: Rule, present: int) -> int | None:
    """Return the year whose value is asked for: one beside the present one at most, None where years do not matter."""
    if not rule.by_year:
        return None
    return min(max(request.args.get("year", present, type=int), present - 1), present + 1)


@settings_pages.get("/jobs")
@requires(HousePermission.ADMINISTER)
def failures(uow: UnitOfWork) -> ResponseReturnValue:
    """Show what waits, runs and failed."""
    return render_template(
        "core/administration/jobs.html",
        lagging=waiting_since(uow.session, uow.now),
        jobs=failed_jobs(uow.session),
        crumbs=[HOME],
    )


@settings_pages.post("/jobs/<int:job_id>/retry")
@requires(HousePermission.ADMINISTER)
def retry(uow: UnitOfWork, job_id: int) -> ResponseReturnValue:
    """Try a failed job again."""
    retry_failed(uow, job_id)
    flash(_("任务已重新排队。"), "success")
    return redirect(url_for("house.failures"))


@settings_pages.get("/texts")
@requires(HousePermission.ADMINISTER)
def texts(uow: UnitOfWork) -> ResponseReturnValue:
    """Show which text messages left: numbers without their middle, links without their secret, nobody's name."""
    page = listing(uow, select(TextMessage), sortable={"at": TextMessage.created_at}, default="-at", per_page=50)
    gateway = uow.house.settings.sms_url is not None
    return render_template(
        "core/administration/texts.html", listing=page, masked=masked, gateway=gateway, crumbs=[HOME]
    )


@settings_pages.get("/audit")
@requires(HousePermission.READ_AUDIT)
def audit(uow: UnitOfWork) -> ResponseReturnValue:
    """Show the log with filters; personal values stay encrypted here, and what is under seal is left out (R-SEC-03)."""
    query = select(AuditEntry).where(not_under_seal(uow))
    if asked("q"):
        query = query.where(
            AuditEntry.tag.startswith(asked("q"), autoescape=True) | AuditEntry.about.contains([asked("q")])
        )
    page = listing(uow, query, sortable={"seq": AuditEntry.seq}, default="-seq", per_page=50)
    names = names_of(uow, [one.actor_id for one in page.rows])
    people = {one.seq: who(one.actor_id, names) for one in page.rows}
    return render_template(
        "core/administration/audit.html",
        listing=page,
        people=people,
        tags=registry.audit_tags,
        sealed=is_anything_sealed(uow),
    )
