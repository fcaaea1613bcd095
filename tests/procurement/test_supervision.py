"""Supervision's desk: cases, the double random draw, who read what, evidence bundles; and no part in any purchase."""

from __future__ import annotations

import copy
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit.verify import verify_chain
from core.errors import Forbidden, Refused
from core.identity.roles import Role, clash
from core.permissions import policy
from core.record_files import read
from core.records import written
from core.verify_cli import verify_file
from procurement.evidence import verify_evidence
from procurement.inspection_draw import draw, inspection_record, pool_of, verify_inspection
from procurement.permissions import BIDDER_SIDE, PURCHASER_SIDE, SupervisionPermission, TenderPermission
from procurement.queries.supervision import known_signals, readings_of, recurring_patterns
from procurement.reading import note_reading
from procurement.services.evidence_bundle import evidence_bundle
from procurement.services.supervision import (
    CaseEntry,
    add_note,
    close_case,
    draw_inspection,
    inspectors_of,
    open_case,
    prepare_inspection,
    record_findings,
    record_rectification,
)
from procurement.states import CaseOrigin, CaseOutcome, CaseState, CheckItem, Finding, InspectionState
from procurement.supervision_signals import signals
from procurement.tasks.supervision import supervision_tasks
from procurement.workflow import INSPECTION
from tests.factories.agencies import make_agency
from tests.factories.awards import awarded_tender, opened_by_rows
from tests.factories.bids import open_for_bids
from tests.factories.identity import make_user
from tests.factories.remedies import complained

ALL_GOOD = dict.fromkeys(CheckItem, (Finding.GOOD, ""))


@pytest.fixture
def supervisor(uow):
    return make_user(uow, Role.PROCUREMENT_SUPERVISOR)


@pytest.fixture
def observer(uow):
    return make_user(uow, Role.OBSERVER)


def people(names: str) -> list[dict[str, str]]:
    return [{"id": name, "name": name} for name in names]


@given(st.integers(1, 6), st.text(min_size=6, max_size=20), st.integers(0, 2**64))
def test_the_draw_follows_from_its_record_and_every_change_is_found(count, words, number):
    pool = pool_of("JC-1", people("abcdef"), people("xy"), count)
    secret = f"{number:064x}"
    record = inspection_record(pool, secret, {"by": "w", "words": words})
    assert verify_inspection(record) == []
    assert len({one["agency"] for one in record["drawn"]}) == count
    assert draw(pool_of("JC-1", people("fedcba"), people("yx"), count), secret, words) == record["drawn"]
    for change in ({"secret": "0" * 63 + "f" if secret[-1] != "f" else "0" * 64}, {"drawn": []}):
        assert verify_inspection({**copy.deepcopy(record), **change})


def test_an_inspection_from_pool_to_closing(uow, uow_as, supervisor, observer, tmp_path):
    for _number in range(4):
        make_agency(uow)
    desk, witness = uow_as(supervisor), uow_as(observer)
    with pytest.raises(Refused) as refused:
        prepare_inspection(desk, "", 0, [])
    assert {one.field for one in refused.value.refusals} == {"title", "count", "inspectors"}
    inspection = prepare_inspection(desk, "2026 年度双随机检查", 2, inspectors_of(desk))
    with pytest.raises(Forbidden):
        draw_inspection(desk, inspection, "自己见证自己")
    with pytest.raises(Refused):
        draw_inspection(witness, inspection, "短")
    draw_inspection(witness, inspection, "澄湖秋水共长天")
    assert inspection.state is InspectionState.DRAWN
    assert len(inspection.targets) == 2
    file = tmp_path / "inspection.json"
    file.write_bytes(written(inspection.record))
    assert verify_file("inspection", file) == []
    first, second = inspection.targets
    with pytest.raises(Refused) as refused:
        record_findings(desk, first, {CheckItem.PEOPLE: (Finding.MINOR, "")})
    assert {"words-people", "rectify_by"} <= {one.field for one in refused.value.refusals}
    assert all(one.rule_id == "R-AGENCY-15" for one in refused.value.refusals)
    record_findings(desk, first, ALL_GOOD)
    due = uow.today + timedelta(days=30)
    record_findings(desk, second, {**ALL_GOOD, CheckItem.ARCHIVES: (Finding.MINOR, "底稿缺页")}, due)
    with pytest.raises(Refused):
        INSPECTION.fire(desk, inspection, "close")
    record_rectification(desk, second, "已补齐底稿")
    INSPECTION.fire(desk, inspection, "close")
    assert inspection.state is InspectionState.CLOSED


