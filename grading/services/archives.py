"""Keeping and filing an evaluation's archive: three folders, a manifest, nothing missing (R-AGENCY-13, R-AGENCY-14)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import force_locale
from sqlalchemy import select

from agencies.models import Engagement
from agencies.ports import contract_papers
from agencies.queries.following import (
    fieldwork_of,
    is_followed,
    milestones_of,
    plan_of,
    requests_of,
    team_of,
)
from agencies.services.milestones import reached, reopened
from agencies.services.plans import PLAN_PAPER
from agencies.states import EngagementState, MilestoneKind
from agencies.workflow import PLAN_FILE
from core.archives.package import MANIFEST, SUMS, ArchiveFile, manifest_for, unique
from core.audit.chain import canonical
from core.documents.accept import MEGABYTE, accept_file, documents_of, keep_bytes
from core.documents.models import Document
from core.errors import Refusal, Refused
from core.i18n import _, _l
from core.identity.people import user_ids_with
from core.identity.roles import Role
from core.notifications.send import notify
from core.unit_of_work import UnitOfWork
from grading.addresses import archive_page
from grading.archive_parts import EXCUSABLE, FOLDERS, PARTS, lacking
from grading.models import ArchivePaper, EvaluationArchive, QuestionLetter, Submission
from grading.notifications import ARCHIVE_FILED, ARCHIVE_RETURNED
from grading.queries.comment import has_final, reviews_of, rounds_of, signature_of
from grading.services.comments import PAPER as COMMENT_SHEET
from grading.states import ArchiveState, PaperKind, ReportKind
from grading.workflow import ARCHIVE

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

KIND = "engagement-archive"
KINDS = ("pdf", "docx", "xlsx", "jpg", "png")
MOST_BYTES = 200 * MEGABYTE
PURPOSE, RECORD = "archive-paper", "archive-record"


@dataclass(frozen=True)
class Paper:
    """One paper as it stands: what it is, its stored content, where it comes from; `own` is the agency's added row."""

    kind: PaperKind
    name: str
    sha256: str
    size: int
    origin: str
    own: ArchivePaper | None = None


def archive_of(uow: UnitOfWork, engagement: Engagement) -> EvaluationArchive | None:
    """Return the engagement's archive, or None before anything was put into it."""
    return uow.session.scalar(select(EvaluationArchive).where(EvaluationArchive.engagement_id == engagement.id))


def papers_of(uow: UnitOfWork, engagement: Engagement) -> list[Paper]:
    """Return every paper: those the house already keeps and those the agency added, in the order of the kinds."""
    archive = archive_of(uow, engagement)
    found = [*_contracts(uow, engagement), *_plans(uow, engagement), *_reports(uow, engagement)]
    found += [*_feedback(uow, engagement)]
    if archive is not None:
        found += [
            Paper(one.kind, one.document.name, one.document.sha256, one.document.size, one.origin, one)
            for one in archive.papers
        ]
    kinds = list(PaperKind)
    return sorted(found, key=lambda one: (kinds.index(one.kind), one.name))


def missing_of(uow: UnitOfWork, engagement: Engagement, papers: list[Paper] | None = None) -> list[PaperKind]:
    """Return the kinds of papers that the archive still lacks."""
    archive = archive_of(uow, engagement)
    excused = {PaperKind(one) for one in archive.excuses} if archive is not None else set()
    listed = papers if papers is not None else papers_of(uow, engagement)
    return lacking((one.kind for one in listed), excused)


def add_paper(
    uow: UnitOfWork, engagement: Engagement, kind: PaperKind, upload: FileStorage | None, origin: str = ""
) -> ArchivePaper:
    """Add a file of the agency's. Raises `Refused` once the archive is filed, and at the file's field."""
    archive = _open_archive(uow, engagement)
    document = accept_file(uow, upload, owner=archive, purpose=PURPOSE, kinds=KINDS, max_bytes=MOST_BYTES)
    row = ArchivePaper(id=uow.ids.new(), kind=kind, document_id=document.id, origin=origin.strip())
    archive.papers.append(row)
    uow.session.flush()
    uow.record("evaluation_archive.add", archive, after={"kind": kind.value, "sha256": document.sha256})
    return row


