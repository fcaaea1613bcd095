"""What each round of an indicator system said, how rounds differ, and what becomes of the approved one."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.documents.accept import documents_of
from core.identity.roles import Role
from grading.reading.approved import read_approved
from projects.indicator_changes import changes
from projects.models import CommonIndicator
from projects.services.library import keep_common
from projects.services.systems import IndicatorEntry, approve_system, return_system, set_indicators, submit_system
from projects.services.versions import APPROVED, approved_entries, digest_of, entries_of, taken_into, versions_of
from projects.states import Dimension, StandardKind
from projects.workflow import INDICATOR_SYSTEM
from tests.factories.identity import make_organisation, make_user
from tests.factories.projects import entries, make_system

ENTRIES = st.lists(
    st.builds(
        IndicatorEntry,
        st.sampled_from(Dimension),
        st.sampled_from(("产出数量", "满意度")),
        st.text("预算执行率满意度", min_size=1, max_size=4),
        st.integers(1, 100).map(Decimal),
        st.sampled_from(("90%", "不低于 95%")),
        st.sampled_from(StandardKind),
        st.just("按比例得分"),
    ),
    max_size=6,
    unique_by=lambda one: one.third,
)


@given(ENTRIES, ENTRIES)
def test_every_indicator_of_both_rounds_occurs_once_and_the_words_make_both_texts(before, after):
    found = changes(before, after)
    assert [one.after for one in found if one.after] == after
    olds = [one.before for one in found if one.before]
    assert sorted(one.third for one in olds) == sorted(one.third for one in before)
    for one in found:
        assert (one.kind == "kept") == (one.before == one.after)
        for field in one.fields:
            kept = "".join(part.text for part in field.parts if part.deed != "removed")
            assert field.parts
            assert kept or field.name


def test_the_same_round_has_no_changes_and_a_new_name_is_a_renaming():
    same = entries()
    assert {one.kind for one in changes(same, same)} == {"kept"}
    renamed = [*same[:3], replace(same[3], third="老年居民满意度", weight=Decimal(25))]
    change = changes(same, renamed)[3]
    assert (change.kind, [field.name for field in change.fields]) == ("changed", ["third", "weight"])
    other = [*same[:3], replace(same[3], third="投诉办结时间")]
    assert [one.kind for one in changes(same, other)] == ["kept", "kept", "kept", "added", "removed"]


@pytest.fixture
def manager(uow):
    return make_user(uow, Role.AGENCY_MANAGER)


@pytest.fixture
def returned(uow, uow_as, manager):
    """A system sent back once and revised: the satisfaction's target is new."""
    system = make_system(uow, agency=manager.memberships[0].organisation)
    agency = uow_as(manager)
    submit_system(agency, system)
    INDICATOR_SYSTEM.fire(uow, system, "start_review", as_system=True)
    quality = uow_as(make_user(uow, Role.QUALITY_OFFICER))
    return_system(quality, system, "请量化")
    INDICATOR_SYSTEM.fire(agency, system, "revise")
    rows = entries()
    set_indicators(agency, system, [*rows[:3], replace(rows[3], target="不低于 90%，样本不少于 200 份")])
    return system


def test_each_round_is_kept_as_it_was_submitted(uow, uow_as, manager, returned):
    assert [one.round for one in versions_of(uow, returned)] == [1]
    submit_system(uow_as(manager), returned)
    first, second = versions_of(uow, returned)
    assert entries_of(first) == entries()
    assert entries_of(second)[3].target == "不低于 90%，样本不少于 200 份"
    assert first.digest == digest_of(first.rows) != second.digest


def test_consent_freezes_the_round_and_files_the_sheet_that_report_checks_read(
    uow, uow_as, manager, returned, tmp_path
):
    submit_system(uow_as(manager), returned)
    INDICATOR_SYSTEM.fire(uow, returned, "start_review", as_system=True)
    assert approved_entries(uow, returned) == []
    approve_system(uow_as(make_user(uow, Role.QUALITY_OFFICER)), returned)
    assert [one.third for one in approved_entries(uow, returned)] == [one.third for one in entries()]
    document = documents_of(uow, returned, APPROVED)[0]
    path = tmp_path / "approved.xlsx"
    with uow.house.store.open(document.sha256) as file:
        path.write_bytes(file.read())
    assert [(one.name, one.weight) for one in read_approved(path)] == [(one.third, one.weight) for one in entries()]
    assert io.BytesIO(path.read_bytes()).getbuffer().nbytes == document.size


def test_the_rounds_page_shows_both_sides_to_those_who_may_read(uow, client_as, manager, returned):
    path = f"/indicator-systems/{returned.id}/rounds"
    page = client_as(manager).page(path)
    assert "不低于 90%" in page.select_one("ins").text
    assert "修改 1 条" in page.text
    assert client_as(make_user(uow, Role.AGENCY_MANAGER)).get(path).status_code == 404
    assert client_as(manager).get(f"{path}?from=9&to=x&lang=en").status_code == 200


def test_a_draft_takes_common_and_approved_indicators_once(uow, client_as, manager, returned):
    other = make_system(uow)
    for step in ("submit", "start_review", "approve"):
        INDICATOR_SYSTEM.fire(uow, other, step, as_system=True)
    common = uow.session.scalars(select(CommonIndicator)).first() or keep_common(
        uow,
        None,
        dimension=Dimension.PROCESS,
        second="组织实施",
        third="管理制度健全性",
        explanation="制度是否健全",
        scoring="缺一项扣三分之一",
        formula="",
    )
    browser = client_as(manager)
    path = f"/indicator-systems/{returned.id}/library"
    page = browser.page(path)
    assert common.third in page.text
    set_indicators(uow, returned, entries()[:2])
    ids = [str(one.id) for one in other.indicators] + [str(common.id), "nonsense"]
    assert browser.post(path, data={"take": []}).status_code == 422
    assert browser.post(path, data={"take": ids}).status_code == 302
    uow.session.expire_all()
    assert {one.third for one in returned.indicators} == {one.third for one in entries()} | {common.third}
    stale = page.find("input", {"name": "revision"})["value"]
    assert browser.post(path, data={"take": ids, "revision": stale}).status_code == 409
    added, known = taken_into(uow, returned, entries())
    assert added == []
    assert len(known) == 4


def test_only_the_agency_takes_and_only_into_a_draft(uow, uow_as, client_as, manager, returned):
    path = f"/indicator-systems/{returned.id}/library"
    assert client_as(make_user(uow, Role.QUALITY_OFFICER)).get(path).status_code in (403, 404)
    submit_system(uow_as(manager), returned)
    assert client_as(manager).post(path, data={"take": []}).status_code == 403


def test_the_library_of_approved_indicators_is_searched_by_field_in_constant_queries(uow, client_as, count_queries):
    reader = make_user(uow, Role.UNIT_OFFICER)
    browser = client_as(reader)
    draft = make_system(uow, agency=make_organisation(uow))
    assert draft.project.name not in browser.get("/indicators/approved").text
    for step in ("submit", "start_review", "approve"):
        INDICATOR_SYSTEM.fire(uow, draft, step, as_system=True)
    with count_queries() as few:
        assert draft.project.name in browser.get("/indicators/approved?q=居民满意度&industry=Q").text
    assert draft.project.name not in browser.get("/indicators/approved?industry=P").text
    for _number in range(3):
        more = make_system(uow)
        for step in ("submit", "start_review", "approve"):
            INDICATOR_SYSTEM.fire(uow, more, step, as_system=True)
    with count_queries() as many:
        browser.get("/indicators/approved?q=居民满意度&industry=Q")
    assert len(many) <= len(few)
