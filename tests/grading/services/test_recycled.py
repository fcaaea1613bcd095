"""Text of other projects' reports: found with both sides, silent on templates and on a report's own earlier versions."""

from __future__ import annotations

import io

import docx
import pytest
from sqlalchemy import func, select

from grading.models import RecycledPassage, ReportPrint
from grading.queries import findings_of
from grading.services.rechecking import recheck
from grading.services.recycled import copied_of
from tests.factories.agencies import make_agency
from tests.factories.grading import Desk

COPIED = (
    "抽查发现东片区4座设施因管网改造停运，运维单位仍按全额申请运维费，主管部门未按合同约定扣减，反映出付款审核与现场巡检记录脱节，"
    "下一步应当建立停运报备和费用核减制度，并由第三方按月复核。"
)
OWN = "本项目由街道办事处组织实施，全年完成口袋公园改造三处，新增健身步道两公里，居民反映夜间照明不足，施工期间围挡占用非机动车道较久。"


def paper(*texts: str) -> bytes:
    """A small report with these passages under its second heading."""
    document, target = docx.Document(), io.BytesIO()
    for text in ("某区2025年度项目绩效评价报告", "一、基本情况", "概况如下。", "二、存在的问题", *texts):
        document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


def delivered(uow, *texts: str, **values) -> Desk:
    desk = Desk(uow, **values)
    desk.deliver(paper(*texts))
    desk.check()
    return desk


def recycled(uow, desk: Desk):
    return [one for one in findings_of(uow, desk.submission) if one.code == "recycled-text"]


@pytest.fixture
def pair(uow):
    """A report and another agency's that has a passage of it."""
    return delivered(uow, COPIED), delivered(uow, OWN, COPIED)


def test_a_passage_of_another_project_is_found_with_both_sides(uow, pair):
    source, desk = pair
    (finding,) = recycled(uow, desk)
    assert finding.evidence[0]["quote"] == COPIED
    seen = copied_of(desk.acting(desk.quality), desk.submission)[finding.id]
    assert seen.source is source.submission
    assert (seen.project, seen.section) == (source.engagement.project.name, "二、存在的问题")
    assert seen.passage in COPIED
    assert recycled(uow, source) == []


def test_another_agency_s_report_is_named_to_the_bureau_only(uow, pair, client_as):
    source, desk = pair
    name = source.engagement.project.name
    address = f"/submissions/{desk.submission.id}"
    bureau = client_as(desk.quality).page(address).get_text()
    assert name in bureau
    page = client_as(desk.manager).page(address)
    shown = str(page)
    assert "另一机构的报告" in shown
    assert len(page.select(".finding .side")) >= 2
    for secret in (name, source.agency.organisation.name, str(source.submission.id)):
        assert secret not in shown
    (finding,) = recycled(uow, desk)
    assert name not in str(finding.message) + str(finding.evidence)


def test_an_agency_s_own_other_report_is_named_to_it(uow):
    agency = make_agency(uow)
    source, desk = delivered(uow, COPIED, agency=agency), delivered(uow, COPIED, agency=agency)
    assert len(recycled(uow, desk)) == 1
    (seen,) = copied_of(desk.acting(desk.manager), desk.submission).values()
    assert seen.project == source.engagement.project.name


def test_what_stands_in_many_reports_is_a_template(uow):
    for _ in range(3):
        delivered(uow, COPIED)
    assert recycled(uow, delivered(uow, COPIED)) == []


def test_what_stands_in_the_approved_indicators_does_not_count(uow, pair):
    source, _ = pair
    rows = source.engagement.system.indicators
    from grading.services import recycled as service

    assert rows
    texts = list(service._known_texts(uow, [source.submission]))
    assert {rows[0].third, rows[0].scoring} <= set(texts)
    assert any("前后数据是否一致" in one for one in texts)


def test_an_earlier_version_of_the_same_report_is_no_source(uow):
    desk = delivered(uow, COPIED)
    desk.deliver(paper(COPIED, OWN))
    desk.check()
    assert recycled(uow, desk) == []
    assert uow.session.scalar(select(func.count()).select_from(ReportPrint)) == 2


def test_checking_again_keeps_the_finding_and_its_other_side(uow, pair):
    _, desk = pair
    (before,) = recycled(uow, desk)
    assert recheck(uow, desk.submission)["kept"] >= 1
    (after,) = recycled(uow, desk)
    assert after.id == before.id
    assert uow.session.scalar(select(func.count()).select_from(RecycledPassage)) == 1
