"""The mapping to OCDS: unique ids, dates that never run back, nothing before the law allows it, valid throughout."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import json_merge_patch
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocdsmerge.rules import get_merge_rules

from procurement.ocds import Publisher, record_package, release_package, releases_of
from procurement.ocds.moments import value_of
from procurement.ocds.packages import EXTENSIONS
from procurement.ocds.records import MERGE_RULES
from procurement.ocds.releases import moments_of
from procurement.ocds.tender import METHODS
from procurement.public_process import (
    Acceptance,
    Change,
    ContractChange,
    Ending,
    Enquiry,
    Intention,
    LotOpening,
    Party,
    Payment,
    Process,
    PublicBid,
    PublicContract,
    PutOff,
    Result,
    Revocation,
    Version,
    Winner,
)
from procurement.states import Method
from tests.procurement.ocds_validation import STANDARD, findings

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PREFIX = "ocds-hpdemo"
PUBLISHER = Publisher("澄湖区财政局", "https://example.org", "https://example.org/ocds", "11310112MB2F00001X")


def after(days: float) -> datetime:
    return START + timedelta(days=days)


BUYER = Party("b", "澄湖区财政局", "11310112MB2F00001X", "行政中心路1号", "021-60000001", "沈经办")
BIDDERS = [Party(str(number), f"投标机构{number}", address=f"路{number}号") for number in range(3)]
SECRETS = ("投标机构", "bid-key-", "评审专家甲", "15000")
RECORD = {
    "title": "社区卫生绩效评价采购",
    "budget": "180000.00",
    "evaluation": "comprehensive",
    "requirement": "评价服务",
    "qualifications": ["具有独立承担民事责任的能力"],
    "price_weight": "10",
    "criteria": [{"title": "方案", "maximum": "90"}, {"title": "承诺", "maximum": None}],
    "deadline": after(20).isoformat(),
    "service_until": "2026-06-30",
    "opening_place": "三楼开标室",
    "lots": [
        {"position": 1, "title": "第一包", "budget": "180000.55", "projects": [{"name": "社区卫生"}]},
        {"position": 2, "title": "第二包", "budget": "1.00", "projects": []},
    ],
}


def whole_process(**changes) -> Process:
    """A purchase in which everything happened that can."""
    values = {
        "number": "CHCG-2026-001",
        "title": "社区卫生绩效评价采购",
        "method": "open-tender",
        "method_name": "公开招标",
        "purchaser": BUYER,
        "url": "https://example.org/notices/1",
        "intention": Intention(after(-40), "评价服务采购", "评价三个项目", Decimal(180000), date(2026, 1, 1)),
        "versions": (
            Version(1, after(0), RECORD),
            Version(2, after(3), RECORD, reason="更正截止时间", changes=(Change("截止时间", "甲", "乙"),)),
        ),
        "enquiries": (Enquiry("q1", after(1), "可以分包吗？", "不可以。", after(2)),),
        "put_off": (PutOff("o1", after(19), after(20), "停电"),),
        "opened_at": after(20),
        "opening": (LotOpening("1", 3), LotOpening("2", 0)),
        "result": Result(
            after(25),
            (Winner("w1", "1", BIDDERS[0], Decimal("150000.10"), after(25), bid="bid-key-0"),),
            tuple(
                PublicBid(f"bid-key-{number}", "1", one, after(19), True, Decimal(150000 + number))
                for number, one in enumerate(BIDDERS)
            ),
            ("评审专家甲", "评审专家乙"),
            failed_lots=("2",),
        ),
        "contracts": (
            PublicContract("c1", "HT-1", "评价合同", "w1", BIDDERS[0], Decimal(150000), date(2026, 2, 10), after(38)),
        ),
        "contract_changes": (ContractChange("s1", "c1", after(40), "增加样本", Decimal(160000)),),
        "acceptances": (Acceptance("a1", "c1", after(60), True, ""), Acceptance("a2", "c1", after(59), False, "退回")),
        "payments": (Payment("p1", "c1", after(61), Decimal("1.50"), BUYER, BIDDERS[0]),),
        "previous": "CHCG-2025-009",
        **changes,
    }
    return Process(**values)


ENDINGS = {
    "whole": whole_process(),
    "revoked": whole_process(revocations=(Revocation("w1", after(30), "质疑成立"),), contracts=()),
    "failed": whole_process(result=None, contracts=(), ending=Ending(after(20), True, "不足三家", "投标人不足")),
    "cancelled": whole_process(
        result=None, contracts=(), put_off=(), opened_at=None, opening=(), ending=Ending(after(5), False, "资金调整")
    ),
    "terminated": whole_process(contract_changes=(ContractChange("s1", "c1", after(70), "违约", terminated=True),)),
}


@pytest.mark.parametrize("name", ENDINGS)
@pytest.mark.parametrize("days", [-50, -39, 0, 2.5, 4, 6, 20, 26, 31, 39, 41, 100])
def test_every_state_of_every_purchase_is_valid(name, days):
    releases = releases_of(ENDINGS[name], after(days), PREFIX)
    if not releases:
        assert days < -40
        return
    bodies = [one.body for one in releases]
    if days in (4, 100):  # validating the rest would tell nothing new about the same releases
        assert findings(release_package(bodies, "https://example.org/r", PUBLISHER, releases[-1].at)) == {}
        assert findings(record_package([bodies], "https://example.org/p", PUBLISHER, releases[-1].at)) == {}
    assert len({one.id for one in releases}) == len(releases)
    assert all(one.id.startswith(f"{PREFIX}-CHCG-2026-001-") for one in releases)


def test_the_validator_would_find_what_is_wrong():
    body = releases_of(whole_process(), after(0), PREFIX)[0].body
    broken = [
        {**body, "date": "yesterday"},
        {**body, "surprise": 1},
        {**body, "tag": ["planned"]},
        {**body, "buyer": {}},
        {**body, "ocid": "hp-1"},
    ]
    for one in broken:
        assert findings(release_package([one], "https://example.org/r", PUBLISHER, after(0))), one
    assert findings(release_package([body, body], "https://example.org/r", PUBLISHER, after(0)))


@given(st.sampled_from(sorted(ENDINGS)), st.floats(-45, 19.99, allow_nan=False))
def test_nothing_of_bids_bidders_or_committee_is_known_before_the_opening(name, days):
    said = "".join(one.text for one in releases_of(ENDINGS[name], after(days), PREFIX))
    for secret in (*SECRETS, '"bids"', "statistics"):
        assert secret not in said


@given(st.sampled_from(sorted(ENDINGS)), st.floats(20, 24.99, allow_nan=False))
def test_between_opening_and_result_only_numbers_are_known(name, days):
    said = "".join(one.text for one in releases_of(ENDINGS[name], after(days), PREFIX))
    for secret in SECRETS:
        assert secret not in said


def test_the_committee_is_named_with_the_result():
    said = "".join(one.text for one in releases_of(whole_process(), after(25), PREFIX))
    assert "评审专家甲" in said
    assert '"measure":"bids"' in said


@given(st.sampled_from(sorted(ENDINGS)), st.lists(st.floats(-45, 100, allow_nan=False), min_size=1, max_size=8))
def test_releases_are_appended_never_changed_and_their_dates_never_run_back(name, visits):
    published = []
    for days in sorted(visits):
        published += releases_of(ENDINGS[name], after(days), PREFIX, published)
    assert len({one.id for one in published}) == len(published)
    assert all(one.at < other.at for one, other in itertools.pairwise(published))
    assert releases_of(ENDINGS[name], after(max(visits)), PREFIX, published) == []
    once = releases_of(ENDINGS[name], after(max(visits)), PREFIX)
    assert {one.id for one in once} == {one.id for one in published}


def test_what_becomes_known_late_is_dated_after_what_was_said_last():
    first = releases_of(whole_process(enquiries=()), after(10), PREFIX)
    late = releases_of(whole_process(), after(10), PREFIX, first)
    assert [one.tag for one in late] == ["tenderUpdate"]
    assert late[0].at == first[-1].at + timedelta(seconds=1)


def test_a_record_holds_what_the_releases_amount_to():
    releases = [one.body for one in releases_of(whole_process(), after(100), PREFIX)]
    package = record_package([releases], "https://example.org/p", PUBLISHER, after(100))
    compiled = package["records"][0]["compiledRelease"]
    assert compiled["tender"]["status"] == "complete"
    assert [lot["status"] for lot in compiled["tender"]["lots"]] == ["complete", "unsuccessful"]
    roles = {party["name"]: party["roles"] for party in compiled["parties"]}
    assert roles["投标机构0"] == ["tenderer", "supplier", "payee"]
    assert roles["澄湖区财政局"] == ["buyer", "procuringEntity", "payer"]
    assert compiled["contracts"][0]["value"]["amount"] == 160000
    assert compiled["relatedProcesses"][0]["identifier"] == f"{PREFIX}-CHCG-2025-009"


def test_an_agent_is_the_procuring_entity():
    agent = Party("g", "公正采购代理公司")
    body = releases_of(whole_process(agent=agent, intention=None), after(0), PREFIX)[0].body
    assert body["tender"]["procuringEntity"]["name"] == "公正采购代理公司"
    assert {party["name"]: party["roles"] for party in body["parties"]} == {
        "澄湖区财政局": ["buyer"],
        "公正采购代理公司": ["procuringEntity"],
    }


@given(st.decimals(0, 10**12, places=2))
def test_amounts_keep_every_fen(amount):
    said = json.dumps(value_of(amount))
    assert Decimal(str(json.loads(said)["amount"])) == amount


def test_every_method_and_every_extension_is_mapped():
    assert set(METHODS) == {member.value for member in Method}
    kept = {path.name for path in (STANDARD / "extensions").iterdir()}
    assert {url.split("/")[4] for url in EXTENSIONS} == kept


def test_the_merge_rules_are_those_of_the_schema():
    schema = json.loads((STANDARD / "schema" / "release-schema.json").read_text())
    for folder in sorted((STANDARD / "extensions").iterdir()):
        json_merge_patch.merge(schema, json.loads((folder / "release-schema.json").read_text()))
    rules = get_merge_rules(schema)
    assert all(rules[path] == rule for path, rule in MERGE_RULES.items())
    used = set()
    for process in ENDINGS.values():
        for one in releases_of(process, after(100), PREFIX):
            used |= set(_lists(one.body, ()))
    assert {path for path in used if path in rules} == set(MERGE_RULES) - {("date",), ("id",)}


def _lists(node, path):
    if isinstance(node, dict):
        for name, item in node.items():
            yield from _lists(item, (*path, name))
    elif isinstance(node, list):
        yield path
        for item in node:
            yield from _lists(item, path)


def test_a_purchase_without_a_public_notice_names_itself_with_its_result():
    process = whole_process(
        method="below-limit",
        method_name="限额以下自行选定",
        versions=(),
        intention=None,
        enquiries=(),
        put_off=(),
        opened_at=None,
        opening=(),
        previous=None,
    )
    releases = releases_of(process, after(100), PREFIX)
    assert releases[0].tag == "award"
    assert releases[0].body["tender"]["procurementMethod"] == "limited"
    bodies = [one.body for one in releases]
    assert findings(release_package(bodies, "https://example.org/r", PUBLISHER, releases[-1].at)) == {}


def test_moments_that_lie_ahead_are_left_out():
    process = replace(whole_process(), versions=(Version(1, after(1), RECORD),), intention=None, enquiries=())
    assert moments_of(process, after(0.5)) == []