def test_a_case_from_a_signal_to_its_outcome(uow, uow_as, supervisor, observer):
    tender = awarded_tender(uow)
    desk = uow_as(supervisor)
    with pytest.raises(Refused):
        open_case(desk, CaseEntry("", CaseOrigin.SIGNAL))
    case = open_case(desk, CaseEntry("报价规律性差异", CaseOrigin.SIGNAL, "price", tender.id), "三家报价等差")
    add_note(desk, case, "调取开标记录")
    for other in (uow_as(observer), uow_as(tender.drafted_by)):
        with pytest.raises(Forbidden):
            add_note(other, case, "越权")
        with pytest.raises(Forbidden):
            close_case(other, case, CaseOutcome.UNFOUNDED, "越权")
    with pytest.raises(Refused):
        close_case(desk, case, CaseOutcome.UNFOUNDED, " ")
    close_case(desk, case, CaseOutcome.ADVISED, "约谈提醒")
    assert case.state is CaseState.CLOSED
    assert len(case.notes) == 2
    with pytest.raises(Refused):
        add_note(desk, case, "办结后补记")


def test_signals_and_patterns_are_of_opened_purchases_only(uow, uow_as, supervisor):
    scene = open_for_bids(uow)
    awarded_tender(uow)
    desk = uow_as(supervisor)
    assert scene.tender.id not in {one.tender_id for one in signals(desk)}
    assert list(known_signals(desk)) == [] or all(one.rule_id for one in known_signals(desk))
    assert all(one.pattern.together >= 2 for one in recurring_patterns(desk))


def test_who_read_what_is_known_after_the_opening_only(durable_app):
    """R-SEC-05."""
    from core.database import db
    from core.house import current_house
    from core.identity.actor import SYSTEM
    from core.unit_of_work import UnitOfWork
    from tests.factories.awards import acting, bids_of

    uow = UnitOfWork(db.session(), SYSTEM, current_house())
    tender = opened_by_rows(uow)
    sealed = open_for_bids(uow)
    desk = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
    uow.commit()
    officer = acting(uow, tender.drafted_by)
    note_reading(officer, bids_of(uow, tender)[0])
    note_reading(officer, sealed.tender)
    officer.commit()
    watcher = acting(uow, desk)
    (one,) = readings_of(watcher, tender)
    assert one.who == tender.drafted_by.name
    assert readings_of(watcher, sealed.tender) == []
    data = zipfile.ZipFile(io.BytesIO(evidence_bundle(watcher, tender)))
    manifest = read(data.read("manifest.json"))
    assert verify_evidence(manifest) == []
    assert [entry["tag"] for entry in manifest["entries"]] == ["page.read"]
    bent = copy.deepcopy(manifest)
    bent["entries"][0]["tag"] = "page.write"
    assert {fault.code for fault in verify_evidence(bent)} >= {"entry", "digest"}
    assert verify_evidence({**manifest, "signature": "00" * 64})
    head = json.loads(data.read("head.json"))
    _count, faults = verify_chain(db.session(), anchor=head)
    assert faults == []
    with pytest.raises(Refused) as refused:
        evidence_bundle(watcher, sealed.tender)
    assert refused.value.refusals[0].rule_id == "R-SEC-03"
    with pytest.raises(Forbidden):
        evidence_bundle(officer, tender)
    watcher.commit()


