"""The archive of an evaluation: complete before it is filed, fixed after, asked for at the end.

R-AGENCY-12, R-AGENCY-13, R-AGENCY-14.
"""

from __future__ import annotations

import json
import zipfile

import pytest

from agencies.queries.following import milestones_of
from agencies.states import MilestoneKind
from agencies.workflow import ENGAGEMENT
from core.archives.verify import verify_archive
from core.errors import Refused
from core.identity.roles import Role
from grading.services.archives import (
    archive_of,
    excuse,
    export,
    file_archive,
    give_back,
    missing_of,
    must_be_filed,
    papers_of,
    remove_paper,
)
from grading.services.report_information import information
from grading.states import ArchiveState, Folder, PaperKind
from tests.factories.agencies import make_engagement
from tests.factories.following import Course, seal_page
from tests.factories.grading import upload
from tests.factories.identity import make_user


@pytest.fixture
def course(uow):
    made = Course(uow).begin()
    made.ready()
    return made


def test_what_the_house_keeps_is_there_by_itself_and_the_rest_is_named(uow, course):
    kinds = {one.kind for one in papers_of(uow, course.engagement)}
    assert kinds == {PaperKind.PLAN, PaperKind.REPORT, PaperKind.FEEDBACK}
    assert missing_of(uow, course.engagement) == [
        PaperKind.CONTRACT,
        PaperKind.DATA,
        PaperKind.WORKING,
        PaperKind.QUESTIONNAIRE,
    ]
    agency = course.acting(course.manager)
    with pytest.raises(Refused):
        file_archive(agency, course.engagement)
    course.finish()
    with pytest.raises(Refused) as refused:
        file_archive(agency, course.engagement)
    assert refused.value.refusals[0].rule_id == "R-AGENCY-13"
    assert "委托合同" in str(refused.value.refusals[0].reason)


def test_only_questionnaires_are_excused_and_with_a_reason(uow, course):
    agency = course.acting(course.manager)
    with pytest.raises(Refused):
        excuse(agency, course.engagement, PaperKind.CONTRACT, "丢失")
    excuse(agency, course.engagement, PaperKind.QUESTIONNAIRE, "采用全量台账，不设问卷")
    assert PaperKind.QUESTIONNAIRE not in missing_of(uow, course.engagement)
    excuse(agency, course.engagement, PaperKind.QUESTIONNAIRE, " ")
    assert PaperKind.QUESTIONNAIRE in missing_of(uow, course.engagement)


def test_an_engagement_is_closed_only_with_its_archive_and_a_filed_one_stays(uow, course):
    course.finish()
    with pytest.raises(Refused) as refused:
        ENGAGEMENT.fire(course.acting(course.quality), course.engagement, "close")
    assert refused.value.refusals[0].rule_id == "R-AGENCY-13"
    assert must_be_filed(uow, make_engagement(uow)) is None, "who was taken over keeps it on paper"
    course.fill_archive()
    agency = course.acting(course.manager)
    archive = file_archive(agency, course.engagement)
    assert archive.state is ArchiveState.FILED
    assert all(one.done_on for one in milestones_of(uow, course.engagement))
    with pytest.raises(Refused):
        course.fill_archive()
    with pytest.raises(Refused):
        remove_paper(agency, course.engagement, archive.papers[0].id)
    ENGAGEMENT.fire(course.acting(course.quality), course.engagement, "close")
    with pytest.raises(Refused):
        give_back(course.acting(course.quality), archive, "再补")


def test_a_filed_archive_is_given_back_with_words_only(uow, course):
    course.finish()
    course.fill_archive()
    archive = file_archive(course.acting(course.manager), course.engagement)
    with pytest.raises(Refused) as refused:
        give_back(course.acting(course.quality), archive, " ")
    assert refused.value.refusals[0].field == "opinion"
    give_back(course.acting(course.quality), archive, "缺访谈记录")
    assert (archive.state, archive.manifest) == (ArchiveState.OPEN, None)
    done = {one.kind: one.done_on for one in milestones_of(uow, course.engagement)}
    assert done[MilestoneKind.ARCHIVE] is None


