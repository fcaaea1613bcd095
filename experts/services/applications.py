"""Ways into the pool: own application, a unit's recommendation, the bureau's invitation (R-EXP-01, R-EXP-06).

All three begin with a mail to the candidate: its link proves the address and opens the form, and later shows what
became of it. The link is a capability for one application and signs nobody in.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from core.clock import SHANGHAI
from core.documents.accept import MEGABYTE, accept_file, documents_of
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.identity.invitations import send_invitation
from core.identity.models import User
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.identity.sessions import hashed
from core.notifications.send import notify, queue_mail
from core.permissions import policy
from core.unit_of_work import UnitOfWork
from experts.addresses import application_page, candidate_page
from experts.admission import Candidate, Finding, findings
from experts.entries import ExpertEntry, entry_from, kept
from experts.models import Expert, ExpertApplication, ExpertDuty
from experts.notifications import APPLICATION_SUBMITTED
from experts.permissions import ApplicationPermission
from experts.pool_rules import pool_rules
from experts.services.appointments import term_from
from experts.services.numbers import next_number
from experts.services.pool import admit_expert, expert_pool
from experts.states import ApplicationState, DutyRating, EntryRoute, ExpertState
from experts.workflow import APPLICATION

GOOD_FOR = timedelta(days=60)
"""How long a link that nobody used stays good."""

AGAIN_AFTER = timedelta(minutes=10)
OPEN = (ApplicationState.INVITED, ApplicationState.SUBMITTED, ApplicationState.RETURNED)
FILLABLE = (ApplicationState.INVITED, ApplicationState.RETURNED)
KINDS = ("pdf", "jpg", "png", "docx")
PURPOSE = "proof"
CHINESE = "zh"
"""What candidates are written in who have not chosen a language by asking themselves."""

MOST_FILES = 10


def start_application(
    uow: UnitOfWork,
    *,
    name: str,
    email: str,
    route: EntryRoute,
    reason: str = "",
    unit_id: uuid.UUID | None = None,
) -> ExpertApplication | None:
    """Begin an application and mail its link; return it, or None where only a mail says how things stand.

    Somebody who is in the pool, or whose application is open, gets a mail that says so; the page never tells which.
    Those who invite are told instead, by `Refused` at `email`.
    """
    address = email.strip().lower()
    in_pool = uow.session.scalar(
        select(Expert)
        .join(User, User.id == Expert.user_id)
        .where(User.email == address, Expert.state != ExpertState.LEFT)
    )
    open_one = uow.session.scalar(
        select(ExpertApplication).where(ExpertApplication.email == address, ExpertApplication.state.in_(OPEN))
    )
    if route is not EntryRoute.APPLICATION and (in_pool is not None or open_one is not None):
        words = _l("此人已在专家库中") if in_pool is not None else _l("此人已有正在办理的申请")
        raise Refused(Refusal(words, field="email"))
    if in_pool is not None:
        _mail(uow, address, name, _("您已在专家库中"), _("您已经是专家库的专家，请直接登录，不必再次申请。"))
        return None
    if open_one is not None:
        if uow.now - open_one.started_at >= AGAIN_AFTER:
            open_one.started_at = uow.now
            _send_link(uow, open_one, _new_token(open_one), _("请打开下面的链接继续填写或者查看您的入库申请："))
        return None
    token = secrets.token_urlsafe(32)
    application = uow.add(
        ExpertApplication(
            number=next_number(uow, ExpertApplication.number, "入库"),
            route=route,
            state=ApplicationState.INVITED,
            name=name.strip(),
            email=address,
            entries={},
            introduction=reason.strip(),
            recommended_by_id=unit_id,
            started_by_id=uow.actor.user_id,
            token_hash=hashed(token),
            started_at=uow.now,
            submitted_at=None,
            decided_at=None,
            decided_by_id=None,
            expert_id=None,
        )
    )
    uow.session.flush()
    uow.record("expert_application.start", application, after={"route": route.value})
    if route is EntryRoute.APPLICATION:
        _send_link(uow, application, token, _("请打开下面的链接填写专家入库申请："))
        return application
    with force_locale(CHINESE):
        words = _("诚邀您加入绩效评价专家库。愿意的，请打开下面的链接填写申请：")
        if route is EntryRoute.RECOMMENDATION:
            words = _("有单位推荐您加入绩效评价专家库。愿意的，请打开下面的链接填写申请：")
        _send_link(uow, application, token, words)
    return application


def _new_token(application: ExpertApplication) -> str:
    token = secrets.token_urlsafe(32)
    application.token_hash = hashed(token)
    return token


def _send_link(uow: UnitOfWork, application: ExpertApplication, token: str, words: str) -> None:
    link = uow.house.settings.public_address + candidate_page(token)
    _tell(uow, application, f"{words}\n{link}")


def _tell(uow: UnitOfWork, application: ExpertApplication, words: str) -> None:
    subject = _("专家入库申请 %(number)s", number=application.number)
    _mail(uow, application.email, application.name, subject, words)


def _mail(uow: UnitOfWork, address: str, name: str, subject: str, body: str) -> None:
    queue_mail(uow, to=address, subject=subject, body=f"{name}：\n\n{body}\n")


def application_by_token(uow: UnitOfWork, token: str) -> ExpertApplication | None:
    """Return the application that a link opens, while it is good; locked."""
    row = uow.session.scalar(
        select(ExpertApplication)
        .where(ExpertApplication.token_hash == hashed(token))
        .with_for_update(of=ExpertApplication)
    )
    if row is None or (row.state is ApplicationState.INVITED and uow.now > row.started_at + GOOD_FOR):
        return None
    return row


def submit_application(
    uow: UnitOfWork,
    application: ExpertApplication,
    entry: ExpertEntry,
    *,
    declared: Iterable[str],
    introduction: str,
    files: Sequence[FileStorage],
) -> None:
    """Submit what the candidate typed, with proofs. Raises `Refused` with everything that bars, each at its field."""
    chosen = [one for one in files if one.filename]
    refusals = []
    if not chosen and not documents_of(uow, application, PURPOSE):
        refusals.append(Refusal(_l("请附上职称、学历等证明材料"), rule_id="R-EXP-06", field="files"))
    if len(chosen) > MOST_FILES:
        refusals.append(Refusal(_l("一次最多附%(most)s个文件", most=MOST_FILES), field="files"))
    application.declarations = sorted(declared)
    application.entries = kept(entry)
    refusals += [
        Refusal(one.reason, rule_id=one.rule_id, field=one.field) for one in findings_for(uow, application) if one.bars
    ]
    if refusals:
        raise Refused(*refusals)
    for one in chosen:
        accept_file(uow, one, owner=application, purpose=PURPOSE, kinds=KINDS, max_bytes=20 * MEGABYTE, field="files")
    name = entry.name.strip()
    APPLICATION.fire(
        uow, application, "submit", as_system=True, assign={"name": name, "introduction": introduction.strip()}
    )
    words = {"number": application.number, "name": name}
    officers = user_ids_with(uow, Role.QUALITY_OFFICER)
    notify(uow, APPLICATION_SUBMITTED, officers, url=application_page(application.id), params=words, by_mail=False)


def entry_of(uow: UnitOfWork, application: ExpertApplication) -> ExpertEntry:
    """Return what the candidate typed, for a term from today (R-EXP.term)."""
    until = term_from(uow.today, pool_rules(uow).term_years)
    values = {**application.entries, "email": application.email, "route": application.route}
    return entry_from(values, appointed_on=uow.today, appointed_until=until)


def findings_for(uow: UnitOfWork, application: ExpertApplication) -> list[Finding]:
    """Return what speaks against admission, from the entries, the declarations and the pool's own record."""
    entry = entry_of(uow, application)
    before = uow.session.scalar(
        select(Expert).join(User, User.id == Expert.user_id).where(User.email == application.email)
    )
    left, breaches = None, []
    if before is not None:
        rows = select(ExpertDuty.held_on).where(
            ExpertDuty.expert_id == before.id, ExpertDuty.rating == DutyRating.BREACH
        )
        breaches = list(uow.session.scalars(rows))
        if before.exit_kind is not None and before.left_at is not None:
            left = (before.exit_kind, before.left_at.astimezone(SHANGHAI).date())
    candidate = Candidate(
        title=entry.professional_title,
        birth_year=entry.birth_year,
        is_retired=entry.is_retired,
        field_since=entry.field_since,
        education=entry.education,
        categories=entry.categories,
        specialities=len(entry.divisions),
        declared=frozenset(application.declarations),
        breaches=breaches,
        left=left,
    )
    return findings(candidate, pool_rules(uow).limits, uow.today)