def test_supervision_takes_part_in_no_purchase(uow, uow_as, app, supervisor):
    """R-SEC-01: of everything that moves a purchase, supervision may do nothing; its roles exclude the buying ones."""
    tender = awarded_tender(uow)
    watching = {
        TenderPermission.BROWSE,
        TenderPermission.READ,
        TenderPermission.ATTEND_OPENING,
        TenderPermission.READ_COMMITTEE,
        TenderPermission.READ_RESULT,
        TenderPermission.READ_NOTICE,
        TenderPermission.READ_RECORDS,
        TenderPermission.READ_AWARD,
        TenderPermission.BROWSE_SEATS,
    }
    acts = [TenderPermission.DRAFT, TenderPermission.EDIT, TenderPermission.SUBMIT, TenderPermission.APPROVE]
    acts += [TenderPermission.REGISTER_KEY, TenderPermission.TURN_KEY, TenderPermission.OPEN, TenderPermission.EXAMINE]
    acts += [TenderPermission.SEAT, TenderPermission.CONCLUDE, TenderPermission.AWARD, TenderPermission.FAIL]
    actor = uow_as(supervisor).actor
    assert not [one for one in acts if policy.allows(actor, one, tender)]
    assert watching.isdisjoint(acts)
    for role in (*PURCHASER_SIDE, Role.KEYHOLDER, Role.EXPERT):
        assert clash(frozenset({Role.PROCUREMENT_SUPERVISOR, role})) is not None
    assert policy.allows(actor, SupervisionPermission.DESK)
    for role in (*PURCHASER_SIDE, *BIDDER_SIDE, Role.EXPERT, Role.KEYHOLDER, Role.ADMINISTRATOR):
        other = uow_as(make_user(uow, role)).actor
        for one in SupervisionPermission:
            reads = one in (
                SupervisionPermission.READ_CONDUCT,
                SupervisionPermission.READ_RELATIONS,
                SupervisionPermission.EDIT_RELATIONS,
            )
            assert reads or not policy.allows(other, one), (role, one)


def test_supervision_posts_to_no_purchase(uow, client_as, app, supervisor):
    """Every route that changes a purchase refuses supervision."""
    tender = awarded_tender(uow)
    browser = client_as(supervisor)
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.rule.startswith("/tenders/<uuid:tender_id>") and len(rule.arguments) == 1:
            answer = browser.post(rule.rule.replace("<uuid:tender_id>", str(tender.id)), data={})
            assert answer.status_code in (403, 404, 422), rule.rule  # 422: the page may be read, its form does nothing
            tried += 1
    assert tried > 8


