"""Red flags as they are kept after each reckoning, and shown to supervision."""

from __future__ import annotations

import json

from core.identity.roles import Role
from procurement.models import OcdsRelease, RedFlag
from procurement.ocds import ocid_of
from procurement.queries.red_flags import red_flag_signals
from procurement.red_flags import CODES
from procurement.services.red_flags import history, reckon, tenders_by_ocid, thresholds
from procurement.states import Method
from procurement.supervision_signals import signals
from tests.factories.awards import bids_of, opened_by_rows
from tests.factories.identity import make_user


def ocid(uow, tender):
    return ocid_of(uow.house.settings.ocds_prefix, tender.number)


def publish(uow, tender, release):
    """Let this be what was published of a purchase."""
    text = json.dumps({**release, "ocid": ocid(uow, tender)}, ensure_ascii=False)
    uow.add(
        OcdsRelease(
            tender_id=tender.id,
            position=1,
            release_id=f"{tender.number}-1",
            ocid=ocid(uow, tender),
            tag="tender",
            released_at=uow.now,
            stored_at=uow.now,
            text=text,
            sha256="a" * 64,
        )
    )
    uow.session.flush()


def short_release(tender):
    period = {"startDate": "2026-03-01T08:00:00Z", "endDate": "2026-03-06T08:00:00Z"}
    return {
        "id": "1",
        "date": "2026-03-01T08:00:00Z",
        "tag": ["tender"],
        "initiationType": "tender",
        "tender": {"id": tender.number, "procurementMethod": "open", "tenderPeriod": period},
    }


class TestKept:
    def test_thresholds_come_from_the_rules(self, uow):
        found = thresholds(uow)
        assert found.of("R003", "days") == 15
        assert found.days["竞争性磋商"] == 10
        assert found.days[str(Method.CALL_OFF_PRICES.label)] == 0
        assert set(found.values) == set(CODES)
        for code in CODES:
            assert uow.house.rules.rule(f"R-FLAG.{code}", on=uow.today).source.key == "cardinal"

    def test_a_flag_stays_keeps_its_day_and_goes_when_it_no_longer_applies(self, uow, clock):
        tender = opened_by_rows(uow)
        publish(uow, tender, short_release(tender))
        (first,) = reckon(uow)
        assert (first.code, first.tender_id, first.facts["days"]) == ("R003", tender.id, "5")
        found_at = first.found_at
        clock.advance(days=2)
        (again,) = reckon(uow)
        assert (again.id, again.found_at) == (first.id, found_at)
        uow.add(
            RedFlag(
                code="R018",
                tender_id=tender.id,
                organisation_id=None,
                value="1",
                organisations=[],
                facts={},
                contests=[],
                found_at=uow.now,
            )
        )
        uow.session.flush()
        assert [one.code for one in reckon(uow)] == ["R003"]

    def test_bids_that_fell_are_added_once_the_result_is_out(self, uow):
        tender = opened_by_rows(uow, prices=("160000.00", "150000.00", "171000.00"))
        bids = bids_of(uow, tender)
        named = [
            {
                "id": str(bid.id),
                "status": "valid",
                "tenderers": [{"id": f"t{place}"}],
                "value": {"amount": float(bid.price)},
            }
            for place, bid in enumerate(bids)
            if place != 1
        ]
        release = short_release(tender)
        release["tender"]["lots"] = [{"id": "lot-1"}]
        release["bids"] = {"details": [{**one, "relatedLots": ["lot-1"]} for one in named]}
        release["awards"] = [
            {"id": "1", "status": "active", "suppliers": [{"id": "t0"}], "relatedLots": ["lot-1"]},
        ]
        publish(uow, tender, release)
        (contest,) = history(uow, tenders_by_ocid(uow))
        assert sorted(one.status for one in contest.offers) == ["disqualified", "valid", "valid"]
        found = {one.code: one for one in reckon(uow)}
        assert set(found) == {"R003", "R036"}
        assert found["R036"].organisations == [str(bids[1].bidder_id)]

    def test_supervision_sees_each_with_its_meaning_and_the_purchases_it_rests_on(self, uow, client_as):
        tender = opened_by_rows(uow)
        publish(uow, tender, short_release(tender))
        (flag,) = reckon(uow)
        browser = client_as(make_user(uow, Role.PROCUREMENT_SUPERVISOR))
        assert "投标准备期过短" in browser.get("/supervision").get_data(as_text=True)
        assert f"/supervision/flags/{flag.id}" in browser.get("/supervision/flags?code=R003").get_data(as_text=True)
        page = browser.get(f"/supervision/flags/{flag.id}").get_data(as_text=True)
        assert tender.number in page
        assert f"/ocds/{ocid(uow, tender)}/record.json" in page
        assert "origin=signal" in page
        observer = client_as(make_user(uow, Role.OBSERVER)).get(f"/supervision/flags/{flag.id}")
        assert observer.status_code == 200
        assert "origin=signal" not in observer.get_data(as_text=True)
        for role in (Role.PROCUREMENT_OFFICER, Role.AGENCY_MANAGER, Role.EXPERT):
            assert client_as(make_user(uow, role)).get(f"/supervision/flags/{flag.id}").status_code in (403, 404)

    def test_one_about_an_organisation_opens_a_case_about_it(self, uow, client_as):
        supervisor = make_user(uow, Role.PROCUREMENT_SUPERVISOR)
        agency = make_user(uow, Role.AGENCY_MANAGER).memberships[0].organisation
        flag = uow.add(
            RedFlag(
                code="R025",
                tender_id=None,
                organisation_id=agency.id,
                role="tenderer",
                value="0.05",
                organisations=[],
                facts={"bids": "20", "won": "1", "fence": "10.00%"},
                contests=[],
                found_at=uow.now,
            )
        )
        uow.session.flush()
        (signal,) = red_flag_signals(uow)
        assert (signal.tender_id, signal.organisation_id, signal.tender_title) == (None, agency.id, agency.name)
        browser = client_as(supervisor)
        assert f"organisation_id={agency.id}" in browser.get("/supervision").get_data(as_text=True)
        assert agency.name in browser.get(f"/supervision/flags/{flag.id}").get_data(as_text=True)

    def test_the_desk_costs_the_same_for_many_flags(self, uow, count_queries):
        def more(count):
            for _one in range(count):
                tender = opened_by_rows(uow)
                publish(uow, tender, short_release(tender))
            reckon(uow)
            uow.session.expire_all()

        more(1)
        with count_queries() as few:
            list(red_flag_signals(uow))
        more(3)
        with count_queries() as many:
            assert len(list(red_flag_signals(uow))) == 4
        assert len(many) == len(few)
        assert signals(uow)