def admit(uow: UnitOfWork, application: ExpertApplication, remark: str) -> Expert:
    """Admit the candidate, with an account by invitation; in spite of what speaks against it only with a reason."""
    uow.lock(application)
    found = findings_for(uow, application) if application.state is ApplicationState.SUBMITTED else []
    refusals = [Refusal(one.reason, rule_id=one.rule_id) for one in found if one.bars]
    if not refusals and found and not remark.strip():
        words = _l("有需要说明的情况，请写明同意入库的理由")
        refusals.append(Refusal(words, rule_id=found[0].rule_id, field="remark"))
    if refusals:
        raise Refused(*refusals)
    _check_may_decide(uow, application)
    expert = admit_expert(uow, entry_of(uow, application))
    assign = {"expert_id": expert.id, **_decision(uow, remark)}
    APPLICATION.fire(uow, application, "admit", reason=remark.strip() or None, assign=assign)
    if expert.user.password_hash is None:
        send_invitation(uow, expert.user, expert_pool(uow))
    with force_locale(CHINESE):
        body = _("您的专家入库申请已经同意，聘期至 %(until)s。", until=expert.appointed_until.isoformat())
        _tell(uow, application, body)
    return expert


def _check_may_decide(uow: UnitOfWork, application: ExpertApplication) -> None:
    """Ask before an account is made, what the workflow asks again."""
    transition = APPLICATION["admit"]
    if refusals := APPLICATION.refusals(uow, application, transition):
        raise Refused(*refusals)
    decision = policy.decide(uow.actor, ApplicationPermission.DECIDE, application)
    if not decision:
        raise Refused(Refusal(decision.reason))