def remove_paper(uow: UnitOfWork, engagement: Engagement, paper_id: uuid.UUID) -> None:
    """Take a file of the agency's out again before the archive is filed."""
    archive = _open_archive(uow, engagement)
    row = next((one for one in archive.papers if one.id == paper_id), None)
    if row is None:
        raise Refused(Refusal(_l("档案中没有这个文件")))
    archive.papers.remove(row)
    uow.session.flush()
    uow.record("evaluation_archive.remove", archive, detail={"kind": row.kind.value})


def excuse(uow: UnitOfWork, engagement: Engagement, kind: PaperKind, reason: str) -> None:
    """Say why there is no such paper; an empty reason takes that back. Raises `Refused` where there must be one."""
    archive = _open_archive(uow, engagement)
    if kind not in EXCUSABLE:
        raise Refused(Refusal(_l("“%(kind)s”不能缺少", kind=kind.label), rule_id="R-AGENCY-13", field="reason"))
    kept = {key: value for key, value in archive.excuses.items() if key != kind.value}
    archive.excuses = {**kept, kind.value: reason.strip()} if reason.strip() else kept
    uow.session.flush()
    uow.record("evaluation_archive.excuse", archive, after={"kind": kind.value}, reason=reason.strip() or None)


def file_archive(uow: UnitOfWork, engagement: Engagement) -> EvaluationArchive:
    """File the archive: its manifest is fixed with the hash of every file. Raises `Refused` while a kind is missing."""
    archive = _open_archive(uow, engagement)
    if not has_final(uow, engagement.id):
        raise Refused(Refusal(_l("正式报告提交后才能归档"), rule_id="R-AGENCY-13"))
    papers = papers_of(uow, engagement)
    missing = missing_of(uow, engagement, papers)
    if missing:
        raise Refused(Refusal(_l("档案缺少：%(names)s", names=_Names(missing)), rule_id="R-AGENCY-13"))
    record = keep_bytes(
        uow,
        _record_of(uow, engagement, archive),
        owner=archive,
        purpose=RECORD,
        name=f"评价过程记录-{engagement.number}.json",
        media_type="application/json",
    )
    with force_locale("zh"):  # an archive is a Chinese record, whoever files it
        files = [
            ArchiveFile(FOLDERS[one.kind].value, one.name, f"{one.kind.label}｜{one.origin}", one.sha256, one.size)
            for one in papers
        ]
        title = f"{PaperKind.WORKING.label}｜系统生成：人员、节点、现场调查、申请、意见、审核和签署"
        files.append(ArchiveFile(FOLDERS[PaperKind.WORKING].value, record.name, title, record.sha256, record.size))
        listed = unique(files)
        manifest = _manifest(engagement, listed)
    rows = [
        {"part": one.part, "name": one.name, "title": one.title, "sha256": one.sha256, "size": one.size}
        for one in listed
    ]
    ARCHIVE.fire(
        uow,
        archive,
        "file",
        assign={"manifest": rows, "digest": manifest["digest"], "filed_by_id": uow.actor.user_id, "opinion": ""},
        detail={"files": len(rows), "digest": manifest["digest"]},
    )
    reached(uow, engagement, MilestoneKind.ARCHIVE)
    words = {"project": engagement.project.name, "agency": engagement.agency.name}
    quality = user_ids_with(uow, Role.QUALITY_OFFICER)
    notify(uow, ARCHIVE_FILED, quality, url=archive_page(engagement.id), params=words, by_mail=False)
    return archive


def give_back(uow: UnitOfWork, archive: EvaluationArchive, opinion: str) -> None:
    """Give a filed archive back to be completed. Raises `Refused` without words and once the engagement is closed."""
    engagement = archive.engagement
    if engagement.state is EngagementState.CLOSED:
        raise Refused(Refusal(_l("评价委托已办结，档案不再退回"), rule_id="R-AGENCY-13"))
    if not opinion.strip():
        raise Refused(Refusal(_l("请写明需要补充的内容"), rule_id="R-AGENCY-13", field="opinion"))
    assign = {"manifest": None, "digest": "", "filed_at": None, "filed_by_id": None, "opinion": opinion.strip()}
    ARCHIVE.fire(uow, archive, "send_back", reason=opinion.strip(), assign=assign)
    reopened(uow, engagement, MilestoneKind.ARCHIVE)
    agency = user_ids_with(uow, Role.AGENCY_MANAGER, Role.AGENCY_STAFF, organisation_id=engagement.agency_id)
    words = {"project": engagement.project.name, "opinion": opinion.strip()}
    notify(uow, ARCHIVE_RETURNED, agency, url=archive_page(engagement.id), params=words)