def test_the_file_has_three_folders_and_verifies_and_every_change_is_found(uow, course, client_as, tmp_path):
    course.finish()
    course.fill_archive()
    file_archive(course.acting(course.manager), course.engagement)
    uow.session.flush()
    answer = client_as(course.quality).get(f"/engagements/{course.engagement.id}/archive.zip")
    path = tmp_path / "archive.zip"
    path.write_bytes(answer.data)
    digest = archive_of(uow, course.engagement).digest
    faults, stated = verify_archive(path, digest)
    assert faults == []
    assert stated["digest"] == digest, "every export has the digest that was filed"
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        manifest = json.loads(file.read("manifest.json"))
        assert "R-AGENCY-14" in file.read("说明.txt").decode()
    assert {name.split("/")[0] for name in names if "/" in name} == {one.value for one in Folder}
    assert all("｜" in one["title"] for one in manifest["files"]), "each file says where it comes from"
    with zipfile.ZipFile(path, "a") as file:
        file.writestr("02-证明性材料/补.pdf", b"later")
    assert {one.code for one in verify_archive(path)[0]} == {"extra"}


def test_the_page_is_for_agency_and_bureau_and_leads_to_filing(uow, course, client_as):
    page = f"/engagements/{course.engagement.id}/archive"
    assert client_as(course.unit).get(page).status_code == 403
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(page).status_code == 404
    agency = client_as(course.manager)
    assert "正式报告提交后才能归档" in agency.get(page).text
    course.finish()
    tree = agency.page(page)
    once = {one["name"]: one["value"] for one in tree.find_all("input", {"type": "hidden"})}
    sent = {**once, "kind": "contract", "file": (upload(seal_page()).stream, "合同.pdf"), "origin": "采购中心"}
    assert agency.post(f"{page}/papers", data=sent).status_code == 302
    assert "采购中心" in agency.get(page).text
    assert agency.post(f"{page}/papers", data={**once, "kind": "data"}).status_code in (302, 422)
    assert client_as(course.quality).get(f"/engagements/{course.engagement.id}/archive.zip").status_code in (409, 422)
    course.fill_archive()
    assert "提交归档" in agency.get(page).text
    assert "整理并归档评价档案" in agency.get("/home").text
    once = {one["name"]: one["value"] for one in agency.page(page).find_all("input", {"type": "hidden"})}
    assert agency.post(f"{page}/file", data=once).status_code == 302
    shown = client_as(course.quality).get(page).text
    assert "导出档案" in shown
    assert "退回补充" in shown


def test_report_information_is_told_as_data_and_as_a_table(uow, course, client_as):
    with pytest.raises(Refused) as refused:
        information(uow, course.engagement)
    assert refused.value.refusals[0].rule_id == "R-AGENCY-12"
    final = course.finish()
    values = information(uow, course.engagement)
    assert (values["lead"], values["sha256"], values["comments"]) == (course.lead.name, final.document.sha256, 1)
    browser = client_as(course.manager)
    address = f"/engagements/{course.engagement.id}/report-information"
    assert browser.get(f"{address}.json").get_json()["engagement"] == course.engagement.number
    assert browser.get(f"{address}.xlsx").data.startswith(b"PK")


def test_taking_it_out_is_noted(uow, course):
    from core.errors import Refused as No

    course.finish()
    course.fill_archive()
    bureau = course.acting(course.quality)
    archive = file_archive(course.acting(course.manager), course.engagement)
    export(bureau, archive)
    assert any(one.tag == "evaluation_archive.export" for one in bureau._pending)
    archive.manifest = None
    with pytest.raises(No):
        export(bureau, archive)
    uow.session.rollback()