def send_back(uow: UnitOfWork, application: ExpertApplication, remark: str) -> None:
    """Ask the candidate to complete the application; the mail holds a fresh link."""
    APPLICATION.fire(uow, application, "return", reason=remark, assign={"remark": remark.strip()})
    with force_locale(CHINESE):
        words = _("您的入库申请需要补正：%(remark)s。请打开下面的链接补充：", remark=remark.strip())
        _send_link(uow, application, _new_token(application), words)


def reject(uow: UnitOfWork, application: ExpertApplication, remark: str) -> None:
    """Do not admit, with the reason, which the candidate is told."""
    APPLICATION.fire(uow, application, "reject", reason=remark, assign=_decision(uow, remark))
    with force_locale(CHINESE):
        _tell(uow, application, _("您的入库申请没有通过：%(remark)s", remark=remark.strip()))


def withdraw(uow: UnitOfWork, application: ExpertApplication) -> None:
    """Let the candidate withdraw."""
    APPLICATION.fire(uow, application, "withdraw", as_system=True)


def _decision(uow: UnitOfWork, remark: str) -> dict[str, Any]:
    return {"remark": remark.strip(), "decided_by_id": uow.actor.user_id}


def may_read_proof(uow: UnitOfWork, document: Document) -> bool:
    """Whoever may read the application may read what is attached."""
    application = uow.get(ExpertApplication, document.owner_id)
    return application is not None and policy.allows(uow.actor, ApplicationPermission.READ, application)