def must_be_filed(uow: UnitOfWork, engagement: Engagement) -> Refusal | None:
    """An engagement that is followed is closed only with its archive filed; who was taken over keeps it on paper."""
    if not is_followed(uow, engagement):
        return None
    archive = archive_of(uow, engagement)
    if archive is not None and archive.state is ArchiveState.FILED:
        return None
    return Refusal(_l("评价档案尚未归档，不能办结"), rule_id="R-AGENCY-13")


@dataclass(frozen=True)
class Export:
    """A filed archive ready to be streamed."""

    files: list[ArchiveFile]
    manifest: dict[str, Any]
    words: str


def export(uow: UnitOfWork, archive: EvaluationArchive) -> Export:
    """Return the filed archive; that it was taken out stands in the audit log (R-AGENCY-14)."""
    if archive.manifest is None:
        raise Refused(Refusal(_l("档案尚未归档，不能导出"), rule_id="R-AGENCY-13"))
    engagement = archive.engagement
    files = [
        ArchiveFile(one["part"], one["name"], one["title"], one["sha256"], one["size"]) for one in archive.manifest
    ]
    with force_locale("zh"):
        manifest, words = _manifest(engagement, files), readme(engagement, archive, files)
    uow.record("evaluation_archive.export", archive, detail={"files": len(files), "digest": manifest["digest"]})
    return Export(files, manifest, words)


def _manifest(engagement: Engagement, files: list[ArchiveFile]) -> dict[str, Any]:
    """Return the manifest; it says nothing of when it was made, so that every export has the digest that was filed."""
    return manifest_for(KIND, PARTS, files, {"number": engagement.number, "title": engagement.project.name})


def readme(engagement: Engagement, archive: EvaluationArchive, files: list[ArchiveFile]) -> str:
    """Return what a reader of the archive must know, in Chinese."""
    counts = {folder: sum(one.part == folder for one in files) for folder, _title in PARTS}
    listed = "\n".join(f"  {folder}　{counts[folder]} 个文件" for folder, _title in PARTS)
    excuses = "\n".join(f"  {PaperKind(key).label}：{value}" for key, value in archive.excuses.items()) or "  无"
    return (
        "绩效评价档案说明\n"
        "================\n\n"
        f"委托编号：{engagement.number}\n项目：{engagement.project.name}\n项目单位：{engagement.project.unit.name}\n"
        f"承担机构：{engagement.agency.name}\n归档清单校验值：{archive.digest}\n\n"
        f"一、内容（财监〔2021〕4号第二十条，R-AGENCY-13）\n{listed}\n\n二、没有的材料和理由\n{excuses}\n\n"
        "三、核验\n"
        f"  1. {MANIFEST} 列出每个文件的来源、大小和 SHA-256 校验值。\n"
        "  2. 有本系统的，运行：flask verify archive 本文件.zip\n"
        f"  3. 没有本系统的，解压后运行：sha256sum -c {SUMS}\n\n"
        "四、保密（R-AGENCY-14）\n"
        "  未经委托方及其同级财政部门同意，不得对外提供或者发布本档案的任何内容。\n"
    )


def _open_archive(uow: UnitOfWork, engagement: Engagement) -> EvaluationArchive:
    uow.lock(engagement)
    if engagement.state not in (EngagementState.EVALUATING, EngagementState.DELIVERED):
        raise Refused(Refusal(_l("评价开展期间才能整理档案"), rule_id="R-AGENCY-13"))
    archive = archive_of(uow, engagement)
    if archive is None:
        archive = uow.add(
            EvaluationArchive(
                engagement_id=engagement.id,
                engagement=engagement,
                state=ArchiveState.OPEN,
                excuses={},
                manifest=None,
                filed_at=None,
                filed_by_id=None,
            )
        )
        uow.session.flush()
    if archive.state is ArchiveState.FILED:
        raise Refused(Refusal(_l("档案已归档，不能再改动"), rule_id="R-AGENCY-13"))
    return archive