def test_the_desk_in_pages(uow, client_as, supervisor, observer):
    for _number in range(3):
        make_agency(uow)
    tender = awarded_tender(uow)
    complained(uow, tender)
    desk, witness = client_as(supervisor), client_as(observer)
    for path in ("", "/cases", "/cases/new", "/inspections", "/inspections/new", "/purchases"):
        assert desk.get(f"/supervision{path}").status_code == 200
    assert witness.get("/supervision").status_code == 200
    assert witness.get("/supervision/cases/new").status_code == 403
    assert client_as(tender.drafted_by).get("/supervision").status_code == 403
    sent = desk.post("/supervision/cases/new", data={"title": "", "origin": "signal"})
    assert sent.status_code == 422
    data = {"title": "专家与机构反复相遇", "origin": "signal", "tender_id": str(tender.id), "words": "三次相遇"}
    case = desk.post("/supervision/cases/new", data=data).headers["Location"]
    assert "三次相遇" in desk.get(case).get_data(as_text=True)
    assert desk.post(f"{case}/note", data={"words": ""}).status_code == 422
    assert desk.post(f"{case}/note", data={"words": "约谈记录"}).status_code == 302
    wrong = {
        "violator_id": str(make_agency(uow).organisation_id),
        "code": "collusion-3",
        "facts": "查明",
        "sanctions": [],
    }
    assert desk.post(f"{case}/conduct", data=wrong).status_code == 422
    good = wrong | {"sanctions": ["ban", "bad-record"], "ban_years": "1"}
    assert desk.post(f"{case}/conduct", data=good).status_code == 302
    assert "R-COLL-03" in desk.get("/supervision").get_data(as_text=True)
    assert desk.post(f"{case}/close", data={"outcome": "sanctioned", "conclusion": "依法处理"}).status_code == 302
    new = {"title": "年度检查", "count": "1", "inspectors": [str(supervisor.id)]}
    page = desk.post("/supervision/inspections/new", data=new).headers["Location"]
    assert desk.post(f"{page}/draw", data={"words": "监管自己抽取"}).status_code == 403
    assert "见证抽取" in witness.get(page).get_data(as_text=True)
    assert witness.post(f"{page}/draw", data={"words": ""}).status_code == 422
    assert witness.post(f"{page}/draw", data={"words": "见证人的字句"}).status_code == 302
    assert desk.get(f"{page}/record.json").status_code == 200
    shown = desk.get(page)
    target = shown.get_data(as_text=True).split("/supervision/inspections/targets/")[1].split("/")[0]
    address = f"/supervision/inspections/targets/{target}"
    assert desk.post(f"{address}/findings", data={}).status_code == 422
    found = {f"finding-{item.value}": "good" for item in CheckItem} | {
        "finding-people": "serious",
        "words-people": "人员不具备条件",
        "rectify_by": (uow.today + timedelta(days=20)).isoformat(),
    }
    assert desk.post(f"{address}/findings", data=found).status_code == 302
    assert desk.post(f"{address}/rectified", data={"rectification": ""}).status_code == 422
    assert desk.post(f"{address}/rectified", data={"rectification": "已更换人员"}).status_code == 302
    assert desk.post(f"{page}/do/close").status_code == 302
    assert witness.get(f"/supervision/purchases/{tender.id}/readings").status_code == 200
    bundle = desk.post(f"/supervision/purchases/{tender.id}/evidence")
    assert bundle.status_code in (200, 409)  # within one test transaction the log may still be empty
    sealed = open_for_bids(uow)
    assert desk.post(f"/supervision/purchases/{sealed.tender.id}/evidence").status_code == 409


def test_the_desk_asks_a_constant_number_of_queries(uow, client_as, count_queries, supervisor):
    browser = client_as(supervisor)
    awarded_tender(uow)
    browser.get("/supervision")
    with count_queries() as one:
        browser.get("/supervision")
    awarded_tender(uow)
    with count_queries() as two:
        browser.get("/supervision")
    assert len(two) <= len(one) + 2


def test_tasks_of_desk_and_witness(uow, uow_as, app, supervisor, observer):
    make_agency(uow)
    desk, witness = uow_as(supervisor), uow_as(observer)
    with app.test_request_context():
        inspection = prepare_inspection(desk, "年度检查", 1, [supervisor])
        assert [str(one.title) for one in supervision_tasks(witness)] == ["见证双随机抽取"]
        draw_inspection(witness, inspection, "见证人的字句")
        assert [str(one.title) for one in supervision_tasks(desk)] == ["录入检查结果"]
        (target,) = inspection.targets
        due = uow.today + timedelta(days=5)
        record_findings(desk, target, {**ALL_GOOD, CheckItem.OTHER: (Finding.SERIOUS, "泄密")}, due)
        assert [str(one.title) for one in supervision_tasks(desk)] == ["核实整改情况"]


def test_the_verifier_runs_without_a_database(tmp_path):
    record = inspection_record(
        pool_of("JC-1", people("abc"), people("x"), 1), "0" * 64, {"by": "w", "words": "澄湖秋水"}
    )
    file = tmp_path / "inspection.json"
    file.write_bytes(written(record))
    command = [sys.executable, "-m", "flask", "--app", "app", "verify", "inspection", str(file)]
    done = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0