def _contracts(uow: UnitOfWork, engagement: Engagement) -> Iterator[Paper]:
    for one in contract_papers(uow, engagement):
        yield Paper(PaperKind.CONTRACT, one.name, one.sha256, one.size, one.origin)


def _plans(uow: UnitOfWork, engagement: Engagement) -> Iterator[Paper]:
    plan = plan_of(uow, engagement)
    if plan is not None:
        for one in (*documents_of(uow, plan, PLAN_FILE), *documents_of(uow, plan, PLAN_PAPER)):
            yield _paper(PaperKind.PLAN, one, str(_("评价方案")))


def _reports(uow: UnitOfWork, engagement: Engagement) -> Iterator[Paper]:
    rows = uow.session.scalars(
        select(Submission).where(Submission.engagement_id == engagement.id).order_by(Submission.version)
    ).all()
    for row in rows:
        for file in row.files:
            words = f"{row.kind.label} 第{row.version}版"
            yield _paper(PaperKind.REPORT, file.document, words, f"第{row.version}版-{file.document.name}")


def _feedback(uow: UnitOfWork, engagement: Engagement) -> Iterator[Paper]:
    for row in rounds_of(uow, engagement):
        for one in documents_of(uow, row, COMMENT_SHEET):
            yield _paper(PaperKind.FEEDBACK, one, str(_("意见采纳情况表")))
    letters = uow.session.scalars(
        select(QuestionLetter)
        .join(Submission, Submission.id == QuestionLetter.submission_id)
        .where(Submission.engagement_id == engagement.id)
        .order_by(QuestionLetter.sent_at)
    )
    for letter in letters:
        for one in documents_of(uow, letter):
            yield _paper(PaperKind.FEEDBACK, one, str(_("询问函")))


def _paper(kind: PaperKind, document: Document, origin: str, name: str | None = None) -> Paper:
    return Paper(kind, name or document.name, document.sha256, document.size, origin)


def _record_of(uow: UnitOfWork, engagement: Engagement, archive: EvaluationArchive) -> bytes:
    """Return what the house knows of the course: people, dates, site work, requests, comments, reviews, signatures."""
    finals = uow.session.scalars(
        select(Submission)
        .where(Submission.engagement_id == engagement.id, Submission.kind == ReportKind.FINAL)
        .order_by(Submission.version)
    ).all()
    signatures = [(one.version, signature_of(uow, one)) for one in finals]
    content = {
        "engagement": engagement.number,
        "excuses": archive.excuses,
        "team": [
            {"name": one.name, "role": one.role.value, "from": one.joined_on, "until": one.left_on}
            for one in team_of(uow, engagement, former=True)
        ],
        "milestones": [
            {"kind": one.kind.value, "planned": one.planned_on, "due": one.due_on, "done": one.done_on}
            for one in milestones_of(uow, engagement)
        ],
        "fieldwork": [
            {"kind": one.kind.value, "on": one.held_on, "place": one.place, "people": one.people, "note": one.note}
            for one in fieldwork_of(uow, engagement)
        ],
        "requests": [
            {"kind": one.kind.value, "reason": one.reason, "state": one.state.value, "answer": one.words}
            for one in requests_of(uow, engagement)
        ],
        "reviews": [
            {"department": one.department, "reviewer": one.reviewer, "opinion": one.opinion, "passed": one.is_passed}
            for one in reviews_of(uow, engagement)
        ],
        "signatures": [
            {"version": version, "name": one.name, "sha256": one.sha256, "at": one.signed_at}
            for version, one in signatures
            if one is not None
        ],
    }
    return json.dumps(json.loads(canonical(content)), ensure_ascii=False, indent=1).encode()


class _Names:
    """The kinds' words joined when shown, so that they appear in the reader's language."""

    def __init__(self, kinds: list[PaperKind]) -> None:
        self._kinds = kinds

    def __str__(self) -> str:
        return str(_("、")).join(str(one.label) for one in self._kinds)
